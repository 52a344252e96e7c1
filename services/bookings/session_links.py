"""A session's own link for its meetings by video: set, shown before with whom it concerns, told after, undone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from services.actors import Actor, booking_subject, office_subject
from services.bookings import availability, cards, transitions
from services.bookings.meetings import LINK, Meeting, is_link, meeting_of
from services.notify.enqueue import notify_resident
from services.notify.notices.bookings import MeetingChanged
from services.notify.quiet_hours import by_day
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from storage import audit
from storage import session_links as rows
from storage import sessions as session_rows
from storage.ids import SessionId
from storage.records.bookings import Booking, BookingStatus
from storage.session_links import SessionLink

__all__ = ["NotSet", "SessionLink", "Set", "before", "carry", "concerned", "newest", "put"]


class NotSet(Enum):
    """Why the link stays as it is."""

    DENIED = auto()
    NOT_THERE = auto()
    NO_LINK = auto()  # what was said is none
    OVERTAKEN = auto()  # somebody else changed it, or other people are concerned by now


@dataclass(frozen=True, slots=True)
class Set:
    """The link as it is now, and who is told."""

    link: SessionLink
    told: tuple[Booking, ...]


async def newest(work: Work, session: SessionId) -> SessionLink | None:
    """The last change; None where a session never had a link of its own."""
    return await rows.newest(work.tx, session)


async def before(work: Work, session: SessionId, version: int) -> str | None:
    """What the link was before a change that is still the last; None where it no longer is."""
    now = await rows.newest(work.tx, session)
    if now is None or now.version != version:
        return None
    earlier = await rows.of_version(work.tx, session, version - 1)
    return "" if earlier is None else earlier.link


async def concerned(work: Work, session: SessionId) -> tuple[Booking, ...]:
    """Who meets by video in it, has no link of their own, and whose time has not come yet."""
    board = await availability.look(work, session)
    if board is None:
        return ()
    found = [one for one in board.bookings.values() if _meets_there(work, one)]
    return tuple(sorted(found, key=lambda one: (one.starts_at or work.now, one.id)))


def _meets_there(work: Work, booking: Booking) -> bool:
    ahead = booking.status is BookingStatus.CONFIRMED and booking.ends_at is not None and booking.ends_at > work.now
    return ahead and meeting_of(booking) is Meeting.VIDEO and not booking.answers.get(LINK)


async def put(work: Work, person: Person, session_id: SessionId, link: str, version: int) -> Set | NotSet:
    """Give a session a link ("" is the office's again), where its last change is the one that the member saw."""
    session = await session_rows.by_id(work.tx, session_id)
    if session is None or session.closes_at <= work.now:
        return NotSet.NOT_THERE
    if await guard(work, person, Act.SESSIONS, session.office) is None:
        return NotSet.DENIED
    if link and not is_link(link):
        return NotSet.NO_LINK
    await transitions.lock_sessions(work, session_id)
    told = await concerned(work, session_id)
    now = await rows.newest(work.tx, session_id)
    if (now.version if now else 0) != version:
        return NotSet.OVERTAKEN
    if not await rows.add(work.tx, session_id, version + 1, link, person.actor, work.now):
        return NotSet.OVERTAKEN
    audit.record(
        work.tx, work.now, person.actor, "session.link", office_subject(session.office), f"{session.day} {session.lane}"
    )
    for booking in told:
        cards.owe_card(work, booking)
        await _tell(work, booking, version + 1)
    return Set(
        SessionLink(session_id=session_id, version=version + 1, link=link, actor=person.actor, at=work.now), told
    )


async def _tell(work: Work, booking: Booking, version: int) -> None:
    """A link that was changed again before they heard of it is told once."""
    same_day = booking.day == work.today
    await notify_resident(
        work,
        booking.resident_id,
        MeetingChanged(booking=booking.id, version=booking.version, link=True),
        key=f"session_link:{booking.id}:{version}",
        supersedes=f"session_link:{booking.id}",
        subject=booking_subject(booking.id),
        not_before=None if same_day else by_day(work, work.now),
    )


async def carry(work: Work, session: SessionId, to: SessionId, actor: Actor) -> None:
    """A day was moved: the session on the new day has the same link, unless it has one already."""
    link = await rows.newest(work.tx, session)
    if link is not None and link.link and await rows.newest(work.tx, to) is None:
        await rows.add(work.tx, to, 1, link.link, actor, work.now)
