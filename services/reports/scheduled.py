"""The reports that come by themselves: the week's to each office, the month's to the ministry.

On the first working day of the week, in the morning, the week before is told to the office's group, to its directors,
and in sums to its council's chat; on the first of the month the month before to the ministry's chat. Each is owed
once, under a key of its own, so a restart or a second worker changes nothing. Where the bot stood still on that day,
it is told on the next.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from services.actors import office_subject
from services.bookings.schedule import closures_between
from services.notify.enqueue import NOTICE, office_address
from services.notify.notices.reports import Audience, PeriodReport
from services.notify.quiet_hours import office_hours
from services.offices.offices import Office
from services.reports.periods import Named, Period, named
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, TELEGRAM
from services.unit_of_work import Work
from storage import outbox, residents
from storage import staff as staff_rows
from storage.ids import ChatId, OfficeId, ResidentId
from storage.records.outbox import OutboxKind
from storage.records.staff import Role

_LASTS = timedelta(days=3)  # beyond it nobody needs to be told


@dataclass(frozen=True, slots=True)
class _Owed:
    """One report to one chat."""

    key: str
    chat: ChatId
    notice: PeriodReport
    resident: ResidentId | None = None  # whose chat it is


async def run_due(work: Work, limit: int = 200) -> int:
    """Owe the reports that are due, at most `limit`; how many."""
    closures = await closures_between(work, work.today, work.today)

    def is_morning(office: OfficeId) -> bool:
        span = office_hours(work, office, work.today, closures)
        return span is not None and span[0] <= work.now < span[1]

    owed = 0
    for office in work.offices.all:
        if is_morning(office.id):
            async for one in _weekly(work, office):
                owed += await _owe(work, one)
                if owed >= limit:
                    return owed
    if work.offices.ministry_chat and is_morning(EVERY_OFFICE):
        month = named(Named.LAST_MONTH, work.today)
        key = f"report:month:{month.first}"
        owed += await _owe(
            work, _Owed(key, work.offices.ministry_chat, _notice(Audience.MINISTRY, EVERY_OFFICE, month))
        )
    return owed


async def _weekly(work: Work, office: Office) -> AsyncIterator[_Owed]:
    week = named(Named.LAST_WEEK, work.today)
    key = f"report:week:{week.first}:{office.id}"
    if await permissions.chat_of(work, office.id) is not None:
        yield _Owed(f"{key}:team", office_address(office.id), _notice(Audience.OFFICE, office.id, week))
    told: set[str] = set()
    for right in await permissions.staff_of(work, office.id):
        if right.role is Role.DIRECTOR and right.channel == TELEGRAM and right.address not in told:
            told.add(right.address)
            resident = await residents.id_of(work.tx, right.channel, right.address)
            notice = _notice(Audience.DIRECTOR, office.id, week)
            yield _Owed(f"{key}:{right.address}", ChatId(right.address), notice, resident)
    if office.council_chat:
        yield _Owed(f"{key}:council", office.council_chat, _notice(Audience.COUNCIL, office.id, week))


def _notice(audience: Audience, office: OfficeId, period: Period) -> PeriodReport:
    return PeriodReport(audience=audience, office=office, first=period.first, last=period.last)


async def _owe(work: Work, one: _Owed) -> int:
    """1 where it was not owed before."""
    if await outbox.is_known(work.tx, one.key):
        return 0
    chat = one.chat
    if one.notice.audience in {Audience.COUNCIL, Audience.MINISTRY}:
        chat = await staff_rows.moved_to(work.tx, TELEGRAM, chat)
    outbox.add(
        work.tx,
        channel=TELEGRAM,
        chat=chat,
        kind=OutboxKind.NOTICE,
        payload=one.notice.model_dump_json(),
        urgency=NOTICE,
        key=one.key,
        subject=office_subject(one.notice.office),
        resident=one.resident,
        expires_at=work.now + _LASTS,
        at=work.now,
    )
    return 1


async def is_director(work: Work, office: OfficeId, address: str) -> bool:
    """Whether somebody still has the role for which they are sent the week's report."""
    rights = await permissions.staff_of(work, office)
    return any(right.role is Role.DIRECTOR and right.address == address for right in rights)
