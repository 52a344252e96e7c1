"""A complaint, a suggestion, an observation, a service request: what about, in one's own words, where, from whom.

The questions stand in the order in which they are asked. Each carries the whole draft, and `following` finds the
first that is not answered yet: so an answer given early is not asked for, and a correction from the summary asks
one question and comes back.
"""

from __future__ import annotations

from typing import Literal

from conversations.asking import barred, phone_prompt, take_name, take_phone
from conversations.case_words import (
    KINDS,
    kind_name,
    office_name,
    place_words,
)
from conversations.drafts import Draft, DraftStep
from conversations.messages import Kind, Place, Request
from conversations.request_draft import (
    RequestDraft,
    Spot,
    add_said,
    as_case,
    asked,
    category_of,
    needs_place,
    pinned,
)
from conversations.request_words import afterwards, card, description, owner_note, submitted, summary, too_many
from conversations.script import Flow
from conversations.step import Again, Answer, Button, Leave, Next, Open, Prompt, Rows, Step, Talk
from locales import N_
from locales.bidi import shorten
from services import blocks, cases, duplicates
from services.addresses import parse_address
from services.geography import OutsideBahrain, suggest_office
from services.offices import Ask, Category, Office, Offices, PlaceNeed
from services.offices_parts import FIRST_BLOCK, LAST_BLOCK
from services.words import clean, search
from storage.ids import CaseId, OfficeId
from storage.records import CaseKind

PAGE = 8  # categories shown at once
NARROW = 22  # characters of a label that fit half the width of a phone
A_SENTENCE = 4  # words: what is typed to find a category, or already the matter itself
A_PARAGRAPH = 160  # characters: longer than any address

DOORS = {
    CaseKind.COMPLAINT: "complain",
    CaseKind.SUGGESTION: "suggest",
    CaseKind.OBSERVATION: "observe",
    CaseKind.SERVICE_REQUEST: "request",
}


class RequestStep(DraftStep):
    """A question of this flow."""

    draft: RequestDraft

    async def back(self, talk: Talk) -> Step | None:
        if self.draft.reviewing:
            return Reviewing(draft=self.draft)
        order = _questions(talk.work.offices, self.draft)
        place = order.index(type(self)) if type(self) in order else len(order)
        return order[place - 1].about(self.draft) if place else None

    async def keep(self, talk: Talk) -> Step | Again | None:
        added = await add_said(talk, self.draft)
        return Again(added.trouble or talk.t("This was added to your request."), self.with_draft(added.draft))

    def draft_title(self, talk: Talk) -> str:
        if self.draft.empty:
            return ""
        kind = talk.t.plain(KINDS[self.draft.kind])
        category = talk.work.offices.category(self.draft.category)
        return f"{kind}: {talk.t.pick_plain(category.name)}" if category else kind


def _questions(offices: Offices, draft: RequestDraft) -> list[type[RequestStep]]:
    """The questions that this draft's office and category call for, in order."""
    order: list[type[RequestStep]] = [ChoosingCategory, Describing]
    if asked(offices, draft, Ask.PROJECT):
        order.append(NamingProject)
    if asked(offices, draft, Ask.COMMERCIAL_REGISTRATION):
        order.append(Registering)
    if needs_place(offices, draft) is not PlaceNeed.NONE:
        order.append(Placing)
    return [*order, Identifying]


async def following(talk: Talk, draft: RequestDraft) -> RequestStep:
    """The first question that is not answered yet; the summary once all are."""
    offices = talk.work.offices
    if category_of(offices, draft) is None:
        return ChoosingCategory(draft=draft)
    if not draft.described:
        return Describing(draft=draft)
    if asked(offices, draft, Ask.PROJECT) and not draft.project:
        return NamingProject(draft=draft)
    if asked(offices, draft, Ask.COMMERCIAL_REGISTRATION) and not (draft.registration or draft.unregistered):
        return Registering(draft=draft)
    need = needs_place(offices, draft)
    if draft.spot is None and (need is PlaceNeed.REQUIRED or (need is PlaceNeed.OPTIONAL and not draft.no_spot)):
        return Placing(draft=draft)
    return await _after_place(talk, draft)


