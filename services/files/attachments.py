"""Files people send: the one way in for all of them.

`keep` notes in the update's own transaction that a file is wanted, refusing at once what its announcement
already tells is too large or of a kind not taken. `fetch_due` fetches later what is wanted, checks the content
(`services.files.sanitiser`) and stores what passes (`services.files.blob_store`). Both can be killed at any
moment: a wanted file stays wanted until its row says otherwise.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Protocol

from services.actors import case_subject, file_subject
from services.files.blob_store import Store
from services.files.decoder import DecoderDied, prepare_apart
from services.files.kinds import (
    DOCUMENTS,
    HEIC,
    IMAGES,
    VIDEOS,
    VOICES,
    Limits,
    Prepared,
    Refusal,
    Types,
    Unacceptable,
    bare_type,
)
from services.notify.enqueue import notify_office, notify_resident
from services.notify.notices.cases import FileRefused
from services.unit_of_work import Work
from storage import cases, residents
from storage import files as rows
from storage.ids import CaseId, FileId, ResidentId
from storage.records.files import FileRow, FileStatus
from storage.records.residents import Resident
from storage.residents import WALK_IN

__all__ = [
    "Gone",
    "Limits",
    "Prepared",
    "Refusal",
    "Refused",
    "Sent",
    "SentFile",
    "Store",
    "TooLarge",
    "Unacceptable",
    "by_id",
    "case_of",
    "discard",
    "fetch_due",
    "keep",
    "keep_staff",
    "sweep",
    "usable",
]

Begin = Callable[[], AbstractAsyncContextManager[Work]]
Fetch = Callable[[str, int], Awaitable[bytes]]

LEASE = timedelta(minutes=2)  # on a file while it is fetched; after it another worker may try
_SWEPT_AT_ONCE = 200  # contents looked up in one transaction: others wait for it
_RENEW_SECONDS = 40.0  # a slow download renews it, so that only the dead let it run out
#: An album's parts come within seconds; whatever comes later was sent by itself.
TOGETHER = timedelta(minutes=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=2)
DECODER_TRIES = 3  # of a file that kills what decodes it
TRIES = 20  # about a day and a half of a channel's failing
GRACE = timedelta(hours=1)  # between a content's arrival on disk and its row's commit


class TooLarge(Exception):
    """The file is over the channel's or our limit."""


class Gone(Exception):
    """The channel no longer holds the file."""


class SentFile(Protocol):
    """A file as a channel announces it; `conversations.engine.messages.IncomingFile` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def remote_id(self) -> str: ...
    @property
    def unique_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def mime(self) -> str: ...
    @property
    def size(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """The same, by itself."""

    kind: str  # photo, voice, video, document
    remote_id: str
    unique_id: str
    name: str = ""
    mime: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file is not taken, and which; `limit` is in bytes."""

    reason: Refusal
    name: str
    limit: int = 0


# ---------------------------------------------------------------------------- keeping


async def keep(
    work: Work, resident: Resident, files: Sequence[SentFile], limits: Limits | None = None, channel: str = ""
) -> tuple[FileId, ...] | Refused:
    """Want these files. Where one is refused by its announcement, none of them is kept.

    `channel` is the one that holds them, where it is another than the resident's: staff sent them for a caller.
    """
    return await _keep(work, resident.id, channel or resident.channel, files, limits or Limits())


async def keep_staff(
    work: Work, channel: str, files: Sequence[SentFile], limits: Limits | None = None
) -> tuple[FileId, ...] | Refused:
    """The same for what a member of staff sent to a case."""
    return await _keep(work, None, channel, files, limits or Limits())


async def _keep(
    work: Work, resident: ResidentId | None, channel: str, files: Sequence[SentFile], limits: Limits
) -> tuple[FileId, ...] | Refused:
    for file in files:
        refused = _refused(file, limits)
        if refused is not None:
            return refused
    kept = []
    for file in files:
        row = await rows.want(
            work.tx,
            resident=resident,
            channel=channel,
            remote_id=file.remote_id,
            unique_id=file.unique_id,
            kind=str(file.kind),
            name=file.name[:200],
            mime=file.mime[:100],
            size=file.size,
            at=work.now,
        )
        if row.status is FileStatus.REFUSED:
            return Refused(Refusal(row.reason), row.name, limits.of(row.kind))
        kept.append(row.id)
    return tuple(dict.fromkeys(kept))


