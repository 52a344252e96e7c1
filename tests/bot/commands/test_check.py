"""`customer-day check` on what an operator writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.check import Finding, State, findings
from bot.settings import Settings
from services.actors import staff_actor
from storage import configuration, lost_chats, staff, updates
from storage.configuration import ChangeRow
from storage.database import Database, Dialect
from storage.ids import ChatId, OfficeId, UpdateId
from storage.records.staff import StaffChat
from tests.bot.counter import START
from tests.shipped import OFFICES


async def _found(what: str, **given: object) -> Finding:
    settings = Settings.model_validate(given)
    (found,) = [one async for one in findings(settings) if one.what == what]
    return found


@pytest.fixture
def dialect() -> Dialect:
    """The command opens the file by itself."""
    return Dialect.SQLITE


async def test_an_office_whose_group_was_linked_has_its_chat(database: Database, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/customer-day.db")
    async with database.transaction() as tx:
        for n, office in enumerate(OFFICES.all[1:]):
            chat = StaffChat(office=office.id, channel="telegram", chat=f"-100{n}", topic=None)
            staff.link_chat(tx, chat, "9", START)

    (found,) = [one async for one in findings(settings) if one.what == "staff chats"]

    assert found.state is State.NOTE
    assert found.text.startswith(f"none for {OFFICES.all[0].id}:")


async def test_an_office_whose_group_the_bot_cannot_write_in_is_wrong(database: Database, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/customer-day.db")
    async with database.transaction() as tx:
        chat = StaffChat(office=OfficeId("capital"), channel="telegram", chat=ChatId("-1001"), topic=None)
        staff.link_chat(tx, chat, "9", START)
        lost_chats.lose(tx, "telegram", ChatId("-1001"), "removed by 7", START, of_office=False)
        lost_chats.lose(tx, "telegram", ChatId("-1002"), "removed by 7", START, of_office=False)

    wrong = [one async for one in findings(settings) if one.what == "staff chats" and one.state is State.WRONG]

    assert [one.text.partition(":")[0] for one in wrong] == [
        "the bot cannot write in the group of capital since 2026-11-22 06"
    ]


async def test_the_shipped_ready_texts_are_counted(tmp_path: Path) -> None:
    found = await _found("templates", data_dir=tmp_path)
    assert found.state is State.OK
    assert "ready texts for staff" in found.text


async def test_a_mistake_in_the_ready_texts_is_shown_with_its_line(tmp_path: Path) -> None:
    ours = tmp_path / "ours.yaml"
    ours.write_text(
        "templates:\n  thanks:\n    title: { ar: شكر, en: Thanks }\n    text: { ar: شكراً, en: '{referense}' }\n"
    )
    found = await _found("templates", data_dir=tmp_path, templates=ours)
    assert found.state is State.WRONG
    assert "ours.yaml:4: templates.thanks.text.en: expected one of the placeholders: did you mean “reference”?" in (
        found.text
    )
    assert "CUSTOMER_DAY_TEMPLATES" in found.text


async def test_what_could_not_be_handled_is_told_without_its_words(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as tx:
        for number in range(12):
            error = "KeyError at conversations/home/main_menu.py:12: 'Secret'"
            await updates.failed(tx, "telegram", UpdateId(str(number)), '{"text": "Secret"}', error, 1, START)
    found = [one async for one in findings(Settings(data_dir=tmp_path))]
    shown = [one.text for one in found if one.what == "dead letter"]
    assert len(shown) == 10
    assert shown[0].endswith("1 tries since 2026-11-22 06:00 UTC: KeyError at conversations/home/main_menu.py:12")
    (in_all,) = [one for one in found if one.what == "dead letters"]
    assert in_all.state is State.WRONG
    assert in_all.text.startswith("12 in all; `customer-day dead-letters`")
    assert not any("Secret" in one.text for one in found)


async def test_a_database_of_a_newer_release_is_wrong(database: Database, tmp_path: Path) -> None:
    async with database.transaction() as tx:
        await tx.run("UPDATE alembic_version SET version_num = '9999'")
    found = await _found("database", data_dir=tmp_path)
    assert found.state is State.WRONG
    assert "at 9999, and this release knows only" in found.text


async def test_what_was_changed_in_chat_and_edited_in_the_file_since_is_named(
    database: Database, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/customer-day.db")
    change = ChangeRow(
        version=1,
        at=START,
        actor=staff_actor("9000"),
        office=OfficeId("capital"),
        path=("offices", "capital", "name", "en"),
        before='"What the file said then"',
        after='"What was said in chat"',
        undoes=None,
    )
    async with database.transaction() as tx:
        await configuration.add(tx, change)
        moon = {"version": 2, "path": ("offices", "moon", "name", "en")}
        await configuration.add(tx, change.model_copy(update=moon))

    counted, *notes = [one async for one in findings(settings) if one.what == "changes in chat"]

    assert counted.text.startswith("2;")
    assert [note.state for note in notes] == [State.NOTE, State.NOTE]
    assert notes[0].text == "change 2 of offices.moon.name.en does not fit the files, and is left out"
    assert notes[1].text.startswith(
        "offices.capital.name.en was edited in the file after it was changed in chat, which wins"
    )
