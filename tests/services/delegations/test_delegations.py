"""Who acts for whom is decided once, in both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.actors import case_subject
from services.cases import duplicates
from services.delegations import acting
from storage import delegations, lines, residents
from storage.database import Database
from storage.delegations import Delegation, State
from storage.ids import Actor, BookingId, DelegationId, MessageId, ResidentId
from tests.known import known
from tests.services import by_staff
from tests.services.case_builders import Casework

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SELF = Actor("resident:2")


async def person(database: Database, address: str) -> ResidentId:
    async with database.transaction() as tx:
        return (await residents.add(tx, "telegram", address, address, "en", NOW)).id


async def asked(database: Database, delegate: ResidentId, code: str = "code") -> Delegation:
    async with database.transaction() as tx:
        lasts = NOW + timedelta(hours=48)
        return await delegations.ask(tx, delegate, "Mother", at=NOW, expires_at=lasts, code=code)


async def agree(database: Database, one: Delegation, principal: ResidentId) -> Delegation | None:
    async with database.transaction() as tx:
        return await delegations.agree(tx, one.id, principal, SELF, NOW)


async def test_of_two_who_agree_at_once_one_is_acted_for(database: Database) -> None:
    sara, noor, other = [await person(database, name) for name in ("sara", "noor", "other")]
    one = await asked(database, sara)
    outcomes = await asyncio.gather(agree(database, one, noor), agree(database, one, other))
    assert [known is not None for known in outcomes].count(True) == 1
    async with database.transaction() as tx:
        assert await delegations.by_code(tx, "code") is None


async def test_nobody_agrees_to_act_for_themselves_or_twice_for_the_same(database: Database) -> None:
    sara, noor = await person(database, "sara"), await person(database, "noor")
    assert await agree(database, await asked(database, sara), sara) is None
    assert await agree(database, await asked(database, sara, "again"), noor) is not None
    assert await agree(database, await asked(database, sara, "once more"), noor) is None


async def test_what_a_record_agreed_to_is_its_owners_once_that_is_known(database: Database) -> None:
    sara, record, owner = [await person(database, name) for name in ("sara", "record", "owner")]
    await agree(database, await asked(database, sara), record)
    async with database.transaction() as tx:
        await delegations.hand_over(tx, record, owner)
        assert [one.delegate_id for one in await delegations.of_principal(tx, owner)] == [sara]
        assert await delegations.of_principal(tx, record) == []


async def test_what_is_long_over_is_let_go_of_and_what_holds_stays(database: Database) -> None:
    sara, noor = await person(database, "sara"), await person(database, "noor")
    holds = await asked(database, sara)
    await agree(database, holds, noor)
    await asked(database, sara, "never answered")
    async with database.transaction() as tx:
        assert await delegations.drop_old(tx, NOW + timedelta(days=365), 9) == 1
        left = await delegations.touching(tx, sara)
    assert [(one.id, one.state) for one in left] == [(holds.id, State.ACTIVE)]


async def test_who_joined_for_somebody_is_nobodys_delegate_to_the_staff(database: Database) -> None:
    desk = Casework(database)
    neighbour, noor, sara = [await desk.resident(name) for name in ("neighbour", "noor", "sara")]
    one = known(await agree(database, await asked(database, sara.id), noor.id))
    hers, others, joined_before = await desk.case(noor), await desk.case(neighbour), await desk.case(neighbour)
    for case in (others, joined_before):
        await desk.do(duplicates.join, case.id, noor)
    await desk.do(acting.filed, one.id, case_subject(hers.id))
    await desk.do(acting.filed, one.id, case_subject(others.id))
    await desk.do(acting.filed, one.id, case_subject(joined_before.id), had_it_before=True)

    assert known(await desk.do(acting.delegate_of, case_subject(hers.id))).id == sara.id
    assert await desk.do(acting.delegate_of, case_subject(others.id)) is None  # the neighbour has no delegate
    assert await desk.do(acting.subject_of, one.id, others.reference) == case_subject(others.id)
    assert await desk.do(acting.subject_of, one.id, joined_before.reference) is None


async def test_a_delegate_follows_what_their_request_duplicates_and_nothing_the_other_had(database: Database) -> None:
    desk = Casework(database)
    neighbour, noor, sara = [await desk.resident(name) for name in ("neighbour", "noor", "sara")]
    one = known(await agree(database, await asked(database, sara.id), noor.id))
    filed, again = await desk.case(noor), await desk.case(noor)
    for case in (filed, again):
        await desk.do(acting.filed, one.id, case_subject(case.id))
    others, hers = await desk.case(neighbour), await desk.case(noor)
    await desk.do(by_staff.mark_duplicate, filed.id, "noora", others.reference)
    await desk.do(by_staff.mark_duplicate, again.id, "noora", hers.reference)

    assert await desk.do(acting.subject_of, one.id, others.reference) == case_subject(others.id)
    assert await desk.do(acting.delegate_of, case_subject(others.id)) is None
    assert await desk.do(acting.subject_of, one.id, hers.reference) is None
    await desk.do(by_staff.resolve, others.id, "noora", "Emptied")
    async with database.transaction() as tx:
        told = await tx.all(
            "SELECT 1 FROM outbox WHERE resident_id = :sara AND subject = :subject",
            sara=sara.id,
            subject=case_subject(others.id),
        )
    assert len(told) == 1


@pytest.mark.parametrize(
    "breaks",
    [
        "UPDATE delegations SET principal_id = delegate_id",
        "UPDATE delegations SET state = 'active', decided_at = asked_at, decided_by = 'x', code = NULL",
        "UPDATE delegations SET code = NULL",
        "UPDATE delegations SET state = 'ended'",
        "UPDATE delegations SET phone = '+97333123456'",
        "UPDATE delegations SET name = ''",
    ],
)
async def test_the_schema_holds_what_a_delegation_is(database: Database, breaks: str) -> None:
    await asked(database, await person(database, "sara"))
    with pytest.raises(Exception, match=r"(?i)constraint"):
        async with database.transaction() as tx:
            await tx.run(breaks)


async def test_that_nobody_answered_is_found_once(database: Database) -> None:
    one = await asked(database, await person(database, "sara"))
    after = NOW + timedelta(hours=48)
    async with database.transaction() as tx:
        assert await delegations.unanswered(tx, after - timedelta(seconds=1), 9) == []
        assert [found.id for found in await delegations.unanswered(tx, after, 9)] == [one.id]
        delegations.told(tx, one.id, after)
    async with database.transaction() as tx:
        assert await delegations.unanswered(tx, after, 9) == []


async def test_which_message_shows_a_delegate_the_queue_is_read_from_what_was_sent(database: Database) -> None:
    booking, delegation = BookingId(7), DelegationId(3)
    group = delegations.line_group(delegation, booking)
    assert delegations.of_line_group(group) == booking
    assert lines.of_group(group) is None
    assert delegations.of_line_group(lines.group(booking)) is None
    async with database.transaction() as tx:
        assert await delegations.line_message(tx, booking) is None
        delegations.line_shown(tx, booking, MessageId("5"))  # of a booking that came through nobody: nothing happens
