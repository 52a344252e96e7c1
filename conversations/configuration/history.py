"""The last changes of an office: who made them, when, and a button that takes each back."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.configuration.described import compared, place_title, value_lines
from conversations.configuration.field_types import Spot
from conversations.configuration.menus import OfficeMenu, spot_in
from conversations.configuration.step import ConfiguringStep, choose_a_button, deny, in_pairs, key, may
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Next, Prompt, Redirect, Step, Turn
from services.offices import changes
from services.offices.changes import PastChange, Present
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE


class History(ConfiguringStep):
    """The newest first."""

    step: Literal["offices:history"] = "offices:history"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        found = await changes.history(turn.work, self.spot.office)
        names = await permissions.names(turn.work)
        lines = [t("<b>Recent changes</b>")]
        for one in found:
            lines += [Markup(), *_lines(turn, present, one, names.get(one.actor, one.actor))]
        if not found:
            lines.append(t("Nothing was changed in chat yet."))
        mine = await may(turn, EVERY_OFFICE)
        buttons = [
            key(t.plain("↩️ Undo {n}", n=one.version), str(one.version))
            for one in found
            if one.undone_by is None and (one.office or mine)
        ]
        return Prompt(t.join_lines(*lines), in_pairs(buttons))

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        return Redirect("config_undo", answer.choice) if answer.choice else choose_a_button(turn)

    async def back(self, turn: Turn) -> Step | None:
        return OfficeMenu(spot=self.spot)


def _lines(turn: Turn, present: Present, one: PastChange, name: str) -> list[Markup]:
    t = turn.t
    undone = t("↩️ undone") if one.undone_by is not None else t("↩️ an undo") if one.undoes is not None else None
    before = value_lines(turn, present, one.path, one.before)
    return [
        t("{n}. {place}", n=one.version, place=place_title(turn, present, one.path)),
        t.dotted(t.moment(one.at), t.own(name), undone),
        *compared(turn, before, value_lines(turn, present, one.path, one.after)),
    ]


async def history(turn: Turn, argument: str) -> Next:
    """Open it, of an office or of what all share."""
    spot, _ = spot_in(argument)
    return History(spot=Spot(office=spot.office)) if await may(turn, spot.office) else deny(turn)
