"""The commands of the staff, in their group and in private: the table of them all, and /help."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.engine.step import Button
from conversations.staff import (
    access_log,
    corrections,
    duplicates,
    intake_link,
    invitations,
    office_chats,
    people,
    queues,
    rights,
    search,
    today,
)
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer
from conversations.staff.registry import StaffCommand
from locales import N_
from services.staff.permissions import MAY


async def command(context: StaffContext) -> bool:
    """Answer a command; False where there is nothing to say: in a group others have commands too."""
    found = COMMANDS.get(context.said.command)
    if found is not None and (found.in_private or context.said.group):
        if found.right is None or await rights.may(context, found.right, found.at):
            await found.answer(context)
        return True
    if not context.said.group or not _is_addressed(context):
        return False
    await _unknown(context)
    return True


def is_for_staff(name: str) -> bool:
    """Whether a command is one of the desk's in private too."""
    return name in COMMANDS and COMMANDS[name].in_private


def descriptions() -> Mapping[str, str]:
    """What each command is for, as the channel lists them in groups: names and texts of the catalogue."""
    return {name: one.description for name, one in COMMANDS.items()}


def _is_addressed(context: StaffContext) -> bool:
    """/command@bot: those for other bots do not get here."""
    first, *_ = context.said.text.split(maxsplit=1) or [""]
    return "@" in first


async def _unknown(context: StaffContext) -> None:
    t = context.t
    if await context.member() is None:
        _serve_in_private(context)
        return
    named = "/" + context.said.command[:32]
    answer(context, t("{command} is not a command. Use {help} to see the commands.", command=named, help="/help"))


def _serve_in_private(context: StaffContext) -> None:
    t = context.t
    open_chat = Button(label=t.plain("Open the private chat"), url=context.links.channel.chat())
    answer(context, t("Use the private chat to get help. Other members of this group cannot read it."), ((open_chat,),))


async def _help(context: StaffContext) -> None:
    """What there is for whom."""
    t = context.t
    found = await context.member()
    if found is None:
        _serve_in_private(context)
        return
    acts = frozenset().union(*(MAY[role] for _, role in found.roles))
    lines = [
        t("{command} – {what}", command=f"/{one.name}", what=t(one.description))
        for one in COMMANDS.values()
        if one.right is None or one.right in acts
    ]
    answer(
        context,
        t.join_lines(
            t("👥 <b>Staff commands</b>"),
            *lines,
            "",
            t(
                "Reply to a card to ask the applicant a question (start with {question}), write an "
                "internal note (start with {note}) or send an official reply.",
                question="؟" if t.rtl else "?",
                note="#",
            ),
            None if context.said.group else t("The menu applicants see: {menu}", menu="/menu"),
        ),
    )


#: By name, in the order in which they are listed. Each module lists its own.
COMMANDS: Mapping[str, StaffCommand] = MappingProxyType(
    {
        one.name: one
        for one in (
            *queues.COMMANDS,
            *search.COMMANDS,
            *today.COMMANDS,
            *intake_link.COMMANDS,
            *corrections.COMMANDS,
            *duplicates.COMMANDS,
            *access_log.COMMANDS,
            *people.COMMANDS,
            *invitations.COMMANDS,
            *office_chats.COMMANDS,
            StaffCommand("help", N_("Help"), None, _help),
        )
    }
)