async def _after_place(talk: Talk, draft: RequestDraft) -> RequestStep:
    if (elsewhere := await _elsewhere(talk, draft)) is not None:
        return elsewhere
    draft = draft.but(office_settled=True)
    if not draft.looked_for_similar:
        draft = draft.but(looked_for_similar=True)
        if await _similar(talk, draft):
            return Comparing(draft=draft)
    if draft.anonymous is None:
        return Identifying(draft=draft)
    return Reviewing(draft=draft.but(reviewing=True))


# ---------------------------------------------------------------------------- what it is about


class ChoosingCategory(RequestStep):
    """The most usual first; what is typed is searched for."""

    step: Literal["request:category"] = "request:category"
    page: int = 0
    typed: str = ""

    async def ask(self, talk: Talk) -> Prompt:
        t, offices = talk.t, talk.work.offices
        everything = offices.categories_for(self.draft.office, self.draft.kind)
        found = search(self.typed, everything) if self.typed else []
        shown = found or everything[self.page * PAGE : (self.page + 1) * PAGE]
        pages = -(-len(everything) // PAGE)
        rows = _grid([_category_button(talk, category) for category in shown])
        if found:
            rows.append([Button(label=t.plain("All categories"), value="page.0")])
        elif pages > 1:
            rows.append(_turning(talk, self.page, pages))
        rows.append([Button(label=t.plain("Another municipality"), value="office.")])
        heading = t(
            "<b>{kind}</b> · {office}", kind=kind_name(t, self.draft.kind),
            office=office_name(t, offices, self.draft.office),
        )  # fmt: skip
        if found:
            question = t("Is it about one of these?")
        elif self.typed:
            question = t("Nothing was found for “{typed}”. Please choose what it is about.", typed=self.typed)
        else:
            question = t("What is it about? Choose, or type a word to search for.")
        return Prompt(t.join_lines(heading, "", question), rows)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.kind is Kind.TEXT:
            return self._typed(answer)
        page = answer.choice.removeprefix("page.")
        if page != answer.choice:
            return self.model_copy(update={"page": int(page) if page.isdigit() else 0, "typed": ""})
        if answer.choice == "office.":
            return ChoosingOffice(draft=self.draft)
        draft = self.draft.but(category=answer.choice, looked_for_similar=False)
        category = category_of(talk.work.offices, draft)
        if category is None:
            return self
        step = await following(talk, draft)
        note = owner_note(talk, category)
        return step if note is None else Again(note, step)

    def _typed(self, answer: Answer) -> Step:
        typed = clean(answer.text, 1000)
        draft = self.draft
        if len(typed.split()) >= A_SENTENCE:
            draft = draft.with_words(answer.said.message, answer.text)
        return self.model_copy(update={"typed": typed[:100], "draft": draft})


def _category_button(talk: Talk, category: Category) -> Button:
    return Button(label=shorten(f"{category.emoji} {talk.t.pick_plain(category.name)}", 64), value=category.id)


def _grid(buttons: list[Button]) -> list[list[Button]]:
    """Two in a row where both fit half a phone's width."""
    rows: list[list[Button]] = []
    for button in buttons:
        beside = rows[-1] if rows else []
        if len(beside) == 1 and len(beside[0].label) <= NARROW and len(button.label) <= NARROW:
            beside.append(button)
        else:
            rows.append([button])
    return rows


def _turning(talk: Talk, page: int, pages: int) -> list[Button]:
    turns = []
    if page > 0:
        turns.append(Button(label=talk.t.plain("Previous"), value=f"page.{page - 1}"))
    if page < pages - 1:
        turns.append(Button(label=talk.t.plain("More"), value=f"page.{page + 1}"))
    return turns


class ChoosingOffice(RequestStep):
    """Which municipality or office, where it is to be another one than the person's own."""

    step: Literal["request:office"] = "request:office"
    typed: str = ""

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        offices = [o for o in talk.work.offices.all if talk.work.offices.categories_for(o.id, self.draft.kind)]
        found = search(self.typed, offices) if self.typed else []
        rows = [[Button(label=shorten(t.pick_plain(office.name), 64), value=office.id)] for office in found or offices]
        return Prompt(t("Which municipality or office is it for?"), rows)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.kind is Kind.TEXT:
            return self.model_copy(update={"typed": clean(answer.text, 100)})
        office = OfficeId(answer.choice)
        if not talk.work.offices.categories_for(office, self.draft.kind):
            return self
        return await following(talk, self.draft.but(office=office, office_settled=True, looked_for_similar=False))

    async def back(self, talk: Talk) -> Step | None:
        return Reviewing(draft=self.draft) if self.draft.reviewing else ChoosingCategory(draft=self.draft)


# ---------------------------------------------------------------------------- in their own words

_DESCRIBE = {
    CaseKind.COMPLAINT: N_("Please describe the problem in your own words. A photo or a voice note helps."),
    CaseKind.SUGGESTION: N_("Please write your suggestion in your own words. Photos and documents can be added."),
    CaseKind.OBSERVATION: N_("Please write what you noticed. A photo or a voice note helps."),
    CaseKind.SERVICE_REQUEST: N_("Please write which service you need. Photos and documents can be added."),
}


class Describing(RequestStep):
    """Text, photos, voice, documents, albums, in any order."""

    step: Literal["request:words"] = "request:words"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})

    async def ask(self, talk: Talk) -> Prompt:
        t, draft = talk.t, self.draft
        so_far = description(talk, draft, 600)
        rows: Rows = ((Button(label=t.plain("Continue"), value="go"),),) if so_far else ()
        if draft.pieces and draft.reviewing:
            question = t("New words take the place of these; photos and files are added.")
        elif draft.pieces:
            question = t("More can be added: words, photos, a voice note, a document.")
        elif draft.files:
            question = t("A few words about it would help.")
        else:
            question = t(_DESCRIBE[draft.kind])
        return Prompt(t.join_lines(*so_far, *([""] if so_far else []), question), rows)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice:
            return await following(talk, self.draft.but(told=True))
        return await self._told(talk)

    async def keep(self, talk: Talk) -> Step | Again | None:
        """The rest of an album, too, is what was asked for."""
        return await self._told(talk) if talk.said.files else await super().keep(talk)

    async def _told(self, talk: Talk) -> Step | Again:
        corrected = self.draft.reviewing and talk.said.text
        added = await add_said(talk, self.draft.but(pieces=()) if corrected else self.draft)
        step = await following(talk, added.draft)
        return Again(added.trouble, step) if added.trouble else step


