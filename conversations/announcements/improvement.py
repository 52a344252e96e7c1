"""What is told under "You said, we did": what was improved, and the requests and suggestions that asked for it."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.announcements.card import card_of
from conversations.announcements.improvement_words import improvement_lines
from conversations.announcements.new import ChoosingOffice, offices_of_mine
from conversations.announcements.step import (
    AnnouncementStep,
    choose_a_button,
    denied,
    numbered,
    person_of,
    turned_away,
)
from conversations.announcements.texts import Writing
from conversations.announcements.words import LANGUAGES, heading, title
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Rows, Step, Turn
from conversations.texts.case import category_name
from locales.bidi import shorten
from locales.html import to_plain
from services.actors import case_in
from services.announcements import model, reading, writing
from services.announcements.model import Announcement, Status
from services.cases import resident_actions
from services.improvements import improvements
from services.improvements.improvements import Linked
from services.text.references import CASE_EXAMPLE, parse_reference, references_in
from storage.ids import OfficeId, Reference

ROUTE = "improvement"
_NEW = "new"
_MOST_TYPED = 4000  # characters of references that are looked at


# ---------------------------------------------------------------------------- which one


class ChoosingImprovement(Step):
    """To which improvement requests are to be linked: one that is being written, or a new one."""

    step: Literal["announce:improvement"] = "announce:improvement"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})
    references: str

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = [
            [Button(label=shorten(f"📝 {await title(turn, one)}", 64), value=str(one.id))]
            for one in await _drafts(turn)
        ]
        named = t.join(t.ref(one) for one in references_in(self.references))
        text = t.join_lines(
            t("🌱 <b>You said, we did</b>"), t("Which improvement answers {references}?", references=named)
        )
        return Prompt(text, [*rows, [Button(label=t.plain("➕ A new improvement"), value=_NEW)]], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == _NEW:
            return await _new(turn, self.references)
        chosen = next((one for one in await _drafts(turn) if str(one.id) == answer.choice), None)
        return choose_a_button(turn) if chosen is None else await _linked(turn, chosen, self.references)


async def _drafts(turn: Turn) -> list[Announcement]:
    """Improvements that are being written, of the person's offices."""
    offices = await writing.offices_of(turn.work, person_of(turn))
    found, _ = await reading.listed(turn.work, offices, (Status.DRAFT,))
    return [one for one in found if one.kind is model.Kind.IMPROVEMENT]


async def improvement(turn: Turn, argument: str) -> Next:
    """The door: `argument` names requests, or nothing; a reply to a card names that card's."""
    if not await offices_of_mine(turn):
        return await turned_away(turn)
    number = case_in(turn.about)
    case = None if number is None else await resident_actions.by_id(turn.work, number)
    references = " ".join(references_in(argument)) or ("" if case is None else case.reference)
    if references and await _drafts(turn):
        return ChoosingImprovement(references=references)
    return await _new(turn, references)


async def _new(turn: Turn, references: str) -> Next:
    """Begin one: for the office of the requests, of the only one there is, or of one that is chosen."""
    mine = await offices_of_mine(turn)
    first = parse_reference(references)
    case = None if first is None else await resident_actions.by_reference(turn.work, first)
    if case is not None and case.office in mine:
        return await begin(turn, case.office, references)
    return await begin(turn, mine[0], references) if len(mine) == 1 else ChoosingOffice(improvement=True)


async def begin(turn: Turn, office: OfficeId, references: str = "") -> Next:
    """A new improvement of an office's, to which requests are linked first."""
    made = await improvements.begin(turn.work, person_of(turn), office)
    return denied(turn) if made is None else await _linked(turn, made, references)


async def chosen_office(turn: Turn, argument: str) -> Next:
    """The door behind the choice of an office."""
    mine = await offices_of_mine(turn)
    office = OfficeId("" if argument == "every." else argument)
    return await begin(turn, office) if office in mine else await turned_away(turn)


