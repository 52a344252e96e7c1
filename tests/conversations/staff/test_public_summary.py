"""Staff write from a card what neighbours who are asked to join a request read of it."""

from __future__ import annotations

import pytest

from locales import without_marks
from services.cases.public_view import LONGEST
from services.cases.resident_actions import Case
from tests.conversations.staff_town import Colleague, DeskTown, is_refusal
from tests.known import known


@pytest.fixture
async def case(town: DeskTown) -> Case:
    return await town.case_of(await town.living())


async def asks_for_one(town: DeskTown, case: Case, who: Colleague) -> str:
    """Tap the button of the card's menu; what is asked."""
    await who.taps_data(f"desk:menu:{case.id}:{case.version}:more", (await town.card(case)).number)
    await who.taps_data(f"desk:summary:{case.id}:{case.version}:", (await town.card(case)).number)
    return without_marks(who.last.text)


async def kept(town: DeskTown) -> list[object]:
    return [row["summary"] for row in await town.rows("SELECT summary FROM case_public_words")]


async def test_a_summary_is_written_read_back_replaced_and_removed(town: DeskTown, case: Case) -> None:
    asked = await asks_for_one(town, case, town.huda)
    assert "Neighbours read no words of it" in asked
    await town.huda.replies(town.huda.last, "Bins overflow beside the park")
    assert "now read: “Bins overflow beside the park”" in without_marks(town.huda.last.text)
    assert await kept(town) == ["Bins overflow beside the park"]
    assert "Neighbours read: “Bins overflow beside the park”" in await asks_for_one(town, case, town.maryam)
    await town.maryam.replies(town.maryam.last, "Three bins overflow beside the park")
    assert await kept(town) == ["Three bins overflow beside the park"]
    removed = known(town.maryam.last.find("Remove the summary"))
    await town.huda.taps_data(removed.data, town.maryam.last.number)
    assert await kept(town) == []
    assert [event.what.value for event in await town.events(case)] == ["received"], "the resident was told nothing"


async def test_what_names_somebody_or_is_too_long_is_asked_for_again(town: DeskTown, case: Case) -> None:
    await asks_for_one(town, case, town.huda)
    prompt = town.huda.last
    for wrong, why in (("Call 33123456", "leave out names"), ("w" * (LONGEST + 1), "120 characters at most")):
        await town.huda.replies(prompt, wrong)
        assert why in without_marks(town.huda.last.text)
    await town.huda.replies(prompt, "Bins overflow")
    assert await kept(town) == ["Bins overflow"]
    await town.huda.replies(prompt, "A lorry comes")  # what follows is an answer to the resident, as ever
    assert await kept(town) == ["Bins overflow"]


async def test_only_who_was_asked_writes_it(town: DeskTown, case: Case) -> None:
    await asks_for_one(town, case, town.huda)
    prompt = town.huda.last
    await town.maryam.replies(prompt, "#a note")
    assert await kept(town) == []
    for who in (town.council, town.stranger):
        await who.taps_data(f"desk:summary:{case.id}:{case.version}:", prompt.number)
        assert is_refusal(who.toast)


async def test_another_button_of_the_card_ends_the_waiting_for_it(town: DeskTown, case: Case) -> None:
    await asks_for_one(town, case, town.huda)
    await town.huda.taps_data(f"desk:note:{case.id}:{case.version}:", (await town.card(case)).number)
    await town.huda.replies(town.huda.last, "The lorry is broken")
    assert await kept(town) == []
    assert [event.words for event in await town.events(case)][-1] == "The lorry is broken"