# ---------------------------------------------------------------------------- what the investors' office asks


class NamingProject(RequestStep):
    step: Literal["request:project"] = "request:project"

    async def ask(self, talk: Talk) -> Prompt:
        return Prompt(talk.t("What is the project called?"), _keep_row(self.draft.project))

    async def take(self, talk: Talk, answer: Answer) -> Next:
        project = self.draft.project if answer.choice else " ".join(clean(answer.text, 200).split())
        if not project:
            return Again(talk.t("The project's name is missing."))
        return await following(talk, self.draft.but(project=project))


class Registering(RequestStep):
    """The number of the commercial registration, as the Ministry of Industry and Commerce gives it (12345-1)."""

    step: Literal["request:registration"] = "request:registration"

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        rows = (
            *_keep_row(self.draft.registration),
            (Button(label=t.plain("Not registered yet"), value="none"),),
        )
        return Prompt(t("What is the number of the commercial registration? For example {example}.",
                        example=t.ref("12345-1")), rows)  # fmt: skip

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == "none":
            return await following(talk, self.draft.but(registration="", unregistered=True))
        number = self.draft.registration if answer.choice else " ".join(clean(answer.text, 30).split())
        if not any(character.isdigit() for character in number):
            return Again(talk.t("A registration number has digits, as in {example}.", example=talk.t.ref("12345-1")))
        return await following(talk, self.draft.but(registration=number, unregistered=False))


