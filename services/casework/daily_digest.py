"""The morning's digest in each office's chat: how its cases stand, and whom it expects today.

At 07:30 on working days, or when the office opens where that is later. An office without open cases and without
appointments hears nothing: a message that says nothing teaches people to skip the one that does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.actors import office_subject
from services.bookings.schedule import closures_between
from services.casework import queries
from services.casework.queries import Counts
from services.dangers import alerts
from services.notify.enqueue import notify_office
from services.notify.notices.reports import MorningDigest
from services.notify.quiet_hours import office_hours
from services.offices.working_days import Closed
from services.staff import permissions
from services.unit_of_work import Work
from storage import outbox, queues
from storage.ids import OfficeId
from storage.records.bookings import Booking
from storage.records.cases import Case

# No office is shut for longer.
_LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Morning:
    """What the digest says."""

    since: datetime  # what is new is what came since the last one
    counts: Counts
    bookings: tuple[Booking, ...]
    untaken: tuple[Case, ...]  # they tell of a danger that nobody has taken

    @property
    def is_empty(self) -> bool:
        return not (self.counts.new or self.counts.open or self.bookings or self.untaken)


async def run_due(work: Work, limit: int = 200) -> int:
    """Owe each office its digest of the day, once, at most `limit` of them; to how many it was."""
    closures = await closures_between(work, work.today, work.today)
    owed = 0
    for office in work.offices.all:
        span = office_hours(work, office.id, work.today, closures)
        if span is None or not span[0] <= work.now < span[1]:
            continue
        key = f"digest:{office.id}:{work.today}"
        if await outbox.is_known(work.tx, key) or await permissions.chat_of(work, office.id) is None:
            continue
        notice = MorningDigest(office=office.id, day=work.today)
        notify_office(work, office.id, notice, key=key, subject=office_subject(office.id))
        owed += 1
        if owed == limit:
            break
    return owed


async def morning(work: Work, office: OfficeId) -> Morning:
    """How an office's day begins."""
    return await work.look_up(("morning", office), lambda reading: _morning(reading, office))


async def _morning(work: Work, office: OfficeId) -> Morning:
    closures = await closures_between(work, work.today - _LOOK_BACK, work.today)
    since = _last(work, office, closures)
    bookings = await queues.appointments(work.tx, office, work.today)
    counts, untaken = await queries.counts(work, office, since), await alerts.untaken_at(work, (office,))
    return Morning(since, counts, tuple(bookings), untaken)


def _last(work: Work, office: OfficeId, closures: list[Closed]) -> datetime:
    """When the digest before today's was due."""
    for back in range(1, _LOOK_BACK.days):
        span = office_hours(work, office, work.today - timedelta(days=back), closures)
        if span is not None:
            return span[0]
    return work.now - _LOOK_BACK
