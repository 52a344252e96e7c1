"""Strangers' cases nearby: found, shown without whose they are, joined."""

from __future__ import annotations

import asyncio
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases import duplicates, resident_actions
from services.cases.duplicates import AlreadyJoined, Gone, Similar
from services.cases.resident_actions import Case, CaseEventKind, CaseStatus
from services.points import distance
from storage.database import Database
from storage.records.residents import Resident
from tests.services import by_staff
from tests.services.case_builders import BINS, CAPITAL, DEBRIS, Casework

E = CaseEventKind
LATITUDE, LONGITUDE = 26.2285, 50.5860
METRE = 1 / 111_195


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


async def _similar(casework: Casework, who: Resident, **more: object) -> tuple[Similar, ...]:
    asked = {
        "category": BINS,
        "office": CAPITAL,
        "latitude": LATITUDE,
        "longitude": LONGITUDE,
        "block": None,
        "road": "",
        "resident_id": who.id,
        **more,
    }
    return await casework.do(duplicates.similar, **asked)  # type: ignore[arg-type]


async def _at(casework: Casework, who: Resident, north: float, east: float = 0, **more: object) -> Case:
    longitude = LONGITUDE + east * METRE / cos(radians(LATITUDE))
    return await casework.case(who, latitude=LATITUDE + north * METRE, longitude=longitude, **more)


async def test_open_cases_of_the_category_within_250_metres_the_nearest_first(casework: Casework) -> None:
    ali, fatima = await casework.resident("Ali"), await casework.resident()
    far = await _at(casework, ali, 240)
    near = await _at(casework, ali, 0, -30)
    await _at(casework, ali, 260)
    await _at(casework, ali, 180, 180)  # in the square, not in the circle
    await _at(casework, ali, 10, category=DEBRIS)
    await casework.do(by_staff.reject, (await _at(casework, ali, 10)).id, "x", "no")
    await casework.do(by_staff.resolve, (await _at(casework, ali, 10)).id, "x", "done")
    await _at(casework, fatima, 5)  # their own
    found = await _similar(casework, fatima)
    assert [(one.case.id, one.metres) for one in found] == [(near.id, 30), (far.id, 240)]


async def test_no_more_than_five_are_shown(casework: Casework) -> None:
    ali, fatima = await casework.resident("Ali"), await casework.resident()
    for metres in range(6):
        await _at(casework, ali, metres)
    assert len(await _similar(casework, fatima)) == 5


async def test_without_a_pin_the_same_block_and_road_are_similar(casework: Casework) -> None:
    ali, fatima = await casework.resident("Ali"), await casework.resident()
    here = await casework.case(ali, block=338, road="3827")
    await casework.case(ali, block=338, road="3828")
    await casework.case(ali, block=338)
    place = {"latitude": None, "longitude": None, "block": 338}
    assert [(one.case.id, one.metres) for one in await _similar(casework, fatima, **place, road="3827")] == [
        (here.id, None)
    ]
    assert await _similar(casework, fatima, **place) == ()


async def test_two_distant_pins_on_one_road_are_two_matters(casework: Casework) -> None:
    ali, fatima = await casework.resident("Ali"), await casework.resident()
    await _at(casework, ali, 900, block=338, road="3827")
    assert await _similar(casework, fatima, block=338, road="3827") == ()


async def test_a_stranger_sees_neither_who_it_is_from_nor_all_they_wrote(casework: Casework) -> None:
    ali, fatima = await casework.resident("Ali"), await casework.resident()
    await _at(
        casework,
        ali,
        1,
        words="Ali Hassan 33123456 " + "w" * 500,
        name="Ali Hassan",
        phone="+97333123456",
        building="12",
        source="qr",
    )
    (seen,) = await _similar(casework, fatima)
    shown = seen.case.model_dump_json()
    assert not any(secret in shown for secret in ("Ali Hassan", "33123456", "qr", "www"))
    assert (seen.case.resident_id, seen.case.building, seen.case.road, seen.case.latitude) == (0, "", "", None)


async def test_joining_makes_a_follower_and_weighs_more(casework: Casework) -> None:
    ali, fatima = await casework.resident("Ali"), await casework.resident()
    case = await _at(casework, ali, 1, name="Ali Hassan")
    joined = await casework.do(duplicates.join, case.id, fatima)
    assert isinstance(joined, Case)
    assert (joined.priority, joined.name) == (1, "")
    assert isinstance(await casework.do(duplicates.join, case.id, fatima), AlreadyJoined)
    assert isinstance(await casework.do(duplicates.join, case.id, ali), AlreadyJoined)
    assert (await casework.again(case)).priority == 1
    assert await casework.do(resident_actions.joiners, case.id) == 1
    assert await casework.told_staff() == [E.JOINED]
    own = await casework.do(resident_actions.own, case.reference, fatima)
    assert own is not None
    assert own.name == ""
    await casework.do(by_staff.ask, case.id, "x", "Which bin?")
    assert await casework.told(ali) == await casework.told(fatima) == [E.ASKED]
    assert await _similar(casework, fatima) == ()  # it is theirs now


async def test_a_follower_can_answer_but_neither_end_nor_reopen(casework: Casework) -> None:
    ali, fatima = await casework.resident("Ali"), await casework.resident()
    case = await _at(casework, ali, 1)
    await casework.do(duplicates.join, case.id, fatima)
    await casework.do(by_staff.ask, case.id, "x", "Which bin?")
    await casework.do(resident_actions.add_information, case.reference, fatima, "The green one")
    assert (await casework.again(case)).status is CaseStatus.RECEIVED
    assert await casework.do(resident_actions.withdraw, case.reference, fatima) == resident_actions.NotAllowed(None)


async def test_an_ended_case_cannot_be_joined(casework: Casework) -> None:
    ali, fatima = await casework.resident("Ali"), await casework.resident()
    case = await _at(casework, ali, 1)
    await casework.do(resident_actions.withdraw, case.reference, ali)
    assert await casework.do(duplicates.join, case.id, fatima) == Gone()


async def test_joining_twice_at_once_joins_once(casework: Casework) -> None:
    ali, fatima = await casework.resident("Ali"), await casework.resident()
    case = await _at(casework, ali, 1)
    outcomes = await asyncio.gather(*(casework.do(duplicates.join, case.id, fatima) for _ in range(4)))
    assert sum(isinstance(outcome, Case) for outcome in outcomes) == 1
    assert (await casework.again(case)).priority == 1


@given(st.floats(25.5, 26.4), st.floats(50.3, 50.9), st.floats(-200, 200), st.floats(-200, 200))
def test_distances_are_those_of_a_plane_at_this_scale(
    latitude: float, longitude: float, north: float, east: float
) -> None:
    there = latitude + north * METRE, longitude + east * METRE / cos(radians(latitude))
    assert distance(latitude, longitude, *there) == pytest.approx((north**2 + east**2) ** 0.5, abs=0.1)
