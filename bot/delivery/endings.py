"""How deliveries end, and what the outbox keeps of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.channel import Barred, Delivered, Failed, Migrated, Refused, Unreachable
from bot.delivery import lost_groups
from bot.delivery.backlog import Address
from bot.delivery.follow_up import follow_up
from services.offices.offices import Offices
from storage import outbox, residents
from storage import staff as staff_rows
from storage.database import Transaction
from storage.ids import ChatId
from storage.records.outbox import OutboxRow, OutboxStatus

log = structlog.get_logger()

_GIVE_UP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Its time had passed before it could be sent."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """Not sent, and no longer held here: the outbox knows whether it is still owed."""


Ending = Delivered | Unreachable | Migrated | Refused | Barred | Failed | Lapsed | LetGo


@dataclass(frozen=True, slots=True)
class Settled:
    row: OutboxRow
    address: ChatId  # where its chat is by now
    ending: Ending
    until: datetime | None = None  # when one that failed is tried again


@dataclass(frozen=True, slots=True)
class Groups:
    """What is known of groups while an ending is noted."""

    offices: Offices
    newest: lost_groups.Newest
    lost: Collection[Address]  # groups of offices that could not be written to


def note(tx: Transaction, done: Settled, groups: Groups, now: datetime) -> None:
    """Write down how a delivery went."""
    row, held = done.row, outbox.held_by(done.row.payload)
    match done.ending:
        case Delivered(messages, undone):
            sent = messages[0] if messages else None
            outbox.settle(tx, row.id, OutboxStatus.SENT, now, message=sent, error=undone, holds=held)
            follow_up(tx, row, done.address, messages, now)
            if (row.channel, done.address) in groups.lost:
                lost_groups.regain(tx, row.channel, done.address, now)
        case Unreachable(reason) if row.resident_id is not None:
            outbox.settle(tx, row.id, OutboxStatus.UNREACHABLE, now, error=reason)
            outbox.give_up(tx, row.channel, row.chat)
            residents.unreachable(tx, row.resident_id)
        case Unreachable(reason):
            lost_groups.lose(tx, groups.offices, groups.newest, row.channel, done.address, reason, now)
        case Migrated(chat):
            log.info("group has moved", channel=row.channel)
            outbox.move_chat(tx, row.channel, done.address, chat, now)
            staff_rows.move_chat(tx, row.channel, done.address, chat)
        case Failed(error) if row.failing_since is not None and now - row.failing_since >= _GIVE_UP:
            log.error("message given up", row=row.id, subject=row.subject, error=error)
            outbox.settle(tx, row.id, OutboxStatus.FAILED, now, error=error, holds=held)
        case Failed(error):
            outbox.postpone(tx, row.id, done.until or now, error, now)
        case Refused(error):
            log.error("message refused", row=row.id, subject=row.subject)
            outbox.settle(tx, row.id, OutboxStatus.FAILED, now, error=error, holds=held)
        case Barred(reason):
            log.info("message not allowed in its chat", row=row.id, subject=row.subject)
            outbox.settle(tx, row.id, OutboxStatus.FAILED, now, error=f"{outbox.BARRED}{reason}", holds=held)
        case Lapsed():
            outbox.settle(tx, row.id, OutboxStatus.DROPPED, now, error="out of date")
        case LetGo():
            pass


def counted(ending: Ending) -> str | None:
    """What the metrics call it."""
    match ending:
        case Delivered():
            return "sent"
        case Failed():
            return "retried"
        case Refused():
            return "refused"
        case Unreachable():
            return "unreachable"
        case Barred():
            return "barred"
        case Lapsed():
            return "lapsed"
        case Migrated() | LetGo():
            return None
