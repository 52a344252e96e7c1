"""After submitting: one's requests, each with what happened to it, and everything that can still be done about it."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.asking import keep_files
from conversations.case_words import (
    MARKS,
    category_name,
    event_words,
    kind_name,
    next_step,
    office_name,
    place_words,
    status_name,
)
from conversations.drafts import Draft, add_files, add_words
from conversations.engine import MENU, RESUME
from conversations.messages import Kind
from conversations.requests import start_with
from conversations.script import Flow
from conversations.step import Again, Answer, Button, Leave, Next, Open, Prompt, Rows, Stay, Step, Talk
from locales.bidi import shorten
from services import case_albums, cases, satisfaction
from services.case_moves import REOPENABLE, Move, NotAllowed, can
from services.references import parse_reference
from services.words import MAX_WORDS, clean
from storage.ids import CaseId, FileId, Reference
from storage.records import Case, CaseEvent, CaseKind, CaseStatus

LISTED = 6  # requests on a page
TOLD = 8  # of the newest events
STARS = 5


async def own_case(talk: Talk, typed: str) -> Case | None:
    """The case of a reference, if this person may see it. Another's and an unknown one are the same None."""
    reference = parse_reference(typed)
    return None if reference is None else await cases.own(talk.work, reference, talk.resident)


def not_found(talk: Talk) -> Again:
    return Again(talk.t("Request not found. Its reference looks like {example}.", example=talk.t.ref("C-7K3M-2QX")))


def is_mine(talk: Talk, case: Case) -> bool:
    return case.resident_id == talk.resident.id


# ---------------------------------------------------------------------------- all of them


