"""What time does to promises: their owner is reminded, the resident is asked, asked once more, and then no more.

What is due is worked out from the promise and its case, so a look that comes late, twice or after a crash does no harm.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from services.actors import CLOCK, booking_subject, resident_actor
from services.notify.enqueue import notify_office, notify_resident
from services.notify.notices.promises import PromiseDue, PromiseToConfirm, WasItDone
from services.notify.quiet_hours import by_day
from services.promises import telling
from services.promises.moments import Moments
from services.promises.promises import is_asked_by_phone, settle
from services.unit_of_work import Work
from storage import bookings as booking_rows
from storage import cases as case_rows
from storage import promises as rows
from storage import residents
from storage.promises import Promise, PromiseStatus
from storage.records.cases import Case, CaseStatus, Outcome
from storage.records.residents import Resident

_S = PromiseStatus
_SAID_DONE = frozenset({CaseStatus.RESOLVED, CaseStatus.CLOSED})


async def run_due(work: Work, limit: int = 200) -> int:
    """See to the promises whose time has come, at most `limit`; how many were looked at."""
    due = await rows.to_look_at(work.tx, work.now, limit)
    for promise in due:
        await _see_to(work, promise)
    return len(due)


async def _see_to(work: Work, promise: Promise) -> None:
    case = await case_rows.by_id(work.tx, promise.case_id)
    booking = await booking_rows.by_id(work.tx, promise.booking_id)
    resident = None if booking is None else await residents.by_id(work.tx, booking.resident_id)
    assert case is not None  # noqa: S101 - the promise refers to it
    assert resident is not None  # noqa: S101 - and to their booking
    if case.status is CaseStatus.CLOSED and case.outcome is Outcome.FIXED:
        await settle(work, promise, _S.KEPT, resident_actor(resident.id))
        return
    when = await Moments.of(work, promise)
    changes = await _act(work, promise, case, resident, when)
    if changes is None:
        await settle(work, promise, _S.UNCONFIRMED, CLOCK)
        return
    said = _S.DONE_SAID if case.status in _SAID_DONE else _S.OPEN
    after = promise.model_copy(update={**changes, "status": said})
    await rows.save(work.tx, promise, **changes, status=said, look_at=_next(work, after, when))


async def _act(work: Work, promise: Promise, case: Case, resident: Resident, when: Moments) -> dict[str, object] | None:
    """Do what is due, and say what is to be remembered of it; None where nobody will say any more if it was kept."""
    if promise.asked_again_at is not None:
        return None if work.now >= when.after_silence(promise.asked_again_at) else {}
    if promise.asked_at is not None:
        if work.now < when.after_silence(promise.asked_at):
            return {}
        return await _ask(work, promise, resident, again=True)
    if work.now >= when.asked(promise):
        return await _ask(work, promise, resident, again=False)
    remind = when.reminded(promise)
    if remind is None or promise.reminded_at is not None or work.now < remind or case.status in _SAID_DONE:
        return {}
    notice = PromiseDue(promise=promise.id)
    key = f"promise due:{promise.id}:{promise.due}"
    notify_office(work, promise.office, notice, key=key, subject=booking_subject(promise.booking_id))
    await telling.owner(work, promise, notice)
    return {"reminded_at": work.now}


async def _ask(work: Work, promise: Promise, resident: Resident, *, again: bool) -> dict[str, object] | None:
    """Ask the resident; of who cannot be asked here, have staff ask by phone."""
    if resident.forgotten_at is not None:
        return None
    subject, key = booking_subject(promise.booking_id), f"was it done:{promise.id}:{promise.due}:{again:d}"
    if is_asked_by_phone(resident):
        notice = PromiseToConfirm(promise=promise.id)
        notify_office(work, promise.office, notice, key=key, subject=subject)
    else:
        question = WasItDone(promise=promise.id, again=again)
        at = by_day(work, work.now)
        await notify_resident(work, resident.id, question, key=key, subject=subject, not_before=at)
    return {"asked_again_at" if again else "asked_at": work.now}


def _next(work: Work, promise: Promise, when: Moments) -> datetime:
    """When there is something to see to next."""
    if promise.asked_again_at is not None:
        return when.after_silence(promise.asked_again_at)
    if promise.asked_at is not None:
        return when.after_silence(promise.asked_at)
    remind = when.reminded(promise)
    if remind is not None and promise.reminded_at is None and remind > work.now:
        return remind
    return max(when.asked(promise), work.now + timedelta(minutes=1))