def _keep_row(answered: str) -> Rows:
    """A question met again on the way back offers its answer."""
    return ((Button(label=shorten(answered, 60), value="keep"),),) if answered else ()


# ---------------------------------------------------------------------------- where


class Placing(RequestStep):
    """A pin, an address, or what the person knows of the place."""

    step: Literal["request:place"] = "request:place"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.LOCATION})
    described: str = ""  # a place described without a block

    async def ask(self, talk: Talk) -> Prompt:
        t, draft = talk.t, self.draft
        if self.described:
            rows = [[Button(label=t.plain("Go on with this"), value="described")]]
            return Prompt(t("There is no block in “{place}”. Please type the block, share the location, "
                            "or go on with what you wrote.", place=self.described), rows)  # fmt: skip
        now = place_words(t, draft.spot) if draft.spot else None
        rows = [[Button(label=t.plain("Keep this place"), value="keep")]] if now else []
        if needs_place(talk.work.offices, draft) is PlaceNeed.OPTIONAL:
            rows.append([Button(label=t.plain("Skip"), value="skip")])
        example = t.own(t.plain("Block 338 Road 12"))
        question = t("Where is it? Please share the location, or type the address, such as “{example}”.",
                     example=example)  # fmt: skip
        text = t.join_lines(t("Place: {place}", place=now), "", question) if now else question
        return Prompt(text, rows, ask_for=Request.LOCATION, ask_label=t.plain("📍 Share location"))

    async def take(self, talk: Talk, answer: Answer) -> Next:
        match answer.choice:
            case "keep":
                return await following(talk, self.draft)
            case "skip":
                return await following(talk, self.draft.at(None))
            case "described":
                return await following(talk, self.draft.at(Spot(road=self.described)))
        if answer.said.place is not None:
            return await self._pinned(talk, answer.said.place)
        if len(answer.text) > A_PARAGRAPH:
            # The rest of a long description, which the app sent in parts.
            return await self.keep(talk) or self
        return await self._typed(talk, clean(answer.text, A_PARAGRAPH))

    async def _pinned(self, talk: Talk, place: Place) -> Next:
        added = pinned(talk, self.draft, place)
        return Again(added.trouble) if added.trouble else await following(talk, added.draft)

    async def _typed(self, talk: Talk, typed: str) -> Next:
        address = parse_address(typed)
        if address is not None and address.block is not None:
            spot = Spot(block=address.block, road=address.road, building=address.building)
            return await following(talk, self.draft.at(spot))
        if not any(character.isalpha() for character in typed):
            return Again(talk.t("Please enter a valid block number, from {first} to {last}.",
                                first=str(FIRST_BLOCK), last=str(LAST_BLOCK)))  # fmt: skip
        return self.model_copy(update={"described": typed})


class AskingWhose(RequestStep):
    """The place seems to be another municipality's: only the person can say."""

    step: Literal["request:whose"] = "request:whose"
    accepts = frozenset({Kind.CHOICE})
    suggested: OfficeId
    sure: bool

    async def ask(self, talk: Talk) -> Prompt:
        t, offices = talk.t, talk.work.offices
        names = {"suggested": office_name(t, offices, self.suggested)}
        text = (
            t("This place belongs to {suggested}. Send your request there?", **names) if self.sure
            else t("This place probably belongs to {suggested}. Send your request there?", **names)
        )  # fmt: skip
        rows = (
            (Button(label=_to(talk, self.suggested), value="move"),),
            (Button(label=_to(talk, self.draft.office), value="stay"),),
        )
        return Prompt(text, rows)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        office = self.suggested if answer.choice == "move" else self.draft.office
        return await following(talk, self.draft.but(office=office, office_settled=True))

    async def back(self, talk: Talk) -> Step | None:
        return Placing(draft=self.draft)


def _to(talk: Talk, office: OfficeId) -> str:
    found = talk.work.offices.get(office)
    name = talk.t.pick_plain(found.name) if found else office
    return talk.t.plain("To {office}", office=shorten(name, 50))


