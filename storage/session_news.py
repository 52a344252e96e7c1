"""Sessions of which there is something to announce, and no draft of it yet."""

from __future__ import annotations

from datetime import date, datetime

from storage.announcements import Occasion
from storage.booking_states import SEATED, listed
from storage.database import Transaction
from storage.ids import OfficeId, SessionId
from storage.records import Record


class SessionNews(Record):
    """What happened to a session."""

    id: SessionId
    office: OfficeId
    occasion: Occasion
    round: int  # which time it happened


_NO_DRAFT = """
    NOT EXISTS (
        SELECT 1 FROM announcements a
        WHERE a.subject = 'session:' || s.id AND a.occasion = '{occasion}' AND a.occasion <> ''
            AND a.round = {round}
    )
"""
# Of an office whose days are all planned at once only the last one is news.
_OPENED = f"""
    SELECT s.id, s.office, 'opened' AS occasion, 0 AS round FROM sessions s
    WHERE s.day > :today AND s.status = 'open' AND s.created_at > :lately
        AND NOT EXISTS (
            SELECT 1 FROM sessions l WHERE l.office = s.office AND l.lane = s.lane AND l.day > s.day
        )
        AND {_NO_DRAFT.format(occasion="opened", round="0")}
    ORDER BY s.day, s.id LIMIT :limit
"""
_FILLING_SLOWLY = f"""
    SELECT s.id, s.office, 'filling_slowly' AS occasion, 0 AS round FROM sessions s
    WHERE s.day > :today AND s.day <= :soon AND s.status = 'open'
        AND 2 * (SELECT count(*) FROM bookings b WHERE b.session_id = s.id AND b.status IN {listed(SEATED)})
            < (SELECT coalesce(sum(sl.capacity), 0) FROM slots sl WHERE sl.session_id = s.id)
        AND {_NO_DRAFT.format(occasion="filling_slowly", round="0")}
        AND NOT EXISTS (
            SELECT 1 FROM announcements a
            WHERE a.subject = 'session:' || s.id AND a.subject <> '' AND a.created_at > :lately
        )
    ORDER BY s.day, s.id LIMIT :limit
"""
_MOVED = f"""
    SELECT s.id, s.office, 'moved' AS occasion, s.moved AS round FROM sessions s
    WHERE s.day >= :today AND s.closes_at > :now AND s.status = 'open' AND s.moved > 0
        AND {_NO_DRAFT.format(occasion="moved", round="s.moved")}
    ORDER BY s.day, s.id LIMIT :limit
"""
_CALLED_OFF = f"""
    SELECT s.id, s.office, 'called_off' AS occasion, s.closings AS round FROM sessions s
    WHERE s.day >= :today AND s.closes_at > :now AND s.status = 'closed'
        AND {_NO_DRAFT.format(occasion="called_off", round="s.closings")}
    ORDER BY s.day, s.id LIMIT :limit
"""


async def undrafted(
    tx: Transaction, *, now: datetime, today: date, soon: date, lately: datetime, limit: int
) -> tuple[SessionNews, ...]:
    """What happened: opened `lately`, fills slowly and takes place by `soon`, moved, or called off.

    Of a session that was announced `lately`, filling slowly is no news.
    """
    found = [
        *await tx.all(_CALLED_OFF, today=today, now=now, limit=limit),
        *await tx.all(_MOVED, today=today, now=now, limit=limit),
        *await tx.all(_FILLING_SLOWLY, today=today, soon=soon, lately=lately, limit=limit),
        *await tx.all(_OPENED, today=today, lately=lately, limit=limit),
    ]
    return tuple(SessionNews.of(row) for row in found[:limit])
