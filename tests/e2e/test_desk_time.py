"""What time does at an office's desk: targets, what is shown for ten minutes, a flood. The clock is moved here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import offices_of
from bot.sandbox import STAFF_AR, STAFF_EN, TELEGRAM_LIMITS
from conversations.staff.card import FLOOD
from locales import Language
from tests.e2e.desk import Member, many_cases
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import Resident, words
from tests.instants import SUNDAY

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CASES = 500


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path, in_process=True, hired=True) as started:
        yield started


async def _moves_to(town: Municipality, *moment: int) -> None:
    """Let it be this day and hour in Bahrain."""
    zone = offices_of(town.settings).zone
    await town.task.advance(datetime(*moment, tzinfo=zone) - town.clock())  # type: ignore[misc, arg-type]
    await town.all_sent()


@pytest.mark.starts_at(SUNDAY)
async def test_a_target_over_a_holiday_and_a_weekend_warns_and_is_raised_in_working_hours(town: Municipality) -> None:
    """National Day is a Wednesday and a Thursday, the weekend follows: the next working day is Sunday, 20 December."""
    resident, maryam = Resident.of(town, Language.EN), Member(town, STAFF_AR)
    await _moves_to(town, 2026, 12, 15, 9, 0)
    reference = await resident.complains(photos=0)
    card = await maryam.card(reference)
    near, late = (words(maryam.office_t, text) for text in ("⏳ The deadline is near", "⏰ The request is overdue"))

    def told() -> list[str]:
        return [one.text for one in maryam.below(card)]

    for day in (16, 17, 18, 19):
        for hour in (3, 10, 22):
            await _moves_to(town, 2026, 12, day, hour, 0)
    before = len(maryam.person.messages)
    assert (told(), before) == ([], 1), "nothing is said on days off"
    await _moves_to(town, 2026, 12, 20, 11, 40)
    assert not any(near in text for text in told())
    await _moves_to(town, 2026, 12, 20, 11, 50)  # most of the 12.5 working hours until the first look are over
    assert sum(near in text for text in told()) == 1
    await _moves_to(town, 2026, 12, 20, 23, 0)
    assert not any(late in text for text in told()), "the day is over: nobody is disturbed"
    await _moves_to(town, 2026, 12, 21, 6, 50)
    assert not any(late in text for text in told())
    await _moves_to(town, 2026, 12, 21, 7, 5)
    raised = [one for one in maryam.below(card) if late in one.text]
    assert len(raised) == 1
    assert f'<a href="tg://user?id={STAFF_AR}">' in raised[0].html, "the manager is called by name"
    assert town.sandbox.violations == []


async def test_a_contact_is_shown_for_ten_minutes_and_who_looked_is_known(town: Municipality) -> None:
    resident, ahmed = Resident.of(town, Language.EN), Member(town, STAFF_EN)
    reference = await resident.complains(photos=0)

    await ahmed.presses(reference, "⋯ More", "👤 Show contact")
    shown = await ahmed.sees("We have recorded that you viewed this. This message will be deleted in {minutes}.")
    assert shown.reply_to == (await _card(town, reference))
    await town.task.advance(9 * MINUTE)
    await ahmed.person.quiet()
    assert shown.id in [one.id for one in ahmed.person.messages]
    await town.task.advance(MINUTE + timedelta(seconds=5))
    await ahmed.person.misses(shown.id, 15)

    looked = await town.rows("SELECT actor FROM audit WHERE action = 'case.contact'")
    assert looked == [{"actor": f"staff:{STAFF_EN}"}]
    assert town.sandbox.violations == []


async def _card(town: Municipality, reference: str) -> int:
    sql = "SELECT message FROM cards WHERE case_id = (SELECT id FROM cases WHERE reference = :reference)"
    return await town.count(sql, reference=reference)


async def test_a_flood_of_cases_breaks_no_limit_loses_none_and_leaves_the_group_readable(tmp_path: Path) -> None:
    async with municipality(tmp_path, in_process=True, hired=True, limits=TELEGRAM_LIMITS) as town:
        maryam = Member(town, STAFF_AR)

        await many_cases(town, CASES)
        await town.eventually("SELECT count(*) AS n FROM outbox WHERE kind = 'notice' AND status = 'pending'", 0, 60)
        await town.task.advance(MINUTE)
        await asyncio.sleep(0.5)

        assert town.sandbox.violations == []
        assert len(maryam.person.messages) <= TELEGRAM_LIMITS.group_per_minute
        owed = await town.count("SELECT count(*) AS n FROM outbox WHERE status = 'pending'")
        assert owed <= FLOOD + 2, "what is still to come is no more than somebody can read"
        shown = await town.count("SELECT count(*) AS n FROM cards WHERE message IS NOT NULL")
        coming = await town.count(
            "SELECT count(*) AS n FROM outbox WHERE status = 'pending' AND supersedes LIKE 'card:%'"
        )
        (digest,) = await town.rows(
            "SELECT payload FROM outbox WHERE supersedes LIKE 'flood:%' AND status <> 'superseded'"
        )
        # Sent by now, or still to come: a row that was sent holds no words any more.
        digests = [str(digest["payload"]), *(message.text for message in maryam.person.messages)]
        assert any(str(CASES - shown - coming) in text for text in digests)

        private = town.person(STAFF_AR)
        await private.says("/queue")
        queue = await private.sees("📋")
        assert str(CASES) in queue.text


@pytest.mark.starts_at(SUNDAY)
async def test_a_question_that_is_never_answered_comes_back_to_the_team_once(town: Municipality) -> None:
    resident, maryam = Resident.of(town, Language.EN), Member(town, STAFF_AR)
    await _moves_to(town, 2026, 11, 26, 10, 0)  # a Thursday
    reference = await resident.complains(photos=0)
    card = await maryam.card(reference)
    await maryam.asks("Which side?", card.id)
    await town.all_sent()
    unanswered = words(maryam.office_t, "🔕 The applicant has not answered the question")
    reminder = len(resident.person.messages)
    await _moves_to(town, 2026, 11, 30, 12, 0)
    assert len(resident.person.messages) == reminder, "the weekend does not count"
    await _moves_to(town, 2026, 12, 1, 12, 0)
    assert "Which side?" in resident.person.last.text
    assert len(resident.person.messages) == reminder + 1
    for day in (2, 3, 6, 7, 8, 20):
        await _moves_to(town, 2026, 12, day, 12, 0)
    assert sum(unanswered in one.text for one in maryam.below(card)) == 1
    told = next(one for one in maryam.below(card) if unanswered in one.text)
    await maryam.person.taps(maryam.office_t.plain("🚫 Close as unanswered"), on=told.id)
    await maryam.sends()
    await town.all_sent()
    assert await town.rows("SELECT status FROM cases WHERE reference = :ref", ref=reference) == [{"status": "rejected"}]
    assert town.sandbox.violations == []
