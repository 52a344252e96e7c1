"""Letting go of somebody, or of what is old, reads what goes and not every message: writers wait meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from storage import outbox, personal, residents
from storage.database import Database, Dialect, Row, Transaction, Value

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.fixture
def dialect() -> Dialect:
    """PostgreSQL plans by what it has counted, and in a test there is nothing to count."""
    return Dialect.SQLITE


class Noting:
    """A transaction that notes how each of its statements is carried out."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.dialect = tx.dialect
        self.plans: list[str] = []

    async def run(self, sql: str, /, **values: Value) -> int:
        rows: list[Row] = await self._tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)
        self.plans += [str(row["detail"]) for row in rows]
        return await self._tx.run(sql, **values)


async def test_letting_go_reads_no_table_of_messages_or_ratings_whole(database: Database) -> None:
    async with database.transaction() as tx:
        somebody = await residents.add(tx, "telegram", "1001", "A", "en", NOW)
        noting: Any = Noting(tx)
        await personal.erase_traces(noting, somebody)
        await personal.drop_farewells(noting)
        await outbox.forget_before(noting, NOW)
    plans = noting.plans
    assert sum("outbox" in plan for plan in plans) == 4
    assert [plan for plan in plans if plan.startswith(("SCAN outbox", "SCAN ratings"))] == []
