"""The panel by which staff call people in: one message that is edited, and of two who tap at once one acts."""

from __future__ import annotations

import asyncio

import pytest

from services.visits import line, panels
from storage import outbox
from storage.database import Database
from storage.ids import OfficeId
from storage.records.outbox import OutboxKind
from storage.records.staff import Role
from storage.visits import VisitStatus
from tests.conversations.line_town import LineTown
from tests.conversations.staff_town import Colleague, in_arabic, is_refusal

S = VisitStatus


@pytest.fixture
async def town(database: Database) -> LineTown:
    return await LineTown(database).opens_the_day()


def _labels(town: LineTown) -> list[str]:
    return [label for row in town.panel().buttons for label in row]


async def test_a_visitor_is_called_goes_in_and_is_done_in_one_message(town: LineTown) -> None:
    (_, first), (_, second) = await town.booked(2)
    await town.is_at(-5)
    for booking in (first, second):
        await town.comes(booking)
    await town.huda.says("/hall")
    shown = town.panel().number
    assert "2 people are waiting" in town.says()
    assert "Resident" not in town.says()
    await town.tap(town.huda, "Call next: 1")
    assert town.huda.toast == "Number 1 was called"
    await town.tap(town.huda, "1 In")
    await town.tap(town.huda, "1 Done")
    assert (await town.visit(first.id)).status is S.DONE
    assert town.panel().number == shown
    assert "Done: 1" in town.says()
    assert any("Call next: 2" in label for label in _labels(town))


async def test_of_two_who_tap_at_once_one_acts_and_the_other_is_told(town: LineTown) -> None:
    for _, booking in await town.booked(3):
        await town.is_at(0)
        await town.comes(booking)
    await town.huda.says("/hall")
    panel = town.panel()
    call = panel.find("Call next")
    assert call is not None
    await asyncio.gather(*(who.taps_data(call.data, panel.number) for who in (town.huda, town.maryam)))
    toasts = sorted((town.huda.toast, town.maryam.toast))
    assert toasts == ["Number 1 was called", "This was done a moment ago. See the queue."]
    assert [row["n"] for row in await town.rows("SELECT count(*) AS n FROM session_visits WHERE calls > 0")] == [1]


