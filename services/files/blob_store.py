"""Contents on disk, each under its own hash: written whole or not at all, and the same content once."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{64}")


class Store:
    """A folder of `ab/abcd…`. Its methods block: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes, at: datetime) -> str:
        """Keep a content; its hash. On disk for good when this returns."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if not path.exists():
            self._write(path, content)
        # Arrived now, also where it was there before: `older_than` must not find what a row is about to name.
        os.utime(path, (at.timestamp(), at.timestamp()))
        return sha256

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)

    def open(self, sha256: str) -> bytes:
        """A content. Raises FileNotFoundError where there is none of that hash."""
        return self._path(sha256).read_bytes()

    def remove(self, sha256: str) -> None:
        """Drop a content that no row names any more; nothing where it is gone already."""
        self._path(sha256).unlink(missing_ok=True)

    def older_than(self, instant: datetime) -> Iterator[str]:
        """The hashes of what arrived before `instant`. What a crash left half written before it is removed."""
        for path in sorted(self._folder.glob("??/*")):
            try:
                arrived = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
            except FileNotFoundError:
                continue
            if arrived >= instant:
                continue
            if path.name.startswith("new-"):
                path.unlink(missing_ok=True)
            elif _HASH.fullmatch(path.name):
                yield path.name

    def _path(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a SHA-256 in hexadecimal")
        return self._folder / sha256[:2] / sha256


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder last, where the system knows how (Windows does it by itself)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
