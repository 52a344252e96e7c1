"""PostgreSQL through asyncpg: for several workers, any of which may take any update."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from functools import lru_cache

import asyncpg

from storage.database import Conflict, DatabaseUnavailable, Dialect, Row, StatementFailed, Value, refuse_naive, run_acts

# What may hold a colon without naming a parameter comes first: texts, quoted names, comments, casts.
_TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | :: | (?<!\w):(?P<name>[a-z_][a-z0-9_]*)""",
    re.VERBOSE | re.DOTALL,
)
_RACES = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
_UNREACHABLE = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError)

_Given = Value | list[str | int]


@lru_cache(maxsize=2048)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """`:name` parameters as PostgreSQL's `$1`, and their names in that order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return match[0]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _TOKEN.sub(number, sql), tuple(names)


class PostgresTransaction:
    dialect = Dialect.POSTGRES

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._failed = False
        self._waiting: list[tuple[str, list[_Given]]] = []
        self.acts: list[Callable[[], None]] = []

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        await self.flush()
        statement, given = _bound(sql, values)
        with self._watched():
            row = await self._connection.fetchrow(statement, *given)
        return None if row is None else dict(row)

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        await self.flush()
        statement, given = _bound(sql, values)
        with self._watched():
            return [dict(row) for row in await self._connection.fetch(statement, *given)]

    async def run(self, sql: str, /, **values: Value) -> int:
        await self.flush()
        return await self._execute(*_bound(sql, values))

    def later(self, sql: str, /, **values: Value) -> None:
        self._waiting.append(_bound(sql, values))

    def after_commit(self, act: Callable[[], None]) -> None:
        self.acts.append(act)

    async def end(self) -> None:
        """Write what waits; the commit does the rest."""
        await self.flush()
        if self._failed:  # PostgreSQL answers a COMMIT with a silent rollback
            raise StatementFailed

    async def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for statement, given in waiting:
            await self._execute(statement, given)

    async def _execute(self, statement: str, given: list[_Given]) -> int:
        with self._watched():
            status: str = await self._connection.execute(statement, *given)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except _RACES as error:
            self._failed = True
            raise Conflict(str(error)) from error
        except BaseException:
            self._failed = True
            raise


def _bound(sql: str, values: dict[str, Value]) -> tuple[str, list[_Given]]:
    statement, names = numbered(sql)
    for value in values.values():
        if isinstance(value, datetime):
            refuse_naive(value)
    return statement, [_given(values[name]) for name in names]


def _given(value: Value) -> _Given:
    return [*value] if isinstance(value, tuple) else value


class PostgresDatabase:
    dialect = Dialect.POSTGRES

    def __init__(self, pool: asyncpg.Pool, readers: int) -> None:
        self._pool = pool
        self._readers = asyncio.Semaphore(readers)

    @classmethod
    async def open(cls, url: str, *, pool: int) -> PostgresDatabase:
        """Connect. Raises DatabaseUnavailable."""
        # The URL can hold a password, and an error about its parts can quote them: neither is repeated.
        try:
            opened = await asyncpg.create_pool(url, min_size=1, max_size=pool, command_timeout=30)
            # What takes long leaves most connections to those who write.
            return cls(opened, readers=max(1, pool // 4))
        except ValueError:
            advice = "DATABASE_URL cannot be read: signs like @ / : in its password are written as %40 %2F %3A"
            raise DatabaseUnavailable(advice) from None
        except (asyncpg.PostgresError, *_UNREACHABLE) as error:
            raise DatabaseUnavailable(f"cannot reach PostgreSQL: {type(error).__name__}: {error}") from None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        async with self._connection() as connection:
            transaction = PostgresTransaction(connection)
            try:
                async with connection.transaction():
                    yield transaction
                    await transaction.end()
            except _RACES as error:  # a commit too can lose one
                raise Conflict(str(error)) from error
        run_acts(transaction.acts)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[PostgresTransaction]:
        async with (
            self._readers,
            self._connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            transaction = PostgresTransaction(connection)
            yield transaction
            await transaction.end()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        try:
            connection = await self._pool.acquire(timeout=30)
        except (TimeoutError, *_UNREACHABLE) as error:
            raise DatabaseUnavailable(f"PostgreSQL cannot be reached: {type(error).__name__}") from error
        try:
            yield connection
        finally:
            await self._pool.release(connection)

    async def close(self) -> None:
        await self._pool.close()