def discard(work: Work, files: Iterable[FileId]) -> None:
    """Drop what people sent for a draft they gave up; what came with a case or an appointment stays.

    One that is being fetched meanwhile is not stored; contents that no row names any more go with `sweep`.
    """
    for file in files:
        rows.discard(work.tx, file)


async def by_id(work: Work, file: FileId) -> FileRow | None:
    """A file and what became of it."""
    return await rows.by_id(work.tx, file)


async def usable(work: Work, files: Sequence[FileId]) -> tuple[FileId, ...]:
    """These files without those that turned out not to be acceptable, in their order."""
    found = await rows.usable(work.tx, files) if files else set[FileId]()
    return tuple(file for file in files if file in found)


async def case_of(work: Work, file: FileId) -> CaseId | None:
    """The case a file came with."""
    return await rows.case_of(work.tx, file)


def _refused(file: SentFile, limits: Limits) -> Refused | None:
    limit = limits.of(str(file.kind))
    if file.size > limit:
        return Refused(Refusal.TOO_LARGE, file.name, limit)
    mime, suffix = bare_type(file.mime), PurePosixPath(file.name.lower()).suffix
    if _is(HEIC, mime, suffix):
        return Refused(Refusal.HEIC, file.name)
    if not _may_be_taken(str(file.kind), mime, suffix):
        return Refused(Refusal.TYPE, file.name)
    return None


_TAKEN: Mapping[str, Types] = MappingProxyType({"voice": VOICES, "video": VIDEOS})
_ALL: Types = MappingProxyType({**IMAGES, **DOCUMENTS, **VOICES, **VIDEOS})


def _is(types: Types, mime: str, suffix: str) -> bool:
    return mime in types or (suffix != "" and any(suffix in suffixes for suffixes in types.values()))


def _may_be_taken(kind: str, mime: str, suffix: str) -> bool:
    """Whether the announcement leaves it open: a type that is taken, or nothing known. The content will tell."""
    if kind == "photo" or not (mime or suffix):
        return True
    types = _TAKEN.get(kind, _ALL)
    return mime in types if mime else _is(types, "", suffix)


# ---------------------------------------------------------------------------- fetching


async def fetch_due(
    begin: Begin,
    fetch: Fetch,
    store: Store,
    *,
    limits: Limits | None = None,
    batch: int = 6,
    renew_seconds: float = _RENEW_SECONDS,
) -> int:
    """Fetch, check and store the files whose time has come, outside any transaction; how many were tried.

    `begin` opens a piece of work, `fetch(remote_id, limit)` brings a content or raises TooLarge, Gone, or OSError
    where a later try may work. A resident whose file cannot be kept is told so, once.
    """
    limits = limits or Limits()
    async with begin() as work:
        taken = await rows.take_wanted(work.tx, work.now, work.now + LEASE, batch)
    if not taken:
        return 0
    turn = asyncio.Lock()  # a large picture takes hundreds of MB while it is decoded: one at a time
    outcomes = await asyncio.gather(
        *(_fetch_one(begin, fetch, store, limits, turn, row, renew_seconds) for row in taken), return_exceptions=True
    )
    for outcome in outcomes:
        if isinstance(outcome, BaseException):  # a defect: the others are done, this one's turn comes again
            raise outcome
    return len(taken)


