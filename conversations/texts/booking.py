"""Words about an appointment that several messages share: when, where, what about, in which state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from markupsafe import Markup

from conversations.engine.messages import Emphasis
from conversations.engine.step import Button, Responder
from locales import N_, Localizer
from locales.html import moment
from services.actors import Subject, booking_subject
from services.bookings import sessions
from services.bookings.meetings import Meeting, meeting_of
from services.offices.offices import MeetingPlace, Office, TopicId
from services.unit_of_work import Work
from services.visits.walk_ins import WALK_IN
from storage.ids import LaneId, OfficeId, Reference
from storage.records.bookings import Booking, BookingEvent, BookingEventKind, BookingStatus, Need

SHORT_WORDS = 300  # of what a person wrote, where it is one line among others

STATUS = {
    BookingStatus.HELD: N_("Held"),
    BookingStatus.WAITING: N_("On the waiting list"),
    BookingStatus.OFFERED: N_("Time offered, not accepted yet"),
    BookingStatus.CONFIRMED: N_("Confirmed"),
    BookingStatus.CHECKED_IN: N_("Checked in"),
    BookingStatus.ATTENDED: N_("Attended"),
    BookingStatus.NO_SHOW: N_("Did not attend"),
    BookingStatus.CANCELLED_BY_RESIDENT: N_("Cancelled by the applicant"),
    BookingStatus.CANCELLED_BY_MUNICIPALITY: N_("Cancelled by the municipality"),
    BookingStatus.EXPIRED: N_("Ended without a booking"),
}

MARK = {
    BookingStatus.HELD: "⏳",
    BookingStatus.WAITING: "🕓",
    BookingStatus.OFFERED: "🔔",
    BookingStatus.CONFIRMED: "✅",
    BookingStatus.CHECKED_IN: "🟢",
    BookingStatus.ATTENDED: "☑️",
    BookingStatus.NO_SHOW: "▫️",
    BookingStatus.CANCELLED_BY_RESIDENT: "✖️",
    BookingStatus.CANCELLED_BY_MUNICIPALITY: "✖️",
    BookingStatus.EXPIRED: "▫️",
}

CANCELLED = frozenset({BookingStatus.CANCELLED_BY_RESIDENT, BookingStatus.CANCELLED_BY_MUNICIPALITY})

NEED = {
    Need.WHEELCHAIR: N_("Wheelchair access"),
    Need.SIGN_LANGUAGE: N_("Sign language"),
    Need.INTERPRETER: N_("Interpreter"),
    Need.OTHER: N_("Something else"),
}

# Kept as a word, so that staff read it in their language; whatever else is kept was typed.
REASONS = {
    "solved": N_("The problem was solved"),
    "time": N_("The time is not suitable"),
    "unable": N_("Unable to come"),
}


# The same where staff cancel.
STAFF_REASONS = {
    "asked": N_("Cancellation was requested"),
    "unavailable": N_("Nobody can receive visitors at this time"),
    "answered": N_("The municipality has already answered"),
}


E = BookingEventKind

# What a resident sees of a booking's history; what has no words here is the desk's own business.
HISTORY = {
    E.CONFIRMED: N_("Booked"),
    E.JOINED: N_("Joined the waiting list"),
    E.OFFERED: N_("A time was offered"),
    E.OFFER_LAPSED: N_("The offer was not accepted in time"),
    E.OFFER_DECLINED: N_("The offer was declined"),
    E.WAITING_ENDED: N_("The waiting list closed"),
    E.MOVED: N_("Moved to another time"),
    E.MEETING_CHANGED: N_("Way to meet changed"),
    E.CANCELLED: N_("Cancelled"),
    E.WILL_COME: N_("Attendance confirmed"),
    E.ADDED: N_("Information added for the meeting"),
    E.CHECKED_IN: N_("Arrived"),
    E.ANSWERED: N_("The municipality answered"),
    E.ANSWER_UNDONE: N_("The municipality took its answer back"),
    E.ASKED: N_("The municipality asked a question"),
    E.LEFT: N_("Left before the meeting"),
    E.ATTENDED: N_("The meeting took place"),
    E.NO_SHOW: N_("Did not attend"),
}

# What only staff see of it.
STAFF_HISTORY = {
    E.NOTED: N_("Internal note"),
    E.CALLED: N_("Called"),
    E.ENTERED: N_("Went in"),
    E.NOT_HERE: N_("Not there when called"),
    E.PUT_BACK: N_("Let others go first"),
    E.RETURNED: N_("Back in the queue"),
    E.TRANSFERRED: N_("Moved to another queue"),
    E.BESIDE: N_("Booked beside another open appointment"),
    E.UNDONE: N_("Last step undone"),
    E.SEEN: N_("The visitor saw our message"),
    E.REMINDED: N_("The visitor was reminded of the question"),
    E.UNANSWERED: N_("The visitor did not answer the question"),
    E.TAKEN_BACK: N_("The visitor said that what they added was no answer"),
}

STAFF_NEWS = {
    E.CONFIRMED: N_("📅 New appointment"),
    E.JOINED: N_("🕓 New on the waiting list"),
    E.MOVED: N_("🔁 Appointment moved"),
    E.MEETING_CHANGED: N_("🔁 The visitor changed how you will meet"),
    E.CANCELLED: N_("✖️ Appointment cancelled"),
    E.WILL_COME: N_("👍 Attendance confirmed"),
    E.ADDED: N_("💬 Information added for the meeting"),
    E.UNANSWERED: N_("🔕 The visitor has not answered the question. Ask again, or call them."),
    E.LEFT: N_("🚶 The visitor had to leave and is no longer in the queue"),
    E.WAITING_ENDED: N_("🎲 Not drawn: please tell the caller"),
    E.DISOWNED: N_("📵 The phone number for this booking belongs to someone else"),
}

# ---------------------------------------------------------------------------- parts of a sentence


def office_name(work: Work, t: Localizer, office: OfficeId) -> Markup:
    """An office's name, also of one that is gone from the file."""
    known = work.offices.get(office)
    return t.pick(known.name) if known else t.own(office)


