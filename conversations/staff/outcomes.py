"""What came of an action, in a word: the card shows the rest by itself."""

from __future__ import annotations

from conversations.staff.context import StaffContext
from conversations.staff.office_scope import refuse
from services.cases.actions import AlreadyDone
from services.cases.staff_actions import Denied, Result
from services.cases.workflow import Applied, NotAllowed, Stale


def say_outcome(context: StaffContext, result: Result | Denied) -> None:
    t = context.t
    match result:
        case Denied():
            refuse(context)
        case Stale():
            context.toast = t.plain("The card has changed. Check it and try again.")
        case NotAllowed():
            context.toast = t.plain("This is no longer possible. See the card.")
        case Applied() | AlreadyDone():
            context.toast = t.plain("Done. The card is updated.")
