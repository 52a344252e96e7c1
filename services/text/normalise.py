"""People's words: cleaned for keeping, normalised for comparing, searched for what they mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import zip_longest
from math import log1p
from typing import Protocol, TypeVar

from rapidfuzz.distance import DamerauLevenshtein

MAX_WORDS = 4000  # characters of one message that are kept
MAX_TOLD = 20_000  # characters that one matter is told in, over as many messages as it takes

# ---------------------------------------------------------------------------- characters

#: What turns a line's direction round, invisibly: U+200E/F, U+061C, U+202A–E, U+2066–9.
BIDI_CONTROLS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NO_BIDI = dict.fromkeys(map(ord, BIDI_CONTROLS))

_ZWNJ, _ZWJ = "\u200c", "\u200d"
# Format characters that are seen (the Arabic number and end-of-ayah signs), or that emoji and Persian need.
_KEPT_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2" + _ZWNJ + _ZWJ)
# Letters and marks that show nothing: a name of them would pass as one. Hangul's fillers, Khmer's inherent vowels,
# the grapheme joiner, Mongolian's selectors.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5\u034f\u180b\u180c\u180d\u180f")
_BLANKS = str.maketrans(dict.fromkeys("\t\u2800", " "))  # Braille's cell without dots is a space
_UNSEEN = frozenset({"Cf", "Mn", "Me"})  # marks are seen only with a letter
_LONGEST_NAME = 200  # of a name that a channel gives
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# England's flag and its like are a black flag spelt out in invisible letters; anywhere else those only hide text.
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]+")


def latin_digits(text: str) -> str:
    """The text with decimal digits of any script written 0–9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def without_bidi(text: str) -> str:
    """The text without the characters that steer its direction."""
    return text.translate(_NO_BIDI)


def without_invisible(text: str) -> str:
    """The text without characters that show nothing: copied text may have them between any two letters."""
    return "".join(c for c in text if unicodedata.category(c) not in _UNSEEN and c not in _FILLERS)


def visible_name(name: str) -> str:
    """What somebody calls themselves, on one line; "" where there is nothing to see in it.

    Letters, digits and signs are seen. Fillers, blanks and marks without a letter below them are not.
    """
    name = " ".join(clean(name, _LONGEST_NAME).split())
    return name if any(unicodedata.category(c)[0] in "LNSP" for c in name) else ""


class _Remembered(dict[int, str | None]):
    """What each character becomes in `str.translate`, None where it goes: asked once for what people mostly type."""

    _most = 4096  # characters

    def __init__(self, becomes: Callable[[str], str | None]) -> None:
        super().__init__()
        self._becomes = becomes

    def __missing__(self, code: int) -> str | None:
        found = self._becomes(chr(code))
        if len(self) < self._most:
            self[code] = found
        return found


def _kept(character: str) -> str | None:
    if character in _FILLERS:
        return None
    category = unicodedata.category(character)
    if category == "Cf":
        return character if character in _KEPT_FORMATS else None
    return character if character == "\n" or category not in {"Cc", "Cs"} else None


_KEPT = _Remembered(_kept)


def _visible(text: str) -> str:
    flags = _FLAG.findall(text)
    if not flags:
        return text.translate(_KEPT)
    parts = (part.translate(_KEPT) for part in _FLAG.split(text))
    return "".join(part + flag for part, flag in zip_longest(parts, flags, fillvalue=""))


def clean(text: str, limit: int) -> str:
    """What a person typed, fit to be kept and shown: at most `limit` characters (code points).

    Steering and control characters go, lone surrogates too (no database takes them); letters are
    composed (NFC), runs of spaces become one, at most one empty line in a row stays. Line breaks,
    emoji and the joiners they are made with are kept, and no emoji or accented letter is cut in two.
    """
    text = _LINE_BREAKS.sub("\n", text).translate(_BLANKS)
    text = unicodedata.normalize("NFC", _visible(text))
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return text if len(text) <= limit else _cut(text, limit)


def _cut(text: str, limit: int) -> str:
    end = limit
    while end and _continues(text[end - 1], text[end]):
        end -= 1
    # One letter with a tower of accents longer than the limit: better cut than lost.
    return text[: end or limit].strip()


def _continues(before: str, after: str) -> bool:
    """Whether `after` belongs to the same drawn character as `before`."""
    joined = after in {_ZWJ, _ZWNJ} or before == _ZWJ
    skin_or_tag = "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f"
    return joined or skin_or_tag or unicodedata.category(after) in {"Mn", "Me"}


# ---------------------------------------------------------------------------- comparing

# The seat of a hamza differs between countries and cases: شئون and شؤون, إضاءة and إضائة, أبناؤه and أبنائه.
_NOT_COMPARED = frozenset({"Mn", "Me", "Cf", "Cs"})
_HAMZA = frozenset("ؤئءأ")
_SEATS = (
    (re.compile("[ؤئء](?=و)"), "و"),
    (re.compile(r"(?<=[اآ])[ؤئء](?=\w)|(?<=ي)أ(?=[ةه])"), "ي"),
    (re.compile(r"(?<=ي)ئ(?!\w)"), ""),  # سيئ and سيء, شاطئ and شاطيء
)

