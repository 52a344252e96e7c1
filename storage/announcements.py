"""Announcements: what an office tells many residents at once, and how far that has come.

Who is told is in `storage.announcement_recipients`.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Json

from storage.columns import assigned, columns_of, insert_into
from storage.database import Dialect, Transaction, one_of
from storage.ids import Actor, AnnouncementId, CategoryId, FileId, MessageId, OfficeId, ResidentId, Subject
from storage.records import Instant, Record
from storage.translations import Translations


class Kind(StrEnum):
    NEWS = "news"
    SESSION = "session"  # about one Customer Day
    IMPROVEMENT = "improvement"  # what came of residents' suggestions and complaints


class Status(StrEnum):
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CORRECTING = "correcting"  # sent, and those who have it get the corrected text
    RECALLING = "recalling"
    CANCELLED = "cancelled"
    RECALLED = "recalled"


class Occasion(StrEnum):
    """What happened to a session, for the announcement that is drafted of it."""

    NONE = ""
    OPENED = "opened"
    FILLING_SLOWLY = "filling_slowly"
    MOVED = "moved"
    CALLED_OFF = "called_off"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Audience(_Value):
    """Whom an announcement is for: residents of whom all of this holds."""

    offices: tuple[OfficeId, ...] = ()  # that they chose; empty: every office, and none
    language: str = ""
    booked: Literal["", "has", "never"] = ""  # an appointment, ever
    open_case: bool = False
    category: CategoryId = CategoryId("")  # of one of their requests
    block: int | None = None  # of one of their requests
    only: tuple[ResidentId, ...] = ()  # of a test
    test: bool = False  # to `only`, who asked for it themselves

    @property
    def is_public(self) -> bool:
        """Whether it concerns an office's residents as such, and not some of them."""
        return not (self.language or self.booked or self.open_case or self.category or self.block or self.test)


Link = Literal["book", "complain", "suggest", "office"]


class Button(_Value):
    """A button under an announcement, which opens one of our own doors."""

    label: Translations
    link: Link
    office: OfficeId  # "" is the reader's own


class Written(Record):
    """What its author decides."""

    kind: Kind
    office: OfficeId  # "" is every office
    texts: Translations  # none of them where it is written from the session it is about
    files: Json[tuple[FileId, ...]]
    buttons: Json[tuple[Button, ...]]
    audience: Json[Audience]
    language_left_out: str  # a language that it is not written in on purpose
    emergency: bool
    paid: bool  # sent faster than is free, where the settings allow it
    send_at: Instant | None
    expires_at: Instant | None
    subject: Subject
    occasion: Occasion
    round: int = 0  # which time it happened to the session


class Announcement(Written):
    id: AnnouncementId
    status: Status
    author: Actor
    version: int  # grows with each change by a person
    asked_at: Instant | None  # since when it waits for a second person
    approved_by: Actor
    approved_at: Instant | None
    approved_version: int | None
    last: ResidentId | None  # the newest resident when sending began
    counted_to: ResidentId
    fed_to: ResidentId
    walked_to: ResidentId | None  # how far a correction or a recall has come; None where there is none
    edition: int
    total: int  # recipients counted so far
    sent: int
    failed: int
    unreachable: int
    skipped: int  # want no news by now, or it expired or was cancelled before their turn
    corrected: int
    recalled: int
    kept: int  # could no longer be taken back
    came_later: int
    pace: float  # messages a second, lately
    paced_at: Instant | None
    paced_done: int
    progress_message: MessageId | None
    started_at: Instant | None
    finished_at: Instant | None
    created_at: Instant
    updated_at: Instant

    @property
    def still_counting(self) -> bool:
        return self.last is not None and self.counted_to < self.last

    @property
    def done(self) -> int:
        """Recipients of whom it is known how it went."""
        return self.sent + self.failed + self.unreachable + self.skipped


#: What a person may change of a draft.
CHANGEABLE = columns_of(Written, without={"kind", "subject", "occasion", "round"})

