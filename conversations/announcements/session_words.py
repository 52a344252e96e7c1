"""What is told of one Customer Day, written from the session as it is when the message is sent."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Responder
from conversations.texts.booking import SHORT_WORDS
from locales import Localizer
from services.actors import session_in
from services.announcements.model import Announcement, Occasion
from services.bookings import sessions
from services.offices.offices import Office
from storage.records.sessions import Session, SessionStatus


async def words(responder: Responder, announcement: Announcement) -> Markup | None:
    """The text in the reader's language; None where it is no longer true."""
    work, t = responder.work, responder.t
    number = session_in(announcement.subject)
    session = None if number is None else await sessions.session(work, number)
    office = None if session is None else work.offices.get(session.office)
    if session is None or office is None or session.closes_at <= work.now:
        return None
    if announcement.occasion is Occasion.CALLED_OFF:
        return _called_off(t, session, office) if session.status is SessionStatus.CLOSED else None
    if session.status is SessionStatus.CLOSED:
        return None
    free = sum(slot.free for slot in await sessions.free_slots(work, session.id))
    return _invitation(responder, session, office, announcement.occasion, free)


def _called_off(t: Localizer, session: Session, office: Office) -> Markup:
    reason = session.closed_reason.get(t.language.value)
    return t.join_lines(
        t("❌ <b>Customer Day cancelled: {office}</b>", office=t.pick(office.short_name)),
        t("There is no Customer Day on {date}.", date=t.date(session.day)),
        t("Reason: {reason}", reason=t.own(reason, SHORT_WORDS)) if reason else None,
        t("You can book another day."),
    )


def _invitation(responder: Responder, session: Session, office: Office, occasion: Occasion, free: int) -> Markup:
    t = responder.t
    name, date = t.pick(office.short_name), t.near_date(session.day, responder.work.today)
    hours = t("Time: {hours}", hours=t.span(session.opens_at, session.closes_at))
    if not free:
        times = t("All times are booked. You can join the waiting list.")
    else:
        times = t.plural("{n} time available", "{n} times available", free)
    return t.join_lines(
        t("📅 <b>Customer Day: {office}</b>", office=name),
        t("The date or time has changed.") if occasion is Occasion.MOVED else None,
        t("{date}: {times}", date=date, times=times),
        hours,
        "",
        t("The Director General meets citizens and residents face to face. You can book in a few steps."),
    )
