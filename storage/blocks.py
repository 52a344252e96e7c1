"""What staff said of a block's office."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import OfficeId


async def correction(tx: Transaction, block: int) -> OfficeId | None:
    """The office that staff named for a block; None where nobody did."""
    row = await tx.one("SELECT office FROM block_corrections WHERE block = :block", block=block)
    return None if row is None else OfficeId(str(row["office"]))


def correct(tx: Transaction, block: int, office: OfficeId, actor: str, at: datetime) -> None:
    """Name a block's office, in place of whatever was said before."""
    tx.later(
        """
        INSERT INTO block_corrections (block, office, actor, at) VALUES (:block, :office, :actor, :at)
        ON CONFLICT (block) DO UPDATE SET office = excluded.office, actor = excluded.actor, at = excluded.at
        """,
        block=block,
        office=office,
        actor=actor,
        at=at,
    )
