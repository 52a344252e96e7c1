"""Sound and film: told by their structure, kept without the tags that say where, by what and by whom they were made."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from services.files.kinds import Limits, Made, Refusal, Unacceptable

_DEEPEST = 16  # boxes within boxes of a film; real ones have six
_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})
_TAGS = frozenset({b"udta", b"meta", b"uuid"})
_PICTURES = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})
_SOUND_ONLY = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "})
_ODD_HEADERS = 0b1111, 0b11  # a bitrate and a sample rate that no frame has


# ---------------------------------------------------------------------------- what it is


def is_ogg(content: bytes) -> bool:
    return content.startswith(b"OggS")


def is_mp3(content: bytes) -> bool:
    """Whether it begins with a tag or with a frame of MPEG audio, layer III, of any version (ISO 11172-3, 13818-3)."""
    return content.startswith(b"ID3") or _is_frame(content)


def _is_frame(content: bytes) -> bool:
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return False
    version, layer = content[1] >> 3 & 0b11, content[1] >> 1 & 0b11
    bitrate, sampling = content[2] >> 4, content[2] >> 2 & 0b11
    return version != 0b01 and layer == 0b01 and bitrate != _ODD_HEADERS[0] and sampling != _ODD_HEADERS[1]


def brand(content: bytes) -> bytes:
    """The major brand of a file of boxes (ISO 14496-12); b"" where it is none."""
    return content[8:12] if content[4:8] == b"ftyp" else b""


def is_heic(content: bytes) -> bool:
    return brand(content) in _PICTURES


def is_mp4(content: bytes) -> bool:
    """Whether it is a film or sound in boxes, whatever its brand is called."""
    return brand(content) not in {b"", *_PICTURES} or content[4:8] == b"moov"


def is_sound(content: bytes) -> bool:
    """Whether an MP4 has sound and no pictures."""
    try:
        handlers = {
            content[body + 8 : body + 12] for _, body, _, name in _boxes(content, 0, len(content)) if name == b"hdlr"
        }
    except (ValueError, struct.error):
        return False
    return handlers == {b"soun"} or (not handlers and brand(content) in _SOUND_ONLY)


# ---------------------------------------------------------------------------- what is kept


def make_ogg(content: bytes, _limits: Limits) -> Made | Unacceptable:
    return Made(content, "audio/ogg", ".ogg")


def make_mp3(content: bytes, _limits: Limits) -> Made | Unacceptable:
    """Without the tags before and after the sound."""
    if content[:3] == b"ID3" and len(content) > 10:
        size = int.from_bytes(bytes(content[6:10]))  # seven bits a byte
        skipped = 10 + (size & 0x7F | (size & 0x7F00) >> 1 | (size & 0x7F0000) >> 2 | (size & 0x7F000000) >> 3)
        content = content[skipped:].lstrip(b"\0")
    if content[-128:-125] == b"TAG":
        content = content[:-128]
    return Made(content, "audio/mpeg", ".mp3") if _is_frame(content) else Unacceptable(Refusal.DAMAGED)


def make_m4a(content: bytes, _limits: Limits) -> Made | Unacceptable:
    return Made(without_tags(content), "audio/mp4", ".m4a")


def make_mp4(content: bytes, _limits: Limits) -> Made | Unacceptable:
    return Made(without_tags(content), "video/mp4", ".mp4")


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
