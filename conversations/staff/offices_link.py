"""`/offices` and `/sessions` in a group: both are done in private, where each step is shown to one person only."""

from __future__ import annotations

from conversations.staff.context import StaffContext
from conversations.staff.registry import At, StaffCommand
from conversations.staff.to_private import lead_to_private
from locales import N_
from services.staff.permissions import Act


async def _offices(context: StaffContext) -> None:
    t = context.t
    lead_to_private(
        context,
        t("Send {command} in the private chat with the bot to change offices and sessions.", command="/offices"),
    )


async def _sessions(context: StaffContext) -> None:
    t = context.t
    lead_to_private(
        context,
        t("Send {command} in the private chat with the bot to open, change or close sessions.", command="/sessions"),
    )


COMMANDS = (
    StaffCommand(
        "offices", N_("Change offices, hours and sessions"), Act.CONFIGURE, _offices, At.ANY_OFFICE, in_private=False
    ),
    StaffCommand(
        "sessions",
        N_("Open, change, move or close sessions"),
        Act.SESSIONS,
        _sessions,
        At.ANY_OFFICE,
        in_private=False,
        listed=True,
    ),
)
