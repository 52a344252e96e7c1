"""Somebody has a right at an office, without an invitation that they would have to take first."""

from __future__ import annotations

from datetime import datetime

from services.staff.permissions import TELEGRAM, Person
from storage import staff
from storage.database import Transaction
from storage.ids import OfficeId
from storage.records.staff import Role


async def give_role(tx: Transaction, person: Person, office: OfficeId, at: datetime, role: Role = Role.AGENT) -> None:
    """Give a member of staff a role at an office."""
    await staff.grant(
        tx,
        channel=person.channel,
        address=person.address,
        name=person.name,
        office=office,
        role=role,
        granted_by="staff:1",
        at=at,
    )


def on_telegram(address: str, name: str) -> Person:
    return Person(TELEGRAM, address, name)
