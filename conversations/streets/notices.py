"""What neighbours with one request hear of the one who speaks for all. Nobody is named."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.notices import Rendering
from conversations.engine.step import Button, Responder
from conversations.promises.texts import told_lines
from conversations.streets.buttons import PAGE
from conversations.streets.voices import voice_rows
from conversations.texts.booking import booked_time, office_name
from services.actors import case_subject
from services.bookings import bookings
from services.cases import resident_actions
from services.notify.notices.cases import StreetNews
from services.promises import outcomes
from services.promises.outcomes import OutcomeKind
from services.streets import streets
from services.streets.streets import Why
from storage.records.bookings import Booking
from storage.records.cases import Case
from storage.records.residents import Resident


async def tell(responder: Responder, notice: StreetNews, resident: Resident) -> None:
    """Said while it is true; what has passed is not."""
    case = await resident_actions.by_id(responder.work, notice.case)
    if case is not None and case.duplicate_of is not None:  # which keeps the offer
        case = await resident_actions.by_id(responder.work, case.duplicate_of)
    if case is None:
        return
    if notice.booking is not None:
        booking = await bookings.by_id(responder.work, notice.booking)
        if booking is not None:
            await _of_booking(responder, notice, case, booking)
        return
    await _of_offer(responder, notice, case, resident)


async def _of_offer(responder: Responder, notice: StreetNews, case: Case, resident: Resident) -> None:
    t, reference = responder.t, responder.t.ref(case.reference)
    found = await streets.standing(responder.work, case.id, resident.id)
    street = None if isinstance(found, Why) else found.street
    if notice.what == "ended":
        if street is None:
            text = t(
                "🏘 Nobody speaks for all who have request {reference} any more. It goes on as before.",
                reference=reference,
            )
            responder.say(text, (_page(responder, case),), subject=case_subject(case.id))
        return
    if isinstance(found, Why) or street is None or street.offer != notice.offer:
        return
    mine = street.resident_id == resident.id
    if notice.what == "offered" and street.chosen_at is None:
        text = t(
            "🏘 A neighbour offers to meet the municipality about request {reference} for all {n} of you. You get the "
            "outcome in writing.",
            reference=reference,
            n=found.people,
        )
        responder.say(text, voice_rows(t, case.reference, street.offer), subject=case_subject(case.id))
    elif notice.what == "chosen":
        text = (
            t("🏘 You speak for all who have request {reference}. You can book the appointment.", reference=reference)
            if mine
            else t("🏘 A neighbour speaks for all who have request {reference}.", reference=reference)
        )
        rows = [_page(responder, case)] if mine else voice_rows(t, case.reference, street.offer)
        responder.say(text, rows, subject=case_subject(case.id))


async def _of_booking(responder: Responder, notice: StreetNews, case: Case, booking: Booking) -> None:
    t, reference = responder.t, responder.t.ref(case.reference)
    lines: tuple[Markup | None, ...]
    match notice.what:
        case "outcome":
            lines = await _outcome(responder, notice, booking)
        case "called_off":
            lines = (t("🏘 The appointment about request {reference} is cancelled.", reference=reference),)
        case "booked" | "moved" if notice.version == booking.version:
            head = (
                t(
                    "🏘 A neighbour has booked an appointment about request {reference} for all of you.",
                    reference=reference,
                )
                if notice.what == "booked"
                else t("🏘 The appointment about request {reference} has another time.", reference=reference)
            )
            lines = (head, booked_time(t, booking), office_name(responder.work, t, booking.office))
        case _:
            return
    if lines:
        responder.say(t.join_lines(*lines), (_page(responder, case),), subject=case_subject(case.id))


async def _outcome(responder: Responder, notice: StreetNews, booking: Booking) -> tuple[Markup | None, ...]:
    """What came of the meeting, with what was promised; nothing where it was put right since."""
    t, found = responder.t, await outcomes.history(responder.work, booking.id)
    if not found or found[-1].version != notice.version:
        return ()
    if found[-1].kind is OutcomeKind.TAKEN_BACK:
        return (t("🏘 Please ignore what we told you came of the meeting for all. It was recorded by mistake."),)
    return (
        t("🏘 <b>Outcome of the meeting for all of you</b>"),
        t.full_date(booking.day),
        Markup(),
        *told_lines(t, responder.work, booking.office, found[-1], asks=False),
    )


def _page(responder: Responder, case: Case) -> list[Button]:
    return [Button(label=responder.t.plain("🏘 Our appointment"), route=PAGE, value=case.reference)]


RENDERINGS = (Rendering(StreetNews, tell),)
