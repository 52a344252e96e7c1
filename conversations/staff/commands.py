"""The commands of the staff, in their group and in private."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from conversations.engine.command_list import STAFF_COMMANDS
from conversations.engine.step import Button
from conversations.staff import duplicates, intake_link, lists, replies, team
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer
from services.staff import permissions
from services.staff.permissions import MAY, Act


async def command(context: StaffContext) -> bool:
    """Answer a command; False where there is nothing to say: in a group others have commands too."""
    act = _COMMANDS.get(context.said.command) or (_IN_GROUPS.get(context.said.command) if context.said.group else None)
    if act is not None:
        await act(context)
        return True
    if not context.said.group or not _is_addressed(context):
        return False
    await _unknown(context)
    return True


def is_staffs(name: str) -> bool:
    """Whether a command is one of the desk's in private too."""
    return name in _COMMANDS


def _is_addressed(context: StaffContext) -> bool:
    """/command@bot: those for other bots do not get here."""
    first, *_ = context.said.text.split(maxsplit=1) or [""]
    return "@" in first


async def _unknown(context: StaffContext) -> None:
    t = context.t
    if await permissions.member(context.work, context.person) is None:
        _serve_in_private(context)
        return
    named = "/" + context.said.command[:32]
    answer(context, t("{command} is not a command. Use {help} to see the commands.", command=named, help="/help"))


def _serve_in_private(context: StaffContext) -> None:
    t = context.t
    open_chat = Button(label=t.plain("Open the private chat"), url=f"https://t.me/{context.links.bot}")
    answer(context, t("Use the private chat to get help. Other members of this group cannot read it."), ((open_chat,),))


async def _help(context: StaffContext) -> None:
    """What there is for whom."""
    t = context.t
    found = await permissions.member(context.work, context.person)
    if found is None:
        _serve_in_private(context)
        return
    acts = frozenset().union(*(MAY[role] for _, role in found.roles))
    lines = [
        t("{command} – {what}", command=f"/{name}", what=t(text))
        for name, text in STAFF_COMMANDS.items()
        if name not in _NEEDS or _NEEDS[name] in acts
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


#: Which right a command is of no use without.
_NEEDS: Mapping[str, Act] = MappingProxyType(
    {
        "queue": Act.READ,
        "case": Act.READ,
        "find": Act.READ,
        "today": Act.READ,
        "intake": Act.INTAKE,
        "undo": Act.REPLY,
        "duplicate": Act.STATUS,
        "reference": Act.REFER,
        "looked": Act.LOOKED,
        "staff": Act.LIST_STAFF,
        "invite": Act.INVITE,
        "revoke": Act.REVOKE,
        "link": Act.LINK,
        "unlink": Act.LINK,
    }
)

_COMMANDS: Mapping[str, Callable[[StaffContext], Awaitable[None]]] = MappingProxyType(
    {
        "queue": lists.queue,
        "case": lists.case,
        "find": lists.find,
        "today": lists.today,
        "looked": lists.access_log,
        "invite": team.invite,
        "link": team.link,
        "unlink": team.unlink,
        "staff": team.people,
        "revoke": team.people,
        "undo": replies.undone,
        "duplicate": duplicates.duplicate_command,
        "reference": duplicates.reference_command,
        "whoami": team.whoami,
        "help": _help,
    }
)

#: In private these are flows of the dialogue.
_IN_GROUPS: Mapping[str, Callable[[StaffContext], Awaitable[None]]] = MappingProxyType({"intake": intake_link.offer})