class Listing(Step):
    """One's requests and those one joined: the open first."""

    step: Literal["following:list"] = "following:list"
    accepts = frozenset({Kind.CHOICE})
    page: int = 0

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        lines = await cases.of_resident(talk.work, talk.resident.id)
        if not lines:
            rows = ((Button(label=t.plain("Submit a complaint"), door="complain"),),)
            return Prompt(t("There are no requests from you yet."), rows, back=False)
        pages = -(-len(lines) // LISTED)
        page = min(self.page, pages - 1)
        shown = lines[page * LISTED : (page + 1) * LISTED]
        still_open = sum(line.case.status not in cases.ENDED for line in lines)
        heading = t.plural("<b>Your requests</b>: {n} open", "<b>Your requests</b>: {n} open", still_open)
        entries = [entry for line in shown for entry in (Markup(), _entry(talk, line))]
        rows_ = [[_case_button(talk, line.case)] for line in shown]
        return Prompt(t.join_lines(heading, *entries), [*rows_, _turning(talk, page, pages)], back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        return self  # its buttons are doors

    async def keep(self, talk: Talk) -> Step | Again | None:
        return await _reference_typed(talk)


def _entry(talk: Talk, line: cases.CaseLine) -> Markup:
    t, case = talk.t, line.case
    title = t(
        "{mark} {reference} · {category}",
        mark=Markup(MARKS[case.status]),  # noqa: S704  an emoji of ours
        reference=t.ref(case.reference),
        category=category_name(t, talk.work.offices, case.category),
    )
    state = status_name(t, case.status)
    return t.join_lines(title, t("{state} (a request you joined)", state=state) if line.followed else state)


def _case_button(talk: Talk, case: Case) -> Button:
    category = talk.work.offices.category(case.category)
    name = talk.t.pick_plain(category.name) if category else case.category
    return Button(
        label=shorten(f"{MARKS[case.status]} {name} · {case.reference}", 64), door="case", value=case.reference
    )


def _turning(talk: Talk, page: int, pages: int) -> list[Button]:
    turns = []
    if page > 0:
        turns.append(Button(label=talk.t.plain("Previous"), door="requests", value=str(page - 1)))
    if page < pages - 1:
        turns.append(Button(label=talk.t.plain("More"), door="requests", value=str(page + 1)))
    return turns


async def _reference_typed(talk: Talk) -> Again | None:
    """A reference that was typed where something else is shown opens what it names."""
    case = await own_case(talk, talk.said.text) if talk.said.kind is Kind.TEXT else None
    return Again(step=Viewing(reference=case.reference)) if case else None


# ---------------------------------------------------------------------------- one of them


class CaseStep(Step):
    """A step about one case."""

    reference: Reference

    async def case(self, talk: Talk) -> Case | None:
        return await cases.own(talk.work, self.reference, talk.resident)

    async def back(self, talk: Talk) -> Step | None:
        return Viewing(reference=self.reference)


class Viewing(CaseStep):
    """A request, where it stands, what happens next, what happened so far."""

    step: Literal["following:case"] = "following:case"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        case = await self.case(talk)
        if case is None:
            return Prompt(not_found(talk).why)
        question = await cases.open_question(talk.work, case.id)
        text = talk.t.join_lines(*await _told(talk, case), *_question(talk, question))
        return Prompt(text, actions(talk, case), subject=f"case:{case.id}")

    async def take(self, talk: Talk, answer: Answer) -> Next:
        return self  # its buttons are doors

    async def back(self, talk: Talk) -> Step | None:
        return Listing()

    async def keep(self, talk: Talk) -> Step | Again | None:
        opened = await _reference_typed(talk)
        if opened is not None or talk.said.kind not in {Kind.TEXT, Kind.MEDIA}:
            return opened
        return await Offering(reference=self.reference).keep(talk)


async def _told(talk: Talk, case: Case) -> list[Markup | str]:
    """All there is to say about a case, a line each."""
    t, work = talk.t, talk.work
    files = await cases.files_of(work, case.id)
    place = place_words(t, case)
    step = next_step(t, work, case)
    about = [
        t("<b>{kind}</b> {reference}", kind=kind_name(t, case.kind), reference=t.ref(case.reference)),
        t("Category: {category}", category=category_name(t, work.offices, case.category)),
        t("To: {office}", office=office_name(t, work.offices, case.office)),
        *([] if is_mine(talk, case) else [t("A request you joined.")]),
        "",
        t("<b>{state}</b>", state=status_name(t, case.status)),
        *([step] if step else []),
        "",
        *([t("Description: “{words}”", words=t.own(case.words, 500))] if case.words else []),
        *([t.plural("📎 {n} attachment", "📎 {n} attachments", len(files))] if files and is_mine(talk, case) else []),
        *([t("Place: {place}", place=place)] if place else []),
    ]
    history = await _history(talk, case, [event for _, event in files])
    rate = ["", t("How was the service, from 1 (poor) to 5 (excellent)?")] if case.status is CaseStatus.CLOSED else []
    return [*about, "", *history, *rate]


async def _history(talk: Talk, case: Case, events_with_files: list[int]) -> list[Markup | str]:
    t = talk.t
    events = await cases.timeline(talk.work, case, talk.resident.id)
    actor = f"resident:{talk.resident.id}"
    lines: list[Markup | str] = []
    for event in events:
        files = events_with_files.count(event.id)
        words = event_words(t, talk.work.offices, event, mine=event.actor == actor, files=files, limit=200)
        if words is not None:
            lines.append(t("{day}, {time}: {what}", day=t.day(event.at), time=t.time(event.at), what=words))
    earlier = len(lines) - TOLD
    if earlier > 0:
        lines = [t.plural("… {n} earlier step", "… {n} earlier steps", earlier), *lines[-TOLD:]]
    return [t("<b>So far</b>"), *lines]


def _question(talk: Talk, question: CaseEvent | None) -> list[Markup | str]:
    if question is None:
        return []
    asked = talk.t("❓ The municipality asks: “{question}”", question=talk.t.own(question.words, 1000))
    return ["", asked]


def actions(talk: Talk, case: Case) -> Rows:
    """What can be done about a case in its state, as buttons that work at any time."""
    t, mine, ref = talk.t, is_mine(talk, case), case.reference
    rows: list[list[Button]] = []
    if case.status is CaseStatus.AWAITING_RESIDENT:
        rows.append([Button(label=t.plain("Answer"), door="answer", value=ref)])
    if mine and can(case, Move.CONFIRM_FIXED):
        rows.append(fixed_row(talk, case))
    if case.status is CaseStatus.CLOSED:
        rows.append(star_row(ref))
    second = []
    if can(case, Move.INFORM) and case.status is not CaseStatus.AWAITING_RESIDENT:
        second.append(Button(label=t.plain("Add information"), door="add", value=ref))
    if mine and can(case, Move.WITHDRAW):
        second.append(Button(label=t.plain("Withdraw"), door="withdraw", value=ref))
    if mine and is_reopenable(talk, case):
        second.append(Button(label=t.plain("Reopen"), door="reopen", value=ref))
    return [*rows, second]


def fixed_row(talk: Talk, case: Case) -> list[Button]:
    t = talk.t
    return [
        Button(label=t.plain("✅ Fixed"), door="fixed", value=case.reference),
        Button(label=t.plain("❌ Not fixed"), door="notfixed", value=case.reference),
    ]


def star_row(reference: Reference) -> list[Button]:
    return [Button(label=f"{n} ⭐", door="rate", value=f"{reference}.{n}") for n in range(1, STARS + 1)]


def is_reopenable(talk: Talk, case: Case) -> bool:
    recent = case.closed_at is not None and talk.work.now - case.closed_at <= REOPENABLE
    return recent and can(case, Move.REOPEN)


# ---------------------------------------------------------------------------- adding to one


class Adding(CaseStep):
    """Whatever is sent now goes to the case at once; it answers the open question, where there is one."""

    step: Literal["following:add"] = "following:add"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA, Kind.LOCATION})
    added: bool = False
    answered: bool = False

    async def ask(self, talk: Talk) -> Prompt:
        t, case = talk.t, await self.case(talk)
        if case is None:
            return Prompt(not_found(talk).why)
        subject = f"case:{case.id}"
        if self.added:
            done = _was_added(talk, case, answered=self.answered)
            rows = ((Button(label=t.plain("Done"), value="done"),),)
            return Prompt(t.join_lines(done, t("More can be sent.")), rows, back=False, subject=subject)
        question = await cases.open_question(talk.work, case.id)
        if question is not None:
            please = t("Please send the answer: words, photos, a voice note or a document.")
            return Prompt(t.join_lines(*_question(talk, question)[1:], "", please), subject=subject)
        return Prompt(
            t("What is to be added to {reference}? Words, photos, a voice note or a document can be sent.",
              reference=t.ref(case.reference)),
            subject=subject,
        )  # fmt: skip

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice:
            return Viewing(reference=self.reference)
        return await self._add(talk)

    async def keep(self, talk: Talk) -> Step | Again | None:
        """The rest of an album."""
        return await self._add(talk) if talk.said.files else None

    async def _add(self, talk: Talk) -> Step | Again:
        added = await add_said(talk, self.reference)
        if isinstance(added, Again):
            return added
        return Adding(reference=self.reference, added=True, answered=self.answered or bool(added.detail))


