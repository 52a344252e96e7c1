"""What people send unasked is kept, and they are asked what to do with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup

from conversations.booking import start as booking_start
from conversations.booking.adding import cut_words
from conversations.booking.draft import BookingDraft
from conversations.engine.drafts import Draft
from conversations.engine.fields import blocked
from conversations.engine.messages import FileKind, Kind, Place
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Reask, Redirect, Step, Turn
from conversations.home import own_wishes
from conversations.home.alike import alike_of, says_a_matter
from conversations.home.keywords import Wish, likely_wish, only_wish
from conversations.home.main_menu import MainMenu
from conversations.home.municipality import Choosing, suggested
from conversations.home.open_questions import answerable, is_case
from conversations.home.sent import TITLE, Kept, as_draft, received
from conversations.inquiries import start as inquiries
from conversations.requests import start as request_start
from conversations.requests.adding import hotline
from conversations.requests.follow_up import hear_danger
from conversations.texts.case import category_name, kind_name, place_words
from conversations.texts.welcome import greeting
from locales import N_, Localizer
from locales.bidi import shorten
from locales.html import to_plain
from services.actors import booking_subject, case_subject
from services.bookings import bookings
from services.cases import resident_actions
from services.delegations import asked
from services.offices.geography import BlockMatch, OutsideBahrain, suggest_office
from services.offices.offices import Office
from services.open_questions import OpenQuestion
from services.text.references import parse_reference
from services.understanding.kinds import Want
from services.understanding.understanding import Understood
from storage.ids import Reference
from storage.records.cases import Case, CaseKind

QUOTED = 300  # characters of what was written that are shown again
LISTED = 8
ANSWERS = 3  # questions that a message may answer
_WIDTH = 64  # of a button
_ANSWERS = "answers."  # and the reference of what a question waits in
_ADDS = "adds."  # and the reference of an open request

MAKES = {
    Wish.COMPLAINT: N_("📢 Complaint"),
    Wish.SUGGESTION: N_("💡 Suggestion"),
    Wish.OBSERVATION: N_("👁 Observation"),
    Wish.SERVICE_REQUEST: N_("🛠 Service request"),
    Wish.INQUIRY: N_("❓ Question"),
    Wish.BOOK: N_("📅 Customer Day appointment"),
}
ROUTES = {
    Wish.COMPLAINT: "complain",
    Wish.SUGGESTION: "suggest",
    Wish.OBSERVATION: "observe",
    Wish.SERVICE_REQUEST: "request",
    Wish.INQUIRY: "ask",
    Wish.BOOK: "book",
    Wish.APPOINTMENTS: "appointments",
    Wish.REQUESTS: "requests",
    Wish.CONTACT: "contact",
    Wish.MENU: "menu",
    Wish.HELP: "help",
}


def _content(kept: Kept) -> dict[str, object]:
    return {name: value for name, value in kept if name != "step"}


class What(Kept):
    """What should be done with it?"""

    step: Literal["anything:what"] = "anything:what"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        open_cases = await resident_actions.open_of(turn.work, turn.resident.id)
        alike = await self._of_the_same(turn)
        text = t.join_lines(
            *((greeting(turn), "") if self.greets else ()),
            t("📥 We have received {what}.", what=received(t, self)),
            Markup("<blockquote>{}</blockquote>").format(t.own(self.words, QUOTED)) if self.pieces else None,
            _place_line(turn, self.place),
            t("Is it about a request that is open, or is it new?") if alike else t("What do you want to do with it?"),
            None if self.pieces or not self.files else t("You can also write what it is about, or share the location."),
        )
        rows = [
            *await _own_first(turn, self),
            *(_add_row(turn, case) for case in alike[:ANSWERS]),
            *_answers(t, await answerable(turn)),
            *_makes(t, self),
        ]
        if open_cases and (self.pieces or self.files or self.place):
            rows.append([Button(label=t.plain("➕ Add to an open request"), value="add")])
        rows += _besides(turn, self)
        rows.append([Button(label=t.plain("Discard it"), value="nothing")])
        return Prompt(text, rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if not answer.choice:
            return await self._more(turn)
        match answer.choice:
            case "nothing":
                turn.handed_over = True
                return Reask(turn.t("OK. Nothing was saved."), MainMenu())
            case "add":
                return Which.model_validate(_content(self))
            case "show":
                reference = await _reference(turn, self)
                return Redirect(route_of(reference), reference) if reference else self
            case "addto":
                reference = await _reference(turn, self)
                return await add_to(turn, self, reference) if reference else self
            case "office":
                return _to_office(turn, self)
            case "earlier":
                earlier = turn.take_up(Kept)
                return self if earlier is None else self.with_earlier(earlier)
        if (named := answer.choice.removeprefix(_ANSWERS)) != answer.choice:
            reference = parse_reference(named)
            return await _answer(turn, self, reference) if reference else self
        if (named := answer.choice.removeprefix(_ADDS)) != answer.choice:
            reference = parse_reference(named)
            return await add_to(turn, self, reference) if reference else self
        return await _make(turn, self, answer.choice)

    async def _of_the_same(self, turn: Turn) -> list[Case]:
        """The open requests that its words may be about, where they name none."""
        if not self.pieces or self.forwarded or await _reference(turn, self) is not None:
            return []
        return await alike_of(turn, turn.work.understanding.of(self.words, turn.work.today))

    async def _more(self, turn: Turn) -> Next:
        """More came before the question was answered; or the answer was typed."""
        wish = only_wish(turn.said.text) if turn.said.kind is Kind.TEXT else None
        if wish in {Wish.MENU, Wish.HELP, Wish.CONTACT, Wish.APPOINTMENTS, Wish.REQUESTS}:
            return Redirect(ROUTES[wish])
        return await own_wishes.granted(turn) or await self._with_more(turn)

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        added = self.with_said(turn)
        return Reask(added.trouble or Markup(), added.draft)

    async def _with_more(self, turn: Turn) -> Next:
        """Words that say what the photo before them is about settle what to do with both."""
        added = self.with_said(turn)
        if added.trouble is not None:
            return Reask(added.trouble, added.draft)
        made = await start_understood(turn, added.draft) if not self.pieces or says_a_matter(turn) else None
        made = made or await _told_there(turn, added.draft)
        return made or Reask(Markup(), added.draft)


# ---------------------------------------------------------------------------- what is shown of it


def _place_line(turn: Turn, place: Place | None) -> Markup | None:
    if place is None:
        return None
    office = _office_at(turn, place)
    if office is None:
        return turn.t("That place is outside Bahrain.")
    return turn.t("{office} seems to serve that place.", office=turn.t.pick(office.name))


def _office_at(turn: Turn, place: Place) -> Office | None:
    near = suggest_office(turn.work.offices, place.latitude, place.longitude)
    return None if isinstance(near, OutsideBahrain) else turn.work.offices.get(near)


async def _own_first(turn: Turn, kept: Kept) -> list[list[Button]]:
    """What was mentioned comes first: a request or an appointment of one's own, by its reference or by replying."""
    t = turn.t
    reference = await _reference(turn, kept)
    if reference is None:
        return []
    show = Button(label=t.plain("View {reference}", reference=reference), value="show")
    if not is_case(reference) or await resident_actions.own(turn.work, reference, turn.resident) is None:
        return [[show]]
    return [[Button(label=t.plain("➕ Add to {reference}", reference=reference), value="addto")], [show]]