async def _elsewhere(talk: Talk, draft: RequestDraft) -> AskingWhose | None:
    """The question whose the place is, where it seems to be another office's than the one chosen."""
    offices, spot = talk.work.offices, draft.spot
    if draft.office_settled or spot is None or not _has_land(offices, draft.office):
        return None
    if spot.block is not None:
        whose = await blocks.office_of(talk.work, spot.block)
        if whose is not None and whose.office != draft.office:
            return AskingWhose(draft=draft, suggested=whose.office, sure=whose.sure)
    elif spot.latitude is not None and spot.longitude is not None:
        suggested = suggest_office(offices, spot.latitude, spot.longitude)
        if not isinstance(suggested, OutsideBahrain) and suggested != draft.office:
            return AskingWhose(draft=draft, suggested=suggested, sure=False)
    return None


def _has_land(offices: Offices, office: OfficeId) -> bool:
    """Whether an office serves an area, and not, as the ministry's own do, the whole country."""
    land = offices.geography
    return office == land.elsewhere or any(area.office == office for area in land.areas)


# ---------------------------------------------------------------------------- is it known already


async def _similar(talk: Talk, draft: RequestDraft) -> tuple[duplicates.Similar, ...]:
    spot = draft.spot
    if spot is None:
        return ()
    return await duplicates.similar(
        talk.work, draft.category, draft.office, spot.latitude, spot.longitude, spot.block, spot.road, talk.resident.id
    )


class Comparing(RequestStep):
    """Others' open requests about the same thing in the same place: joined, they weigh more than repeated."""

    step: Literal["request:similar"] = "request:similar"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        found = await _similar(talk, self.draft)
        cards = [card(talk, number, similar) for number, similar in enumerate(found, start=1)]
        mine = [
            [Button(label=t.plain("{n}: that's mine too", n=number), value=f"mine.{similar.case.id}")]
            for number, similar in enumerate(found, start=1)
        ]
        rows = [*mine, [Button(label=t.plain("Mine is different"), value="different")]]
        intro = t("Something like this was already reported here. Joining it gives it more weight, "
                  "and every step is told to you too.")  # fmt: skip
        agreeing = t("By joining you agree that the municipality uses what you wrote to handle the request, and that "
                     "the messenger's servers are abroad. More: {privacy}", privacy="/privacy")  # fmt: skip
        return Prompt(t.join_lines(intro, *(line for card in cards for line in ("", card)), "", agreeing), rows)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        chosen = answer.choice.removeprefix("mine.")
        if chosen == answer.choice or not chosen.isdigit():
            return await following(talk, self.draft)
        joined = await duplicates.join(talk.work, CaseId(int(chosen)), talk.resident)
        if isinstance(joined, duplicates.Gone):
            return Again(talk.t("That request was closed meanwhile."), await following(talk, self.draft))
        case = joined.case if isinstance(joined, duplicates.AlreadyJoined) else joined
        if self.draft.words or self.draft.files:
            await cases.add_information(talk.work, case.reference, talk.resident, self.draft.words, self.draft.files)
        _remember(talk, self.draft)
        talk.say(
            talk.t("🤝 You joined request {reference}. What you wrote and sent was added to it, "
                   "and every step is told to you here.", reference=talk.t.ref(case.reference)),
            afterwards(talk, case),
            subject=f"case:{case.id}",
        )  # fmt: skip
        return Leave()

    async def back(self, talk: Talk) -> Step | None:
        return Placing(draft=self.draft.but(looked_for_similar=False))


# ---------------------------------------------------------------------------- from whom


class Identifying(RequestStep):
    step: Literal["request:identity"] = "request:identity"

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        rows = [[Button(label=t.plain("Without my name"), value="anonymous")]]
        if self.draft.name:
            rows.insert(
                0, [Button(label=t.plain("With my name: {name}", name=shorten(self.draft.name, 40)), value="named")]
            )
        question = (
            t("With your name, or without? To submit under another name, type it.") if self.draft.name
            else t("Please type your name, or submit without it.")
        )  # fmt: skip
        return Prompt(
            t.join_lines(question, t("Without it, staff see neither name nor phone; answers reach you here as usual.")),
            rows,
        )

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice:
            return await following(talk, self.draft.but(anonymous=answer.choice == "anonymous"))
        name = take_name(talk, answer.text)
        if isinstance(name, Again):
            return name
        return await following(talk, self.draft.but(anonymous=False, name=name))


