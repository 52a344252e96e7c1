"""The files Telegram would hold: bytes by their hash, photos in sizes."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.sandbox.events import FileKept
from bot.sandbox.wire import Wire, bad_request
from bot.sandbox.world import FileRecord, World

_SIZES = (("s", 90), ("m", 320), ("x", 800), ("y", 1280))
_SUFFIX = {"photo": "jpg", "voice": "oga", "video": "mp4", "sticker": "webp"}
_FOLDER = {"photo": "photos", "voice": "voice", "video": "videos", "sticker": "stickers", "document": "documents"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody handed it in."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Picture:
    width: int
    height: int
    content: bytes


class FileStore:
    """Keeps files in memory, or beside the journal in `folder`."""

    def __init__(self, world: World, folder: Path | None) -> None:
        self._world = world
        self._folder = folder
        self._content: dict[str, bytes] = {}

    def content(self, record: FileRecord) -> bytes | None:
        if self._folder is None:
            return self._content.get(record.unique_id)
        path = self._folder / record.unique_id
        return path.read_bytes() if path.exists() else None

    def by_path(self, path: str) -> FileRecord | None:
        return next((record for record in self._world.files.values() if record.path == path), None)

    async def keep_photo(self, upload: Upload) -> list[Wire]:
        """Re-encode a picture as Telegram does, without metadata, and return its `PhotoSize`s, small to large."""
        pictures = await asyncio.to_thread(_pictures, upload.content)
        sizes = []
        for picture in pictures:
            record = self.keep("photo", Upload("photo.jpg", "image/jpeg", picture.content))
            sizes.append({**_reference(record), "width": picture.width, "height": picture.height})
        return sizes

    def keep(self, kind: str, upload: Upload, extra: Wire | None = None) -> FileRecord:
        """Hold a file; the same bytes of the same kind are the same file."""
        digest = hashlib.sha256(upload.content).digest()
        unique = f"AgAD{digest[:10].hex()}"
        # A file_id tells kind, name and content apart: a document sent again under another name is another.
        named = hashlib.sha256(f"{kind}\n{upload.name}\n{upload.mime}\n".encode() + digest).hexdigest()[:40]
        file_id = f"BQAC{named}"
        known = self._world.files.get(file_id)
        if known is not None:
            return known
        suffix = _SUFFIX.get(kind) or Path(upload.name).suffix.lstrip(".") or "bin"
        path = f"{_FOLDER.get(kind, 'documents')}/{named[:12]}.{suffix}"
        record = FileRecord(
            file_id, unique, kind, len(upload.content), path, upload.name, upload.mime, dict(extra or {})
        )
        self._write(unique, upload.content)
        self._world.commit(FileKept(record))
        return record

    def _write(self, unique: str, content: bytes) -> None:
        if self._folder is None:
            self._content[unique] = content
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / unique
        if not path.exists():
            fresh = path.with_suffix(".part")
            fresh.write_bytes(content)
            fresh.replace(path)


def _reference(record: FileRecord) -> Wire:
    return {"file_id": record.file_id, "file_unique_id": record.unique_id, "file_size": record.size}


def file_wire(record: FileRecord) -> Wire:
    """A `Document`, `Voice`, `Video` or `Sticker` object."""
    wire = {**_reference(record), **record.extra}
    if record.kind == "document" and record.name:
        wire["file_name"] = record.name
    if record.kind in ("document", "voice", "video") and record.mime:
        wire["mime_type"] = record.mime
    return wire


def is_voice(content: bytes) -> bool:
    """Whether Telegram takes these bytes for a voice note: OGG with OPUS, MP3 or M4A."""
    if content.startswith(b"OggS"):
        return b"OpusHead" in content[:256]
    if content.startswith(b"ID3") or (content[:1] == b"\xff" and content[1:2] and content[1] & 0xE0 == 0xE0):
        return True
    return content[4:8] == b"ftyp"


def _pictures(content: bytes) -> Sequence[_Picture]:
    """The picture in Telegram's sizes; those larger than it are left out, but for the smallest of them."""
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width + opened.height > 10_000 or max(opened.size) > 20 * min(opened.size):
                raise bad_request("PHOTO_INVALID_DIMENSIONS")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    pictures = []
    for _, side in _SIZES:
        sized = picture.copy()
        sized.thumbnail((side, side), Image.Resampling.BILINEAR)
        buffer = io.BytesIO()
        sized.save(buffer, "JPEG", quality=87)
        pictures.append(_Picture(sized.width, sized.height, buffer.getvalue()))
        if max(picture.size) <= side:
            break
    return pictures
