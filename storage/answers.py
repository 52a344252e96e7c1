"""What residents are asked about their cases and answer: the open questions, and an answer that is taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage import files as file_rows
from storage.database import Transaction
from storage.ids import FileId, ResidentId
from storage.records import Instant, Record
from storage.records.cases import Case, CaseEvent
from storage.records.files import FileRow


class Sent(Record):
    """When a message went out."""

    sent_at: Instant | None


async def awaiting(tx: Transaction, resident: ResidentId) -> list[Case]:
    """A resident's own cases in which they were asked something."""
    sql = "SELECT * FROM cases WHERE resident_id = :resident AND status = 'awaiting_resident' ORDER BY id"
    return [Case.of(row) for row in await tx.all(sql, resident=resident)]


async def sent_at(tx: Transaction, keys: Collection[str]) -> datetime | None:
    """When the last of the messages with these keys went out; None where none did."""
    sql = "SELECT sent_at FROM outbox WHERE key = :key AND status = 'sent'"
    found = [Sent.maybe(await tx.one(sql, key=key)) for key in keys]
    return max((one.sent_at for one in found if one is not None and one.sent_at is not None), default=None)


async def since(tx: Transaction, event: CaseEvent) -> list[CaseEvent]:
    """An event of a case, and all that happened to the case after it."""
    sql = "SELECT * FROM case_events WHERE case_id = :case_id AND id >= :id ORDER BY id"
    return [CaseEvent.of(row) for row in await tx.all(sql, case_id=event.case_id, id=event.id)]


async def files_of(tx: Transaction, event: CaseEvent) -> list[FileRow]:
    """What came with an event."""
    sql = """
        SELECT f.* FROM case_files c JOIN files f ON f.id = c.file_id
        WHERE c.case_id = :case_id AND c.event_id = :event ORDER BY f.id
        """
    return [FileRow.of(row) for row in await tx.all(sql, case_id=event.case_id, event=event.id)]


def withdraw(tx: Transaction, event: CaseEvent, files: Collection[FileId]) -> None:
    """What an event said is no longer the case's; its files are nothing's."""
    tx.later("UPDATE case_events SET public = FALSE, words = '' WHERE id = :id", id=event.id)
    sql = "DELETE FROM case_files WHERE case_id = :case_id AND event_id = :event"
    tx.later(sql, case_id=event.case_id, event=event.id)
    for file in files:
        file_rows.let_go(tx, file)
