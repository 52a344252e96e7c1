"""What a transaction promises, on both databases."""

# ruff: noqa: PT012 - what is to raise is a whole transaction

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Conflict, Database, DatabaseUnavailable, Dialect, StatementFailed, Transaction
from storage.open import open_database

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def put(tx: Transaction, link: str, count: int = 1) -> None:
    """A row of the simplest table there is."""
    tx.later(
        "INSERT INTO visits (link, source, day, count) VALUES (:link, '', :day, :count)",
        link=link,
        day=AT.date(),
        count=count,
    )


async def links(database: Database) -> list[str]:
    async with database.transaction() as tx:
        return [str(row["link"]) for row in await tx.all("SELECT link FROM visits ORDER BY link")]


async def test_what_is_written_is_there_after_the_commit(database: Database) -> None:
    async with database.transaction() as tx:
        put(tx, "a")
        put(tx, "b")
    assert await links(database) == ["a", "b"]


async def test_an_exception_leaves_nothing_of_it(database: Database) -> None:
    with pytest.raises(RuntimeError, match="half way"):
        async with database.transaction() as tx:
            put(tx, "a")
            assert await tx.run("UPDATE visits SET count = 2") == 1
            put(tx, "b")
            raise RuntimeError("half way")
    assert await links(database) == []


async def test_an_exception_before_the_first_statement_leaves_nothing_open(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            put(tx, "a")
            raise RuntimeError
    assert await links(database) == []


async def test_a_later_write_is_seen_by_the_next_read(database: Database) -> None:
    async with database.transaction() as tx:
        put(tx, "a", 7)
        row = await tx.one("SELECT count FROM visits WHERE link = 'a'")
        assert row is not None
        assert row["count"] == 7


async def test_later_writes_happen_in_the_order_they_were_given(database: Database) -> None:
    async with database.transaction() as tx:
        put(tx, "a", 1)
        tx.later("UPDATE visits SET count = count + 10")
        tx.later("UPDATE visits SET count = count * 2")
    async with database.transaction() as tx:
        row = await tx.one("SELECT count FROM visits")
        assert row is not None
        assert row["count"] == 22


async def test_changed_rows_are_counted(database: Database) -> None:
    async with database.transaction() as tx:
        for link in "abc":
            put(tx, link)
        assert await tx.run("UPDATE visits SET count = 2 WHERE link <> 'a'") == 2
        assert await tx.run("DELETE FROM visits WHERE link = 'nowhere'") == 0
        assert await tx.one("SELECT 1 FROM visits WHERE link = 'nowhere'") is None


async def test_a_unique_violation_is_a_conflict(database: Database) -> None:
    async with database.transaction() as tx:
        put(tx, "a")
    with pytest.raises(Conflict):
        async with database.transaction() as tx:
            put(tx, "b")
            put(tx, "a")
    assert await links(database) == ["a"]


async def test_a_conflict_is_already_one_inside_the_transaction(database: Database) -> None:
    async with database.transaction() as tx:
        put(tx, "a")
    with pytest.raises(Conflict):
        async with database.transaction() as tx:
            with pytest.raises(Conflict):
                await tx.run("INSERT INTO visits (link, source, day, count) VALUES ('a', '', :day, 1)", day=AT.date())
            raise Conflict


async def test_a_swallowed_error_commits_nothing_and_is_not_called_committed(database: Database) -> None:
    async with database.transaction() as tx:
        put(tx, "a")
    acted: list[str] = []
    with pytest.raises(StatementFailed):
        async with database.transaction() as tx:
            put(tx, "b")
            tx.after_commit(lambda: acted.append("b"))
            with pytest.raises(Conflict):
                await tx.run("INSERT INTO visits (link, source, day, count) VALUES ('a', '', :day, 1)", day=AT.date())
    assert await links(database) == ["a"]
    assert acted == []


async def test_a_broken_rule_of_the_schema_is_no_conflict(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)check|foreign") as raised:
        async with database.transaction() as tx:
            await tx.run("INSERT INTO case_followers VALUES (999, 999, :at)", at=AT)
    assert not isinstance(raised.value, Conflict)
    assert await links(database) == []


async def test_acts_follow_the_commit_and_never_a_rollback(database: Database) -> None:
    acts: list[str] = []
    async with database.transaction() as tx:
        put(tx, "a")
        tx.after_commit(lambda: acts.append("first"))
        tx.after_commit(lambda: acts.append("second"))
        assert acts == []
    assert acts == ["first", "second"]
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            put(tx, "b")
            tx.after_commit(lambda: acts.append("never"))
            raise RuntimeError
    async with database.transaction() as tx:
        tx.after_commit(lambda: acts.append("nothing was written"))
    assert acts == ["first", "second", "nothing was written"]


async def test_a_defect_in_one_act_stops_neither_the_caller_nor_the_next(database: Database) -> None:
    problems: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context["message"]))
    acts: list[str] = []

    def fails() -> None:
        raise RuntimeError

    async with database.transaction() as tx:
        put(tx, "a")
        tx.after_commit(fails)
        tx.after_commit(lambda: acts.append("next"))
    assert acts == ["next"]
    assert problems == ["an act after a commit failed"]


