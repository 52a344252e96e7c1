"""An office's day: whom it expects, and what is due."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.staff.case_list import case_lines, open_buttons
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, office_title, refuse
from conversations.staff.registry import DeskButton, StaffButton, StaffCommand
from conversations.texts.booking import time_words, topic_name, visit_words
from locales import N_, Localizer
from services.casework import queries
from services.casework.queries import Today, Which
from services.staff.permissions import Act
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import Case

_EXPECTED: Mapping[BookingStatus, str] = MappingProxyType(
    {BookingStatus.CHECKED_IN: "🟢", BookingStatus.ATTENDED: "✅", BookingStatus.NO_SHOW: "❌"}
)


async def today(context: StaffContext) -> None:
    """/today: whom the office expects, and what is due."""
    days = await queries.today(context.work, context.person, await context.offices_here())
    if days is None:
        refuse(context)
        return
    t = context.t
    title = t("📅 <b>{date}</b>", date=t.full_date(context.work.today))
    if not days:
        answer(context, t.join_lines(title, t("There are no appointments and no requests due today.")))
        return
    parts: list[Markup] = []
    shown: list[Case] = []
    for day in days:
        parts += [Markup(), *await _day(context, day, len(shown) + 1)]
        shown += day.due
    late = any(day.counts.overdue for day in days)
    overdue = (button(t.plain("⏰ Overdue"), "queue", argument=Which.OVERDUE),) if late else ()
    answer(context, t.join_lines(title, *parts), (*open_buttons(shown, 1, t), overdue))


async def _day_tapped(context: StaffContext, _: Tap) -> None:
    await today(context)


async def _day(context: StaffContext, day: Today, first: int) -> list[Markup]:
    t, counts = context.t, day.counts
    booked = _expected(t, day)
    lines = [t("<b>{office}</b>: {booked}", office=office_title(t, context.work.offices, day.office), booked=booked)]
    lines += [booking_line(context, booking) for booking in day.bookings]
    if counts.overdue:
        lines.append(t.plural("⏰ {n} request is overdue", "⏰ {n} requests are overdue", counts.overdue))
    if counts.due:
        lines.append(t.plural("⏳ {n} request is due today", "⏳ {n} requests are due today", counts.due))
    return lines + await case_lines(context, day.due, first)


def _expected(t: Localizer, day: Today) -> Markup:
    """How many have an appointment, and how many came without one."""
    n = len(day.bookings) - day.walk_ins
    booked = t.plural("{n} appointment", "{n} appointments", n) if n else t("no appointments")
    if not day.walk_ins:
        return booked
    return t("{booked}, {walked_in}", booked=booked, walked_in=t.plural("{n} walk-in", "{n} walk-ins", day.walk_ins))


def booking_line(context: StaffContext, booking: Booking, *, day: bool = False) -> Markup:
    """When, which and about what: not who."""
    t = context.t
    is_alone = not (booking.companions or booking.needs)
    coming = None if is_alone else visit_words(t, booking.companions, booking.needs, booking.answers)
    about = [
        t.own(t.day(booking.day)) if day else None,
        time_words(t, booking.source, booking.starts_at),
        t.ref(booking.reference),
        topic_name(context.work, t, booking.topic),
        coming,
    ]
    return t("{mark} {about}", mark=_EXPECTED.get(booking.status, "🕘"), about=t.dotted(*about))


COMMANDS = (StaffCommand("today", N_("Today's appointments and the requests due today"), Act.READ, today),)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"today": DeskButton(Act.READ, _day_tapped)})
