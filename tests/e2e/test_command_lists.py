"""The real process shows members of staff the commands of their role, whatever happens to it and to Telegram."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.sandbox import ADMIN, MOHAMMED, STAFF_AR, STAFF_EN, Trouble
from bot.sandbox.views import commands_for
from conversations.staff.commands import COMMANDS
from locales import Language, clean
from storage.ids import OfficeId
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import TONGUES, Resident
from tests.known import known

pytestmark = pytest.mark.asyncio(loop_scope="module")
IN_STEP = "SELECT count(*) AS n FROM command_lists WHERE shown_change < change"
#: Administrators come last where a process has just started.
UNSEEN = """SELECT CASE WHEN count(*) > 0 THEN 0 ELSE 1 END AS n FROM command_lists
    WHERE address = :who AND shown_change = change"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, instant: None) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path_factory.mktemp("commands"), hired=True) as started:
        yield started


def menu(town: Municipality, person: int, chat: int = 0) -> dict[str, str]:
    """What somebody's app lists, in their private chat or in a group."""
    world = town.sandbox.world
    found = commands_for(world, world.people[person], known(world.chat(chat or person)))
    assert isinstance(found, list)
    return {one["command"]: one["description"] for one in found}


async def test_a_role_shows_its_commands_until_it_ends_over_kills_and_failures(town: Municipality) -> None:
    sandbox, group = town.sandbox, town.groups[OfficeId("northern")]
    await town.eventually(UNSEEN, who=str(ADMIN))
    await town.eventually(IN_STEP)
    admin, newcomer = Member(town, ADMIN, "northern"), Resident.of(town, Language.AR, MOHAMMED)
    assert {"admin", "audit", "link"} <= menu(town, ADMIN, group).keys()
    await newcomer.says("/start")
    await newcomer.sees("<b>Main menu</b>")
    residents = menu(town, MOHAMMED)
    assert "queue" not in residents

    await admin.says("/invite northern manager")
    code = known(re.search(r"start=(staff_\w+)", (await admin.person.sees("staff_")).text))[1]
    sandbox.acts.add(ADMIN, group, [MOHAMMED])
    await newcomer.says(f"/start {code}")
    await newcomer.sees("👥 <b>Invitation to join the staff</b>")
    sandbox.trouble("setMyCommands", Trouble.ERROR, Trouble.LOST)
    await newcomer.taps("✅ Join")
    await newcomer.sees("✅ You have joined the team: {role}, {office}.")
    await town.process.kill()
    await town.process.start()
    await town.eventually(IN_STEP)

    private, here = menu(town, MOHAMMED), menu(town, MOHAMMED, group)
    t = TONGUES[Language.AR]
    for name in ("queue", "looked", "staff", "admin"):
        assert private[name] == here[name] == clean(t.plain(COMMANDS[name].description))
    assert "invite" not in private
    assert "book" in private
    assert "book" not in here
    assert menu(town, MOHAMMED, town.groups[OfficeId("southern")]).keys() == COMMANDS.keys(), "nobody's list"

    await newcomer.says("/language")
    await newcomer.person.taps("English")
    english = TONGUES[Language.EN].plain(COMMANDS["queue"].description)
    await town.eventually(
        "SELECT 1 - count(*) AS n FROM residents WHERE address = :who AND language = 'en'", who=str(MOHAMMED)
    )
    await town.eventually(IN_STEP)
    assert menu(town, MOHAMMED, group)["queue"] == menu(town, MOHAMMED)["queue"] == english

    sandbox.trouble("deleteMyCommands", Trouble.ERROR)
    await Member(town, MOHAMMED, "northern").person.leaves()
    await town.sandbox.drained()
    await town.all_sent()
    await town.eventually("SELECT count(*) AS n FROM command_lists WHERE address = :who", who=str(MOHAMMED))
    assert menu(town, MOHAMMED).keys() == residents.keys()
    assert f"commands/chat_member:{group}:{MOHAMMED}/" not in sandbox.world.settings


async def test_an_agent_and_a_manager_of_one_group_are_shown_different_commands(town: Municipality) -> None:
    await town.eventually(UNSEEN, who=str(ADMIN))
    await town.eventually(IN_STEP)
    group = town.groups[OfficeId("capital")]
    manager, agent = menu(town, STAFF_AR, group), menu(town, STAFF_EN, group)
    assert {"looked", "staff"} <= manager.keys() - agent.keys()
    assert agent.keys() <= manager.keys()
    assert agent["queue"] == TONGUES[Language.EN].plain(COMMANDS["queue"].description)
    assert town.sandbox.violations == []
