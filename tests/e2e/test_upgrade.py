"""A release before revision 0011, to which ids were numbers, filled the database: this one carries on with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.dead_letters import give_all_back, listed
from conversations.engine.messages import Outgoing
from services.cases.resident_actions import Case, CaseEventKind
from storage import cards, cases, outbox, updates
from storage.database import Database, Dialect, Transaction, Value
from storage.ids import Actor, CaseId, ChatId, MessageId, UpdateId
from storage.migrate import _upgrade, migrate
from storage.open import open_database
from tests.conversations.staff_town import ADMIN, CAPITAL, DeskTown
from tests.conversations.town import Shown
from tests.databases import empty_postgres
from tests.instants import SUNDAY as START

pytestmark = pytest.mark.starts_at(START)  # the moment at which the earlier release filled it

GROUP = ChatId("-1001")
FATIMA, HUDA = "1001", "9001"
BEFORE = START - timedelta(minutes=1)
TABLES = ("updates", "dead_letters", "outbox", "staff_chats", "cards", "staff_messages", "staff_searches")

STEP = (
    '{"step":"office:choose","draft":{"pieces":[{"message":6,"text":"The bins are full"}],"files":[],"voice":false},'
    '"then":"complain"}'
)
PENDING = (
    '{"about":"words","sayings":[{"key":8,"case":1,"manner":"ask","words":"Which side of the road","files":[],'
    '"messages":[8],"parts":["Which side of the road"],"at":"2026-11-22T05:59:00Z","album":"","template":"","day":"",'
    '"turn":0}],"prompt":{"case":1,"manner":"note","instead_of":8,"until":null},"album":null}'
)


@pytest.fixture
async def url(dialect: Dialect, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database at revision 0010, filled."""
    if dialect is Dialect.SQLITE:
        url = f"sqlite:///{tmp_path}/customer-day.db"
    else:
        url = await empty_postgres(request.getfixturevalue("postgres_url"))
    await _upgrade(dialect, url, "0010")
    database = await open_database(url)
    async with database.transaction() as tx:
        await fill(tx)
    await database.close()
    return url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """The same, upgraded."""
    database = await open_database(url)
    await migrate(database, url)
    yield database
    await database.close()


Values = dict[str, Value]


async def put(tx: Transaction, table: str, **row: Value) -> None:
    columns = ", ".join(row)
    await tx.run(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(f':{name}' for name in row)})", **row)  # noqa: S608


async def fill(tx: Transaction) -> None:
    on: Values = {"channel": "telegram"}
    here: Values = {**on, "chat": GROUP}
    for number, address in ((1, FATIMA), (2, HUDA)):
        seen: Values = {"created_at": BEFORE, "seen_at": BEFORE}
        await put(tx, "residents", id=number, **on, address=address, name="Fatima Ali", language="en", **seen)
    await put(tx, "conversations", resident_id=1, step=STEP, turn=3, last_choice="do:a::1 4 x", updated_at=BEFORE)
    due: Values = dict.fromkeys(("created_at", "updated_at", "opened_at"), BEFORE)
    due |= dict.fromkeys(("triage_due", "update_due", "close_due"), BEFORE + timedelta(days=9))
    case: Values = {
        "reference": "C-7K3M-2QX",
        "kind": "complaint",
        "category": "bins",
        "office": CAPITAL,
        "resident_id": 1,
    }
    await put(tx, "cases", id=1, **case, status="received", words="The bins overflow", search="bins", **due)
    await put(tx, "case_events", id=1, case_id=1, at=BEFORE, actor="resident:1", what="received", public=True)
    await put(tx, "case_events", id=2, case_id=1, at=BEFORE, actor=f"staff:{HUDA}", what="noted", public=False)
    role: Values = {"office": CAPITAL, "role": "agent", "granted_by": ADMIN, "granted_at": BEFORE}
    await put(tx, "staff_roles", **on, address=HUDA, name="Huda", **role)
    await put(tx, "staff_chats", office=CAPITAL, **here, topic=3, linked_by=ADMIN, linked_at=BEFORE)
    await put(tx, "cards", case_id=1, office=CAPITAL, **here, topic=3, message=70, shown="x", placed_at=BEFORE)
    await put(tx, "staff_conversations", **here, address=HUDA, state=PENDING, updated_at=BEFORE)
    await put(tx, "staff_messages", **here, message=5, event_id=2)
    await put(tx, "staff_searches", **here, message=12, words="bins", asked_at=BEFORE)
    await put(tx, "updates", **on, update_id=41, received_at=BEFORE)
    for number in (9, 10, 1000):
        raw = (
            f'{{"update_id":{number},"message":{{"from":{{"id":{FATIMA}}},"chat":{{"id":{FATIMA},"type":"private"}}}}}}'
        )
        at = BEFORE + timedelta(seconds=number)
        letter: Values = {"raw": raw, "tries": 3, "error": "KeyError", "first_at": at, "dead_at": at}
        await put(tx, "dead_letters", **on, update_id=number, **letter)
    sent: Values = {"kind": "message", "not_before": BEFORE, "created_at": BEFORE}
    await put(tx, "outbox", id=1, **on, chat=FATIMA, **sent, payload='{"text":"Changed","edit":4}')
    await put(tx, "outbox", id=2, **here, **sent, payload='{"text":"Below the card","reply_to":70,"topic":3}')
    await put(tx, "outbox", id=3, **here, **sent, payload='{"delete":12}', resident_id=1, supersedes="list:-1001:12")
    about: Values = {"status": "sent", "subject": "case:1", "message": 55, "key": "k"}
    await put(tx, "outbox", id=4, **on, chat=FATIMA, **sent, payload="", **about)
    await put(tx, "outbox", id=9, **on, chat=FATIMA, **sent, payload="", status="sent", message=None)
    await tx.run("DELETE FROM outbox WHERE id = 9")
    if tx.dialect is Dialect.POSTGRES:  # where rows with numbers of their own do not move the sequence
        for table in ("residents", "cases", "case_events", "outbox"):
            await tx.one(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 9)")


