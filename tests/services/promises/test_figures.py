"""Promises in the reports and the ledger, against what plain SQL counts."""

from __future__ import annotations

from datetime import timedelta

from services.bookings import sessions
from services.bookings.bookings import Booking
from services.promises import ledger, promises
from services.promises.ledger import Numbers
from services.reports import counting
from services.reports.figures import Promises, Scope
from services.reports.periods import Period
from services.reports.suppression import published
from services.reports.tables import TableName, tables
from storage.promises import Promise
from storage.records.residents import Resident
from tests.services.booking_builders import CAPITAL, FIRST_DAY
from tests.services.promises.conftest import DUE, Meetings

_PERIOD = Period(DUE - timedelta(days=30), DUE + timedelta(days=30))


async def _promised(desk: Meetings, count: int) -> list[tuple[Promise, Resident]]:
    session = (await desk.days())[0]
    free = await desk.do(sessions.free_slots, session.id)
    seats = [one.slot for one in free for _ in range(one.free)][:count]
    people = await desk.people(count)
    booked: list[Booking] = [await desk.book(seat, person) for seat, person in zip(seats, people, strict=True)]
    desk.now = desk.at(FIRST_DAY, "09:50")
    return [(await desk.promised(one), person) for one, person in zip(booked, people, strict=True)]


async def _settled(desk: Meetings) -> None:
    """Of eight: five kept, one not kept, one withdrawn later, one still open."""
    made = await _promised(desk, 8)
    desk.now = desk.at(DUE, "09:00")
    await desk.look()
    for number, (one, person) in enumerate(made[:6]):
        await desk.do(promises.answer, one.id, person, kept=number < 5)


async def test_a_report_counts_what_sql_counts(desk: Meetings) -> None:
    await _settled(desk)
    desk.now += timedelta(days=1)
    report = await desk.do(counting.count, Scope(_PERIOD, (CAPITAL,)), staff=False, comments=False)
    assert report.promises == {CAPITAL: Promises(kept=5, not_kept=1, overdue=2)}
    rows = await desk.rows(
        "SELECT status, count(*) AS n FROM promises WHERE due BETWEEN :first AND :last GROUP BY status ORDER BY status",
        first=_PERIOD.first,
        last=_PERIOD.last,
    )
    assert {str(row["status"]): row["n"] for row in rows} == {"kept": 5, "not_kept": 1, "open": 2}
    made = {table.name: table for table in tables(report)}
    assert made[TableName.PROMISE_OFFICES].rows == (("capital", 5, 1, 0, 0, 2),)


async def test_small_counts_of_promises_are_not_published(desk: Meetings) -> None:
    await _settled(desk)
    report = await desk.do(counting.count, Scope(_PERIOD, (CAPITAL,)), staff=False, comments=False)
    names = {table.name for table in published(report)}
    assert TableName.PROMISE_OFFICES not in names
    shown = next((table for table in published(report) if table.name is TableName.PROMISES), None)
    assert shown is None or not any(isinstance(cell, int) and 0 < cell < 5 for row in shown.rows for cell in row[1:])


async def test_the_ledger_counts_the_same_and_says_how_old_open_promises_are(desk: Meetings) -> None:
    await _settled(desk)
    now = await desk.do(ledger.read)
    assert now.total == now.offices[CAPITAL] == Numbers(kept=5, open=2, not_kept=1, median_age=14)
    desk.now += timedelta(days=1)
    assert (await desk.do(ledger.read)).total == Numbers(kept=5, overdue=2, not_kept=1, median_age=15)


async def test_what_ended_more_than_a_year_ago_is_not_counted(desk: Meetings) -> None:
    await _settled(desk)
    desk.now += timedelta(days=366)
    assert (await desk.do(ledger.read)).total.kept == 0
