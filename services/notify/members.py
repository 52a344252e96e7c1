"""Telling somebody of the staff something in their own chat."""

from __future__ import annotations

from datetime import datetime

from services.actors import Subject
from services.notify.enqueue import notify_resident
from services.notify.notices import Notice
from services.staff.permissions import TELEGRAM
from services.unit_of_work import Work
from storage import residents


async def tell(
    work: Work,
    address: str,
    notice: Notice,
    *,
    key: str | None,
    subject: Subject,
    supersedes: str | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Owe them a notice, once for each `key`, where they ever wrote to the bot and can be reached."""
    person = await residents.at(work.tx, TELEGRAM, address)
    if person is not None and person.reachable:
        await notify_resident(
            work,
            person.id,
            notice,
            key=key,
            subject=subject,
            supersedes=supersedes,
            not_before=not_before,
            expires_at=expires_at,
        )
