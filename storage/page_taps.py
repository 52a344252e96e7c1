"""What was tapped on a page, by the key that the page gave it: a tap that is sent again has its effect once."""

from __future__ import annotations

from datetime import datetime

from storage.columns import columns_of, insert_into
from storage.database import Conflict, Transaction
from storage.ids import BookingId, SessionId
from storage.records import Instant, Record


class PageTap(Record):
    actor: str
    key: str
    booking_id: BookingId | None = None  # on whom; None where it is on a whole line
    session_id: SessionId | None = None
    act: str
    result: str
    at: Instant


_ADD = f"{insert_into('page_taps', columns_of(PageTap))} ON CONFLICT (actor, key) DO NOTHING"


async def of(tx: Transaction, actor: str, key: str) -> PageTap | None:
    sql = "SELECT * FROM page_taps WHERE actor = :actor AND key = :key"
    return PageTap.maybe(await tx.one(sql, actor=actor, key=key))


async def add(tx: Transaction, tap: PageTap) -> None:
    """Raises Conflict where the same tap came twice at the same time."""
    if await tx.run(_ADD, **tap.model_dump()) != 1:
        raise Conflict(f"the tap {tap.key} came twice at the same time")


def forget(tx: Transaction, before: datetime) -> None:
    """Delete those that nobody sends again."""
    tx.later("DELETE FROM page_taps WHERE at < :before", before=before)