def _was_added(talk: Talk, case: Case, *, answered: bool) -> Markup:
    t = talk.t
    if answered:
        return t("✅ Your answer to request {reference} was passed on.", reference=t.ref(case.reference))
    return t("✅ This was added to request {reference}.", reference=t.ref(case.reference))


async def add_said(talk: Talk, reference: Reference) -> CaseEvent | Again:
    """Add what was just sent to a case; `Again` says why that could not be."""
    said = talk.said
    files: tuple[FileId, ...] = ()
    if said.files:
        kept = await keep_files(talk)
        if kept.trouble is not None:
            return Again(kept.trouble)
        files = kept.files
    words = clean(said.text, MAX_WORDS)
    if said.place is not None:
        words = f"{said.place.latitude:.5f}, {said.place.longitude:.5f}"
    if said.album and not words:
        event = await case_albums.add_to_album(talk.work, reference, talk.resident, files)
        if event is not None:
            return event
    added = await cases.add_information(talk.work, reference, talk.resident, words, files)
    if isinstance(added, cases.Closed):
        return _ended(talk, added.case, words, files)
    return added


def _ended(talk: Talk, case: Case | None, words: str, files: tuple[FileId, ...]) -> Again:
    """Nothing can be added any more; what was meant to be goes along if it is opened again."""
    if case is None:
        return not_found(talk)
    if is_mine(talk, case) and is_reopenable(talk, case):
        step = Objecting(reference=case.reference, move="reopen", files=files).with_words(None, words)
        return Again(talk.t("Request {reference} has ended.", reference=talk.t.ref(case.reference)), step)
    return Again(
        talk.t("Request {reference} has ended; nothing can be added to it. A new request can be submitted.",
               reference=talk.t.ref(case.reference))
    )  # fmt: skip