def who_receives(t: Localizer, office: Office, lane: LaneId) -> Markup:
    rule = next((rule for rule in office.customer_day if rule.lane == lane), None)
    return t.pick(rule.name) if rule else t("Director General")


def topic_name(work: Work, t: Localizer, topic: str) -> Markup:
    known = work.offices.topic(TopicId(topic))
    return t.pick(known.name) if known else t("Something else")


def when(t: Localizer, starts_at: datetime, ends_at: datetime) -> Markup:
    """The weekday, the date in both calendars and the time, on two lines; the first can go into a calendar."""
    return t.join_lines(moment(t.full_date(starts_at), starts_at), t.span(starts_at, ends_at))


def booked_time(t: Localizer, booking: Booking) -> Markup:
    """When a booking is; a place on a waiting list has a day only, and who came without an appointment has no time."""
    if booking.source == WALK_IN and booking.starts_at is not None:
        came = t("Without an appointment, arrived at {time}", time=t.time(booking.starts_at))
        return t.join_lines(t.full_date(booking.starts_at), came)
    if booking.starts_at is None or booking.ends_at is None:
        return t.full_date(booking.day)
    return when(t, booking.starts_at, booking.ends_at)


def short_time(t: Localizer, booking: Booking) -> str:
    """When a booking is, for a button."""
    day, timed = t.day(booking.day), booking.source != WALK_IN
    return f"{day} {t.clock(booking.starts_at)}" if timed and booking.starts_at is not None else day


def time_words(t: Localizer, source: str, starts_at: datetime | None) -> Markup | None:
    """When a booking is, in a list for staff. A walk-in has no time: its slot begins when they came."""
    if starts_at is None:
        return None
    return t("walk-in, came at {time}", time=t.time(starts_at)) if source == WALK_IN else t.time(starts_at)


def where(work: Work, t: Localizer, office: OfficeId) -> Markup:
    """The office and the address one comes to."""
    known = work.offices.get(office)
    place = known.place if known else None
    name = office_name(work, t, office)
    if place is None:
        return name
    return t("{office}, {address}", office=name, address=t.pick(place.address))


def who_comes(t: Localizer, companions: int) -> Markup:
    if companions == 0:
        return t("None")
    return t.plural("{n} companion", "{n} companions", companions)


#: The name under which a booking's answers hold other arrangements, in the resident's own words.
ARRANGEMENTS = "arrangements"


def visit_words(t: Localizer, companions: int, needs: Iterable[Need], answers: Mapping[str, str]) -> Markup:
    """Who comes along, and what is needed; other arrangements in the words in which they were asked for."""
    who, other = who_comes(t, companions), answers.get(ARRANGEMENTS, "")
    needed = [t.own(other, 200) if need is Need.OTHER and other else t(NEED[need]) for need in needs]
    return t("{who} · Arrangements: {needs}", who=who, needs=t.join(needed)) if needed else who


def only_waited(booking: Booking) -> bool:
    """Whether it never was an appointment: its end is no cancelled appointment, but a waiting list left."""
    return booking.confirmed_at is None


def is_unrecorded(work: Work, booking: Booking) -> bool:
    """Whether its day is over and nobody said who came: it is no longer an appointment that stands."""
    return booking.status is BookingStatus.CONFIRMED and booking.day < work.today


def mark_of(work: Work, booking: Booking) -> str:
    """The sign of how it stands now."""
    return "▫️" if is_unrecorded(work, booking) else MARK[booking.status]


def state_words(work: Work, t: Localizer, booking: Booking) -> Markup:
    """How it stands now, as its resident reads it."""
    if is_unrecorded(work, booking):
        return t("It was on {date}", date=t.date(booking.day))
    return status_words(t, booking)


