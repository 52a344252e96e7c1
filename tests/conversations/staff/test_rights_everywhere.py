"""Every button and command of the staff's, by everybody who may not, wherever: nothing happens, nothing is learnt."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from conversations.staff.commands import COMMANDS
from conversations.staff.taps import BUTTONS
from locales import without_marks
from services.cases.resident_actions import Case
from services.staff import permissions
from services.text.references import BOOKING_EXAMPLE, CASE_EXAMPLE
from storage.database import Dialect
from storage.ids import MessageId, OfficeId
from storage.open import open_database
from storage.records.bookings import Booking
from storage.records.staff import Role
from storage.visits import Visit
from tests.conversations.line_town import LineTown
from tests.conversations.staff_town import CAPITAL, Colleague, is_refusal
from tests.conversations.town import STAFF_CHATS, Person
from tests.databases import fresh_sqlite
from tests.known import known

pytestmark = pytest.mark.at_some_instants(0)  # a right is the same at any hour


@pytest.fixture
def dialect() -> Dialect:
    """A right is the same in either database."""
    return Dialect.SQLITE


NORTHERN = OfficeId("northern")
NOBODYS = "-500"
NO_SUCH = 987_654
#: What says only that somebody was there: their name, their pace, what they were told, and that they tried.
ABOUT_THE_TRY = frozenset(
    (
        "staff_places",
        "audit",
        "updates",
        "conversations",
        "outbox",
        "staff_names",
        "staff_pending",
        "residents",
        "command_lists",
    )
)
#: Its button says a number of days where others name a case.
COUNTS = frozenset({"looked"})
ARGUMENTS = ("", "capital", "northern", "yes", "1")


class RightsTown(LineTown):
    """The capital's team, one of the northern one's, and what there is of the capital's to be learnt."""

    case: Case
    booking: Booking
    visiting: Visit
    next: str  # the button of the queue

    @property
    def secrets(self) -> tuple[str, ...]:
        """What only the capital's team knows."""
        return (
            self.case.reference,
            self.booking.reference,
            *("The bins overflow", "The road", "Zahra", "Resident 0", "Huda", "Maryam", "Yusuf"),
        )

    def called(self, *offices: OfficeId) -> tuple[str, ...]:
        """What offices are called."""
        found = [self.offices.offices_by_id[one] for one in offices]
        return tuple(text for one in found for names in (one.name, one.short_name) for text in names.texts)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[RightsTown]:
    database = await open_database(await fresh_sqlite(tmp_path / "town.db"))
    try:
        town = RightsTown(database)
        await town.opens_the_day()
        nadia = Colleague(town, "9101", "Nadia", "en", STAFF_CHATS[NORTHERN])
        await town.joins(nadia, Role.MANAGER, NORTHERN)
        town.case = await town.case_of(await town.living("1500", "Zahra Kazem"))
        ((_, town.booking),) = await town.booked(1)
        await town.is_at(5)
        town.visiting = await town.comes(town.booking)
        await town.huda.says("/hall")
        town.next = known(town.panel().find("Call next")).data
        yield town
    finally:
        await database.close()


async def withdrawn(town: RightsTown) -> str:
    """Huda's buttons were drawn while she was still of the team."""
    await town.work(lambda work: permissions.revoke(work, town.admin.person, "9001", CAPITAL))
    return "9001"


async def a_stranger(_: RightsTown) -> str:
    return "9666"


async def the_resident(_: RightsTown) -> str:
    return "1500"


async def of_another_office(_: RightsTown) -> str:
    return "9101"


async def the_manager(_: RightsTown) -> str:
    return "9003"


Who = Callable[[RightsTown], Awaitable[str]]
GROUPS = {"its group": STAFF_CHATS[CAPITAL], "nobody's": NOBODYS, "another's": STAFF_CHATS[NORTHERN]}


def somewhere(town: RightsTown, address: str, place: str) -> Person:
    if place == "private":
        return town.resident(address, f"Person {address}", "en")
    return Colleague(town, address, f"Person {address}", "en", GROUPS[place])


