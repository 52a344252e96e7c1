"""What is inside a file, whatever it calls itself: pictures drawn anew without metadata, the rest checked for its type.

A picture is never kept as it came: its pixels are written into a new file, so that neither the place and the
time it was taken at nor anything hidden behind it survives.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from types import MappingProxyType

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError

from services.text.normalise import without_bidi

MEGABYTE = 1_000_000

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Types = Mapping[str, tuple[str, ...]]

#: What is taken: types, and the endings of names they come with.
IMAGES: Types = MappingProxyType({"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "image/webp": (".webp",)})
DOCUMENTS: Types = MappingProxyType(
    {"application/pdf": (".pdf",), _DOCX: (".docx",), _XLSX: (".xlsx",), "text/plain": (".txt",)}
)
VOICES: Types = MappingProxyType(
    {
        "audio/ogg": (".ogg", ".oga", ".opus"),
        "audio/opus": (),
        "audio/mpeg": (".mp3",),
        "audio/mp3": (),
        "audio/mp4": (".m4a",),
        "audio/m4a": (),
        "audio/x-m4a": (),
    }
)
VIDEOS: Types = MappingProxyType({"video/mp4": (".mp4", ".m4v")})


class Refusal(StrEnum):
    """Why a file is not kept."""

    TOO_LARGE = "too_large"
    TYPE = "type"  # of a kind that is not taken, or not what it says it is
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
    pixels: int = 60_000_000  # of a picture, before it is drawn
    side: int = 4096  # of a picture that is kept: larger ones are scaled down
    unpacked: int = 200 * MEGABYTE  # of a packed document

    def of(self, kind: str) -> int:
        """The limit for photo, voice, video; document for all else."""
        return {"photo": self.photo, "voice": self.voice, "video": self.video}.get(kind, self.document)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is stored."""

    content: bytes
    mime: str
    name: str


@dataclass(frozen=True, slots=True)
class Unacceptable:
    reason: Refusal


# What reading a damaged or malicious file may raise in the libraries that read it.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    EOFError,
    RecursionError,
    struct.error,
)
_DEEPEST = 16  # boxes within boxes of a film; real ones have six


