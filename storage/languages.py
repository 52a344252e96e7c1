"""The languages that residents may choose, as rows: what other tables refer to."""

from __future__ import annotations

from collections.abc import Sequence

from storage.columns import columns_of, upsert_into
from storage.database import Transaction
from storage.records import Record


class LanguageRow(Record):
    code: str
    name: str  # in itself
    direction: str
    position: int  # in which order they are offered


_KEEP = upsert_into("languages", columns_of(LanguageRow), key=("code",))


async def keep(tx: Transaction, wanted: Sequence[LanguageRow]) -> None:
    """Add the languages that are new, and correct what changed. None is removed: somebody may still have chosen it."""
    known = {LanguageRow.of(row) for row in await tx.all("SELECT * FROM languages")}
    for row in wanted:
        if row not in known:
            tx.later(_KEEP, **row.model_dump())


async def codes(tx: Transaction) -> tuple[str, ...]:
    """The languages there are, in the order in which they are offered."""
    return tuple(str(row["code"]) for row in await tx.all("SELECT code FROM languages ORDER BY position"))
