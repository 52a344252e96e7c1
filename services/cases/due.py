"""What time does to cases: open questions are recalled, silence after a proposed closure closes, targets warn.

Whoever was given a date hears from us that it has passed, once: of a case that is late nobody should have to ask.

Each case knows when there is something to look at next (`look_at`); what is due then is worked out from its
state and its history, so a look that comes late, twice or after a crash does no harm.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from services.actors import CLOCK, office_subject
from services.cases import unanswered, workflow
from services.cases.event_details import CaseDetail, EndedAs, OfTarget, detail_of
from services.cases.targets import Alert, Target, alerts, closures_since
from services.cases.updates import tell_audience, tell_staff
from services.cases.workflow import Transition, TransitionRequest, closes_at
from services.notify.enqueue import notify_office
from services.notify.notices.cases import StaffAlarms
from services.notify.quiet_hours import by_day
from services.offices.working_days import Closed
from services.unit_of_work import Work
from storage import cases as rows
from storage.ids import OfficeId
from storage.records.cases import Case, CaseEvent, CaseEventKind, CaseStatus, Outcome

#: More warnings and alarms at once than an office is told one by one.
MANY = 3
#: An alarm raises a case's priority, up to this.
HIGHEST = 3
#: Whoever was told of a case is not told the same of it, or less, within so long.
TOLD_LATELY = timedelta(hours=1)
#: What weighs more, the later it stands.
_TARGETS = (Target.TRIAGE, Target.UPDATE, Target.CLOSE, Target.HARD_LIMIT)
_Raised = tuple[Case, CaseEvent]


async def run_due(work: Work, limit: int = 200) -> int:
    """See to the cases whose time has come, at most `limit`; how many were looked at."""
    due = await rows.to_look_at(work.tx, work.now, limit)
    closures = await closures_since(work, work.now - timedelta(days=1)) if due else []
    raised: list[_Raised] = []
    for case in due:
        if case.status is CaseStatus.RESOLVED:
            await _close(work, case)
        elif case.status is CaseStatus.AWAITING_RESIDENT:
            await unanswered.look(work, case)
        else:
            raised += await _watch_targets(work, case, closures)
    _tell(work, raised)
    return len(due)


async def _close(work: Work, case: Case) -> None:
    """Nobody said whether it is fixed: it counts as closed, and as unconfirmed."""
    closing = closes_at(case)
    if closing is not None and work.now < closing:
        rows.look_again(work.tx, case.id, closing)
        return
    request = TransitionRequest(
        transition=Transition.LAPSE, actor=CLOCK, detail=EndedAs(Outcome.UNCONFIRMED), by_day=True
    )
    await workflow.apply(work, case.id, request, outcome=Outcome.UNCONFIRMED)


async def _watch_targets(work: Work, case: Case, closures: list[Closed]) -> list[_Raised]:
    """Warn of targets that run out and raise those that have, once each, in the office's hours."""
    opens = work.calendar.next_working_moment(case.office, work.now, closures)
    if opens > work.now:
        rows.look_again(work.tx, case.id, opens)
        return []
    history = [event for event in await rows.events(work.tx, case.id) if event.at >= case.opened_at]
    done = {(event.what, detail_of(event)) for event in history}
    pending = [alert for alert in await alerts(work, case) if not _is_done(alert, done)]
    due = {alert.target: alert for alert in sorted(pending, key=lambda one: one.at) if alert.at <= work.now}
    raised = [
        await rows.add_event(
            work.tx, case.id, work.now, CLOCK, alert.what, public=False, detail=OfTarget(alert.target).stored
        )
        for alert in due.values()  # of a target's warning and alarm, the later one
    ]
    late = [event for event in raised if event.what is CaseEventKind.OVERDUE]
    if late and case.priority < HIGHEST:
        rows.raise_priority(work.tx, case.id, work.now)
    if late and not any(event.what is CaseEventKind.OVERDUE for event in history):
        await tell_audience(work, case, late[0], not_before=by_day(work, work.now))
    rows.look_again(work.tx, case.id, _next([alert for alert in pending if alert.at > work.now]))
    told = _worth_telling(raised, [event for event in history if work.now - event.at < TOLD_LATELY])
    return [] if told is None else [(case, told)]


def _worth_telling(raised: list[CaseEvent], lately: list[CaseEvent]) -> CaseEvent | None:
    """The gravest of what is new of one case, unless its staff have just heard of it as much."""
    if not raised:
        return None
    gravest = max(raised, key=lambda event: (_gravity(event), _place(event)))
    return gravest if _gravity(gravest) > max(map(_gravity, lately), default=0) else None


def _gravity(event: CaseEvent) -> int:
    """How much an event tells of targets: nothing, that one runs out, that one has, that the last day has passed."""
    match event.what, detail_of(event):
        case CaseEventKind.OVERDUE, OfTarget(Target.HARD_LIMIT):
            return 3
        case CaseEventKind.OVERDUE, _:
            return 2
        case CaseEventKind.WARNED, _:
            return 1
        case _:
            return 0


def _place(event: CaseEvent) -> int:
    """Of which target it tells, in the order of the targets."""
    detail = detail_of(event)
    return _TARGETS.index(detail.target) if isinstance(detail, OfTarget) else -1


def _tell(work: Work, raised: list[_Raised]) -> None:
    """Each office hears of a few one by one, below their cards; of many, as after a holiday, in one message.

    Of each case it is one thing: all that happened is in its history.
    """
    by_office: dict[OfficeId, list[_Raised]] = {}
    for case, event in raised:
        by_office.setdefault(case.office, []).append((case, event))
    for office, news in by_office.items():
        if len(news) <= MANY:
            for case, event in news:
                tell_staff(work, case, event)
        else:
            events = tuple(event.id for _, event in news)
            notice = StaffAlarms(office=office, events=events)
            notify_office(work, office, notice, key=f"alarms:{office}:{events[0]}", subject=office_subject(office))


def _is_done(alert: Alert, done: set[tuple[CaseEventKind, CaseDetail]]) -> bool:
    """Who was told that a target has passed needs no warning of it."""
    target = OfTarget(alert.target)
    return (alert.what, target) in done or (CaseEventKind.OVERDUE, target) in done


def _next(later: list[Alert]) -> datetime | None:
    return min((alert.at for alert in later), default=None)
