"""What is told about appointments outside a conversation. Each looks again whether it is still true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from conversations.booking import question
from conversations.booking.confirmation import calendar_entry, say_code, say_place
from conversations.booking.day_buttons import slot_label
from conversations.engine.messages import Emphasis
from conversations.engine.notices import Rendering
from conversations.engine.step import Button, Responder
from conversations.texts.booking import (
    appointment_buttons,
    booked_time,
    field,
    main_menu,
    offer_buttons,
    office_name,
    only_waited,
    reason_words,
    release_rows,
    release_words,
    star_buttons,
    subject_of,
    topic_name,
)
from conversations.texts.meeting import MEETINGS, in_person, where_to_meet
from locales import N_, Localizer
from services.bookings import answers, availability, bookings, releases, sessions
from services.bookings.meetings import meeting_of
from services.notify import quiet_hours
from services.notify.notices.bookings import (
    BookingAnswered,
    BookingAnswerUndone,
    BookingAsked,
    BookingCancelled,
    BookingMoved,
    BookingReminder,
    MeetingChanged,
    OfferLapsed,
    RateMeeting,
    SeatOffered,
    Stage,
    WaitingEnded,
)
from services.text.normalise import MAX_WORDS
from storage.ids import BookingId
from storage.records.bookings import Booking, BookingEventKind, BookingStatus
from storage.records.residents import Resident

S = BookingStatus
NEAREST = 3
_SOON = timedelta(hours=3)  # what is nearer is told by the time left

Buttons = tuple[tuple[Button, ...], ...]


# ---------------------------------------------------------------------------- reminders


async def reminder(responder: Responder, notice: BookingReminder, resident: Resident) -> None:
    """Three days, one day, two hours before; nothing of an appointment that was cancelled, moved or begun.

    One that comes late, after an outage, says how long it is by then.
    """
    booking = await _current(responder, notice.booking, notice.version)
    if booking is None or booking.status is not S.CONFIRMED or booking.starts_at is None:
        return
    if booking.starts_at <= responder.work.now or not resident.wants_reminders:
        return
    if await releases.pending(responder.work, booking) is not None:
        return  # they have just released it
    if notice.stage is Stage.TWO_HOURS:
        say_place(responder, booking)  # the pin first, so that the text is the last thing they see
    t = responder.t
    responder.say(
        t.join_lines(
            _how_soon(responder, booking.starts_at),
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            await where_to_meet(responder, booking),
            Markup(),
            await _cost(responder, booking),
        ),
        _reminder_buttons(responder, booking, notice.stage),
        subject=subject_of(booking),
    )


def _how_soon(responder: Responder, starts_at: datetime) -> Markup:
    t, left = responder.t, starts_at - responder.work.now
    days = (starts_at.astimezone(responder.work.offices.zone).date() - responder.work.today).days
    if left < _SOON:
        return t("⏰ <b>Your appointment is in {span}.</b>", span=t.duration(left))
    if days == 0:
        return t("⏰ <b>Your appointment is today at {time}.</b>", time=t.time(starts_at))
    if days == 1:
        return t("🔔 <b>Your appointment is tomorrow at {time}.</b>", time=t.time(starts_at))
    return t("🗓 <b>Your appointment is in {span}.</b>", span=t.duration(timedelta(days=days)))


async def _cost(responder: Responder, booking: Booking) -> Markup:
    """What a missed visit costs. Naming it lowers missed visits more than asking people to come."""
    t, work = responder.t, responder.work
    office, board = work.offices.get(booking.office), await availability.look(work, booking.session_id)
    if office is None or board is None or booking.starts_at is None or booking.ends_at is None:
        return Markup()
    if waiting := len(board.waiting()):
        return t.plural(
            "{n} person is waiting for a time. If you cannot come, please cancel so that they can have yours.",
            "{n} people are waiting for a time. If you cannot come, please cancel so that one of them can have yours.",
            waiting,
        )
    return t("If you cannot come, please cancel so that someone else can have the time.")


def _reminder_buttons(responder: Responder, booking: Booking, stage: Stage) -> Buttons:
    t, ref = responder.t, booking.reference
    attend = (Button(label=t.plain("I will come"), route="attend", value=ref, emphasis=Emphasis.CONFIRM),)
    change = (
        Button(label=t.plain("Reschedule"), route="move", value=ref),
        Button(label=t.plain("Cancel"), route="cancel", value=ref, emphasis=Emphasis.DANGER),
    )
    return (change,) if stage is Stage.THREE_DAYS else (attend, change)


# ---------------------------------------------------------------------------- the waiting list


async def seat_offered(responder: Responder, notice: SeatOffered, _resident: Resident) -> None:
    booking = await _current(responder, notice.booking, notice.version)
    if booking is None or booking.status is not S.OFFERED or booking.deadline is None:
        return
    if booking.deadline <= responder.work.now:
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t("🔔 <b>A time has become available for you.</b>"),
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            await where_to_meet(responder, booking),
            Markup(),
            _until(responder, booking, booking.deadline),
        ),
        offer_buttons(t, booking.reference),
        subject=subject_of(booking),
        silent=quiet_hours.is_quiet(responder.work, responder.work.now),
    )


def _until(responder: Responder, booking: Booking, deadline: datetime) -> Markup:
    """How long the seat is kept. An offer made at night does not cost the position in the waiting list."""
    t, moment = responder.t, responder.t.moment(deadline)
    if quiet_hours.is_quiet(responder.work, booking.updated_at):
        return t(
            "We will hold it for you until {moment}. After that you will still keep your place on the waiting list.",
            moment=moment,
        )
    return t(
        "We will hold it for you until {moment}. After that we will offer it to someone else and "
        "you will lose your place on the waiting list.",
        moment=moment,
    )


async def offer_lapsed(responder: Responder, notice: OfferLapsed, _resident: Resident) -> None:
    booking = await bookings.by_id(responder.work, notice.booking)
    if booking is None or booking.status not in {S.EXPIRED, S.WAITING}:
        return
    t, reference, elsewhere = responder.t, responder.t.ref(booking.reference), await _elsewhere(responder, booking)
    if booking.status is S.WAITING:  # it was offered at night
        said = t(
            "We offered you a time for {reference} during the night, and the deadline to accept it "
            "has passed. You still have your place on the waiting list. We will offer you the next "
            "time that becomes available here.",
            reference=reference,
        )
        responder.say(t.join_lines(said, elsewhere.times), elsewhere.rows, subject=subject_of(booking))
        return
    said = t(
        "You did not accept the time we offered for {reference} before the deadline. You are no "
        "longer on the waiting list.",
        reference=reference,
    )
    rows = (*await _once_more(responder, booking), *elsewhere.rows)
    responder.say(t.join_lines(said, elsewhere.times or elsewhere.none), rows, subject=subject_of(booking))


async def _once_more(responder: Responder, booking: Booking) -> Buttons:
    """Stand in the same line again, as long as a time may still become free there."""
    board = await availability.look(responder.work, booking.session_id)
    if board is None or not board.anything_ahead(responder.work.now):
        return ()
    return ((Button(label=responder.t.plain("Rejoin the waiting list"), route="line", value=booking.reference),),)


async def waiting_ended(responder: Responder, notice: WaitingEnded, _resident: Resident) -> None:
    booking = await bookings.by_id(responder.work, notice.booking)
    if booking is None or booking.status not in {S.EXPIRED, S.CANCELLED_BY_MUNICIPALITY}:
        return
    t, elsewhere = responder.t, await _elsewhere(responder, booking)
    responder.say(
        t.join_lines(
            t(
                "Sorry, no time became available on {date}. The waiting list for that day is now closed.",
                date=t.date(booking.day),
            ),
            field(t, N_("Reference"), t.ref(booking.reference)),
            elsewhere.times or elsewhere.none,
        ),
        elsewhere.rows,
        subject=subject_of(booking),
    )


# ---------------------------------------------------------------------------- the municipality changed it


async def cancelled(responder: Responder, notice: BookingCancelled, _resident: Resident) -> None:
    booking = await bookings.by_id(responder.work, notice.booking)
    if booking is None or booking.status is not S.CANCELLED_BY_MUNICIPALITY:
        return
    t, elsewhere = responder.t, await _elsewhere(responder, booking)
    reason = await reason_words(responder.work, t, booking)
    head = t("✖️ <b>Sorry, the municipality has had to cancel your appointment.</b>")
    if only_waited(booking):
        head = t("✖️ <b>Sorry, the municipality has closed the waiting list for that day.</b>")
    responder.say(
        t.join_lines(
            head,
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            office_name(responder.work, t, booking.office),
            field(t, N_("Reason"), reason) if reason else None,
            Markup(),
            t("We have kept what you wrote for your next booking."),
            elsewhere.times or elsewhere.none,
        ),
        elsewhere.rows,
        subject=subject_of(booking),
    )


async def moved(responder: Responder, notice: BookingMoved, _resident: Resident) -> None:
    booking = await _current(responder, notice.booking, notice.version)
    if booking is None or booking.status is not S.CONFIRMED:
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t("🗓 <b>Sorry, the municipality has moved your appointment.</b>"),
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            await where_to_meet(responder, booking),
            Markup(),
            t("If the new time does not suit you, use the buttons below to change or cancel it."),
        ),
        appointment_buttons(responder, booking),
        files=(entry,) if (entry := calendar_entry(responder, booking)) else (),
        subject=subject_of(booking),
    )


async def meeting_changed(responder: Responder, notice: MeetingChanged, _resident: Resident) -> None:
    booking = await _current(responder, notice.booking, notice.version)
    if booking is None or booking.status is not S.CONFIRMED:
        return
    t = responder.t
    if in_person(booking):
        say_code(responder, booking)
    responder.say(
        t.join_lines(
            t("🎥 <b>Your meeting by video has a new link.</b>")
            if notice.link
            else t("🔀 <b>The municipality has changed how your meeting takes place.</b>"),
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            field(t, N_("Meeting"), t(MEETINGS[meeting_of(booking)])),
            await where_to_meet(responder, booking),
            Markup(),
            t("If this does not suit you, use the buttons below to change or cancel the appointment."),
        ),
        appointment_buttons(responder, booking),
        files=(entry,) if (entry := calendar_entry(responder, booking)) else (),
        subject=subject_of(booking),
    )


async def rate_meeting(responder: Responder, notice: RateMeeting, _resident: Resident) -> None:
    booking = await bookings.by_id(responder.work, notice.booking)
    if booking is None or booking.status is not S.ATTENDED:
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t("How was your meeting on {date}?", date=t.date(booking.day)),
            t(
                "{reference} · {topic}",
                reference=t.ref(booking.reference),
                topic=topic_name(responder.work, t, booking.topic),
            ),
        ),
        (star_buttons(t, booking.reference),),
        subject=subject_of(booking),
        asks=f"rate_meeting:{booking.id}",
    )


# ---------------------------------------------------------------------------- answered before the day


async def answered(responder: Responder, notice: BookingAnswered, _resident: Resident) -> None:
    """What the municipality says to the subject of a meeting, before it takes place."""
    booking = await bookings.by_id(responder.work, notice.booking)
    history = () if booking is None else await bookings.history(responder.work, booking.id)
    words = [one.detail for one in answers.standing(history) if one.at == notice.at]
    if booking is None or not words or not words[0]:
        return
    t = responder.t
    responder.say(answer_text(t, booking, words[0]), answer_rows(t, booking), subject=subject_of(booking))


async def answer_undone(responder: Responder, notice: BookingAnswerUndone, _resident: Resident) -> None:
    """An answer that they have read was a mistake: which one, so that they know."""
    booking = await bookings.by_id(responder.work, notice.booking)
    history = () if booking is None else await bookings.history(responder.work, booking.id)
    said = [one for one in history if one.what is BookingEventKind.ANSWERED and one.at == notice.at]
    if booking is None or not said:
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t(
                "↩️ <b>Please ignore the municipality’s answer about your appointment {reference}. It was sent by "
                "mistake.</b>",
                reference=t.ref(booking.reference),
            ),
            t("“{words}”", words=t.own(said[0].detail, MAX_WORDS)) if said[0].detail else None,
        ),
        ((Button(label=t.plain("View appointment"), route="appointment", value=booking.reference),),),
        subject=subject_of(booking),
    )


def answer_text(t: Localizer, booking: Booking, words: str) -> Markup:
    """An answer before the day, as the visitor reads it."""
    return t.join_lines(
        t("💬 <b>The municipality about your appointment {reference}:</b>", reference=t.ref(booking.reference)),
        t("“{words}”", words=t.own(words, MAX_WORDS)),
        *(release_words(t, booking) if booking.status is S.CONFIRMED else ()),
    )


def answer_rows(t: Localizer, booking: Booking) -> Buttons:
    view = Button(label=t.plain("View appointment"), route="appointment", value=booking.reference)
    return (*(release_rows(t, booking) if booking.status is S.CONFIRMED else ()), (view,))


# ---------------------------------------------------------------------------- shared


async def _current(responder: Responder, booking_id: BookingId, version: int) -> Booking | None:
    """The booking, unless it changed since the notice was owed."""
    booking = await bookings.by_id(responder.work, booking_id)
    return booking if booking is not None and booking.version == version else None


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """What else can be had: what to say of it, and the buttons that lead there."""

    times: Markup | None  # what stands above the free times; None where none is free
    none: Markup
    rows: Buttons


async def _elsewhere(responder: Responder, booking: Booking) -> _Elsewhere:
    """The nearest free times, each taken by one tap, and all days."""
    t = responder.t
    nearest = await sessions.nearest_free(responder.work, booking.office, limit=NEAREST)
    taken = tuple(
        (Button(label=slot_label(t, slot.starts_at), route="book_again", value=f"{booking.reference}.{slot.id}"),)
        for _, slot in nearest
    )
    return _Elsewhere(
        times=t("The nearest available times:") if nearest else None,
        none=t(
            "No other times are available now. You can join the waiting list for a day that is full. "
            "We open new days every week."
        ),
        rows=(*taken, (Button(label=t.plain("See all days"), route="book", value=booking.office), main_menu(t))),
    )


RENDERINGS = (
    Rendering(BookingReminder, reminder),
    Rendering(SeatOffered, seat_offered),
    Rendering(OfferLapsed, offer_lapsed),
    Rendering(WaitingEnded, waiting_ended),
    Rendering(BookingCancelled, cancelled),
    Rendering(BookingMoved, moved),
    Rendering(MeetingChanged, meeting_changed),
    Rendering(RateMeeting, rate_meeting),
    Rendering(BookingAnswered, answered),
    Rendering(BookingAnswerUndone, answer_undone),
    Rendering(BookingAsked, question.asked),
)