class Told(Draft, CaseStep):
    """Words and files meant for a case, kept until the person says what to do with them."""

    def quoted(self, talk: Talk) -> list[Markup]:
        t = talk.t
        lines = [t("“{words}”", words=t.own(self.words, 500))] if self.words else []
        return [*lines, t.plural("📎 {n} attachment", "📎 {n} attachments", len(self.files))] if self.files else lines

    async def keep(self, talk: Talk) -> Again | None:
        added = await add_files(talk, self)
        added = add_words(talk, added) if talk.said.text else added
        if added.trouble is not None:
            return Again(added.trouble, added.draft if added.draft.pieces or added.draft.files else None)
        return None if added.draft is self else Again(step=added.draft)

    def amend(self, talk: Talk) -> Step | None:
        return self.amended(talk.said.message, talk.said.text)


class Offering(Told):
    """Something was sent while a case was on show: is it meant for that case?"""

    step: Literal["following:offer"] = "following:offer"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        rows = (
            (Button(label=t.plain("Add it"), value="add"),),
            (Button(label=t.plain("Start a new complaint with it"), value="new"),),
        )
        question = t("Is this to be added to request {reference}?", reference=t.ref(self.reference))
        return Prompt(t.join_lines(*self.quoted(talk), question), rows)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == "new":
            talk.handed_over = True
            return start_with(talk, CaseKind.COMPLAINT, Draft(pieces=self.pieces, files=self.files, voice=self.voice))
        added = await cases.add_information(talk.work, self.reference, talk.resident, self.words, self.files)
        if isinstance(added, cases.Closed):
            return _ended(talk, added.case, self.words, self.files)
        return Adding(reference=self.reference, added=True, answered=bool(added.detail))

    def draft_title(self, talk: Talk) -> str:
        return talk.t.plain("For request {reference}", reference=self.reference)


# ---------------------------------------------------------------------------- taking it back, opening it again


class Withdrawing(CaseStep):
    step: Literal["following:withdraw"] = "following:withdraw"

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        text = t(
            "Withdraw request {reference}? Work on it stops. Please confirm, or write the reason, which withdraws it.",
            reference=t.ref(self.reference),
        )
        return Prompt(text, ((Button(label=t.plain("Withdraw it"), value="yes"),),))

    async def take(self, talk: Talk, answer: Answer) -> Next:
        reason = "" if answer.choice else clean(answer.text, MAX_WORDS)
        case = await cases.withdraw(talk.work, self.reference, talk.resident, reason)
        if isinstance(case, NotAllowed):
            return _no_longer(talk, self.reference, case)
        return Again(talk.t("Request {reference} was withdrawn.", reference=talk.t.ref(case.reference)),
                     Viewing(reference=case.reference))  # fmt: skip


