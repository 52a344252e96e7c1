"""A promise, told as a story: the meeting, what was promised, its day, "No", and who hears of it. In both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.app import offices_of
from bot.sandbox import STAFF_EN
from locales import Language
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import BOTH, Resident
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)  # it names days


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path, in_process=True, hired=True) as started:
        yield started


async def _moves_to(town: Municipality, *moment: int) -> None:
    """Let it be this day and hour in Bahrain."""
    zone = offices_of(town.settings).zone
    await town.task.advance(datetime(*moment, tzinfo=zone) - town.clock())  # type: ignore[misc, arg-type]
    await town.all_sent()


@pytest.mark.parametrize("language", BOTH)
async def test_a_promise_is_written_down_asked_about_and_opened_again(town: Municipality, language: Language) -> None:
    resident, ahmed = Resident.of(town, language), Member(town, STAFF_EN)
    reference = await resident.books("The drain floods")
    await _moves_to(town, 2026, 11, 25, 9, 10)

    # The meeting is over: Ahmed records what the Director General promised.
    await ahmed.says(f"/outcome {reference}")
    await ahmed.sees("What was the outcome of the meeting?")
    await ahmed.taps("🤝 Promised")
    asked = await ahmed.sees("{name}, reply to this message with what was promised. The visitor will see your words.")
    await ahmed.says("We will mend the drain", asked.id)
    await ahmed.sees("Who will do it?")
    await ahmed.person.taps("Director General")
    until = await ahmed.sees("Until when?")
    await ahmed.says("9 December", until.id)
    await ahmed.sees("👁 <b>Outcome</b>. The visitor will see:")
    await ahmed.taps("✅ Send")
    await town.all_sent()

    # The resident has it in writing, in their language, and the words as they were typed.
    told = await resident.sees("🤝 The municipality promised you:")
    assert "We will mend the drain" in told.text
    (row,) = await town.rows("SELECT c.reference FROM promises p JOIN cases c ON c.id = p.case_id")
    follow_up = str(row["reference"])
    assert follow_up in told.text

    # On its day they are asked, and say no.
    await _moves_to(town, 2026, 12, 9, 9, 1)
    await resident.sees("❓ <b>Was it done?</b>")
    await resident.taps("❌ No")
    await resident.sees("❌ Sorry. We have recorded that the promise was not kept.")
    await town.all_sent()

    # The team hears of it, the request is urgent, and the next booking comes first.
    await ahmed.sees_posted("❌ <b>The visitor says that a promise was not kept</b>")
    (case,) = await town.rows("SELECT priority, closed_at FROM cases WHERE reference = :one", one=follow_up)
    assert (case["priority"], case["closed_at"]) == (2, None)
    (promise,) = await town.rows("SELECT status FROM promises")
    assert promise["status"] == "not_kept"
    assert town.sandbox.violations == []
