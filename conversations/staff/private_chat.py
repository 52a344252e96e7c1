"""The desk in a private chat: a member of staff looks things up there, and answers a card, as in the group."""

from __future__ import annotations

from datetime import datetime

from conversations.engine.messages import Kind
from conversations.engine.step import Turn
from conversations.promises import recording
from conversations.staff import commands, near, replies, taps, unreplied
from conversations.staff.context import VERB, StaffContext
from services.actors import booking_in, case_in
from services.bookings import bookings
from services.cases import resident_actions
from services.casework.templates import Templates
from services.staff import permissions
from services.staff.permissions import Act, Member


async def in_private(turn: Turn, templates: Templates, *, asked_at: datetime | None = None) -> bool:
    """Whether the desk has answered; else the dialogue with residents goes on.

    `asked_at` is when they were asked something as a resident, if they were: plain words are for the newest question.
    """
    said = turn.said
    context = StaffContext.of(turn, turn.catalogues, templates, said)
    if said.kind is Kind.CHOICE:
        if not said.choice.startswith(f"{VERB}:"):
            return False
        await taps.tapped(context)
        turn.toast = context.toast
        return True
    if await near.located(context):
        permissions.remember_name(turn.work, context.person)
        return True
    if turn.about and await recording.replied(context, turn.about):
        return True
    if await unreplied.in_private(context, asked_at):
        permissions.remember_name(turn.work, context.person)
        return True
    is_command = said.kind is Kind.COMMAND and commands.is_for_staff(said.command)
    # A command that opens a flow of the private chat is no word about a case, also as a reply to its card.
    if not is_command and (said.edited or said.kind is Kind.COMMAND or _is_about_nothing(turn)):
        return False
    member = await context.member()
    if member is None and is_command and commands.is_for_strangers(said.command):
        return await commands.command(context)
    if member is None or not (is_command or await _is_for_the_desk(turn, member)):
        return False
    permissions.remember_name(turn.work, context.person)
    return await commands.command(context) if is_command else await replies.handle_message(context)


def _is_about_nothing(turn: Turn) -> bool:
    """Whether it replies to nothing of a case or an appointment."""
    return case_in(turn.about) is None and booking_in(turn.about) is None


async def _is_for_the_desk(turn: Turn, member: Member) -> bool:
    """A reply to the card of a case of the office; of their own requests they speak as any resident does."""
    if (booking_id := booking_in(turn.about)) is not None:
        booking = await bookings.by_id(turn.work, booking_id)
        here = booking is not None and member.may(Act.READ, booking.office)
        return here and booking is not None and booking.resident_id != turn.resident.id
    number = case_in(turn.about)
    case = None if number is None else await resident_actions.by_id(turn.work, number)
    if case is None or not member.may(Act.READ, case.office):
        return False
    return await resident_actions.own(turn.work, case.reference, turn.resident) is None
