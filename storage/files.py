"""Files people sent: which are wanted, stored, refused, gone. Their content is on disk, by its hash."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.database import Dialect, Transaction, one_of
from storage.ids import CaseId, FileId, ResidentId
from storage.records.files import FileRow


async def want(
    tx: Transaction,
    *,
    resident: ResidentId | None,
    channel: str,
    remote_id: str,
    unique_id: str,
    kind: str,
    name: str,
    mime: str,
    size: int,
    at: datetime,
) -> FileRow:
    """A file to be fetched; staff's is no resident's (None). The same from the same resident is one row, as old as when
    it was last sent; one that was gone is wanted again.
    """
    row = await tx.one(
        """
        INSERT INTO files (resident_id, channel, remote_id, unique_id, kind, name, mime, size, not_before, created_at)
        VALUES (:resident, :channel, :remote_id, :unique_id, :kind, :name, :mime, :size, :at, :at)
        ON CONFLICT (resident_id, channel, unique_id) DO UPDATE SET
            remote_id = excluded.remote_id,
            created_at = excluded.created_at,
            not_before = CASE WHEN files.status = 'gone' THEN excluded.not_before ELSE files.not_before END,
            attempts = CASE WHEN files.status = 'gone' THEN 0 ELSE files.attempts END,
            reason = CASE WHEN files.status = 'gone' THEN '' ELSE files.reason END,
            status = CASE WHEN files.status = 'gone' THEN 'wanted' ELSE files.status END
        RETURNING *
        """,
        resident=resident,
        channel=channel,
        remote_id=remote_id,
        unique_id=unique_id,
        kind=kind,
        name=name,
        mime=mime,
        size=size,
        at=at,
    )
    assert row is not None  # noqa: S101 - RETURNING after an upsert
    return FileRow.of(row)


async def case_of(tx: Transaction, file: FileId) -> CaseId | None:
    """The case a file came with."""
    row = await tx.one("SELECT case_id FROM case_files WHERE file_id = :id ORDER BY case_id LIMIT 1", id=file)
    return None if row is None else CaseId(int(str(row["case_id"])))


async def by_id(tx: Transaction, file: FileId) -> FileRow | None:
    return FileRow.maybe(await tx.one("SELECT * FROM files WHERE id = :id", id=file))


async def usable(tx: Transaction, files: Collection[FileId]) -> set[FileId]:
    """Those that are kept or are still to be fetched: neither refused nor gone nor unknown."""
    sql = f"SELECT id FROM files WHERE status IN ('wanted', 'stored') AND {one_of(tx.dialect, 'id', 'files', 'BIGINT')}"
    return {FileId(int(str(row["id"]))) for row in await tx.all(sql, files=tuple(files))}


async def take_wanted(tx: Transaction, now: datetime, lease: datetime, limit: int) -> list[FileRow]:
    """Wanted files whose time has come, taken until `lease`: whoever dies with them leaves them to the next."""
    pick = "SELECT id FROM files WHERE status = 'wanted' AND not_before <= :now ORDER BY not_before LIMIT :limit"
    if tx.dialect is Dialect.POSTGRES:
        pick += " FOR UPDATE SKIP LOCKED"
    taken = []
    for picked in await tx.all(pick, now=now, limit=limit):
        row = await tx.one(
            "UPDATE files SET not_before = :lease, attempts = attempts + 1 WHERE id = :id RETURNING *",
            lease=lease,
            id=int(str(picked["id"])),
        )
        taken.append(FileRow.maybe(row))
    return [row for row in taken if row is not None]


async def stored(tx: Transaction, file: FileId, *, sha256: str, mime: str, name: str, size: int) -> bool:
    """Its content is on disk; False where nobody wants it any more."""
    changed = await tx.run(
        """
        UPDATE files SET status = 'stored', sha256 = :sha256, mime = :mime, name = :name, size = :size
        WHERE id = :id AND status = 'wanted'
        """,
        id=file,
        sha256=sha256,
        mime=mime,
        name=name,
        size=size,
    )
    return changed == 1


async def settle(tx: Transaction, file: FileId, status: str, reason: str) -> bool:
    """It will not be stored (`refused` or `gone`); False where that was settled before."""
    changed = await tx.run(
        "UPDATE files SET status = :status, reason = :reason WHERE id = :id AND status = 'wanted'",
        id=file,
        status=status,
        reason=reason,
    )
    return changed == 1


def postpone(tx: Transaction, file: FileId, until: datetime) -> None:
    """Try again at `until`."""
    tx.later("UPDATE files SET not_before = :until WHERE id = :id AND status = 'wanted'", id=file, until=until)


async def is_used(tx: Transaction, sha256: str) -> bool:
    """Whether a row names this content."""
    # Without the second condition SQLite would not use the index, which has only rows with a content.
    found = await tx.one("SELECT 1 FROM files WHERE sha256 = :sha256 AND sha256 <> '' LIMIT 1", sha256=sha256)
    return found is not None


async def of_resident(tx: Transaction, resident: ResidentId) -> list[FileRow]:
    rows = await tx.all("SELECT * FROM files WHERE resident_id = :resident ORDER BY id", resident=resident)
    return [FileRow.of(row) for row in rows]


async def forget_of(tx: Transaction, resident: ResidentId) -> int:
    """Drop every file a resident sent, from the cases and bookings it came with too; how many."""
    for sql in (
        "DELETE FROM case_files WHERE file_id IN (SELECT id FROM files WHERE resident_id = :resident)",
        "DELETE FROM booking_files WHERE file_id IN (SELECT id FROM files WHERE resident_id = :resident)",
    ):
        await tx.run(sql, resident=resident)
    return await tx.run("DELETE FROM files WHERE resident_id = :resident", resident=resident)


# What nothing is made of: it came with no case and no appointment. Whether a draft holds it, its owner knows.
_LOOSE = """
    NOT EXISTS (SELECT 1 FROM case_files c WHERE c.file_id = files.id)
    AND NOT EXISTS (SELECT 1 FROM booking_files b WHERE b.file_id = files.id)
"""


def link(tx: Transaction, file: FileId) -> None:
    """It came with a case or an appointment: it is kept as long as that needs it."""
    tx.later("UPDATE files SET linked = TRUE WHERE id = :id", id=file)


def let_go(tx: Transaction, file: FileId) -> None:
    """It was taken off a case or an appointment: nothing needs it, unless another has it."""
    tx.later(f"UPDATE files SET linked = FALSE WHERE id = :id AND {_LOOSE}", id=file)


def discard(tx: Transaction, file: FileId) -> None:
    """Drop a file that no draft holds any more, unless it came with a case or an appointment."""
    tx.later(f"DELETE FROM files WHERE id = :id AND {_LOOSE}", id=file)


async def forget_loose(tx: Transaction, file: FileId, before: datetime) -> int:
    """Drop such a file, unless it has been sent again or put to use meanwhile."""
    sql = f"DELETE FROM files WHERE id = :id AND created_at < :before AND {_LOOSE}"
    return await tx.run(sql, id=file, before=before)


def drop(tx: Transaction, file: FileId) -> None:
    """Drop a file, and take it off what it came with."""
    for sql in (
        "DELETE FROM case_files WHERE file_id = :id",
        "DELETE FROM booking_files WHERE file_id = :id",
        "DELETE FROM files WHERE id = :id",
    ):
        tx.later(sql, id=file)
