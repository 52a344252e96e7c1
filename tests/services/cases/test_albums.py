"""An album's photos come one by one, and are one thing the resident added."""

from __future__ import annotations

import pytest

from services.cases import albums, resident_actions
from services.cases.resident_actions import CaseEvent
from services.files.attachments import Sent, keep
from storage.database import Database
from storage.ids import FileId
from storage.records.cases import CaseEventKind
from storage.records.residents import Resident
from tests.services.case_builders import Casework


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


async def photo(casework: Casework, resident: Resident, name: str) -> tuple[FileId, ...]:
    kept = await casework.do(keep, resident, [Sent("photo", name, name)])
    assert isinstance(kept, tuple)
    return kept


async def test_the_rest_of_an_album_joins_what_was_just_added(casework: Casework) -> None:
    fatima = await casework.resident()
    case = await casework.case(fatima)
    first = await casework.do(
        resident_actions.add_information, case.reference, fatima, "", await photo(casework, fatima, "p1")
    )
    assert isinstance(first, CaseEvent)
    casework.wait(seconds=2)
    joined = await casework.do(albums.add_to_album, case.reference, fatima, await photo(casework, fatima, "p2"))
    assert joined == first
    assert [event for _, event in await casework.do(resident_actions.files_of, case.id)] == [first.id, first.id]
    assert await casework.events(case) == [CaseEventKind.RECEIVED, CaseEventKind.INFORMATION]


async def test_a_later_photo_is_something_new(casework: Casework) -> None:
    fatima = await casework.resident()
    case = await casework.case(fatima)
    await casework.do(resident_actions.add_information, case.reference, fatima, "Worse", ())
    casework.wait(minutes=2)
    assert await casework.do(albums.add_to_album, case.reference, fatima, await photo(casework, fatima, "p2")) is None


async def test_nothing_joins_what_another_resident_added(casework: Casework) -> None:
    fatima, ali = await casework.resident(), await casework.resident("Ali Hasan")
    case = await casework.case(fatima)
    await casework.do(resident_actions.add_information, case.reference, fatima, "Worse", ())
    assert await casework.do(albums.add_to_album, case.reference, ali, await photo(casework, ali, "p2")) is None
