"""Staff close a day of their office, or open it again: the right is asked here, and `sessions` does it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from services.bookings import sessions
from services.bookings.special_sessions import Why
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from storage.ids import OfficeId
from storage.records.bookings import Booking
from storage.translations import Translations

Denied = Literal[Why.DENIED]


async def close_day(
    work: Work, person: Person, office: OfficeId, day: date, reason: Translations
) -> tuple[Booking, ...] | Denied:
    """Close a day of an office (of all where it is ""). Whoever was to come, or waited, is told."""
    if await guard(work, person, Act.SESSIONS, office) is None:
        return Why.DENIED
    return await sessions.close_day(work, office, day, reason, person.actor)


async def reopen_day(work: Work, person: Person, office: OfficeId, day: date) -> bool | Denied:
    """Take back a closing; False where the day was open. Cancelled appointments stay cancelled."""
    if await guard(work, person, Act.SESSIONS, office) is None:
        return Why.DENIED
    return await sessions.reopen_day(work, office, day, person.actor)
