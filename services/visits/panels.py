"""The living message with a line's buttons: in the office's group, and in the chat of each member who asked for one."""

from __future__ import annotations

from services.actors import session_subject
from services.notify.enqueue import notify_office, notify_resident
from services.notify.notices.line import LinePanel
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act, Person, guard
from services.unit_of_work import Work
from services.visits import line
from services.visits.line import Hall, Lane
from services.visits.visits import Denied
from storage import line_panels as rows
from storage import outbox, residents
from storage import sessions as session_rows
from storage.ids import ChatId, MessageId, OfficeId, SessionId
from storage.line_panels import Panel
from storage.records.sessions import Session

__all__ = ["Panel", "ask", "group", "is_on_its_way", "look", "of", "owe", "sessions_today", "shows"]


async def sessions_today(work: Work, office: OfficeId) -> tuple[Session, ...]:
    """An office's sessions of today."""
    return await session_rows.of_day(work.tx, office, work.today)


async def look(work: Work, session: SessionId) -> tuple[Hall, Lane] | None:
    """A line as it stands, with the hall it is in; None where there is none such."""
    found = await session_rows.by_id(work.tx, session)
    hall = None if found is None else await line.positions(work, found.office, found.day)
    lane = None if hall is None else hall.lane(session)
    return None if hall is None or lane is None else (hall, lane)


async def of(work: Work, session: SessionId, channel: str, chat: ChatId) -> Panel | None:
    return await rows.of(work.tx, session, channel, chat)


async def ask(
    work: Work, session: SessionId, person: Person, chat: ChatId, *, private: bool
) -> MessageId | Denied | None:
    """Show a panel in a chat from now on; the message that showed it until now, if there was one."""
    line_session = await session_rows.by_id(work.tx, session)
    office = EVERY_OFFICE if line_session is None else line_session.office
    if await guard(work, person, Act.RECEIVE, office, session_subject(session)) is None:
        return Denied()
    before = await rows.of(work.tx, session, person.channel, chat)
    owner = await residents.id_of(work.tx, person.channel, person.address) if private else None
    panel = Panel(session_id=session, channel=person.channel, chat=chat, resident_id=owner, asked_at=work.now)
    rows.put(work.tx, panel)
    await _owe(work, panel)
    return None if before is None else before.message


async def owe(work: Work, *sessions: SessionId) -> None:
    """Every panel of these lines is to show how they stand."""
    for session in sessions:
        for panel in await rows.of_session(work.tx, session):
            await _owe(work, panel)


async def _owe(work: Work, panel: Panel) -> None:
    notice = LinePanel(session=panel.session_id, chat=panel.chat)
    # Not the group of the messages: one that is about to be sent, and shows what is still true, is to be sent.
    group, subject = f"panel_news:{panel.session_id}:{panel.chat}", session_subject(panel.session_id)
    if panel.resident_id is not None:
        await notify_resident(work, panel.resident_id, notice, key=None, subject=subject, supersedes=group)
        return
    session = await session_rows.by_id(work.tx, panel.session_id)
    if session is not None:
        notify_office(work, session.office, notice, key=None, subject=subject, supersedes=group)


async def is_on_its_way(work: Work, panel: Panel) -> bool:
    """Whether a message that shows it waits to be sent."""
    return await outbox.is_under_way(work.tx, group(panel))


def group(panel: Panel) -> str:
    """What messages that show it supersede each other by."""
    return rows.group(panel.session_id, panel.chat)


def shows(work: Work, panel: Panel, digest: str) -> None:
    """What it is made to show now."""
    rows.shows(work.tx, panel, digest)


async def is_of_team(work: Work, panel: Panel, office: OfficeId) -> bool:
    """Whether its chat is still that in which the office's team works."""
    team = await permissions.chat_of(work, office)
    return team is not None and (team.channel, team.chat) == (panel.channel, panel.chat)
