"""What people who are asked to join a request may read of it."""

from __future__ import annotations

from datetime import datetime

from storage.database import Transaction
from storage.ids import CaseId
from storage.records import Instant, Record


class PublicWords(Record):
    """A request's owner agreed that others read its words, or staff wrote a summary of it, or both."""

    case_id: CaseId
    agreed_at: Instant | None
    summary: str
    written_by: str
    written_at: Instant | None


async def of(tx: Transaction, case: CaseId) -> PublicWords | None:
    """None where nothing may be read."""
    return PublicWords.maybe(await tx.one("SELECT * FROM case_public_words WHERE case_id = :case", case=case))


async def agree(tx: Transaction, case: CaseId, at: datetime) -> None:
    await tx.run(
        """
        INSERT INTO case_public_words (case_id, agreed_at) VALUES (:case, :at)
        ON CONFLICT (case_id) DO UPDATE SET agreed_at = excluded.agreed_at
        """,
        case=case,
        at=at,
    )


async def withdraw(tx: Transaction, case: CaseId) -> None:
    """The owner does not agree any more. What staff wrote stays."""
    await tx.run("DELETE FROM case_public_words WHERE case_id = :case AND summary = ''", case=case)
    await tx.run("UPDATE case_public_words SET agreed_at = NULL WHERE case_id = :case", case=case)


async def write(tx: Transaction, case: CaseId, summary: str, by: str, at: datetime) -> None:
    """Staff's summary, in the place of an earlier one."""
    await tx.run(
        """
        INSERT INTO case_public_words (case_id, summary, written_by, written_at) VALUES (:case, :summary, :by, :at)
        ON CONFLICT (case_id) DO UPDATE
            SET summary = excluded.summary, written_by = excluded.written_by, written_at = excluded.written_at
        """,
        case=case,
        summary=summary,
        by=by,
        at=at,
    )


async def take_back(tx: Transaction, case: CaseId) -> None:
    """Without staff's summary. What the owner agreed to stays."""
    await tx.run("DELETE FROM case_public_words WHERE case_id = :case AND agreed_at IS NULL", case=case)
    sql = "UPDATE case_public_words SET summary = '', written_by = '', written_at = NULL WHERE case_id = :case"
    await tx.run(sql, case=case)


def forget(tx: Transaction, case: CaseId) -> None:
    tx.later("DELETE FROM case_public_words WHERE case_id = :case", case=case)