async def _reference(turn: Turn, kept: Kept) -> Reference | None:
    replied_to = None if kept.about is None else await bookings.by_id(turn.work, kept.about)
    if replied_to is not None and replied_to.resident_id == turn.resident.id:
        return replied_to.reference
    return parse_reference(kept.words)


def _add_row(turn: Turn, case: Case) -> list[Button]:
    """Say which request it is by what it is about and where."""
    t, place = turn.t, place_words(turn.t, case)
    where = f" · {to_plain(place)}" if place else ""
    category = to_plain(category_name(t, turn.work.offices, case.category))
    return [Button(label=shorten(f"➕ {case.reference} {category}{where}", _WIDTH), value=f"{_ADDS}{case.reference}")]


def _answers(t: Localizer, waiting: Sequence[OpenQuestion]) -> list[list[Button]]:
    """The questions that it may answer."""
    return [
        [Button(label=t.plain("It answers {reference}", reference=one.reference), value=f"{_ANSWERS}{one.reference}")]
        for one in waiting[:ANSWERS]
    ]


def _makes(t: Localizer, kept: Kept) -> list[list[Button]]:
    """What can be made of it, the likeliest on top."""
    likely = likely_wish(kept.words)
    order = sorted(MAKES, key=lambda wish: wish is not likely)
    if likely is not Wish.BOOK:
        order.sort(key=lambda wish: wish is Wish.BOOK)
    buttons = [Button(label=t.plain(MAKES[wish]), value=wish.value) for wish in order]
    first, *others = buttons
    return [[first], *(others[start : start + 2] for start in range(0, len(others), 2))]


