"""How many reports have to do with an incident, for its card, its administrators and the reports."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.database import Transaction, Value, one_of
from storage.ids import IncidentId, OfficeId
from storage.incidents import State


async def counts(
    tx: Transaction, incident: IncidentId, offices: Collection[OfficeId] | None = None
) -> dict[State, int]:
    """How many cases stand how with it, of some offices or of all. It grows with the incident: look it up outside."""
    of_offices = "" if offices is None else f" AND {one_of(tx.dialect, 'c.office', 'offices')}"
    named: dict[str, Value] = {} if offices is None else {"offices": tuple(offices)}
    rows = await tx.all(
        f"""
        SELECT j.state, count(*) AS n FROM incident_cases j JOIN cases c ON c.id = j.case_id
        WHERE j.incident_id = :incident{of_offices} GROUP BY j.state
        """,
        incident=incident,
        **named,
    )
    return {State(str(row["state"])): int(str(row["n"])) for row in rows}


async def count_of(tx: Transaction, offices: Collection[OfficeId], start: datetime, end: datetime) -> tuple[int, int]:
    """How many were opened at these offices in a stretch of time, and how many reports have joined them there."""
    at_offices = one_of(tx.dialect, "a.office", "offices")
    row = await tx.one(
        f"""
        SELECT count(DISTINCT a.incident_id) AS incidents, coalesce(sum((
            SELECT count(*) FROM incident_cases j JOIN cases c ON c.id = j.case_id
            WHERE j.incident_id = a.incident_id AND j.state <> 'left' AND c.office = a.office
                AND c.category = a.category
        )), 0) AS reports
        FROM incident_areas a WHERE {at_offices} AND a.opened_at >= :start AND a.opened_at < :end
        """,
        offices=tuple(offices),
        start=start,
        end=end,
    )
    return (0, 0) if row is None else (int(str(row["incidents"])), int(str(row["reports"])))
