"""What was never submitted: its files go when it is dropped, and within a day otherwise; each draft has its own day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.privacy import retention
from storage.database import Database
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import Person


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


async def _files(town: DeskTown) -> int:
    async with town.database.transaction() as tx:
        return len(await tx.all("SELECT id FROM files"))


async def _with_photo(town: DeskTown) -> Person:
    person = await town.living()
    await person.says("/complain")
    await person.taps("Capital")
    await person.taps("Bins")
    await person.sends(caption="Full since Sunday")
    return person


async def test_photos_of_a_cancelled_draft_go_once_it_can_not_be_taken_back(town: DeskTown) -> None:
    fatima = await _with_photo(town)
    await fatima.says("/cancel")
    assert await _files(town) == 1  # Undo brings it back
    await fatima.says("/menu")
    assert await _files(town) == 0


async def test_a_photo_of_which_nothing_is_to_be_made_is_not_kept(town: DeskTown) -> None:
    fatima = await town.living()
    case = await town.case_of(fatima)
    await fatima.says(f"/track {case.reference}")
    await fatima.sends(caption="Wrong photo")
    assert await _files(town) == 1
    await fatima.taps("Discard it")
    assert await _files(town) == 0


async def test_photos_of_a_draft_go_with_it_after_a_day(town: DeskTown) -> None:
    await _with_photo(town)
    await town.wait(timedelta(hours=23))
    await town.work(retention.apply_retention)
    assert await _files(town) == 1
    await town.wait(timedelta(hours=2))
    await town.work(retention.apply_retention)
    assert await _files(town) == 0


async def test_photos_stay_as_long_as_their_draft_goes_on(town: DeskTown) -> None:
    fatima = await _with_photo(town)
    for _ in range(3):
        await town.wait(timedelta(hours=20))
        await town.work(retention.apply_retention)
        await fatima.says("More about it")
    assert await _files(town) == 1


async def test_photos_stay_that_came_with_a_request(town: DeskTown) -> None:
    fatima = await town.living()
    case = await town.case_of(fatima)
    await fatima.says(f"/track {case.reference}")
    await fatima.sends(caption="As it is today")
    await fatima.taps("Add it")
    await fatima.says("/menu")
    await town.wait(timedelta(days=3))
    await town.work(retention.apply_retention)
    assert await _files(town) == 1


@pytest.mark.parametrize("let_go", [True, False])
async def test_a_draft_set_aside_has_a_day_whatever_else_is_done(town: DeskTown, let_go: bool) -> None:
    fatima = await _with_photo(town)
    await fatima.says("/menu")
    await town.wait(timedelta(hours=20))
    await fatima.says("/menu")
    assert any("Continue" in label for row in fatima.buttons for label in row)
    await town.wait(timedelta(hours=5))
    if let_go:
        await town.work(retention.apply_retention)
        assert await _files(town) == 0
        async with town.database.transaction() as tx:
            assert (await tx.one("SELECT saved FROM conversations")) == {"saved": "[]"}
    await fatima.says("/menu")
    assert not any("Continue" in label for row in fatima.buttons for label in row)
