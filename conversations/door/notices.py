"""What residents are told of their ticket outside a conversation."""

from __future__ import annotations

from markupsafe import Markup

from conversations.door.words import lane_line
from conversations.engine.notices import Rendering
from conversations.engine.step import Button, Responder
from conversations.texts.booking import subject_of, where
from services.bookings import bookings, sessions
from services.notify.notices.line import TicketGiven
from services.visits import visits
from services.visits.states import IN_LINE
from storage.records.residents import Resident


async def ticket_given(responder: Responder, notice: TicketGiven, resident: Resident) -> None:
    """The ticket of somebody whom staff added; nothing once it was called, or where the booking is not theirs."""
    work, t = responder.work, responder.t
    booking = await bookings.by_id(work, notice.booking)
    visit = await visits.of(work, notice.booking)
    if booking is None or visit is None or booking.resident_id != resident.id or visit.status not in IN_LINE:
        return
    session = await sessions.session(work, visit.session_id)
    responder.say(
        t.join_lines(
            t("🚶 The municipality has recorded that you came without an appointment."),
            t("🎫 Your number: <b>{n}</b>", n=visit.ticket),
            None if session is None else lane_line(work, t, session),
            where(work, t, booking.office),
            Markup(),
            t("Please stay nearby until your number is called."),
        ),
        ((Button(label=t.plain("Not mine"), route="not_mine", value=booking.reference),),),
        subject=subject_of(booking),
    )


RENDERINGS = (Rendering(TicketGiven, ticket_given),)
