"""The living card of an appointment: where it is, and that it is to show how the appointment stands by now."""

from __future__ import annotations

from datetime import datetime

from services.actors import booking_subject
from services.notify.enqueue import notify_office
from services.notify.notices.bookings import StaffBookingCard
from services.unit_of_work import Work
from storage import booking_cards as rows
from storage import bookings as booking_rows
from storage import outbox
from storage.booking_cards import BookingCard, group
from storage.ids import BookingId, ChatId, MessageId
from storage.records.bookings import Booking
from storage.records.staff import StaffChat

__all__ = [
    "BookingCard",
    "group",
    "is_on_its_way",
    "lift",
    "of",
    "owe_card",
    "owe_card_again",
    "place",
    "show_day",
    "shown_by",
    "shows",
]


def owe_card(work: Work, booking: Booking) -> None:
    """The card is to show how the appointment stands; an edit that has not gone out gives way to this one.

    It is put into words after the commit, so one is enough however often a transaction changes the appointment.
    """
    group = f"booking_card_notice:{booking.id}"
    if group in work.owed:
        return
    work.owed.add(group)
    notify_office(
        work,
        booking.office,
        StaffBookingCard(booking=booking.id),
        key=None,
        subject=booking_subject(booking.id),
        supersedes=group,
    )


async def show_day(work: Work, limit: int) -> int:
    """On the morning of a day its cards lead with what is done on the day: those of `limit` sessions; how many."""
    due = await rows.sessions_to_show(work.tx, work.today, limit)
    for session in due:
        for booking in await rows.take_day(work.tx, session, work.today):
            if (found := await booking_rows.by_id(work.tx, booking)) is not None:
                owe_card(work, found)
    return len(due)


def owe_card_again(work: Work, booking: Booking, at: datetime) -> None:
    """The card is to show then what can no longer be done."""
    notify_office(
        work,
        booking.office,
        StaffBookingCard(booking=booking.id),
        key=None,
        subject=booking_subject(booking.id),
        supersedes=f"booking_card_again:{booking.id}",
        not_before=at,
    )


async def of(work: Work, booking: BookingId) -> BookingCard | None:
    return await rows.of(work.tx, booking)


async def shown_by(work: Work, channel: str, chat: ChatId, message: MessageId) -> BookingId | None:
    """Whose card a message is."""
    return await rows.booking_at(work.tx, channel, chat, message)


async def place(work: Work, booking: BookingId, chat: StaffChat) -> BookingCard:
    """The card belongs in this chat. One that was elsewhere is shown anew."""
    return await rows.place(work.tx, booking, chat, work.now)


def lift(work: Work, booking: BookingId) -> None:
    """The card is shown anew: which message it is, is known once that was sent."""
    rows.lift(work.tx, booking)


def shows(work: Work, booking: BookingId, digest: str) -> None:
    """What the card is made to show now."""
    rows.shows(work.tx, booking, digest)


async def is_on_its_way(work: Work, booking: BookingId) -> bool:
    """Whether a message that shows the card waits to be sent."""
    return await outbox.is_under_way(work.tx, group(booking))
