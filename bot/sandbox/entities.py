"""Text with entities: Telegram's HTML parsed with its own complaints, and written back.

The grammar and the error texts are those of the open-source Bot API server's library (`parse_html`),
seen from outside; offsets and lengths are UTF-16 code units, error positions are UTF-8 bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from bot.sandbox.wire import ApiError, Wire, bad_request, units

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_OPENING = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPECIAL = re.compile(r"[<&]")
_REFERENCE = re.compile(r"&(?:#(\d{1,8})|#[xX]([0-9a-fA-F]{1,7})|([a-zA-Z]{1,5}));?")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)\s*(=?)\s*(?:"([^"]*)"|'([^']*)'|([\w.-]*))""")
# Telegram drops line separators and old bidi controls, and turns other control characters to spaces.
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e]")
_AUTOMATIC = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[a-zA-Z.]{2,}\b)"
    r"|(?P<mention>(?<!\w)@[a-zA-Z0-9_]{2,32}\b)"
    r"|(?P<url>(?:https?://[^\s<>\u2066-\u2069]+[^\s<>.,;:!?)\u2066-\u2069])|\bwww\.[^\s<>]+\w)"
    r"|(?P<hashtag>(?<!\w)#\w{1,256})"
    r"|(?P<phone_number>\+\d{8,15}\b)"
)
_MAY_BE_AUTOMATIC = re.compile(r"[/@#+]|www\.")
_DATE_TIME_FORMAT = re.compile("r|w?[dD]?[tT]?")
_UNIX = re.compile("[0-9]{1,11}")
_MENTION = re.compile(r"tg:(?://)?user\?id=(\d{1,18})")


@dataclass(frozen=True, slots=True)
class RichText:
    text: str
    entities: tuple[Wire, ...] = ()

    def wire(self, key: str = "text") -> Wire:
        content: Wire = {key: self.text}
        if self.entities:
            content["entities" if key == "text" else f"{key}_entities"] = list(self.entities)
        return content


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int  # UTF-16 units of text before it
    start: int  # characters of text before it
    shown_as: str = ""  # of a moment


def clean(text: str) -> str:
    """What Telegram keeps of a text before anything else looks at it."""
    if not _UNCLEAN.search(text):
        return text
    return _UNCLEAN.sub(lambda match: "" if match[0] >= "\u2028" or match[0] == "\r" else " ", text)


def plain(text: str) -> RichText:
    """A text without markup, with the entities Telegram finds by itself."""
    return _finished(text, [])


def parse_html(html: str) -> RichText:
    """Parse `parse_mode=HTML`. Raises ApiError as Telegram would."""
    if "<" not in html and "&" not in html:
        return _finished(html, [])
    return _HtmlReader(html).read()


