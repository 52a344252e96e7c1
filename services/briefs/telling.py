"""When the brief of a session is told, and its summary.

The brief comes at 17:00 on the working day before, to everybody who has a role of that office with the right to read
it. One hour before the session opens it comes again, where bookings were made, moved or cancelled since. The summary
comes when everybody is done, or half an hour after the session closes. Each is owed once; where the bot stood still,
it is owed when it goes on, while it is of use.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.actors import session_subject
from services.bookings.schedule import closures_between
from services.briefs import summaries
from services.notify.enqueue import NOTICE
from services.notify.notices import Notice
from services.notify.notices.reports import SessionBriefed, SessionSummed
from services.offices.working_days import Closed
from services.staff import permissions
from services.staff.permissions import MAY, Act, Person
from services.unit_of_work import Work
from storage import briefs as rows
from storage import outbox, residents
from storage import sessions as session_rows
from storage.briefs import Told, Upcoming
from storage.ids import BookingId, ChatId, OfficeId, SessionId
from storage.records.bookings import Booking
from storage.records.outbox import OutboxKind
from storage.records.residents import Resident
from storage.records.sessions import Session

_EVENING = time(17)
_BEFORE = timedelta(hours=1)  # the session opens
_AFTER = timedelta(minutes=30)  # it closes
#: As far ahead as a brief can be due: no holiday is longer.
_AHEAD = timedelta(days=14)
_STILL = timedelta(days=2)  # so long a summary is of use


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the brief of the evening."""

    added: tuple[BookingId, ...]
    moved: tuple[BookingId, ...]
    gone: tuple[BookingId, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.moved or self.gone)


async def run_due(work: Work, limit: int = 20) -> int:
    """Owe what is due of at most `limit` sessions; of how many it was."""
    first, last = work.today - _STILL, work.today + _AHEAD
    closures = await closures_between(work, first, last)
    done = 0
    for upcoming in await rows.between(work.tx, first, last):
        done += await _brief(work, upcoming, closures) or await _summary(work, upcoming)
        if done >= limit:
            break
    return done


# ---------------------------------------------------------------------------- the brief


async def _brief(work: Work, upcoming: Upcoming, closures: Collection[Closed]) -> bool:
    session, told = upcoming.session, upcoming.told or Told.nothing(upcoming.session.id)
    if work.now >= session.closes_at:
        return False
    morning = session.opens_at - _BEFORE
    if told.first_at is None and work.now >= min(_evening(work, session.office, session.day, closures), morning):
        booked = await rows.visitors(work.tx, session.id)
        again = work.now if work.now >= morning else None
        after = told.model_copy(update={"shown": rows.shown_of(booked), "first_at": work.now, "again_at": again})
        rows.put(work.tx, after)
        if booked:
            await _owe(work, session, SessionBriefed(session=session.id), "first")
        return True
    if told.first_at is not None and told.again_at is None and work.now >= morning:
        changes = compared(told, await rows.visitors(work.tx, session.id))
        rows.put(work.tx, told.model_copy(update={"again_at": work.now}))
        if changes:
            notice = SessionBriefed(
                session=session.id, again=True, added=changes.added, moved=changes.moved, gone=changes.gone
            )
            await _owe(work, session, notice, "again")
        return True
    return False


def _evening(work: Work, office: OfficeId, day: date, closures: Collection[Closed]) -> datetime:
    """17:00 on the office's last working day before; on the day before where there is none."""
    days = (day - timedelta(days=back) for back in range(1, _AHEAD.days))
    before = next((one for one in days if work.calendar.is_working_day(office, one, closures)), day - timedelta(days=1))
    return datetime.combine(before, _EVENING, tzinfo=work.offices.zone)


def compared(told: Told, booked: Collection[Booking]) -> Changes:
    """What changed since a brief was told."""
    then, now = dict(told.shown), dict(rows.shown_of(booked))
    return Changes(
        added=tuple(BookingId(one) for one in now if one not in then),
        moved=tuple(BookingId(one) for one in now if one in then and now[one] != then[one]),
        gone=tuple(BookingId(one) for one in then if one not in now),
    )


# ---------------------------------------------------------------------------- the summary


async def _summary(work: Work, upcoming: Upcoming) -> bool:
    session = upcoming.session
    slots = await session_rows.slots_of(work.tx, session.id) if work.now >= session.opens_at else ()
    if not slots or work.now < max(one.starts_at for one in slots):
        return False  # somebody may still come
    summary = await summaries.count(work, session)
    if work.now < session.closes_at + _AFTER and not summary.all_done:
        return False
    rows.put(work.tx, (upcoming.told or Told.nothing(session.id)).model_copy(update={"summed_at": work.now}))
    if summary.expected or summary.walk_ins:
        await _owe(work, session, SessionSummed(session=session.id), "summary", expires=work.now + _STILL)
    return True


# ---------------------------------------------------------------------------- to whom


async def _owe(work: Work, session: Session, notice: Notice, what: str, expires: datetime | None = None) -> None:
    """Owe it to each who reads briefs there, in their private chat; one that was not sent yet gives way."""
    for resident in await _readers(work, session.office):
        _owe_to(work, session, resident, notice, what, expires)


def _owe_to(
    work: Work, session: Session, resident: Resident, notice: Notice, what: str, expires: datetime | None = None
) -> None:
    outbox.add(
        work.tx,
        channel=resident.channel,
        chat=ChatId(resident.address),
        kind=OutboxKind.NOTICE,
        payload=notice.model_dump_json(),
        urgency=NOTICE,
        key=f"brief:{session.id}:{what}:{resident.address}",
        supersedes=f"brief:{session.id}:{resident.address}",
        subject=session_subject(session.id),
        resident=resident.id,
        expires_at=expires or session.closes_at,
        at=work.now,
    )


async def tell_without(
    work: Work, session_id: SessionId, chats: Collection[tuple[str, ChatId]], gone: tuple[BookingId, ...]
) -> None:
    """The brief once more in these chats, as long as it is of use: somebody who stood in it is gone."""
    session = await session_rows.by_id(work.tx, session_id)
    if session is None or session.closes_at <= work.now:
        return
    notice = SessionBriefed(session=session.id, again=True, gone=gone)
    for channel, chat in sorted(chats):
        reader = await residents.at(work.tx, channel, chat)
        if reader is not None:
            _owe_to(work, session, reader, notice, f"without:{work.now.isoformat()}")


async def _readers(work: Work, office: OfficeId) -> tuple[Resident, ...]:
    """Who has a role of that very office with the right. Who administers every office asks for briefs: /brief."""
    found: dict[str, Resident] = {}
    for right in await permissions.staff_of(work, office):
        if right.office == office and Act.BRIEF in MAY[right.role] and right.address not in found:
            resident = await residents.at(work.tx, right.channel, right.address)
            if resident is not None:
                found[right.address] = resident
    return tuple(found.values())


async def reads(work: Work, resident: Resident, session: SessionId) -> Session | None:
    """The session, while somebody may still read its brief."""
    found = await session_rows.by_id(work.tx, session)
    member = await permissions.member(work, Person(resident.channel, resident.address))
    return found if found is not None and member is not None and member.may(Act.BRIEF, found.office) else None