def prepare(kind: str, name: str, mime: str, content: bytes, limits: Limits | None = None) -> Prepared | Unacceptable:
    """Check a file and make what is stored of it. Takes up to a second of processor time: run it in a thread."""
    limits = limits or Limits()
    if not content:
        return Unacceptable(Refusal.EMPTY)
    if len(content) > limits.of(kind):
        return Unacceptable(Refusal.TOO_LARGE)
    sniffed = _sniffed(content)
    family = next((one for one in _families(kind, name, mime) if sniffed & one.contents), None)
    if family is None:
        return Unacceptable(Refusal.TYPE)
    try:
        made = family.make(content, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Unacceptable(Refusal.TOO_LARGE)
    except _BROKEN:
        return Unacceptable(Refusal.DAMAGED)
    if isinstance(made, Unacceptable):
        return made
    return Prepared(made.content, made.mime, _named(name, kind, made.suffix))


@dataclass(frozen=True, slots=True)
class _Made:
    content: bytes
    mime: str
    suffix: str


@dataclass(frozen=True, slots=True)
class _Family:
    """Types that one way of checking takes: as they are announced, and what their content looks like."""

    types: Types
    contents: frozenset[str]
    make: Callable[[bytes, Limits], _Made | Unacceptable]


def _families(kind: str, name: str, mime: str) -> tuple[_Family, ...]:
    """What a file may be: what it is announced as, or all that its kind may be where nothing is said."""
    if kind == "photo":
        return (_PICTURE,)
    if kind == "video":
        return (_VIDEO,)
    candidates = _VOICES if kind == "voice" else _FAMILIES
    suffix = PurePath(name.lower()).suffix
    for family in candidates:
        if mime.lower() in family.types or (suffix and any(suffix in endings for endings in family.types.values())):
            return (family,)
    return candidates


def _sniffed(content: bytes) -> set[str]:
    """What the content looks like, as endings of names: several where signatures are shared."""
    try:
        found = {match.extension for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        found = set()
    return found | {".txt"} if _text(content) is not None else found


def _named(name: str, kind: str, suffix: str) -> str:
    """The name it came with, made harmless, with the ending of what it is."""
    stem = PurePath(name.replace("\\", "/")).stem
    stem = re.sub(r'[\x00-\x1f\x7f<>:"|?*/]', "", without_bidi(stem)).strip(" .")[:80]
    return (stem or kind) + suffix


# ---------------------------------------------------------------------------- pictures


def _picture(content: bytes, limits: Limits) -> _Made | Unacceptable:
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
    except UnidentifiedImageError:
        return Unacceptable(Refusal.TYPE)
    with image:
        if image.width * image.height > limits.pixels:
            return Unacceptable(Refusal.TOO_LARGE)
        # A phone's JPEG may hold a depth map as its second picture; that is no animation.
        if image.format in {"PNG", "WEBP"} and getattr(image, "is_animated", False):
            return Unacceptable(Refusal.ANIMATED)
        image.draft("RGB", (limits.side, limits.side))  # a JPEG is decoded no larger than needed
        upright = ImageOps.exif_transpose(image)
    upright.thumbnail((limits.side, limits.side))
    return _as_png(upright) if image.format == "PNG" else _as_jpeg(upright)


def _as_png(image: Image.Image) -> _Made:
    transparent = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    return _Made(_written(image.convert("RGBA" if transparent else "RGB"), "PNG"), "image/png", ".png")


def _as_jpeg(image: Image.Image) -> _Made:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image.convert("RGBA"))
    return _Made(_written(image.convert("RGB"), "JPEG"), "image/jpeg", ".jpg")


def _written(image: Image.Image, form: str) -> bytes:
    image.info.clear()  # comments and profiles would be written out again
    target = io.BytesIO()
    if form == "JPEG":
        image.save(target, form, quality=87, optimize=True)
    else:
        image.save(target, form)
    return target.getvalue()


# ---------------------------------------------------------------------------- documents


def _pdf(content: bytes, _limits: Limits) -> _Made | Unacceptable:
    # A second format in front of or behind it is how a file passes for two.
    if not content.startswith(b"%PDF-") or zipfile.is_zipfile(io.BytesIO(content)):
        return Unacceptable(Refusal.TYPE)
    if b"%%EOF" not in content[-2048:]:
        return Unacceptable(Refusal.DAMAGED)
    return _Made(content, "application/pdf", ".pdf")


def _office(content: bytes, limits: Limits) -> _Made | Unacceptable:
    """A Word or Excel document without macros, encryption or more inside than a document holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
    except zipfile.BadZipFile:
        return Unacceptable(Refusal.DAMAGED)
    if sum(entry.file_size for entry in entries) > limits.unpacked or len(entries) > 10_000:
        return Unacceptable(Refusal.TOO_LARGE)
    names = {entry.filename for entry in entries}
    active = any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) for name in names)
    if active or any(entry.flag_bits & 1 for entry in entries) or "[Content_Types].xml" not in names:
        return Unacceptable(Refusal.TYPE)
    if "word/document.xml" in names:
        return _Made(content, _DOCX, ".docx")
    return _Made(content, _XLSX, ".xlsx") if "xl/workbook.xml" in names else Unacceptable(Refusal.TYPE)


def _plain(content: bytes, _limits: Limits) -> _Made | Unacceptable:
    text = _text(content)
    if text is None:
        return Unacceptable(Refusal.TYPE)
    return _Made(text.encode(), "text/plain", ".txt") if text.strip() else Unacceptable(Refusal.EMPTY)


def _text(content: bytes) -> str | None:
    """Text in the encodings that are met: UTF-8, UTF-16 with its mark, Arabic Windows. None where it is no text."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1256"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text) else text
    return None