def _besides(turn: Turn, kept: Kept) -> list[list[Button]]:
    t, rows = turn.t, []
    if kept.place is not None and _office_at(turn, kept.place) is not None:
        rows.append([Button(label=t.plain("🏛 Choose this municipality"), value="office")])
    earlier = turn.set_aside(Kept)
    if earlier is not None:
        title = shorten(earlier.draft_title(turn), TITLE - 10)
        rows.append([Button(label=t.plain("Add the earlier message: {title}", title=title), value="earlier")])
    return rows


# ---------------------------------------------------------------------------- what is made of it


async def _make(turn: Turn, kept: Kept, choice: str, known: Understood | None = None) -> Next:
    """Start what was chosen with all that was kept; what its words are `known` to mean is not worked out again."""
    if choice not in set(MAKES):
        return kept
    wish = Wish(choice)
    draft = BookingDraft if wish is Wish.BOOK else Draft
    sent = await as_draft(turn, kept, limit=draft.max_files, place=wish is Wish.BOOK)
    turn.handed_over = True
    if not (sent.pieces or sent.files or kept.place):
        return Redirect(ROUTES[wish])
    known = known if sent.words == kept.words else None
    if wish is Wish.BOOK:
        return await booking_start.start_with(turn, sent, known)
    if wish is Wish.INQUIRY and sent.pieces:
        return await inquiries.answer(turn, sent, kept.place, known)
    return await request_start.start_with(turn, CaseKind(wish.value), sent, kept.place, known)


async def _told_there(turn: Turn, kept: Kept) -> Next | None:
    """Start a request of a voice note with the place it is about: staff listen to it, and find its category.

    None where there is more to ask: no voice, no place, or an open request that it may belong to.
    """
    voice = any(file.kind is FileKind.VOICE for file in kept.files)
    if not voice or kept.pieces or kept.forwarded or kept.place is None or blocked(turn) is not None:
        return None
    if _office_at(turn, kept.place) is None or await resident_actions.open_of(turn.work, turn.resident.id):
        return None
    sent = await as_draft(turn, kept, limit=Draft.max_files, place=False)
    turn.handed_over = True
    category = turn.work.offices.inquiries.category
    return await request_start.start_with(turn, CaseKind.COMPLAINT, sent, kept.place, category=category)


def _to_office(turn: Turn, kept: Kept) -> Next:
    office = _office_at(turn, kept.place) if kept.place is not None else None
    if office is None:
        return kept
    turn.handed_over = not (kept.pieces or kept.files)
    return suggested(turn, BlockMatch(office.id, sure=False), None, Choosing())


# ---------------------------------------------------------------------------- adding it to a request


