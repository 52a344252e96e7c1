"""The chats of the offices: a group, or a topic of a forum, is tied to an office, or no longer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.staff import rights
from conversations.staff.context import StaffContext, Tap
from conversations.staff.office_scope import answer, office_buttons, office_named, office_title, refuse
from conversations.staff.registry import At, DeskButton, StaffButton, StaffCommand
from locales import N_
from services.actors import chat_subject
from services.staff import lost_chats, permissions
from services.staff.permissions import Act
from storage.ids import OfficeId


async def link(context: StaffContext) -> None:
    """/link OFFICE, in a group or in a topic of a forum."""
    t = context.t
    if not context.said.group:
        answer(context, t("Send {command} in the group you want to link to the office.", command="/link"))
        return
    offices = await rights.offices_with(context, Act.LINK, At.ANY_OFFICE)
    office = office_named(context.work.offices, context.said.argument, offices) if context.said.argument else None
    if office is None:
        answer(
            context,
            t("Which office is this group for? New requests for that office will appear here."),
            office_buttons(context, offices, "link"),
        )
        return
    text = await _linked(context, office)
    if text is None:
        refuse(context)
    else:
        answer(context, text)


async def _link(context: StaffContext, tap: Tap) -> None:
    text = await _linked(context, OfficeId(tap.argument)) if context.said.group else None
    if text is None:
        refuse(context)
    else:
        context.say(text, edit=context.said.message)


async def _linked(context: StaffContext, office: OfficeId) -> Markup | None:
    said, t = context.said, context.t
    before = await permissions.chat_of(context.work, office)
    linked = await permissions.link(context.work, context.person, office, said.chat, said.topic)
    if linked is None:
        return None
    await lost_chats.move(context.work, before, linked)
    name = office_title(t, context.work.offices, office)
    where = t("This group is now linked to {office}.", office=name)
    if said.topic is not None:
        where = t("This topic is now linked to {office}.", office=name)
    return t.join_lines(
        t("🔗 {where}", where=where),
        t(
            "New requests will appear here as cards. Use {queue} to see the requests that are already open.",
            queue="/queue",
        ),
        t("Anyone who leaves this group, or is removed from it, will lose their role at this office."),
    )


async def unlink(context: StaffContext) -> None:
    """/unlink: the group is an office's no more."""
    t = context.t
    here = await context.offices_here() if context.said.group else ()
    office = office_named(context.work.offices, context.said.argument, here) if context.said.argument else None
    if office is None and len(here) == 1:
        office = here[0]
    if office is None:
        text = (
            t("Which office do you want to unlink from this group?")
            if here
            else t("This group is not linked to an office.")
        )
        answer(context, text, office_buttons(context, here, "unlink"))
        return
    await _tell_unlinked(context, office)


async def _unlink(context: StaffContext, tap: Tap) -> None:
    if context.said.group and tap.argument in await context.offices_here():
        await _tell_unlinked(context, OfficeId(tap.argument))
    else:
        permissions.deny(context.work, context.person, Act.LINK, chat_subject(context.said.chat))
        refuse(context)


async def _tell_unlinked(context: StaffContext, office: OfficeId) -> None:
    gone = await permissions.unlink(context.work, context.person, office)
    if gone is None:
        refuse(context)
        return
    t = context.t
    name = office_title(t, context.work.offices, office)
    text = t("This group is no longer linked to {office}. To link it again, use {link}.", office=name, link="/link")
    if not gone:
        text = t(
            "The bot's settings link this group to {office}. You can only change this in the settings.", office=name
        )
    if context.said.tap:
        context.say(text, edit=context.said.message)
    else:
        answer(context, text)


COMMANDS = (
    StaffCommand("link", N_("Link this group to an office"), Act.LINK, link, At.ANY_OFFICE),
    StaffCommand("unlink", N_("Unlink this group from its office"), Act.LINK, unlink, At.ANY_OFFICE),
)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        "link": DeskButton(Act.LINK, _link, At.ANY_OFFICE),
        "unlink": DeskButton(Act.LINK, _unlink, At.ANY_OFFICE),
    }
)
