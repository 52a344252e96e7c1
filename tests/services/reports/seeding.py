"""Rows that a report counts, put into the database as they are: any history, however unlikely."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from services.offices.working_days import WorkingCalendar
from services.unit_of_work import Work
from storage.columns import insert_into
from storage.database import Database, Transaction, Value
from tests.shipped import OFFICES

ZONE = OFFICES.zone
CALENDAR = WorkingCalendar(OFFICES)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=ZONE)  # a Sunday
_TABLES = ("no_show_reasons", "ratings", "case_events", "cases", "bookings", "slots", "sessions", "residents")


@dataclass(frozen=True)
class FiledCase:
    """A case as its row has it; `reopened` are the moments of events."""

    office: str
    category: str
    kind: str
    source: str
    block: int | None
    owner: str
    status: str
    outcome: str
    created_at: datetime
    opened_at: datetime
    answered_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    update_due: datetime
    close_due: datetime
    paused_at: datetime | None
    first_due: datetime | None
    reopened: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Rated:
    case: int  # which of the cases
    stars: int
    comment: str
    at: datetime


@dataclass(frozen=True)
class Booked:
    office: str
    day: date
    status: str
    confirmed: bool
    walk_in: bool = False
    why: str = ""  # nobody came


# ---------------------------------------------------------------------------- what hypothesis makes

_OFFICES = st.sampled_from(("capital", "muharraq"))
_MOMENTS = st.integers(0, 90 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes, seconds=7))
_ENDED = ("closed", "rejected", "outside_remit", "withdrawn")
_OPEN = ("received", "under_review", "in_progress", "referred", "resolved", "reopened")


@st.composite
def filed_cases(draw: st.DrawFn) -> FiledCase:
    created = draw(_MOMENTS)
    opened = min(NOW, created + timedelta(minutes=draw(st.sampled_from((0, 0, 0, 9_000)))))

    def later(chance: st.SearchStrategy[bool]) -> datetime | None:
        moment = opened + timedelta(minutes=draw(st.integers(0, 30_000)), seconds=draw(st.integers(0, 59)))
        return moment if draw(chance) and moment <= NOW else None

    answered, resolved, closed = later(st.booleans()), later(st.booleans()), later(st.booleans())
    status = draw(st.sampled_from(_ENDED if closed else _OPEN))
    close_due = opened + timedelta(minutes=draw(st.integers(1, 20_000)))
    return FiledCase(
        office=draw(_OFFICES),
        category=draw(st.sampled_from(("bins", "debris", "parks"))),
        kind=draw(st.sampled_from(("complaint", "suggestion"))),
        source=draw(st.sampled_from(("", "call", "website"))),
        block=draw(st.sampled_from((None, 302, 338, 346))),
        owner=draw(st.sampled_from(("", "staff:9001", "staff:9002"))),
        status=status,
        outcome=draw(st.sampled_from(("fixed", "unconfirmed", ""))) if status == "closed" else "",
        created_at=created,
        opened_at=opened,
        answered_at=answered,
        resolved_at=resolved,
        closed_at=closed,
        update_due=opened + timedelta(minutes=draw(st.integers(1, 10_000))),
        close_due=close_due,
        paused_at=opened if status == "referred" else None,
        first_due=close_due if status in {"received", "under_review", "in_progress", "reopened"} else None,
        reopened=tuple(draw(st.lists(_MOMENTS, max_size=2))),
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[FiledCase], list[Rated], list[Booked]]:
    cases = draw(st.lists(filed_cases(), min_size=1, max_size=25))
    ratings = [
        Rated(number, draw(st.integers(1, 5)), draw(st.sampled_from(("", "Thank you"))), draw(_MOMENTS))
        for number in range(len(cases))
        if draw(st.booleans())
    ]
    statuses = ("confirmed", "checked_in", "attended", "no_show", "cancelled_by_resident", "cancelled_by_municipality")
    booked = st.builds(
        Booked,
        _OFFICES,
        _MOMENTS.map(lambda at: at.date()),
        st.sampled_from((*statuses, "waiting")),
        st.booleans(),
        st.booleans(),
        st.sampled_from(("", "forgot", "solved")),
    )
    return cases, ratings, draw(st.lists(booked, max_size=12))


# ---------------------------------------------------------------------------- into the database


async def seed(
    database: Database, cases: Sequence[FiledCase], ratings: Sequence[Rated] = (), booked: Sequence[Booked] = ()
) -> None:
    """These rows and no others."""
    async with database.transaction() as tx:
        for table in _TABLES:
            await tx.run(f"DELETE FROM {table}")  # noqa: S608
        await _put(tx, "residents", id=1, channel="telegram", address="1", created_at=NOW, seen_at=NOW)
        for number, case in enumerate(cases, start=1):
            await _put_case(tx, number, case)
        for one in ratings:
            values: dict[str, Value] = {"stars": one.stars, "comment": one.comment, "at": one.at}
            await _put(tx, "ratings", subject="case", subject_id=one.case + 1, resident_id=1, **values)
        for number, booking in enumerate(booked, start=1):
            await _put_booking(tx, number, booking)


async def _put_case(tx: Transaction, number: int, case: FiledCase) -> None:
    values = {field.name: getattr(case, field.name) for field in fields(case) if field.name != "reopened"}
    await _put(
        tx,
        "cases",
        id=number,
        reference=f"C-{number}",
        resident_id=1,
        updated_at=case.created_at,
        triage_due=case.close_due,
        **values,
    )
    for at in case.reopened:
        await _put(tx, "case_events", case_id=number, at=at, actor="resident:1", what="reopened", public=True)


async def _put_booking(tx: Transaction, number: int, booking: Booked) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    await _put(
        tx,
        "sessions",
        id=number,
        office=booking.office,
        lane=f"lane{number}",
        day=booking.day,
        opens_at=at,
        closes_at=at + timedelta(hours=1),
        nonce="n",
        created_at=at,
    )
    times = {"starts_at": at, "ends_at": at + timedelta(hours=1), "released_at": at, "bookable_until": at}
    await _put(tx, "slots", id=number, session_id=number, capacity=1, **times)
    waits = booking.status == "waiting"
    await _put(
        tx,
        "bookings",
        id=number,
        reference=f"B-{number}",
        office=booking.office,
        session_id=number,
        slot_id=None if waits else number,
        seat=None if waits else 1,
        resident_id=1,
        status=booking.status,
        waiting_since=at if waits else None,
        confirmed_at=at if booking.confirmed else None,
        source="walk_in" if booking.walk_in else "",
        created_at=at,
        updated_at=at,
    )
    if booking.why:
        await _put(tx, "no_show_reasons", booking_id=number, reason=booking.why, at=at)


async def _put(tx: Transaction, table: str, **values: Value) -> None:
    await tx.run(insert_into(table, values), **values)


def reading(tx: Transaction) -> Work:
    return Work(tx, NOW.astimezone(UTC), OFFICES, CALENDAR, random.Random(7))
