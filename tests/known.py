"""What a test knows to be there."""

from __future__ import annotations

from typing import TypeVar

from storage.database import Transaction
from storage.records.residents import Resident

T = TypeVar("T")


def known(value: T | None) -> T:
    """The value, of which only the types think that it may be missing."""
    assert value is not None
    return value


async def by_address(tx: Transaction, channel: str, address: str) -> Resident | None:
    """The resident of an address; None before they said anything."""
    sql = "SELECT * FROM residents WHERE channel = :channel AND address = :address"
    return Resident.maybe(await tx.one(sql, channel=channel, address=address))