async def _linked(turn: Turn, found: Announcement, references: str) -> Next:
    screen = LinkingCases(announcement=found.id, version=found.version)
    if not references:
        return screen
    outcome = await improvements.link(turn.work, person_of(turn), found.id, references)
    return denied(turn) if outcome is None else Reask(_told(turn, outcome), screen)


# ---------------------------------------------------------------------------- the requests


class LinkingCases(AnnouncementStep):
    """References are typed, several at once; each linked request can be taken off."""

    step: Literal["announce:cases"] = "announce:cases"
    page: int = 0

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t = turn.t
        linked = await improvements.linked(turn.work, found.id, self.page)
        if linked is None:
            return Prompt(t("This announcement is not about an improvement."))
        lines = [
            heading(turn, found),
            *await improvement_lines(turn, found),
            Markup(),
            t(
                "Send the references of the requests and suggestions that asked for this. You can send several at "
                "once, for example {example}.",
                example=t.ref(CASE_EXAMPLE),
            ),
        ]
        return Prompt(t.join_lines(*lines), self._rows(turn, linked.cases, linked.total))

    def _rows(self, turn: Turn, cases: tuple[resident_actions.Case, ...], total: int) -> Rows:
        t, offices = turn.t, turn.work.offices
        rows = [
            [
                Button(
                    label=shorten(f"✖️ {case.reference} {to_plain(category_name(t, offices, case.category))}", 64),
                    value=f"x{case.reference}",
                )
            ]
            for case in cases
        ]
        turning = [
            *([Button(label=t.plain("Previous"), value=f"p{self.page - 1}")] if self.page else []),
            *(
                [Button(label=t.plain("More"), value=f"p{self.page + 1}")]
                if (self.page + 1) * improvements.PAGE < total
                else []
            ),
        ]
        return [[Button(label=t.plain("Continue"), value="go")], *rows, turning]

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        choice = answer.choice
        if not choice:
            return await self._typed(turn, answer.text, found)
        if choice == "go":
            if found.texts:
                return await card_of(turn, found)
            return Writing(announcement=found.id, version=found.version, language=LANGUAGES[0])
        if choice[0] == "p" and choice[1:].isdigit():
            return self.at(found).model_copy(update={"page": min(int(choice[1:]), 99)})
        if choice[0] != "x":
            return choose_a_button(turn)
        gone = await improvements.unlink(turn.work, person_of(turn), found.id, Reference(choice[1:]))
        return denied(turn) if gone is None else self.at(found)

    async def _typed(self, turn: Turn, text: str, found: Announcement) -> Next:
        t = turn.t
        if not any(one.startswith("C") for one in references_in(text[:_MOST_TYPED])):
            return Reask(t("We found no reference of a request in your message. Check it and send it again."))
        outcome = await improvements.link(turn.work, person_of(turn), found.id, text[:_MOST_TYPED])
        return denied(turn) if outcome is None else Reask(_told(turn, outcome), self.at(found))

    async def back(self, turn: Turn) -> Step | None:
        found = await writing.open_for(turn.work, person_of(turn), self.announcement)
        return None if found is None else await card_of(turn, found, preview=False)


def _told(turn: Turn, outcome: Linked) -> Markup:
    """What became of the references."""
    t = turn.t
    lines = []
    if outcome.added:
        lines.append(t("🔗 Linked: {references}", references=t.join(t.ref(one) for one in outcome.added)))
    if outcome.known:
        lines.append(t("Linked before: {references}", references=t.join(t.ref(one) for one in outcome.known)))
    if outcome.refused:
        refused = t.join(t.ref(one) for one in outcome.refused)
        lines.append(t("Not found, or not one of your offices' requests: {references}", references=refused))
    if outcome.too_many:
        lines.append(t("You can link up to {n} requests.", n=improvements.MOST_CASES))
    return t.join_lines(*lines)


async def cases(turn: Turn, argument: str) -> Next:
    """The door to the linked requests; `argument` is the announcement."""
    found = await writing.open_for(turn.work, person_of(turn), numbered(argument))
    return denied(turn) if found is None else LinkingCases(announcement=found.id, version=found.version)
