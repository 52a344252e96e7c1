"""Choosing the municipality: from a list, by a shared place, by a block number or the name of an area.

Who tells their matter here instead is not interrupted: it is kept, and goes on with the office into what was begun.
"""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.booking import start as booking_start
from conversations.engine.draft_step import DraftStep, add_files, add_words
from conversations.engine.drafts import Draft
from conversations.engine.messages import Kind, Request
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Redirect, Step, Turn
from conversations.home.keywords import only_wish
from conversations.requests import start as request_start
from conversations.texts.block import serves_block, unknown_block
from conversations.texts.case import KINDS as KIND_NAMES
from locales.bidi import shorten
from services.casework import block_corrections
from services.offices.geography import BlockMatch, OutsideBahrain, parse_block, suggest_office
from services.offices.offices import CaseKind, Office, Offices
from services.text.normalise import clean, search
from storage.ids import OfficeId

BOOK = "book"
KINDS = {
    "complain": CaseKind.COMPLAINT,
    "suggest": CaseKind.SUGGESTION,
    "observe": CaseKind.OBSERVATION,
    "request": CaseKind.SERVICE_REQUEST,
    "inquire": CaseKind.INQUIRY,
}
ROUTES_SERVED = frozenset({BOOK, *KINDS})  # that may be opened with an office
A_SENTENCE = 4  # words, numbers not counted: no area's name or address, but the matter itself
QUOTED, TITLE = 200, 40  # characters of what was typed that are shown again
Then = Literal["", "book", "complain", "suggest", "observe", "request", "inquire"]


def fitting(offices: Offices, then: str) -> tuple[Office, ...]:
    """The offices that can do what is wanted."""
    if then == BOOK:
        return offices.with_customer_day
    kind = KINDS.get(then)
    if kind is None:
        return offices.all
    return tuple(office for office in offices.all if offices.categories_for(office.id, kind))


class OfficeStep(DraftStep):
    """A question about which office; `then` is the route to go on with it, taking along what was told."""

    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.LOCATION})
    then: Then = ""
    draft: Draft = Draft()

    def list_of_them(self) -> Choosing:
        return Choosing(then=self.then, draft=self.draft)

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        keeps = self.then != "" and bool(turn.said.text or turn.said.files)
        return await told(turn, self) if keeps else None

    def draft_title(self, turn: Turn) -> str:
        if self.then == "" or not (self.draft.pieces or self.draft.files):
            return ""
        begun = turn.t.plain("Appointment") if self.then == BOOK else turn.t.plain(KIND_NAMES[KINDS[self.then]])
        words = " ".join(self.draft.words.split())
        return f"{begun}: {shorten(words, TITLE)}" if words else begun

    def kept_line(self, turn: Turn) -> Markup | None:
        """What was told so far, and an empty line; None where nothing was."""
        t, words, files = turn.t, self.draft.words, len(self.draft.files)
        if not (words or files):
            return None
        kept = t("📝 We have kept what you wrote: “{words}”", words=t.own(words, QUOTED)) if words else None
        return t.join_lines(kept, t.plural("{n} file", "{n} files", files) if files else None, Markup())