# ---------------------------------------------------------------------------- the schema


async def described(database: Database) -> tuple[set[str], dict[str, list[str]], list[object]]:
    """Its indexes, the columns of the tables that were changed, and what their foreign keys refer to."""
    async with database.transaction() as tx:
        if database.dialect is Dialect.POSTGRES:
            indexes = await tx.all("SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public'")
            read = (
                "SELECT column_name AS name FROM information_schema.columns WHERE table_name = :t ORDER BY column_name"
            )
            columns = {table: await tx.all(read, t=table) for table in TABLES}
            keys = await tx.all("SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE contype = 'f'")
            found = sorted(str(row["key"]) for row in keys)
        else:
            indexes = await tx.all("SELECT name FROM sqlite_master WHERE type = 'index'")
            read = "SELECT name FROM pragma_table_info(:t) ORDER BY name"
            columns = {table: await tx.all(read, t=table) for table in TABLES}
            keys = [
                row for table in TABLES for row in await tx.all("SELECT * FROM pragma_foreign_key_list(:t)", t=table)
            ]
            found = sorted(f"{row['from']} {row['table']} {row['to']}" for row in keys)
    return (
        {str(row["name"]) for row in indexes},
        {table: [str(row["name"]) for row in rows] for table, rows in columns.items()},
        list(found),
    )


async def test_tables_keep_their_columns_indexes_and_foreign_keys(url: str, dialect: Dialect) -> None:
    database = await open_database(url)
    before = await described(database)
    await _upgrade(dialect, url, "0011")
    assert await described(database) == before
    if dialect is Dialect.SQLITE:
        async with database.transaction() as tx:
            assert await tx.all("PRAGMA foreign_key_check") == []
            stricts = await tx.all("SELECT name FROM pragma_table_list WHERE strict = 1")
            assert {str(row["name"]) for row in stricts} >= set(TABLES)
    await database.close()


async def test_ids_are_text_and_no_row_is_lost(database: Database) -> None:
    async with database.transaction() as tx:
        ids = {
            table: [row["id"] for row in await tx.all(f"SELECT {column} AS id FROM {table} ORDER BY {column}")]  # noqa: S608
            for table, column in (
                ("updates", "update_id"),
                ("dead_letters", "update_id"),
                ("staff_chats", "topic"),
                ("cards", "message"),
                ("staff_messages", "message"),
                ("staff_searches", "message"),
            )
        }
        sent = await tx.all("SELECT id, message, key, resident_id, supersedes FROM outbox ORDER BY id")
    assert ids == {
        "updates": ["41"],
        "dead_letters": ["10", "1000", "9"],
        "staff_chats": ["3"],
        "cards": ["70"],
        "staff_messages": ["5"],
        "staff_searches": ["12"],
    }
    assert [tuple(row.values()) for row in sent] == [
        (1, None, None, None, None),
        (2, None, None, None, None),
        (3, None, None, 1, "list:-1001:12"),
        (4, "55", "k", None, None),
    ]


