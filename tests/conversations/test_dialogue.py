"""The whole dialogue: it holds together, and nothing from outside breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.engine.command_list import command_menus, profiles
from conversations.engine.engine import RESUME
from conversations.engine.messages import Kind, Outgoing
from conversations.staff.commands import descriptions, is_for_staff
from locales.html import length
from services.bookings.schedule import plan_sessions
from services.cases import duplicates
from services.delegations import delegations
from services.unit_of_work import Work
from storage import staff as staff_rows
from storage.ids import MessageId, OfficeId
from storage.records.cases import Case
from storage.records.residents import ConversationRow
from storage.records.staff import Role
from storage.residents import save_conversation
from tests.conversations.town import CATALOGUES, Person
from tests.conversations.whole_town import MANAMA, SCRIPT, WholeTown, submitted, whole_town
from tests.instants import SUNDAY
from tests.roles import give_role, on_telegram
from tests.services import by_staff

CODE = Path(__file__).parents[2] / "conversations"
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


# ---------------------------------------------------------------------------- it holds together


def named_doors() -> Iterator[tuple[str, str]]:
    """Every door that the code names, with its place."""
    for path in sorted(CODE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            named = [keyword.value for keyword in node.keywords if keyword.arg == "route"]
            if isinstance(node.func, ast.Name) and node.func.id == "Open":
                named += node.args[:1]
            for value in named:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                    yield f"{path.name}:{node.lineno}", value.value


def test_every_door_that_a_button_names_is_there():
    missing = {place: route for place, route in named_doors() if route not in {*SCRIPT.routes, RESUME}}
    assert missing == {}


def test_every_command_shown_opens_a_door():
    shown = [menu for menu in command_menus(CATALOGUES, descriptions()) if menu.scope == "private"]
    assert len(shown) == 3
    for menu in shown:
        assert {name for name, _ in menu.commands} <= SCRIPT.commands.keys()


def test_every_command_shown_to_staff_is_one_of_the_desks():
    for menu in command_menus(CATALOGUES, descriptions()):
        if menu.scope == "groups":
            # What is not is a flow of the private chat, which the group offers.
            assert all(is_for_staff(name) or name in SCRIPT.commands for name, _ in menu.commands)


def test_command_menus_and_descriptions_keep_telegrams_limits():
    for menu in command_menus(CATALOGUES, descriptions()):
        assert len(menu.commands) <= 100
        for name, description in menu.commands:
            assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
            assert 1 <= len(description) <= 256
    for profile in profiles(CATALOGUES):
        assert 1 <= len(profile.description) <= 512
        assert 1 <= len(profile.short) <= 120
        assert len(profile.name) <= 64


def test_every_language_has_a_command_menu_and_english_its_own():
    menus = {(menu.scope, menu.language): dict(menu.commands) for menu in command_menus(CATALOGUES, descriptions())}
    assert menus["private", None] == menus["private", "ar"]
    assert menus["private", "ar"]["menu"] == "القائمة الرئيسية"
    assert menus["private", "en"]["menu"] == "Main menu"
    assert menus["groups", None] == menus["groups", "ar"]
    assert menus["groups", "ar"]["whoami"] == "صلاحياتي"
    assert menus["groups", "en"]["whoami"] == "My roles"
    assert {profile.language: profile.name for profile in profiles(CATALOGUES)} == {
        None: "",  # as its owner named it
        "ar": "يوم العميل",
        "en": "Customer Day",
    }


# ---------------------------------------------------------------------------- forged buttons, wild arguments

ROUTES = sorted({*SCRIPT.routes, RESUME, "nowhere"})
STEPS = sorted(set(re.findall(r'"((?:\w+):(?:\w+))"', str(SCRIPT.steps.json_schema()).replace("'", '"'))))
WILD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["C-7K3M-2QX", "B-7K3M-2QX", "capital", "capital.1", "1", "0", "-1", "99999999999999999999", "yes"]
    ),
    st.integers(-(2**70), 2**70).map(str),
)
FORGED = st.one_of(
    st.text(max_size=64),
    st.builds("do:{}:{}:{}".format, st.sampled_from(ROUTES), WILD, st.integers(-3, 50)),
    st.builds("{}:{}:{}".format, st.sampled_from(STEPS), WILD, st.integers(-3, 400)),
)
KEPT_TABLES = {
    "cases": "SELECT id, status, version, words FROM cases ORDER BY id",
    "bookings": "SELECT id, status, version FROM bookings ORDER BY id",
    "followers": "SELECT * FROM case_followers",
    "files": "SELECT id FROM files",
    "ratings": "SELECT id FROM ratings",
    "residents": "SELECT id, name, phone, office, consented_at, wants_news, forgotten_at FROM residents",
}


async def kept(town: WholeTown) -> str:
    return str({name: await town.rows(sql) for name, sql in KEPT_TABLES.items()})


async def with_neighbour(town: WholeTown) -> Person:
    """Someone at the main menu; the town's only request is somebody else's."""
    neighbour, person = town.resident(address="1002"), town.resident()
    await neighbour.says("/start")
    await submitted(town, neighbour)
    await person.says("/start")
    return person


@MANY
@given(data=FORGED)
async def test_forged_buttons_break_and_change_nothing(town, data):
    person = await with_neighbour(town) if not town.chats else town.resident()
    before = await kept(town)

    await person.taps_data(data, person.last.number)

    assert await kept(town) == before


@MANY
@given(route=st.sampled_from(sorted(SCRIPT.routes)), argument=WILD)
async def test_wild_arguments_of_doors_break_and_change_nothing(town, route, argument):
    person = await with_neighbour(town) if not town.chats else town.resident()
    before = await kept(town)

    await person.taps_data(f"do:{route}:{argument.replace(':', '')}:0", person.last.number)

    assert await kept(town) == before


@MANY
@given(command=st.sampled_from(sorted({*SCRIPT.commands, "nonsense"})), argument=WILD)
async def test_wild_arguments_of_commands_break_nothing(town, command, argument):
    person = await with_neighbour(town) if not town.chats else town.resident()

    await person.does(kind=Kind.COMMAND, command=command, argument=argument, text=f"/{command} {argument}")

    assert person.last.text


@MANY
@given(words=st.text(min_size=1, max_size=200))
async def test_whatever_is_typed_gets_an_answer(town, words):
    person = await with_neighbour(town) if not town.chats else town.resident()
    seen = len(person.messages)

    await person.does(kind=Kind.TEXT, text=words)

    assert len(person.messages) > seen or person.last.message.edit is not None


# ---------------------------------------------------------------------------- every question there is

OFTEN = 3  # that a step is looked at, each time with other data
WORDS = (
    "Fatima Ali",
    "33123456",
    "The bins are full, road 12, block 321",
    "عاصفة\nA storm",
    "09:00-12:00",
    "2027-03-03",
    "/cancel",
    "/start suggest_capital-poster",
)


def check(message: Outgoing, where: str) -> None:
    """What Telegram accepts of a message."""
    caption = bool(message.files)
    assert length(message.text) <= (1024 if caption else 4096), where
    choices = [choice for row in message.rows for choice in row]
    for choice in choices:
        assert 1 <= len(choice.label) <= 64, (where, choice.label)
        assert choice.url or choice.copies or 1 <= len(choice.data.encode()) <= 64, (where, choice.data)
    assert all(1 <= len(row) <= 8 for row in message.rows), where
    assert message.text or message.files or message.place, where


async def walk(town: WholeTown, person: Person) -> set[str]:
    """Tap every button of every question that taps, words and files lead to; the questions seen."""
    seen: dict[str, int] = {}
    waiting = []

    async def arrive() -> None:
        (row,) = await town.rows("SELECT * FROM conversations WHERE resident_id = 1")
        name = str(SCRIPT.steps.validate_json(str(row["step"])).step)
        for shown in person.messages[-3:]:
            check(shown.message, name)
        if seen.get(name, 0) < OFTEN:
            seen[name] = seen.get(name, 0) + 1
            waiting.append((row, person.last))

    await person.says("/start")
    await _has_neighbours(town, person, await submitted(town, person))
    await arrive()
    for command in (
        *("/intake", "/walkin", "/offices", "/announce", "/improvement", "/incident"),
        f"/start staff_{await _joins_the_desk(town, person)}",
    ):
        await person.says(command)
        await arrive()
    await person.says("/start")
    await person.edits(MessageId("901"), "The bins are full again")
    await arrive()
    while waiting:
        row, shown = waiting.pop(0)
        for choice in [choice for line in shown.message.rows for choice in line if choice.data]:
            if choice.data.startswith("privacy:forget:yes"):
                continue  # that would end the walk
            await stand(town, row)
            await (person.says(choice.label) if shown.message.ask_for else person.taps_data(choice.data, shown.number))
            await arrive()
        for words in WORDS:
            await stand(town, row)
            await person.says(words)
            await arrive()
        await stand(town, row)
        await person.sends(caption="here")
        await arrive()
        await stand(town, row)
        await person.shares_place(*MANAMA)
        await arrive()
    case = await submitted(town, person)
    await town.work(lambda work: by_staff.ask(work, case.id, "staff:1", "Which gate?"))
    for words in ("/menu", "ok", "The second gate"):
        await person.says(words)
        await arrive()
    return set(seen)


async def _has_neighbours(town: WholeTown, person: Person, case: Case) -> None:
    """One who has joined their request, and for whom they may act."""
    neighbour = town.resident(address="1002", name="Noor Isa")
    await neighbour.says("/start")
    theirs, resident = await town.row(neighbour), await town.row(person)

    async def agree(work: Work) -> None:
        await duplicates.join(work, case.id, theirs)
        asked = await delegations.ask_by_link(work, resident, "Noor")
        assert isinstance(asked, delegations.Asked)
        await delegations.answer(work, theirs, asked.code, agrees=True)

    await town.work(agree)


async def _joins_the_desk(town: WholeTown, person: Person) -> str:
    """Make them staff, for whom there are questions of their own; the code of an invitation for more."""
    async with town.database.transaction() as tx:
        await give_role(tx, on_telegram(person.address, person.name), OfficeId("capital"), town.now, Role.ADMIN)
        until = town.now + timedelta(days=2)
        staff_rows.add_invite(tx, "abc", OfficeId("capital"), Role.AGENT, f"staff:{person.address}", town.now, until)
    return "abc"


async def stand(town: WholeTown, row: dict[str, object]) -> None:
    """Put the person back where they stood."""
    async with town.database.transaction() as tx:
        save_conversation(tx, ConversationRow.of(row))


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_every_question_fits_what_a_channel_can_show(town, language):
    town.now = SUNDAY + timedelta(days=3)  # people come without an appointment on a Customer Day only
    await town.work(plan_sessions)
    seen = await walk(town, town.resident(language=language))

    flows = {name.partition(":")[0] for name in seen}
    assert {step.partition(":")[0] for step in STEPS} <= flows, sorted(flows)
    assert len(seen) >= 0.65 * len(STEPS), sorted(set(STEPS) - seen)
