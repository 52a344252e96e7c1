"""How many requests were referred to other bodies, how many of them are there still, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.database import Transaction, one_of
from storage.ids import CategoryId, OfficeId
from storage.records import Record
from storage.reports import epoch

_A_DAY = 86_400


class Referred(Record):
    """So many requests; `days` since they were referred, None where another body does not have them any more."""

    body: str
    days: int | None
    n: int


async def received_between(
    tx: Transaction,
    offices: Sequence[OfficeId],
    category: CategoryId | None,
    start: datetime,
    end: datetime,
    now: datetime,
) -> list[Referred]:
    """Of the requests received in a stretch of time, a month at most. What was not the office's at all is left out."""
    of_category = "" if category is None else "AND c.category = :category"
    now_there = f"(:now - {epoch(tx.dialect, 'c.paused_at')}) / {_A_DAY}"
    rows = await tx.all(
        f"""
        SELECT c.referred_to AS body, CASE WHEN c.status = 'referred' THEN {now_there} END AS days, count(*) AS n
        FROM cases c
        WHERE {one_of(tx.dialect, "c.office", "offices")} {of_category} AND c.created_at >= :start
            AND c.created_at < :end AND c.referred_to <> '' AND c.status <> 'outside_remit'
        GROUP BY 1, 2
        """,
        offices=tuple(offices),
        **({} if category is None else {"category": category}),
        start=start,
        end=end,
        now=int(now.timestamp()),
    )
    return [Referred.of(row) for row in rows]
