"""When briefs and summaries come, to whom, and that each comes once."""

from __future__ import annotations

import json
from datetime import timedelta

from services.bookings import bookings
from services.bookings.bookings import Booking
from tests.services.booking_builders import FIRST_DAY
from tests.services.briefs.conftest import Eve

EVE = FIRST_DAY - timedelta(days=3)  # of this office, Sunday is the last day worked before a Wednesday
_DAY_OF = FIRST_DAY


async def _notice(desk: Eve) -> dict[str, list[int]]:
    (*_, row) = await desk.rows("SELECT payload FROM outbox WHERE key LIKE 'brief:%' ORDER BY id")
    return dict(json.loads(str(row["payload"])))


async def test_it_comes_at_five_on_the_working_day_before_to_the_offices_own_team(desk: Eve) -> None:
    await desk.booked()
    assert await desk.tell(EVE, "16:59") == 0
    assert await desk.tell(EVE, "17:00") == 2
    assert sorted(await desk.keys()) == ["first:2", "first:3"]
    assert await desk.tell(EVE, "17:01") == 0


async def test_nothing_comes_in_the_morning_where_nothing_changed(desk: Eve) -> None:
    await desk.booked()
    await desk.tell(EVE, "17:00")
    assert await desk.tell(_DAY_OF, "08:00") == 0


async def test_in_the_morning_it_says_what_changed(desk: Eve) -> None:
    cancelled, who = await desk.booked(0)
    moved, mover = await desk.booked(1)
    await desk.tell(EVE, "17:00")
    assert isinstance(await desk.do(bookings.cancel, cancelled.reference, who), Booking)
    slots = (await desk.first_day())[1]
    assert isinstance(await desk.do(bookings.reschedule, moved.reference, mover, slots[3].id), Booking)
    added, _ = await desk.booked(0)
    assert await desk.tell(_DAY_OF, "07:59") == 0
    assert await desk.tell(_DAY_OF, "08:00") == 2
    notice = await _notice(desk)
    assert (notice["added"], notice["moved"], notice["gone"]) == ([added.id], [moved.id], [cancelled.id])
    assert await desk.tell(_DAY_OF, "08:05") == 0


async def test_where_the_bot_stood_still_in_the_evening_it_comes_when_it_goes_on(desk: Eve) -> None:
    await desk.booked()
    assert await desk.tell(_DAY_OF, "08:30") == 2
    assert await desk.tell(_DAY_OF, "08:31") == 0


async def test_no_appointments_no_brief_but_those_of_the_night_are_told_in_the_morning(desk: Eve) -> None:
    assert await desk.tell(EVE, "17:00") == 0
    added, _ = await desk.booked()
    assert await desk.tell(_DAY_OF, "08:00") == 2
    assert (await _notice(desk))["added"] == [added.id]


async def test_the_summary_comes_half_an_hour_after_closing_once(desk: Eve) -> None:
    await desk.booked()
    await desk.tell(EVE, "17:00")
    assert await desk.tell(_DAY_OF, "10:29") == 0
    assert await desk.tell(_DAY_OF, "10:30") == 2
    assert (await desk.keys())[-2:] in (["summary:2", "summary:3"], ["summary:3", "summary:2"])
    assert await desk.tell(_DAY_OF, "11:00") == 0