class Choosing(OfficeStep):
    step: Literal["office:choose"] = "office:choose"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = [[_button(turn, office)] for office in fitting(turn.work.offices, self.then)]
        rows.append([Button(label=t.plain("📍 Find by location or block"), value="find")])
        text = t.join_lines(
            self.kept_line(turn),
            t("🏛 <b>Which municipality?</b>"),
            t("You can also type the block number, such as {block}, or the name of the area.", block=338),
            _chosen_now(turn),
        )
        return Prompt(text, rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "find":
            return Finding(then=self.then, draft=self.draft)
        if answer.choice:
            return await chosen(turn, answer.choice, self)
        return await found(turn, answer, self)


class Finding(OfficeStep):
    """The share button needs a question of its own: no channel shows it beside other buttons."""

    step: Literal["office:find"] = "office:find"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        return Prompt(
            t("📍 Share your location, or type the block number or the name of the area."),
            ask_for=Request.LOCATION,
            ask_label=t.plain("Share location"),
        )

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return await found(turn, answer, self)

    async def back(self, turn: Turn) -> Step | None:
        return self.list_of_them()


class Confirming(OfficeStep):
    """A place only suggests: the resident confirms."""

    step: Literal["office:confirm"] = "office:confirm"
    office: OfficeId
    sure: bool = True
    block: int | None = None

    async def ask(self, turn: Turn) -> Prompt:
        t, office = turn.t, turn.work.offices.get(self.office)
        if office is None:
            return Prompt(t("This office is no longer available."))
        rows = (
            (Button(label=t.plain("Yes, choose this office"), value="yes"),),
            (Button(label=t.plain("Choose another office"), value="other"),),
        )
        return Prompt(t.join_lines(self.kept_line(turn), self._text(turn, office)), rows)

    def _text(self, turn: Turn, office: Office) -> Markup:
        if self.block is None:
            t = turn.t
            return t("<b>{office}</b> seems to serve that place. Is that right?", office=t.pick(office.name))
        return serves_block(turn, self.block, office, sure=self.sure)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "yes":
            return await chosen(turn, self.office, self)
        if answer.choice == "other":
            return self.list_of_them()
        return await found(turn, answer, self)

    async def back(self, turn: Turn) -> Step | None:
        return self.list_of_them()


def _button(turn: Turn, office: Office) -> Button:
    name = turn.t.pick_plain(office.name)
    return Button(label=f"✓ {name}" if office.id == turn.resident.office else name, value=office.id)


def _chosen_now(turn: Turn) -> Markup | None:
    office = turn.work.offices.get(turn.resident.office)
    return None if office is None else turn.t("Your current choice: {office}", office=turn.t.pick(office.name))


# ---------------------------------------------------------------------------- what an answer says


async def found(turn: Turn, answer: Answer, step: OfficeStep) -> Next:
    """The office that a place, a block or an area's name suggests; a matter told instead is kept."""
    t, offices = turn.t, turn.work.offices
    if answer.said.place is not None:
        place = answer.said.place
        near = suggest_office(offices, place.latitude, place.longitude)
        if isinstance(near, OutsideBahrain):
            return Reask(t("That place is outside Bahrain. Choose from the list."), step.list_of_them())
        if isinstance(step, Finding):
            turn.say(t("📍 We have received your location."))  # it takes the share button away
        return suggested(turn, BlockMatch(near, sure=False), None, step)
    if tells_the_matter(turn, answer.text, step.then):
        return await told(turn, step) if step.then else Redirect("anything")
    return await _named(turn, answer.text, step)


async def _named(turn: Turn, text: str, step: OfficeStep) -> OfficeStep | Reask:
    """The office that a block or a name suggests."""
    t, offices = turn.t, turn.work.offices
    block = parse_block(text)
    if block is not None:
        match = await block_corrections.office_of(turn.work, block)
        if match is None:
            return Reask(unknown_block(turn, block), step.list_of_them())
        return suggested(turn, match, block, step)
    if named := search(text, offices.all, limit=1):
        return suggested(turn, BlockMatch(named[0].id, sure=False), None, step)
    why = t("We could not find “{typed}”. Choose from the list.", typed=clean(text, TITLE))
    return Reask(why, step.list_of_them())


def tells_the_matter(turn: Turn, text: str, then: Then) -> bool:
    """Whether what was typed names no place: a sentence, a wish, or where something was begun what that is about."""
    offices, words = turn.work.offices, [word for word in text.split() if any(map(str.isalpha, word))]
    if len(words) >= A_SENTENCE or (then == "" and only_wish(text) is not None):
        return True
    named = parse_block(text) is not None or search(text, offices.all, limit=1)
    return then != "" and len(words) > 1 and not named and bool(search(text, offices.categories, limit=1))


async def told(turn: Turn, step: OfficeStep) -> Reask:
    """Keep the matter for what was begun; where it names a place, that suggests the office."""
    text = turn.said.text
    added = await add_files(turn, step.draft)
    added = add_words(turn, added) if text else added
    kept = step.with_draft(added.draft)
    named = await _named(turn, text, kept)
    return Reask(added.trouble or Markup(), named.step if isinstance(named, Reask) else named)


def suggested(turn: Turn, match: BlockMatch, block: int | None, step: OfficeStep) -> OfficeStep | Reask:
    """Ask whether that is it; an office that can't do what is wanted is named with the reason."""
    offices = turn.work.offices
    office = offices.get(match.office)
    if office is None or office.retired:
        return step.list_of_them()
    if office not in fitting(offices, step.then):
        why = turn.t("{office} does not offer this service. Choose another office.", office=turn.t.pick(office.name))
        return Reask(why, step.list_of_them())
    return Confirming(office=office.id, sure=match.sure, block=block, then=step.then, draft=step.draft)


async def chosen(turn: Turn, office_id: str, step: OfficeStep) -> Next:
    """Remember the office for the next time, and go on."""
    then, draft = step.then, step.draft
    office = next((office for office in fitting(turn.work.offices, then) if office.id == office_id), None)
    if office is None:
        return Reask(turn.t("This office is no longer available."), step.list_of_them())
    turn.change(office=office.id)
    turn.toast = turn.t.plain("You have chosen {office}", office=turn.t.pick_plain(office.name))
    if not (draft.pieces or draft.files):
        return Redirect(then, office.id) if then else Redirect("menu")
    turn.handed_over = True
    return (
        await booking_start.start_with(turn, draft, chosen=office.id)
        if then == BOOK
        else await request_start.start_with(turn, KINDS[then], draft, chosen=office.id)
    )


async def choose(turn: Turn, argument: str) -> Next:
    """Ask for the office. The argument is the route to go on with, or nothing."""
    if argument not in ROUTES_SERVED:
        return Choosing()
    before = turn.here if isinstance(turn.here, OfficeStep) else turn.take_up(OfficeStep)
    return Choosing.model_validate({"then": argument, "draft": before.draft if before else Draft()})


FLOW = Flow(
    steps=(Choosing, Finding, Confirming),
    routes={"office": choose},
    commands={"office": "office"},
)
