"""The small HTML subset of a message: what a channel must be able to show.

Texts are put together as markup and never taken apart except here.
"""

from __future__ import annotations

import html
import re
from datetime import datetime

from markupsafe import Markup

from locales.bidi import ELLIPSIS, FSI, LRI, PDI, RLI, shorten, utf16

TAGS = frozenset({"b", "i", "code", "blockquote", "a", "time"})
"""The tags a message may contain; `a` with `href` only, `time` with `unix`: the second that its words name."""

_TIME = re.compile(r'<time unix="([0-9]+)">(.*?)</time>', re.DOTALL)

_TAG = re.compile(r"</?([a-z]+)(?:\s[^<>]*)?>")
_PIECE = re.compile(r"(</?[a-z]+(?:\s[^<>]*)?>)|(&(?:#\w+|\w+);)|([^<&]|[<&])", re.DOTALL)
_OWN_WORDS = re.compile(f"{FSI}«?([^{FSI}{PDI}<]*?)»?{PDI}")
_OPENERS = frozenset({LRI, RLI, FSI})


def to_plain(markup: str) -> str:
    """The characters a person sees, bidi marks included, without the tags."""
    return html.unescape(_TAG.sub("", markup))


def moment(words: Markup, at: datetime) -> Markup:
    """Words that name a moment, which a channel may let people put into their calendar."""
    return Markup(f'<time unix="{int(at.timestamp())}">{words}</time>')  # noqa: S704 — parts of what was markup


def moments_as(markup: str, tag: str) -> str:
    """The text with its moments in a tag of the channel's own; "" leaves their words alone."""
    if "<time " not in markup:
        return markup
    return _TIME.sub(rf'<{tag} unix="\1">\2</{tag}>' if tag else r"\2", markup)


def length(markup: str) -> int:
    """The length Telegram limits (4096, or 1024 in a caption): UTF-16 code units after parsing."""
    return utf16(to_plain(markup))


def fit(markup: Markup, limit: int) -> Markup:
    """`markup` in at most `limit` units of `length`: people's own words give way first.

    The longest run of own words is shortened until the message fits; where our own text alone is too
    long its end is cut. Tags, entities and isolates stay whole.
    """
    text = str(markup)
    while (excess := length(text) - limit) > 0:
        longest = max(_OWN_WORDS.finditer(text), key=lambda run: length(run[1]), default=None)
        if longest is None or length(longest[1]) <= 1:
            return _cut(text, limit)
        words = html.unescape(longest[1])
        shorter = html.escape(shorten(words, max(1, utf16(words) - excess)))
        text = text[: longest.start(1)] + shorter + text[longest.end(1) :]
    return Markup(text)  # noqa: S704 — parts of what was markup


def _cut(text: str, limit: int) -> Markup:
    """The beginning of `text`, with what was open closed again."""
    kept: list[str] = []
    closing: list[str] = []  # tags and isolates to close, innermost last
    room = limit - utf16(ELLIPSIS)
    for piece in _PIECE.finditer(text):
        tag, part = piece[1], piece[0]
        if tag:
            if tag.startswith("</"):
                closing.pop()
            else:
                name = _TAG.match(tag)
                closing.append(f"</{name[1] if name else ''}>")
            kept.append(part)
            continue
        needed = utf16(html.unescape(part)) + (1 if part in _OPENERS else 0)
        reserved = closing.count(PDI) if part != PDI else closing.count(PDI) - 1
        if needed + reserved > room:
            break
        room -= utf16(html.unescape(part))
        kept.append(part)
        if part in _OPENERS:
            closing.append(PDI)
        elif part == PDI and PDI in closing:
            closing.remove(PDI)
    return Markup("".join(kept) + ELLIPSIS + "".join(reversed(closing)))  # noqa: S704 — parts of what was markup
