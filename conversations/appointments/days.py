"""The appointments of a day, page by page, each opened by a button: tomorrow, a date, or the days of a week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Button, Rows
from conversations.engine.typed_date import typed_date
from conversations.staff.case_list import list_group, pager
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, office_title, refuse
from conversations.staff.registry import DeskButton, StaffButton, StaffCommand
from conversations.staff.today import booking_line
from locales import N_, Localizer
from services.casework import queries
from services.casework.queries import DayPage
from services.staff.permissions import Act
from services.visits.walk_ins import WALK_IN
from storage.records.bookings import Booking

_WEEK = 7
_AHEAD, _BACK = 60, 30  # days that can be typed
_A_ROW = 2


async def tomorrow(context: StaffContext) -> None:
    """/tomorrow: whom the office expects."""
    await show_day(context, context.work.today + timedelta(days=1))


async def session(context: StaffContext) -> None:
    """/session with a day: whom the office expects then; without one, today."""
    typed, today = context.said.argument, context.work.today
    day = day_in(context, typed) if typed else today
    if day is None:
        t = context.t
        example = t.ref(f"/session {today + timedelta(days=1):%d/%m}")
        answer(context, t("This is not a day. Type one after the command. For example: {example}", example=example))
        return
    await show_day(context, day)


async def week(context: StaffContext) -> None:
    """/week: how many are expected on each of the next seven days."""
    today = context.work.today
    days = [today + timedelta(days=n) for n in range(_WEEK)]
    found = await queries.week(context.work, context.person, await context.offices_here(), days[0], days[-1])
    if found is None:
        refuse(context)
        return
    t = context.t
    if not found:
        answer(context, t("There are no appointments in the week ahead."))
        return
    lines = [
        t("{day}: {booked}", day=t.own(t.day(day)), booked=t.plural("{n} appointment", "{n} appointments", n))
        for day, n in found
    ]
    rows = [[_to_day(t.day(day), day, 0)] for day, _ in found]
    answer(context, t.join_lines(t("📅 <b>The week ahead</b>"), *lines), rows)


def day_in(context: StaffContext, text: str) -> date | None:
    """The day that was typed, ahead before past."""
    today = context.work.today
    ahead = [today + timedelta(days=n) for n in range(_AHEAD)]
    back = [today - timedelta(days=n) for n in range(1, _BACK)]
    return typed_date(text[:60], [*ahead, *back], today)


async def show_day(context: StaffContext, day: date) -> None:
    """The appointments of a day as an answer."""
    found = await queries.day(context.work, context.person, await context.offices_here(), day, 1)
    if found is None:
        refuse(context)
    else:
        answer(context, *_shown(context, found))


async def _turned(context: StaffContext, tap: Tap) -> None:
    """Another day or page; page 0 is a new message."""
    day = _day(tap.argument)
    if day is None:
        refuse(context)
        return
    page = min(tap.case, 1000)
    found = await queries.day(context.work, context.person, await context.offices_here(), day, max(page, 1))
    if found is None:
        refuse(context)
        return
    text, rows = _shown(context, found)
    if page:
        context.say(text, rows, edit=context.said.message, supersedes=list_group(context))
    else:
        context.say(text, rows)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _shown(context: StaffContext, found: DayPage) -> tuple[Markup, Rows]:
    t = context.t
    title = t("📅 <b>{date}</b>", date=t.full_date(found.day))
    if not found.bookings:
        return t.join_lines(title, t("There are no appointments on this day.")), ()
    booked = t.plural("{n} appointment", "{n} appointments", found.total)
    several = len({one.office for one in found.bookings}) > 1
    lines = [
        t("{office}: {line}", office=office_title(t, context.work.offices, one.office), line=booking_line(context, one))
        if several
        else booking_line(context, one)
        for one in found.bookings
    ]
    turns = pager(t, found.page, found.pages, lambda label, page: _to_day(label, found.day, page))
    return t.join_lines(title, booked, "", *lines), (*open_rows(t, found.bookings), *turns)


def _to_day(label: str, day: date, page: int) -> Button:
    return button(label, "bk_day", page, 0, day.isoformat())


def open_rows(t: Localizer, bookings: tuple[Booking, ...]) -> Rows:
    """Buttons that open each appointment of a list, by its time and reference."""
    buttons = [_open(t, one) for one in bookings]
    return [buttons[start : start + _A_ROW] for start in range(0, len(buttons), _A_ROW)]


def _open(t: Localizer, booking: Booking) -> Button:
    if booking.source == WALK_IN:
        return button(f"🚶 {booking.reference}", "bk_open", booking.id)
    time = "" if booking.starts_at is None else f"{t.time(booking.starts_at)} "
    return button(f"{time}{booking.reference}", "bk_open", booking.id)


COMMANDS = (
    StaffCommand("tomorrow", N_("Tomorrow's appointments"), Act.READ, tomorrow),
    StaffCommand("week", N_("Appointments of the week ahead"), Act.READ, week),
    StaffCommand("session", N_("Appointments of a day that you type"), Act.READ, session),
)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"bk_day": DeskButton(Act.READ, _turned)})
