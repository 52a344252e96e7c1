"""What an administrator types, taken for a value. Whether that may stand there is the files' business."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.configuration.data import is_texts
from conversations.configuration.field_types import Field, Shape
from conversations.engine.step import Answer, Reask, Turn
from locales import N_, Localizer
from services.offices.yaml_file import Data, Step
from services.text.normalise import clean, latin_digits, without_bidi
from services.text.phones import parse_phone
from services.text.typed_days import read_day
from services.text.typed_times import read_hours

# Examples. Their hyphens keep them on one line: broken in two, they would be read in the wrong order in Arabic.
TIMES, BREAK, DATE, LAST_DATE = "09:00\u201112:00", "10:00\u201110:30", "2026\u201112\u201116", "2026\u201112\u201118"
_LONGEST = 3000
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_LATIN = re.compile(r"[A-Za-z]")
_IN_BRACES = re.compile(r"\{[^{}]*\}")
_NUMBER = re.compile(r"\d{1,6}")
_POINT = re.compile(r"(-?\d{1,3}\.\d+)\s*[,،;\s]\s*(-?\d{1,3}\.\d+)")
_IN_BOTH = N_(
    "Send it in Arabic, in English or in both in one message, each on a line of its own. A message in one language "
    "changes only that language."
)
_WITH_COMMAS = N_("Send the words with commas between them, in any language. They replace the present ones.")
_TIMES = N_("Send the opening and closing time, such as {example}.")
_WHOLE = N_("Send a whole number.")
_CHANNEL = re.compile(r"-100\d{6,13}")


#: How a value is typed, and an example of it.
_HINTS: Mapping[Shape, tuple[str, str]] = MappingProxyType(
    {
        Shape.TEXTS: (_IN_BOTH, ""),
        Shape.PARAGRAPHS: (_IN_BOTH, ""),
        Shape.WORDS: (_WITH_COMMAS, ""),
        Shape.SPOKEN: (_WITH_COMMAS, ""),
        Shape.PHONE: (N_("Send the phone number, such as {example}."), "+973 1768 1234"),
        Shape.EMAIL: (N_("Send the email address, such as {example}."), "office@example.bh"),
        Shape.WEBSITE: (N_("Send the full address, such as {example}."), "https://www.example.bh"),
        Shape.SPAN: (_TIMES, TIMES),
        Shape.SITTING: (_TIMES, TIMES),
        Shape.BREAKS: (N_("Send each break, such as {example}, with commas between them."), BREAK),
        Shape.PIN: (
            N_("📍 Share the location with the button, or send its coordinates, such as {example}."),
            "26.2285, 50.5860",
        ),
        Shape.NUMBER: (_WHOLE, ""),
        Shape.PERCENT: (_WHOLE, ""),
        Shape.DATE: (N_("Send the date, such as {example}."), DATE),
        Shape.EMOJI: (N_("Send one emoji."), ""),
        Shape.CHAT: (
            N_("Send the number of the channel, such as {example}. The bot must be an administrator of it."),
            "-1001234567890",
        ),
    }
)


def hint(t: Localizer, one: Field) -> Markup:
    """How a value is typed."""
    text, example = _HINTS.get(one.shape, (N_("Choose one of the buttons."), ""))
    return t(text, example=t.own(example)) if example else t(text)


def take(turn: Turn, one: Field, answer: Answer, before: Data) -> Data | Reask:
    """The value that was typed or shared; Reask where it is none of the kind."""
    if one.shape is Shape.PIN:
        return _pin(turn, one, answer, before)
    text = clean(without_bidi(answer.text), _LONGEST).strip()
    if one.shape is Shape.DATE:
        typed = read_day(text, turn.work.today)
        return Reask(hint(turn.t, one)) if typed is None else typed.isoformat()
    found = _read(one, text, before)
    return Reask(hint(turn.t, one)) if found is None else found


def _read(one: Field, text: str, before: Data) -> Data:
    plain = latin_digits(text).strip()
    match one.shape:
        case Shape.TEXTS | Shape.PARAGRAPHS:
            return by_language(text, before, lines=one.shape is Shape.PARAGRAPHS)
        case Shape.WORDS:
            return [*_words(text)] or None
        case Shape.SPOKEN:
            return spoken(text)
        case Shape.SPAN:
            return span(plain)
        case Shape.BREAKS:
            spans = [span(part) for part in _words(plain)]
            return [part for part in spans if part] if spans and all(spans) else None
        case Shape.SITTING:
            return _sitting(plain, before)
        case Shape.NUMBER:
            return int(plain) if _NUMBER.fullmatch(plain) else None
        case Shape.PERCENT:
            return int(plain) / 100 if _NUMBER.fullmatch(plain) else None
        case Shape.PHONE:
            return parse_phone(plain) or plain or None
        case Shape.CHAT:
            return plain if _CHANNEL.fullmatch(plain) else None
    return text or None


def has_arabic(text: str) -> bool:
    return _ARABIC.search(text) is not None


def by_language(text: str, before: Data = None, *, lines: bool = False) -> dict[Step, Data] | None:
    """Lines told apart by their letters; what was not sent again stays. None where nothing is written.

    One language is enough: what is in none yet is what was typed, and reads the same to everybody.
    """
    found: dict[str, list[str]] = {}
    language = ""
    for line in text.splitlines():
        bare = _IN_BRACES.sub("", line)
        language = "ar" if _ARABIC.search(bare) else "en" if _LATIN.search(bare) else language
        if language and (line.strip() or lines):
            found.setdefault(language, []).append(line.strip())
    typed: dict[Step, Data] = {code: ("\n" if lines else " ").join(said).strip() for code, said in found.items()}
    if not typed:
        return None
    alone = next(iter(typed.values()))
    return {"ar": alone, "en": alone} | ({**before} if is_texts(before) else {}) | typed


def _words(text: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,،;\n]", text) if word.strip()]


def spoken(text: str) -> dict[Step, Data] | None:
    """Words with commas between them, told apart by their letters; None where there are none."""
    words = _words(text)
    arabic: list[Data] = [word for word in words if _ARABIC.search(word)]
    others: list[Data] = [word for word in words if not _ARABIC.search(word)]
    return {"ar": arabic, "en": others} if words else None


def span(text: str) -> str | None:
    """`9-12` as the file writes it. None where no day has such hours."""
    hours = read_hours(text)
    return None if hours is None else f"{hours[0]:%H:%M}–{hours[1]:%H:%M}"


def _sitting(text: str, before: Data) -> Data:
    found = span(text)
    if found is None or not isinstance(before, dict):
        return None
    opens, _, closes = found.partition("–")
    return before | {"opens": opens, "closes": closes}


def _pin(turn: Turn, one: Field, answer: Answer, before: Data) -> Data | Reask:
    place = answer.said.place
    match = None if place else _POINT.fullmatch(latin_digits(without_bidi(answer.text)).strip())
    if place is None and match is None:
        return Reask(hint(turn.t, one))
    point: dict[Step, Data] = (
        {"latitude": place.latitude, "longitude": place.longitude}
        if place
        else {"latitude": float(match[1]), "longitude": float(match[2])}
        if match
        else {}
    )
    return {**before, **point} if isinstance(before, dict) else point
