"""The files people send."""

from __future__ import annotations

from enum import StrEnum

from storage.ids import FileId, ResidentId
from storage.records import Instant, Record


class FileStatus(StrEnum):
    WANTED = "wanted"
    STORED = "stored"
    REFUSED = "refused"
    GONE = "gone"


class FileRow(Record):
    """A file a person sent. `sha256` names its content once it is stored."""

    id: FileId
    resident_id: ResidentId | None
    channel: str
    remote_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    size: int
    status: FileStatus
    sha256: str
    reason: str
    attempts: int
    created_at: Instant
