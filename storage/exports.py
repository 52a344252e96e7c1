"""Rows for reports, without anything that names a person or repeats their words."""

from __future__ import annotations

from collections.abc import AsyncIterator

from storage.database import Row, Transaction

#: Table → what is exported of it, in order of id, a thousand rows at a time.
EXPORTS = {
    "cases": """
        SELECT id, reference, kind, category, office, status, outcome, round, priority, block, anonymous, source,
               referred_to, external_reference, created_at, answered_at, resolved_at, closed_at, triage_due,
               update_due, close_due
        FROM cases WHERE id > :after ORDER BY id LIMIT 1000
    """,
    "case_events": """
        SELECT id, case_id, at, what, public FROM case_events WHERE id > :after ORDER BY id LIMIT 1000
    """,
    "bookings": """
        SELECT b.id, b.reference, b.office, s.lane, s.day, t.starts_at, b.status, b.version, b.topic, b.companions,
               b.needs, b.source, b.waiting_since, b.created_at, b.confirmed_at, b.updated_at
        FROM bookings b JOIN sessions s ON s.id = b.session_id LEFT JOIN slots t ON t.id = b.slot_id
        WHERE b.id > :after ORDER BY b.id LIMIT 1000
    """,
    "ratings": """
        SELECT id, subject, subject_id, round, stars, at FROM ratings WHERE id > :after ORDER BY id LIMIT 1000
    """,
}
VISITS = "SELECT link, source, day, count FROM visits ORDER BY day, link, source"


async def rows(tx: Transaction, name: str) -> AsyncIterator[Row]:
    """Every row of one export."""
    after = 0
    while page := await tx.all(EXPORTS[name], after=after):
        for row in page:
            yield row
        after = int(str(page[-1]["id"]))


async def visits(tx: Transaction) -> list[Row]:
    """How often each deep link was opened, by source and day."""
    return await tx.all(VISITS)