async def _fetch_one(
    begin: Begin, fetch: Fetch, store: Store, limits: Limits, turn: asyncio.Lock, row: FileRow, renew_seconds: float
) -> None:
    try:
        async with _held(begin, row, renew_seconds):
            content = await fetch(row.remote_id, limits.of(row.kind))
            async with turn:
                made = await prepare_apart(row.kind, row.name, row.mime, content, limits)
    except TooLarge:
        await _refuse(begin, row, FileStatus.REFUSED, Refusal.TOO_LARGE)
    except Gone:
        await _refuse(begin, row, FileStatus.GONE, Refusal.GONE)
    except DecoderDied:  # by the file, or by a machine short of memory: only the file dies each time
        await _died(begin, row)
    except OSError:
        await _try_later(begin, row)
    except Exception:  # a defect: told to whoever runs this, and this file is not tried for ever either
        await _try_later(begin, row)
        raise
    else:
        if isinstance(made, Unacceptable):
            await _refuse(begin, row, FileStatus.REFUSED, made.reason)
        else:
            await _store(begin, store, row, made)


@asynccontextmanager
async def _held(begin: Begin, row: FileRow, seconds: float) -> AsyncIterator[None]:
    """Keep others from a file for as long as this takes."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(seconds)
            async with begin() as work:
                rows.postpone(work.tx, row.id, work.now + LEASE)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        # It is over before the file is settled. Where it failed, at worst two workers fetch the same file.
        await asyncio.gather(renewing, return_exceptions=True)


async def _store(begin: Begin, store: Store, row: FileRow, made: Prepared) -> None:
    async with begin() as work:
        arrived = work.now
    sha256 = await asyncio.to_thread(store.put, made.content, arrived)
    async with begin() as work:
        await rows.stored(work.tx, row.id, sha256=sha256, mime=made.mime, name=made.name, size=len(made.content))


async def _died(begin: Begin, row: FileRow) -> None:
    if row.attempts >= DECODER_TRIES:
        await _refuse(begin, row, FileStatus.REFUSED, Refusal.DAMAGED)
        return
    await _try_later(begin, row)


async def _try_later(begin: Begin, row: FileRow) -> None:
    if row.attempts >= TRIES:
        await _refuse(begin, row, FileStatus.GONE, Refusal.GONE)
        return
    pause = min(FIRST_PAUSE * 2 ** (row.attempts - 1), LONGEST_PAUSE)
    async with begin() as work:
        rows.postpone(work.tx, row.id, work.now + pause)


async def _refuse(begin: Begin, row: FileRow, status: FileStatus, reason: Refusal) -> None:
    async with begin() as work:
        if not await rows.settle(work.tx, row.id, status, reason):
            return
        notice, key = FileRefused(file=row.id), f"file:{row.id}:{reason}"
        sender = None if row.resident_id is None else await residents.by_id(work.tx, row.resident_id)
        if sender is not None and sender.channel != WALK_IN:
            await notify_resident(work, sender.id, notice, key=key, subject=file_subject(row.id))
            return
        # Sent by staff, in their own name or for a caller: those who have the case are told, below its card.
        case = await rows.case_of(work.tx, row.id)
        found = None if case is None else await cases.by_id(work.tx, case)
        if found is not None:
            notify_office(work, found.office, notice, key=key, subject=case_subject(found.id))


async def sweep(begin: Begin, store: Store, read: Begin | None = None) -> int:
    """Remove from disk what no row names: forgotten, past its time, or left by a crash; how much that was.

    `read` opens work that only reads: most contents are named, and nobody has to wait for that to be found.
    """
    async with begin() as work:
        before = work.now - GRACE
    removed = 0
    kept = await asyncio.to_thread(lambda: list(store.older_than(before)))
    for first in range(0, len(kept), _SWEPT_AT_ONCE):
        some = kept[first : first + _SWEPT_AT_ONCE]
        async with (read or begin)() as work:
            unused = [sha256 for sha256 in some if not await rows.is_used(work.tx, sha256)]
        for sha256 in unused:
            # Once more, one at a time and inside the transaction, so that no row comes to name it meanwhile on SQLite;
            # on PostgreSQL the hour of grace stands between.
            async with begin() as work:
                if not await rows.is_used(work.tx, sha256):
                    await asyncio.to_thread(store.remove, sha256)
                    removed += 1
    return removed
