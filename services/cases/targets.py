"""By when a case is to be triaged, answered, closed, and closed at the very latest.

Targets are working days, and their clock stands still where others are to act.

Triage is the office's own target; the answer and the closure are promised to the resident, so a transfer or another
category does not move them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from services.bookings.schedule import closures_between
from services.offices.matters import Targets
from services.offices.working_days import Closed
from services.unit_of_work import Work
from storage.ids import CategoryId, OfficeId
from storage.records.cases import Case, CaseEventKind, CaseKind, CaseStatus

#: Of a target's time: when those who can still keep it are warned.
WARN_AT = 0.8

#: The office is to act: its targets are watched.
WATCHED = frozenset({CaseStatus.RECEIVED, CaseStatus.REOPENED, CaseStatus.UNDER_REVIEW, CaseStatus.IN_PROGRESS})
_UNTOUCHED = frozenset({CaseStatus.RECEIVED, CaseStatus.REOPENED})
#: Others are to act: the clock stands still.
PAUSED = frozenset({CaseStatus.AWAITING_RESIDENT, CaseStatus.REFERRED})


class Target(StrEnum):
    TRIAGE = "triage"
    UPDATE = "update"
    CLOSE = "close"
    HARD_LIMIT = "hard_limit"  # the last day on which it may be closed


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When each target of a case runs out."""

    triage: datetime
    update: datetime
    close: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """What staff are to hear about a target, and from when on."""

    what: CaseEventKind  # WARNED or OVERDUE
    target: Target
    at: datetime


async def deadlines(work: Work, office: OfficeId, category: CategoryId, kind: CaseKind) -> Deadlines:
    """The targets of a case that begins now. A category that is gone from the file has the usual ones.

    A question's are working hours, whatever it is about.
    """
    closures = await closures_since(work, work.now)
    if kind is CaseKind.INQUIRY:
        within = work.offices.inquiries.targets
        return Deadlines(
            *(
                work.calendar.add_working_time(office, work.now, timedelta(hours=hours), closures).astimezone(UTC)
                for hours in (within.triage, within.update, within.close)
            )
        )
    targets = _targets_of(work, category)
    return Deadlines(
        *(
            work.calendar.deadline(office, work.now, days, closures).astimezone(UTC)
            for days in (targets.triage, targets.update, targets.close)
        )
    )


def next_target(case: Case) -> datetime | None:
    """When the next target of a case runs out; None while others are to act, and once it has ended."""
    if case.status not in WATCHED:
        return None
    if case.status in _UNTOUCHED:
        return case.triage_due
    return case.update_due if case.answered_at is None else case.close_due


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether a target that the office has still to meet has run out."""
    due = next_target(case)
    return due is not None and (due < now or case.close_due < now)


async def keep_clock(work: Work, before: Case, after: Case) -> Case:
    """Stop the targets' clock where the case enters a pause; where it leaves one, move them by what it took."""
    if after.status in PAUSED:
        return after.model_copy(update={"paused_at": before.paused_at or work.now})
    if before.paused_at is None:
        return after
    closures = await closures_since(work, before.paused_at)
    office = before.office
    paused = timedelta(minutes=work.calendar.working_minutes_between(office, before.paused_at, work.now, closures))
    moved = {
        name: work.calendar.add_working_time(office, due, paused, closures).astimezone(UTC)
        for name, due in (
            ("triage_due", after.triage_due),
            ("update_due", after.update_due),
            ("close_due", after.close_due),
        )
        if due > before.paused_at and getattr(before, name) == due
    }
    return after.model_copy(update={"paused_at": None, **moved})


async def alerts(work: Work, case: Case) -> list[Alert]:
    """Every warning and alarm of the targets a case has still to meet, at whatever hour."""
    if case.status not in WATCHED:
        return []
    targets = [(Target.CLOSE, case.close_due)]
    if case.status in _UNTOUCHED:
        targets.append((Target.TRIAGE, case.triage_due))
    if case.answered_at is None:
        targets.append((Target.UPDATE, case.update_due))
    closures = await closures_since(work, case.opened_at)
    latest = _latest(work, case, closures)
    return [
        *(
            alert
            for target, due in targets
            for alert in (
                Alert(CaseEventKind.WARNED, target, _most_of(work, case, due, closures)),
                Alert(CaseEventKind.OVERDUE, target, due),
            )
        ),
        *([] if latest is None else [Alert(CaseEventKind.OVERDUE, Target.HARD_LIMIT, latest)]),
    ]


def _targets_of(work: Work, category: CategoryId) -> Targets:
    known = work.offices.category(category)
    return known.targets if known else work.offices.targets


def _latest(work: Work, case: Case, closures: list[Closed]) -> datetime | None:
    """The end of the last day on which a case may be closed; None where there is no day after the promised one.

    It is counted from the promised day, so it moves with that day.
    """
    if case.kind is CaseKind.INQUIRY:
        return None
    targets = _targets_of(work, case.category)
    days = targets.hard_limit - targets.close
    return work.calendar.deadline(case.office, case.close_due, days, closures).astimezone(UTC) if days else None


def _most_of(work: Work, case: Case, due: datetime, closures: list[Closed]) -> datetime:
    """When most of the working time until a target is over."""
    minutes = work.calendar.working_minutes_between(case.office, case.opened_at, due, closures)
    worked = timedelta(minutes=WARN_AT * minutes)
    return work.calendar.add_working_time(case.office, case.opened_at, worked, closures).astimezone(UTC)


async def closures_since(work: Work, since: datetime) -> list[Closed]:
    """The administrators' closures of the year from then on: no target reaches further."""
    first = since.astimezone(work.offices.zone).date()
    return await closures_between(work, first, first + timedelta(days=366))
