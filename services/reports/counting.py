"""Puts a report together from what the database counts. It reads for long: give it work that only reads."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TypeVar

from services.bookings.schedule import closures_between
from services.bookings.states import EXPECTED
from services.improvements import improvements
from services.offices.plain_values import Weekday
from services.promises.parties import Party
from services.reports.figures import (
    DIRECT,
    Absence,
    Bookings,
    Ending,
    Incidents,
    Promises,
    RatingComment,
    Referrals,
    Report,
    Satisfaction,
    Scope,
    StaffLoad,
    Timing,
    Volume,
)
from services.reports.periods import midnight, stretches
from services.staff import permissions
from services.unit_of_work import Work
from storage import incident_counts, promises, referral_counts
from storage.ids import OfficeId
from storage.promises import DueCount, PromiseStatus
from storage.records.bookings import BookingStatus
from storage.records.cases import CaseStatus, Outcome
from storage.reports import BookingCount, Ended, OwnerCount, Reader, Stars, TimeCount, Week

#: Comments that one report quotes.
MOST_COMMENTS = 20
_USUAL_DAY = 8 * 60  # minutes, where an office is shut on Sundays
_AT_ONCE = 50  # days of a calendar that are worked out before others have their turn
K = TypeVar("K")

#: A walk-in who was here: waiting, or received.
_CAME = EXPECTED | {BookingStatus.ATTENDED}
_ENDINGS: Mapping[CaseStatus, Ending] = MappingProxyType(
    {
        CaseStatus.REJECTED: Ending.REJECTED,
        CaseStatus.OUTSIDE_REMIT: Ending.OUTSIDE_REMIT,
        CaseStatus.DUPLICATE: Ending.DUPLICATE,
        CaseStatus.WITHDRAWN: Ending.WITHDRAWN,
    }
)
_OUTCOMES: Mapping[Outcome, Ending] = MappingProxyType(
    {Outcome.FIXED: Ending.FIXED, Outcome.UNCONFIRMED: Ending.UNCONFIRMED}
)


async def count(work: Work, scope: Scope, *, staff: bool, comments: bool) -> Report:
    """The report of a scope; with each member's load, and with comments, only where these are asked for."""
    return await _Count(work, scope).report(staff=staff, comments=comments)


