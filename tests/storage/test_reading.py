"""What only reads stands in nobody's way, and sees one state of all there is."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime

import asyncpg
import pytest

from storage.database import Database, Dialect, Transaction, one_of

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
REFUSED = (sqlite3.OperationalError, asyncpg.ReadOnlySQLTransactionError)
_PUT = "INSERT INTO visits (link, source, day, count) VALUES (:link, '', :day, 1)"


async def put(database: Database, link: str) -> None:
    async with database.transaction() as tx:
        await tx.run(_PUT, link=link, day=AT.date())


async def links(tx: Transaction) -> list[str]:
    return [str(row["link"]) for row in await tx.all("SELECT link FROM visits ORDER BY link")]


async def test_what_was_committed_is_seen_at_once(database: Database) -> None:
    for link in "abc":
        await put(database, link)
        async with database.read() as tx:
            assert (await links(tx))[-1] == link


async def test_all_is_seen_as_it_stood_at_the_first_statement(database: Database) -> None:
    await put(database, "a")
    async with database.read() as tx:
        assert await links(tx) == ["a"]
        await put(database, "b")
        assert await links(tx) == ["a"]
    async with database.read() as tx:
        assert await links(tx) == ["a", "b"]


async def test_what_an_open_transaction_wrote_is_not_seen_and_not_waited_for(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.run(_PUT, link="a", day=AT.date())
        # Nobody is to do this: it shows that neither waits for the other.
        async with database.read() as reading:
            assert await links(reading) == []
            assert await reading.one("SELECT link FROM visits") is None


async def test_a_statement_that_changes_something_fails_and_the_next_may_read(database: Database) -> None:
    with pytest.raises(REFUSED):
        async with database.read() as tx:
            await tx.run(_PUT, link="a", day=AT.date())
    with pytest.raises(REFUSED):
        async with database.read() as tx:
            tx.later(_PUT, link="a", day=AT.date())
    async with database.read() as tx:
        assert await links(tx) == []


async def test_more_may_read_at_once_than_there_are_connections(database: Database) -> None:
    await put(database, "a")

    async def read() -> list[str]:
        async with database.read() as tx:
            return await links(tx)

    assert await asyncio.gather(*(read() for _ in range(20))) == [["a"]] * 20


async def test_one_who_no_longer_waits_gives_the_connection_back(database: Database) -> None:
    await put(database, "a")
    for _ in range(5):
        begun = asyncio.Event()

        async def read(begun: asyncio.Event = begun) -> None:
            async with database.read() as tx:
                await links(tx)
                begun.set()
                await asyncio.Event().wait()

        reading = asyncio.create_task(read())
        await begun.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    async with database.read() as tx:
        assert await links(tx) == ["a"]


@pytest.mark.parametrize("wanted", [(), ("a",), ("c", "a"), ("'", '"', "a,b", "x")])
async def test_a_list_is_bound_as_one_value(database: Database, wanted: tuple[str, ...]) -> None:
    for link in ("a", "b", "c", "'", '"', "a,b"):
        await put(database, link)
    condition = one_of(database.dialect, "link", "wanted")
    async with database.read() as tx:
        rows = await tx.all(f"SELECT link FROM visits WHERE {condition}", wanted=wanted)  # noqa: S608
    assert {str(row["link"]) for row in rows} == set(wanted) - {"x"}


async def test_a_list_of_numbers_is_bound_as_one_value(database: Database) -> None:
    kind = "BIGINT" if database.dialect is Dialect.POSTGRES else "INTEGER"
    async with database.read() as tx:
        row = await tx.one(f"SELECT 1 AS yes WHERE {one_of(database.dialect, '7', 'numbers', kind)}", numbers=(3, 7))
    assert row is not None
