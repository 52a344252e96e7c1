"""The buttons of a card for one reader: in private those they may use. A group shares its card, and keeps them all."""

from __future__ import annotations

from collections.abc import Callable

from conversations.engine.step import Button, Rows
from conversations.staff.action_buttons import ACTION_BUTTONS, MENU, MERGE, NEARBY, SEPARATE, Asks, menu_of
from conversations.staff.card_buttons import CLOSE_UNANSWERED
from conversations.staff.context import StaffContext, read
from services.cases import public_view
from services.cases.actions import ACTIONS, Action
from services.inquiries import from_case
from services.staff.permissions import Act
from storage.ids import OfficeId
from storage.records.cases import Case

_CHOICES = {action for action, shown in ACTION_BUTTONS.items() if shown.asks in {Asks.CHOICE, Asks.CHOICE_SHOWN}}
_MENUS = {"status": Act.STATUS} | {menu_of(action): ACTIONS[action].right for action in _CHOICES}
_VERBS = {
    **{action.value: ACTIONS[action].right for action in ACTION_BUTTONS},
    **dict.fromkeys((NEARBY, MERGE, SEPARATE), ACTIONS[Action.DUPLICATE].right),
    "contact": Act.SEE_CONTACT,
    "bank": from_case.RIGHT,
    "summary": public_view.RIGHT,
    "summary_off": public_view.RIGHT,
    CLOSE_UNANSWERED: ACTIONS[Action.REJECT].right,
}


async def own_buttons(context: StaffContext, case: Case, rows: Rows) -> Rows:
    """The rows without what this reader may not do."""
    return await usable(context, case.office, rows, right_of)


async def usable(context: StaffContext, office: OfficeId, rows: Rows, right_of: Callable[[Button], Act]) -> Rows:
    """Rows of a card without the buttons whose right this reader does not have at its office."""
    member = await context.member()
    if context.said.group or member is None:
        return rows
    kept = [tuple(one for one in row if member.may(right_of(one), office)) for row in rows]
    return [row for row in kept if row]


def right_of(button: Button) -> Act:
    """The right without which a button of a card does nothing."""
    tap = read(button.data)
    if tap is None:
        return Act.READ
    return _MENUS.get(tap.argument, Act.READ) if tap.verb == MENU else _VERBS.get(tap.verb, Act.READ)
