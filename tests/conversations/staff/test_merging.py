"""Staff merge a request with an earlier one: both are shown first, and it can be taken back, by the applicant too."""

from __future__ import annotations

import pytest

from locales import without_marks
from services.cases.resident_actions import Case
from storage.records.cases import CaseStatus
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import Person
from tests.known import known


@pytest.fixture
async def ali(town: DeskTown) -> Person:
    return await town.living("1002", "Ali")


async def merge(town: DeskTown, later: Case, typed: str, *, as_reply: bool) -> str:
    """Ask from the card's menu which earlier request it repeats, and type its reference; what staff read."""
    await town.huda.taps_data(f"desk:duplicate:{later.id}:{later.version}:", (await town.card(later)).number)
    asked = town.huda.last
    if as_reply:
        await town.huda.replies(asked, typed)
    else:
        await town.huda.says(typed)
    return without_marks(town.huda.last.text)


@pytest.mark.parametrize("as_reply", [True, False])
async def test_both_requests_are_shown_before_they_are_merged(town: DeskTown, ali: Person, as_reply: bool) -> None:
    earlier = await town.case_of(await town.living())
    later = await town.case_of(ali, "A palm has fallen", "parks")
    shown = await merge(town, later, earlier.reference, as_reply=as_reply)
    assert "A palm has fallen" in shown
    assert "The bins overflow" in shown
    assert "The categories are different" in shown
    assert (await town.again(later)).status is CaseStatus.RECEIVED, "nothing is done yet"
    await town.huda.taps("✅ Merge them")
    assert (await town.again(later)).duplicate_of == earlier.id
    await town.huda.taps("Separate them again")
    apart = await town.again(later)
    assert (apart.status, apart.duplicate_of) == (CaseStatus.REOPENED, None)
    assert "separated this request" in ali.last.text
    assert await town.rows("SELECT resident_id FROM case_followers") == []


async def test_what_is_no_reference_is_asked_for_again(town: DeskTown, ali: Person) -> None:
    later = await town.case_of(ali)
    assert "C-7K3M-2QF" in await merge(town, later, "the one from yesterday", as_reply=True)
    assert await town.rows("SELECT words FROM case_events WHERE what = 'replied'") == []


async def test_the_applicant_says_that_theirs_is_different(town: DeskTown, ali: Person) -> None:
    earlier = await town.case_of(await town.living())
    later = await town.case_of(ali, "A palm has fallen", "parks")
    await merge(town, later, earlier.reference, as_reply=True)
    await town.huda.taps("✅ Merge them")
    done = next(one for one in town.huda.messages if one.find("Separate them again") is not None)
    old = known(done.find("Separate them again"))
    assert earlier.reference in without_marks(ali.last.text)
    objection = known(ali.last.find("Mine is different"))
    await ali.taps("Mine is different")
    apart = await town.again(later)
    assert (apart.status, apart.duplicate_of) == (CaseStatus.REOPENED, None)
    assert await town.rows("SELECT resident_id FROM case_followers") == []
    await ali.taps_data(objection.data)
    await town.huda.taps_data(old.data, done.number)
    assert (await town.again(later)).version == apart.version, "neither button does it twice"
    assert any("الموضوع مختلف" in one.text for one in town.huda.messages)