class Objecting(Told):
    """Why a request is opened again, or what is not fixed: in words, with a photo, or without either."""

    step: Literal["following:object"] = "following:object"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})
    move: Literal["reopen", "not_fixed"]

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        if self.pieces or self.files:
            question = t("Reopen it with this?") if self.move == "reopen" else t("Send it back with this?")
            return Prompt(t.join_lines(*self.quoted(talk), question), (self._confirm(talk),))
        question = (
            t("Why is {reference} to be reopened? A photo helps.", reference=t.ref(self.reference))
            if self.move == "reopen"
            else t("What is not fixed yet? A photo helps.")
        )
        return Prompt(question, (self._confirm(talk),) if self.move == "not_fixed" else ())

    def _confirm(self, talk: Talk) -> list[Button]:
        if self.pieces or self.files:
            label = talk.t.plain("Reopen") if self.move == "reopen" else talk.t.plain("Send it back")
        else:
            label = talk.t.plain("Skip")
        return [Button(label=label, value="go")]

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice:
            return await self.carry_out(talk)
        kept = await self.keep(talk)
        now = kept.step if kept is not None and not kept.why else None
        # Words tell why; photos may be followed by words, and an album by the rest of it.
        if isinstance(now, Objecting) and now.pieces and not talk.said.album:
            return await now.carry_out(talk)
        return kept or self

    async def carry_out(self, talk: Talk) -> Next:
        work, resident = talk.work, talk.resident
        if self.move == "reopen":
            case = await cases.reopen(work, self.reference, resident, self.words)
        else:
            case = await cases.confirm_fixed(work, self.reference, resident, False, self.words)
        if isinstance(case, NotAllowed):
            return _no_longer(talk, self.reference, case)
        if self.files:
            await cases.add_information(work, self.reference, resident, "", self.files)
        done = (
            talk.t("🔄 Request {reference} was reopened.", reference=talk.t.ref(self.reference))
            if self.move == "reopen"
            else talk.t("🔄 Request {reference} went back to the office.", reference=talk.t.ref(self.reference))
        )
        return Again(done, Viewing(reference=self.reference))


def _no_longer(talk: Talk, reference: Reference, refusal: NotAllowed) -> Again:
    """The case has moved on since its button was shown."""
    if refusal.status is None:
        return not_found(talk)
    return Again(talk.t("That is no longer possible: the request has moved on."), Viewing(reference=reference))


# ---------------------------------------------------------------------------- how content one is