class _Count:
    """One report in the making."""

    def __init__(self, work: Work, scope: Scope) -> None:
        zone = work.offices.zone
        self._work = work
        self._scope = scope
        self._start, self._end = scope.period.start(zone), scope.period.end(zone)
        self._parts = tuple(stretches(self._start, self._end))
        self._rows = Reader(work.tx, scope.offices, scope.category)

    async def report(self, *, staff: bool, comments: bool) -> Report:
        filed = [row for start, end in self._parts for row in await self._rows.filed(start, end)]
        ended = [row for start, end in self._parts for row in await self._rows.ended(start, end)]
        blocks = [row for start, end in self._parts for row in await self._rows.blocks(start, end)]
        now = self._work.now
        standing = await self._rows.open(before=self._start, now=now)
        days = await self._booking_days() if self._scope.category is None else None
        referred = await self._rows.referrals(self._scope.period.first, self._scope.period.last) if days else {}
        first_answer, closing = await self._timings(min([self._start, *(row.oldest for row in ended)]))
        return Report(
            scope=self._scope,
            made_at=now,
            working_day=self._working_day(),
            open_at_start=standing.earlier + await self._closed_later(),
            received=sum(row.n for row in filed),
            closed=sum(row.n for row in ended),
            overdue=standing.overdue,
            reopened=sum([await self._rows.reopened(start, end) for start, end in self._parts]),
            first_answer=first_answer,
            closing=closing,
            endings=_summed((_ending(row), row.n) for row in ended),
            satisfaction=await self._satisfaction(),
            bookings=None if days is None else sum(days.values(), Bookings()),
            absences=await self._absences(days or {}),
            referrals=referred,
            referred=await self._referred(referred),
            booking_days=days or {},
            offices=_volumes(((row.office, row.n) for row in filed), ((row.office, row.n) for row in ended)),
            categories=_volumes(((row.category, row.n) for row in filed), ((row.category, row.n) for row in ended)),
            kinds=_summed((row.kind, row.n) for row in filed),
            sources=_summed((row.source or DIRECT, row.n) for row in filed),
            blocks=_summed((row.block, row.n) for row in blocks),
            weeks=await self._weeks(),
            staff=await self._staff() if staff else (),
            comments=await self._comments() if comments else (),
            promises=await self._promises() if self._scope.category is None else None,
            incidents=None
            if self._scope.category is not None
            else Incidents(*await incident_counts.count_of(self._work.tx, self._scope.offices, self._start, self._end)),
            improved=None
            if self._scope.category is not None
            else await improvements.figures(self._work, self._scope.offices, self._start, self._end),
        )

    async def _closed_later(self) -> int:
        """Of the cases received before the period, those that ended in it or after it."""
        parts = stretches(self._start, self._work.now)
        return sum([await self._rows.closed_of_earlier(start, end, self._start) for start, end in parts])

    async def _weeks(self) -> Mapping[date, Volume]:
        sundays = self._scope.period.weeks()
        origin = self._start - (self._scope.period.first - sundays[0])
        received: list[Week] = []
        closed: list[Week] = []
        for start, end in self._parts:
            received += await self._rows.received_by_week(start, end, origin)
            closed += await self._rows.closed_by_week(start, end, origin)
        counted = _volumes(
            ((sundays[row.week], row.n) for row in received), ((sundays[row.week], row.n) for row in closed)
        )
        return {sunday: counted.get(sunday, Volume()) for sunday in sundays}

    # ------------------------------------------------------------------------ times

    async def _timings(self, since: datetime) -> tuple[Timing, Timing]:
        """Of first answers and of closings; no case was opened before `since`."""
        days = await self._days(since)
        answers: list[TimeCount] = []
        closings: list[TimeCount] = []
        for start, end in self._parts:
            answers += await self._rows.first_answers(start, end, days=days, now=self._work.now)
            closings += await self._rows.closings(start, end, days=days)
        return _timing(answers), _timing(closings)

    async def _days(self, since: datetime) -> str:
        """The hours of each office on each day since then, as the statements take them."""
        calendar, zone = self._work.calendar, self._work.offices.zone
        first = since.astimezone(zone).date()
        closures = await closures_between(self._work, first, self._work.today)
        rows: list[tuple[str, int, int, int, int]] = []
        for office in self._scope.offices:
            worked = 0
            for number in range((self._work.today - first).days + 2):
                day = first + timedelta(days=number)
                hours = calendar.hours(office, day, closures)
                begins = int(midnight(day, zone).timestamp())
                opens, closes = (int(moment.timestamp()) for moment in hours) if hours else (begins, begins)
                rows.append((office, begins, opens, closes, worked))
                worked += closes - opens
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)
        return await asyncio.to_thread(json.dumps, rows)

    def _working_day(self) -> int:
        offices = self._work.offices
        one = offices.get(self._scope.offices[0]) if len(self._scope.offices) == 1 else None
        usual = (one.hours if one else offices.hours).on(Weekday.SUNDAY, ramadan=False)
        if usual is None:
            return _USUAL_DAY
        opens, closes = (moment.hour * 60 + moment.minute for moment in (usual.opens, usual.closes))
        return closes - opens

    # ------------------------------------------------------------------------ people

    async def _satisfaction(self) -> Satisfaction:
        found: list[Stars] = []
        for start, end in self._parts:
            found += await self._rows.stars_of_cases(start, end)
            if self._scope.category is None:
                found += await self._rows.stars_of_meetings(start, end)
        given = _summed((row.stars, row.n) for row in found)
        one, two, three, four, five = (given.get(stars, 0) for stars in range(1, 6))
        return Satisfaction((one, two, three, four, five), sum(row.comments for row in found))

    async def _promises(self) -> dict[OfficeId, Promises]:
        """By office, those without any left out."""
        period = self._scope.period
        rows = await promises.due_between(self._work.tx, period.first, period.last, self._work.today)
        found: dict[OfficeId, Promises] = {}
        for row in rows:
            if row.office in self._scope.offices:
                found[row.office] = found.get(row.office, Promises()) + _standing(row)
        return {office: found[office] for office in self._scope.offices if office in found}

    async def _referred(self, meetings: Mapping[str, int]) -> dict[str, Referrals]:
        """By body: what meetings of these days referred, and the requests received in them that were."""
        counted = _summed((Party(key).body, n) for key, n in meetings.items())
        found = {body: Referrals(meetings=n) for body, n in counted.items()}
        offices, category, now = self._scope.offices, self._scope.category, self._work.now
        for start, end in self._parts:
            for row in await referral_counts.received_between(self._work.tx, offices, category, start, end, now):
                before = found.get(row.body, Referrals())
                ages = before.ages if row.days is None else _more(before.ages, row.days, row.n)
                found[row.body] = Referrals(before.meetings, before.requests + row.n, ages)
        return found

    async def _booking_days(self) -> dict[date, Bookings]:
        by_day: dict[date, list[BookingCount]] = {}
        for row in await self._rows.bookings(self._scope.period.first, self._scope.period.last):
            by_day.setdefault(row.day, []).append(row)
        counted = ((day, _bookings(by_day[day], over=day < self._work.today)) for day in sorted(by_day))
        return {day: bookings for day, bookings in counted if bookings != Bookings()}

    async def _absences(self, days: Mapping[date, Bookings]) -> dict[Absence, int]:
        """Why nobody came; whoever did not say is counted too."""
        missed = sum(one.no_show for one in days.values())
        if not missed:
            return {}
        said = await self._rows.no_shows(self._scope.period.first, self._scope.period.last)
        found = {Absence(reason.value): n for reason, n in said.items()}
        return {**found, Absence.NOT_SAID: missed - sum(said.values())}

    async def _staff(self) -> tuple[StaffLoad, ...]:
        names = await permissions.names(self._work)
        ended: dict[str, OwnerCount] = {}
        for start, end in self._parts:
            for row in await self._rows.ended_by_owner(start, end):
                before = ended.get(row.owner, OwnerCount(owner=row.owner, n=0, marked=0))
                ended[row.owner] = OwnerCount(owner=row.owner, n=before.n + row.n, marked=before.marked + row.marked)
        standing = {row.owner: row for row in await self._rows.open_by_owner(self._work.now)}
        loads = [_load(owner, names, ended.get(owner), standing.get(owner)) for owner in {*ended, *standing}]
        return tuple(sorted(loads, key=lambda load: (-load.closed, -load.open, load.actor)))

    async def _comments(self) -> tuple[RatingComment, ...]:
        """The newest."""
        found: list[RatingComment] = []
        for start, end in reversed(self._parts):
            rows = await self._rows.comments_on_cases(start, end, MOST_COMMENTS)
            if self._scope.category is None:
                rows += await self._rows.comments_on_meetings(start, end, MOST_COMMENTS)
            rows.sort(key=lambda row: row.at, reverse=True)
            found += [RatingComment(row.at, row.stars, row.comment, row.reference) for row in rows]
            if len(found) >= MOST_COMMENTS:
                break
        return tuple(found[:MOST_COMMENTS])