class Which(Kept):
    """Which open request is it to be added to?"""

    step: Literal["anything:which"] = "anything:which"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        open_cases = await resident_actions.open_of(turn.work, turn.resident.id)
        rows = [[Button(label=_case_label(turn, case), value=case.reference)] for case in open_cases[:LISTED]]
        return Prompt(turn.t("Which request do you want to add it to?"), rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        reference = parse_reference(answer.choice)
        return self if reference is None else await add_to(turn, self, reference)

    async def back(self, turn: Turn) -> Step | None:
        return self._what()

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        return await self._what().absorb_unexpected(turn)

    def _what(self) -> What:
        return What.model_validate(_content(self))


def _case_label(turn: Turn, case: Case) -> str:
    t = turn.t
    about = f"{to_plain(kind_name(t, case.kind))}: {to_plain(category_name(t, turn.work.offices, case.category))}"
    return shorten(f"{case.reference} {about}", _WIDTH)


async def _answer(turn: Turn, kept: Kept, reference: Reference) -> Next:
    """It answers a question: one's own, or one about what was filed for another."""
    own = all(one.question.reference != reference for one in await asked.of_delegate(turn.work, turn.resident))
    return await add_to(turn, kept, reference) if own else Redirect("for_given", reference)


async def add_to(turn: Turn, kept: Kept, reference: Reference) -> Next:
    """Add all of it to an open request or appointment of the person's."""
    t, sent = turn.t, await as_draft(turn, kept, limit=Draft.max_files, place=True)
    if not (sent.pieces or sent.files):
        return kept
    if not is_case(reference):
        return await _add_to_meeting(turn, reference, sent)
    danger = hear_danger(turn, sent.words)
    if danger is not None:
        turn.say(hotline(turn, danger))
    added = await resident_actions.add_information(
        turn.work, reference, turn.resident, sent.words, sent.files, danger=danger
    )
    if isinstance(added, resident_actions.Closed):
        return Reask(t("You can no longer add to request {ref}.", ref=t.ref(reference)))
    turn.say(
        t("✅ We have added this to request {ref}. The office dealing with it can see it now.", ref=t.ref(reference)),
        (
            (
                Button(label=t.plain("View request"), route="case", value=reference),
                Button(label=t.plain("Main menu"), route="menu"),
            ),
        ),
        subject=case_subject(added.case_id),
    )
    return EndFlow()


async def _add_to_meeting(turn: Turn, reference: Reference, sent: Draft) -> Next:
    t = turn.t
    noted = await bookings.add_note(turn.work, reference, turn.resident, sent.words, sent.files)
    if isinstance(noted, bookings.NotPossible):
        return Reask(t("You can no longer add to appointment {ref}.", ref=t.ref(reference)))
    turn.say(
        t.join_lines(
            t("✅ We have added this to appointment {reference} for the meeting.", reference=t.ref(reference)),
            cut_words(turn, whole=noted.words.endswith(sent.words)),
        ),
        (
            (
                Button(label=t.plain("View appointment"), route="appointment", value=reference),
                Button(label=t.plain("Main menu"), route="menu"),
            ),
        ),
        subject=booking_subject(noted.id),
    )
    return EndFlow()


# ---------------------------------------------------------------------------- what it plainly asks for


async def start_understood(turn: Turn, kept: Kept) -> Next | None:
    """Start what the words plainly ask for; None where they do not say, or may belong to what was said before."""
    if kept.forwarded or not kept.pieces or blocked(turn) is not None:
        return None
    known = turn.work.understanding.of(kept.words, turn.work.today)
    if known.danger is not None and parse_reference(kept.words) is None:
        return await _make(turn, kept, CaseKind.COMPLAINT.value, known)
    unsure = not known.sure and known.want is not Want.BOOK
    if unsure or kept.about is not None or await _reference(turn, kept) is not None:
        return None
    if known.want is Want.TRACK and (found := await own_wishes.how_it_stands(turn, kept.words, known)) is not None:
        return found
    asks = known.want in {Want.KNOW, Want.TRACK}
    if asks and await inquiries.may_be_answered(turn, kept.words, known):
        return await _make(turn, kept, Wish.INQUIRY.value, known)
    if asks or (known.want is not Want.BOOK and not known.about.categories):
        return None
    if known.want is not Want.BOOK and await alike_of(turn, known):
        return None
    return await _make(turn, kept, Want.BOOK.value if known.want is Want.BOOK else known.kind.value, known)


def route_of(reference: str) -> str:
    return "case" if is_case(reference) else "appointment"
