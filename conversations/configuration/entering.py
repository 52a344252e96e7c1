"""One value: what it is now, and the new one, typed, shared or picked."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.configuration.data import items, propose, standing, texts_of, value_of
from conversations.configuration.field_types import Field, Place, Shape, Spot
from conversations.configuration.fields import listed_at, place_of, section_of
from conversations.configuration.menus import ShowingSection, spot_in
from conversations.configuration.preview import previewed, step_at
from conversations.configuration.step import ConfiguringStep, choose_a_button, deny, in_pairs, key, may, page_of, paged
from conversations.configuration.typed import hint, take
from conversations.configuration.values import entry_title, office_title, options, shown
from conversations.engine.messages import Kind, Request
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from services.offices import changes
from services.offices.changes import Present
from services.offices.yaml_file import Data

_REMOVE, _SAVE, _YES, _NO = "_remove", "_save", "_yes", "_no"
_PAGE = 12


class EnteringStep(ConfiguringStep):
    """A question for one field."""

    field: str

    @property
    def one(self) -> Field:
        section = section_of(self.spot)
        found = None if section is None else section.field(self.field)
        if found is None:
            raise LookupError(f"no field {self.field} at {self.spot}")
        return found

    def head(self, turn: Turn, present: Present) -> list[Markup]:
        t = turn.t
        now = shown(turn, present, self.one, value_of(present, place_of(self.spot, self.one)))
        return [
            t("<b>{office}</b> · {section}", office=self._whose(turn, present), section=t(self.one.title)),
            t("Now: {value}", value=now),
            Markup(),
        ]

    def _whose(self, turn: Turn, present: Present) -> Markup:
        spot = self.spot
        if spot.section in listed_at(spot.office):
            return turn.t.own(entry_title(turn, present, spot))
        return office_title(turn, present, spot.office)

    async def proposed(self, turn: Turn, present: Present, value: Data, place: Place | None = None) -> Next:
        """Show what a new value would do, or what the rules say against it."""
        proposal = propose(present, place or place_of(self.spot, self.one), value)
        if proposal.before == proposal.after:
            return Reask(turn.t("It already says that. Nothing was changed."))
        return await previewed(turn, self.spot, proposal)

    async def back(self, turn: Turn) -> Step | None:
        return ShowingSection(spot=self.spot)


class Entering(EnteringStep):
    """A value that is typed, shared or one of several."""

    step: Literal["offices:enter"] = "offices:enter"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.LOCATION})
    page: int = 0

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t, one = turn.t, self.one
        rows = self._choices(turn, present)
        here = value_of(present, place_of(self.spot, one))
        if one.optional and here is not None:
            rows.append([key(t.plain("🗑 Remove"), _REMOVE)])
        text = t.join_lines(*self.head(turn, present), hint(t, one))
        if one.shape is Shape.PIN:
            return Prompt(text, rows, ask_for=Request.LOCATION, ask_label=t.plain("Share location"))
        return Prompt(text, rows)

    def _choices(self, turn: Turn, present: Present) -> list[list[Button]]:
        t, one = turn.t, self.one
        if one.shape is Shape.FLAG:
            return [[key(t.plain("Yes"), _YES), key(t.plain("No"), _NO)]]
        if one.shape is not Shape.CHOICE or one.among is None:
            return []
        buttons = [key(name, id_) for id_, name in options(t, present, one.among).items()]
        return (
            in_pairs(buttons)
            if len(buttons) <= _PAGE
            else [list(row) for row in paged(turn, buttons, self.page, _PAGE)]
        )

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        one = self.one
        place = place_of(self.spot, one)
        if (page := page_of(answer.choice)) is not None:
            return self.model_copy(update={"page": page})
        if answer.choice == _REMOVE:
            return await self.proposed(turn, present, None) if one.optional else choose_a_button(turn)
        if one.shape is Shape.FLAG:
            return await self._flag(turn, answer, present)
        if one.shape is Shape.CHOICE:
            known = one.among is not None and answer.choice in options(turn.t, present, one.among)
            return await self.proposed(turn, present, answer.choice) if known else choose_a_button(turn)
        if answer.choice:
            return choose_a_button(turn)
        if place.inner and one.shape is Shape.TEXTS and standing(present, place.root) is None:
            return Reask(turn.t("First set the point on the map."), ShowingSection(spot=self.spot))
        value = take(turn, one, answer, value_of(present, place))
        if isinstance(value, Reask):
            return value
        return await self.proposed(
            turn, present, self._whole_place(present, value) if one.shape is Shape.PIN else value
        )

    async def _flag(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if answer.choice not in {_YES, _NO}:
            return choose_a_button(turn)
        return await self.proposed(turn, present, True if answer.choice == _YES else None)

    def _whole_place(self, present: Present, value: Data) -> Data:
        """A first point on the map needs words beside it: the office's own until others are given."""
        office = present.offices.get(self.spot.office)
        if office is None or not isinstance(value, dict) or "title" in value:
            return value
        address = office.governorate or office.name
        return value | {"title": texts_of(office.name), "address": texts_of(address)}


class Picking(EnteringStep):
    """Several of a list: each is tapped on or off, and the whole is saved."""

    step: Literal["offices:pick"] = "offices:pick"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    chosen: tuple[str, ...]
    page: int = 0

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t, one = turn.t, self.one
        names = options(t, present, one.among) if one.among else {}
        buttons = [key(f"✓ {name}" if id_ in self.chosen else name, id_) for id_, name in names.items()]
        rows = [list(row) for row in paged(turn, buttons, self.page, _PAGE)]
        rows.append([key(t.plain("💾 Save"), _SAVE)])
        meaning = t("None chosen means: {meaning}", meaning=t(one.empty))
        return Prompt(t.join_lines(*self.head(turn, present), t("Tap to choose, then save."), meaning), rows)

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        one, choice = self.one, answer.choice
        names = options(turn.t, present, one.among) if one.among else {}
        if (page := page_of(choice)) is not None:
            return self.model_copy(update={"page": page})
        if choice == _SAVE:
            value: list[Data] = [name for name in names if name in self.chosen]
            return await self.proposed(turn, present, value or None)
        if choice not in names:
            return choose_a_button(turn)
        picked = set(self.chosen) ^ {choice}
        return self.model_copy(update={"chosen": tuple(name for name in names if name in picked)})


async def field(turn: Turn, argument: str) -> Next:
    """Ask for a field."""
    spot, name = spot_in(argument)
    section = section_of(spot)
    one = None if section is None else section.field(name)
    if not await may(turn, spot.office):
        return deny(turn)
    if one is None:
        return step_at(Spot(office=spot.office))
    if one.shape is Shape.SEVERAL:
        present = await changes.present(turn.work)
        return Picking(spot=spot, field=name, chosen=tuple(items(value_of(present, place_of(spot, one)))))
    return Entering(spot=spot, field=name)