def status_words(t: Localizer, booking: Booking) -> Markup:
    if booking.status is BookingStatus.CANCELLED_BY_RESIDENT and only_waited(booking):
        return t("Left the waiting list")
    return t(STATUS[booking.status])


def event_words(t: Localizer, booking: Booking, event: BookingEvent) -> Markup | None:
    """A line of the booking's history; None for what is not the resident's to see."""
    if event.what not in HISTORY:
        return None
    what = t(HISTORY[event.what])
    if event.what is E.CANCELLED:
        what = status_words(t, booking)
    return t("{day} {time} · {what}", day=t.day(event.at), time=t.time(event.at), what=what)


def staff_event(t: Localizer, what: str) -> Markup:
    """What happened, as the heading of a card for staff."""
    return t({kind.value: text for kind, text in STAFF_NEWS.items()}.get(what, N_("Appointment")))


async def reason_words(work: Work, t: Localizer, booking: Booking) -> Markup | None:
    """Why a booking was cancelled, in the reader's language where it is known in that; None where nothing was said."""
    if not booking.reason:
        return None
    if (known := {**REASONS, **STAFF_REASONS}.get(booking.reason)) is not None:
        return t(known)
    session = await sessions.session(work, booking.session_id)
    if session is not None and booking.reason in session.closed_reason.texts:
        # The day was closed: the booking keeps why in the language of whoever made it.
        return t.own(session.closed_reason.get(t.language), SHORT_WORDS)
    return t.own(booking.reason, SHORT_WORDS)


def field(t: Localizer, label: str, value: Markup) -> Markup:
    """One line of a summary. `label` is a text of the catalogue."""
    return t("<b>{label}</b>: {value}", label=t(label), value=value)


def place_of(work: Work, office: OfficeId) -> MeetingPlace | None:
    """Where one comes to; None where nobody is received."""
    known = work.offices.get(office)
    return known.place if known else None


def subject_of(booking: Booking) -> Subject:
    """What a reply to a message about this booking is about."""
    return booking_subject(booking.id)


# ---------------------------------------------------------------------------- buttons


def calendar_button(responder: Responder, reference: Reference) -> Button:
    """Opens the appointment in the phone's calendar; where the bot has no public address, sends the file."""
    label = responder.t.plain("Add to calendar")
    if responder.links.calendar is None:
        return Button(label=label, route="ics", value=reference)
    return Button(label=label, url=responder.links.calendar.link(reference))


def appointment_buttons(responder: Responder, booking: Booking) -> tuple[tuple[Button, ...], ...]:
    """What can be done about a confirmed appointment."""
    t, reference = responder.t, booking.reference
    there = meeting_of(booking) is Meeting.IN_PERSON and place_of(responder.work, booking.office) is not None
    place = (Button(label=t.plain("📍 Map"), route="place", value=reference),) if there else ()
    return (
        (calendar_button(responder, reference), *place),
        (
            Button(label=t.plain("Reschedule"), route="move", value=reference),
            Button(label=t.plain("Cancel"), route="cancel", value=reference, emphasis=Emphasis.DANGER),
        ),
        (Button(label=t.plain("My appointments"), route="appointments"), main_menu(t)),
    )


def release_words(t: Localizer, booking: Booking | None) -> tuple[Markup | str, ...]:
    """An answer came before the meeting about the same: the seat may not be needed any more."""
    if booking is None or booking.starts_at is None:
        return ()
    return (
        "",
        t(
            "You have an appointment about this on {time}. If you no longer need it, you can release it for "
            "someone else.",
            time=t.moment(booking.starts_at),
        ),
    )


def release_rows(t: Localizer, booking: Booking | None) -> tuple[tuple[Button, ...], ...]:
    """Releases the seat with one tap; nothing where there is no such appointment."""
    if booking is None:
        return ()
    return ((Button(label=t.plain("Release my appointment"), route="release", value=booking.reference),),)


def offer_buttons(t: Localizer, reference: Reference) -> tuple[tuple[Button, ...], ...]:
    return (
        (
            Button(label=t.plain("Accept"), route="accept", value=reference, emphasis=Emphasis.CONFIRM),
            Button(label=t.plain("Decline"), route="decline", value=reference),
        ),
    )


def star_buttons(t: Localizer, reference: Reference) -> tuple[Button, ...]:
    """One to five, in one row: "1 ⭐" … "5 ⭐"."""
    return tuple(
        Button(label=t.plain("{n} ⭐", n=stars), route="rate_meeting", value=f"{reference}.{stars}")
        for stars in range(1, 6)
    )


def besides(t: Localizer) -> tuple[Button, ...]:
    """What can be done without an appointment."""
    return (
        Button(label=t.plain("Submit a complaint"), route="complain"),
        Button(label=t.plain("Make a suggestion"), route="suggest"),
    )


def main_menu(t: Localizer) -> Button:
    return Button(label=t.plain("Main menu"), route="menu")
