"""SQLite's readers: a few connections that only read, each in a thread of its own.

In WAL mode a reader sees the database as it stood at its first statement, and waits for nobody. Its statements run in
its thread, which gives the interpreter up while SQLite works: a search that takes a second holds up no update. The hop
to the thread and back costs more than a small statement does, so small ones stay with the connection that writes.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiosqlite

from storage.database import Dialect, Row, Value
from storage.sqlite_values import Statement, bound, outcome

_MOST = 2  # at once: more would only share the same few cores
_PRAGMAS = ("busy_timeout = 10000", "query_only = ON", "temp_store = MEMORY")


class _Connection(aiosqlite.Connection):
    """A connection that reads. `_in…` runs in its thread."""

    async def begin(self) -> None:
        await self._execute(self._conn.execute, "BEGIN")  # type: ignore[no-untyped-call]

    async def run(self, statement: Statement) -> list[Row]:
        rows: list[Row] = await self._execute(self._in_run, *statement)  # type: ignore[no-untyped-call]
        return rows

    def _in_run(self, sql: str, values: dict[str, Value]) -> list[Row]:
        return outcome(self._conn.execute(sql, values))[0]

    async def end(self) -> None:
        await self._execute(self._in_end)  # type: ignore[no-untyped-call]

    def _in_end(self) -> None:
        if self._conn.in_transaction:
            self._conn.execute("ROLLBACK")

    def give_up(self) -> None:
        """Nobody waits for the statement that runs any more."""
        self._conn.interrupt()


class SqliteReading:
    """A transaction that only reads."""

    dialect = Dialect.SQLITE

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        return await self._connection.run((sql, bound(values)))

    async def run(self, sql: str, /, **values: Value) -> int:
        await self.all(sql, **values)  # which the connection refuses
        return 0

    def later(self, sql: str, /, **values: Value) -> None:
        raise sqlite3.OperationalError("a transaction that only reads was to change something")

    def after_commit(self, act: Callable[[], None]) -> None:
        raise sqlite3.OperationalError("a transaction that only reads commits nothing")


class Readers:
    """The connections, opened when they are first needed."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._idle: list[_Connection] = []
        self._free = asyncio.Semaphore(_MOST)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqliteReading]:
        async with self._free:
            connection = self._idle.pop() if self._idle else await self._open()
            try:
                await connection.begin()
                yield SqliteReading(connection)
            except asyncio.CancelledError:
                connection.give_up()
                raise
            finally:
                # Also when cancelled, even twice: the thread finishes its statement first, then this runs.
                await asyncio.shield(self._put_back(connection))

    async def _put_back(self, connection: _Connection) -> None:
        await connection.end()
        self._idle.append(connection)

    async def _open(self) -> _Connection:
        connection = _Connection(self._connect, iter_chunk_size=64)
        await connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    async def close(self) -> None:
        """Wait for those who read, and close all."""
        for _ in range(_MOST):
            await self._free.acquire()
        for connection in self._idle:
            await connection.close()
        self._idle.clear()
