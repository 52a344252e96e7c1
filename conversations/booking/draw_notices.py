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
from services.notify.notices.bookings import DrawCalledOff, Drawn
from storage.records.bookings import Booking, BookingStatus
from storage.records.residents import Resident

S = BookingStatus


async def drawn(responder: Responder, notice: Drawn, _resident: Resident) -> None:
    """What the draw gave them, as it stands by now; nothing to one who has withdrawn, or has been offered a time."""
    booking = await bookings.by_id(responder.work, notice.booking)
    draw = None if booking is None else await draws.of(responder.work, booking.session_id)
    if booking is None or draw is None or draw.drawn_at is None:
        return
    if booking.status is S.CONFIRMED:
        head = responder.t("🎲 <b>The draw gave you this appointment.</b>")
        await _say_won(responder, booking, head, drawn_lines(responder.t, draw))
    elif booking.status is S.WAITING:
        place = await waiting_list.place_in_line(responder.work, booking)
        head = responder.t("🎲 <b>The draw did not give you a time. You stay on the waiting list.</b>")
        _say_waits_on(responder, booking, place, head, drawn_lines(responder.t, draw))


async def called_off(responder: Responder, notice: DrawCalledOff, _resident: Resident) -> None:
    """There is no draw after all: what the order of application gave them, as it stands by now."""
    booking = await bookings.by_id(responder.work, notice.booking)
    if booking is None:
        return
    t = responder.t
    why = (t("The municipality has called off the draw. The times were given in the order of application."),)
    if booking.status is S.CONFIRMED:
        await _say_won(responder, booking, t("📅 <b>You have an appointment, without a draw.</b>"), why)
    elif booking.status is S.WAITING:
        place = await waiting_list.place_in_line(responder.work, booking)
        _say_waits_on(responder, booking, place, t("🕓 <b>All times are given. You stay on the waiting list.</b>"), why)


async def _say_won(responder: Responder, booking: Booking, head: Markup, why: tuple[Markup, ...]) -> None:
    t = responder.t
    responder.say(
        t.join_lines(
            head,
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            await where_to_meet(responder, booking),
            Markup(),
            *why,
            Markup(),
            t("If you cannot come, please cancel so that someone else can have the time."),
        ),
        appointment_buttons(responder, booking),
        files=(entry,) if (entry := calendar_entry(responder, booking)) else (),
        subject=subject_of(booking),
    )


def _say_waits_on(responder: Responder, booking: Booking, place: int, head: Markup, why: tuple[Markup, ...]) -> None:
    t = responder.t
    leave = Button(label=t.plain("Leave the waiting list"), route="cancel", value=booking.reference)
    responder.say(
        t.join_lines(
            head,
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            t.full_date(booking.day),
            field(t, N_("Your position in the waiting list"), t.number(place)),
            Markup(),
            *why,
        ),
        ((leave,), (main_menu(t),)),
        subject=subject_of(booking),
    )


RENDERINGS = (Rendering(Drawn, drawn), Rendering(DrawCalledOff, called_off))
