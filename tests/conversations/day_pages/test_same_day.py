"""The chat, the door and the director's page tell the same of a day: how many, and who came without an appointment."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest

from bot.pages.director_view import day_view
from locales import Catalogues, Language, load, without_marks
from services.casework.intake import Caller
from services.promises import outcomes
from services.promises.outcomes import Outcome, OutcomeKind
from services.staff.permissions import Person
from services.unit_of_work import Work
from services.visits import line, walk_ins
from services.visits.states import Step
from services.visits.visits import change
from storage.database import Database
from storage.records.staff import Role
from tests.conversations.line_town import DOOR, LineTown
from tests.conversations.staff_town import CAPITAL, in_arabic
from tests.known import known

CATALOGUES: Catalogues = load()


@pytest.fixture
async def town(database: Database) -> LineTown:
    return await LineTown(database).opens_the_day()


async def room(town: LineTown, language: Language = Language.EN) -> dict[str, object]:
    """The first lane as the director's page shows it."""
    t = CATALOGUES.localizer(language)

    async def look(work: Work) -> list[dict[str, object]]:
        hall = await line.positions(work, CAPITAL, work.today)
        lanes = (await day_view(work, t, hall, (CAPITAL,)))["lanes"]
        assert isinstance(lanes, list)
        return lanes

    return next(one for one in await town.work(look) if one["session"] == town.line.id)


async def first_time(town: LineTown, language: Language) -> str:
    """What the page says of when the first of those who wait came or is due."""
    waiting = (await room(town, language))["waiting"]
    assert isinstance(waiting, list)
    return str(waiting[0]["time"])


async def walks_in(town: LineTown) -> walk_ins.Added:
    member = Person("telegram", town.huda.address, "Huda")
    caller = Caller(name="Ali Hasan")
    added = await town.work(lambda work: walk_ins.add(work, member, town.line.id, caller, "roads"))
    assert isinstance(added, walk_ins.Added)
    return added


async def test_the_queue_the_door_and_the_page_count_alike(town: LineTown) -> None:
    waits, inside, absent, met, left, unseen, *_ = [booking for _, booking in await town.booked(8)]
    await town.is_at(-5)
    for one in (waits, inside, absent, met, left):
        await town.comes(one)
    for one, steps in (
        (absent, (Step.CALL, Step.NOT_HERE)),
        (met, (Step.ENTER, Step.FINISH)),
        (left, (Step.LEAVE,)),
        (inside, (Step.ENTER,)),
    ):
        for step in steps:
            await town.work(partial(change, booking=one.id, step=step, actor=DOOR))
    member = Person("telegram", town.huda.address, "Huda")
    await town.is_at(108)  # of the two who remain, one is expected and the time of the other has passed
    solved = Outcome(OutcomeKind.SOLVED)
    recorded = await town.work(lambda work: outcomes.record(work, member, unseen.id, solved))
    assert isinstance(recorded, outcomes.Recorded)  # although nobody said that they came

    await town.huda.says("/hall")
    shown = await room(town)
    counted = without_marks(str(shown["counted"]))
    assert counted == "Not here yet: 1 · Done: 2 · Left: 1"
    assert counted in town.says()
    assert "1 person is waiting" in town.says()
    assert shown["counts"] == {"waiting": "1", "absent": "1", "to_come": "1", "to_call": "0", "missed": "1"}
    await town.huda.says("/door")
    door = without_marks(town.huda.last.text)
    assert "In the queue: 1 · In the room: 1 · Not here yet: 1 · Time passed, not here: 1 · Done: 2 · Left: 1" in door


async def test_who_came_without_an_appointment_is_shown_with_none(town: LineTown) -> None:
    """Not in the card, the lists, the queue, the briefs or the page: only when they came."""
    await town.is_at(7)
    added = await walks_in(town)
    came = town.now.astimezone(town.offices.zone)
    at, ends = f"{came:%H:%M}", f"{came + timedelta(minutes=15):%H:%M}"
    await town.deliver()
    card = next(one for one in town.huda.messages if added.booking.reference in one.text)
    assert f"Without an appointment, arrived at {at}" in without_marks(card.text)
    said = [card.text]

    for command in ("/today", f"/find {added.booking.reference}", "/hall"):
        await town.huda.says(command)
        shown = known(town.panel() if command == "/hall" else town.huda.last)
        assert f"walk-in, came at {at}" in without_marks(shown.text), command
        said.append(shown.text)
    await town.huda.says("/session")
    (opens,) = [label for row in town.huda.last.buttons for label in row if added.booking.reference in label]
    assert not re.search(r"\d\d:\d\d", opens)

    await town.joins(town.huda, Role.DIRECTOR)
    director = town.resident(town.huda.address, "Huda", "en")
    await director.says("/brief")
    brief = next(one.text for one in director.messages if "1 visitor" in one.text)
    assert f"walk-in, came at {at}" in without_marks(brief)
    said.append(brief)

    assert not [text for text in said if ends in text], "the length of a slot that nobody gave them"
    assert without_marks(await first_time(town, Language.EN)) == f"walk-in, came at {at}"
    assert in_arabic(await first_time(town, Language.AR))
