"""SQLite through aiosqlite: the embedded default.

A statement costs about 15 µs of work and 100 µs of hop to aiosqlite's thread and back, so `later`
collects writes and one hop carries them together with the next statement or the commit. One
connection writes, one transaction after another (`BEGIN IMMEDIATE`): what the rules need, and what
SQLite allows anyway.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import aiosqlite

from storage.database import Conflict, DatabaseUnavailable, Dialect, Row, Value

Bound = str | int | float | bytes | None
Statement = tuple[str, dict[str, Bound]]


def bind(value: Value) -> Bound:
    """As SQLite keeps it: instants as UTC text of one width, so that text order is time order."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return value


class _Connection(aiosqlite.Connection):
    """aiosqlite's connection, with several statements in one hop."""

    async def batch(self, statements: Sequence[Statement]) -> tuple[list[Row], int]:
        """Run all; the rows and the row count of the last."""
        result: tuple[list[Row], int] = await self._execute(self._batch, statements)  # type: ignore[no-untyped-call]
        return result

    def _batch(self, statements: Sequence[Statement]) -> tuple[list[Row], int]:
        connection = self._conn
        for sql, values in statements[:-1]:
            connection.execute(sql, values)
        sql, values = statements[-1]
        cursor = connection.execute(sql, values)
        rows: list[Row] = [dict(row) for row in cursor] if cursor.description else []
        return rows, cursor.rowcount

    async def rollback_if_open(self) -> None:
        await self._execute(self._rollback_if_open)  # type: ignore[no-untyped-call]

    def _rollback_if_open(self) -> None:
        if self._conn.in_transaction:
            self._conn.execute("ROLLBACK")


class SqliteTransaction:
    dialect = Dialect.SQLITE

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._waiting: list[Statement] = []
        self._begun = False
        self._acts: list[Callable[[], None]] = []

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        rows, _ = await self._send(sql, values)
        return rows[0] if rows else None

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        rows, _ = await self._send(sql, values)
        return rows

    async def run(self, sql: str, /, **values: Value) -> int:
        _, count = await self._send(sql, values)
        return count

    def later(self, sql: str, /, **values: Value) -> None:
        self._waiting.append((sql, {name: bind(value) for name, value in values.items()}))

    def after_commit(self, act: Callable[[], None]) -> None:
        self._acts.append(act)

    async def _send(self, sql: str, values: dict[str, Value]) -> tuple[list[Row], int]:
        self.later(sql, **values)
        return await self._flush()

    async def _flush(self) -> tuple[list[Row], int]:
        statements, self._waiting = self._waiting, []
        if not self._begun:
            self._begun = True
            statements.insert(0, ("BEGIN IMMEDIATE", {}))
        try:
            return await self._connection.batch(statements)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode in {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}:
                raise Conflict(str(error)) from error
            raise

    async def commit(self) -> None:
        if self._begun or self._waiting:
            self._waiting.append(("COMMIT", {}))
            await self._flush()
        for act in self._acts:
            act()

    async def rollback(self) -> None:
        if self._begun:
            await self._connection.rollback_if_open()


class SqliteDatabase:
    dialect = Dialect.SQLITE

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, path: str) -> SqliteDatabase:
        """Open or create the file. Raises DatabaseUnavailable."""
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        connection = _Connection(
            lambda: sqlite3.connect(path, isolation_level=None, cached_statements=512), iter_chunk_size=64
        )
        try:
            await connection
            connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 10000"):
                await connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            await connection.close()
            raise DatabaseUnavailable(f"cannot open the SQLite file {path}: {error}") from error
        return cls(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTransaction]:
        async with self._turn:
            transaction = SqliteTransaction(self._connection)
            try:
                yield transaction
                await transaction.commit()
            except BaseException:
                # Also when cancelled in the middle: the thread finishes its statement first, then this runs.
                await asyncio.shield(transaction.rollback())
                raise

    async def close(self) -> None:
        async with self._turn:
            await self._connection.close()
