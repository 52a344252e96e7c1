"""What each resident was asked lately."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.database import Transaction
from storage.ids import ResidentId
from storage.records import Instant, Record

_KEPT = timedelta(days=7)


class Asked(Record):
    """When a question was put to somebody last, or when they were heard of last."""

    at: Instant


async def last_asked(tx: Transaction, resident: ResidentId, what: str) -> datetime | None:
    """When they were asked this last; None where they were not, or so long ago that it is no longer kept."""
    sql = "SELECT at FROM asked_lately WHERE resident_id = :resident AND what = :what"
    found = Asked.maybe(await tx.one(sql, resident=resident, what=what))
    return None if found is None else found.at


async def heard_at(tx: Transaction, resident: ResidentId) -> datetime | None:
    """When their conversation moved last; None where they never said anything."""
    sql = "SELECT updated_at AS at FROM conversations WHERE resident_id = :resident"
    found = Asked.maybe(await tx.one(sql, resident=resident))
    return None if found is None else found.at


def note(tx: Transaction, resident: ResidentId, what: str, at: datetime) -> None:
    """They are asked this now. What they were asked long ago is forgotten."""
    tx.later(
        "DELETE FROM asked_lately WHERE resident_id = :resident AND at < :before", resident=resident, before=at - _KEPT
    )
    tx.later(
        """
        INSERT INTO asked_lately (resident_id, what, at) VALUES (:resident, :what, :at)
        ON CONFLICT (resident_id, what) DO UPDATE SET at = excluded.at
        """,
        resident=resident,
        what=what,
        at=at,
    )


def forget(tx: Transaction, resident: ResidentId, beginning: str) -> None:
    """Questions whose names begin so were taken back: they may be asked again."""
    tx.later(
        "DELETE FROM asked_lately WHERE resident_id = :resident AND substr(what, 1, :length) = :beginning",
        resident=resident,
        length=len(beginning),
        beginning=beginning,
    )