async def test_the_number_of_a_message_that_is_gone_is_not_given_again(database: Database) -> None:
    async with database.transaction() as tx:
        row: Values = {"channel": "telegram", "chat": "1", "kind": "notice", "payload": "", "not_before": START}
        await put(tx, "outbox", **row, created_at=START)
        assert await tx.one("SELECT max(id) AS id FROM outbox") == {"id": 10}


# ---------------------------------------------------------------------------- what was under way


async def the_case(town: DeskTown) -> Case:
    async with town.database.transaction() as tx:
        found = await cases.by_id(tx, CaseId(1))
    assert found is not None
    return found


async def test_what_was_owed_edits_answers_and_deletes_the_same_messages(database: Database) -> None:
    async with database.transaction() as tx:
        owed = [Outgoing.model_validate_json(row.payload) for row in await outbox.due(tx, START, 10)]
    assert [(one.edit, one.reply_to, one.topic, one.delete) for one in owed] == [
        ("4", None, None, None),
        (None, "70", "3", None),
        (None, None, None, "12"),
    ]


async def test_an_update_that_was_handled_is_not_handled_again(database: Database) -> None:
    async with database.transaction() as tx:
        assert await updates.seen(tx, "telegram", UpdateId("41"))
        assert not await updates.seen(tx, "telegram", UpdateId("4"))


async def test_dead_letters_are_replayed_in_the_order_they_came(database: Database) -> None:
    town = DeskTown(database)
    assert [letter.id for letter in await town.desk.attempt(listed)] == [
        "telegram:9",
        "telegram:10",
        "telegram:1000",
    ]
    assert (await town.desk.attempt(lambda work: give_all_back(work, Actor("amal"))))[0] == 3
    async with database.transaction() as tx:
        assert [letter.update_id for letter in await updates.to_replay(tx, "telegram", 9)] == ["9", "10", "1000"]


async def test_a_draft_is_corrected_by_editing_the_message_it_began_with(database: Database) -> None:
    town = DeskTown(database)
    fatima = town.resident(FATIMA)
    await fatima.edits(MessageId("6"), "The bins are full again")
    fatima.sees("We have saved your correction")
    (row,) = await town.rows("SELECT step FROM conversations WHERE resident_id = 1")
    assert '"message":"6","text":"The bins are full again"' in str(row["step"])


async def test_a_reply_to_a_message_of_ours_is_still_about_its_case(database: Database) -> None:
    town = DeskTown(database)
    fatima = town.resident(FATIMA)
    await fatima.says("It is worse today", reply_to=MessageId("55"))
    assert [event.what for event in await town.events(await the_case(town))][-1] is CaseEventKind.INFORMATION


async def test_the_card_is_edited_where_it_is_and_replies_to_it_are_understood(database: Database) -> None:
    town = DeskTown(database)
    shown = Shown(0, Outgoing(text="The card"))
    shown.number = MessageId("70")
    town.chats[GROUP] = [shown]
    await town.huda.replies(MessageId("70"), "#The contractor is told")
    assert (await town.events(await the_case(town)))[-1].words == "The contractor is told"
    async with database.transaction() as tx:
        card = await cards.of(tx, CaseId(1), CAPITAL)
        assert card is not None
        assert (card.message, card.topic) == ("70", "3")
        assert await cards.case_at(tx, "telegram", GROUP, MessageId("70")) == 1


async def test_words_that_wait_for_send_are_sent_by_the_button_that_was_shown(database: Database) -> None:
    town = DeskTown(database)
    await town.huda.taps_data("desk:say:1:1:send.8.0", MessageId("9"))
    asked = (await town.events(await the_case(town)))[-1]
    assert (asked.what, asked.words) == (CaseEventKind.ASKED, "Which side of the road")
    found = await town.rows("SELECT message FROM staff_messages WHERE event_id = :id ORDER BY message", id=asked.id)
    assert found == [{"message": "8"}, {"message": "9"}]


async def test_a_further_page_of_a_search_is_found_by_the_button_that_was_shown(database: Database) -> None:
    town = DeskTown(database)
    await town.huda.taps_data("desk:find:1:12:words", MessageId("13"))
    assert "C-7K3M-2QX" in town.huda.last.text
