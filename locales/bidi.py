"""Keeping text of two directions in order, and people's words from disturbing it.

Rules from the Unicode Bidirectional Algorithm (UAX #9): an isolate keeps what is inside from
turning what is outside, and the other way round; it ends with its paragraph, so each line gets its own.
"""

from __future__ import annotations

import re
import unicodedata

RLM = "\u200f"
LRM = "\u200e"
LRI = "\u2066"
RLI = "\u2067"
FSI = "\u2068"
PDI = "\u2069"
ELLIPSIS = "…"
NBSP = "\u00a0"

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Every character UAX #9 calls a paragraph separator ends all isolates: "\n" alone may remain.
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb"
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNWANTED = re.compile(f"[{_BIDI}{_CONTROLS}]|[\ud800-\udfff]")
_SUSPECT = re.compile(f"[{_BIDI}{_CONTROLS}\u2028\u2029\ud800-\udfff]")
_QUOTATION = re.compile(r"<blockquote[^<>]*>")
_TAGS_AND_SPACE = re.compile(r"(?:<[^<>]*>|\s)+")
_ISOLATED = re.compile(f"[{LRI}{RLI}{FSI}][^{PDI}]*{PDI}|<[^<>]*>|{{[^{{}}]*}}")
_QUOTED = re.compile(f"«{FSI}([^{PDI}\n]*){PDI}»")
_JOINERS = "\u200d\ufe0e\ufe0f"


def clean(text: str) -> str:
    """A person's text without bidi and other control characters; its lines end in a line feed."""
    if _SUSPECT.search(text) is None:
        return text
    return _UNWANTED.sub("", _BREAK.sub("\n", text))


def without_marks(text: str) -> str:
    """`text` as a person would type it: what to compare a button's label with."""
    return clean(text).strip()


def isolate(text: str, mark: str = LRI) -> str:
    """`text` (one line) set apart from the direction of what surrounds it."""
    return f"{mark}{text}{PDI}"


def in_quotes(text: str) -> str:
    """`text` with the marks around somebody's words turned as these are read.

    English words in an Arabic line are read from left to right, and so their quotation marks have to stand.
    """
    return _QUOTED.sub(rf"{FSI}«\1»{PDI}", text) if f"«{FSI}" in text else text


def begins_arabic(line: str) -> bool:
    """Whether the first thing seen of a line (its tags aside) is an Arabic letter or U+200F."""
    start = _TAGS_AND_SPACE.match(line)
    first = line[start.end() if start else 0 :][:1]
    return first != "" and unicodedata.bidirectional(first) in {"AL", "R"}


def rtl_lines(text: str) -> str:
    """`text` with U+200F before every line that would not by itself be laid out right to left.

    Before a quotation the mark would be a line of its own, so there it stands inside.
    """
    return "\n".join(_rtl_line(line) if line.strip() and not begins_arabic(line) else line for line in text.split("\n"))


def _rtl_line(line: str) -> str:
    quotation = _QUOTATION.match(line)
    start = quotation.end() if quotation else 0
    return line[:start] + RLM + line[start:]


def rtl_label(text: str) -> str:
    """A plain line with U+200F in front where it would not by itself be laid out right to left.

    That is so where its first strong letter turns it, and where it has none of its own outside what is filled in.
    """
    for character in _ISOLATED.sub("", text):
        strong = unicodedata.bidirectional(character)
        if strong in {"AL", "R"}:
            return text
        if strong == "L":
            break
    return RLM + text


def utf16(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """At most `limit` UTF-16 code units of `text`, ending in "…" where something was left out.

    Never ends inside a character a person sees as one: accents and joined emoji stay whole.
    """
    if utf16(text) <= limit:
        return text
    units, end = 1, 0  # one for the ellipsis
    for character in text:
        units += 2 if character > "\uffff" else 1
        if units > limit:
            break
        end += 1
    while end and (_continues(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip() + ELLIPSIS


def _continues(character: str) -> bool:
    return bool(unicodedata.combining(character)) or character in _JOINERS or "\U0001f3fb" <= character <= "\U0001f3ff"
