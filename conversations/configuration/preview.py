"""A change is shown with its effect, and made with a second tap; whoever is affected is told then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from markupsafe import Markup

from conversations.configuration.data import is_texts
from conversations.configuration.described import compared, place_title, value_lines
from conversations.configuration.effects import again, effect_lines, problem_lines, seen_of, told
from conversations.configuration.field_types import Spot
from conversations.configuration.fields import RULE, entry_path, section_of
from conversations.configuration.menus import OfficeMenu, ShowingSection, spot_in
from conversations.configuration.reasons import only_in
from conversations.configuration.step import (
    ConfiguringStep,
    choose_a_button,
    deny,
    in_all_languages,
    may,
    offices_of,
    refused,
)
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.on_behalf.step import person_of
from locales import N_
from services.bookings import reconfiguring
from services.bookings.reconfiguring import Done, Foreseen
from services.offices import changes
from services.offices.changes import Denied, Overtaken, Present, Proposal, Refused
from services.offices.configuration import ANSWERS, TEMPLATES, as_json, value_at
from services.offices.entries import beside
from services.offices.yaml_file import Data
from services.offices.yaml_file import Step as Key
from services.staff import permissions

CONFIRM = "confirm"
#: What residents are told where a weekly rule leaves no time for them.
_NEW_RULES = N_("The days and hours of Customer Day have changed")


def _texts_in(stored: str | None) -> Iterator[tuple[tuple[Key, Data], ...]]:
    """The texts in languages that a value holds, however deep."""
    left: list[Data] = [] if stored is None else [json.loads(stored)]
    while left:
        one = left.pop()
        if isinstance(one, dict) and {"ar", "en"} <= one.keys() and is_texts(one):
            yield tuple(one.items())
        elif isinstance(one, dict | list):
            left += one.values() if isinstance(one, dict) else one


class Preview(ConfiguringStep):
    """The change, what it does, and whether to make it."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    proposal: Proposal
    seen: str = ""  # whom it concerned when it was shown

    async def show(self, turn: Turn, present: Present) -> Prompt:
        return await self.put_beside(present).preview(turn, present)

    def put_beside(self, present: Present) -> Self:
        """An entry that is added has a place of its own, whatever others added meanwhile."""
        proposal = beside(present.configuration, self.proposal)
        if proposal == self.proposal:
            return self
        spot = self.spot.model_copy(update={"entry": proposal.path[-1]})
        return self.model_copy(update={"proposal": proposal, "spot": spot})

    async def preview(self, turn: Turn, present: Present) -> Prompt:
        """What it does, or why it cannot be made."""
        t = turn.t
        found = await reconfiguring.foresee(turn.work, self.proposal)
        if not isinstance(found, Foreseen):
            return Prompt(self._why_not(turn, present, found))
        title = t("<b>Check the undo</b>") if self.proposal.undoes else t("<b>Check the change</b>")
        return Prompt(
            t.join_lines(
                title,
                self._title(turn, present, found.present),
                *self._compared(turn, present, found.present),
                *self._in_one_language(turn),
                Markup(),
                *effect_lines(turn, found.effect),
            ),
            [[Button(label=t.plain("✅ Confirm"), value=CONFIRM)]],
        )

    def _title(self, turn: Turn, before: Present, after: Present) -> Markup:
        """What is added or removed has its name only where it stands."""
        return place_title(turn, before if self.proposal.after is None else after, self.proposal.path)

    def _in_one_language(self, turn: Turn) -> list[Markup]:
        """Of a text that is new and in one language: that everybody reads it in that one."""
        before = {*_texts_in(self.proposal.before)}
        new = [only_in(turn, dict(texts)) for texts in _texts_in(self.proposal.after) if texts not in before]
        return list(dict.fromkeys(line for line in new if line is not None))

    def _compared(self, turn: Turn, before: Present, after: Present) -> list[Markup]:
        path = self.proposal.path
        old = value_lines(turn, before, path, self.proposal.before)
        return compared(turn, old, value_lines(turn, after, path, self.proposal.after))

    def _why_not(self, turn: Turn, present: Present, found: Refused | Overtaken) -> Markup:
        if isinstance(found, Refused):
            return problem_lines(turn, found.problems)
        return self.overtaken(turn, present, found, {})

    def overtaken(self, turn: Turn, present: Present, found: Overtaken, names: dict[str, str]) -> Markup:
        t = turn.t
        by = None
        if found.by is not None:
            by = t(
                "Changed by {name}, {moment}",
                name=names.get(found.by.actor, found.by.actor),
                moment=t.moment(found.by.at),
            )
        return t.join_lines(
            t("⚠️ Someone else has changed this in the meantime. Your change was not made."),
            by,
            t("Now:"),
            *(value_lines(turn, present, self.proposal.path, found.now) or [t("nothing of its own")]),
        )

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if answer.choice != CONFIRM:
            return choose_a_button(turn)
        return await self.confirmed(turn, await changes.alone(turn.work))

    async def confirmed(self, turn: Turn, present: Present) -> Next:
        """What the second tap leads to; nobody else changes anything meanwhile."""
        return await self.put_beside(present).carry_out(turn, present)

    async def carry_out(self, turn: Turn, present: Present) -> Next:
        """Make it, or say what speaks against it by now."""
        found = await reconfiguring.foresee(turn.work, self.proposal)
        if isinstance(found, Foreseen) and seen_of(found.effect.affected) != self.seen:
            return Reask(again(turn), self.model_copy(update={"seen": seen_of(found.effect.affected)}))
        reason = in_all_languages(turn, _NEW_RULES)
        done = await reconfiguring.carry_out(turn.work, person_of(turn), self.proposal, reason)
        match done:
            case Denied():
                return refused(turn)
            case Refused():
                return Reask(problem_lines(turn, done.problems), step_at(self.spot))
            case Overtaken():
                names = await permissions.names(turn.work)
                return Reask(self.overtaken(turn, await changes.present(turn.work), done, names), step_at(self.spot))
        self._say_done(turn, done, present)
        return step_at(self.spot)

    def _say_done(self, turn: Turn, done: Done, before: Present) -> None:
        t = turn.t
        head = t("↩️ <b>Undone.</b>") if self.proposal.undoes else t("✅ <b>Changed.</b>")
        undo = Button(label=t.plain("↩️ Undo this change"), route="config_undo", value=str(done.changed.version))
        turn.say(
            t.join_lines(
                head,
                self._title(turn, before, done.changed.present),
                *self._compared(turn, before, done.changed.present),
                told(turn, done.effect),
            ),
            ((undo,),),
        )

    async def back(self, turn: Turn) -> Step | None:
        came_from = step_at(self.spot)
        if isinstance(came_from, ShowingSection) and not came_from.is_there(await changes.present(turn.work)):
            return OfficeMenu(spot=Spot(office=self.spot.office))
        return came_from


