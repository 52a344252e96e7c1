"""Announcements of a session: drafted by somebody, or by the clock when something happened to it.

What the clock drafts nobody has sent: the office's administrators are told that it is there.
"""

from __future__ import annotations

from datetime import timedelta

from services.actors import CLOCK, announcement_subject, session_subject
from services.announcements.model import Announcement, Audience, Button, Kind, Occasion, Status
from services.announcements.telling import tell_drafted
from services.announcements.writing import blank, draft
from services.bookings import sessions
from services.staff.permissions import Person
from services.unit_of_work import Work
from storage import announcement_lists as lists
from storage import announcements as rows
from storage import audit, draft_lists, session_news
from storage.ids import OfficeId, SessionId
from storage.session_news import SessionNews
from storage.translations import Translations

SLOW = timedelta(days=3)  # so long before, a session less than half booked fills slowly
_LATELY = timedelta(days=1)
#: What makes an announcement that people have untrue.
_CORRECTIONS = frozenset({Occasion.MOVED, Occasion.CALLED_OFF})


async def session_draft(work: Work, person: Person, session: SessionId) -> Announcement | None:
    """Draft an announcement of a session, whose words and open times are written when it is sent.

    None where there is no such session, or the person may not.
    """
    found = await sessions.session(work, session)
    if found is None:
        return None
    return await draft(
        work, person, Kind.SESSION, found.office, subject=session_subject(session), buttons=_buttons(found.office)
    )


async def run_due(work: Work, limit: int = 50) -> int:
    """Withdraw drafts that no longer hold and draft what happened to sessions, `limit` of each; how many there were."""
    stale = await draft_lists.stale(work.tx, work.now, limit)
    for outdated in stale:
        await _withdraw(work, outdated)
    news = await session_news.undrafted(
        work.tx,
        now=work.now,
        today=work.today,
        soon=work.today + SLOW,
        lately=work.now - _LATELY,
        limit=limit,
    )
    for one in news:
        await _draft(work, one)
    return len(stale) + len(news)


async def _withdraw(work: Work, draft: Announcement) -> None:
    """It would say what is no longer so: the day is open again, full, over, or a newer draft says it."""
    over = draft.model_copy(update={"status": Status.CANCELLED, "finished_at": work.now})
    if await rows.move(work.tx, over, Status.DRAFT, work.now) is None:
        return  # somebody has just sent or changed it
    audit.record(
        work.tx, work.now, CLOCK, "announcement.outdated", announcement_subject(draft.id), draft.occasion.value
    )
    await tell_drafted(work, draft)


async def _draft(work: Work, news: SessionNews) -> None:
    """To those who were told of the session, where somebody was; else to the office's residents."""
    subject = session_subject(news.id)
    told = await lists.sent_about(work.tx, subject) if news.occasion in _CORRECTIONS else None
    audience = Audience(offices=(news.office,)) if told is None else told.audience
    written = blank(Kind.SESSION, news.office, subject, news.occasion).model_copy(
        update={"audience": audience, "buttons": _buttons(news.office), "round": news.round}
    )
    made = await rows.add(work.tx, written, CLOCK, work.now)
    if made is None:
        return  # another process was first
    audit.record(work.tx, work.now, CLOCK, "announcement.drafted", announcement_subject(made.id), news.occasion.value)
    await tell_drafted(work, made)


def _buttons(office: OfficeId) -> tuple[Button, ...]:
    return (Button(label=Translations({}), link="book", office=office),)
