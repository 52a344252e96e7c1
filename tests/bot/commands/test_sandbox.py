"""Who works at the desks of the sandbox, from its first start on."""

from __future__ import annotations

from pathlib import Path

from bot.app import open_context
from bot.commands.sandbox import hire
from bot.sandbox import ADMIN, STAFF_AR, STAFF_EN
from bot.sandbox.world import shipped_people
from bot.settings import load_settings
from services.staff import permissions
from services.staff.permissions import Act
from storage.ids import OfficeId

CAPITAL = OfficeId("capital")


async def test_the_shipped_staff_join_once_and_whose_right_was_taken_stays_without(tmp_path: Path) -> None:
    settings = load_settings({"CUSTOMER_DAY_DATA_DIR": str(tmp_path), "CUSTOMER_DAY_ADMINS": str(ADMIN)}, dotenv=None)
    people = {account.id: account for account in shipped_people()}
    admin, manager, agent = (permissions.Person("telegram", str(one)) for one in (ADMIN, STAFF_AR, STAFF_EN))

    async with open_context(settings) as desk:
        await desk.attempt(lambda work: hire(work, people))

        async with desk.begin() as work:
            assert await permissions.guard(work, manager, Act.ASSIGN, CAPITAL) is not None
            assert await permissions.guard(work, agent, Act.CLAIM, CAPITAL) is not None
            assert await permissions.guard(work, agent, Act.ASSIGN, CAPITAL) is None
            assert (await permissions.names(work))[agent.actor] == people[STAFF_EN].name
            assert await permissions.revoke(work, admin, agent.address, CAPITAL)
        await desk.attempt(lambda work: hire(work, people))

        async with desk.begin() as work:
            assert len(await permissions.staff_of(work, CAPITAL)) == 1
            assert await permissions.guard(work, agent, Act.CLAIM, CAPITAL) is None
