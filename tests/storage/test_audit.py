"""The audit is append-only in the schema: nothing takes a line out or changes it, but for two ways that are named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import audit, audit_search, retention
from storage.audit_search import NEWEST, OLDEST, Place, Wanted
from storage.database import Database, Dialect, Transaction
from storage.ids import Actor, CaseId, OfficeId, ResidentId, Subject
from tests.known import known

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
EVER = Wanted(since=NOW - timedelta(days=999), until=NOW + timedelta(days=999))


async def _filled(database: Database, count: int = 5) -> None:
    async with database.transaction() as tx:
        for number in range(count):
            at = NOW + timedelta(minutes=number)
            audit.record(tx, at, Actor(f"resident:{number % 2}"), "case.note", Subject(f"case:{number}"), "event 1")


async def _lines(database: Database) -> list[str]:
    async with database.read() as tx:
        return [entry.subject for entry in (await audit_search.older(tx, EVER, NEWEST, 99)).entries]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM audit",
        "DELETE FROM audit WHERE at < '2030-01-01T00:00:00+00:00'",
        "UPDATE audit SET detail = ''",
        "UPDATE audit SET actor = 'staff:1'",
        "UPDATE audit SET actor = 'resident', action = 'case.reply'",
        "UPDATE audit SET id = id + 100",
    ],
)
async def test_no_statement_deletes_or_changes_a_line(database: Database, sql: str) -> None:
    await _filled(database)
    before = await _lines(database)
    with pytest.raises(Exception, match="the audit is append-only"):
        async with database.transaction() as tx:
            await tx.run(sql)
    assert await _lines(database) == before


async def test_no_line_is_replaced_or_the_table_emptied(database: Database) -> None:
    await _filled(database)
    sql = "TRUNCATE audit"
    if database.dialect is Dialect.SQLITE:
        sql = "INSERT OR REPLACE INTO audit (id, at, actor, action, subject) VALUES (1, 'x', 'x', 'x', 'x')"
    with pytest.raises(Exception, match="the audit is append-only"):
        async with database.transaction() as tx:
            await tx.run(sql)
    assert len(await _lines(database)) == 5


async def test_retention_lets_go_of_the_oldest_lines_and_shuts_the_door_behind_it(database: Database) -> None:
    await _filled(database)
    async with database.transaction() as tx:
        assert await retention.drop_audit(tx, NOW + timedelta(minutes=3), 2) == 2
        assert await tx.all("SELECT * FROM audit_retention") == []
    assert await _lines(database) == ["case:4", "case:3", "case:2"]
    async with database.transaction() as tx:
        assert await retention.drop_audit(tx, NOW + timedelta(minutes=3), 9) == 1
        assert await retention.drop_audit(tx, NOW + timedelta(minutes=3), 9) == 0
    with pytest.raises(Exception, match="the audit is append-only"):
        async with database.transaction() as tx:
            await tx.run("DELETE FROM audit WHERE subject = 'case:3'")


async def test_a_resident_who_is_forgotten_becomes_nobody_in_particular(database: Database) -> None:
    await _filled(database)
    async with database.transaction() as tx:
        await tx.run("UPDATE audit SET actor = 'resident' WHERE subject = 'case:1' AND actor LIKE 'resident:%'")
    async with database.read() as tx:
        found = (await audit_search.older(tx, Wanted(EVER.since, EVER.until, subject="case:1"), NEWEST, 9)).entries
    assert [(entry.actor, entry.action, entry.detail) for entry in found] == [("resident", "case.note", "event 1")]


# ---------------------------------------------------------------------------- pages


async def _all(tx: Transaction, wanted: Wanted) -> list[str]:
    """Every line, by twos from the newest on."""
    found: list[str] = []
    place: Place | None = NEWEST
    while place is not None:
        page = await audit_search.older(tx, wanted, place, 2)
        found += [entry.subject for entry in page.entries]
        place = page.rest
    return found


async def test_pages_leave_nothing_out_and_show_nothing_twice_where_many_are_of_one_moment(database: Database) -> None:
    async with database.transaction() as tx:
        for number in range(7):
            audit.record(tx, NOW, Actor("staff:1"), "case.note", Subject(f"case:{number}"))
    async with database.read() as tx:
        assert await _all(tx, EVER) == [f"case:{number}" for number in reversed(range(7))]
        first = await audit_search.older(tx, EVER, NEWEST, 3)
        second = await audit_search.older(tx, EVER, known(first.rest), 3)
        back = await audit_search.newer(tx, EVER, second.entries[0].place, 3)
        assert back.entries[::-1] == first.entries


async def test_of_a_person_it_finds_what_they_did_and_what_was_done_about_them(database: Database) -> None:
    async with database.transaction() as tx:
        audit.record(tx, NOW, Actor("staff:1"), "case.note", Subject("case:1"))
        audit.record(tx, NOW + timedelta(minutes=1), Actor("staff:2"), "staff.revoked", Subject("staff:1"))
        audit.record(tx, NOW + timedelta(minutes=2), Actor("staff:2"), "case.note", Subject("case:2"))
        audit.record(tx, NOW + timedelta(minutes=3), Actor("staff:1"), "audit.look", Subject("staff:1"))
    wanted = Wanted(EVER.since, EVER.until, actor="staff:1", about="staff:1")
    async with database.read() as tx:
        found = (await audit_search.older(tx, wanted, NEWEST, 9)).entries
    assert [entry.action for entry in found] == ["audit.look", "staff.revoked", "case.note"]


async def test_of_one_office_it_finds_only_what_is_about_it(database: Database) -> None:
    async with database.transaction() as tx:
        audit.record(tx, NOW, Actor("staff:1"), "staff.invited", Subject("office:capital"))
        audit.record(tx, NOW, Actor("staff:1"), "staff.invited", Subject("office:northern"))
        audit.record(tx, NOW, Actor("staff:1"), "case.note", Subject(f"case:{CaseId(7)}"))
        audit.record(tx, NOW, Actor(f"resident:{ResidentId(7)}"), "privacy.export", Subject("resident:7"))
    wanted = Wanted(EVER.since, EVER.until, offices=(OfficeId("capital"),))
    async with database.read() as tx:
        found = (await audit_search.older(tx, wanted, NEWEST, 9)).entries
    assert [entry.subject for entry in found] == ["office:capital"]


@pytest.mark.parametrize("person", [False, True])
async def test_a_look_at_one_office_reads_some_lines_at_a_time_and_misses_none(
    database: Database, monkeypatch: pytest.MonkeyPatch, person: bool
) -> None:
    monkeypatch.setattr(audit_search, "_LOOKED_AT", 3)
    monkeypatch.setattr(audit_search, "_TURNS", 2)
    async with database.transaction() as tx:
        for number in range(40):
            office = "capital" if number % 9 == 0 else "northern"
            about = Subject("staff:1" if person and number % 9 == 1 else f"office:{office}")
            who = Actor("staff:1" if person and number % 2 == 0 else "staff:2")
            audit.record(tx, NOW + timedelta(minutes=number), who, f"a{number}", about)
    wanted = Wanted(EVER.since, EVER.until, offices=(OfficeId("capital"),))
    expected = ["a36", "a27", "a18", "a9", "a0"]
    if person:
        wanted = Wanted(EVER.since, EVER.until, actor="staff:1", about="staff:1", offices=(OfficeId("capital"),))
        expected = ["a36", "a18", "a0"]
    async with database.read() as tx:
        first = await audit_search.older(tx, wanted, NEWEST, 2)
        assert len(first.entries) < 2, "it did not look further than it may"
        found: list[str] = []
        place: Place | None = NEWEST
        while place is not None:
            page = await audit_search.older(tx, wanted, place, 2)
            found += [entry.action for entry in page.entries]
            place = page.rest
        assert found == expected
        back: list[str] = []
        place = OLDEST
        while place is not None:
            page = await audit_search.newer(tx, wanted, place, 2)
            back += [entry.action for entry in page.entries]
            place = page.rest
        assert back[::-1] == expected
