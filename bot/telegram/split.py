"""One of our messages as the fewest messages of Telegram, each of them one call.

Telegram's limits: https://core.telegram.org/bots/api#sendmessage (4096 characters of text after
parsing, counted as UTF-16 units), 1024 in a caption, 2 to 10 files in an album, documents and voice
notes never beside photos, no buttons under an album, no caption on a map pin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.telegram.capabilities import CAPABILITIES
from conversations.engine.messages import FileKind, Outgoing, OutgoingFile
from locales.bidi import FSI, LRI, PDI, RLI
from locales.html import length


def split(message: Outgoing) -> tuple[Outgoing, ...]:
    """The parts `message` is sent as, in order; each needs one call and is its own only part.

    A text that fits is the caption of its files. Otherwise it follows them, and what is under a
    message, buttons or a keyboard, goes under the last part, which is what a person looks at. An
    edit comes first, since it changes what is already there. Only the first part is a reply.
    """
    if message.delete is not None or message.react:
        return (message,)
    if not message.files and message.place is None and len(message.text) <= CAPABILITIES.text_length // 2:
        return (message,)  # by far the most; a character takes at most two units
    bare = Outgoing(topic=message.topic, silent=message.silent, paid=message.paid, reader=message.reader)
    if edits(message) and _is_replaceable(message):
        return (message,)  # another picture with other words under it takes one call
    media = _media(message, bare)
    if media and not edits(message) and _is_caption(message, media[0]):
        parts = [media[0].model_copy(update={"text": message.text}), *media[1:]]
        under = 0
    else:
        texts = [bare.model_copy(update={"text": text}) for text in _texts(message)]
        parts = [*texts, *media] if edits(message) else [*media, *texts]
        under = len(texts) - 1 if edits(message) else len(parts) - 1
    if not parts:
        return (message,)
    parts[under] = parts[under].model_copy(update=_under(message))
    edit = message.edit if edits(message) else None
    parts[0] = parts[0].model_copy(update={"reply_to": message.reply_to, "edit": edit})
    return tuple(parts)


def edits(message: Outgoing) -> bool:
    """Whether it changes an earlier message; a keyboard can only come with a new one."""
    return message.edit is not None and message.ask_for is None and not message.drop_keyboard


def _is_replaceable(message: Outgoing) -> bool:
    """Whether its file can take the place of what an earlier message held; a voice note cannot."""
    fits = length(message.text) <= CAPABILITIES.caption_length
    return fits and message.place is None and [file.kind is not FileKind.VOICE for file in message.files] == [True]


def _texts(message: Outgoing) -> tuple[str, ...]:
    if message.text:
        return split_text(message.text)
    return ("",) if edits(message) else ()  # an edit of the buttons alone


def _under(message: Outgoing) -> dict[str, object]:
    return {name: getattr(message, name) for name in ("rows", "ask_for", "ask_label", "drop_keyboard", "reply_hint")}


def _has_under(message: Outgoing) -> bool:
    return bool(message.rows) or message.ask_for is not None or message.drop_keyboard or bool(message.reply_hint)


def _is_caption(message: Outgoing, first: Outgoing) -> bool:
    """Whether the text, and what goes under it, can stand under the first file."""
    if not first.files or length(message.text) > CAPABILITIES.caption_length:
        return False
    return not _has_under(message) or (len(message.files) == 1 and message.place is None)


def _media(message: Outgoing, bare: Outgoing) -> list[Outgoing]:
    albums = list(_albums(message.files))
    if _has_under(message) and not message.text and message.place is None and albums and len(albums[-1]) > 1:
        # Nothing else to put the buttons under, so the last file goes alone.
        albums[-1:] = [albums[-1][:-1], albums[-1][-1:]]
    media = [bare.model_copy(update={"files": album}) for album in albums]
    if message.place is not None:
        pin = {name: getattr(message, name) for name in ("place", "place_title", "place_address")}
        media.append(bare.model_copy(update=pin))
    return media


def _albums(files: tuple[OutgoingFile, ...]) -> Iterator[tuple[OutgoingFile, ...]]:
    """Photos and videos together, documents together, voice notes alone, in the order they first come."""
    alike: dict[FileKind, list[OutgoingFile]] = {}
    for file in files:
        alike.setdefault(FileKind.PHOTO if file.kind is FileKind.VIDEO else file.kind, []).append(file)
    for kind, group in alike.items():
        size = 1 if kind is FileKind.VOICE else CAPABILITIES.album
        for start in range(0, len(group), size):
            yield tuple(group[start : start + size])


# ---------------------------------------------------------------------------- text


_UNIT: Final = re.compile(r"(?P<tag></?(?P<name>[a-z][a-z-]*)[^<>]*>)|&(?:#\w+|\w+);|.", re.DOTALL)
_ISOLATES: Final = (LRI, RLI, FSI)
_LAST_OF_ONE_UNIT: Final = 0xFFFF  # characters beyond take two UTF-16 units


@dataclass(frozen=True, slots=True)
class _Unit:
    """What may not be cut through: a tag, an entity, a character."""

    text: str
    width: int  # UTF-16 units a person sees
    closes: str = ""  # for an opening one: the tag or mark that closes it
    closing: bool = False

    @property
    def blank(self) -> bool:
        return self.text.isspace()


def split_text(markup: str, limit: int = CAPABILITIES.text_length) -> tuple[str, ...]:
    """`markup` in pieces of at most `limit` units, cut at line ends where that is possible, else between words.

    A tag or bidi isolate open at a cut is closed there and opened again in the next piece. The
    white space at a cut is dropped.
    """
    if length(markup) <= limit:
        return (markup,)
    units = [_unit(match) for match in _UNIT.finditer(markup)]
    pieces: list[str] = []
    opened: list[_Unit] = []
    start = 0
    while start < len(units):
        end = _end_of_piece(units, start, opened, limit)
        before = "".join(unit.text for unit in opened)
        for unit in units[start:end]:
            _follow(unit, opened)
        after = "".join(unit.closes for unit in reversed(opened))
        inside = "".join(unit.text for unit in units[start:end]).rstrip()
        if any(unit.width and not unit.blank for unit in units[start:end]):
            pieces.append(before + inside + after)
        start = end
        while start < len(units) and units[start].blank:
            start += 1
    return tuple(pieces) or ("",)


def _unit(match: re.Match[str]) -> _Unit:
    text, name = match[0], match["name"]
    if match["tag"]:
        closing = text.startswith("</")
        return _Unit(text, 0, closes="" if closing else f"</{name}>", closing=closing)
    if text in _ISOLATES:
        return _Unit(text, 1, closes=PDI)
    width = length(text) if len(text) > 1 else 1 + (ord(text) > _LAST_OF_ONE_UNIT)
    return _Unit(text, width, closing=text == PDI)


def _follow(unit: _Unit, opened: list[_Unit]) -> None:
    if unit.closes:
        opened.append(unit)
    elif unit.closing and opened:
        opened.pop()


def _end_of_piece(units: list[_Unit], start: int, opened: list[_Unit], limit: int) -> int:
    """Where the piece from `start` ends: after its last line end, else its last space, else as late as fits.

    A line end in its first quarter does not count: a heading stays with what it heads.
    """
    still_open = list(opened)
    width = sum(unit.width for unit in opened)
    line_end = space = 0
    for index in range(start, len(units)):
        unit = units[index]
        _follow(unit, still_open)
        width += unit.width
        closers = sum(1 for one in still_open if one.closes == PDI)
        if width + closers > limit:
            early = line_end < start + (index - start) // 4
            return (space if early else line_end) or line_end or space or max(index, start + 1)
        if unit.text == "\n":
            line_end = index + 1
        elif unit.blank:
            space = index + 1
    return len(units)
