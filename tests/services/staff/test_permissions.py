"""Who may do what at which desk, how they come to and how it ends."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from services.cases import resident_actions
from services.cases.actions import Action
from services.cases.workflow import NotAllowed
from services.casework import offboarding
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, MAY, Act, Invited, Joined, Member, Person, Unusable
from storage.database import Conflict, Database
from storage.ids import ChatId, ForumTopicId
from storage.records.cases import Case
from storage.records.staff import Role, StaffChat
from tests.services import by_staff
from tests.services.case_builders import CAPITAL, NORTHERN, Casework

ADMIN = Person("telegram", "1", "Amal")
NOORA, SALEM = Person("telegram", "2", "Noora"), Person("telegram", "3", "Salem")


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database, admins=frozenset({ADMIN.address}))


async def _invite(casework: Casework, role: Role = Role.AGENT, office=CAPITAL, by: Person = ADMIN) -> str:
    made = await casework.do(permissions.invite, by, office, role)
    assert isinstance(made, Invited)
    return made.code


async def _join(casework: Casework, person: Person, role: Role = Role.AGENT, office=CAPITAL) -> None:
    assert await casework.do(permissions.accept, person, await _invite(casework, role, office)) == Joined(
        office, role, new=True
    )


async def _may(casework: Casework, person: Person, act: Act, office=CAPITAL) -> bool:
    return await casework.do(permissions.guard, person, act, office) is not None


# ---------------------------------------------------------------------------- rights


@pytest.mark.parametrize(("role", "act"), list(itertools.product(Role, Act)))
def test_a_right_covers_its_own_office_only(role: Role, act: Act) -> None:
    member = Member(NOORA, ((CAPITAL, role),))
    assert member.may(act, CAPITAL) == (act in MAY[role])
    assert not member.may(act, NORTHERN)
    assert not member.may(act, EVERY_OFFICE)
    assert Member(NOORA, ((EVERY_OFFICE, role),)).may(act, NORTHERN) == (act in MAY[role])


def test_the_council_reads_and_sees_figures_and_changes_nothing() -> None:
    assert MAY[Role.COUNCIL] == {Act.READ, Act.REPORT}


def test_only_administrators_announce_configure_and_read_the_audit() -> None:
    of_administrators = {Act.ANNOUNCE, Act.APPROVE, Act.CONFIGURE, Act.AUDIT, Act.PRIVACY}
    assert {role for role in Role if MAY[role] & of_administrators} == {Role.ADMIN}


def test_only_those_who_work_on_cases_see_names_and_numbers() -> None:
    assert {role for role in Role if Act.SEE_CONTACT in MAY[role]} == {Role.AGENT, Role.MANAGER, Role.ADMIN}


async def test_who_has_no_right_is_refused_and_it_is_written_down(casework: Casework) -> None:
    assert not await _may(casework, NOORA, Act.CLAIM)
    assert await casework.audited("office:capital") == [("staff:2", "denied.claim")]


async def test_the_administrators_of_the_settings_may_everything_everywhere(casework: Casework) -> None:
    for act in Act:
        assert await _may(casework, ADMIN, act, NORTHERN)
    assert not await _may(casework, Person("whatsapp", ADMIN.address), Act.READ)  # the same number elsewhere is another


# ---------------------------------------------------------------------------- invitations


async def test_an_invitation_gives_its_role_at_its_office_once(casework: Casework) -> None:
    code = await _invite(casework)
    assert await casework.do(permissions.accept, NOORA, code) == Joined(CAPITAL, Role.AGENT, new=True)
    assert await _may(casework, NOORA, Act.CLAIM)
    assert await casework.do(permissions.accept, SALEM, code) is Unusable.USED
    assert await casework.do(permissions.accept, NOORA, code) is Unusable.MINE
    assert not await _may(casework, SALEM, Act.CLAIM)
    assert ("staff:2", "staff.joined") in await casework.audited("office:capital")


async def test_looking_at_an_invitation_changes_nothing(casework: Casework) -> None:
    code = await _invite(casework)
    await casework.do(permissions.invitation, NOORA, code)
    assert not await _may(casework, NOORA, Act.READ)
    assert await casework.do(permissions.accept, SALEM, code) == Joined(CAPITAL, Role.AGENT, new=True)


async def test_an_invitation_ends_after_two_days(casework: Casework) -> None:
    code = await _invite(casework)
    casework.wait(hours=48)
    assert await casework.do(permissions.accept, NOORA, code) is Unusable.EXPIRED


async def test_a_code_that_was_never_made_is_unknown(casework: Casework) -> None:
    assert await casework.do(permissions.accept, NOORA, "guessed") is Unusable.UNKNOWN


async def test_an_invitation_falls_with_whoever_made_it(casework: Casework) -> None:
    await _join(casework, NOORA, Role.ADMIN)
    code = await _invite(casework, by=NOORA)
    await casework.do(permissions.revoke, ADMIN, NOORA.address, CAPITAL)
    assert await casework.do(permissions.accept, SALEM, code) is Unusable.RECALLED


async def test_who_has_the_role_already_does_not_use_the_invitation_up(casework: Casework) -> None:
    await _join(casework, NOORA)
    code = await _invite(casework)
    assert await casework.do(permissions.accept, NOORA, code) == Joined(CAPITAL, Role.AGENT, new=False)
    assert await casework.do(permissions.accept, SALEM, code) == Joined(CAPITAL, Role.AGENT, new=True)


async def test_of_many_who_take_one_invitation_at_once_one_joins(casework: Casework) -> None:
    code = await _invite(casework)
    crowd = [Person("telegram", str(number), f"P{number}") for number in range(10, 18)]

    async def take(person: Person) -> Joined | Unusable:
        while True:
            try:
                return await casework.do(permissions.accept, person, code)
            except Conflict:
                continue

    results = await asyncio.gather(*map(take, crowd))
    assert results.count(Unusable.USED) == 7
    assert [await _may(casework, person, Act.READ) for person in crowd].count(True) == 1


async def test_an_administrator_of_one_office_invites_to_that_one_only(casework: Casework) -> None:
    await _join(casework, NOORA, Role.ADMIN)
    assert await casework.do(permissions.invite, NOORA, CAPITAL, Role.AGENT) is not None
    assert await casework.do(permissions.invite, NOORA, NORTHERN, Role.AGENT) is None
    assert await casework.do(permissions.invite, NOORA, EVERY_OFFICE, Role.ADMIN) is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_else_invites(casework: Casework, role: Role) -> None:
    await _join(casework, NOORA, role)
    assert await casework.do(permissions.invite, NOORA, CAPITAL, Role.AGENT) is None
    assert await casework.do(permissions.revoke, NOORA, NOORA.address, CAPITAL) is None


# ---------------------------------------------------------------------------- its end


async def test_revoking_takes_effect_at_once_and_spares_other_offices(casework: Casework) -> None:
    await _join(casework, NOORA)
    await _join(casework, NOORA, Role.MANAGER)
    await _join(casework, NOORA, Role.AGENT, NORTHERN)
    taken = await casework.do(permissions.revoke, ADMIN, NOORA.address, CAPITAL)
    assert taken is not None
    assert [right.role for right in taken] == [Role.AGENT, Role.MANAGER]
    assert not await _may(casework, NOORA, Act.READ)
    assert await _may(casework, NOORA, Act.CLAIM, NORTHERN)
    assert ("staff:1", "staff.revoked") in await casework.audited("staff:2")


async def test_who_was_revoked_may_be_invited_again(casework: Casework) -> None:
    await _join(casework, NOORA)
    await casework.do(permissions.revoke, ADMIN, NOORA.address, CAPITAL)
    await _join(casework, NOORA)
    assert await _may(casework, NOORA, Act.CLAIM)


async def test_leaving_the_group_ends_the_rights_at_its_offices(casework: Casework) -> None:
    await _join(casework, NOORA)
    await _join(casework, NOORA, Role.AGENT, NORTHERN)
    ended = await casework.do(permissions.left, "telegram", ChatId("-1001"), NOORA.address)
    assert [right.office for right in ended] == [CAPITAL]
    assert not await _may(casework, NOORA, Act.READ)
    assert await _may(casework, NOORA, Act.READ, NORTHERN)
    assert await casework.do(permissions.left, "telegram", ChatId("-1001"), NOORA.address) == ()
    assert await casework.do(permissions.left, "telegram", ChatId("-999"), NOORA.address) == ()


async def test_a_right_over_every_office_does_not_hang_on_a_group(casework: Casework) -> None:
    await _join(casework, NOORA, Role.ADMIN, EVERY_OFFICE)
    assert await casework.do(permissions.left, "telegram", ChatId("-1001"), NOORA.address) == ()
    assert await _may(casework, NOORA, Act.READ)


# ---------------------------------------------------------------------------- chats


async def test_a_linked_chat_wins_over_the_settings_until_it_is_unlinked(casework: Casework) -> None:
    assert (await casework.do(permissions.chat_of, CAPITAL)) == StaffChat(
        office=CAPITAL, channel="telegram", chat="-1001", topic=None
    )
    await casework.do(permissions.link, ADMIN, CAPITAL, ChatId("-77"), ForumTopicId("5"))
    linked = await casework.do(permissions.chat_of, CAPITAL)
    assert linked is not None
    assert (linked.chat, linked.topic) == ("-77", "5")
    assert await casework.do(permissions.offices_in, "telegram", ChatId("-77")) == (CAPITAL,)
    assert await casework.do(permissions.unlink, ADMIN, CAPITAL) is True
    assert await casework.do(permissions.unlink, ADMIN, CAPITAL) is False
    assert await casework.do(permissions.offices_in, "telegram", ChatId("-1001")) == (CAPITAL,)


async def test_only_administrators_link(casework: Casework) -> None:
    await _join(casework, NOORA, Role.MANAGER)
    assert await casework.do(permissions.link, NOORA, CAPITAL, ChatId("-77"), None) is None
    assert await casework.do(permissions.unlink, NOORA, CAPITAL) is None
    assert ("staff:2", "denied.link") in await casework.audited("office:capital")


async def test_whoever_goes_leaves_no_case_behind(casework: Casework) -> None:
    await _join(casework, NOORA)
    await _join(casework, SALEM)
    fatima = await casework.resident()
    hers, ended, his = [await casework.case(fatima) for _ in range(3)]
    for person, case in ((NOORA, hers), (NOORA, ended), (SALEM, his)):
        await casework.do(by_staff.claim, person, case.id)
    await casework.do(resident_actions.withdraw, ended.reference, fatima)
    gone = await casework.do(offboarding.left, ChatId("-1001"), NOORA)
    assert ([right.role for right in gone.rights], gone.cases) == ([Role.AGENT], 1)
    assert [(await casework.again(case)).owner for case in (hers, ended, his)] == ["", "staff:2", "staff:3"]
    taken = await casework.do(offboarding.revoke, ADMIN, SALEM.address, CAPITAL)
    assert taken is not None
    assert taken.cases == 1
    assert await casework.do(offboarding.revoke, NOORA, SALEM.address, CAPITAL) is None


async def test_who_still_works_there_keeps_their_cases(casework: Casework) -> None:
    await _join(casework, NOORA)
    await _join(casework, NOORA, Role.ADMIN, EVERY_OFFICE)
    case = await casework.case(await casework.resident())
    await casework.do(by_staff.claim, NOORA, case.id)
    assert (await casework.do(offboarding.left, ChatId("-1001"), NOORA)).cases == 0
    assert (await casework.again(case)).owner == "staff:2"


async def test_what_is_opened_again_waits_for_an_owner_where_its_own_has_left(casework: Casework) -> None:
    await _join(casework, NOORA)
    await _join(casework, SALEM)
    fatima = await casework.resident()
    solved, ended, his = [await casework.case(fatima) for _ in range(3)]
    for person, case in ((NOORA, solved), (NOORA, ended), (SALEM, his)):
        await casework.do(by_staff.claim, person, case.id)
        await casework.do(by_staff.by, person, Action.RESOLVE, case.id, words="Emptied")
    await casework.do(resident_actions.confirm_fixed, ended.reference, fatima, True)
    await casework.do(offboarding.left, ChatId("-1001"), NOORA)
    await casework.do(resident_actions.confirm_fixed, solved.reference, fatima, False)
    await casework.do(resident_actions.reopen, ended.reference, fatima, "Full again")
    await casework.do(resident_actions.confirm_fixed, his.reference, fatima, False)
    assert [(await casework.again(case)).owner for case in (solved, ended, his)] == ["", "", "staff:3"]


async def test_a_case_is_joined_with_another_offices_only_by_who_may_act_there_too(casework: Casework) -> None:
    await _join(casework, NOORA)
    fatima, ali = await casework.resident(), await casework.resident("Ali")
    theirs = await casework.case(ali, office=NORTHERN)
    between = await casework.case(fatima)
    assert isinstance(await casework.do(by_staff.by, ADMIN, Action.DUPLICATE, between.id, theirs.reference), Case)
    mine = await casework.case(fatima)
    before = await casework.again(theirs)
    assert await casework.do(by_staff.by, NOORA, Action.DUPLICATE, mine.id, between.reference) == NotAllowed(None)
    assert await casework.again(theirs) == before
    assert (await casework.again(mine)).duplicate_of is None
