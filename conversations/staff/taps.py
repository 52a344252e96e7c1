"""A tap on a button of the staff's: which button it is, whether they may, then its answer.

A tap is untrusted: its verb, its case, its version and its argument may be anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.admin import audit, menu, privacy_desk
from conversations.appointments import changing, days, words
from conversations.appointments import taps as appointment_taps
from conversations.briefs import command as briefs
from conversations.dangers import alert
from conversations.delegation import desk as delegation_desk
from conversations.door import desk as door_desk
from conversations.door import page as door_page
from conversations.door import visitor as door_visitor
from conversations.line import taps as line_taps
from conversations.promises import recording
from conversations.reports import command as reports
from conversations.staff import (
    access_log,
    by_hand,
    card_actions,
    duplicates,
    handover,
    history,
    invitations,
    office_chats,
    people,
    public_summary,
    queues,
    reply_buttons,
    reused_answer,
    rights,
    search,
    templates,
    today,
    tools,
    unanswered,
    unreplied,
)
from conversations.staff.context import StaffContext, Tap, read
from conversations.staff.office_scope import refuse
from conversations.staff.registry import BookingButton, CaseButton, DeskButton, SessionButton, StaffButton
from services.actors import FORGED_BUTTON, chat_subject
from services.staff import permissions
from services.staff.permissions import Act
from storage.ids import BookingId, SessionId

#: By the verb that a button carries.
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        **card_actions.BUTTONS,
        **history.BUTTONS,
        **reply_buttons.BUTTONS,
        **public_summary.BUTTONS,
        **reused_answer.BUTTONS,
        **unanswered.BUTTONS,
        **unreplied.BUTTONS,
        **templates.BUTTONS,
        **handover.BUTTONS,
        **duplicates.BUTTONS,
        **queues.BUTTONS,
        **search.BUTTONS,
        **today.BUTTONS,
        **tools.BUTTONS,
        **alert.BUTTONS,
        **appointment_taps.BUTTONS,
        **changing.BUTTONS,
        **words.BUTTONS,
        **days.BUTTONS,
        **delegation_desk.BUTTONS,
        **door_desk.BUTTONS,
        **door_page.BUTTONS,
        **door_visitor.BUTTONS,
        **line_taps.BUTTONS,
        **briefs.BUTTONS,
        **access_log.BUTTONS,
        **by_hand.BUTTONS,
        **reports.BUTTONS,
        **recording.BUTTONS,
        **invitations.BUTTONS,
        **people.BUTTONS,
        **office_chats.BUTTONS,
        **menu.BUTTONS,
        **audit.BUTTONS,
        **privacy_desk.BUTTONS,
    }
)


async def tapped(context: StaffContext) -> None:
    """Answer a tap, in a group or in private."""
    tap = read(context.said.choice)
    if tap is None:
        permissions.deny(context.work, context.person, Act.READ, FORGED_BUTTON)
        refuse(context)
        return
    match BUTTONS.get(tap.verb):
        case CaseButton() as button:
            await _about_case(context, tap, button)
        case BookingButton() as button:
            booking = await rights.booking_for(context, button.right, BookingId(tap.case))
            if booking is not None:
                await button.answer(context, tap, booking)
        case SessionButton() as button:
            session = await rights.session_for(context, button.right, SessionId(tap.case))
            if session is not None:
                await button.answer(context, tap, session)
        case DeskButton(alone=True) as button if context.said.group:  # no message there has such a button
            permissions.deny(context.work, context.person, button.right or Act.READ, chat_subject(context.said.chat))
            refuse(context)
        case DeskButton() as button:
            if button.right is None or await rights.may(context, button.right, button.at):
                await button.answer(context, tap)
        case None:
            refuse(context)


async def _about_case(context: StaffContext, tap: Tap, button: CaseButton) -> None:
    if await handover.was_transferred_from_here(context, tap):
        context.toast = context.t.plain("Done. The card is updated.")
        return
    case = await rights.case_for(context, button.needs(context, tap), tap.case)
    if case is not None:
        await button.answer(context, tap, case)
