"""Ready texts as replies."""

from __future__ import annotations

import pytest

from services.bookings.schedule import plan_sessions
from services.cases.resident_actions import CaseEventKind, CaseStatus
from tests.conversations.staff_town import DeskTown
from tests.instants import SUNDAY
from tests.known import by_address

E = CaseEventKind


async def test_a_ready_text_is_shown_and_sent_in_the_residents_language(town: DeskTown) -> None:
    ali, case = await town.filed(address="1002", name="Ali", language="ar")
    await town.huda.taps_data(f"desk:resolve:{case.id}:1:")
    await town.huda.taps("📋 Use a template")
    assert town.huda.last.buttons[0] == ["Bin emptied", "Work done"]
    await town.huda.taps("Bin emptied")
    assert "تم تفريغ الحاوية" in town.huda.last.text
    await town.huda.taps("Send")
    assert "تم تفريغ الحاوية" in ali.last.text
    assert (await town.again(case)).status is CaseStatus.RESOLVED
    assert (await town.said_of(case))[-1] == (E.RESOLVED, "تم تفريغ الحاوية وتنظيف محيطها.")


@pytest.mark.starts_at(SUNDAY)
async def test_a_ready_text_asks_for_the_day_it_speaks_of(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.taps_data(f"desk:reply:{case.id}:1:")
    await town.huda.taps("📋 Use a template")
    await town.huda.taps("Visit scheduled")
    labels = [label for row in town.huda.buttons for label in row]
    assert labels[0] == "Sun 22 Nov"
    assert "Fri 27 Nov" not in labels
    await town.huda.taps("Tue 24 Nov")
    await town.huda.taps("Send")
    assert "Capital Municipality will inspect the site on Tuesday 24 November 2026" in fatima.last.text


async def test_the_next_customer_day_is_offered_where_there_is_one(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.work(plan_sessions)
    await town.huda.taps_data(f"desk:reply:{case.id}:1:")
    await town.huda.taps("📋 Use a template")
    await town.huda.taps("Invitation to Customer Day")
    await town.huda.taps("Send")
    assert f"Customer Day of Capital Municipality, on {town.date()}." in fatima.last.text


async def test_who_joined_reads_a_ready_text_in_their_own_language(town: DeskTown) -> None:
    fatima, case = await town.filed()
    ali = await town.living("1002", "Ali", "ar")
    async with town.database.transaction() as tx:
        resident = await by_address(tx, "telegram", "1002")
        assert resident is not None
        await tx.run(
            "INSERT INTO case_followers (case_id, resident_id, joined_at) VALUES (:case, :who, :at)",
            case=case.id,
            who=resident.id,
            at=town.now,
        )
    await town.huda.taps_data(f"desk:reply:{case.id}:1:")
    await town.huda.taps("📋 Use a template")
    await town.huda.taps("To be emptied next round")
    assert "1 resident who joined" in town.huda.last.text
    await town.huda.taps("Send")
    assert "empty the bin on their next round" in fatima.last.text
    assert "الجولة القادمة" in ali.last.text


async def test_a_changed_ready_text_goes_as_it_was_written(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.taps_data(f"desk:reply:{case.id}:1:")
    await town.huda.taps("📋 Use a template")
    await town.huda.taps("To be emptied next round")
    await town.huda.taps("Edit")
    await town.huda.replies(town.huda.sees("with the new text"), "Emptied tonight")
    await town.huda.taps("Send")
    assert "Emptied tonight" in fatima.last.text
    assert await town.rows("SELECT * FROM event_texts") == []


@pytest.mark.parametrize(
    "data", ["t.visit", "t.nothing", "d.visit.20200101", "l.ask.x", "l.nothing.0", "x", "t.pest_done", "d.visit."]
)
async def test_a_forged_choice_of_a_ready_text_sends_nothing(town: DeskTown, data: str) -> None:
    fatima, case = await town.filed()
    await town.huda.taps_data(f"desk:tmpl:{case.id}:1:{data}")
    await town.stranger.taps_data(f"desk:tmpl:{case.id}:1:{data}")
    assert town.stranger.toast == "You do not have permission to do this"
    assert fatima.messages == []
