"""`checkin_B-…`, the code that a visitor shows: what staff at the door see of it, and what its owner sees."""

from __future__ import annotations

from markupsafe import Markup

from conversations.booking.confirmation import check_in_code
from conversations.booking.own import not_found
from conversations.door.visitor import say_elsewhere, show_named, visitor_text
from conversations.door.words import lane_line
from conversations.engine.step import Next, NoReply, Reask, Redirect, Turn
from conversations.on_behalf.step import person_of
from conversations.staff.office_scope import refusal
from conversations.texts.booking import appointment_buttons, booked_time, field, subject_of, where
from locales import N_
from services.bookings import bookings, sessions
from services.staff.permissions import Act
from services.text.references import parse_reference
from services.visits import door
from services.visits.door import AFTER, BEFORE, Elsewhere, Seen
from services.visits.visits import Denied
from storage.records.bookings import Booking, BookingStatus


async def opened(turn: Turn, argument: str) -> Next:
    """Whoever's code it is sees their own; staff at that office's door see who has come. Others see nothing."""
    reference = parse_reference(argument)
    if reference is None:
        return not_found(turn)
    own = await bookings.own(turn.work, reference, turn.resident)
    if own is not None:
        return await _own(turn, own)
    match await door.look(turn.work, person_of(turn), reference):
        case Seen() as seen:
            show_named(turn, await visitor_text(turn, seen, named=True), seen)
        case Elsewhere(booking=booking):
            say_elsewhere(turn, booking)
        case Denied():
            return Reask(refusal(turn.t, Act.RECEIVE))
        case None:
            return not_found(turn)
    return NoReply()


async def _own(turn: Turn, booking: Booking) -> Next:
    """The code to show, where to go, and from when on the code at the entrance serves instead."""
    if booking.status is not BookingStatus.CONFIRMED or booking.starts_at is None or booking.day < turn.work.today:
        return Redirect("appointment", booking.reference)
    t = turn.t
    session = await sessions.session(turn.work, booking.session_id)
    turn.say(
        t.join_lines(
            t("📅 <b>Your appointment</b>"),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            None if session is None else lane_line(turn.work, t, session),
            where(turn.work, t, booking.office),
            Markup(),
            t("Show this code at reception when you arrive."),
            t(
                "You can also scan the code at the entrance and record your arrival yourself, from {first} to {last}.",
                first=t.time(booking.starts_at - BEFORE),
                last=t.time(booking.starts_at + AFTER),
            ),
        ),
        appointment_buttons(turn, booking),
        files=(check_in_code(turn, booking),),
        subject=subject_of(booking),
    )
    return NoReply()
