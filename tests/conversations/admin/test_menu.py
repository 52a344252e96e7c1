"""/admin: each is offered what they may, whoever may nothing is told so, and every entry opens something."""

from __future__ import annotations

import pytest

from conversations.admin.entries import ENTRIES, entries_for
from conversations.admin.menu import ANSWERS
from conversations.staff.registry import At
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, MAY, Member
from services.staff.permissions import Person as StaffPerson
from services.unit_of_work import Work
from storage.database import Database
from storage.ids import OfficeId
from storage.records.staff import Role
from tests.conversations.admin.test_audit import private
from tests.conversations.staff_town import CAPITAL, DeskTown, in_arabic, is_refusal


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_offered_what_it_may_and_no_more(role: Role) -> None:
    person = StaffPerson("telegram", "1")
    everywhere = {one.name for one in entries_for(Member(person, ((EVERY_OFFICE, role),)))}
    here = {one.name for one in entries_for(Member(person, ((CAPITAL, role),)))}
    assert everywhere == {one.name for one in ENTRIES if one.right in MAY[role]}
    assert here == {one.name for one in ENTRIES if one.right in MAY[role] and one.at is not At.EVERY_OFFICE}


def test_every_entry_opens_something_and_its_name_fits_a_button() -> None:
    assert {one.name for one in ENTRIES if not one.route} == set(ANSWERS)
    assert all(len(one.name) <= 24 for one in ENTRIES)


async def test_every_entry_of_an_administrators_menu_answers(town: DeskTown) -> None:
    admin = private(town.admin)
    await admin.says("/admin")
    menu = admin.last
    labels = [choice for row in menu.message.rows for choice in row]
    assert len(labels) == len(ENTRIES)
    for choice in labels:
        said = len(admin.messages)
        await admin.taps_data(choice.data, menu.number)
        assert len(admin.messages) == said + 1, choice.label
        assert not is_refusal(admin.last.text)


@pytest.mark.parametrize("who", ["huda", "stranger"])
async def test_who_may_nothing_there_is_told_so_and_it_is_written_down(town: DeskTown, who: str) -> None:
    somebody = getattr(town, who)
    alone = private(somebody)
    await alone.says("/admin")
    assert is_refusal(alone.last.text)
    await alone.taps_data("do:admin::0", alone.last.number)
    assert is_refusal(alone.toast) or is_refusal(alone.last.text)
    await alone.says("/start admin")
    await alone.taps_data("desk:admin:0:0:audit", alone.last.number)
    assert is_refusal(alone.toast)
    await somebody.says("/admin")
    assert is_refusal(somebody.last.text)
    found = await town.rows("SELECT action FROM audit WHERE actor = :actor", actor=f"staff:{somebody.address}")
    assert [row["action"] for row in found if str(row["action"]).startswith("denied.")] == [
        *["denied.configure"] * 3,
        "denied.audit",
        "denied.configure",
    ]


async def test_the_council_has_its_reports_there_and_nothing_else(town: DeskTown) -> None:
    council = private(town.council)
    await council.says("/admin")
    assert [label for row in council.last.buttons for label in row] == ["📊 Reports"]
    await council.taps("📊 Reports")
    assert not is_refusal(council.last.text)


async def test_in_a_group_a_button_leads_to_the_menu_in_private(town: DeskTown) -> None:
    await town.maryam.says("/admin")
    assert "Other members of this group should not read this" in town.maryam.last.text
    assert town.maryam.last.message.rows[0][0].url.endswith("?start=admin")
    maryam = private(town.maryam)
    await maryam.says("/start admin")
    assert "Administration" in maryam.last.text
    assert [label for row in maryam.last.buttons for label in row] == [
        "📊 Reports",
        "👥 Staff",
        "👁 Who saw contact details",
    ]


async def test_after_joining_a_button_leads_to_the_menu_where_there_is_something_in_it(town: DeskTown) -> None:
    async def invited(role: Role, office: OfficeId) -> str:
        async def invite(work: Work) -> str:
            made = await permissions.invite(work, town.admin.person, office, role)
            assert made is not None
            return made.code

        return await town.work(invite)

    agent, manager = town.resident("9101", "Amal"), town.resident("9102", "Noora", "ar")
    await agent.says(f"/start staff_{await invited(Role.AGENT, CAPITAL)}")
    await agent.taps("✅ Join")
    assert not agent.last.buttons
    await manager.says(f"/start staff_{await invited(Role.MANAGER, CAPITAL)}")
    await manager.taps("✅ انضمام")
    await manager.taps("🛠 الإدارة")
    assert in_arabic(manager.last.text)
    assert "الإدارة" in manager.last.text
