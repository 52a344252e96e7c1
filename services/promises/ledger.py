"""The public ledger: promises in numbers, of every office and of each. It holds nothing of a person and no words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.unit_of_work import Work
from storage import promises as rows
from storage.ids import OfficeId
from storage.promises import PromiseStatus, Settled, Standing

#: What has ended longer ago is not counted any more.
COUNTED = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How promises stand. `open` are those that are not due yet; `median_age` is in days, of all that stand."""

    kept: int = 0
    open: int = 0
    overdue: int = 0
    not_kept: int = 0
    unconfirmed: int = 0
    median_age: int | None = None

    @property
    def share(self) -> float | None:
        """Of those of which the resident said whether they were kept; None where there are none."""
        said = self.kept + self.not_kept
        return self.kept / said if said else None


@dataclass(frozen=True, slots=True)
class Ledger:
    """All numbers at one moment."""

    as_of: datetime
    since: date
    total: Numbers
    offices: Mapping[OfficeId, Numbers]


async def read(work: Work) -> Ledger:
    """Count what stands and what has ended in a year. Give it work that only reads."""
    since = work.today - COUNTED
    standing = await rows.standing(work.tx, work.today)
    settled = await rows.settled_since(work.tx, since)
    offices = {
        office.id: _numbers(
            work.today,
            [row for row in standing if row.office == office.id],
            [row for row in settled if row.office == office.id],
        )
        for office in work.offices.with_customer_day
    }
    return Ledger(work.now, since, _numbers(work.today, standing, settled), offices)


def _numbers(today: date, standing: Iterable[Standing], settled: Iterable[Settled]) -> Numbers:
    ages: Counter[int] = Counter()
    late: Counter[bool] = Counter()
    for row in standing:
        ages[(today - row.made_on).days] += row.n
        late[row.late] += row.n
    ended: Counter[PromiseStatus] = Counter()
    for one in settled:
        ended[one.status] += one.n
    return Numbers(
        kept=ended[PromiseStatus.KEPT],
        open=late[False],
        overdue=late[True],
        not_kept=ended[PromiseStatus.NOT_KEPT],
        unconfirmed=ended[PromiseStatus.UNCONFIRMED],
        median_age=_median(ages),
    )


def _median(ages: Mapping[int, int]) -> int | None:
    """The age of the promise in the middle, the younger of two."""
    left = (sum(ages.values()) + 1) // 2
    for age in sorted(ages):
        left -= ages[age]
        if left <= 0:
            return age
    return None
