"""The desk in a private chat: a member of staff looks things up there, and answers a card, as in the group."""

from __future__ import annotations

from datetime import datetime

from conversations.appointments import card as appointment_card
from conversations.engine.messages import Kind
from conversations.engine.step import Turn
from conversations.promises import recording
from conversations.staff import card, commands, near, replies, taps, unreplied
from conversations.staff.context import VERB, StaffContext
from services.actors import booking_in, case_in
from services.bookings import bookings
from services.cases import resident_actions
from services.casework import queries
from services.casework.templates import Templates
from services.staff import permissions
from services.staff.permissions import Act, Member
from services.text.references import bare_reference


async def in_private(
    turn: Turn, templates: Templates, *, asked_at: datetime | None = None, asked_for_words: bool = False
) -> bool:
    """Whether the desk has answered; else the dialogue with residents goes on.

    `asked_at` is when they were asked something as a resident, if they were: plain words are for the newest question.
    `asked_for_words` is whether that question, or the form it belongs to, takes what they type.
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
    if not asked_for_words and await _looked_up(context, turn):
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


async def _looked_up(context: StaffContext, turn: Turn) -> bool:
    """Show what a bare reference names, as /case does, where their right covers it.

    What is their own they see as any resident does.
    """
    said, work = context.said, context.work
    if said.kind is not Kind.TEXT or said.edited or said.forwarded or said.reply_to is not None:
        return False
    reference = bare_reference(said.text)
    member = None if reference is None else await context.member()
    if reference is None or member is None:
        return False
    case = await resident_actions.by_reference(work, reference)
    if case is not None:
        theirs = await resident_actions.own(work, reference, turn.resident) is not None
        if theirs or not member.may(Act.READ, case.office):
            return False
        await card.show_here(context, case)
        return True
    booking = await queries.booking_to_show(work, reference)
    if booking is None or booking.resident_id == turn.resident.id or not member.may(Act.READ, booking.office):
        return False
    await appointment_card.show_here(context, booking)
    return True


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
