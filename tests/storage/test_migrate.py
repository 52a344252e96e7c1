"""A database is brought to the newest schema once, whoever starts first; at the newest it costs nothing."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage import residents
from storage.database import DatabaseUnavailable, Dialect
from storage.migrate import head, migrate, revision
from storage.open import open_database
from storage.records.sessions import Session
from storage.sessions import closures
from storage.translations import Translations
from tests.databases import empty_postgres

ROOT = Path(__file__).parents[2]
MIGRATE = textwrap.dedent(
    """
    import asyncio, sys
    from storage.open import open_database
    from storage.migrate import migrate, revision

    async def main(url):
        database = await open_database(url)
        try:
            did = await migrate(database, url)
            print(did, await revision(database), "alembic" in sys.modules, "sqlalchemy" in sys.modules)
        finally:
            await database.close()

    asyncio.run(main(sys.argv[1]))
    """
)


@pytest.fixture
async def url(dialect: Dialect, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database's address."""
    if dialect is Dialect.SQLITE:
        return f"sqlite:///{tmp_path}/customer-day.db"
    return await empty_postgres(request.getfixturevalue("postgres_url"))


def start(url: str, folder: Path = ROOT) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", MIGRATE, url], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip()


async def test_a_new_database_gets_the_newest_schema_once(url: str) -> None:
    database = await open_database(url)
    assert await revision(database) is None
    assert await migrate(database, url) is True
    assert await revision(database) == head()
    assert await migrate(database, url) is False
    async with database.transaction() as tx:
        assert await tx.all("SELECT * FROM outbox") == []
    await database.close()


async def test_migrating_at_once_in_one_process_does_it_once(url: str) -> None:
    databases = [await open_database(url) for _ in range(3)]
    await asyncio.gather(*(migrate(database, url) for database in databases))
    assert [await revision(database) for database in databases] == [head()] * 3
    for database in databases:
        await database.close()


async def test_processes_that_start_together_all_find_the_newest_schema(url: str) -> None:
    answers = [said(process) for process in [start(url) for _ in range(3)]]
    assert [answer.split()[1] for answer in answers] == [head()] * 3


async def test_at_the_newest_schema_alembic_is_not_even_loaded(url: str) -> None:
    assert said(start(url)) == f"True {head()} True True"
    assert said(start(url)) == f"False {head()} False False"


async def test_a_later_release_finds_the_database_behind_and_upgrades_it(url: str, tmp_path: Path) -> None:
    database = await open_database(url)
    await migrate(database, url)
    async with database.transaction() as tx:
        tx.later("INSERT INTO leases (name, holder, until) VALUES ('kept', 'h', '2026-01-01T00:00:00+00:00')")
    release = tmp_path / "release"
    shutil.copytree(ROOT / "storage", release / "storage")
    (release / "storage/migrations/versions/9999_colour.py").write_text(
        "from alembic import op\n"
        f"revision = '9999'\ndown_revision = '{head()}'\n"
        "def upgrade() -> None:\n    op.execute("
        "\"ALTER TABLE leases ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'\")\n"
    )
    both = [start(url, release), start(url, release)]
    assert {said(process).split()[1] for process in both} == {"9999"}
    async with database.transaction() as tx:
        row = await tx.one("SELECT name, colour FROM leases")
    assert row == {"name": "kept", "colour": "blue"}
    with pytest.raises(DatabaseUnavailable, match="at revision 9999, and this release knows only"):
        await migrate(database, url)
    await database.close()


async def test_a_migration_that_fails_leaves_the_database_as_it_was(url: str, tmp_path: Path) -> None:
    database = await open_database(url)
    await migrate(database, url)
    release = tmp_path / "release"
    shutil.copytree(ROOT / "storage", release / "storage")
    (release / "storage/migrations/versions/9999_half.py").write_text(
        "from alembic import op\n"
        f"revision = '9999'\ndown_revision = '{head()}'\n"
        "def upgrade() -> None:\n    op.execute('CREATE TABLE half (id INTEGER)')\n    op.execute('SELECT nonsense')\n"
    )
    process = start(url, release)
    _, error = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "nonsense" in error
    assert await revision(database) == head()
    with pytest.raises(Exception, match="half"):
        async with database.transaction() as tx:
            await tx.all("SELECT * FROM half")
    await database.close()


