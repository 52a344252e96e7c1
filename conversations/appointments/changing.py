"""An appointment is moved, cancelled or held another way from its card: a first tap asks, and a second does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.appointments import card
from conversations.appointments.card_text import card_of
from conversations.appointments.own import RIGHTS
from conversations.booking.day_buttons import slot_label
from conversations.engine.step import Button, Rows
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import refuse
from conversations.staff.registry import BookingButton, StaffButton
from conversations.texts.booking import STAFF_REASONS
from conversations.texts.meeting import MEETINGS, NOT_CHANGED
from locales import N_
from services.actors import booking_subject
from services.bookings import bookings, desk_actions, meeting_changes, sessions
from services.bookings.bookings import NotCancellable, NotMovable, SlotTaken
from services.bookings.desk_actions import Denied
from services.bookings.meeting_changes import NotChanged
from services.bookings.meetings import Meeting
from storage.ids import SlotId
from storage.records.bookings import Booking
from storage.records.sessions import Slot

_TIMES = 8  # that are offered
_NO_REASON = "none"


async def _menu(context: StaffContext, booking: Booking, question: Markup, rows: Rows, seen: int) -> None:
    """A question below what the card says."""
    text, _ = await card_of(context, booking)
    back = button(context.t.plain("⬅️ Back"), "bk_card", booking.id, seen)
    text = context.t.join_lines(text, "", question)
    context.say(text, (*rows, (back,)), subject=booking_subject(booking.id), edit=context.said.message)


async def _back(context: StaffContext, _tap: Tap, booking: Booking) -> None:
    await card.refresh(context, booking)


# ---------------------------------------------------------------------------- moved


async def _move(context: StaffContext, tap: Tap, booking: Booking) -> None:
    seen, t = await card.seen_now(context, tap, booking), context.t
    if seen is None:
        return
    free = [slot for _, slot in await sessions.nearest_free(context.work, booking.office, limit=_TIMES)]
    if not free:
        context.toast = t.plain("No other time is available.")
        return
    labels = [button(slot_label(t, slot.starts_at), "bk_move_to", booking.id, seen, str(slot.id)) for slot in free]
    rows = [labels[start : start + 2] for start in range(0, len(labels), 2)]
    await _menu(context, booking, t("To which time?"), rows, seen)


async def _move_to(context: StaffContext, tap: Tap, booking: Booking) -> None:
    seen, slot, t = await card.seen_now(context, tap, booking), await _slot(context, tap), context.t
    if seen is None:
        return
    if slot is None:
        context.toast = t.plain("That time is no longer available.")
        return
    yes = button(t.plain("🔁 Move it"), "bk_move_yes", booking.id, seen, str(slot.id))
    question = t("Move it to {time}? The visitor will be told.", time=t.moment(slot.starts_at))
    await _menu(context, booking, question, ((yes,),), seen)


async def _move_yes(context: StaffContext, tap: Tap, booking: Booking) -> None:
    if await card.seen_now(context, tap, booking) is None:
        return
    slot, t = await _slot(context, tap), context.t
    moved = SlotTaken() if slot is None else await desk_actions.move(context.work, context.person, booking, slot.id)
    match moved:
        case Denied():
            refuse(context, RIGHTS["bk_move"])
        case Booking():
            context.toast = t.plain("Moved. We will tell the visitor.")
            await card.refresh(context, moved)
        case SlotTaken():
            context.toast = t.plain("That time is no longer available.")
            await card.refresh(context, booking)
        case NotMovable():
            context.toast = t.plain(card.CHANGED)
            await card.refresh(context, booking)


async def _slot(context: StaffContext, tap: Tap) -> Slot | None:
    number = tap.argument
    if not (number.isascii() and number.isdecimal()) or len(number) > 15:
        return None
    return await sessions.slot(context.work, SlotId(int(number)))


# ---------------------------------------------------------------------------- in person, by phone or by video


async def _meet(context: StaffContext, tap: Tap, booking: Booking) -> None:
    seen, t = await card.seen_now(context, tap, booking), context.t
    if seen is None:
        return
    ways = meeting_changes.others(context.work, booking)
    rows = [[button(t.plain(MEETINGS[way]), "bk_meet_yes", booking.id, seen, way.value)] for way in ways]
    await _menu(context, booking, t("How will you meet instead? The visitor will be told."), rows, seen)


async def _meet_yes(context: StaffContext, tap: Tap, booking: Booking) -> None:
    if await card.seen_now(context, tap, booking) is None or tap.argument not in set(Meeting):
        return
    t, wanted = context.t, Meeting(tap.argument)
    changed = await meeting_changes.change_by_municipality(context.work, context.person, booking, wanted)
    match changed:
        case Denied():
            refuse(context, RIGHTS["bk_meet"])
        case Booking():
            context.toast = t.plain("Changed. We will tell the visitor.")
            await card.refresh(context, changed)
        case NotChanged():
            context.toast = t.plain(NOT_CHANGED[changed])
            await card.refresh(context, booking)


# ---------------------------------------------------------------------------- cancelled


async def _cancel(context: StaffContext, tap: Tap, booking: Booking) -> None:
    seen, t = await card.seen_now(context, tap, booking), context.t
    if seen is None:
        return
    reasons = {**STAFF_REASONS, _NO_REASON: N_("Cancel without a reason")}
    rows = [[_reason(t.plain(text), reason, booking, seen)] for reason, text in reasons.items()]
    await _menu(context, booking, t("Cancel this appointment? The visitor will be told, with the reason."), rows, seen)


def _reason(label: str, reason: str, booking: Booking, seen: int) -> Button:
    return button(label, "bk_cancel_yes", booking.id, seen, reason)


async def _cancel_yes(context: StaffContext, tap: Tap, booking: Booking) -> None:
    if await card.seen_now(context, tap, booking) is None:
        return
    reason = tap.argument if tap.argument in STAFF_REASONS else ""
    ended = await desk_actions.cancel(context.work, context.person, booking, reason)
    if isinstance(ended, Denied):
        refuse(context, RIGHTS["bk_cancel"])
        return
    done = not isinstance(ended, NotCancellable)
    context.toast = context.t.plain("Cancelled. We will tell the visitor.") if done else context.t.plain(card.CHANGED)
    await card.refresh(context, await bookings.by_id(context.work, booking.id) or booking)


_ANSWERS: Mapping[str, Callable[[StaffContext, Tap, Booking], Awaitable[None]]] = MappingProxyType(
    {
        "bk_card": _back,
        "bk_move": _move,
        "bk_move_to": _move_to,
        "bk_move_yes": _move_yes,
        "bk_meet": _meet,
        "bk_meet_yes": _meet_yes,
        "bk_cancel": _cancel,
        "bk_cancel_yes": _cancel_yes,
    }
)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {verb: BookingButton(RIGHTS[verb], answer) for verb, answer in _ANSWERS.items()}
)