# Letters that are written one for another. NFKD has by then taken apart أ إ آ ؤ ئ ۀ (the hamza and madda are
# marks and go with them) and the ligatures; these remain.
_SAME_LETTERS = str.maketrans(
    {
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ے": "ي",
        "ة": "ه",
        "ە": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ۃ": "ه",
        "ک": "ك",
        "ڪ": "ك",
        "گ": "ك",
        "پ": "ب",
        "چ": "ج",
        "ژ": "ز",
        "ڤ": "ف",
        "ٱ": "ا",
        "ء": None,
        "ـ": None,
    }
)


def _compared(character: str) -> str | None:
    """What a character is compared as; None where it is not."""
    if unicodedata.category(character) in _NOT_COMPARED or character in _FILLERS:
        return None
    return latin_digits(character.translate(_SAME_LETTERS).translate(_BLANKS))


def _letter(character: str) -> str | None:
    return None if character == "ـ" or unicodedata.category(character) in _NOT_COMPARED else character


_COMPARED, _LETTERS = _Remembered(_compared), _Remembered(_letter)


def normalise(text: str) -> str:
    """The text as it is compared: two spellings a reader takes for the same word come out equal.

    Forms of alef, hamza and its seats, yaa and alef maqsura, taa marbuta and haa, Persian letters, diacritics and
    tatweel, accents, case, digits of any script, steering and invisible characters, runs of space.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", _one_seat(text)).casefold())
    return " ".join(text.translate(_COMPARED).split())


def _one_seat(text: str) -> str:
    """The text with each hamza on the same seat, wherever it was written."""
    text = unicodedata.normalize("NFKC", text)  # a hamza and its seat are one letter
    if _HAMZA.isdisjoint(text):
        return text
    text = text.translate(_LETTERS)
    for written, meant in _SEATS:
        text = written.sub(meant, text)
    return text


# ---------------------------------------------------------------------------- searching


class Searchable(Protocol):
    """What can be found by its words: names first, then keywords."""

    @property
    def words(self) -> tuple[str, ...]: ...


Found = TypeVar("Found", bound=Searchable)

# Said in every request and true of none in particular.
_NOISE = frozenset(
    re.findall(
        r"\w+",
        "a an and are at by for from have i in is it its my near not of on our please problem that the there this to "
        "was we with في من علي الي عن مع هذا هذه هناك عند عندي عندنا يوجد توجد امام قرب جنب ان او و يا لو سمحت ارجو "
        "مشكله جدا",
    )
)
# The article, alone and after one-letter words that are written joined to it.
_ARTICLES = ("وال", "بال", "فال", "كال", "لل", "ال")

_EXACT, _BEGINS, _ALIKE = 1.0, 0.85, 0.7
# "House" alone does not mean "abandoned house"; both words together do.
_ALONE, _IN_A_PHRASE = 1.0, 0.6
_ENOUGH = 0.72  # of letters in place for a misspelling: one slip in a word of four, two in eight


def search(typed: str, candidates: Iterable[Found], limit: int = 6) -> list[Found]:
    """The candidates that what was typed may mean, the likeliest first; empty where nothing fits.

    Every typed word is compared with every word of a candidate: the same, the beginning of one
    another, or a misspelling. A word that fits many candidates counts for less than one that fits one.
    """
    pool = list(candidates)
    scores = [0.0] * len(pool)
    for word in dict.fromkeys(content_words(typed)):
        fits = [_fit(word, candidate.words) for candidate in pool]
        rarity = 1 / (1 + log1p(sum(fit > 0 for fit in fits)))
        for place, fit in enumerate(fits):
            scores[place] += fit * rarity
    ranked = sorted((place for place in range(len(pool)) if scores[place] > 0), key=lambda place: -scores[place])
    return [pool[place] for place in ranked[:limit]]


def content_words(text: str) -> list[str]:
    """The words that say something, normalised and without the article."""
    return [word for word in bare_words(text) if word not in _NOISE]


def bare_words(text: str) -> list[str]:
    """All words of a text, normalised and without the article."""
    return [_without_article(word) for word in re.findall(r"\w+", normalise(text))]


def _without_article(word: str) -> str:
    for article in _ARTICLES:
        if word.startswith(article) and len(word) >= len(article) + 2:
            return word[len(article) :]
    return word


@lru_cache(maxsize=1024)
def _known_words(phrase: str) -> tuple[str, ...]:
    return tuple(content_words(phrase))


def _fit(word: str, phrases: tuple[str, ...]) -> float:
    best = 0.0
    for phrase in phrases:
        known = _known_words(phrase)
        weight = _ALONE if len(known) == 1 else _IN_A_PHRASE
        best = max(best, *(weight * _likeness(word, one) for one in known), 0.0)
    return best


def _likeness(typed: str, known: str) -> float:
    if typed == known:
        return _EXACT
    shorter = min(len(typed), len(known))
    if shorter >= 3 and (known.startswith(typed) or typed.startswith(known)):
        return _BEGINS * (0.8 + 0.2 * shorter / max(len(typed), len(known)))
    if shorter < 4:
        return 0.0
    alike = DamerauLevenshtein.normalized_similarity(typed, known, score_cutoff=_ENOUGH)
    return _ALIKE * alike