class GivingPhone(RequestStep):
    """Only from the summary: a phone number is welcome, and never required."""

    step: Literal["request:phone"] = "request:phone"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.CONTACT})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        text = t("Which phone number may the office call? Please share yours, or type one.")
        return phone_prompt(talk, text, ((Button(label=t.plain("Without a phone number"), value="none"),),))

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice:
            return await following(talk, self.draft.but(phone="", phone_own=False))
        phone = take_phone(talk, answer.said)
        if isinstance(phone, Again):
            return phone
        return await following(talk, self.draft.but(phone=phone.number, phone_own=phone.own))


# ---------------------------------------------------------------------------- the summary


class Reviewing(RequestStep):
    """Everything at a glance, each line to be corrected. What is still sent is added."""

    step: Literal["request:review"] = "request:review"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        edits = _grid([Button(label=t.plain("✏️ {line}", line=t.plain(label)), value=f"edit.{name}")
                       for name, label, _ in _lines_to_edit(talk.work.offices, self.draft)])  # fmt: skip
        rows = [[Button(label=t.plain("✅ Submit"), value="submit")], *edits]
        return Prompt(summary(talk, self.draft), rows)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == "submit":
            return await _submit(talk, self.draft)
        name = answer.choice.removeprefix("edit.")
        for known, _, question in _lines_to_edit(talk.work.offices, self.draft):
            if name == known:
                return question.about(self.draft)
        return self

    async def back(self, talk: Talk) -> Step | None:
        return Identifying(draft=self.draft.but(reviewing=False))


def _lines_to_edit(offices: Offices, draft: RequestDraft) -> list[tuple[str, str, type[RequestStep]]]:
    """The lines of a summary: a short name, its label, the question that corrects it."""
    order = _questions(offices, draft)
    lines: list[tuple[str, str, type[RequestStep]]] = [
        ("office", N_("Municipality"), ChoosingOffice),
        ("category", N_("Category"), ChoosingCategory),
        ("words", N_("Description"), Describing),
        ("project", N_("Project"), NamingProject),
        ("registration", N_("Registration"), Registering),
        ("place", N_("Place"), Placing),
        ("name", N_("Name"), Identifying),
    ]
    shown = [line for line in lines if line[2] in order or line[2] is ChoosingOffice]
    return shown if draft.anonymous else [*shown, ("phone", N_("Phone"), GivingPhone)]


# ---------------------------------------------------------------------------- submitting


async def _submit(talk: Talk, draft: RequestDraft) -> Next:
    missing = await following(talk, draft)
    if not isinstance(missing, Reviewing):
        return missing
    case = await cases.submit(talk.work, talk.resident, as_case(draft, talk.resident.source))
    if isinstance(case, cases.TooMany):
        return barred(talk) or Again(too_many(talk, case))
    _remember(talk, draft)
    talk.say(submitted(talk, case), afterwards(talk, case), subject=f"case:{case.id}")
    return Leave()


def _remember(talk: Talk, draft: RequestDraft) -> None:
    """What is kept of the person for the next time; by submitting they agreed to it."""
    resident = talk.resident
    name, phone, own = resident.name, resident.phone, resident.phone_own
    if not draft.anonymous:
        name, phone, own = draft.name or name, draft.phone or phone, draft.phone_own if draft.phone else own
    talk.change(
        consented_at=resident.consented_at or talk.work.now,
        office=resident.office or draft.office,
        name=name,
        phone=phone,
        phone_own=own,
    )


# ---------------------------------------------------------------------------- the ways in


