"""One speaks for all, with one appointment, in both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from services.actors import staff_actor
from services.bookings import bookings, waiting_list
from services.bookings.bookings import Booking
from services.cases import duplicates, resident_actions
from services.cases.resident_actions import CaseKind, NewCase
from services.streets import streets
from services.streets.streets import Standing, Street, Voice, Why
from storage import streets as rows
from storage.database import Database
from storage.ids import CategoryId
from storage.records.cases import Case
from storage.records.residents import Resident
from tests.known import known
from tests.services import by_staff
from tests.services.booking_builders import CAPITAL, details, offices, open_desk
from tests.services.case_builders import Casework


@pytest.fixture
def desk(database: Database) -> Casework:
    return Casework(database)


async def shared(desk: Casework, joiners: int) -> tuple[Case, list[Resident]]:
    people = [await desk.resident(str(number)) for number in range(joiners + 1)]
    case = await desk.case(people[0])
    for one in people[1:]:
        await desk.do(duplicates.join, case.id, one)
    return case, people


async def test_of_two_who_offer_at_once_one_does(desk: Casework) -> None:
    case, (owner, other, *_) = await shared(desk, 2)
    done = await asyncio.gather(*(desk.do(streets.offer, case.id, one) for one in (owner, other)))
    assert [isinstance(one, Street) for one in done].count(True) == 1
    assert Why.TAKEN in done


async def test_the_last_objection_and_an_agreement_at_once_end_in_one_state(desk: Casework) -> None:
    case, (owner, *others) = await shared(desk, 2)
    offered = await desk.do(streets.offer, case.id, owner)
    assert isinstance(offered, Street)
    await asyncio.gather(
        desk.do(streets.say, case.id, others[0], offered.offer, Voice.AGREES),
        desk.do(streets.say, case.id, others[1], offered.offer, Voice.OBJECTS),
    )
    async with desk.database.transaction() as tx:
        assert await rows.of_case(tx, case.id) is None  # one of two is half
        assert await rows.voices(tx, case.id) == {}


async def test_who_had_left_comes_back_by_agreeing(desk: Casework) -> None:
    case, (owner, other) = await shared(desk, 1)
    offered = await desk.do(streets.offer, case.id, owner)
    assert isinstance(offered, Street)
    await desk.do(streets.say, case.id, other, offered.offer, Voice.LEFT)
    after = await desk.do(streets.say, case.id, other, offered.offer, Voice.AGREES)
    assert isinstance(after, Standing)
    assert (after.agree, after.others) == (1, (other.id,))
    async with desk.database.transaction() as tx:
        assert known(await rows.of_case(tx, case.id)).chosen_at is not None


async def test_who_is_alone_has_nobody_to_speak_for(desk: Casework) -> None:
    case, (owner,) = await shared(desk, 0)
    assert await desk.do(streets.offer, case.id, owner) is Why.ALONE
    stranger = await desk.resident("stranger")
    assert await desk.do(streets.standing, case.id, stranger.id) is Why.NOT_THEIRS
    assert isinstance(await desk.do(streets.standing, case.id, owner.id), Standing)


@pytest.mark.parametrize("breaks", ["UPDATE streets SET booking_id = 1", "UPDATE streets SET offer = 0"])
async def test_the_schema_holds_what_an_offer_is(desk: Casework, breaks: str) -> None:
    case, (owner, *_) = await shared(desk, 1)
    await desk.do(streets.offer, case.id, owner)
    with pytest.raises(Exception, match=r"(?i)constraint"):
        async with desk.database.transaction() as tx:
            await tx.run(breaks)


async def test_a_seat_from_the_waiting_list_is_the_appointment_for_all(database: Database, tmp_path: Path) -> None:
    desk = await open_desk(database, offices(tmp_path))
    speaker, neighbour = await desk.resident(), await desk.resident()
    new = NewCase(kind=CaseKind.COMPLAINT, category=CategoryId("other"), office=CAPITAL, words="The road floods")
    case = await desk.do(resident_actions.submit, speaker, new)
    assert isinstance(case, Case)
    await desk.do(duplicates.join, case.id, neighbour)
    offered = await desk.do(streets.offer, case.id, speaker)
    assert isinstance(offered, Street)
    await desk.do(streets.say, case.id, neighbour, offered.offer, Voice.AGREES)
    session, _ = await desk.first_day()
    full = await desk.fill(session)
    about = replace(details(speaker), words=f"About request {case.reference}")
    waiting = await desk.do(waiting_list.join, session.id, speaker, about)
    assert isinstance(waiting, Booking)
    await desk.do(bookings.cancel_by_municipality, full[0].id, "", staff_actor("1"))
    await desk.do(waiting_list.accept_offer, waiting.reference, speaker)

    async with database.transaction() as tx:
        assert known(await rows.of_case(tx, case.id)).booking_id == waiting.id
    [told] = await desk.owed("street_news", waiting)
    assert told.endswith(f":booked:{(await desk.again(waiting)).version}:{neighbour.id}")


async def test_an_offer_goes_along_with_what_was_said_of_it_when_requests_are_joined(desk: Casework) -> None:
    case, (owner, other, _) = await shared(desk, 2)
    main = await desk.case(await desk.resident("main"))
    offered = await desk.do(streets.offer, case.id, owner)
    assert isinstance(offered, Street)
    await desk.do(streets.say, case.id, other, offered.offer, Voice.AGREES)

    joined = await desk.do(by_staff.mark_duplicate, case.id, "staff:1", main.reference)

    assert isinstance(joined, Case)
    found = await desk.do(streets.standing, main.id, owner.id)
    assert isinstance(found, Standing)
    assert (known(found.street).offer, known(found.street).resident_id) == (offered.offer, owner.id)
    assert (found.agree, found.people) == (1, 4)
