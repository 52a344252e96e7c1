"""Crews in the field: what is near them, photos that show what was done, and what comes back at the same spot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from locales import without_marks
from services.cases import spots
from services.cases.resident_actions import Case, CaseKind, NewCase, submit
from services.casework import near
from services.unit_of_work import Work
from storage.ids import CategoryId, OfficeId
from tests.conversations.staff_town import CAPITAL, Colleague, DeskTown
from tests.conversations.town import Person
from tests.known import by_address, known
from tests.services import by_staff

HERE = (26.2230, 50.5860)
METRE = 1 / 111_195  # of latitude, in degrees

pytestmark = pytest.mark.at_some_instants(1)


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


async def report(
    town: DeskTown,
    person: Person,
    north: float | None = 0,
    *,
    block: int | None = None,
    road: str = "",
    office: OfficeId = CAPITAL,
    category: str = "bins",
) -> Case:
    """A complaint so many metres north of here; without a pin where `north` is None."""

    async def file(work: Work) -> Case:
        resident = known(await by_address(work.tx, "telegram", person.address))
        new = NewCase(
            kind=CaseKind.COMPLAINT,
            category=CategoryId(category),
            office=office,
            words="The bins overflow",
            block=block,
            road=road,
            latitude=None if north is None else HERE[0] + north * METRE,
            longitude=None if north is None else HERE[1],
        )
        filed = await submit(work, resident, new)
        assert isinstance(filed, Case)
        return filed

    return await town.work(file)


async def close(town: DeskTown, case: Case) -> None:
    await town.work(lambda work: by_staff.reject(work, case.id, "staff:9001", "Done"))


def read(who: Person) -> str:
    return without_marks(who.last.text)


async def private(town: DeskTown, colleague: Colleague) -> Person:
    return await town.living(colleague.address, colleague.name)


async def test_the_nearest_comes_first_with_its_distance_and_a_button_that_opens_it(
    town: DeskTown, fatima: Person
) -> None:
    far, near_by = await report(town, fatima, 400), await report(town, fatima, 30, block=338)
    unpinned = await report(town, fatima, None, block=338)
    elsewhere = await report(town, fatima, 10, office=OfficeId("muharraq"))
    huda = await private(town, town.huda)

    await huda.says("/near")
    assert huda.last.message.ask_for is not None
    await huda.shares_place(*HERE)

    text = read(huda)
    assert text.index("30 m") < text.index("400 m") < text.index("Also in block 338")
    assert text.index(near_by.reference) < text.index(far.reference) < text.index(unpinned.reference)
    assert elsewhere.reference not in text
    await huda.shares_place(*HERE)  # for a request of her own
    assert "30 m" not in read(huda)
    await huda.taps("1")
    assert near_by.reference in huda.last.text
    assert ("staff:9001", "near.look") in await town.audited("office:capital")


async def test_where_a_member_is_goes_with_them_when_they_are_forgotten(town: DeskTown) -> None:
    huda = await private(town, town.huda)
    await huda.says("/near")
    await huda.shares_place(*HERE)
    assert await town.rows("SELECT * FROM staff_places")

    await huda.says("/forget")
    await huda.taps("Yes, erase everything")

    assert not await town.rows("SELECT * FROM staff_places")


async def test_in_the_group_the_location_of_who_asked_is_the_answer_and_nobody_elses(
    town: DeskTown, fatima: Person
) -> None:
    case = await report(town, fatima, 30)
    await town.huda.says("/near")
    said = len(town.huda.messages)

    await town.stranger.shares_place(*HERE)
    assert not any("30 m" in shown.text for shown in town.huda.messages[said:])
    await town.huda.shares_place(*HERE)
    assert case.reference in read(town.huda)

    await town.huda.says("/near")  # a moment later the same place is still known
    assert case.reference in read(town.huda)
    await town.wait(near.FRESH + timedelta(minutes=1))
    await town.huda.says("/near")
    assert "send your location here" in read(town.huda)


async def test_a_location_that_nobody_asked_for_is_a_residents(town: DeskTown) -> None:
    huda = await private(town, town.huda)
    await huda.shares_place(*HERE)
    assert await town.rows("SELECT * FROM staff_places") == []


async def test_where_a_member_was_is_let_go_of_after_a_day(town: DeskTown) -> None:
    huda = await private(town, town.huda)
    await huda.says("/near")
    await huda.shares_place(*HERE)
    await town.wait(near.KEPT + timedelta(hours=1))

    assert await town.work(lambda work: near.forget_due(work, 10)) == 1
    assert await town.rows("SELECT * FROM staff_places") == []


@pytest.mark.parametrize(("shared", "said"), [(True, "30 m from the place"), (False, "place not known")])
async def test_a_photo_of_what_was_done_is_noted_with_its_time_and_distance(
    town: DeskTown, fatima: Person, shared: bool, said: str
) -> None:
    case = await report(town, fatima, 30)
    huda = await private(town, town.huda)
    if shared:
        await huda.says("/near")
        await huda.shares_place(*HERE)
    await huda.says(f"/case {case.reference}")
    await huda.taps("Change status")
    await huda.taps("تم الحل")
    await huda.sends(caption="Emptied", reply_to=huda.last.number)
    await huda.taps("Send")

    await huda.says(f"/case {case.reference}")
    assert "After photo" in read(huda)
    assert said in read(huda)


async def test_the_same_spot_after_a_closed_case_asks_for_the_root_cause(town: DeskTown, fatima: Person) -> None:
    first = await report(town, fatima, 0)
    still_open = await report(town, fatima, 10)
    await close(town, first)
    await town.wait(timedelta(days=60))

    again = await report(town, fatima, 20)
    other = await report(town, fatima, 20, category="cleanliness")
    far = await report(town, fatima, 80)

    card = without_marks((await town.card(again)).text)
    assert "🔁" in card
    assert first.reference in card
    assert still_open.reference in card
    for case in (first, other, far):
        assert "🔁" not in (await town.card(case)).text
    await town.wait(timedelta(days=spots.ROOT_CAUSE_DAYS))
    assert "🔁" not in (await town.card(await report(town, fatima, 0))).text


async def test_a_road_of_a_block_is_a_spot_where_no_pin_says_otherwise(town: DeskTown, fatima: Person) -> None:
    first = await report(town, fatima, None, block=338, road="12")
    await close(town, first)
    await town.wait(timedelta(days=1))

    same = await report(town, fatima, None, block=338, road="12")
    next_road = await report(town, fatima, None, block=338, road="13")
    assert first.reference in (await town.card(same)).text
    assert first.reference not in (await town.card(next_road)).text
