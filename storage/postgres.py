"""PostgreSQL through asyncpg: for several workers, any of which may take any update."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache

import asyncpg

from storage.database import Conflict, DatabaseUnavailable, Dialect, Row, Value

_NAME = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


@lru_cache(maxsize=2048)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """`:name` parameters as PostgreSQL's `$1`, and their names in that order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _NAME.sub(number, sql), tuple(names)


class PostgresTransaction:
    dialect = Dialect.POSTGRES

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[str, dict[str, Value]]] = []
        self._acts: list[Callable[[], None]] = []

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        await self.flush()
        statement, names = numbered(sql)
        row = await self._connection.fetchrow(statement, *[values[name] for name in names])
        return None if row is None else dict(row)

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        await self.flush()
        statement, names = numbered(sql)
        return [dict(row) for row in await self._connection.fetch(statement, *[values[name] for name in names])]

    async def run(self, sql: str, /, **values: Value) -> int:
        await self.flush()
        return await self._execute(sql, values)

    def later(self, sql: str, /, **values: Value) -> None:
        self._waiting.append((sql, values))

    def after_commit(self, act: Callable[[], None]) -> None:
        self._acts.append(act)

    async def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for sql, values in waiting:
            await self._execute(sql, values)

    async def _execute(self, sql: str, values: dict[str, Value]) -> int:
        statement, names = numbered(sql)
        status: str = await self._connection.execute(statement, *[values[name] for name in names])
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    def committed(self) -> None:
        for act in self._acts:
            act()


class PostgresDatabase:
    dialect = Dialect.POSTGRES

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, url: str, *, pool: int) -> PostgresDatabase:
        """Connect. Raises DatabaseUnavailable."""
        try:
            return cls(await asyncpg.create_pool(url, min_size=1, max_size=pool, command_timeout=30))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            # The URL can hold a password: the error is named, the URL is not repeated.
            raise DatabaseUnavailable(f"cannot reach PostgreSQL: {type(error).__name__}: {error}") from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        async with self._pool.acquire() as connection:
            transaction = PostgresTransaction(connection)
            try:
                async with connection.transaction():
                    yield transaction
                    await transaction.flush()
            except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
                raise Conflict(str(error)) from error
            transaction.committed()

    async def close(self) -> None:
        await self._pool.close()
