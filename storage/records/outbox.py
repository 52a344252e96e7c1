"""The messages that are still to be sent, and what became of each."""

from __future__ import annotations

from enum import StrEnum

from storage.ids import ChatId, ResidentId
from storage.records import Instant, Record


class OutboxKind(StrEnum):
    MESSAGE = "message"  # a rendered conversations.engine.messages.Outgoing
    NOTICE = "notice"  # a services.notify.notices.Notice, put into words when it is sent


class OutboxStatus(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"


class OutboxRow(Record):
    id: int
    channel: str
    chat: ChatId
    kind: OutboxKind
    payload: str
    urgency: int
    subject: str
    supersedes: str | None
    resident_id: ResidentId | None
    not_before: Instant
    expires_at: Instant | None
    attempts: int
    failing_since: Instant | None  # when the first of its tries failed
    created_at: Instant
    delete_after: int | None = None  # seconds after sending until it is deleted again