_NEW = (*columns_of(Written), "status", "author", "created_at", "updated_at")
_ADD = f"""
{insert_into("announcements", _NEW)}
ON CONFLICT (subject, occasion, round) WHERE occasion <> '' DO NOTHING RETURNING *
"""
_CHANGE = f"""
UPDATE announcements SET {assigned(CHANGEABLE)}, version = version + 1, updated_at = :at
WHERE id = :id AND version = :version AND status = 'draft' RETURNING *
"""
_MOVED = (
    *("send_at", "asked_at", "approved_by", "approved_at", "approved_version"),
    *("last", "walked_to", "edition", "started_at", "finished_at", "author", "texts"),
)
_MOVE = f"""
UPDATE announcements SET {assigned(_MOVED)}, status = :status, version = version + 1, updated_at = :at
WHERE id = :id AND version = :version AND status = :was RETURNING *
"""


def written_columns(written: Written) -> dict[str, str | bool | int | datetime | None]:
    """What is written, as the row keeps it."""
    return {
        "kind": written.kind.value,
        "office": written.office,
        "texts": written.texts.as_json,
        "files": json.dumps(written.files),
        "buttons": json.dumps([button.model_dump() for button in written.buttons], ensure_ascii=False),
        "audience": written.audience.model_dump_json(exclude_defaults=True),
        "language_left_out": written.language_left_out,
        "emergency": written.emergency,
        "paid": written.paid,
        "send_at": written.send_at,
        "expires_at": written.expires_at,
        "subject": written.subject,
        "occasion": written.occasion.value,
        "round": written.round,
    }


async def add(tx: Transaction, written: Written, author: Actor, at: datetime) -> Announcement | None:
    """A new draft; None where what happened to that session was drafted before."""
    return Announcement.maybe(
        await tx.one(
            _ADD, **written_columns(written), status=Status.DRAFT.value, author=author, created_at=at, updated_at=at
        )
    )


async def change(tx: Transaction, announcement: Announcement, at: datetime) -> Announcement | None:
    """Write a draft anew; None where a rival changed it since this version."""
    columns = {name: value for name, value in written_columns(announcement).items() if name in CHANGEABLE}
    row = await tx.one(_CHANGE, **columns, id=announcement.id, version=announcement.version, at=at)
    return Announcement.maybe(row)


async def move(tx: Transaction, announcement: Announcement, was: Status, at: datetime) -> Announcement | None:
    """Give it another status, and what goes with that; None where a rival changed it since this version."""
    row = await tx.one(
        _MOVE,
        id=announcement.id,
        version=announcement.version,
        was=was.value,
        status=announcement.status.value,
        at=at,
        **{name: getattr(announcement, name) for name in _MOVED if name != "texts"},
        texts=announcement.texts.as_json,
    )
    return Announcement.maybe(row)


# ---------------------------------------------------------------------------- reading


async def by_id(tx: Transaction, announcement: AnnouncementId) -> Announcement | None:
    return Announcement.maybe(await tx.one("SELECT * FROM announcements WHERE id = :id", id=announcement))


async def lock(tx: Transaction, announcement: AnnouncementId) -> Announcement | None:
    """The announcement, kept from others until the commit."""
    sql = "SELECT * FROM announcements WHERE id = :id"
    if tx.dialect is Dialect.POSTGRES:  # SQLite's transactions already wait for each other
        sql += " FOR NO KEY UPDATE"
    return Announcement.maybe(await tx.one(sql, id=announcement))


_OF_OFFICES = {
    dialect: f"""
        SELECT * FROM announcements WHERE {one_of(dialect, "office", "offices")}
        ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :offset
    """
    for dialect in Dialect
}


async def of_offices(
    tx: Transaction, offices: Collection[OfficeId], limit: int, offset: int = 0
) -> tuple[Announcement, ...]:
    """Announcements of these offices ("" is every office), the newest first."""
    rows = await tx.all(_OF_OFFICES[tx.dialect], offices=tuple(offices), limit=limit, offset=offset)
    return tuple(Announcement.of(row) for row in rows)


