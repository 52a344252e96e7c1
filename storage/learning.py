"""What requests said and what became of them, for seeing where words were misunderstood."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from storage.database import Row, Transaction

_PAGE = """
    SELECT c.id, c.reference, c.words, c.kind, c.category, c.office, c.block,
           EXISTS (
               SELECT 1 FROM case_events e WHERE e.case_id = c.id AND e.what IN ('recategorised', 'transferred')
           ) AS corrected
    FROM cases c WHERE c.id > :after AND c.created_at >= :since AND c.words <> '' ORDER BY c.id LIMIT 500
"""


async def told(tx: Transaction, since: datetime) -> AsyncIterator[Row]:
    """Every request with words since a moment, and whether staff gave it another category or office."""
    after = 0
    while page := await tx.all(_PAGE, after=after, since=since):
        for row in page:
            yield row
        after = int(str(page[-1]["id"]))