async def state(town: RightsTown) -> dict[str, list[dict[str, object]]]:
    """All that is kept, but for what says that somebody tried."""
    names = [str(row["name"]) for row in await town.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = [name for name in names if name not in ABOUT_THE_TRY and not name.startswith(("sqlite_", "cases_words"))]
    found = {name: sorted(await town.rows(f"SELECT * FROM {name}"), key=repr) for name in kept}  # noqa: S608 - our names
    ours = {int(one.id) for one in town.lines}  # another office's team may open the panels of its own queues
    return found | {"line_panels": [row for row in found["line_panels"] if row["session_id"] in ours]}


def told(town: RightsTown, before: dict[str, int], who: Person) -> list[str]:
    """What came into any chat since, buttons and all, and the short answer to a tap."""
    new = [shown for chat, messages in town.chats.items() for shown in messages[before.get(chat, 0) :]]
    return [who.toast, *(without_marks(f"{shown.text} {shown.buttons}") for shown in new)]


async def tried(town: RightsTown, who: Person, act: Callable[[], Awaitable[None]]) -> list[str]:
    before = {chat: len(messages) for chat, messages in town.chats.items()}
    town.toasts.pop(who.address, None)
    await act()
    return [text for text in told(town, before, who) if text]


def ids(town: RightsTown) -> tuple[tuple[int, int], ...]:
    """What a button may name that there is, with its version."""
    of_line = town.next.split(":")
    return (
        (int(town.case.id), town.case.version),
        (int(town.booking.id), town.visiting.version),
        (int(of_line[2]), int(of_line[3])),
    )


async def taps(town: RightsTown, who: Person, verb: str, number: int, version: int, argument: str) -> list[str]:
    data = f"desk:{verb}:{number}:{version}:{argument}"
    return await tried(town, who, lambda: who.taps_data(data, MessageId("1")))


OUTSIDE = [a_stranger, the_resident, withdrawn]
PLACES = ("private", *GROUPS)


Fault = tuple[str, str, list[str]]


async def faults(
    town: RightsTown, who: Person, secrets: tuple[str, ...], *, alike: bool = True, refused: bool = False
) -> list[Fault]:
    """The buttons that tell or do what they may not.

    With `alike`, what there is may not be told from what there is not; with `refused`, nothing but a refusal is said.
    """
    found: list[Fault] = []
    before = await state(town)
    for verb, argument in itertools.product(sorted(BUTTONS.keys() - COUNTS), ARGUMENTS):
        nothing = await taps(town, who, verb, NO_SUCH, 0, argument)
        for number, version in ids(town):
            said = await taps(town, who, verb, number, version, argument)
            is_told = any(secret in text for text in said for secret in secrets)
            if is_told or (alike and said != nothing) or (refused and not all(is_refusal(text) for text in said)):
                found.append((verb, argument, [*said, "≠", *nothing]))
    after = await state(town)
    return found + [("changed", name, []) for name in before if before[name] != after.get(name)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", OUTSIDE)
async def test_who_has_no_role_learns_nothing_from_any_button(town: RightsTown, who: Who, place: str) -> None:
    person = somewhere(town, await who(town), place)
    assert await faults(town, person, (*town.secrets, *town.called(*STAFF_CHATS)), refused=True) == []


@pytest.mark.parametrize("place", PLACES)
async def test_who_is_of_another_office_learns_nothing_of_this_one(town: RightsTown, place: str) -> None:
    assert await faults(town, somewhere(town, await of_another_office(town), place), town.secrets) == []


@pytest.mark.parametrize("place", ["nobody's", "another's"])
async def test_the_team_does_nothing_where_others_read_along(town: RightsTown, place: str) -> None:
    assert await faults(town, somewhere(town, await the_manager(town), place), town.secrets, alike=False) == []


# ---------------------------------------------------------------------------- commands

NO_SUCH_CASE, NO_SUCH_BOOKING = CASE_EXAMPLE, BOOKING_EXAMPLE
#: Reception tells who shows their code to which office they have to go.
SENDS_ON = frozenset({"door"})


async def said_to(town: RightsTown, who: Person, command: str, argument: str) -> list[str]:
    said = await tried(town, who, lambda: who.says(f"/{command} {argument}".strip()))
    return [text.replace(argument, "…") if argument else text for text in said]


def arguments(town: RightsTown) -> tuple[tuple[str, str], ...]:
    """What may be typed after a command, and what is like it but nowhere."""
    return (
        (town.case.reference, NO_SUCH_CASE),
        (town.booking.reference, NO_SUCH_BOOKING),
        ("33123456", "33999999"),
        ("overflow", "overflux"),
        ("", ""),
        ("capital", "nowhere"),
    )


async def telling(town: RightsTown, who: Person, secrets: tuple[str, ...], *, alike: bool) -> list[Fault]:
    """The commands that tell or do what they may not."""
    found: list[Fault] = []
    before = await state(town)
    for name, (real, none) in itertools.product(sorted(COMMANDS.keys() - SENDS_ON), arguments(town)):
        said = await said_to(town, who, name, real)
        nothing = await said_to(town, who, name, none)
        hidden = [secret for secret in secrets if secret != real]
        if any(secret in text for text in said for secret in hidden) or (alike and said != nothing):
            found.append((name, real, [*said, "≠", *nothing]))
    after = await state(town)
    return found + [("changed", name, []) for name in before if before[name] != after.get(name)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", [a_stranger, withdrawn])
async def test_who_has_no_role_learns_nothing_from_any_command(town: RightsTown, who: Who, place: str) -> None:
    person = somewhere(town, await who(town), place)
    assert await telling(town, person, town.secrets, alike=True) == []


@pytest.mark.parametrize("place", PLACES)
async def test_commands_tell_who_is_of_another_office_nothing_of_this_one(town: RightsTown, place: str) -> None:
    person = somewhere(town, await of_another_office(town), place)
    assert await telling(town, person, town.secrets, alike=True) == []


@pytest.mark.parametrize("place", ["nobody's", "another's"])
async def test_commands_tell_nothing_of_an_office_where_others_read_along(town: RightsTown, place: str) -> None:
    person = somewhere(town, await the_manager(town), place)
    assert await telling(town, person, town.secrets, alike=False) == []


async def test_words_below_a_card_are_taken_from_nobody_who_may_not(town: RightsTown) -> None:
    """By a reply, with every sign that words can begin with."""
    before = await state(town)
    card = (await town.card(town.case)).number
    for address in (await withdrawn(town), "9666", "1500", "9101"):
        for place, chat in GROUPS.items():
            who = Colleague(town, address, f"Person {address}", "en", chat)
            about = card if place == "its group" else MessageId("1")
            for text in ("#note", "?question", "reply", "/undo", f"/undo {town.case.reference}"):
                reply = partial(who.says, text, reply_to=about, reply_text=f"Complaint {town.case.reference}")
                said = await tried(town, who, reply)
                assert not any(secret in one for one in said for secret in town.secrets), (address, place, text, said)
    after = await state(town)
    assert {name: rows for name, rows in after.items() if rows != before[name]}.keys() == {"staff_roles"}  # it ended
