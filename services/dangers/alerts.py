"""What may hurt somebody now: the team is alerted at any hour, and somebody answers for it.

A request whose words name a danger, or whose sender says so, is an emergency from the start. Its alert rings by night
too. Where nobody has taken it after a quarter of an hour, the managers hear of it, and the team again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from services.actors import Actor, case_subject
from services.notify import members
from services.notify.enqueue import notify_office
from services.notify.notices.cases import DangerAlert
from services.offices.offices import DangerId
from services.staff import permissions
from services.staff.permissions import TELEGRAM
from services.unit_of_work import Work
from storage import cases
from storage import dangers as rows
from storage.dangers import Alert
from storage.ids import CaseId, OfficeId
from storage.records.cases import Case, CaseStatus
from storage.records.staff import Role

__all__ = [
    "EMERGENCY",
    "TAKE_WITHIN",
    "Alert",
    "left_by",
    "move",
    "of_case",
    "raise_again",
    "raise_alert",
    "run_due",
    "untaken_at",
]

#: How long a team has to take an alert before its managers hear of it.
TAKE_WITHIN = timedelta(minutes=15)
#: How long after it was raised it rings again while nobody takes it: for three days, then daily for a month.
_REPEATS = (
    TAKE_WITHIN,
    timedelta(hours=1),
    *(timedelta(hours=hours) for hours in range(4, 72, 4)),
    *(timedelta(days=days) for days in range(3, 31)),
)
_NAMED = 5  # requests that a summary or a queue names first
EMERGENCY = 3  # the highest priority of a case


def raise_alert(work: Work, case: Case, danger: DangerId) -> None:
    """Alert the team of a case that was just filed."""
    rows.add(work.tx, case.id, danger, work.now, work.now + TAKE_WITHIN)
    _ring(work, case, escalated=False)


async def raise_again(work: Work, case: Case, danger: DangerId) -> None:
    """Alert the team of an earlier case in which a danger is told of now, unless an alert of it is open."""
    if await rows.raise_again(work.tx, case.id, danger, work.now, work.now + TAKE_WITHIN):
        _ring(work, case, escalated=False)


async def of_case(work: Work, case: CaseId) -> Alert | None:
    """The alert of a case; None where it never was one."""
    return await rows.of_case(work.tx, case)


async def move(work: Work, case: Case) -> None:
    """Alert the team that has a case now: nobody there answers for it any more, or yet."""
    if await rows.open_anew(work.tx, case.id, work.now, work.now + TAKE_WITHIN):
        _ring(work, case, escalated=False)


async def left_by(work: Work, actor: Actor, offices: Collection[OfficeId], limit: int) -> int:
    """Alert the teams again of the dangers for which somebody answered who is gone; how many there are."""
    left = await rows.taken_by(work.tx, actor, offices, limit)
    for case in left:
        await move(work, case)
    return len(left)


async def untaken_at(work: Work, offices: Collection[OfficeId]) -> tuple[Case, ...]:
    """The requests at these offices whose danger nobody has taken."""
    return tuple(await rows.untaken_at(work.tx, offices, _NAMED))


async def run_due(work: Work, limit: int = 20) -> int:
    """Ring again where nobody took an alert, also at the managers, and return how many were looked at."""
    found = await rows.untaken(work.tx, work.now, limit)
    for alert in found:
        case, again = await cases.by_id(work.tx, alert.case_id), _rings_next(alert, work.now)
        is_over = case is None or case.closed_at is not None or case.status is CaseStatus.RESOLVED or case.owner != ""
        if again is None or is_over:
            rows.rings_no_more(work.tx, alert.case_id, work.now)
        else:
            rows.look_again(work.tx, alert.case_id, again)
        if case is None or is_over:
            continue
        _ring(work, case, escalated=True)
        for address in await _managers(work, case):
            notice = DangerAlert(case=case.id, escalated=True)
            key = f"danger:{case.id}:manager:{address}:{work.now.isoformat()}"
            await members.tell(work, address, notice, key=key, subject=case_subject(case.id))
    return len(found)


def _rings_next(alert: Alert, now: datetime) -> datetime | None:
    return next((alert.raised_at + after for after in _REPEATS if alert.raised_at + after > now), None)


def _ring(work: Work, case: Case, *, escalated: bool) -> None:
    stage = "again" if escalated else "first"
    notice = DangerAlert(case=case.id, escalated=escalated)
    key = f"danger:{case.id}:{case.office}:{stage}:{work.now.isoformat()}"
    notify_office(work, case.office, notice, key=key, subject=case_subject(case.id))


async def _managers(work: Work, case: Case) -> list[str]:
    """Who hears of what a team did not take: its managers, else those who administer every office."""
    staff = await permissions.staff_of(work, case.office)
    found = {one.address for one in staff if one.channel == TELEGRAM and one.role is Role.MANAGER}
    return sorted(found or work.admins)