async def at_work(tx: Transaction, now: datetime) -> tuple[Announcement, ...]:
    """What something is to be done about now, emergencies first."""
    rows = await tx.all(
        """
        SELECT * FROM announcements
        WHERE finished_at IS NULL
            AND status IN ('scheduled', 'sending', 'paused', 'correcting', 'recalling', 'cancelled')
            AND (status <> 'scheduled' OR send_at IS NULL OR send_at <= :now)
        ORDER BY emergency DESC, id
        """,
        now=now,
    )
    return tuple(Announcement.of(row) for row in rows)


# ---------------------------------------------------------------------------- how far it is

_ADVANCED = ("status", "last", "counted_to", "fed_to", "walked_to", "came_later", "started_at", "finished_at")
_COUNTED = ("total", "sent", "failed", "unreachable", "skipped", "corrected", "recalled", "kept")
_PACED = ("pace", "paced_at", "paced_done")
_ADVANCE = f"UPDATE announcements SET {assigned((*_ADVANCED, *_COUNTED, *_PACED))} WHERE id = :id"


def advance(tx: Transaction, announcement: Announcement) -> None:
    """Write how far it is: of a row that was locked. Its version is its author's, and stays."""
    values = {name: getattr(announcement, name) for name in (*_ADVANCED, *_COUNTED, *_PACED)}
    tx.later(_ADVANCE, id=announcement.id, **values | {"status": announcement.status.value})


# ---------------------------------------------------------------------------- taps


async def tap(tx: Transaction, announcement: AnnouncementId, resident: ResidentId, button: int, at: datetime) -> bool:
    """Count that somebody tapped a button; False where they did before."""
    counted = await tx.run(
        """
        INSERT INTO announcement_taps (announcement_id, resident_id, button, at)
        VALUES (:announcement, :resident, :button, :at) ON CONFLICT DO NOTHING
        """,
        announcement=announcement,
        resident=resident,
        button=button,
        at=at,
    )
    return counted > 0


class Effect(Record):
    """What an announcement brought: who tapped a button of it, and who then had an appointment."""

    taps: int
    bookings: int
    opt_outs: int  # who wanted no more news after it


_EFFECT = {
    Dialect.SQLITE: "strftime('%Y-%m-%dT%H:%M:%f000+00:00', t.at, '+7 days')",
    Dialect.POSTGRES: "t.at + INTERVAL '7 days'",
}


async def effect(tx: Transaction, announcement: AnnouncementId) -> Effect:
    """People who tapped, and bookings confirmed within seven days of the tap. Grows with the taps: read it apart."""
    row = await tx.one(
        f"""
        SELECT (SELECT count(DISTINCT resident_id) FROM announcement_taps WHERE announcement_id = :id) AS taps,
            (SELECT count(DISTINCT b.id) FROM announcement_taps t JOIN bookings b ON b.resident_id = t.resident_id
                AND b.confirmed_at IS NOT NULL AND b.confirmed_at >= t.at AND b.confirmed_at <= {_EFFECT[tx.dialect]}
             WHERE t.announcement_id = :id) AS bookings,
            (SELECT count(*) FROM announcement_opt_outs WHERE announcement_id = :id) AS opt_outs
        """,
        id=announcement,
    )
    assert row is not None  # noqa: S101 - an aggregate has a row
    return Effect.of(row)


# ---------------------------------------------------------------------------- the message that shows how far it is

_PROGRESS = "announcement progress:"


def progress_group(announcement: AnnouncementId) -> str:
    """What groups the messages that show its author how far it is, the newest of which counts."""
    return f"{_PROGRESS}{announcement}"


def progress_of(group: str) -> AnnouncementId | None:
    """Whose progress a message shows; None where it shows none."""
    return AnnouncementId(int(group.removeprefix(_PROGRESS))) if group.startswith(_PROGRESS) else None


def progress_shown(tx: Transaction, announcement: AnnouncementId, message: MessageId) -> None:
    sql = "UPDATE announcements SET progress_message = :message WHERE id = :id"
    tx.later(sql, id=announcement, message=message)
