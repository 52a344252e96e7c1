"""Telling those who administer every office, each in their own chat, that the bot itself needs somebody."""

from __future__ import annotations

from datetime import datetime

from services.actors import NO_SUBJECT
from services.notify import members
from services.notify.notices import Notice
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, TELEGRAM
from services.unit_of_work import Work
from storage.records.staff import Role


async def tell(work: Work, notice: Notice, *, key: str, expires_at: datetime | None = None) -> None:
    """Owe each of them a notice, once for each `key`, where they ever wrote to the bot."""
    staff = await permissions.staff_of(work, EVERY_OFFICE)
    theirs = {one.address for one in staff if one.channel == TELEGRAM and one.role is Role.ADMIN}
    for address in sorted(theirs | work.admins):
        await members.tell(work, address, notice, key=f"{key}:{address}", subject=NO_SUBJECT, expires_at=expires_at)
