"""What those who applied are told of a draw."""

from __future__ import annotations

from markupsafe import Markup

from conversations.booking.confirmation import calendar_entry
from conversations.engine.notices import Rendering
from conversations.engine.step import Button, Responder
from conversations.texts.booking import appointment_buttons, booked_time, field, main_menu, subject_of
from conversations.texts.draw import drawn_lines
from conversations.texts.meeting import where_to_meet
from locales import N_
from services.bookings import bookings, draws, waiting_list
from services.bookings.draws import Draw
from services.notify.notices import Drawn
from storage.records import Booking, BookingStatus, Resident

S = BookingStatus


async def drawn(responder: Responder, notice: Drawn, _resident: Resident) -> None:
    """What the draw gave them, as it stands by now; nothing to one who has withdrawn, or has been offered a time."""
    booking = await bookings.by_id(responder.work, notice.booking)
    draw = None if booking is None else await draws.of(responder.work, booking.session_id)
    if booking is None or draw is None or draw.drawn_at is None:
        return
    if booking.status is S.CONFIRMED:
        _say_won(responder, booking, draw)
    elif booking.status is S.WAITING:
        place = await waiting_list.place_in_line(responder.work, booking)
        _say_waits_on(responder, booking, draw, place)


def _say_won(responder: Responder, booking: Booking, draw: Draw) -> None:
    t = responder.t
    responder.say(
        t.join_lines(
            t("🎲 <b>The draw gave you this appointment.</b>"),
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            where_to_meet(responder, booking),
            Markup(),
            *drawn_lines(t, draw),
            Markup(),
            t("If you cannot come, please cancel so that someone else can have the time."),
        ),
        appointment_buttons(responder, booking),
        files=(entry,) if (entry := calendar_entry(responder, booking)) else (),
        subject=subject_of(booking),
    )


def _say_waits_on(responder: Responder, booking: Booking, draw: Draw, place: int) -> None:
    t = responder.t
    leave = Button(label=t.plain("Leave the waiting list"), route="cancel", value=booking.reference)
    responder.say(
        t.join_lines(
            t("🎲 <b>The draw did not give you a time. You stay on the waiting list.</b>"),
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            t.full_date(booking.day),
            field(t, N_("Your position in the waiting list"), t.number(place)),
            Markup(),
            *drawn_lines(t, draw),
        ),
        ((leave,), (main_menu(t),)),
        subject=subject_of(booking),
    )


RENDERINGS = (Rendering(Drawn, drawn),)
