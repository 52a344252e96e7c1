"""Letting neighbours read one's description, and no longer: buttons of the request's view."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.engine.step import Next, Reask, Route, Turn
from conversations.requests import neighbours
from conversations.requests.view import Viewing, not_found, own_case
from services.cases import public_view


def _changes(*, others_may: bool) -> Route:
    async def change(turn: Turn, argument: str) -> Next:
        case = await own_case(turn, argument)
        if case is None:
            return not_found(turn)
        t = turn.t
        changed = await public_view.agree(turn.work, case.reference, turn.resident, others_may=others_may)
        if changed is None:
            said = t("This request has ended, so neighbours are not asked to join it.")
        elif others_may:
            said = t(
                "Neighbours who report the same can now read the beginning of your description. Names, phone "
                "numbers and house numbers are left out. You can hide it at any time."
            )
        else:
            said = t("Your description is hidden from neighbours again.")
        return Reask(said, Viewing(reference=case.reference))

    return change


ROUTES: Mapping[str, Route] = MappingProxyType(
    {neighbours.SHOW: _changes(others_may=True), neighbours.HIDE: _changes(others_may=False)}
)