async def test_a_path_with_signs_that_mean_something_in_addresses_is_a_path(tmp_path: Path) -> None:
    file = tmp_path / "بلدية 100% #1?.db"
    url = f"sqlite:///{file}"
    database = await open_database(url)
    assert await migrate(database, url)
    assert await revision(database) == head()
    await database.close()
    assert file.is_file()


async def test_options_the_driver_knows_may_stand_in_the_address(postgres_url: str) -> None:
    url = await empty_postgres(postgres_url) + "&sslmode=prefer&application_name=customer-day"
    database = await open_database(url)
    assert await migrate(database, url)
    await database.close()


def release_before(revision: str, folder: Path) -> Path:
    """The release that did not know a revision yet."""
    earlier = folder / "earlier"
    shutil.copytree(ROOT / "storage", earlier / "storage")
    for path in (earlier / "storage/migrations/versions").glob("[0-9]*"):
        if path.name >= revision:
            path.unlink()
    return earlier


_BEFORE_GROWTH = (
    """
    INSERT INTO residents (id, channel, address, language, created_at, seen_at, forgotten_at) VALUES
    (1, 'telegram', '1001', 'ar', '{at}', '{at}', NULL), (2, 'telegram', 'forgotten:1', 'ar', '{at}', '{at}', '{at}'),
    (3, 'telegram', 'forgotten:2', 'ar', '{at}', '{at}', '{at}')
    """,
    """
    INSERT INTO cases (id, reference, kind, category, office, resident_id, status, words, created_at, updated_at,
        opened_at, closed_at, triage_due, update_due, close_due) VALUES
    (1, 'R-1', 'complaint', 'bins', 'capital', 1, 'received', 'w', '{at}', '{at}', '{at}', NULL, '{day1}', '{day2}',
        '{day3}'),
    (2, 'R-2', 'complaint', 'bins', 'capital', 1, 'in_progress', 'w', '{at}', '{at}', '{at}', NULL, '{day1}', '{day3}',
        '{day2}'),
    (3, 'R-3', 'complaint', 'bins', 'capital', 2, 'referred', 'w', '{at}', '{at}', '{at}', NULL, '{day1}', '{day2}',
        '{day3}'),
    (4, 'R-4', 'complaint', 'bins', 'capital', 2, 'closed', 'w', '{at}', '{at}', '{at}', '{at}', '{day1}', '{day2}',
        '{day3}'),
    (5, 'R-5', 'complaint', 'bins', 'capital', 3, 'closed', 'w', '{at}', '{at}', '{at}', '{at}', '{day1}', '{day2}',
        '{day3}')
    """,
    "INSERT INTO case_events (case_id, at, actor, what, public) VALUES (4, '{at}', 'desk', 'forgotten', FALSE)",
    """
    INSERT INTO files (id, channel, remote_id, unique_id, kind, not_before, created_at) VALUES
    (1, 'telegram', 'r1', 'u1', 'photo', '{at}', '{at}'), (2, 'telegram', 'r2', 'u2', 'photo', '{at}', '{at}')
    """,
    "INSERT INTO case_files (case_id, file_id) VALUES (1, 1)",
    """
    INSERT INTO outbox (channel, chat, kind, payload, status, resident_id, not_before, created_at)
    VALUES ('telegram', '1001', 'message', '', 'sent', 2, '{at}', '{at}')
    """,
)


