"""Whom an audience holds."""

from __future__ import annotations

import pytest

from services.announcements import audience as audiences
from services.announcements.model import Audience
from storage.database import Database
from tests.services.announcements.builders import Newsroom
from tests.services.case_builders import BINS, CAPITAL, DEBRIS, NORTHERN


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


async def _count(newsroom: Newsroom, **parts: object) -> int:
    return (await newsroom.do(audiences.count, Audience.model_validate(parts))).total


async def test_it_holds_those_who_chose_the_office(newsroom: Newsroom) -> None:
    await newsroom.residents(2)
    await newsroom.residents(3, office=NORTHERN)
    await newsroom.residents(1, office="")
    assert await _count(newsroom, offices=(CAPITAL,)) == 2
    assert await _count(newsroom, offices=(CAPITAL, NORTHERN)) == 5
    assert await _count(newsroom) == 6


async def test_who_opted_out_or_stopped_the_bot_is_counted_apart(newsroom: Newsroom) -> None:
    await newsroom.residents(1)
    await newsroom.residents(2, wants_news=False)
    await newsroom.residents(3, reachable=False)
    found = await newsroom.do(audiences.count, Audience())
    assert (found.total, found.opted_out, found.unreachable) == (1, 2, 3)


async def test_the_language_is_the_residents_own(newsroom: Newsroom) -> None:
    await newsroom.residents(1, language="ar")
    await newsroom.residents(2, language="en")
    assert await _count(newsroom, language="ar") == 1
    assert (await newsroom.do(audiences.count, Audience())).by_language == {"ar": 1, "en": 2}


async def test_requests_narrow_it_by_state_category_and_block(newsroom: Newsroom) -> None:
    one, two = await newsroom.resident(office=CAPITAL), await newsroom.resident(office=CAPITAL)
    await newsroom.residents(1)
    await newsroom.case(one, category=BINS, block=321)
    await newsroom.case(two, category=DEBRIS, block=333)
    assert await _count(newsroom, open_case=True) == 2
    assert await _count(newsroom, category=BINS) == 1
    assert await _count(newsroom, block=333, open_case=True) == 1
    assert await _count(newsroom, category=BINS, block=333) == 0


async def test_whether_they_ever_booked_narrows_it(newsroom: Newsroom) -> None:
    await newsroom.residents(2)
    assert await _count(newsroom, booked="never") == 2
    assert await _count(newsroom, booked="has") == 0


@pytest.mark.parametrize(("recipients", "stars"), [(0, 0), (1, 1), (10, 1), (11, 2), (1000, 100)])
def test_ten_messages_cost_a_star(recipients: int, stars: int) -> None:
    assert audiences.cost(recipients) == stars
