"""From a draft to sending: who may, whose consent it needs, and what a rival's change does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.actors import announcement_subject
from services.announcements import sending, writing
from services.announcements.faults import What
from services.announcements.model import Announcement, Audience, Kind, StaleVersion, Status
from services.unit_of_work import Work
from storage.database import Database
from storage.ids import OfficeId, ResidentId
from tests.services.announcements.builders import AMAL, BADER, NOORA, TEXTS, Newsroom
from tests.services.case_builders import CAPITAL, NORTHERN


@pytest.fixture
def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


async def _send(newsroom: Newsroom, made: Announcement, *, above: int = 1000):
    """Send a draft where more than so many recipients need a second person."""

    async def act(work: Work):
        return await sending.send(
            replace(work, announcing=replace(work.announcing, approval_above=above)), AMAL, made.id, made.version
        )

    return await newsroom.do(act)


async def _asked(newsroom: Newsroom) -> Announcement:
    """One that waits for a second person."""
    await newsroom.residents(2)
    asked = await _send(newsroom, await newsroom.draft(), above=1)
    assert isinstance(asked, Announcement)
    assert asked.status is Status.AWAITING_APPROVAL
    return asked


async def test_a_member_without_the_right_cannot_draft_and_it_is_written_down(newsroom: Newsroom) -> None:
    assert await newsroom.do(writing.draft, NOORA, Kind.NEWS, CAPITAL) is None
    assert await newsroom.audited("office:capital") == [("staff:3", "denied.announce")]


async def test_a_draft_goes_to_its_own_office_unless_it_says_otherwise(newsroom: Newsroom) -> None:
    assert (await newsroom.draft()).audience.offices == (CAPITAL,)
    assert (await newsroom.draft(OfficeId(""))).audience.offices == ()


async def test_of_two_who_change_a_draft_the_second_is_told(newsroom: Newsroom) -> None:
    made = await newsroom.draft()
    changed = await newsroom.do(writing.change, AMAL, made.id, made.version, emergency=True)
    assert changed is not None
    assert changed.version == made.version + 1
    with pytest.raises(StaleVersion):
        await newsroom.do(writing.change, BADER, made.id, made.version, emergency=False)


async def test_an_announcement_to_few_is_sent_without_a_second_person(newsroom: Newsroom) -> None:
    await newsroom.residents(2)
    assert (await _send(newsroom, await newsroom.draft(), above=2)).status is Status.SCHEDULED


async def test_an_announcement_to_many_waits_for_a_second_person(newsroom: Newsroom) -> None:
    asked = await _asked(newsroom)
    agreed = await newsroom.do(sending.approve, BADER, asked.id, asked.version)
    assert agreed is not None
    assert (agreed.status, agreed.approved_by) == (Status.SCHEDULED, BADER.actor)


async def test_nobody_approves_their_own(newsroom: Newsroom) -> None:
    asked = await _asked(newsroom)
    assert await newsroom.do(sending.approve, AMAL, asked.id, asked.version) is None
    assert ("staff:1", "denied.approve") in await newsroom.audited(announcement_subject(asked.id))


async def test_consent_asked_for_a_day_ago_is_no_longer_given(newsroom: Newsroom) -> None:
    asked = await _asked(newsroom)
    newsroom.wait(hours=24, seconds=1)
    with pytest.raises(StaleVersion):
        await newsroom.do(sending.approve, BADER, asked.id, asked.version)


async def test_consent_to_an_older_version_is_refused(newsroom: Newsroom) -> None:
    asked = await _asked(newsroom)
    back = await newsroom.do(sending.withdraw, AMAL, asked.id, asked.version)
    assert back is not None
    with pytest.raises(StaleVersion):
        await newsroom.do(sending.approve, BADER, asked.id, asked.version)


async def test_a_rejected_one_is_a_draft_again_without_consent(newsroom: Newsroom) -> None:
    asked = await _asked(newsroom)
    back = await newsroom.do(sending.reject, BADER, asked.id, asked.version)
    assert back is not None
    assert (back.status, back.approved_by, back.asked_at) == (Status.DRAFT, "", None)


async def test_every_fault_is_named_at_once(newsroom: Newsroom) -> None:
    made = await newsroom.draft(
        texts=TEXTS.model_copy(update={"root": {"en": "See https://example.com/x " + "a" * 4096}}),
        send_at=None,
        expires_at=newsroom.now - timedelta(hours=1),
    )
    wrong = await newsroom.do(sending.send, AMAL, made.id, made.version, newsroom.now - timedelta(hours=2))
    assert isinstance(wrong, tuple)
    assert {fault.what for fault in wrong} == {
        *(What.LANGUAGE_MISSING, What.TOO_LONG, What.LINK_ELSEWHERE, What.NOBODY),
        *(What.IN_THE_PAST, What.EXPIRED),
    }


async def test_at_night_only_an_emergency_is_sent_and_only_with_consent(newsroom: Newsroom) -> None:
    await newsroom.residents(1)
    newsroom.wait(hours=13)  # 22:00 in Bahrain
    made = await newsroom.draft()
    assert [fault.what for fault in await _send(newsroom, made)] == [What.AT_NIGHT]
    assert (await _send(newsroom, await newsroom.draft(emergency=True))).status is Status.AWAITING_APPROVAL


async def test_what_is_agreed_at_night_waits_for_the_morning(newsroom: Newsroom) -> None:
    asked = await _asked(newsroom)
    newsroom.wait(hours=13)
    agreed = await newsroom.do(sending.approve, BADER, asked.id, asked.version)
    assert agreed is not None
    assert agreed.send_at is not None
    assert agreed.send_at.astimezone(newsroom.now.astimezone().tzinfo) > newsroom.now


async def test_a_paid_one_needs_the_setting(newsroom: Newsroom) -> None:
    await newsroom.residents(1)
    wrong = await _send(newsroom, await newsroom.draft(emergency=True, paid=True))
    assert [fault.what for fault in wrong] == [What.PAID_NOT_ALLOWED]


async def test_nobody_announces_to_another_office_than_theirs(newsroom: Newsroom) -> None:
    made = await newsroom.do(
        writing.draft, NOORA, Kind.NEWS, CAPITAL, texts=TEXTS, audience=Audience(offices=(NORTHERN,))
    )
    assert made is None


async def test_a_test_goes_to_those_who_asked_and_leaves_the_draft(newsroom: Newsroom) -> None:
    me = await newsroom.resident(wants_news=False)
    made = await newsroom.draft()
    tested = await newsroom.do(sending.send_test, AMAL, made.id, made.version, (ResidentId(me.id),))
    assert isinstance(tested, Announcement)
    assert (tested.status, tested.audience.only) == (Status.SCHEDULED, (me.id,))
    assert (await newsroom.do(writing.open_for, AMAL, made.id)) == made


@pytest.mark.parametrize("act", [sending.pause, sending.resume, sending.recall])
async def test_what_has_not_begun_cannot_be_stopped(newsroom: Newsroom, act) -> None:
    made = await newsroom.draft()
    with pytest.raises(StaleVersion):
        await newsroom.do(act, AMAL, made.id, made.version)