class Rating(CaseStep):
    """Confirmed as fixed: one tap more says how content the person is."""

    step: Literal["following:rate"] = "following:rate"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        text = t.join_lines(
            t("✅ Request {reference} is closed.", reference=t.ref(self.reference)),
            t("How was the service, from 1 (poor) to 5 (excellent)?"),
        )
        return Prompt(text, (star_row(self.reference), *resume_rows(talk)), back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        return self  # its buttons are doors


class Commenting(CaseStep):
    """The tap is recorded; words are optional."""

    step: Literal["following:comment"] = "following:comment"
    stars: int

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        text = t(
            "⭐ {stars} of 5 for request {reference}: recorded. Anything to add can be written now.",
            stars=self.stars,
            reference=t.ref(self.reference),
        )
        return Prompt(text, ((Button(label=t.plain("Nothing to add"), value="no"),),), back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if not answer.choice:
            rated = await satisfaction.comment(talk.work, self.reference, talk.resident, clean(answer.text, MAX_WORDS))
            if isinstance(rated, NotAllowed):
                return _no_longer(talk, self.reference, rated)
        rows = [*resume_rows(talk), [Button(label=talk.t.plain("Main menu"), door=MENU)]]
        talk.say(talk.t("Thank you: this helps to improve the service."), rows)
        return Leave()


def resume_rows(talk: Talk) -> list[list[Button]]:
    """What was interrupted can be taken up again."""
    titles = ((step, step.draft_title(talk)) for step in talk.parked)
    return [
        [Button(label=talk.t.plain("Continue: {draft}", draft=shorten(title, 40)), door=RESUME,
                value=step.step.partition(":")[0])]
        for step, title in titles if title
    ]  # fmt: skip


# ---------------------------------------------------------------------------- the ways in


async def requests(_talk: Talk, argument: str) -> Next:
    """The list of one's requests; the argument is its page."""
    return Listing(page=int(argument) if argument.isdecimal() and len(argument) < 4 else 0)


async def view(talk: Talk, argument: str) -> Next:
    case = await own_case(talk, argument)
    return Viewing(reference=case.reference) if case else not_found(talk)


async def track(talk: Talk, argument: str) -> Next:
    """A reference, typed or from a link; without one the list."""
    return await view(talk, argument) if argument.strip() else Listing()


async def add(talk: Talk, argument: str) -> Next:
    case = await own_case(talk, argument)
    if case is None:
        return not_found(talk)
    return Adding(reference=case.reference) if can(case, Move.INFORM) or case.duplicate_of else _ended(
        talk, case, "", ())  # fmt: skip


async def withdraw(talk: Talk, argument: str) -> Next:
    case = await own_case(talk, argument)
    if case is None or not is_mine(talk, case):
        return not_found(talk)
    if not can(case, Move.WITHDRAW):
        return _no_longer(talk, case.reference, NotAllowed(case.status))
    return Withdrawing(reference=case.reference)


async def reopen(talk: Talk, argument: str) -> Next:
    case = await own_case(talk, argument)
    if case is None or not is_mine(talk, case):
        return not_found(talk)
    if not is_reopenable(talk, case):
        return _no_longer(talk, case.reference, NotAllowed(case.status))
    return Objecting(reference=case.reference, move="reopen")


async def fixed(talk: Talk, argument: str) -> Next:
    """One tap closes it; the next may rate."""
    reference = parse_reference(argument)
    if reference is None:
        return not_found(talk)
    case = await cases.confirm_fixed(talk.work, reference, talk.resident, True)
    if isinstance(case, NotAllowed):
        return _no_longer(talk, reference, case)
    return Rating(reference=case.reference)


async def not_fixed(talk: Talk, argument: str) -> Next:
    case = await own_case(talk, argument)
    if case is None or not is_mine(talk, case):
        return not_found(talk)
    if not can(case, Move.NOT_FIXED):
        return _no_longer(talk, case.reference, NotAllowed(case.status))
    return Objecting(reference=case.reference, move="not_fixed")


async def rate(talk: Talk, argument: str) -> Next:
    """`<reference>.<stars>`: recorded at once."""
    typed, _, stars = argument.rpartition(".")
    reference = parse_reference(typed)
    if reference is None or stars not in {"1", "2", "3", "4", "5"}:
        return not_found(talk)
    rated = await satisfaction.rate(talk.work, reference, talk.resident, int(stars))
    if isinstance(rated, NotAllowed):
        return _no_longer(talk, reference, rated)
    return Commenting(reference=reference, stars=rated.stars)


# ---------------------------------------------------------------------------- replies


async def replied(talk: Talk) -> Next:
    """A reply to a message of ours about a case goes to that case, whatever else is going on."""
    subject, _, number = talk.about.partition(":")
    case = await cases.by_id(talk.work, CaseId(int(number))) if subject == "case" and number.isdecimal() else None
    case = await cases.own(talk.work, case.reference, talk.resident) if case else None
    if case is None or talk.said.kind not in {Kind.TEXT, Kind.MEDIA, Kind.LOCATION}:
        return Open("anything")
    added = await add_said(talk, case.reference)
    if isinstance(added, Again):
        return added
    rows = ((Button(label=talk.t.plain("Follow it"), door="case", value=case.reference),),)
    talk.say(_was_added(talk, case, answered=bool(added.detail)), rows, subject=talk.about)
    return Stay()


FLOW = Flow(
    steps=(Listing, Viewing, Adding, Offering, Withdrawing, Objecting, Rating, Commenting),
    doors={
        "requests": requests,
        "case": view,
        "track": track,
        "add": add,
        "answer": add,
        "withdraw": withdraw,
        "reopen": reopen,
        "fixed": fixed,
        "notfixed": not_fixed,
        "rate": rate,
    },
    commands={"my": "requests", "track": "track"},
)