async def test_what_an_earlier_release_kept_is_let_go_of_and_queued_as_before(url: str, tmp_path: Path) -> None:
    said(start(url, release_before("0015", tmp_path)))
    days = {"at": 1, "day1": 2, "day2": 3, "day3": 4}
    instants = {name: f"2026-11-{day:02d}T06:00:00.000000+00:00" for name, day in days.items()}
    database = await open_database(url)
    async with database.transaction() as tx:
        for sql in _BEFORE_GROWTH:
            await tx.run(sql.format(**instants))
    await migrate(database, url)
    async with database.transaction() as tx:
        cases = await tx.all("SELECT id, identity, next_due, first_due, in_index FROM cases ORDER BY id")
        files = await tx.all("SELECT linked FROM files ORDER BY id")
        farewells = await tx.all("SELECT farewell FROM residents ORDER BY id")
    dues = [(str(row["next_due"])[:10], str(row["first_due"])[:10]) for row in cases]
    assert [row["identity"] for row in cases] == ["kept", "kept", "struck", "struck", "erased"]
    assert (
        dues
        == [("2026-11-02", "2026-11-02"), ("2026-11-04", "2026-11-03"), ("2026-11-03", "None")] + [("None", "None")] * 2
    )
    assert [bool(row["linked"]) for row in files] == [True, False]
    assert [bool(row["farewell"]) for row in farewells] == [False, True, False]
    assert not any(row["in_index"] for row in cases)
    await database.close()


_BEFORE_LANGUAGES = (
    """
    INSERT INTO residents (channel, address, name, language, phone, created_at, seen_at) VALUES
    ('telegram', '1001', 'Fatima', 'ar', '', '{at}', '{at}'),
    ('telegram', '1002', 'John', 'en', '', '{at}', '{at}')
    """,
    "INSERT INTO conversations (resident_id, step, updated_at) VALUES (2, '{{}}', '{at}')",
    """
    INSERT INTO sessions (id, office, lane, day, opens_at, closes_at, status, closed_reason_ar, closed_reason_en, nonce,
        created_at) VALUES
    (1, 'capital', 'director', '2026-12-02', '{at}', '{later}', 'closed', 'عاصفة', 'A "storm"', 'n', '{at}'),
    (2, 'capital', 'director', '2026-12-09', '{at}', '{later}', 'open', '', '', 'n', '{at}')
    """,
    """
    INSERT INTO closures (office, day, reason_ar, reason_en, works, actor, created_at) VALUES
    ('', '2026-12-02', 'عاصفة', 'A "storm"', FALSE, 'admin:1', '{at}'),
    ('', '2026-12-16', '', '', TRUE, 'admin:1', '{at}')
    """,
)


async def test_languages_and_reasons_of_an_earlier_release_are_kept(url: str, tmp_path: Path) -> None:
    said(start(url, release_before("0016", tmp_path)))
    instants = {"at": "2026-11-01T06:00:00.000000+00:00", "later": "2026-11-01T09:00:00.000000+00:00"}
    database = await open_database(url)
    async with database.transaction() as tx:
        for sql in _BEFORE_LANGUAGES:
            await tx.run(sql.format(**instants))
    await migrate(database, url)
    async with database.transaction() as tx:
        languages = [(row["name"], row["language"]) for row in await tx.all("SELECT * FROM residents ORDER BY id")]
        talking = await tx.all("SELECT r.name FROM conversations c JOIN residents r ON r.id = c.resident_id")
        sessions = [Session.of(row) for row in await tx.all("SELECT * FROM sessions ORDER BY id")]
        days = await closures(tx, date(2026, 12, 1), date(2026, 12, 31))
        newcomer = await residents.add(tx, "telegram", "1003", "Ali", "en", datetime(2026, 11, 2, tzinfo=UTC))
    assert languages == [("Fatima", "ar"), ("John", "en")]
    assert talking == [{"name": "John"}]
    assert newcomer.id == 3
    storm, nothing = Translations({"ar": "عاصفة", "en": 'A "storm"'}), Translations({})
    assert [session.closed_reason for session in sessions] == [storm, nothing]
    assert [(day.reason, day.works) for day in days] == [(storm, False), (nothing, True)]
    if database.dialect is Dialect.SQLITE:
        async with database.transaction() as tx:
            assert await tx.all("PRAGMA foreign_key_check") == []
    await database.close()
