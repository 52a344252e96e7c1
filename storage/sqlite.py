"""SQLite through aiosqlite: the embedded default.

One connection writes, one transaction after another: what the rules need, and what SQLite allows anyway.
What may wait goes to aiosqlite's thread: BEGIN where another process writes, COMMIT for the disk. All else
waits for nobody and takes about 10 µs; it runs where it is, because the hop to the thread and
back costs more than that, and under load, where each way waits for the interpreter's lock, hundreds of times more.

**Group commit.** A COMMIT waits for the disk (`synchronous = FULL`), so transactions that wait for
their turn share one: each is a SAVEPOINT inside one `BEGIN IMMEDIATE … COMMIT`. Nobody hears
"committed" before that COMMIT has returned; a transaction that fails goes back to its own savepoint
and leaves its neighbours alone; a COMMIT that fails, fails for all of its group. A lone transaction
waits for nobody. It follows that the body of a transaction must wait for nothing but its own statements.

What only reads and may take long goes to `storage.sqlite_readers`: connections beside the one that writes.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import aiosqlite

from storage.database import Conflict, DatabaseUnavailable, Dialect, Row, StatementFailed, Value, run_acts
from storage.sqlite_readers import Readers, SqliteReading
from storage.sqlite_values import Statement, bound, outcome

_PRIMARY_CODE = 0xFF  # of an error's code, whose other bits say more of it
_BUSY_TIMEOUT = "PRAGMA busy_timeout = 10000"  # milliseconds for which another process is waited for
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "temp_store = MEMORY",  # where savepoints keep the pages as they were; in a file that is most of all writing
)


def _open(path: str) -> sqlite3.Connection:
    # From here on only aiosqlite's thread uses it.
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512, check_same_thread=False)
    try:
        connection.execute(_BUSY_TIMEOUT)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class _Connection(aiosqlite.Connection):
    """aiosqlite's connection, a statement's way without its thread, and savepoints. `_in…` runs in the thread."""

    _marked = False  # a transaction's savepoint is open; that of one that ended well, until the next needs its own

    async def begin(self) -> None:
        """Begin a transaction: a group where none is open, and a savepoint of its own in it."""
        if not self._conn.in_transaction:
            if not self._begin_at_once():
                await self._execute(self._conn.execute, "BEGIN IMMEDIATE")  # type: ignore[no-untyped-call]
        elif self._marked:
            self._conn.execute("RELEASE mine")
        self._marked = False
        self._conn.execute("SAVEPOINT mine")
        self._marked = True

    def _begin_at_once(self) -> bool:
        """Begin a group without waiting; False where another process is writing."""
        self._conn.execute("PRAGMA busy_timeout = 0")
        try:
            self._conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            self._conn.execute(_BUSY_TIMEOUT)
        return True

    def run(self, statements: Sequence[Statement]) -> tuple[list[Row], int]:
        """Run all; the rows and the row count of the last."""
        connection = self._conn
        if not connection.in_transaction:
            # A full disk, say: SQLite has taken everything back, and what follows must not commit by itself.
            raise sqlite3.OperationalError("the transaction was rolled back by an earlier error")
        for sql, values in statements[:-1]:
            connection.execute(sql, values)
        sql, values = statements[-1]
        return outcome(connection.execute(sql, values))

    async def undo(self) -> bool:
        """Back to before the transaction; False where an error has taken back its whole group."""
        result: bool = await self._execute(self._in_undo)  # type: ignore[no-untyped-call]
        return result

    def _in_undo(self) -> bool:
        connection = self._conn
        if self._marked and connection.in_transaction:
            connection.execute("ROLLBACK TO mine")
            connection.execute("RELEASE mine")
        self._marked = False
        return connection.in_transaction

    async def commit_group(self) -> None:
        await self._execute(self._in_commit)  # type: ignore[no-untyped-call]

    def _in_commit(self) -> None:
        try:
            self._conn.execute("COMMIT")
        except sqlite3.Error:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
            raise
        finally:
            self._marked = False


class SqliteTransaction:
    dialect = Dialect.SQLITE

    def __init__(self, connection: _Connection, begins: Callable[[], None]) -> None:
        self._connection = connection
        self._begins = begins
        self._waiting: list[Statement] = []
        self._failed = False
        self.begun = False
        self.acts: list[Callable[[], None]] = []

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
        self._waiting.append((sql, bound(values)))

    def after_commit(self, act: Callable[[], None]) -> None:
        self.acts.append(act)

    async def _send(self, sql: str, values: dict[str, Value]) -> tuple[list[Row], int]:
        self.later(sql, **values)
        return await self._flush()

    async def _flush(self) -> tuple[list[Row], int]:
        if self._failed:
            raise StatementFailed
        statements, self._waiting = self._waiting, []
        try:
            if not self.begun:
                self.begun = True
                self._begins()
                await self._connection.begin()
            return self._connection.run(statements)
        except BaseException as error:
            self._failed = True
            if isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorcode in {
                sqlite3.SQLITE_CONSTRAINT_UNIQUE,
                sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
            }:
                raise Conflict(str(error)) from error
            raise

    async def end(self) -> None:
        """Write what waits; the group's commit does the rest."""
        if self._waiting or self._failed:
            await self._flush()