class Unfinished(RequestStep):
    """A new request was asked for while another is unfinished: nothing is thrown away unasked."""

    step: Literal["request:unfinished"] = "request:unfinished"
    accepts = frozenset({Kind.CHOICE})
    fresh: RequestDraft

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        go_on = t.plain("Go on with it") if self.fresh.empty else t.plain("Add this to it")
        rows = (
            (Button(label=go_on, value="on"),),
            (Button(label=t.plain("Start a new one"), value="new"),),
        )
        found = t("There is an unfinished one: {draft}.", draft=self.draft_title(talk))
        return Prompt(t.join_lines(found, t("Starting a new one discards it.")), rows, back=False)

    def amend(self, talk: Talk) -> Step | None:
        fresh = self.fresh.amended(talk.said.message, talk.said.text)
        return super().amend(talk) if fresh is None else self.model_copy(update={"fresh": fresh})

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == "new":
            return _start(talk, self.fresh)
        return await following(talk, self.draft.with_also(self.fresh))


def begin(talk: Talk, kind: CaseKind, argument: str) -> Next:
    """Start a request, to the office named or the person's own; without either the office is asked for first."""
    if (refused := barred(talk)) is not None:
        return refused
    office = _office(talk, argument)
    if office is None:
        return Open("office", DOORS[kind])
    return _unless_unfinished(talk, _fresh(talk, kind, office.id))


def start_with(talk: Talk, kind: CaseKind, sent: Draft, place: Place | None = None) -> Next:
    """Start a request with what a person sent before they said what it is."""
    if (refused := barred(talk)) is not None:
        return refused
    offices = talk.work.offices
    office = _office(talk, "")
    near = suggest_office(offices, place.latitude, place.longitude) if place else None
    if office is None and isinstance(near, str):
        office = offices.get(near)
    draft = _fresh(talk, kind, office.id if office else OfficeId("")).but(**dict(sent))
    if place is not None:
        draft = pinned(talk, draft, place).draft
    return _unless_unfinished(talk, draft)


def _unless_unfinished(talk: Talk, fresh: RequestDraft) -> Next:
    """Start a request, unless there is another, here or set aside, that the person may mean to go on with."""
    before = talk.here if isinstance(talk.here, RequestStep) else talk.take_up(RequestStep)
    if before is None or before.draft.empty:
        return _start(talk, fresh)
    if isinstance(before, Unfinished):
        fresh = fresh.with_also(before.fresh)
    return Unfinished(draft=before.draft, fresh=fresh)


def _start(talk: Talk, draft: RequestDraft) -> Next:
    if not draft.office:
        return ChoosingOffice(draft=draft)
    if talk.work.offices.categories_for(draft.office, draft.kind):
        return ChoosingCategory(draft=draft, typed=clean(draft.words, 100))
    return Again(talk.t("This office takes no requests of that kind."), ChoosingOffice(draft=draft))


def _office(talk: Talk, argument: str) -> Office | None:
    for office in (argument, talk.resident.office):
        found = talk.work.offices.get(OfficeId(office))
        if found is not None and not found.retired:
            return found
    return None


def _fresh(talk: Talk, kind: CaseKind, office: OfficeId) -> RequestDraft:
    person = talk.resident
    return RequestDraft(kind=kind, office=office, name=clean(person.name, 80), phone=person.phone,
                        phone_own=person.phone_own)  # fmt: skip


async def complain(talk: Talk, argument: str) -> Next:
    return begin(talk, CaseKind.COMPLAINT, argument)


async def suggest(talk: Talk, argument: str) -> Next:
    return begin(talk, CaseKind.SUGGESTION, argument)


async def observe(talk: Talk, argument: str) -> Next:
    return begin(talk, CaseKind.OBSERVATION, argument)


async def request(talk: Talk, argument: str) -> Next:
    return begin(talk, CaseKind.SERVICE_REQUEST, argument)


FLOW = Flow(
    steps=(
        ChoosingCategory,
        ChoosingOffice,
        Describing,
        NamingProject,
        Registering,
        Placing,
        AskingWhose,
        Comparing,
        Identifying,
        GivingPhone,
        Reviewing,
        Unfinished,
    ),
    doors={"complain": complain, "suggest": suggest, "observe": observe, "request": request},
    commands={"complain": "complain", "suggest": "suggest"},
)
