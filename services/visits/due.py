"""What time does to a line: it is looked at after each change, and now and then, until its day is over."""

from __future__ import annotations

from datetime import timedelta

from services.unit_of_work import Work
from services.visits import panels
from services.visits.hall import Hall, Lane, positions
from storage import lines as rows
from storage import sessions as session_rows
from storage.ids import OfficeId
from storage.lines import Line
from storage.records import Session

#: How often a line is looked at that nobody changes: expected times shift as time passes.
EVERY = timedelta(seconds=20)
#: For so long after it closes a line is looked at although nobody waits: who comes late has still come.
AFTER = timedelta(minutes=30)


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
        await _look(work, line, session, lane)
    return len(due)


async def _look(work: Work, line: Line, session: Session, lane: Lane) -> None:
    await panels.owe(work, session.id)
    over = work.now >= session.closes_at + AFTER and not (lane.waiting or lane.called or lane.inside)
    rows.look_again(work.tx, line.session_id, None if over else work.now + EVERY)