async def test_a_late_tap_is_told_how_it_stands_now(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(0)
    await town.comes(booking)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Call next")
    entered = town.panel().find("1 In")
    absent = town.panel().find("1 Not here")
    assert entered is not None
    assert absent is not None
    await town.maryam.taps_data(entered.data)
    await town.huda.taps_data(absent.data)
    assert town.huda.toast == "Number 1 is already inside."
    assert (await town.visit(booking.id)).status is S.INSIDE


async def test_who_was_not_there_and_comes_back_waits_again(town: LineTown) -> None:
    (_, first), (_, second) = await town.booked(2)
    await town.is_at(0)
    for booking in (first, second):
        await town.comes(booking)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Call next: 1")
    await town.tap(town.huda, "1 Not here")
    assert "Not there when called: 1" in town.says()
    await town.tap(town.huda, "Call next: 2")
    await town.tap(town.huda, "1 Is here")
    assert (await town.visit(first.id)).status is S.WAITING


async def test_a_break_stops_the_calls_until_the_line_goes_on(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(0)
    await town.comes(booking)
    await town.huda.says("/hall")
    stale = town.panel().find("Call next")
    assert stale is not None
    await town.tap(town.huda, "Break")
    await town.huda.taps("20 minutes")
    assert "Break until" in town.says()
    assert not any("Call next" in label for label in _labels(town))
    await town.maryam.taps_data(stale.data)
    assert (await town.visit(booking.id)).status is S.WAITING
    await town.tap(town.huda, "Back on")
    await town.tap(town.huda, "Call next")
    assert (await town.visit(booking.id)).status is S.CALLED


async def test_a_delay_is_announced_before_the_line_opens(town: LineTown) -> None:
    await town.is_at(-30)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Delay")
    await town.huda.taps("25 minutes")
    assert "Delayed until 09:25" in town.says()


async def test_another_number_can_be_called_out_of_turn(town: LineTown) -> None:
    people = await town.booked(3)
    await town.is_at(0)
    for _, booking in people:
        await town.comes(booking)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Call another")
    await town.huda.taps("3")
    assert (await town.visit(people[2][1].id)).status is S.CALLED


async def test_who_did_not_come_is_shown_by_time_and_reference(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(0)
    await town.huda.says("/hall")
    assert "Did not come?" not in town.says()
    await town.is_at(11)
    await town.huda.says("/hall")
    assert booking.reference in town.says().partition("Did not come?")[2]


async def test_the_panel_follows_in_the_group_and_in_private(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(0)
    await town.comes(booking)
    yusuf = await town.living(town.yusuf.address, "Yusuf", "ar")
    await town.huda.says("/hall")
    await yusuf.says("/hall")
    assert in_arabic(yusuf.last.text)
    await yusuf.taps("النداء على التالي")
    assert "Called: 1" in town.says()
    assert sum("🪑" in one.text for one in yusuf.messages) == len(town.lines)


async def test_asking_again_brings_the_panel_down_and_the_old_one_loses_its_buttons(town: LineTown) -> None:
    await town.is_at(0)
    await town.huda.says("/hall")
    first = town.panel().number
    await town.huda.says("/hall")
    assert town.panel().number != first
    assert next(one for one in town.huda.messages if one.number == first).text == "The queue is shown below."


async def test_whoever_may_not_receive_neither_sees_nor_moves_a_line(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(0)
    visit = await town.comes(booking)
    for who in (town.council, town.stranger):
        await who.says("/hall")
        assert is_refusal(who.last.text)
        await who.taps_data(f"desk:line_next:{town.line.id}:1:")
        await who.taps_data(f"desk:line_in:{booking.id}:{visit.version}:")
    assert await town.visit(booking.id) == visit


async def test_a_team_of_another_office_moves_nobody_here(town: LineTown) -> None:
    other = Colleague(town, "9777", "Other", "en", "-1002")
    await town.joins(other, Role.MANAGER, OfficeId("muharraq"))
    ((_, booking),) = await town.booked(1)
    await town.is_at(0)
    visit = await town.comes(booking)
    for verb, number in (("line_next", town.line.id), ("line_call", booking.id), ("line_pause", town.line.id)):
        await other.taps_data(f"desk:{verb}:{number}:{visit.version}:")
    await other.taps_data(f"desk:line_break:{town.line.id}:1:10")
    await other.taps_data(f"desk:line_open:{town.line.id}:0:")
    assert await town.visit(booking.id) == visit
    assert not await town.rows("SELECT 1 FROM lines WHERE held <> ''")


@pytest.mark.parametrize("argument", ["", "-5", "٣", "9" * 20, "0", "x"])
async def test_a_forged_delay_stops_nothing(town: LineTown, argument: str) -> None:
    await town.is_at(0)
    await town.huda.says("/hall")
    await town.huda.taps_data(f"desk:line_delay:{town.line.id}:1:{argument}")
    assert not await town.rows("SELECT 1 FROM lines WHERE held <> ''")


async def test_there_is_no_panel_where_there_is_no_customer_day(town: LineTown) -> None:
    await town.huda.says("/hall")
    assert town.huda.last.text == "There is no Customer Day today."


async def test_a_visitor_goes_over_to_the_other_line(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(0)
    await town.comes(booking)
    await town.huda.says("/hall")
    await town.tap(town.huda, "Transfer")
    await town.huda.taps("1")
    assert (await town.visit(booking.id)).session_id == town.lines[1].id
    assert "Nobody is waiting" in town.says()
    town.huda.sees("1 person is waiting")


async def test_what_was_put_into_words_is_sent_although_nothing_has_changed_since(town: LineTown) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(0)
    await town.comes(booking)
    await town.huda.says("/hall")
    async with town.database.transaction() as tx:
        work = town.desk.work(tx)
        await line.call_next(work, town.huda.person, town.line.id)
        await panels.owe(work, town.line.id)
    async with town.database.transaction() as tx:
        owed = await outbox.due(tx, town.now, 20)
    for row in owed:
        if row.kind is OutboxKind.NOTICE:
            await town.wording.word(row, lambda message: (message,))
    await town.work(lambda work: panels.owe(work, town.line.id))
    assert "Called: 1" in town.says()


@pytest.mark.parametrize("argument", ["9" * 15, "9" * 30])
async def test_a_forged_line_takes_nobody_over(town: LineTown, argument: str) -> None:
    ((_, booking),) = await town.booked(1)
    await town.is_at(0)
    visit = await town.comes(booking)
    await town.huda.taps_data(f"desk:line_to:{booking.id}:{visit.version + 1}:{argument}")
    assert (await town.visit(booking.id)).session_id == town.line.id
    assert not await town.rows("SELECT 1 FROM dead_letters")