def _standing(row: DueCount) -> Promises:
    match row.status:
        case PromiseStatus.KEPT:
            return Promises(kept=row.n)
        case PromiseStatus.NOT_KEPT:
            return Promises(not_kept=row.n)
        case PromiseStatus.UNCONFIRMED:
            return Promises(unconfirmed=row.n)
        case _:
            return Promises(overdue=row.n) if row.late else Promises(open=row.n)


def _ending(row: Ended) -> Ending:
    return _ENDINGS.get(row.status) or _OUTCOMES.get(row.outcome, Ending.OTHER)


def _bookings(found: Iterable[BookingCount], *, over: bool) -> Bookings:
    counts = tuple(found)
    # Who left the waiting list never had an appointment that could be cancelled.
    had = _summed((row.status, row.n) for row in counts if _is_booked(row))
    statuses = BookingStatus
    return Bookings(
        expected=had.get(statuses.CONFIRMED, 0) + had.get(statuses.CHECKED_IN, 0),
        unrecorded=had.get(statuses.CONFIRMED, 0) if over else 0,
        attended=had.get(statuses.ATTENDED, 0),
        no_show=had.get(statuses.NO_SHOW, 0),
        cancelled_by_resident=had.get(statuses.CANCELLED_BY_RESIDENT, 0),
        cancelled_by_municipality=had.get(statuses.CANCELLED_BY_MUNICIPALITY, 0),
        waiting=sum(row.n for row in counts if row.status is statuses.WAITING),
        walk_ins=sum(row.n for row in counts if row.walk_in and row.status in _CAME),
    )


def _is_booked(row: BookingCount) -> bool:
    return row.confirmed and not row.walk_in and row.status is not BookingStatus.WAITING


def _load(owner: str, names: Mapping[str, str], ended: OwnerCount | None, standing: OwnerCount | None) -> StaffLoad:
    return StaffLoad(
        owner,
        names.get(owner, ""),
        closed=ended.n if ended else 0,
        closed_within=ended.marked if ended else 0,
        open=standing.n if standing else 0,
        overdue=standing.marked if standing else 0,
    )


def _timing(rows: Iterable[TimeCount]) -> Timing:
    counts: Counter[str] = Counter()
    minutes: Counter[int] = Counter()
    for row in rows:
        counts[row.state] += row.n
        if row.minutes is not None:
            minutes[row.minutes] += row.n
    return Timing(counts["within"], counts["late"], counts["pending"], minutes)


def _more(counts: Mapping[int, int], key: int, n: int) -> dict[int, int]:
    return {**counts, key: counts.get(key, 0) + n}


def _summed(pairs: Iterable[tuple[K, int]]) -> dict[K, int]:
    counts: Counter[K] = Counter()
    for key, n in pairs:
        counts[key] += n
    return dict(counts)


def _volumes(received: Iterable[tuple[K, int]], closed: Iterable[tuple[K, int]]) -> dict[K, Volume]:
    came, went = _summed(received), _summed(closed)
    return {key: Volume(came.get(key, 0), went.get(key, 0)) for key in {**came, **went}}


def everywhere(work: Work) -> tuple[OfficeId, ...]:
    """Every office, also those that take nothing new: what they had is counted."""
    return tuple(office.id for office in work.offices.offices_by_id.values())
