"""Real parts for every test: a SQLite file of its own, or a PostgreSQL database of its own on one real server."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from storage.database import Database, Dialect
from storage.open import open_database
from tests.databases import fresh_sqlite, give_back, lent_postgres, postgres_server
from tests.instants import VARIABLE, left_out, several

# No test pulls the plug of the machine, so nothing has to reach the disk: files live in memory where there is room.
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it, for its own user only
if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 1 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
    tempfile.tempdir = str(_MEMORY)


# What is imported and collected stays to the end: to look through it for garbage, again and again, took a tenth of all
# the time. `pytest_collection_finish` lets the collector begin.
gc.disable()

# A defect's traceback, without a picture of every variable: that took three hundredths of all the time.
structlog.configure(
    processors=[structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
)

settings.register_profile("ours", deadline=None, derandomize=True, database=None)
settings.load_profile("ours")  # no timed assertions, and the same examples on every machine


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: the tests of the whole process wait for it a seventh of their time."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "starts_at(instant): about certain dates, so it starts then whatever else does")
    config.addinivalue_line("markers", "at_some_instants(count): repeated at so many of the instants only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if (given := several()) and "instant" in metafunc.fixturenames:
        metafunc.parametrize("instant", given, indirect=True, scope="module")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if out := left_out(items, count) if (count := len(several())) else []:
        config.hook.pytest_deselected(items=out)
        unwanted = set(out)
        items[:] = [item for item in items if item not in unwanted]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="module")
def instant(request: pytest.FixtureRequest) -> Iterator[None]:
    """When a test starts that is repeated at several instants. What a whole module shares must ask for it."""
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(request, "param"):
            patch.setenv(VARIABLE, request.param)
        yield


@pytest.fixture(autouse=True)
def _starts_when_it_says(request: pytest.FixtureRequest, instant: None) -> None:
    """Let a test that has an instant of its own start then."""
    if (marker := request.node.get_closest_marker("starts_at")) is not None:
        request.getfixturevalue("monkeypatch").setenv(VARIABLE, marker.args[0].isoformat())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server from a package, kept for the whole run of one worker."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=list(Dialect))
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Each of the two kinds of database. A module that needs only one overrides it."""
    return Dialect(request.param)


@pytest.fixture
async def database(dialect: Dialect, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An open database at the newest schema, with no row in it."""
    server = request.getfixturevalue("postgres_url") if dialect is Dialect.POSTGRES else ""
    before = asyncio.all_tasks()
    if server:
        opened = await lent_postgres(server)
    else:
        opened = await open_database(await fresh_sqlite(tmp_path / "customer-day.db"))
    yield opened
    await _end(asyncio.all_tasks() - before - {asyncio.current_task()})
    await (give_back(opened) if server else opened.close())


async def _end(tasks: Iterable[asyncio.Task[object]]) -> None:
    """End what a test has left at work: the next test has the same loop and may have the same database."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
