"""When the clock sees to a promise: mornings of the office's working days, never at night."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.bookings.schedule import closures_between
from services.offices.working_days import Closed
from services.unit_of_work import Work
from storage.ids import OfficeId
from storage.promises import Promise

#: The owner hears of a promise so many working days before it is due.
REMIND_BEFORE = 2
#: A resident who did not answer is asked once more after so many working days, and then no more.
ASK_AGAIN_AFTER = 3
_MORNING = time(9)
_FURTHEST = 30  # days without a working one


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of one office's promises, with the days on which it was closed in hand."""

    work: Work
    office: OfficeId
    closures: tuple[Closed, ...]

    @classmethod
    async def of(cls, work: Work, promise: Promise) -> Moments:
        first, last = min(promise.made_on, work.today), max(promise.due, work.today) + timedelta(days=60)
        return cls(work, promise.office, tuple(await closures_between(work, first, last)))

    def asked(self, promise: Promise) -> datetime:
        """On the morning of the day it is due, or of the next working day."""
        return self._morning(self._working_day(promise.due))

    def reminded(self, promise: Promise) -> datetime | None:
        """So many working days before; None where it was made later than that."""
        day, left = self._working_day(promise.due), REMIND_BEFORE
        for _ in range(_FURTHEST):
            if not left:
                break
            day -= timedelta(days=1)
            left -= self.work.calendar.is_working_day(self.office, day, self.closures)
        return self._morning(day) if day > promise.made_on else None

    def after_silence(self, since: datetime) -> datetime:
        """When somebody who was asked and did not answer has been given their time."""
        day = self.work.calendar.add_working_days(self.office, since, ASK_AGAIN_AFTER, self.closures)
        return self._morning(day)

    def _working_day(self, day: date) -> date:
        noon = datetime.combine(day, time(12), tzinfo=self.work.offices.zone)
        return self.work.calendar.add_working_days(self.office, noon, 0, self.closures)

    def _morning(self, day: date) -> datetime:
        hours = self.work.calendar.hours(self.office, day, self.closures)
        nine = datetime.combine(day, _MORNING, tzinfo=self.work.offices.zone)
        return (max(nine, hours[0]) if hours else nine).astimezone(UTC)


async def working_days_from(work: Work, office: OfficeId, first: date, spans: Sequence[int]) -> list[date]:
    """The working days in so many days from a day, or the next ones: what the buttons for "until when" offer."""
    days = [first + timedelta(days=span) for span in spans]
    closures = await closures_between(work, min(days), max(days) + timedelta(days=60))
    noons = (datetime.combine(day, time(12), tzinfo=work.offices.zone) for day in days)
    return [work.calendar.add_working_days(office, noon, 0, closures) for noon in noons]


async def closes_on(work: Work, office: OfficeId, day: date) -> datetime:
    """When the office closes on a day, or on the next working day: the target of the case of a promise."""
    closures = await closures_between(work, day, day + timedelta(days=60))
    noon = datetime.combine(day, time(12), tzinfo=work.offices.zone)
    return work.calendar.deadline(office, noon, 0, closures).astimezone(UTC)
