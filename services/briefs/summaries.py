"""What came of a session in numbers: who came, how long they waited, what was promised. It names nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from services.unit_of_work import Work
from services.visits.places import WALK_IN
from storage import briefs as rows
from storage.briefs import Counted
from storage.records.bookings import BookingStatus
from storage.records.sessions import Session
from storage.visits import VisitStatus

_OVER = frozenset({VisitStatus.DONE, VisitStatus.ABSENT, VisitStatus.LEFT})


@dataclass(frozen=True, slots=True)
class Wait:
    """From an arrival until they went in."""

    arrived_at: datetime
    lasted: timedelta


@dataclass(frozen=True, slots=True)
class Summary:
    """One session. `expected` had an appointment; of them `came` came. `met` counts walk-ins too."""

    session: Session
    expected: int
    came: int
    unrecorded: int  # of those expected: nobody said whether they came
    walk_ins: int
    met: int
    waits: tuple[Wait, ...]  # in the order of arrival
    lengths: tuple[timedelta, ...]  # of meetings
    promises: int
    referred: Mapping[str, int]  # matters that another has now, by whom: ids of the offices file, "" of who was typed
    all_done: bool  # nobody waits, is inside, or is still to come

    @property
    def missed(self) -> int:
        return self.expected - self.came - self.unrecorded

    @property
    def waited_median(self) -> timedelta | None:
        return quantile([one.lasted for one in self.waits], 0.5)

    @property
    def waited_p90(self) -> timedelta | None:
        return quantile([one.lasted for one in self.waits], 0.9)

    @property
    def met_median(self) -> timedelta | None:
        return quantile(self.lengths, 0.5)

    @property
    def met_longest(self) -> timedelta | None:
        return max(self.lengths, default=None)


def quantile(spans: Sequence[timedelta], share: float) -> timedelta | None:
    """The shortest span that at least so many of all do not exceed; None of none."""
    return sorted(spans)[max(ceil(share * len(spans)) - 1, 0)] if spans else None


async def count(work: Work, session: Session) -> Summary:
    """A session as its rows stand."""
    found = await rows.counted(work.tx, session.id)
    booked = [one for one in found if one.source != WALK_IN]
    came = [one for one in booked if _came(one)]
    waits = [
        Wait(one.arrived_at, one.entered_at - one.arrived_at)
        for one in found
        if one.arrived_at is not None and one.entered_at is not None
    ]
    return Summary(
        session=session,
        expected=len(booked),
        came=len(came),
        unrecorded=_unrecorded(work, session, found),
        walk_ins=len(found) - len(booked),
        met=sum(one.visit is VisitStatus.DONE or one.status is BookingStatus.ATTENDED for one in found),
        waits=tuple(sorted(waits, key=lambda one: one.arrived_at)),
        lengths=tuple(
            one.done_at - one.entered_at
            for one in found
            if one.done_at is not None and one.entered_at is not None and one.done_at > one.entered_at
        ),
        promises=sum(one.promised for one in found),
        referred=Counter(one.referred for one in found if one.referred is not None),
        all_done=bool(found) and all(_is_over(one) for one in found),
    )


def _came(one: Counted) -> bool:
    return one.visit is not None or one.status in {BookingStatus.CHECKED_IN, BookingStatus.ATTENDED}


def _unrecorded(work: Work, session: Session, found: Sequence[Counted]) -> int:
    """Whose day is over without a word of them; until it is, whoever has not come yet did not come so far."""
    if work.now < session.closes_at:
        return 0
    if any(_came(one) or one.status is BookingStatus.NO_SHOW for one in found):
        return 0  # somebody worked at the door: whoever is not marked yet is about to be
    return sum(one.source != WALK_IN for one in found)


def _is_over(one: Counted) -> bool:
    if one.visit is not None:
        return one.visit in _OVER
    return one.status in {BookingStatus.ATTENDED, BookingStatus.NO_SHOW}
