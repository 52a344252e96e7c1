"""A line stands still for a while: for a break, or because whoever receives comes later. Everybody's time shifts."""

from __future__ import annotations

from datetime import timedelta

from services.actors import session_subject
from services.bookings.transitions import lock_sessions
from services.staff.permissions import Act, Person, guard
from services.unit_of_work import Work
from services.visits.visits import Denied
from storage import audit
from storage import lines as rows
from storage import sessions as session_rows
from storage.ids import SessionId
from storage.lines import Held, Line

#: Nobody announces that they come later than this.
LONGEST = timedelta(hours=4)


class NotHeld:
    """It is another day's, another was quicker, or the time makes no sense: nothing was changed."""


async def hold(
    work: Work, person: Person, session: SessionId, held: Held, span: timedelta | None, version: int | None = None
) -> Line | NotHeld | Denied:
    """Let a line stand still for so long, from now or from its opening. Only a break may have no end yet.

    `Held.NO` lets it go on. With `version`, only if the line is still as they saw it.
    """
    found = await session_rows.by_id(work.tx, session)
    if found is None or found.day != work.today:
        return NotHeld()
    if await guard(work, person, Act.RECEIVE, found.office, session_subject(session)) is None:
        return Denied()
    await lock_sessions(work, session)
    line = await rows.of_session(work.tx, session) or Line(session_id=session)
    if version not in {None, line.version} or not _makes_sense(held, span):
        return NotHeld()
    until = None if span is None else max(work.now, found.opens_at) + span
    rows.hold(work.tx, session, held, None if held is Held.NO else work.now, until)
    rows.touch(work.tx, session, work.now, by_staff=True)
    minutes = "" if span is None else f"{span // timedelta(minutes=1)}"
    audit.record(work.tx, work.now, person.actor, f"line.{held or 'resumed'}", session_subject(session), minutes)
    return await rows.of_session(work.tx, session) or line


def _makes_sense(held: Held, span: timedelta | None) -> bool:
    match held:
        case Held.NO:
            return span is None
        case Held.BREAK:
            return span is None or timedelta() < span <= LONGEST
        case Held.DELAY:
            return span is not None and timedelta() < span <= LONGEST
