"""One transaction at a time, on SQLite or on PostgreSQL, behind one small interface.

Statements are plain SQL with named parameters (`:name`). Instants are bound as aware datetimes and
kept in UTC; the rows that come back are mappings for the records in `storage.records` to read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

Value = str | int | float | bool | bytes | datetime | date | None
Row = Mapping[str, object]


class Dialect(StrEnum):
    SQLITE = "sqlite"
    POSTGRES = "postgres"


class DatabaseUnavailable(Exception):
    """The database cannot be opened or reached; the message says which and why."""


class Conflict(Exception):
    """The transaction lost a race that the schema decided (a unique index, a deadlock). Running it again may work."""


class Transaction(Protocol):
    """What a service writes through. Everything in it commits together or not at all."""

    dialect: Dialect

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        """The first row, or None."""

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        """Every row."""

    async def run(self, sql: str, /, **values: Value) -> int:
        """Change rows; how many were changed."""

    def later(self, sql: str, /, **values: Value) -> None:
        """Change rows with the next statement or the commit, whichever comes first.

        Cheaper than `run` (no round trip of its own); for writes whose outcome nobody waits for.
        """

    def after_commit(self, act: Callable[[], None]) -> None:
        """Call `act` once the transaction is durable, and never if it is not."""


class Database(Protocol):
    """A source of transactions."""

    dialect: Dialect

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Commit on leaving, roll back on an exception. Raises Conflict where the schema said no."""

    async def close(self) -> None: ...


async def open_database(url: str, *, pool: int = 8) -> Database:
    """Open `sqlite:///path` or `postgresql://…`. Raises DatabaseUnavailable."""
    if url.startswith("sqlite:///"):
        from storage.sqlite import SqliteDatabase  # noqa: PLC0415 - only the driver in use is loaded

        return await SqliteDatabase.open(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from storage.postgres import PostgresDatabase  # noqa: PLC0415 - only the driver in use is loaded

        return await PostgresDatabase.open(url, pool=pool)
    raise DatabaseUnavailable("DATABASE_URL must begin with sqlite:/// or postgresql://")
