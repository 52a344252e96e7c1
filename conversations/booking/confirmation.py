"""Whole messages about an appointment that several flows say, and what goes along: its code, calendar file and pin."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from conversations.engine.messages import FileKind, OutgoingFile, Place
from conversations.engine.step import Button, Responder, Turn
from conversations.texts.booking import (
    CANCELLED,
    appointment_buttons,
    booked_time,
    field,
    main_menu,
    office_name,
    place_of,
    subject_of,
)
from conversations.texts.copying import copy_button
from conversations.texts.draw import draw_lines
from conversations.texts.meeting import MEETINGS, in_person, where_to_meet
from locales import N_, Localizer, clean
from services.bookings import calendar_file, linked_cases, sessions
from services.bookings.availability import OFFER, OFFER_ON_THE_DAY
from services.bookings.calendar_file import CalendarEntry
from services.bookings.draws import Draw
from services.bookings.meetings import meeting_of
from services.bookings.qr import qr_png
from services.bookings.reminders import BEFORE
from services.offices.offices import LaneRule
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import Case

# ---------------------------------------------------------------------------- what goes along


def check_in_code(responder: Responder, booking: Booking) -> OutgoingFile:
    """The picture that staff scan at the door. It says a reference that is of no use to anyone else."""
    link = responder.links.channel.deep(f"checkin_{booking.reference}")
    return OutgoingFile(kind=FileKind.PHOTO, name=f"{booking.reference}.png", mime="image/png", content=qr_png(link))


def calendar_entry(responder: Responder, booking: Booking) -> OutgoingFile | None:
    """The appointment for a calendar, which keeps its own direction of text; None where it has no time yet."""
    if booking.starts_at is None or booking.ends_at is None:
        return None
    t = responder.t
    place = place_of(responder.work, booking.office) if in_person(booking) else None
    office = office_name(responder.work, t, booking.office)
    entry = CalendarEntry(
        reference=booking.reference,
        version=booking.version,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        changed_at=booking.updated_at,
        title=clean(t.plain("Customer Day – {office}", office=office)),
        notes=clean(t.join_lines(t("Reference {ref}", ref=t.ref(booking.reference)), t(MEETINGS[meeting_of(booking)]))),
        place=clean(t.plain("{office}, {address}", office=office, address=t.pick(place.address))) if place else "",
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        cancelled=booking.status in CANCELLED,
    )
    return OutgoingFile(
        kind=FileKind.DOCUMENT,
        name=f"{booking.reference}.ics",
        mime=calendar_file.MIME,
        content=calendar_file.calendar_file(entry),
    )


def say_place(responder: Responder, booking: Booking) -> bool:
    """The pin on the map; False where the office has none, or nobody comes there."""
    place = place_of(responder.work, booking.office) if in_person(booking) else None
    if place is None:
        return False
    responder.say(
        Markup(),
        place=Place(latitude=place.latitude, longitude=place.longitude),
        place_title=responder.t.pick_plain(place.title),
        place_address=responder.t.pick_plain(place.address),
        subject=subject_of(booking),
    )
    return True


# ---------------------------------------------------------------------------- whole messages


async def say_confirmed(turn: Turn, booking: Booking, headline: Markup) -> None:
    """Everything about an appointment that now stands, in one message to be shown at the door: its code above it."""
    t = turn.t
    case = await linked_cases.case_of(turn.work, booking)
    rule = await _rule_of(turn, booking)
    turn.say(
        t.join_lines(
            headline,
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            *([] if rule is None else [_with_whom(t, rule)]),
            await where_to_meet(turn, booking),
            *([] if case is None else _about(turn, case)),
            Markup(),
            *_to_bring(t, booking, rule),
            _what_next(turn, booking),
        ),
        (
            *([] if case is None else [unlink_row(t, booking)]),
            *appointment_buttons(turn, booking),
            (copy_button(t, booking.reference),),
        ),
        files=(check_in_code(turn, booking),) if in_person(booking) else (),
        subject=subject_of(booking),
    )


async def _rule_of(turn: Turn, booking: Booking) -> LaneRule | None:
    """Whose sitting it is; None where the office has it no more."""
    session = await sessions.session(turn.work, booking.session_id)
    office = turn.work.offices.get(booking.office)
    if session is None or office is None:
        return None
    return next((rule for rule in office.customer_day if rule.lane == session.lane), None)


def _with_whom(t: Localizer, rule: LaneRule) -> Markup:
    """Whom one meets: by title, and by name where the office gives it."""
    who = t.pick(rule.name)
    return field(t, N_("With"), t("{title}, {name}", title=who, name=t.pick(rule.person)) if rule.person else who)


def _to_bring(t: Localizer, booking: Booking, rule: LaneRule | None) -> list[Markup]:
    if not in_person(booking):
        return [t("You do not need to come to the office. Keep any related documents at hand.")]
    if rule is None or rule.bring is None:
        return [t("Show this code when you arrive. Bring your identity card and any related documents.")]
    return [t("Show this code at reception when you arrive."), field(t, N_("Please bring"), t.pick(rule.bring))]


def _about(turn: Turn, case: Case) -> list[Markup]:
    t = turn.t
    return [
        field(t, N_("About request"), t.ref(case.reference)),
        t("The team sees both together and may answer you before the day."),
    ]


def unlink_row(t: Localizer, booking: Booking) -> tuple[Button, ...]:
    """What says that an appointment is about something else than the request it was linked to."""
    return (Button(label=t.plain("Not about this request"), route="unlink", value=booking.reference),)


def say_code(responder: Responder, booking: Booking) -> None:
    """The code once more, of one who looks for it at the door."""
    t = responder.t
    responder.say(
        t.join_lines(
            t("Show this code at reception when you arrive."),
            field(t, N_("Reference"), t.ref(booking.reference)),
        ),
        files=(check_in_code(responder, booking),),
        subject=subject_of(booking),
    )


def say_waiting(responder: Responder, booking: Booking, place: int) -> None:
    """A place on a waiting list, and what happens when a seat is freed."""
    t = responder.t
    if booking.status is BookingStatus.OFFERED:  # one was freed in between: the offer comes by itself
        responder.say(
            t("A time has just become available. We will offer it to you in the next message."),
            subject=subject_of(booking),
        )
        return
    responder.say(
        t.join_lines(
            t("🕓 <b>You are on the waiting list.</b>"),
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            t.full_date(booking.day),
            office_name(responder.work, t, booking.office),
            field(t, N_("Your position in the waiting list"), t.number(place)),
            Markup(),
            t(
                "When a time becomes available, we will offer it to the first person on the waiting "
                "list. They have {usual} to accept, or {same_day} on the day itself.",
                usual=t.duration(OFFER),
                same_day=t.duration(OFFER_ON_THE_DAY),
            ),
        ),
        (
            (Button(label=t.plain("Leave the waiting list"), route="cancel", value=booking.reference),),
            (copy_button(t, booking.reference),),
            (Button(label=t.plain("My appointments"), route="appointments"), main_menu(t)),
        ),
        subject=subject_of(booking),
    )


def say_applied(responder: Responder, booking: Booking, draw: Draw) -> None:
    """An application for a draw: when it is drawn, and how it can be checked."""
    t = responder.t
    responder.say(
        t.join_lines(
            t("🎲 <b>You have applied for the draw.</b>"),
            Markup(),
            field(t, N_("Reference"), t.ref(booking.reference)),
            t.full_date(booking.day),
            office_name(responder.work, t, booking.office),
            Markup(),
            *draw_lines(t, draw),
            Markup(),
            t("We will tell you the result here. If you do not get a time, you will be on the waiting list."),
        ),
        (
            (Button(label=t.plain("Withdraw from the draw"), route="cancel", value=booking.reference),),
            (copy_button(t, booking.reference),),
            (Button(label=t.plain("My appointments"), route="appointments"), main_menu(t)),
        ),
        subject=subject_of(booking),
    )


def _what_next(turn: Turn, booking: Booking) -> Markup:
    """Which reminders are still to come, and that the buttons change it."""
    t = turn.t
    if not turn.resident.wants_reminders:
        return t("Your reminders are turned off. To change or cancel, use the buttons below.")
    ahead = timedelta() if booking.starts_at is None else booking.starts_at - turn.work.now
    first, second, last = (t.duration(before) for before in BEFORE.values())
    match sum(before < ahead for before in BEFORE.values()):
        case 3:
            return t(
                "We will remind you {first}, {second} and {last} before your appointment. To change or "
                "cancel, use the buttons below.",
                first=first,
                second=second,
                last=last,
            )
        case 2:
            return t(
                "We will remind you {first} and {last} before your appointment. To change or cancel, use "
                "the buttons below.",
                first=second,
                last=last,
            )
        case 1:
            return t(
                "We will remind you {last} before your appointment. To change or cancel, use the buttons below.",
                last=last,
            )
    return t("To change or cancel, use the buttons below.")