class _Group:
    """Transactions that have ended well and wait for the COMMIT they share."""

    def __init__(self) -> None:
        self._members: list[tuple[SqliteTransaction, asyncio.Future[Exception | None]]] = []

    def join(self, transaction: SqliteTransaction) -> asyncio.Future[Exception | None]:
        """What becomes of it: None once it is durable, the error where it is not."""
        told: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
        self._members.append((transaction, told))
        return told

    def tell(self, error: Exception | None) -> None:
        members, self._members = self._members, []
        for transaction, told in members:
            if error is None:
                run_acts(transaction.acts)
            if not told.done():  # else whoever waited was cancelled meanwhile
                told.set_result(error)


class SqliteDatabase:
    dialect = Dialect.SQLITE

    def __init__(self, connection: _Connection, readers: Readers) -> None:
        self._connection = connection
        self._readers = readers
        self._turn = asyncio.Lock()
        self._group: _Group | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(cls, path: str) -> SqliteDatabase:
        """Open or create the file. Raises DatabaseUnavailable."""
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            opened = _open(path)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseUnavailable(f"cannot open the SQLite file {path}: {error}") from error
        connection = _Connection(lambda: opened, iter_chunk_size=64)
        await connection
        return cls(connection, Readers(path))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTransaction]:
        await self._turn.acquire()
        transaction = SqliteTransaction(self._connection, self._begins)
        try:
            yield transaction
            await transaction.end()
        except BaseException:
            # Also when cancelled in the middle, even twice: the thread finishes its statement first, then this runs.
            await asyncio.shield(self._start(self._undo(transaction)))
            raise
        if self._group is None or not transaction.begun:  # it did nothing
            self._turn.release()
            run_acts(transaction.acts)
            return
        told = self._group.join(transaction)
        self._turn.release()
        if (error := await told) is not None:
            raise sqlite3.OperationalError(f"not committed: {error}") from error

    def _begins(self) -> None:
        """A transaction's first statement: the first of a group queues for the turn to commit behind those in line."""
        if self._group is None:
            self._group = _Group()
            self._start(self._commit(self._group))

    async def _commit(self, group: _Group) -> None:
        async with self._turn:
            if self._group is not group:  # it was lost meanwhile
                return
            self._group = None
            error: Exception | None = None
            try:
                await self._connection.commit_group()
            except Exception as failure:  # noqa: BLE001 - whatever it is, it is told to all whose commit it was
                error = failure
            group.tell(error)

    async def _undo(self, transaction: SqliteTransaction) -> None:
        try:
            if transaction.begun and not await self._connection.undo() and self._group is not None:
                lost, self._group = self._group, None
                lost.tell(sqlite3.OperationalError("an error in a neighbour's statement took the whole group back"))
        finally:
            self._turn.release()

    def _start(self, act: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(act)
        self._tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)
        return task

    def read(self) -> AbstractAsyncContextManager[SqliteReading]:
        return self._readers.read()

    async def close(self) -> None:
        await self._readers.close()
        async with self._turn:
            await self._connection.close()
