"""The bot in a group: the desk of an office's team where the group is one, and next to nothing anywhere else."""

from __future__ import annotations

from conversations.engine.messages import Incoming, Kind
from conversations.engine.step import Responder
from conversations.promises import recording
from conversations.staff import commands, lost_group, near, people, replies, taps, unreplied
from conversations.staff.context import StaffContext
from locales import Catalogues
from services.casework.templates import Templates
from services.staff import permissions


async def in_group(responder: Responder, catalogues: Catalogues, templates: Templates, said: Incoming) -> str:
    """Answer what happened in a group; the short answer to a tap, where it was one."""
    context = StaffContext.of(responder, catalogues, templates, said)
    if await context.member() is not None:
        permissions.remember_name(context.work, context.person)
    match said.kind:
        case Kind.JOINED:
            await lost_group.added(context)
        case Kind.LEFT:
            await lost_group.removed(context)
        case Kind.CHOICE:
            await taps.tapped(context)
        case Kind.COMMAND:
            if not said.edited:
                await commands.command(context)
        case Kind.MEMBER_LEFT:
            await people.member_left(context)
        case _:
            if await near.located(context):
                return context.toast
            if not (await recording.replied(context) or await replies.handle_message(context)):
                await unreplied.in_group(context)
    return context.toast
