"""Who does what only one process may do, as it stands. Taking a lease is `storage.outbox`'s."""

from __future__ import annotations

from storage.database import Transaction


async def held(tx: Transaction) -> dict[str, str]:
    """Every lease and its holder, those that have run out too."""
    return {str(row["name"]): str(row["holder"]) for row in await tx.all("SELECT name, holder FROM leases")}


def release(tx: Transaction, name: str, holder: str) -> None:
    tx.later("DELETE FROM leases WHERE name = :name AND holder = :holder", name=name, holder=holder)