class Previewing(Preview):
    """A change of what stands, or of what is added without more questions."""

    step: Literal["offices:preview"] = "offices:preview"


def step_at(spot: Spot) -> Step:
    """The menu that somebody came from."""
    return ShowingSection(spot=spot) if section_of(spot) is not None else OfficeMenu(spot=Spot(office=spot.office))


# ---------------------------------------------------------------------------- what is proposed without a question


async def undo(turn: Turn, argument: str) -> Next:
    """Take back a change, after it was shown what that does."""
    version = int(argument) if argument.isascii() and argument.isdecimal() and len(argument) < 9 else 0
    proposal = await changes.to_undo(turn.work, version)
    if proposal is not None and not await may(turn, proposal.office):
        return deny(turn)
    if proposal is None:
        return Reask(turn.t("This was undone already."), turn.here) if await offices_of(turn) else deny(turn)
    return await previewed(turn, Spot(office=proposal.office), proposal)


async def previewed(turn: Turn, spot: Spot, proposal: Proposal) -> Next:
    """Show a change with its effect, or say what speaks against it."""
    found = await reconfiguring.foresee(turn.work, proposal)
    if isinstance(found, Refused):
        return Reask(problem_lines(turn, found.problems))
    if isinstance(found, Foreseen):
        return Previewing(spot=spot, proposal=proposal, seen=seen_of(found.effect.affected))
    names, present = await permissions.names(turn.work), await changes.present(turn.work)
    return Reask(Previewing(spot=spot, proposal=proposal).overtaken(turn, present, found, names), step_at(spot))


async def use_usual(turn: Turn, argument: str) -> Next:
    """An office's hours are again those of all."""
    spot, _ = spot_in(argument)
    present = await changes.present(turn.work)
    path = ("offices", spot.office, "hours")
    before = value_at(present.configuration.data, path)
    if before is None or not await may(turn, spot.office):
        return deny(turn)
    return await previewed(turn, spot, Proposal(path=path, before=before, after=None))


async def drop(turn: Turn, argument: str) -> Next:
    """Remove a weekly rule, a closure, a ready text or an answer."""
    spot, _ = spot_in(argument)
    if not await may(turn, spot.office):
        return deny(turn)
    found = _without(await changes.present(turn.work), spot)
    if found is None:
        return Reask(turn.t("This is no longer there."), step_at(spot))
    return await previewed(turn, Spot(office=spot.office), found)


def _without(present: Present, spot: Spot) -> Proposal | None:
    data = present.configuration.data
    if spot.section in {TEMPLATES, ANSWERS}:
        path = entry_path(spot)
        before = value_at(data, path)
        return None if before is None else Proposal(path=path, before=before, after=None)
    path = list_path(spot)
    before = value_at(data, path)
    entries = [] if before is None else json.loads(before)
    if not 0 <= spot.index < len(entries):
        return None
    del entries[spot.index]
    return Proposal(path=path, before=before, after=as_json(entries))


def list_path(spot: Spot) -> tuple[str, ...]:
    """Where an office's weekly rules or closed days are kept, or all offices' closed days."""
    name = "customer_day" if spot.section == RULE.key else "closures"
    return ("offices", spot.office, name) if spot.office else (name,)