async def test_a_transaction_cancelled_in_the_middle_of_a_statement_leaves_nothing_open(database: Database) -> None:
    for turns in range(12):  # of the event loop, until the cancellation: before, during and after the statements

        async def write(mark: str) -> None:
            async with database.transaction() as tx:
                put(tx, mark)
                await tx.run("UPDATE visits SET count = count + 1")
                await tx.all("SELECT * FROM visits")
                await asyncio.Event().wait()

        task = asyncio.create_task(write(f"cancelled {turns}"))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with database.transaction() as tx:
            put(tx, f"kept {turns:02}")
    assert await links(database) == [f"kept {turns:02}" for turns in range(12)]


async def test_a_transaction_cancelled_twice_leaves_nothing_open(database: Database) -> None:
    async def write() -> None:
        async with database.transaction() as tx:
            put(tx, "cancelled")
            await tx.all("SELECT * FROM visits")
            await asyncio.Event().wait()

    for turns in range(6):
        task = asyncio.create_task(write())
        await asyncio.sleep(0.005)
        task.cancel()
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    async with database.transaction() as tx:
        put(tx, "kept")
    assert await links(database) == ["kept"]


async def test_one_who_waits_for_a_transaction_may_give_up(database: Database) -> None:
    async def write(link: str) -> None:
        async with database.transaction() as tx:
            await tx.one("SELECT 1")
            put(tx, link)

    tasks = [asyncio.create_task(write(f"{number:02}")) for number in range(30)]
    await asyncio.sleep(0)
    for task in tasks[1::2]:
        task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    kept = {f"{number:02}" for number, outcome in enumerate(done) if outcome is None}
    assert kept >= {f"{number:02}" for number in range(0, 30, 2)}
    assert kept <= set(await links(database))
    assert {f"{number:02}" for number in range(0, 30, 2)} <= set(await links(database))


async def test_concurrent_counting_loses_nothing(database: Database) -> None:
    async with database.transaction() as tx:
        put(tx, "a", 0)
    read = "SELECT count FROM visits WHERE link = 'a'"
    if database.dialect is Dialect.POSTGRES:
        read += " FOR UPDATE"

    async def count() -> None:
        async with database.transaction() as tx:
            row = await tx.one(read)
            assert row is not None
            tx.later("UPDATE visits SET count = :count WHERE link = 'a'", count=int(str(row["count"])) + 1)

    await asyncio.gather(*(count() for _ in range(40)))
    async with database.transaction() as tx:
        row = await tx.one("SELECT count FROM visits WHERE link = 'a'")
        assert row is not None
        assert row["count"] == 40


# ---------------------------------------------------------------------------- values


async def keep(tx: Transaction, number: int, instant: datetime) -> None:
    await tx.run(
        "INSERT INTO updates (channel, update_id, received_at) VALUES ('c', :id, :at)", id=f"{number}", at=instant
    )


def read(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(instants=st.lists(INSTANTS, min_size=2, max_size=8, unique=True))
async def test_instants_come_back_as_they_were_and_in_order(database: Database, instants: list[datetime]) -> None:
    async with database.transaction() as tx:
        await tx.run("DELETE FROM updates")
        for number, instant in enumerate(instants):
            await keep(tx, number, instant)
        rows = await tx.all("SELECT update_id, received_at FROM updates ORDER BY received_at")
        early = await tx.all("SELECT update_id FROM updates WHERE received_at < :at", at=instants[0])
    back = [read(row["received_at"]) for row in rows]
    assert back == sorted(instants)
    assert all(instant.utcoffset() == timedelta() for instant in back)
    assert len(early) == sum(instant < instants[0] for instant in instants)


async def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="time zone"):
        async with database.transaction() as tx:
            await keep(tx, 1, datetime(2026, 1, 1))  # noqa: DTZ001
    assert await links(database) == []


async def test_days_flags_and_texts_come_back(database: Database) -> None:
    words = "\u200fشكوى: 'بلدية' :name ::text — %s $1"
    async with database.transaction() as tx:
        await tx.run(
            "INSERT INTO residents (channel, address, name, language, reachable, created_at, seen_at)"
            " VALUES ('c', '1', :name, 'ar', :no, :at, :at)",
            name=words,
            no=False,
            at=AT,
        )
        row = await tx.one(
            "SELECT name, reachable FROM residents WHERE reachable = :no AND name = :name", no=False, name=words
        )
        put(tx, "a")
        day = await tx.one("SELECT day FROM visits WHERE day = :day", day=date(2026, 11, 22))
    assert row is not None
    assert row["name"] == words
    assert not row["reachable"]
    assert day is not None
    assert str(day["day"]) == "2026-11-22"


# ---------------------------------------------------------------------------- opening


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://x", "sqlite:/// or postgresql://"),
        ("sqlite:////proc/nowhere/a.db", "cannot open the SQLite file"),
        ("sqlite:////proc", "cannot open the SQLite file"),
        ("postgresql://user:secret@127.0.0.1:1/db", "cannot reach PostgreSQL"),
        ("postgresql://user:se/cret@127.0.0.1:1/db", "written as %40"),
    ],
)
async def test_a_database_that_cannot_be_opened_says_why_and_no_password(url: str, said: str) -> None:
    with pytest.raises(DatabaseUnavailable) as raised:
        await open_database(url)
    assert said in str(raised.value)
    assert "cret" not in str(raised.value)


async def test_a_file_that_is_no_database_says_so(tmp_path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"not a database at all, whatever its name says" * 100)
    with pytest.raises(DatabaseUnavailable, match="not a database"):
        await open_database(f"sqlite:///{file}")
