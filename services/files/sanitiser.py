"""Decides what a file is by its content, whatever it calls itself, and makes what is stored of it.

`prepare` reads what strangers send with libraries that have had defects, so only the process in `decoder` runs it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from xml.etree.ElementTree import ParseError

from PIL import Image

from services.files import documents, media, pictures
from services.files.kinds import (
    DOCUMENTS,
    DOCX,
    IMAGES,
    VIDEOS,
    VOICES,
    XLSX,
    Limits,
    Made,
    Prepared,
    Refusal,
    Types,
    Unacceptable,
    bare_type,
)
from services.text.normalise import without_bidi

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
    ParseError,
)


def prepare(kind: str, name: str, mime: str, content: bytes, limits: Limits | None = None) -> Prepared | Unacceptable:
    """Check a file and make what is stored of it."""
    limits = limits or Limits()
    if not content:
        return Unacceptable(Refusal.EMPTY)
    if len(content) > limits.of(kind):
        return Unacceptable(Refusal.TOO_LARGE)
    family = next((one for one in _families(kind, name, mime) if one.holds(content)), None)
    if family is None:
        return Unacceptable(_why_not(content))
    try:
        made = family.make(content, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Unacceptable(Refusal.TOO_LARGE)
    except _BROKEN:
        return Unacceptable(Refusal.DAMAGED)
    if isinstance(made, Unacceptable):
        return made
    return Prepared(made.content, made.mime, _named(name, kind, made.suffix))


def _why_not(content: bytes) -> Refusal:
    if media.is_heic(content):
        return Refusal.HEIC
    return Refusal.PROTECTED if documents.is_protected(content) else Refusal.TYPE


@dataclass(frozen=True, slots=True)
class _Family:
    """Types that one way of checking takes: as they are announced, and whether a content is one."""

    types: Types
    holds: Callable[[bytes], bool]
    make: Callable[[bytes, Limits], Made | Unacceptable]


def _families(kind: str, name: str, mime: str) -> tuple[_Family, ...]:
    """What a file may be: what it is announced as, or all that its kind may be where nothing known is said."""
    if kind == "photo":
        return (_PICTURE,)
    if kind == "video":
        return (_VIDEO,)
    candidates = _VOICES if kind == "voice" else _FAMILIES
    announced, suffix = bare_type(mime), PurePath(name.lower()).suffix
    named = [family for family in candidates if announced in family.types]
    named = named or [one for one in candidates if suffix and any(suffix in ends for ends in one.types.values())]
    # An MP4 may be sound or film, whichever it is called.
    return (*named, _M4A) if _VIDEO in named and kind != "video" else tuple(named) or candidates


def _named(name: str, kind: str, suffix: str) -> str:
    """The name it came with, made harmless, with the ending of what it is."""
    stem = PurePath(name.replace("\\", "/")).stem
    stem = re.sub(r'[\x00-\x1f\x7f<>:"|?*/]', "", without_bidi(stem)).strip(" .")[:80]
    return (stem or kind) + suffix


def _is_film(content: bytes) -> bool:
    return media.is_mp4(content) and not media.is_sound(content)


def _only(types: Types, *names: str) -> Types:
    return {name: types[name] for name in names}


_PICTURE = _Family(IMAGES, pictures.is_picture, pictures.make_picture)
_VIDEO = _Family(VIDEOS, _is_film, media.make_mp4)
_M4A = _Family(_only(VOICES, "audio/mp4"), media.is_mp4, media.make_m4a)
_VOICES = (
    _Family(_only(VOICES, "audio/ogg"), media.is_ogg, media.make_ogg),
    _Family(_only(VOICES, "audio/mpeg"), media.is_mp3, media.make_mp3),
    _M4A,
)
_FAMILIES = (
    _PICTURE,
    _Family(_only(DOCUMENTS, "application/pdf"), documents.is_pdf, documents.make_pdf),
    _Family(_only(DOCUMENTS, DOCX, XLSX), documents.is_package, documents.make_package),
    _VIDEO,
    *_VOICES,
    _Family(_only(DOCUMENTS, "text/plain"), documents.is_text, documents.make_plain),
)
