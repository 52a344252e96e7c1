"""What staff see who scan a visitor's code, or type its reference: who has come and with what; and "Arrived".

In private it names the visitor, and is gone after ten minutes. In a group, where others read along, it names nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.door.words import expected_line, lane_line, place_of, ticket_line
from conversations.engine.messages import FileKind, OutgoingFile
from conversations.engine.step import Button, Responder, Rows
from conversations.requests.notices import outgoing
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import office_title, refuse
from conversations.staff.registry import BookingButton, StaffButton
from conversations.staff.to_private import private_button
from conversations.texts.booking import (
    SHORT_WORDS,
    booked_time,
    field,
    status_words,
    subject_of,
    topic_name,
    visit_words,
)
from locales import N_, Localizer
from services.bookings import bookings, linked_cases
from services.bookings.states import EXPECTED
from services.staff.permissions import Act
from services.visits import door, visits
from services.visits.door import AFTER, BEFORE, Seen, Visit, VisitStatus
from services.visits.visits import Denied, NotPossible
from storage.records.bookings import Booking, BookingStatus
from storage.records.files import FileStatus

#: What names somebody stays in a chat for so long.
STAYS = timedelta(minutes=10)
_S, _V = BookingStatus, VisitStatus

_VISIT: Mapping[VisitStatus, str] = MappingProxyType(
    {
        _V.WAITING: N_("Waiting since {time}."),
        _V.CALLED: N_("Called at {time}. The visitor can go in."),
        _V.INSIDE: N_("Inside since {time}."),
        _V.DONE: N_("The meeting ended at {time}."),
        _V.ABSENT: N_("Called at {time}, and was not there. Put the number back in the queue with {hall}."),
        _V.LEFT: N_("The visitor had left. Put the number back in the queue with {hall}."),
    }
)


# ---------------------------------------------------------------------------- looking


def show_named(responder: Responder, text: Markup, seen: Seen) -> None:
    """The visitor by name, and below it what they sent: to one member of staff, for ten minutes."""
    stays, about = int(STAYS.total_seconds()), subject_of(seen.booking)
    responder.say(text, buttons(responder, seen), subject=about, delete_after=stays)
    files = tuple(outgoing(one) for one in seen.files if one.status is FileStatus.STORED)
    for group in _as_sent(files):
        responder.say(Markup(), files=group, subject=about, delete_after=stays)


def _as_sent(files: tuple[OutgoingFile, ...]) -> list[tuple[OutgoingFile, ...]]:
    """Pictures as one album, all else one by one."""
    photos = tuple(one for one in files if one.kind is FileKind.PHOTO)
    return [photos] * bool(photos) + [(one,) for one in files if one.kind is not FileKind.PHOTO]


async def visitor_text(responder: Responder, seen: Seen, *, named: bool) -> Markup:
    """Who it is, when and about what, and what to do now."""
    t, work, booking = responder.t, responder.work, seen.booking
    case = await linked_cases.case_of(work, booking)
    told = [t.own(booking.words, SHORT_WORDS)] if booking.words else []
    told += [t.plural("{n} file", "{n} files", len(seen.files))] if seen.files else []
    return t.join_lines(
        t("👤 <b>{name}</b>", name=t.own(booking.name, 100)) if named and booking.name else None,
        booked_time(t, booking),
        t.dotted(office_title(t, work.offices, booking.office), lane_line(work, t, seen.session)),
        field(t, N_("Reference"), t.ref(booking.reference)),
        field(t, N_("Topic"), topic_name(work, t, booking.topic)),
        field(t, N_("Description"), t.dotted(*told)) if told else None,
        field(t, N_("Companions"), visit_words(t, booking.companions, booking.needs, booking.answers)),
        None if case is None else field(t, N_("About request"), t.ref(case.reference)),
        Markup(),
        *await _state(responder, seen),
    )


async def _state(responder: Responder, seen: Seen) -> list[Markup | None]:
    """How it stands, and what to do."""
    t, work, booking, visit = responder.t, responder.work, seen.booking, seen.visit
    if visit is not None:
        return [
            ticket_line(t, visit),
            t(_VISIT[visit.status], time=t.time(_since(visit)), hall="/hall"),
            expected_line(t, await place_of(work, booking)),
        ]
    if booking.status in EXPECTED and booking.day == work.today:
        return [_punctual(t, booking, work.now)]
    if booking.status is _S.CONFIRMED:
        on = t.near_date(booking.day, work.today)
        when = t("⚠️ The appointment is on another day: {date}.", date=on)
    else:
        when = t("⚠️ <b>{status}</b>", status=status_words(t, booking))
    return [when, t("To receive the visitor today, add a walk-in.")]


def _punctual(t: Localizer, booking: Booking, now: datetime) -> Markup:
    if booking.starts_at is not None and now < booking.starts_at - BEFORE:
        return t("The visitor is early. You can record the arrival now.")
    if booking.starts_at is not None and now > booking.starts_at + AFTER:
        return t("The visitor is late. You can still record the arrival.")
    return t("The visitor is on time.")


def _since(visit: Visit) -> datetime:
    match visit.status:
        case _V.CALLED | _V.ABSENT:
            return visit.called_at or visit.arrived_at
        case _V.INSIDE:
            return visit.entered_at or visit.arrived_at
        case _V.DONE:
            return visit.done_at or visit.arrived_at
        case _:
            return visit.arrived_at


def buttons(responder: Responder, seen: Seen, *, group: bool = False) -> Rows:
    """What can be done: record the arrival, or add whoever has no appointment today."""
    t, booking = responder.t, seen.booking
    if seen.visit is not None and seen.visit.status is not _V.DONE:
        return ()
    if seen.visit is None and booking.status in EXPECTED and booking.day == responder.work.today:
        return ((button(t.plain("✅ Arrived"), "arrived", booking.id),),)
    label = t.plain("🚶 Add as a walk-in")
    if group:
        return ((private_button(responder, f"walkin_{booking.office}", label),),)
    return ((Button(label=label, route="walkin", value=booking.reference),),)


def say_elsewhere(responder: Responder, booking: Booking) -> None:
    """To staff of another office: where the visitor has to go. It names nobody."""
    t = responder.t
    responder.say(
        t.join_lines(
            t("🚪 <b>This appointment is at another office.</b>"),
            field(t, N_("Office"), office_title(t, responder.work.offices, booking.office)),
            booked_time(t, booking),
            t("Please send the visitor there."),
        )
    )


# ---------------------------------------------------------------------------- "Arrived"


async def _arrived(context: StaffContext, _: Tap, booking: Booking) -> None:
    """Record an arrival. Who taps second is shown the ticket that there is."""
    work, t = context.work, context.t
    outcome = await visits.receive(work, context.person, booking.reference)
    if isinstance(outcome, Denied):
        refuse(context, Act.RECEIVE)
        return
    now = await bookings.by_id(work, booking.id) or booking
    seen = await door.seen(work, now)
    if isinstance(outcome, NotPossible):
        context.toast = t.plain("That is not possible any more. See how it stands.")
    else:
        context.toast = t.plain("Number {n}", n=outcome.ticket)
    group = context.said.group
    text = await visitor_text(context, seen, named=not group)
    rows = buttons(context, seen, group=group)
    context.say(text, rows, subject=subject_of(now), edit=context.said.message)


BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"arrived": BookingButton(Act.RECEIVE, _arrived)})
