"""What those see who look after people's data: requests, what retention erased, consents. Nobody is named."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from storage.database import Dialect, Transaction
from storage.records import Instant, Record


class RequestKind(StrEnum):
    """What somebody asked for about their own data."""

    COPY = "copy"
    CORRECTION = "correction"
    ERASURE = "erasure"


class RequestSource(StrEnum):
    """How it was made: to the bot, which does it, or to people, who do it by hand."""

    CHAT = "chat"
    STAFF = "staff"


class PrivacyRequest(Record):
    """One request. `left_over` counts messages in staff chats that the channel would not take back."""

    id: int
    kind: RequestKind
    source: RequestSource
    made_at: Instant
    due: date
    done_at: Instant | None
    left_over: int


# ---------------------------------------------------------------------------- requests


async def add_request(
    tx: Transaction, kind: RequestKind, source: RequestSource, at: datetime, due: date, done_at: datetime | None
) -> PrivacyRequest:
    row = await tx.one(
        """
        INSERT INTO privacy_requests (kind, source, made_at, due, done_at)
        VALUES (:kind, :source, :at, :due, :done_at) RETURNING *
        """,
        kind=kind.value,
        source=source.value,
        at=at,
        due=due,
        done_at=done_at,
    )
    assert row is not None  # noqa: S101 - RETURNING
    return PrivacyRequest.of(row)


def wait_for(tx: Transaction, request: int, keys: Collection[str]) -> None:
    """An erasure is done when the messages with these keys have been sent."""
    for key in keys:
        tx.later(
            """
            INSERT INTO privacy_take_backs (request_id, outbox_key) VALUES (:request, :key)
            ON CONFLICT (request_id, outbox_key) DO NOTHING
            """,
            request=request,
            key=key,
        )


async def finish(tx: Transaction, request: int, at: datetime) -> PrivacyRequest | None:
    """Mark an open request as done; None where it is done already, or there is none."""
    sql = "UPDATE privacy_requests SET done_at = :at WHERE id = :id AND done_at IS NULL RETURNING *"
    return PrivacyRequest.maybe(await tx.one(sql, id=request, at=at))


def leave_over(tx: Transaction, request: int, count: int) -> None:
    """So many messages are left for somebody to delete by hand."""
    tx.later("UPDATE privacy_requests SET left_over = :count WHERE id = :id", id=request, count=count)


async def by_id(tx: Transaction, request: int) -> PrivacyRequest | None:
    return PrivacyRequest.maybe(await tx.one("SELECT * FROM privacy_requests WHERE id = :id", id=request))


async def by_hand(tx: Transaction, limit: int) -> list[PrivacyRequest]:
    """Requests that wait for people, the most urgent first."""
    rows = await tx.all(
        """
        SELECT * FROM privacy_requests WHERE done_at IS NULL AND (source = 'staff' OR left_over > 0)
        ORDER BY due, id LIMIT :limit
        """,
        limit=limit,
    )
    return [PrivacyRequest.of(row) for row in rows]


async def latest(tx: Transaction, since: datetime, limit: int) -> list[PrivacyRequest]:
    """The newest requests."""
    rows = await tx.all(
        "SELECT * FROM privacy_requests WHERE made_at >= :since ORDER BY made_at DESC, id DESC LIMIT :limit",
        since=since,
        limit=limit,
    )
    return [PrivacyRequest.of(row) for row in rows]


class RequestCounts(Record):
    """How the requests of a period stand."""

    kind: RequestKind
    made: int
    done: int
    late: int  # done after the day they were due


_COUNTS = {
    dialect: f"""
        SELECT kind, count(*) AS made, count(done_at) AS done,
            coalesce(sum(CASE WHEN done_at IS NOT NULL AND {day} > due THEN 1 ELSE 0 END), 0) AS late
        FROM privacy_requests WHERE made_at >= :since GROUP BY kind ORDER BY kind
    """
    for dialect, day in (
        (Dialect.SQLITE, "date(done_at, '+3 hours')"),
        (Dialect.POSTGRES, "CAST(done_at AT TIME ZONE 'Asia/Bahrain' AS DATE)"),
    )
}


async def count_requests(tx: Transaction, since: datetime) -> list[RequestCounts]:
    return [RequestCounts.of(row) for row in await tx.all(_COUNTS[tx.dialect], since=since)]


class TakingBack(Record):
    """How far the messages of an erasure have been taken back."""

    id: int
    made_at: Instant
    waiting: int
    failed: int
    last_at: Instant | None


async def erasures_under_way(tx: Transaction, limit: int) -> list[TakingBack]:
    """Erasures by the bot whose messages have all been tried."""
    rows = await tx.all(
        """
        SELECT * FROM (
            SELECT r.id, r.due, r.made_at,
                coalesce(sum(CASE WHEN o.status = 'pending' THEN 1 ELSE 0 END), 0) AS waiting,
                coalesce(sum(CASE WHEN o.status IN ('failed', 'unreachable') OR (o.status = 'sent' AND o.error <> '')
                    THEN 1 ELSE 0 END), 0) AS failed,
                max(o.sent_at) AS last_at
            FROM privacy_requests r
            LEFT JOIN privacy_take_backs t ON t.request_id = r.id LEFT JOIN outbox o ON o.key = t.outbox_key
            WHERE r.done_at IS NULL AND r.source = 'chat' AND r.left_over = 0 GROUP BY r.id, r.due, r.made_at
        ) tried WHERE waiting = 0 ORDER BY due, id LIMIT :limit
        """,
        limit=limit,
    )
    return [TakingBack.of(row) for row in rows]


# ---------------------------------------------------------------------------- what retention erased


def count_erased(tx: Transaction, day: date, step: str, count: int) -> None:
    tx.later(
        """
        INSERT INTO retention_sums (day, step, erased) VALUES (:day, :step, :count)
        ON CONFLICT (day, step) DO UPDATE SET erased = retention_sums.erased + excluded.erased
        """,
        day=day,
        step=step,
        count=count,
    )


class Erased(Record):
    day: date
    step: str
    erased: int


async def erased_since(tx: Transaction, day: date) -> list[Erased]:
    """What each step erased, by day, the newest day first."""
    rows = await tx.all("SELECT * FROM retention_sums WHERE day >= :day ORDER BY day DESC, step", day=day)
    return [Erased.of(row) for row in rows]


# ---------------------------------------------------------------------------- consents


def count_consent(tx: Transaction, month: str, language: str, *, given: int = 0, withdrawn: int = 0) -> None:
    tx.later(
        """
        INSERT INTO consent_sums (month, language, given, withdrawn) VALUES (:month, :language, :given, :withdrawn)
        ON CONFLICT (month, language) DO UPDATE SET
            given = consent_sums.given + excluded.given, withdrawn = consent_sums.withdrawn + excluded.withdrawn
        """,
        month=month,
        language=language,
        given=given,
        withdrawn=withdrawn,
    )


class Consents(Record):
    """Consents of one month and one language."""

    month: str
    language: str
    given: int
    withdrawn: int


async def consents_since(tx: Transaction, month: str) -> list[Consents]:
    sql = "SELECT * FROM consent_sums WHERE month >= :month ORDER BY month DESC, language"
    return [Consents.of(row) for row in await tx.all(sql, month=month)]
