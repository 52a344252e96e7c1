"""Choosing the municipality: from a list, by a shared place, by a block number or the name of an area."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.messages import Kind, Request
from conversations.script import Flow
from conversations.step import Again, Answer, Button, Next, Open, Prompt, Step, Talk
from services import blocks
from services.geography import BlockMatch, OutsideBahrain, parse_block, suggest_office
from services.offices import CaseKind, Office, Offices
from services.words import search
from storage.ids import OfficeId

BOOK = "book"
KINDS = {
    "complain": CaseKind.COMPLAINT,
    "suggest": CaseKind.SUGGESTION,
    "observe": CaseKind.OBSERVATION,
    "request": CaseKind.SERVICE_REQUEST,
}
DOORS_SERVED = frozenset({BOOK, *KINDS})  # that may be gone on through with an office
Then = Literal["", "book", "complain", "suggest", "observe", "request"]


def fitting(offices: Offices, then: str) -> tuple[Office, ...]:
    """The offices that can do what is wanted."""
    if then == BOOK:
        return offices.with_customer_day
    kind = KINDS.get(then)
    if kind is None:
        return offices.all
    return tuple(office for office in offices.all if offices.categories_for(office.id, kind))


class OfficeStep(Step):
    """A question about which office; `then` is the door to go on through with it."""

    then: Then = ""


class Choosing(OfficeStep):
    step: Literal["office:choose"] = "office:choose"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.LOCATION})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        rows = [[_button(talk, office)] for office in fitting(talk.work.offices, self.then)]
        rows.append([Button(label=t.plain("📍 Find it by a place or block number"), value="find")])
        text = t.join_lines(
            t("🏛 <b>Which municipality?</b>"),
            t("The block number or the name of the area may also be typed."),
            _chosen_now(talk),
        )
        return Prompt(text, rows)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == "find":
            return Finding(then=self.then)
        if answer.choice:
            return chosen(talk, answer.choice, self.then)
        return await found(talk, answer, self)


class Finding(OfficeStep):
    """The share button needs a question of its own: no channel shows it beside other buttons."""

    step: Literal["office:find"] = "office:find"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.LOCATION})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        return Prompt(
            t("📍 Where is it? The location may be shared; or the block number or the name of the area typed."),
            ask_for=Request.LOCATION,
            ask_label=t.plain("Share location"),
        )

    async def take(self, talk: Talk, answer: Answer) -> Next:
        return await found(talk, answer, self)

    async def back(self, talk: Talk) -> Step | None:
        return Choosing(then=self.then)


class Confirming(OfficeStep):
    """A place only suggests: the resident confirms."""

    step: Literal["office:confirm"] = "office:confirm"
    office: OfficeId
    sure: bool = True
    block: int | None = None

    async def ask(self, talk: Talk) -> Prompt:
        t, office = talk.t, talk.work.offices.get(self.office)
        if office is None:
            return Prompt(t("That office is no longer there."))
        rows = (
            (Button(label=t.plain("Yes, choose it"), value="yes"),),
            (Button(label=t.plain("Choose another"), value="other"),),
        )
        return Prompt(self._text(talk, t.pick(office.name)), rows)

    def _text(self, talk: Talk, office: Markup) -> Markup:
        t = talk.t
        if self.block is None:
            return t("That seems to be served by: <b>{office}</b>. Is that right?", office=office)
        if self.sure:
            return t("Block {block} is served by: <b>{office}</b>.", block=str(self.block), office=office)
        return t(
            "Block {block} is probably served by: <b>{office}</b>. Is that right?", block=str(self.block), office=office
        )

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice == "yes":
            return chosen(talk, self.office, self.then)
        if answer.choice == "other":
            return Choosing(then=self.then)
        return await found(talk, answer, self)

    async def back(self, talk: Talk) -> Step | None:
        return Choosing(then=self.then)


def _button(talk: Talk, office: Office) -> Button:
    name = talk.t.pick_plain(office.name)
    return Button(label=f"✓ {name}" if office.id == talk.resident.office else name, value=office.id)


def _chosen_now(talk: Talk) -> Markup | None:
    office = talk.work.offices.get(talk.resident.office)
    return None if office is None else talk.t("Now chosen: {office}", office=talk.t.pick(office.name))


# ---------------------------------------------------------------------------- what an answer says


async def found(talk: Talk, answer: Answer, step: OfficeStep) -> Next:
    """The office that a place, a block or an area's name suggests."""
    t, offices, then = talk.t, talk.work.offices, step.then
    if answer.said.place is not None:
        place = answer.said.place
        near = suggest_office(offices, place.latitude, place.longitude)
        if isinstance(near, OutsideBahrain):
            return Again(t("That place is outside Bahrain. Please choose from the list."), Choosing(then=then))
        return suggested(talk, BlockMatch(near, sure=False), None, then)
    block = parse_block(answer.text)
    if block is not None:
        match = await blocks.office_of(talk.work, block)
        if match is None:
            why = t("It is not known here whose block {block} is. Please choose from the list.", block=str(block))
            return Again(why, Choosing(then=then))
        return suggested(talk, match, block, then)
    if named := search(answer.text, offices.all, limit=1):
        return suggested(talk, BlockMatch(named[0].id, sure=False), None, then)
    return Again(t("No municipality was found for that. Please choose from the list."), Choosing(then=then))


def suggested(talk: Talk, match: BlockMatch, block: int | None, then: Then) -> Next:
    """Ask whether that is it; an office that can't do what is wanted is named with the reason."""
    offices = talk.work.offices
    office = offices.get(match.office)
    if office is None or office.retired:
        return Choosing(then=then)
    if office not in fitting(offices, then):
        why = talk.t("{office} does not offer that. Please choose another.", office=talk.t.pick(office.name))
        return Again(why, Choosing(then=then))
    return Confirming(office=office.id, sure=match.sure, block=block, then=then)


def chosen(talk: Talk, office_id: str, then: Then) -> Next:
    """Remember the office for the next time, and go on."""
    office = next((office for office in fitting(talk.work.offices, then) if office.id == office_id), None)
    if office is None:
        return Again(talk.t("That office is no longer there."), Choosing(then=then))
    talk.change(office=office.id)
    talk.toast = talk.t.plain("Chosen: {office}", office=talk.t.pick_plain(office.name))
    return Open(then, office.id) if then else Open("menu")


async def choose(_talk: Talk, argument: str) -> Next:
    """Ask for the office. The argument is the door to go on through, or nothing."""
    return Choosing.model_validate({"then": argument if argument in DOORS_SERVED else ""})


FLOW = Flow(
    steps=(Choosing, Finding, Confirming),
    doors={"office": choose},
    commands={"office": "office"},
)
