"""Which files are taken, how large they may be, and why one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

MEGABYTE = 1_000_000

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Types = Mapping[str, tuple[str, ...]]

#: What is taken: types, and the endings of names they come with.
IMAGES: Types = MappingProxyType({"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "image/webp": (".webp",)})
DOCUMENTS: Types = MappingProxyType(
    {"application/pdf": (".pdf",), DOCX: (".docx",), XLSX: (".xlsx",), "text/plain": (".txt",)}
)
VOICES: Types = MappingProxyType(
    {"audio/ogg": (".ogg", ".oga", ".opus"), "audio/mpeg": (".mp3",), "audio/mp4": (".m4a",)}
)
VIDEOS: Types = MappingProxyType({"video/mp4": (".mp4", ".m4v")})
HEIC: Types = MappingProxyType({"image/heic": (".heic",), "image/heif": (".heif",)})

#: Other spellings of the same types, as phones and browsers send them.
_SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        "image/jpg": "image/jpeg",
        "image/pjpeg": "image/jpeg",
        "image/x-png": "image/png",
        "image/heic-sequence": "image/heic",
        "image/heif-sequence": "image/heif",
        "application/x-pdf": "application/pdf",
        "text/x-plain": "text/plain",
        "audio/opus": "audio/ogg",
        "application/ogg": "audio/ogg",
        "audio/mp3": "audio/mpeg",
        "audio/x-mp3": "audio/mpeg",
        "audio/x-mpeg": "audio/mpeg",
        "audio/mpeg3": "audio/mpeg",
        "audio/m4a": "audio/mp4",
        "audio/x-m4a": "audio/mp4",
        "audio/aac": "audio/mp4",
        "video/x-m4v": "video/mp4",
        "video/m4v": "video/mp4",
        "video/3gpp": "video/mp4",
    }
)
#: Types that say nothing.
_VAGUE = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/binary", "application/unknown"})


def bare_type(mime: str) -> str:
    """A type without its parameters, in its usual spelling ("image/JPG; q=1" is image/jpeg); "" where it says nothing.

    Types have parameters and are compared without case: RFC 2045, section 5.1.
    """
    bare = mime.partition(";")[0].strip().lower()
    return "" if bare in _VAGUE else _SPELLINGS.get(bare, bare)


class Refusal(StrEnum):
    """Why a file is not kept."""

    TOO_LARGE = "too_large"
    TYPE = "type"  # of a kind that is not taken, or not what it says it is
    HEIC = "heic"  # an iPhone's format, which arrives as a JPEG where it is sent as a photo
    ACTIVE = "active"  # it holds a programme, or has one fetched: macros, scripts, other files
    PROTECTED = "protected"  # by a password, so that it cannot be checked
    ANIMATED = "animated"
    DAMAGED = "damaged"
    EMPTY = "empty"
    GONE = "gone"  # the channel no longer holds it


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes for each kind (20 MB is what Telegram gives bots to download), and what a picture may be."""

    photo: int = 20 * MEGABYTE
    document: int = 20 * MEGABYTE
    voice: int = 20 * MEGABYTE
    video: int = 20 * MEGABYTE
    pixels: int = 60_000_000  # of a picture that is decoded whole
    scaled_pixels: int = 200_000_000  # of a JPEG, which is scaled while it is decoded
    side: int = 4096  # of a picture that is kept: larger ones are scaled down
    unpacked: int = 200 * MEGABYTE  # of a packed document

    def of(self, kind: str) -> int:
        """The limit for photo, voice, video; document for all else."""
        return {"photo": self.photo, "voice": self.voice, "video": self.video}.get(kind, self.document)


@dataclass(frozen=True, slots=True)
class Made:
    """What is stored of a content, and the ending of its name."""

    content: bytes
    mime: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Unacceptable:
    reason: Refusal


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is stored."""

    content: bytes
    mime: str
    name: str
