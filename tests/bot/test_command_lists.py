"""Members of staff are shown the commands of their role: whatever fails in between, and until the role ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channel import Delivered, Failed, Outcome, SlowDown, Unreachable
from bot.command_lists import CommandLists
from bot.telegram.profile import CommandMenu
from conversations.engine.command_list import COMMANDS as OF_RESIDENTS
from conversations.staff.commands import COMMANDS
from services.casework import offboarding
from services.staff import permissions
from services.staff.permissions import MAY
from storage.database import Database
from storage.ids import ChatId, OfficeId
from storage.records.staff import Role
from tests.conversations.staff_town import CAPITAL, DeskTown, in_arabic
from tests.conversations.town import STAFF_CHATS, Person

NORTHERN = OfficeId("northern")
HERE, THERE = str(STAFF_CHATS[CAPITAL]), str(STAFF_CHATS[NORTHERN])


class Screen:
    """What the channel shows, by (chat, member, language), as it was told; it answers as it was told to."""

    name = "telegram"

    def __init__(self) -> None:
        self.shown: dict[tuple[str, str, str], CommandMenu] = {}
        self.calls: list[tuple[str, str, str]] = []
        self.will: list[Outcome] = []

    async def publish(self, menus: list[CommandMenu]) -> Outcome:
        for menu in menus:
            place = (str(menu.chat), menu.member, menu.language_code or "")
            self.calls.append(place)
            outcome = self.will.pop(0) if self.will else Delivered()
            if outcome != Delivered():
                return outcome
            if menu.commands:
                self.shown[place] = menu
            else:
                self.shown.pop(place, None)
        return Delivered()

    def names(self, chat: str, member: str = "", language: str = "") -> list[str]:
        menu = self.shown.get((chat, member, language))
        return [] if menu is None else [name for name, _ in menu.commands]


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return DeskTown(database)


@pytest.fixture
async def lists(town: DeskTown, screen: Screen) -> CommandLists:
    """Of a process that has looked at everything."""
    lists = CommandLists(town.desk, screen)
    town.desk.clock()
    await lists.round()
    screen.calls.clear()
    return lists


def _private(role: Role) -> list[str]:
    """What a role lets somebody do in private, then what residents do."""
    staff = [
        one.name
        for one in COMMANDS.values()
        if (one.in_private or one.listed)
        and one.name not in {"help", "admin"}
        and (one.right is None or one.right in MAY[role])
        and one.name != "privacydesk"
    ]
    return [*staff, *(name for name in OF_RESIDENTS if name != "help"), "help"]


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_shows_its_commands_and_no_others(
    town: DeskTown, lists: CommandLists, screen: Screen, role: Role
) -> None:
    await town.joins(town.huda, role)
    await lists.round()
    private = screen.names("9001")
    assert [name for name in private if name != "admin"] == _private(role)
    assert ("admin" in private) == (role is not Role.AGENT)
    assert "intake" not in private, "in private it is a flow of the dialogue"
    group = screen.names(HERE, "9001")
    assert {"queue", "case", "find", "today", "whoami", "help"} <= set(group)
    for name, command in COMMANDS.items():
        if command.right is not None and name != "privacydesk":
            assert (name in group) == (command.right in MAY[role]), name
    assert not set(group) & (OF_RESIDENTS.keys() - COMMANDS.keys())


async def test_lists_are_in_the_language_that_somebody_chose(
    town: DeskTown, lists: CommandLists, screen: Screen
) -> None:
    await town.joins(town.yusuf, Role.AGENT)
    await lists.round()
    for chat, member in (("9002", ""), (HERE, "9002")):  # before they chose, each app is shown its own
        assert all(in_arabic(text) for _, text in screen.shown[chat, member, "ar"].commands)
        assert not any(
            in_arabic(text) for name, text in screen.shown[chat, member, "en"].commands if name != "language"
        )
    yusuf = Person(town, "9002", "Yusuf", "en")
    await yusuf.says("/start")
    await lists.round()
    assert screen.names("9002", language="ar") == screen.names(HERE, "9002", "en") == []
    assert not in_arabic(" ".join(text for _, text in screen.shown["9002", "", ""].commands if "/" not in text))
    await yusuf.says("/language")
    await yusuf.taps("العربية")
    await lists.round()
    assert all(in_arabic(text) for _, text in screen.shown["9002", "", ""].commands)
    assert all(in_arabic(text) for _, text in screen.shown[HERE, "9002", ""].commands)


async def test_another_role_changes_the_lists_and_its_end_takes_them_away(
    town: DeskTown, lists: CommandLists, screen: Screen
) -> None:
    await town.joins(town.huda, Role.COUNCIL)
    await lists.round()
    assert "intake" not in screen.names(HERE, "9001")
    await town.joins(town.huda, Role.AGENT)
    await lists.round()
    assert "intake" in screen.names(HERE, "9001")
    await town.joins(town.huda, Role.AGENT, NORTHERN)
    await lists.round()
    assert screen.names(THERE, "9001") == screen.names(HERE, "9001")
    await town.work(lambda work: offboarding.revoke(work, town.admin.person, "9001", CAPITAL))
    await lists.round()
    assert screen.names(HERE, "9001") == []
    assert screen.names(THERE, "9001")
    assert screen.names("9001")
    await town.work(lambda work: offboarding.left(work, STAFF_CHATS[NORTHERN], town.huda.person))
    await lists.round()
    assert [place for place in screen.shown if "9001" in place] == []
    assert await town.rows("SELECT * FROM command_lists WHERE address = '9001'") == []


async def test_a_process_that_dies_before_it_noted_shows_the_same_again(
    town: DeskTown, lists: CommandLists, screen: Screen
) -> None:
    await town.joins(town.huda, Role.AGENT)
    async with town.database.transaction() as tx:  # another takes over at once
        await tx.run("DELETE FROM leases")
    after = CommandLists(town.desk, screen)
    await after.round()
    assert "queue" in screen.names("9001")
    screen.calls.clear()
    async with town.database.transaction() as tx:
        await tx.run("DELETE FROM leases")
    await CommandLists(town.desk, screen).round()
    assert screen.calls == [], "a start looks at all, and tells the channel only what changed"


@pytest.mark.parametrize("outcome", [Failed("the network is away"), SlowDown(30.0)])
async def test_what_failed_is_tried_again_after_a_pause(
    town: DeskTown, lists: CommandLists, screen: Screen, outcome: Outcome
) -> None:
    await town.joins(town.huda, Role.AGENT)
    screen.will = [outcome]
    await lists.round()
    assert len(screen.calls) == 1, "the others wait with it"
    await lists.round()
    town.now += timedelta(minutes=11)
    await lists.round()
    assert "queue" in screen.names("9001")
    assert "queue" in screen.names(HERE, "9001")


async def test_whoever_has_stopped_the_bot_is_shown_their_list_when_they_come_back(
    town: DeskTown, lists: CommandLists, screen: Screen
) -> None:
    huda = Person(town, "9001", "Huda", "en")
    await huda.says("/start")
    await town.joins(town.huda, Role.AGENT)
    screen.will = [Unreachable("Forbidden: bot was blocked by the user")] * 2
    await lists.round()
    assert screen.names("9001") == []
    town.now += timedelta(days=1)
    screen.calls.clear()
    await lists.round()
    assert screen.calls == []
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET reachable = FALSE WHERE address = '9001'")
    await huda.says("/menu")
    await lists.round()
    assert "queue" in screen.names("9001")


async def test_of_two_processes_one_shows_the_lists(town: DeskTown, lists: CommandLists, screen: Screen) -> None:
    await town.joins(town.huda, Role.AGENT)
    await CommandLists(town.desk, screen).round()
    assert screen.calls == [], "the other has the lease"
    await lists.round()
    assert screen.names("9001")


async def test_administrators_of_the_settings_have_theirs_from_the_start(
    town: DeskTown, lists: CommandLists, screen: Screen
) -> None:
    assert {"admin", "audit", "privacydesk", "invite"} <= set(screen.names("9000"))
    assert "link" in screen.names(HERE, "9000")


async def test_a_group_that_is_linked_shows_them_and_one_that_is_unlinked_does_not(
    town: DeskTown, lists: CommandLists, screen: Screen
) -> None:
    await town.joins(town.huda, Role.AGENT)
    await lists.round()
    elsewhere = ChatId("-700")
    await town.work(lambda work: permissions.link(work, town.admin.person, CAPITAL, elsewhere, None))
    await lists.round()
    assert screen.names(HERE, "9001") == []
    assert "queue" in screen.names("-700", "9001")
    await town.work(lambda work: permissions.unlink(work, town.admin.person, CAPITAL))
    await lists.round()
    assert screen.names("-700", "9001") == []
    assert "queue" in screen.names(HERE, "9001"), "the settings name that group"
