"""An album's photos come one by one, and are one thing the resident added."""

from __future__ import annotations

import pytest

from services.cases import albums, resident_actions
from services.cases.resident_actions import CaseEvent
from services.files.attachments import Sent, keep
from storage.database import Database
from storage.ids import FileId
from storage.records import CaseEventKind, Resident
from tests.services.case_builders import Desk


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def photo(desk: Desk, resident: Resident, name: str) -> tuple[FileId, ...]:
    kept = await desk.do(keep, resident, [Sent("photo", name, name)])
    assert isinstance(kept, tuple)
    return kept


async def test_the_rest_of_an_album_joins_what_was_just_added(desk: Desk) -> None:
    fatima = await desk.resident()
    case = await desk.case(fatima)
    first = await desk.do(resident_actions.add_information, case.reference, fatima, "", await photo(desk, fatima, "p1"))
    assert isinstance(first, CaseEvent)
    desk.wait(seconds=2)
    joined = await desk.do(albums.add_to_album, case.reference, fatima, await photo(desk, fatima, "p2"))
    assert joined == first
    assert [event for _, event in await desk.do(resident_actions.files_of, case.id)] == [first.id, first.id]
    assert await desk.events(case) == [CaseEventKind.RECEIVED, CaseEventKind.INFORMATION]


async def test_a_later_photo_is_something_new(desk: Desk) -> None:
    fatima = await desk.resident()
    case = await desk.case(fatima)
    await desk.do(resident_actions.add_information, case.reference, fatima, "Worse", ())
    desk.wait(minutes=2)
    assert await desk.do(albums.add_to_album, case.reference, fatima, await photo(desk, fatima, "p2")) is None


async def test_nothing_joins_what_another_resident_added(desk: Desk) -> None:
    fatima, ali = await desk.resident(), await desk.resident("Ali Hasan")
    case = await desk.case(fatima)
    await desk.do(resident_actions.add_information, case.reference, fatima, "Worse", ())
    assert await desk.do(albums.add_to_album, case.reference, ali, await photo(desk, ali, "p2")) is None
