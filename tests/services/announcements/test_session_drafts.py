"""What happens to a session is drafted, once, and told to those who may send it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.announcements import faults, sending, session_drafts, writing
from services.announcements.faults import What
from services.announcements.model import Announcement, Audience, Occasion, Status
from services.bookings import sessions
from services.unit_of_work import Work
from storage import announcements as rows
from storage import residents
from storage.database import Database
from storage.ids import OfficeId, SessionId
from storage.translations import Translations
from tests.services.announcements.builders import AMAL, BADER, NOORA
from tests.services.announcements.press import Press
from tests.services.case_builders import CAPITAL, NORTHERN


@pytest.fixture
async def press(database: Database) -> Press:
    made = Press(database)
    await made.do(sessions.plan_sessions)
    async with made.work() as work:
        amal = await residents.add(work.tx, "telegram", AMAL.address, "Amal", "en", made.now)
        residents.save(work.tx, amal.model_copy(update={"wants_news": False}))
    return made


async def _next(press: Press, office: OfficeId = CAPITAL) -> SessionId:
    (day, *_) = await press.do(sessions.upcoming, office)
    return day.session.id


async def _drafts(press: Press, *occasions: Occasion) -> list[Announcement]:
    async with press.work() as work:
        found = await rows.of_offices(work.tx, tuple(office.id for office in work.offices.all), 100)
    return [one for one in found if one.occasion in occasions]


async def test_the_newest_session_of_each_office_is_drafted_once(press: Press) -> None:
    for _ in range(2):
        await press.do(session_drafts.run_due)
    drafts = await _drafts(press, Occasion.OPENED)
    offices = [one.office for one in drafts]
    assert len(offices) == len(set(offices)) > 1
    assert {one.status for one in drafts} == {Status.DRAFT}


async def test_administrators_are_told_of_a_draft_and_nobody_else(press: Press) -> None:
    await press.do(session_drafts.run_due)
    await press.settle()
    press.wait(minutes=10)
    await press.settle()
    (told,) = press.chats[AMAL.address].values()
    assert len(told.rows) == len(await _drafts(press, *Occasion)) > 1
    assert all(row[0].data.startswith("do:announcement:") for row in told.rows)
    assert NOORA.address not in press.chats


async def test_what_is_drafted_later_that_day_and_what_no_longer_holds_changes_the_same_message(press: Press) -> None:
    await press.do(session_drafts.run_due)
    press.wait(minutes=10)
    await press.settle()
    before = len(await _drafts(press, *Occasion))
    session = await press.do(sessions.session, await _next(press))
    assert session is not None
    await press.do(sessions.close_day, CAPITAL, session.day, Translations({"en": "Heavy rain"}), AMAL.actor)
    await press.do(session_drafts.run_due)
    press.wait(minutes=10)
    await press.settle()
    (told,) = press.chats[AMAL.address].values()
    assert sum("Cancelled:" in row[0].label for row in told.rows) == 1

    await press.do(sessions.reopen_day, CAPITAL, session.day, AMAL.actor)
    await press.do(session_drafts.run_due)
    press.wait(minutes=10)
    await press.settle()
    (told,) = press.chats[AMAL.address].values()
    assert not any("Cancelled:" in row[0].label for row in told.rows)
    (withdrawn,) = await _drafts(press, Occasion.CALLED_OFF)
    assert withdrawn.status is Status.CANCELLED
    assert len(await _drafts(press, *Occasion)) == before + 1


async def test_a_session_that_fills_slowly_is_drafted_three_days_before(press: Press) -> None:
    session = await press.do(sessions.session, await _next(press))
    assert session is not None
    press.now = session.opens_at - timedelta(days=4)
    await press.do(session_drafts.run_due)
    assert await _drafts(press, Occasion.FILLING_SLOWLY) == []
    press.wait(days=1)
    await press.do(session_drafts.run_due)
    assert f"session:{session.id}" in {one.subject for one in await _drafts(press, Occasion.FILLING_SLOWLY)}


async def test_a_session_that_was_just_announced_is_not_drafted_again(press: Press) -> None:
    session = await press.do(sessions.session, await _next(press))
    assert session is not None
    press.now = session.opens_at - timedelta(days=3)
    assert await press.do(session_drafts.session_draft, AMAL, session.id) is not None

    await press.do(session_drafts.run_due)

    assert f"session:{session.id}" not in {one.subject for one in await _drafts(press, Occasion.FILLING_SLOWLY)}


async def test_a_day_called_off_is_drafted_and_can_be_sent(press: Press) -> None:
    who = await press.resident(office=CAPITAL)
    session = await press.do(sessions.session, await _next(press))
    assert session is not None

    async def close(work: Work) -> None:
        await sessions.close_day(work, CAPITAL, session.day, Translations({"en": "Heavy rain"}), AMAL.actor)

    await press.do(close)
    await press.do(session_drafts.run_due)
    (made,) = await _drafts(press, Occasion.CALLED_OFF)
    await press.do(sending.send, AMAL, made.id, made.version)
    await press.settle()
    (text,) = press.texts(who.address)
    assert "Customer Day cancelled" in text


async def test_a_day_that_is_open_again_is_not_announced_as_called_off(press: Press) -> None:
    await press.resident(office=CAPITAL)
    session = await press.do(sessions.session, await _next(press))
    assert session is not None
    await press.do(sessions.close_day, CAPITAL, session.day, Translations({"en": "Heavy rain"}), AMAL.actor)
    await press.do(session_drafts.run_due)
    (made,) = await _drafts(press, Occasion.CALLED_OFF)
    assert await press.do(faults.faults, made) == ()
    await press.do(sessions.reopen_day, CAPITAL, session.day, AMAL.actor)
    assert [one.what for one in await press.do(faults.faults, made)] == [What.SESSION_REOPENED]


async def test_a_day_that_is_closed_again_is_called_off_again(press: Press) -> None:
    await press.resident(office=CAPITAL)
    session = await press.do(sessions.session, await _next(press))
    assert session is not None
    for reason in ("Heavy rain", "Still raining"):
        await press.do(sessions.close_day, CAPITAL, session.day, Translations({"en": reason}), AMAL.actor)
        await press.do(session_drafts.run_due)
        await press.do(session_drafts.run_due)
        await press.do(sessions.reopen_day, CAPITAL, session.day, AMAL.actor)
    assert sorted(one.round for one in await _drafts(press, Occasion.CALLED_OFF)) == [1, 2]


async def test_a_day_that_is_called_off_is_for_those_who_were_told_of_it(press: Press) -> None:
    await press.resident(office=CAPITAL)
    session = await press.do(sessions.session, await _next(press))
    assert session is not None
    made = await press.do(session_drafts.session_draft, AMAL, session.id)
    assert made is not None
    told = Audience(offices=(CAPITAL, NORTHERN), language="en")
    changed = await press.do(writing.change, AMAL, made.id, made.version, audience=told)
    assert changed is not None
    await press.do(sending.send, AMAL, changed.id, changed.version)
    await press.settle()
    await press.do(sessions.close_day, CAPITAL, session.day, Translations({"en": "Heavy rain"}), AMAL.actor)
    await press.do(session_drafts.run_due)
    (off,) = await _drafts(press, Occasion.CALLED_OFF)
    assert off.audience == told


async def test_open_times_are_counted_when_it_is_sent(press: Press) -> None:
    who = await press.resident(office=CAPITAL)
    session = await _next(press)
    made = await press.do(session_drafts.session_draft, AMAL, session)
    assert made is not None
    await press.do(sending.send, AMAL, made.id, made.version)
    await press.settle()
    free = sum(slot.free for slot in await press.do(sessions.free_slots, session))
    (text,) = press.texts(who.address)
    assert f"{free} times available" in text


async def test_a_session_that_is_over_is_not_announced(press: Press) -> None:
    await press.residents(1)
    session = await press.do(sessions.session, await _next(press))
    assert session is not None
    made = await press.do(session_drafts.session_draft, AMAL, session.id)
    assert made is not None
    press.now = session.closes_at + timedelta(minutes=1)
    wrong = await press.do(sending.send, AMAL, made.id, made.version)
    assert isinstance(wrong, tuple)
    assert What.SESSION_OVER in {fault.what for fault in wrong}


async def test_who_sends_what_the_clock_drafted_cannot_approve_it(press: Press) -> None:
    await press.residents(2)
    await press.do(session_drafts.run_due)
    made = next(one for one in await _drafts(press, Occasion.OPENED) if one.office == CAPITAL)
    changed = await press.do(writing.change, BADER, made.id, made.version, emergency=True)
    assert changed is not None
    press.wait(hours=13)
    asked = await press.do(sending.send, BADER, made.id, changed.version)
    assert isinstance(asked, Announcement)
    assert await press.do(sending.approve, BADER, asked.id, asked.version) is None
    assert await press.do(sending.approve, AMAL, asked.id, asked.version) is not None
