"""`/offices` and `/sessions` in a group: both are done in private, where each step is shown to one person only."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Button
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer
from conversations.staff.registry import At, StaffCommand
from locales import N_
from services.staff.permissions import Act


async def _offices(context: StaffContext) -> None:
    t = context.t
    _lead(
        context,
        t("Send {command} in the private chat with the bot to change offices and sessions.", command="/offices"),
    )


async def _sessions(context: StaffContext) -> None:
    t = context.t
    _lead(
        context,
        t("Send {command} in the private chat with the bot to open, change or close sessions.", command="/sessions"),
    )


def _lead(context: StaffContext, text: Markup) -> None:
    """The way to the private chat."""
    open_chat = Button(label=context.t.plain("Open the private chat"), url=context.links.channel.chat())
    answer(context, text, ((open_chat,),))


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
