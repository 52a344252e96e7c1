"""What a report says: figures of a period, of some offices, of one category or of all. Nobody is named but staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum

from services.reports.periods import Period
from storage.ids import CategoryId, OfficeId, Reference
from storage.improvements import Figures
from storage.records.cases import CaseKind

#: Cases whose source is not known came straight to the bot.
DIRECT = "bot"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for."""

    period: Period
    offices: tuple[OfficeId, ...]
    category: CategoryId | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """How many met a target, and how many minutes of working hours they took (minutes → how many took so long)."""

    within: int = 0
    late: int = 0
    pending: int = 0  # the target still runs
    minutes: Mapping[int, int] = field(default_factory=dict)

    @property
    def decided(self) -> int:
        return self.within + self.late

    @property
    def share(self) -> float | None:
        """Of those whose target was met or missed; None where there are none."""
        return self.within / self.decided if self.decided else None

    def percentile(self, percent: int) -> int | None:
        """The least number of minutes within which so many of a hundred were done."""
        total = sum(self.minutes.values())
        needed = -(-total * percent // 100)
        for minutes in sorted(self.minutes):
            needed -= self.minutes[minutes]
            if needed <= 0 < total:
                return minutes
        return None


class Ending(StrEnum):
    """How a case ended."""

    FIXED = "fixed"
    UNCONFIRMED = "unconfirmed"  # the applicant did not say
    OTHER = "closed"
    REJECTED = "rejected"
    OUTSIDE_REMIT = "outside_remit"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Referrals:
    """What another body has, or had."""

    meetings: int = 0  # matters of meetings
    requests: int = 0
    ages: Mapping[int, int] = field(default_factory=dict)  # of the requests that are there still, by days

    @property
    def open(self) -> int:
        return sum(self.ages.values())

    @property
    def median_age(self) -> int | None:
        """In days; the lower one of two in the middle."""
        ages = sorted(day for day, n in self.ages.items() for _ in range(n))
        return ages[(len(ages) - 1) // 2] if ages else None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Ratings of resolutions and of meetings, from one star to five."""

    stars: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    comments: int = 0

    @property
    def count(self) -> int:
        return sum(self.stars)

    @property
    def mean(self) -> float | None:
        if not self.count:
            return None
        return sum(stars * n for stars, n in enumerate(self.stars, start=1)) / self.count


@dataclass(frozen=True, slots=True)
class Bookings:
    """Appointments for the Customer Days of the period."""

    expected: int = 0  # still to come, or their day is over and nobody said who came
    attended: int = 0
    no_show: int = 0
    cancelled_by_resident: int = 0
    cancelled_by_municipality: int = 0
    waiting: int = 0  # who has no appointment: not among the booked
    walk_ins: int = 0  # who came without one: not among the booked either
    unrecorded: int = 0  # of those expected: their day is over

    @property
    def cancelled(self) -> int:
        return self.cancelled_by_resident + self.cancelled_by_municipality

    @property
    def booked(self) -> int:
        return self.expected + self.attended + self.no_show + self.cancelled

    def __add__(self, other: Bookings) -> Bookings:
        return Bookings(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


class Absence(StrEnum):
    """Why somebody did not come, as they said when they were asked."""

    FORGOT = "forgot"
    COULD_NOT = "could_not"
    SOLVED = "solved"
    NOT_FOUND = "not_found"  # the place
    OTHER = "other"
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True)
class Promises:
    """What was promised in meetings and was due in the period, as it stands when the report is made."""

    kept: int = 0
    not_kept: int = 0
    unconfirmed: int = 0  # the resident did not say
    open: int = 0  # not due yet
    overdue: int = 0

    def __add__(self, other: Promises) -> Promises:
        return Promises(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def count(self) -> int:
        return self.kept + self.not_kept + self.unconfirmed + self.open + self.overdue

    @property
    def share(self) -> float | None:
        """Of those of which the resident said whether they were kept; None where there are none."""
        said = self.kept + self.not_kept
        return self.kept / said if said else None


@dataclass(frozen=True, slots=True)
class Volume:
    """Cases received and cases that ended."""

    received: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Incidents:
    """What many reported at once: how many were opened, and how many cases have joined them."""

    opened: int = 0
    reports: int = 0


@dataclass(frozen=True, slots=True)
class StaffLoad:
    """A member's cases: those that ended in the period, and those they have now."""

    actor: str
    name: str
    closed: int = 0
    closed_within: int = 0
    open: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class RatingComment:
    """What somebody wrote to their rating."""

    at: datetime
    stars: int
    words: str
    reference: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures. A case that was opened again counts as open since it was received."""

    scope: Scope
    made_at: datetime
    working_day: int  # minutes of a usual one
    open_at_start: int
    received: int
    closed: int
    overdue: int  # when the report was made
    reopened: int
    first_answer: Timing  # of the cases received
    closing: Timing  # of the cases that the office ended itself
    endings: Mapping[Ending, int]
    satisfaction: Satisfaction
    bookings: Bookings | None  # None for one category: appointments have none
    booking_days: Mapping[date, Bookings]  # by the Customer Days that have any, in their order
    offices: Mapping[OfficeId, Volume]
    categories: Mapping[CategoryId, Volume]
    kinds: Mapping[CaseKind, int]
    sources: Mapping[str, int]
    blocks: Mapping[int, int]
    weeks: Mapping[date, Volume]  # by the Sunday
    staff: tuple[StaffLoad, ...] = ()  # only for those who lead
    comments: tuple[RatingComment, ...] = ()  # only for the office's staff
    promises: Mapping[OfficeId, Promises] | None = None  # None for one category: promises have none
    absences: Mapping[Absence, int] = field(default_factory=dict)  # why nobody came to an appointment
    referrals: Mapping[str, int] = field(default_factory=dict)  # by whom a meeting's matter was referred to
    referred: Mapping[str, Referrals] = field(default_factory=dict)  # by the body's id; "" of who was typed
    incidents: Incidents | None = None  # None for one category
    improved: Figures | None = None  # what residents asked for and got; None for one category

    @property
    def open_at_end(self) -> int:
        return self.open_at_start + self.received - self.closed

    def top_blocks(self, most: int) -> list[tuple[int, int]]:
        """The blocks with most cases and how many each has, the most first."""
        return sorted(self.blocks.items(), key=lambda item: (-item[1], item[0]))[:most]