# ---------------------------------------------------------------------------- sound and film


def _ogg(content: bytes, _limits: Limits) -> _Made | Unacceptable:
    return _Made(content, "audio/ogg", ".ogg") if content.startswith(b"OggS") else Unacceptable(Refusal.TYPE)


def _mp3(content: bytes, _limits: Limits) -> _Made | Unacceptable:
    """Without the tags before and after the sound."""
    if content[:3] == b"ID3" and len(content) > 10:
        size = int.from_bytes(bytes(content[6:10]))  # seven bits a byte
        skipped = 10 + (size & 0x7F | (size & 0x7F00) >> 1 | (size & 0x7F0000) >> 2 | (size & 0x7F000000) >> 3)
        content = content[skipped:].lstrip(b"\0")
    if content[-128:-125] == b"TAG":
        content = content[:-128]
    sound = len(content) > 4 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0
    return _Made(content, "audio/mpeg", ".mp3") if sound else Unacceptable(Refusal.DAMAGED)


def _m4a(content: bytes, _limits: Limits) -> _Made | Unacceptable:
    return _Made(without_tags(content), "audio/mp4", ".m4a")


def _mp4(content: bytes, _limits: Limits) -> _Made | Unacceptable:
    return _Made(without_tags(content), "video/mp4", ".mp4")


_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})
_TAGS = frozenset({b"udta", b"meta", b"uuid"})


def without_tags(content: bytes) -> bytes:
    """An MP4 whose boxes of tags (place, device, owner) are blanked out. Raises ValueError where boxes don't fit.

    The boxes stay, as free space of the same size: what points into the file goes on pointing right.
    """
    blanked = bytearray(content)
    for start, body, end, name in _boxes(content, 0, len(content)):
        if name in _TAGS:
            blanked[start + 4 : start + 8] = b"free"
            blanked[body:end] = bytes(end - body)
    return bytes(blanked)


def _boxes(content: bytes, start: int, end: int, depth: int = 0) -> Iterator[tuple[int, int, int, bytes]]:
    """Every box: where it starts, where its body starts and ends, its name."""
    if depth > _DEEPEST:
        raise ValueError(f"boxes within boxes within boxes, at {start}")
    while start < end:
        size, name = struct.unpack_from(">I4s", content, start)
        body = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, body)
            body += 8
        stop = end if size == 0 else start + size
        if stop < body or stop > end:
            raise ValueError(f"a box of {size} bytes at {start} does not fit")
        yield start, body, stop, name
        if name in _HOLDERS:
            yield from _boxes(content, body, stop, depth + 1)
        start = stop


def _only(types: Types, *names: str) -> Types:
    return MappingProxyType({name: types[name] for name in names})


_PICTURE = _Family(IMAGES, frozenset({".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp"}), _picture)
_VIDEO = _Family(VIDEOS, frozenset({".mp4", ".m4v"}), _mp4)
_VOICES = (
    _Family(_only(VOICES, "audio/ogg", "audio/opus"), frozenset({".ogg", ".oga", ".opus"}), _ogg),
    _Family(_only(VOICES, "audio/mpeg", "audio/mp3"), frozenset({".mp3", ".mpga"}), _mp3),
    _Family(_only(VOICES, "audio/mp4", "audio/m4a", "audio/x-m4a"), frozenset({".m4a", ".f4a", ".mp4"}), _m4a),
)
_FAMILIES = (
    _PICTURE,
    _Family(_only(DOCUMENTS, "application/pdf"), frozenset({".pdf"}), _pdf),
    _Family(_only(DOCUMENTS, _DOCX, _XLSX), frozenset({".docx", ".xlsx"}), _office),
    *_VOICES,
    _VIDEO,
    _Family(_only(DOCUMENTS, "text/plain"), frozenset({".txt"}), _plain),
)