class _HtmlReader:
    def __init__(self, html: str) -> None:
        self.html = html
        self.parts: list[str] = []
        self.units = 0
        self.chars = 0
        self.opened: list[_Open] = []
        self.entities: list[Wire] = []

    def read(self) -> RichText:
        at = 0
        while at < len(self.html):
            found = _SPECIAL.search(self.html, at)
            if found is None:
                self.text(self.html[at:])
                break
            self.text(self.html[at : found.start()])
            at = self.reference(found.start()) if found[0] == "&" else self.tag(found.start())
        if self.opened:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].tag}"')
        return _finished("".join(self.parts), self.entities)

    def text(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.units += units(text)
            self.chars += len(text)

    def reference(self, at: int) -> int:
        decoded, end = _decoded(self.html, at)
        self.text(decoded)
        return end

    def tag(self, at: int) -> int:
        if self.html.startswith("</", at):
            return self.close(at)
        return self.open(at)

    def open(self, at: int) -> int:
        tag, end = self.name(at + 1)
        if end == len(self.html):
            raise self.error("Unclosed start tag", at)
        if tag not in TAGS:
            raise self.error(f'Unsupported start tag "{tag}"', at)
        argument, shown_as, end = self.attributes(tag, at, end)
        if tag == "span" and argument != "tg-spoiler":
            raise self.error('Tag "span" must have class "tg-spoiler"', at)
        if tag == "tg-time" and not (_UNIX.fullmatch(argument) and _DATE_TIME_FORMAT.fullmatch(shown_as)):
            raise self.error('Tag "tg-time" has an invalid attribute "unix" or "format"', at)
        self.opened.append(_Open(tag, argument, self.units, self.chars, shown_as))
        return end

    def name(self, at: int) -> tuple[str, int]:
        """The tag's name that begins here, and where it ends."""
        end = at
        while end < len(self.html) and not self.html[end].isspace() and self.html[end] != ">":
            end += 1
        return self.html[at:end].lower(), end

    def attributes(self, tag: str, begin: int, at: int) -> tuple[str, str, int]:
        """What a tag says of itself, a moment's `format`, and where the tag ends."""
        wanted = {
            "a": "href",
            "code": "class",
            "span": "class",
            "tg-emoji": "emoji-id",
            "tg-time": "unix",
            "blockquote": "expandable",
        }
        argument = shown_as = ""
        while True:
            while at < len(self.html) and self.html[at].isspace():
                at += 1
            if at >= len(self.html):
                raise self.error("Unclosed start tag", begin)
            if self.html[at] == ">":
                return argument, shown_as, at + 1
            matched = _ATTRIBUTE.match(self.html, at)
            if matched is None:
                raise self.error(f'Empty attribute name in the tag "{tag}"', begin)
            name, equals = matched[1].lower(), matched[2]
            if not equals and name != "expandable":
                raise self.error(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
            at = matched.end()
            if at < len(self.html) and not self.html[at].isspace() and self.html[at] != ">":
                raise self.error("Unexpected end of name token", at)
            if name == wanted.get(tag):
                argument = unescape(next(filter(None, matched.groups()[2:]), name if name == "expandable" else ""))
            elif tag == "tg-time" and name == "format":
                shown_as = unescape(next(filter(None, matched.groups()[2:]), ""))

    def close(self, at: int) -> int:
        if not self.opened:
            raise self.error("Unexpected end tag", at)
        tag, end = self.name(at + 2)
        while end < len(self.html) and self.html[end].isspace():
            end += 1
        if end >= len(self.html) or self.html[end] != ">":
            raise self.error("Unclosed end tag", at)
        opened = self.opened.pop()
        if tag not in ("", opened.tag):
            raise self.error("Unmatched end tag", at, f', expected "</{opened.tag}>", found "</{tag}>"')
        self.add(opened)
        return end + 1

    def add(self, opened: _Open) -> None:
        length = self.units - opened.offset
        if not length:
            return
        entity: Wire = {"type": TAGS[opened.tag], "offset": opened.offset, "length": length}
        if opened.tag == "a":
            url = opened.argument or "".join(self.parts)[opened.start :]
            if mentioned := _MENTION.fullmatch(url):
                self.entities.append({**entity, "type": "text_mention", "user": {"id": int(mentioned[1])}})
                return
            if not re.match(r"(?:https?|tg|ton|mailto|tel)://?|[\w-]+\.\w", url):
                return  # Telegram keeps the words and drops a link it cannot use
            entity["url"] = url if "://" in url or url.startswith(("mailto:", "tel:")) else f"http://{url}"
        elif opened.tag == "code" and self.opened and self.opened[-1].tag == "pre":
            self.opened[-1].argument = opened.argument.removeprefix("language-")
            return
        elif opened.tag == "pre" and opened.argument:
            entity["language"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "tg-time":
            entity |= {"unix_time": int(opened.argument), "date_time_format": opened.shown_as}
        self.entities.append(entity)

    def error(self, what: str, at: int, more: str = "") -> ApiError:
        return _unparsable(f"{what} at byte offset {len(self.html[:at].encode())}{more}")


def unescape(text: str) -> str:
    """Decode the references Telegram knows: four names and the numbers."""
    parts, at = [], 0
    while (found := text.find("&", at)) >= 0:
        parts.append(text[at:found])
        decoded, at = _decoded(text, found)
        parts.append(decoded)
    return "".join([*parts, text[at:]])


def _decoded(text: str, at: int) -> tuple[str, int]:
    matched = _REFERENCE.match(text, at)
    if matched:
        decimal, hexadecimal, name = matched.groups()
        if name:
            if name in _NAMED:
                return _NAMED[name], matched.end()
        else:
            code = int(decimal) if decimal else int(hexadecimal, 16)
            if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000:
                return chr(code), matched.end()
    return "&", at + 1


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _finished(text: str, entities: Sequence[Wire]) -> RichText:
    """Clean and trim as Telegram does, shifting entities, and add those it finds by itself."""
    cleaned = clean(text)
    if cleaned is not text and entities and units(cleaned) != units(text):
        entities = _shifted_by_cleaning(text, entities)
    stripped = cleaned.strip()
    if len(stripped) != len(cleaned) and entities:
        entities = _trimmed(entities, units(cleaned[: len(cleaned) - len(cleaned.lstrip())]), units(stripped))
    found = list(entities)
    if _MAY_BE_AUTOMATIC.search(stripped):
        found += _automatic(stripped, found)
    if len(found) > 1:
        found.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return RichText(stripped, tuple(found))


def _shifted_by_cleaning(text: str, entities: Iterable[Wire]) -> list[Wire]:
    encoded = text.encode("utf-16-le")

    def kept(position: int) -> int:
        return units(clean(encoded[: position * 2].decode("utf-16-le", "replace")))

    shifted = []
    for entity in entities:
        start, end = kept(entity["offset"]), kept(entity["offset"] + entity["length"])
        if end > start:
            shifted.append({**entity, "offset": start, "length": end - start})
    return shifted


def _trimmed(entities: Iterable[Wire], leading: int, length: int) -> list[Wire]:
    trimmed = []
    for entity in entities:
        start = max(entity["offset"] - leading, 0)
        end = min(entity["offset"] + entity["length"] - leading, length)
        if end > start:
            trimmed.append({**entity, "offset": start, "length": end - start})
    return trimmed


def _automatic(text: str, taken: Sequence[Wire]) -> list[Wire]:
    """Commands, links, mentions, hashtags and phones, where no code, link or other such entity is."""
    reserved = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in taken
        if entity["type"] in ("code", "pre", "text_link", "text_mention", "url", "bot_command", "mention", "email")
    ]
    found = []
    for match in _AUTOMATIC.finditer(text):
        start = units(text[: match.start()])
        end = start + units(match[0])
        if all(end <= low or start >= high for low, high in reserved):
            found.append({"type": match.lastgroup, "offset": start, "length": end - start})
    return found


def given_entities(text: str, entities: object) -> RichText:
    """Entities a caller gave beside the text instead of markup."""
    if not isinstance(entities, list):
        raise bad_request("can't parse entities: Expected an Array of MessageEntity")
    length = units(text)
    kept = []
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad_request("can't parse entities: Can't parse MessageEntity: Expected an Object")
        offset, size = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(size, int) or offset < 0 or size <= 0:
            raise bad_request("can't parse entities: Can't parse MessageEntity: Field \"offset\" must be a Number")
        if offset + size > length:
            raise bad_request(f"entity beginning at UTF-16 offset {offset} ends after the end of the text")
        kept.append(entity)
    return _finished(text, kept)


def to_html(text: str, entities: Sequence[Wire]) -> str:
    """The HTML that `parse_html` would read back to the same text and entities."""
    if not entities:
        return escape(text, quote=False)
    encoded = text.encode("utf-16-le")
    marks: dict[int, tuple[list[str], list[str]]] = {}  # position: closing tags, opening tags
    for entity in sorted(entities, key=lambda one: (one["offset"], -one["length"])):
        tags = _tags(entity)
        if tags:
            start, end = entity["offset"], entity["offset"] + entity["length"]
            marks.setdefault(start, ([], []))[1].append(tags[0])
            marks.setdefault(end, ([], []))[0].insert(0, tags[1])
    parts, at = [], 0
    for position in sorted(marks):
        closing, opening = marks[position]
        parts += [escape(encoded[at * 2 : position * 2].decode("utf-16-le"), quote=False), *closing, *opening]
        at = position
    return "".join([*parts, escape(encoded[at * 2 :].decode("utf-16-le"), quote=False)])


def _tags(entity: Wire) -> tuple[str, str] | None:
    kind = entity["type"]
    if kind in _OPENING:
        return f"<{_OPENING[kind]}>", f"</{_OPENING[kind]}>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "date_time":
        return f'<tg-time unix="{entity["unix_time"]}" format="{entity["date_time_format"]}">', "</tg-time>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "pre":
        language = entity.get("language")
        if language:
            return f'<pre><code class="language-{escape(language)}">', "</code></pre>"
        return "<pre>", "</pre>"
    return None
