"""Who may do what at which desk, how they come to and how it ends."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from services.cases import resident_actions
from services.cases.staff_actions import NotAllowed
from services.casework import guarded_actions, offboarding
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, MAY, Act, Invited, Joined, Member, Person, Unusable
from storage.database import Conflict, Database
from storage.records import Case, Role, StaffChat
from tests.services.case_builders import CAPITAL, NORTHERN, Desk

ADMIN = Person("telegram", "1", "Amal")
NOORA, SALEM = Person("telegram", "2", "Noora"), Person("telegram", "3", "Salem")


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, admins=frozenset({ADMIN.address}))


async def _invite(desk: Desk, role: Role = Role.AGENT, office=CAPITAL, by: Person = ADMIN) -> str:
    made = await desk.do(permissions.invite, by, office, role)
    assert isinstance(made, Invited)
    return made.code


async def _join(desk: Desk, person: Person, role: Role = Role.AGENT, office=CAPITAL) -> None:
    assert await desk.do(permissions.accept, person, await _invite(desk, role, office)) == Joined(
        office, role, new=True
    )


async def _may(desk: Desk, person: Person, act: Act, office=CAPITAL) -> bool:
    return await desk.do(permissions.guard, person, act, office) is not None


# ---------------------------------------------------------------------------- rights


@pytest.mark.parametrize(("role", "act"), list(itertools.product(Role, Act)))
def test_a_right_covers_its_own_office_only(role: Role, act: Act) -> None:
    member = Member(NOORA, ((CAPITAL, role),))
    assert member.may(act, CAPITAL) == (act in MAY[role])
    assert not member.may(act, NORTHERN)
    assert not member.may(act, EVERY_OFFICE)
    assert Member(NOORA, ((EVERY_OFFICE, role),)).may(act, NORTHERN) == (act in MAY[role])


def test_the_council_reads_and_nothing_else() -> None:
    assert MAY[Role.COUNCIL] == {Act.READ}


def test_only_those_who_work_on_cases_see_names_and_numbers() -> None:
    assert {role for role in Role if Act.SEE_CONTACT in MAY[role]} == {Role.AGENT, Role.MANAGER, Role.ADMIN}


async def test_who_has_no_right_is_refused_and_it_is_written_down(desk: Desk) -> None:
    assert not await _may(desk, NOORA, Act.CLAIM)
    assert await desk.audited("office:capital") == [("staff:2", "denied.claim")]


async def test_the_administrators_of_the_settings_may_everything_everywhere(desk: Desk) -> None:
    for act in Act:
        assert await _may(desk, ADMIN, act, NORTHERN)
    assert not await _may(desk, Person("whatsapp", ADMIN.address), Act.READ)  # the same number elsewhere is another


# ---------------------------------------------------------------------------- invitations


async def test_an_invitation_gives_its_role_at_its_office_once(desk: Desk) -> None:
    code = await _invite(desk)
    assert await desk.do(permissions.accept, NOORA, code) == Joined(CAPITAL, Role.AGENT, new=True)
    assert await _may(desk, NOORA, Act.CLAIM)
    assert await desk.do(permissions.accept, SALEM, code) is Unusable.USED
    assert await desk.do(permissions.accept, NOORA, code) is Unusable.MINE
    assert not await _may(desk, SALEM, Act.CLAIM)
    assert ("staff:2", "staff.joined") in await desk.audited("office:capital")


async def test_looking_at_an_invitation_changes_nothing(desk: Desk) -> None:
    code = await _invite(desk)
    await desk.do(permissions.invitation, NOORA, code)
    assert not await _may(desk, NOORA, Act.READ)
    assert await desk.do(permissions.accept, SALEM, code) == Joined(CAPITAL, Role.AGENT, new=True)


async def test_an_invitation_ends_after_two_days(desk: Desk) -> None:
    code = await _invite(desk)
    desk.wait(hours=48)
    assert await desk.do(permissions.accept, NOORA, code) is Unusable.EXPIRED


async def test_a_code_that_was_never_made_is_unknown(desk: Desk) -> None:
    assert await desk.do(permissions.accept, NOORA, "guessed") is Unusable.UNKNOWN


async def test_an_invitation_falls_with_whoever_made_it(desk: Desk) -> None:
    await _join(desk, NOORA, Role.ADMIN)
    code = await _invite(desk, by=NOORA)
    await desk.do(permissions.revoke, ADMIN, NOORA.address, CAPITAL)
    assert await desk.do(permissions.accept, SALEM, code) is Unusable.RECALLED


async def test_who_has_the_role_already_does_not_use_the_invitation_up(desk: Desk) -> None:
    await _join(desk, NOORA)
    code = await _invite(desk)
    assert await desk.do(permissions.accept, NOORA, code) == Joined(CAPITAL, Role.AGENT, new=False)
    assert await desk.do(permissions.accept, SALEM, code) == Joined(CAPITAL, Role.AGENT, new=True)


async def test_of_many_who_take_one_invitation_at_once_one_joins(desk: Desk) -> None:
    code = await _invite(desk)
    crowd = [Person("telegram", str(number), f"P{number}") for number in range(10, 18)]

    async def take(person: Person) -> Joined | Unusable:
        while True:
            try:
                return await desk.do(permissions.accept, person, code)
            except Conflict:
                continue

    results = await asyncio.gather(*map(take, crowd))
    assert results.count(Unusable.USED) == 7
    assert [await _may(desk, person, Act.READ) for person in crowd].count(True) == 1


async def test_an_administrator_of_one_office_invites_to_that_one_only(desk: Desk) -> None:
    await _join(desk, NOORA, Role.ADMIN)
    assert await desk.do(permissions.invite, NOORA, CAPITAL, Role.AGENT) is not None
    assert await desk.do(permissions.invite, NOORA, NORTHERN, Role.AGENT) is None
    assert await desk.do(permissions.invite, NOORA, EVERY_OFFICE, Role.ADMIN) is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_else_invites(desk: Desk, role: Role) -> None:
    await _join(desk, NOORA, role)
    assert await desk.do(permissions.invite, NOORA, CAPITAL, Role.AGENT) is None
    assert await desk.do(permissions.revoke, NOORA, NOORA.address, CAPITAL) is None


# ---------------------------------------------------------------------------- its end


async def test_revoking_takes_effect_at_once_and_spares_other_offices(desk: Desk) -> None:
    await _join(desk, NOORA)
    await _join(desk, NOORA, Role.MANAGER)
    await _join(desk, NOORA, Role.AGENT, NORTHERN)
    taken = await desk.do(permissions.revoke, ADMIN, NOORA.address, CAPITAL)
    assert taken is not None
    assert [right.role for right in taken] == [Role.AGENT, Role.MANAGER]
    assert not await _may(desk, NOORA, Act.READ)
    assert await _may(desk, NOORA, Act.CLAIM, NORTHERN)
    assert ("staff:1", "staff.revoked") in await desk.audited("staff:2")


async def test_who_was_revoked_may_be_invited_again(desk: Desk) -> None:
    await _join(desk, NOORA)
    await desk.do(permissions.revoke, ADMIN, NOORA.address, CAPITAL)
    await _join(desk, NOORA)
    assert await _may(desk, NOORA, Act.CLAIM)


async def test_leaving_the_group_ends_the_rights_at_its_offices(desk: Desk) -> None:
    await _join(desk, NOORA)
    await _join(desk, NOORA, Role.AGENT, NORTHERN)
    ended = await desk.do(permissions.left, "telegram", "-1001", NOORA.address)
    assert [right.office for right in ended] == [CAPITAL]
    assert not await _may(desk, NOORA, Act.READ)
    assert await _may(desk, NOORA, Act.READ, NORTHERN)
    assert await desk.do(permissions.left, "telegram", "-1001", NOORA.address) == ()
    assert await desk.do(permissions.left, "telegram", "-999", NOORA.address) == ()


async def test_a_right_over_every_office_does_not_hang_on_a_group(desk: Desk) -> None:
    await _join(desk, NOORA, Role.ADMIN, EVERY_OFFICE)
    assert await desk.do(permissions.left, "telegram", "-1001", NOORA.address) == ()
    assert await _may(desk, NOORA, Act.READ)


# ---------------------------------------------------------------------------- chats


async def test_a_linked_chat_wins_over_the_settings_until_it_is_unlinked(desk: Desk) -> None:
    assert (await desk.do(permissions.chat_of, CAPITAL)) == StaffChat(
        office=CAPITAL, channel="telegram", chat="-1001", topic=None
    )
    await desk.do(permissions.link, ADMIN, CAPITAL, "-77", 5)
    linked = await desk.do(permissions.chat_of, CAPITAL)
    assert linked is not None
    assert (linked.chat, linked.topic) == ("-77", 5)
    assert await desk.do(permissions.offices_in, "telegram", "-77") == (CAPITAL,)
    assert await desk.do(permissions.unlink, ADMIN, CAPITAL) is True
    assert await desk.do(permissions.unlink, ADMIN, CAPITAL) is False
    assert await desk.do(permissions.offices_in, "telegram", "-1001") == (CAPITAL,)


async def test_only_administrators_link(desk: Desk) -> None:
    await _join(desk, NOORA, Role.MANAGER)
    assert await desk.do(permissions.link, NOORA, CAPITAL, "-77", None) is None
    assert await desk.do(permissions.unlink, NOORA, CAPITAL) is None
    assert ("staff:2", "denied.link") in await desk.audited("office:capital")


async def test_whoever_goes_leaves_no_case_behind(desk: Desk) -> None:
    await _join(desk, NOORA)
    await _join(desk, SALEM)
    fatima = await desk.resident()
    hers, ended, his = [await desk.case(fatima) for _ in range(3)]
    for person, case in ((NOORA, hers), (NOORA, ended), (SALEM, his)):
        await desk.do(guarded_actions.claim, person, case.id)
    await desk.do(resident_actions.withdraw, ended.reference, fatima)
    gone = await desk.do(offboarding.left, "-1001", NOORA)
    assert ([right.role for right in gone.rights], gone.cases) == ([Role.AGENT], 1)
    assert [(await desk.again(case)).owner for case in (hers, ended, his)] == ["", "staff:2", "staff:3"]
    taken = await desk.do(offboarding.revoke, ADMIN, SALEM.address, CAPITAL)
    assert taken is not None
    assert taken.cases == 1
    assert await desk.do(offboarding.revoke, NOORA, SALEM.address, CAPITAL) is None


async def test_who_still_works_there_keeps_their_cases(desk: Desk) -> None:
    await _join(desk, NOORA)
    await _join(desk, NOORA, Role.ADMIN, EVERY_OFFICE)
    case = await desk.case(await desk.resident())
    await desk.do(guarded_actions.claim, NOORA, case.id)
    assert (await desk.do(offboarding.left, "-1001", NOORA)).cases == 0
    assert (await desk.again(case)).owner == "staff:2"


async def test_what_is_opened_again_waits_for_an_owner_where_its_own_has_left(desk: Desk) -> None:
    await _join(desk, NOORA)
    await _join(desk, SALEM)
    fatima = await desk.resident()
    solved, ended, his = [await desk.case(fatima) for _ in range(3)]
    for person, case in ((NOORA, solved), (NOORA, ended), (SALEM, his)):
        await desk.do(guarded_actions.claim, person, case.id)
        await desk.do(guarded_actions.resolve, person, case.id, "Emptied")
    await desk.do(resident_actions.confirm_fixed, ended.reference, fatima, True)
    await desk.do(offboarding.left, "-1001", NOORA)
    await desk.do(resident_actions.confirm_fixed, solved.reference, fatima, False)
    await desk.do(resident_actions.reopen, ended.reference, fatima, "Full again")
    await desk.do(resident_actions.confirm_fixed, his.reference, fatima, False)
    assert [(await desk.again(case)).owner for case in (solved, ended, his)] == ["", "", "staff:3"]


async def test_a_case_is_joined_with_another_offices_only_by_who_may_act_there_too(desk: Desk) -> None:
    await _join(desk, NOORA)
    fatima, ali = await desk.resident(), await desk.resident("Ali")
    theirs = await desk.case(ali, office=NORTHERN)
    between = await desk.case(fatima)
    assert isinstance(await desk.do(guarded_actions.mark_duplicate, ADMIN, between.id, theirs.reference), Case)
    mine = await desk.case(fatima)
    before = await desk.again(theirs)
    assert await desk.do(guarded_actions.mark_duplicate, NOORA, mine.id, between.reference) == NotAllowed(None)
    assert await desk.again(theirs) == before
    assert (await desk.again(mine)).duplicate_of is None
