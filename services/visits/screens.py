"""Which session a screen in the hall is opened for: today's, or the next one."""

from __future__ import annotations

from collections.abc import Iterable

from services.bookings import sessions
from services.unit_of_work import Work
from storage import sessions as rows
from storage.ids import OfficeId
from storage.records.sessions import Session


async def for_screens(work: Work, offices: Iterable[OfficeId]) -> tuple[Session, ...]:
    """One of each office's next day, in the order of the offices; its screen shows all of that day's."""
    offices = tuple(offices)
    return await work.look_up(("for screens", offices), lambda reading: _next_days(reading, offices))


async def _next_days(work: Work, offices: tuple[OfficeId, ...]) -> tuple[Session, ...]:
    found = []
    for office in offices:
        today = await rows.of_day(work.tx, office, work.today)
        ahead = [] if today else [state.session for state in await sessions.upcoming(work, office, 1)]
        found += [*today, *ahead][:1]
    return tuple(found)
