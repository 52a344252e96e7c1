"""Improvements: who is told of them, once and first, and what reports count."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.announcements import delivery, reading, taps
from services.announcements.model import Announcement, Status
from services.announcements.sending import send
from services.improvements import improvements
from storage import announcements as rows
from storage import improvements as stored
from storage.database import Database
from storage.ids import OfficeId
from storage.records.cases import Case
from tests.services.announcements.builders import AMAL, NOORA, TEXTS, Newsroom
from tests.services.case_builders import CAPITAL

NORTHERN = OfficeId("northern")


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


async def improved(newsroom: Newsroom, *cases: Case) -> Announcement:
    """An improvement that answers these requests, scheduled to be announced now."""
    made = await newsroom.do(improvements.begin, AMAL, CAPITAL)
    assert made is not None
    linked = await newsroom.do(improvements.link, AMAL, made.id, " ".join(case.reference for case in cases))
    assert linked is not None
    assert set(linked.added) == {case.reference for case in cases}
    async with newsroom.work() as work:
        changed = await rows.change(work.tx, made.model_copy(update={"texts": TEXTS}), work.now)
    assert changed is not None
    sent = await newsroom.do(send, AMAL, changed.id, changed.version)
    assert isinstance(sent, Announcement), sent
    return sent


async def owed(newsroom: Newsroom) -> list[str]:
    async with newsroom.work() as work:
        found = await work.tx.all("SELECT key FROM outbox WHERE key LIKE 'improvement:%' ORDER BY key")
    return [str(row["key"]) for row in found]


async def test_a_batch_at_a_time_and_each_person_once(newsroom: Newsroom) -> None:
    people = [await newsroom.resident(f"Resident {number}", office=CAPITAL) for number in range(3)]
    cases = [await newsroom.case(person) for person in (*people, people[0])]
    sent = await improved(newsroom, *cases)
    while await newsroom.do(improvements.tell_due, 2):
        pass
    assert len(await owed(newsroom)) == 3
    found = await newsroom.do(improvements.of_announcement, sent.id)
    assert found is not None
    assert (found.told, found.told_at is not None) == (3, True)
    assert await newsroom.do(improvements.tell_due, 2) == 0


async def test_it_is_announced_to_nobody_before_all_are_told(newsroom: Newsroom) -> None:
    person = await newsroom.resident("Fatima Ali", office=CAPITAL)
    sent = await improved(newsroom, await newsroom.case(person))

    async def no_post(*_: object) -> tuple[tuple[str, str], ...]:
        return ()

    async with newsroom.work() as work:
        begun = await delivery.begin(work, sent, no_post)
    assert begun.status is Status.SCHEDULED
    await newsroom.do(improvements.tell_due)
    async with newsroom.work() as work:
        begun = await delivery.begin(work, sent, no_post)
    assert begun.status is Status.SENDING


async def test_nobody_is_told_of_a_draft(newsroom: Newsroom) -> None:
    person = await newsroom.resident("Fatima Ali", office=CAPITAL)
    case = await newsroom.case(person)
    made = await newsroom.do(improvements.begin, AMAL, CAPITAL)
    assert made is not None
    await newsroom.do(improvements.link, AMAL, made.id, case.reference)
    assert await newsroom.do(improvements.tell_due) == 0
    assert await owed(newsroom) == []


async def test_who_may_not_links_nothing(newsroom: Newsroom) -> None:
    person = await newsroom.resident("Fatima Ali", office=CAPITAL)
    case = await newsroom.case(person)
    assert await newsroom.do(improvements.begin, NOORA, CAPITAL) is None
    made = await newsroom.do(improvements.begin, AMAL, CAPITAL)
    assert made is not None
    assert await newsroom.do(improvements.link, NOORA, made.id, case.reference) is None
    assert await newsroom.do(improvements.unlink, NOORA, made.id, case.reference) is None


async def test_figures_are_of_the_office_and_the_period(newsroom: Newsroom) -> None:
    person = await newsroom.resident("Fatima Ali", office=CAPITAL)
    await improved(newsroom, await newsroom.case(person), await newsroom.case(person))
    await newsroom.do(improvements.tell_due)
    since, until = newsroom.now - timedelta(days=1), newsroom.now + timedelta(days=1)
    here = await newsroom.do(improvements.figures, (CAPITAL,), since, until)
    assert (here.improvements, here.cases, here.people) == (1, 2, 1)
    for offices, first, last in (((NORTHERN,), since, until), ((CAPITAL,), until, until + timedelta(days=1))):
        there = await newsroom.do(improvements.figures, offices, first, last)
        assert (there.improvements, there.cases, there.people) == (0, 0, 0)


async def test_who_wants_no_more_news_is_counted_once(newsroom: Newsroom) -> None:
    person = await newsroom.resident("Fatima Ali", office=CAPITAL)
    sent = await newsroom.sent()
    for stopped, count in ((True, 1), (True, 1), (False, 0)):
        async with newsroom.work() as work:
            taps.count_opt_out(work, person.id, sent.id, stopped=stopped)
        async with newsroom.work() as work:
            assert (await rows.effect(work.tx, sent.id)).opt_outs == count


async def test_lists_show_no_discarded_drafts(newsroom: Newsroom) -> None:
    kept, discarded = await newsroom.draft(), await newsroom.draft()
    async with newsroom.work() as work:
        cancelled = discarded.model_copy(update={"status": Status.CANCELLED})
        await rows.move(work.tx, cancelled, Status.DRAFT, work.now)
    found, more = await newsroom.do(reading.listed, (CAPITAL,), tuple(Status))
    assert [one.id for one in found] == [kept.id]
    assert not more


async def test_the_people_behind_requests_are_counted_once(newsroom: Newsroom) -> None:
    person = await newsroom.resident("Fatima Ali", office=CAPITAL)
    sent = await improved(newsroom, await newsroom.case(person), await newsroom.case(person))
    found = await newsroom.do(improvements.of_announcement, sent.id)
    assert found is not None
    async with newsroom.work() as work:
        assert await stored.count_people(work.tx, found.id) == 1
        assert await stored.count_cases(work.tx, found.id) == 2
        assert len(await stored.cases_of(work.tx, found.id, person.id)) == 2
