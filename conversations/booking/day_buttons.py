"""Days and times as buttons: shared by booking and by moving an appointment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from conversations.engine.step import Button, Rows
from locales import Localizer
from services.bookings.sessions import DayState, FreeSlot
from services.offices.offices import Office
from storage.ids import SlotId

DAYS_A_PAGE = 6
TIMES_A_PAGE = 48  # no channel takes more than 100 buttons
TIMES_A_ROW = 4

DAY, SLOT, LINE, PAGE = "d", "s", "l", "p"  # what a button's value begins with; a number follows


def number_after(mark: str, value: str) -> int | None:
    """The number of a button's value `d12`; None where it is another button's."""
    match = re.fullmatch(rf"{mark}(\d{{1,12}})", value)
    return int(match[1]) if match else None


# ---------------------------------------------------------------------------- days


def day_rows(t: Localizer, office: Office, days: Sequence[DayState], page: int) -> Rows:
    """A page of days, one a row. `days` may hold one more than a page, which says that there are more."""
    lanes = len({rule.lane for rule in office.customer_day})
    rows = [[_day_button(t, office, day, with_lane=lanes > 1)] for day in days[:DAYS_A_PAGE]]
    return [*rows, _pages(t, page, more=len(days) > DAYS_A_PAGE)]


def _day_button(t: Localizer, office: Office, day: DayState, *, with_lane: bool) -> Button:
    shown = t.day(day.session.day)
    if with_lane:
        rule = next((rule for rule in office.customer_day if rule.lane == day.session.lane), None)
        shown = f"{shown} · {t.pick_plain(rule.name)}" if rule else shown
    return Button(label=f"{shown} · {_day_state(t, day)}"[:64], value=f"{DAY}{day.session.id}")


def _day_state(t: Localizer, day: DayState) -> str:
    match day.state:
        case "free":
            return t.plain_plural("{n} time available", "{n} times available", day.free)
        case "full":
            return t.plain("full")
        case "draw":
            return t.plain("by draw")
        case "closed":
            return t.plain("closed")
        case "started":
            return t.plain("under way")


def _pages(t: Localizer, page: int, *, more: bool) -> list[Button]:
    row = []
    if page > 0:
        row.append(Button(label=t.plain("Earlier"), value=f"{PAGE}{page - 1}"))
    if more:
        row.append(Button(label=t.plain("Later"), value=f"{PAGE}{page + 1}"))
    return row


# ---------------------------------------------------------------------------- times


def time_rows(t: Localizer, free: Sequence[FreeSlot], page: int) -> Rows:
    """A page of free times as a grid, in reading order."""
    shown = free[page * TIMES_A_PAGE : (page + 1) * TIMES_A_PAGE]
    buttons = [Button(label=t.clock(one.slot.starts_at), value=f"{SLOT}{one.slot.id}") for one in shown]
    grid = [buttons[start : start + TIMES_A_ROW] for start in range(0, len(buttons), TIMES_A_ROW)]
    return [*grid, _pages(t, page, more=len(free) > (page + 1) * TIMES_A_PAGE)]


# ---------------------------------------------------------------------------- the nearest free times


def slot_button(t: Localizer, slot: SlotId, starts_at: datetime) -> Button:
    return Button(label=slot_label(t, starts_at), value=f"{SLOT}{slot}")


def slot_label(t: Localizer, starts_at: datetime) -> str:
    return t.plain("{day} at {time}", day=t.day(starts_at), time=t.time(starts_at))
