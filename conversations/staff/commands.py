"""The commands of the staff, in their group and in private: the table of them all, and /help."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.admin import audit, menu, privacy_desk
from conversations.announcements import group_links
from conversations.appointments import days
from conversations.briefs import command as briefs
from conversations.day_pages import commands as day_pages
from conversations.door import desk as door_desk
from conversations.line import panel as line_panel
from conversations.promises import recording
from conversations.reports import command as reports
from conversations.staff import (
    access_log,
    corrections,
    duplicates,
    intake_link,
    invitations,
    near,
    office_chats,
    offices_link,
    people,
    queues,
    rights,
    search,
    today,
)
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import At, StaffCommand
from conversations.staff.to_private import lead_to_private
from locales import N_, Localizer
from services.staff.permissions import EVERY_OFFICE, Act, Member
from storage.ids import OfficeId


async def command(context: StaffContext) -> bool:
    """Answer a command; False where there is nothing to say: in a group others have commands too."""
    found = COMMANDS.get(context.said.command)
    if found is not None and (found.in_private or context.said.group):
        await run(context, found)
        return True
    if not context.said.group or not _is_addressed(context):
        return False
    await _unknown(context)
    return True


async def run(context: StaffContext, found: StaffCommand) -> None:
    """Answer a command to whoever may use it; others are told that they may not."""
    if found.right is None or await rights.may(context, found.right, found.at):
        await _answer(context, found)


async def _answer(context: StaffContext, found: StaffCommand) -> None:
    member = await context.member()
    offered_here = found.offered_to is None or (member is not None and found.offered_to(member))
    if found.alone and context.said.group and offered_here:  # who may not is refused by the answer itself
        menu.elsewhere(context, found.name)
    else:
        await found.answer(context)


def offered(member: Member, offices: Collection[OfficeId], *, group: bool) -> tuple[StaffCommand, ...]:
    """What a member may do: in the group of these offices, or with these offices in private."""
    return tuple(
        one for one in COMMANDS.values() if (group or one.in_private or one.listed) and is_offered(one, member, offices)
    )


def is_offered(one: StaffCommand, member: Member, offices: Collection[OfficeId]) -> bool:
    """Whether a member's rights at these offices, or beyond them, let them use a command."""
    if one.offered_to is not None:
        return one.offered_to(member)
    match one.right, one.at:
        case None, _:
            return True
        case right, At.EVERY_OFFICE:
            return member.may(right, EVERY_OFFICE)
        case right, At.ANY_OFFICE:
            return any(member.may(right, office) for office, _ in member.roles)
        case right, _:
            return bool(member.offices(right, offices))


def is_for_staff(name: str) -> bool:
    """Whether a command is one of the desk's in private too."""
    return name in COMMANDS and COMMANDS[name].in_private


def is_for_strangers(name: str) -> bool:
    """Whether a command is answered, in private, also to who has no role."""
    return name in COMMANDS and COMMANDS[name].for_strangers


def descriptions() -> Mapping[str, str]:
    """What each command is for, as the channel lists them in groups to whom it shows no list of their own."""
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
    if context.speaks_as_chat:
        refuse(context)
        return
    t = context.t
    lead_to_private(context, t("Use the private chat to get help. Other members of this group cannot read it."))


async def _help(context: StaffContext) -> None:
    """What there is for whom."""
    t = context.t
    found = await context.member()
    if found is None:
        _serve_in_private(context)
        return
    group = context.said.group
    lines = [
        t("{command} – {what}", command=f"/{one.name}", what=t(one.description))
        for one in offered(found, await context.offices_here(), group=group)
    ]
    answer(
        context,
        t.join_lines(
            t("👥 <b>Staff commands</b>"),
            *lines,
            "",
            *_on_cards(t, await _acts(context, found)),
            None if group else t("The menu applicants see: {menu}", menu="/menu"),
        ),
    )


async def _acts(context: StaffContext, member: Member) -> frozenset[Act]:
    here = await context.offices_here()
    return frozenset(act for act in Act if member.offices(act, here))


def _on_cards(t: Localizer, acts: frozenset[Act]) -> Iterator[Markup]:
    """What a reply to a card can be, for whom."""
    if not acts & {Act.ASK, Act.NOTE, Act.REPLY}:
        return
    yield t("You can reply to a card with:")
    if Act.ASK in acts:
        yield t("{sign} and a question for the applicant", sign="؟" if t.rtl else "?")
    if Act.NOTE in acts:
        yield t("{sign} and an internal note", sign="#")
    if Act.REPLY in acts:
        yield t("any other message: an official reply")


#: By name, in the order in which they are listed. Each module lists its own.
COMMANDS: Mapping[str, StaffCommand] = MappingProxyType(
    {
        one.name: one
        for one in (
            *queues.COMMANDS,
            *search.COMMANDS,
            *near.COMMANDS,
            *today.COMMANDS,
            *days.COMMANDS,
            *line_panel.COMMANDS,
            *briefs.COMMANDS,
            *day_pages.COMMANDS,
            *recording.COMMANDS,
            *door_desk.COMMANDS,
            *intake_link.COMMANDS,
            *corrections.COMMANDS,
            *duplicates.COMMANDS,
            *access_log.COMMANDS,
            *reports.COMMANDS,
            *people.COMMANDS,
            *invitations.COMMANDS,
            *office_chats.COMMANDS,
            *menu.COMMANDS,
            *audit.COMMANDS,
            *privacy_desk.COMMANDS,
            *offices_link.COMMANDS,
            *group_links.COMMANDS,
            StaffCommand("help", N_("Help"), None, _help),
        )
    }
)
