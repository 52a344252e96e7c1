"""One transaction at a time, on SQLite or on PostgreSQL, behind one small interface.

Statements are plain SQL with named parameters (`:name`). Instants are bound as aware datetimes and
kept in UTC; the rows that come back are mappings for the records in `storage.records` to read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

#: A tuple is bound as a list, for `one_of`.
Value = str | int | float | bool | bytes | datetime | date | tuple[str, ...] | tuple[int, ...] | None
Row = Mapping[str, object]


class Dialect(StrEnum):
    SQLITE = "sqlite"
    POSTGRES = "postgres"


def one_of(dialect: Dialect, column: str, values: str, kind: str = "TEXT") -> str:
    """The condition that a column has one of the values bound as `values`; an index on the column serves it."""
    if dialect is Dialect.SQLITE:
        return f"{column} IN (SELECT value FROM json_each(:{values}))"
    return f"{column} = ANY (CAST(:{values} AS {kind}[]))"


class DatabaseUnavailable(Exception):
    """The database cannot be opened or reached; the message says which and why."""


class Conflict(Exception):
    """The transaction lost a race that the schema decided (a unique index, a deadlock). Running it again may work."""


class Transaction(Protocol):
    """What a service writes through. Everything in it commits together or not at all.

    Where a statement failed nothing of it can be committed, also where the error was caught.
    """

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
        """Call `act` once the transaction is durable, and never if it is not. An `act` must not raise."""


class Database(Protocol):
    """A source of transactions."""

    dialect: Dialect

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Commit on leaving, roll back on an exception. Raises Conflict where the schema said no.

        The body waits for nothing but its own statements: on SQLite others stand in line behind it. One that
        is cancelled while it commits may be durable or not.
        """

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """Read all as it stood at the first statement; a statement that would change something fails.

        For what takes long: nobody who writes waits for it, and neither does the event loop. It sees what was
        committed before, and so nothing of a transaction that is open: never read within one.
        """

    async def close(self) -> None: ...


#: SQLite's names for a machine in trouble: others hold the file for long, the disk is full or fails.
_TROUBLES = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")


def is_passing(error: BaseException | None) -> bool:
    """Whether the machine or the network was at fault, and not what was asked: later the same may work."""
    if error is None:
        return False
    if isinstance(error, DatabaseUnavailable | OSError):  # time-outs are OSErrors too
        return True
    name: str = getattr(error, "sqlite_errorname", "")
    return name.startswith(_TROUBLES) or is_passing(error.__cause__)


def trouble_of(error: BaseException) -> str:
    """What to call the trouble of a machine, without anybody's words: SQLite's name of it, or the kind of error."""
    name: str = getattr(error, "sqlite_errorname", "")
    if name:
        return name
    return type(error).__name__ if error.__cause__ is None else trouble_of(error.__cause__)


class StatementFailed(Exception):
    """A statement failed and its error was swallowed: a defect. Nothing was committed."""


def refuse_naive(instant: datetime) -> None:
    """A time without its zone would be kept as whatever the machine's zone is. Raises ValueError."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {instant.isoformat()}")


def run_acts(acts: Iterable[Callable[[], None]]) -> None:
    """What awaited a commit. It is durable, so a defect in one act must neither undo it nor stop the next."""
    for act in acts:
        try:
            act()
        except Exception as error:  # noqa: BLE001
            problem = {"message": "an act after a commit failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(problem)
