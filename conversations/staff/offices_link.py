"""`/offices` in a group: offices are changed in the private chat, where each step is shown to one person only."""

from __future__ import annotations

from conversations.engine.step import Button
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer
from conversations.staff.registry import At, StaffCommand
from locales import N_
from services.staff.permissions import Act


async def offer(context: StaffContext) -> None:
    """The way to the private chat."""
    t = context.t
    open_chat = Button(label=t.plain("Open the private chat"), url=context.links.channel.chat())
    text = t("Send {command} in the private chat with the bot to change offices and sessions.", command="/offices")
    answer(context, text, ((open_chat,),))


COMMANDS = (
    StaffCommand(
        "offices", N_("Change offices, hours and sessions"), Act.CONFIGURE, offer, At.ANY_OFFICE, in_private=False
    ),
)
