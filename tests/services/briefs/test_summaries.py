"""A session's figures equal what SQL says that was written without looking at ours."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from services.actors import staff_actor
from services.bookings.bookings import Booking
from services.briefs import summaries
from services.promises import outcomes
from services.promises.outcomes import NewPromise, Outcome, OutcomeKind, Party, Recorded
from services.visits import visits
from services.visits.places import WALK_IN
from services.visits.states import Step
from storage.records.sessions import Session
from storage.visits import Visit
from tests.services.booking_builders import FIRST_DAY
from tests.services.briefs.conftest import NOORA, Eve

DOOR = staff_actor("1")
_MINUTES = (
    "SELECT arrived_at, entered_at, done_at FROM session_visits WHERE session_id = :id AND entered_at IS NOT NULL"
)


async def _a_morning(desk: Eve) -> list[Booking]:
    """Eight appointments, of whom two do not come and one came without; one is promised something."""
    chance = random.Random(11)
    booked = await desk.fill((await desk.days())[0])
    async with desk.database.transaction() as tx:
        await tx.run("UPDATE bookings SET source = :source WHERE id = :id", source=WALK_IN, id=booked[-1].id)
    desk.now = desk.at(FIRST_DAY, "08:50")
    for booking in booked[2:]:
        desk.now += timedelta(minutes=chance.randrange(1, 6))
        assert isinstance(await desk.do(visits.arrive, booking, DOOR), Visit)
    for number, booking in enumerate(booked[2:]):
        desk.now += timedelta(minutes=chance.randrange(1, 4))
        assert isinstance(await desk.do(visits.change, booking.id, Step.ENTER, DOOR), Visit)
        desk.now += timedelta(minutes=chance.randrange(2, 15))
        if number == 3:
            promise = NewPromise(what="A lamp", party=Party("lane:director"), due=FIRST_DAY + timedelta(days=14))
            kept = await desk.do(
                outcomes.record, NOORA, booking.id, Outcome(OutcomeKind.PROMISED, promise=promise), None
            )
            assert isinstance(kept, Recorded), kept
        elif number < 5:
            assert isinstance(await desk.do(visits.change, booking.id, Step.FINISH, DOOR), Visit)
    return booked


async def _number(desk: Eve, sql: str, session: int) -> int:
    (row,) = await desk.rows(sql, id=session)
    return int(str(next(iter(row.values()))))


async def test_figures_equal_those_of_independent_sql(desk: Eve) -> None:
    booked = await _a_morning(desk)
    session = (await desk.rows("SELECT * FROM sessions WHERE id = :id", id=booked[0].session_id))[0]
    counted = await desk.do(summaries.count, Session.of(session))
    of = booked[0].session_id
    assert counted.expected == await _number(
        desk,
        "SELECT count(*) FROM bookings WHERE session_id = :id AND source <> 'walk_in' AND confirmed_at IS NOT NULL",
        of,
    )
    assert counted.came == await _number(
        desk,
        "SELECT count(*) FROM session_visits v JOIN bookings b ON b.id = v.booking_id "
        "WHERE v.session_id = :id AND b.source <> 'walk_in'",
        of,
    )
    assert counted.walk_ins == await _number(
        desk, "SELECT count(*) FROM bookings WHERE session_id = :id AND source = 'walk_in'", of
    )
    assert counted.missed == await _number(
        desk,
        "SELECT count(*) FROM bookings b WHERE b.session_id = :id AND b.source <> 'walk_in' "
        "AND NOT EXISTS (SELECT 1 FROM session_visits v WHERE v.booking_id = b.id)",
        of,
    )
    assert counted.met == await _number(
        desk, "SELECT count(*) FROM session_visits WHERE session_id = :id AND status = 'done'", of
    )
    assert counted.promises == await _number(
        desk, "SELECT count(*) FROM promises p JOIN bookings b ON b.id = p.booking_id WHERE b.session_id = :id", of
    )
    assert (counted.expected, counted.came, counted.missed, counted.walk_ins) == (7, 5, 2, 1)


async def test_where_nobody_was_received_nobody_is_said_to_have_stayed_away(desk: Eve) -> None:
    booked = await desk.fill((await desk.days())[0])
    (row,) = await desk.rows("SELECT * FROM sessions WHERE id = :id", id=booked[0].session_id)
    session = Session.of(row)
    desk.now = session.closes_at + timedelta(hours=1)
    counted = await desk.do(summaries.count, session)
    assert (counted.expected, counted.came, counted.missed, counted.unrecorded) == (8, 0, 0, 8)


async def test_waits_and_lengths_equal_those_of_independent_sql(desk: Eve) -> None:
    booked = await _a_morning(desk)
    (row,) = await desk.rows("SELECT * FROM sessions WHERE id = :id", id=booked[0].session_id)
    counted = await desk.do(summaries.count, Session.of(row))
    # The wait that half, or nine in ten, did not exceed: the row of that rank.
    ranked = """
        SELECT arrived_at, entered_at FROM session_visits WHERE session_id = :id AND entered_at IS NOT NULL
        ORDER BY {span} LIMIT 1 OFFSET ((SELECT count(*) FROM session_visits WHERE session_id = :id
            AND entered_at IS NOT NULL) * {tenths} + 9) / 10 - 1
    """
    postgres = "postgres" in type(desk.database).__module__
    span = "entered_at - arrived_at" if postgres else "julianday(entered_at) - julianday(arrived_at)"
    for tenths, ours in ((5, counted.waited_median), (9, counted.waited_p90)):
        (found,) = await desk.rows(ranked.format(span=span, tenths=tenths), id=booked[0].session_id)
        assert ours == _instant(found["entered_at"]) - _instant(found["arrived_at"])
    all_of = await desk.rows(_MINUTES, id=booked[0].session_id)
    longest = max(_instant(one["done_at"]) - _instant(one["entered_at"]) for one in all_of if one["done_at"])
    assert counted.met_longest == longest


def _instant(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
