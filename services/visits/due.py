"""What time does to a line: it is looked at after each change, and now and then, until its day is over."""

from __future__ import annotations

from datetime import timedelta

from services.actors import CLOCK
from services.bookings import attendance
from services.unit_of_work import Work
from services.visits import panels, pushes
from services.visits.hall import Hall, Lane, positions
from storage import lines as rows
from storage import sessions as session_rows
from storage.ids import OfficeId
from storage.records.sessions import Session

#: How often a line is looked at that nobody changes: expected times shift as time passes.
EVERY = timedelta(seconds=20)
#: For so long after it closes a line is looked at although nobody waits: who comes late has still come.
AFTER = timedelta(minutes=30)
_MOST = 25  # people of a line for whom something is owed in one transaction


async def run_due(work: Work, limit: int) -> int:
    """Look at lines whose time has come, `limit` at most; how many that were."""
    due = await rows.to_look_at(work.tx, work.now, limit)
    halls: dict[OfficeId, Hall] = {}
    for line in due:
        session = await session_rows.by_id(work.tx, line.session_id)
        assert session is not None  # noqa: S101 - the line refers to it
        if session.day != work.today:
            rows.look_again(work.tx, session.id, None)
            continue
        if session.office not in halls:
            halls[session.office] = await positions(work, session.office, session.day)
        lane = halls[session.office].lane(session.id)
        assert lane is not None  # noqa: S101 - all sessions of the day are in the hall
        await _look(work, session, lane)
    return len(due)


async def _look(work: Work, session: Session, lane: Lane) -> None:
    """Owe what people and panels are to show, and mark who never came once the line has closed."""
    told = await pushes.tell(work, lane, _MOST)
    if told < _MOST:
        told += await pushes.tell_at_home(work, lane)
        await panels.owe(work, session.id)
    closed = work.now >= session.closes_at + AFTER
    if closed and told < _MOST:
        told += await _mark_who_never_came(work, lane, _MOST)
    over = closed and not (lane.waiting or lane.called or lane.inside or any(not one.remote for one in lane.to_come))
    again = work.now if told >= _MOST else work.now + EVERY
    rows.look_again(work.tx, session.id, None if over else again)


async def _mark_who_never_came(work: Work, lane: Lane, most: int) -> int:
    """Who never came did not attend; of those who came and were not received, their visit says what became of them.

    Where nobody came at all, nobody worked at the door: then nothing is known of anybody.
    """
    if not (lane.gone or lane.waiting or lane.inside or lane.absent):
        return 0
    missed = [one for one in lane.missed if one.awaited.starts_at <= work.now][:most]
    for one in missed:
        await attendance.mark_no_show(work, one.awaited.reference, CLOCK)
    return len(missed)
