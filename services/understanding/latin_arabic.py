"""Arabic typed in Latin letters ("shlon atla3 rokhsat bina2"), as the words of Arabic that the rules know.

Everybody spells it their own way, so a word is compared by its consonants: letters that sound alike count as one, and
vowels do not count, which Arabic does not write either. Where several Arabic words have the same consonants, the one
whose letters are nearest in all is taken. A word that no rule knows stays as it was typed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz.distance import DamerauLevenshtein

from services.text.normalise import normalise

_ARABIC = re.compile(r"[\u0600-\u06ff]")
# A figure for a letter: "3ala", "7ag", "mas2ool"; "3rd", "10am", "m2" and "b12" have none.
_FIGURE = re.compile(r"(?!\d+(?:rd|am|pm|m|k|x|d|bd|h|km)$)(?:[a-z]*[37][a-z]{2,}|[a-z]+[2356789][a-z]+|[a-z]{2,}[37])")
_NEAR, _NEAR_SHORT = 0.55, 0.7  # how near all letters of two words must be whose consonants are the same
_SHORT = 2  # consonants
_FEW = 3  # unmistakable words that make a message Arabic, or one in so many words of it
_EACH = 5
_PLAINLY = 5  # letters from which a word of English, amid Arabic, is not taken for one of Arabic
_ARTICLE = 4  # letters from which a word may begin with the article

# What people type most, spelt in ways that consonants do not tell; "" is a word that says nothing by itself.
_LITTLE: Mapping[str, str] = MappingProxyType(
    {
        latin: normalise(arabic)
        for arabic, spellings in {
            "": "el al il l lel lil le w u wa fel bel 3al ya",
            "شلون": "shlon shloon shlun chlon shelon sh-lon",
            "شنو": "shno shnu shino shinu shnw sheno",
            "وش": "wsh wesh",
            "شصار": "shsar sh9ar sh9ayer shsayer",
            "وين": "wain wayn wen ween wein",
            "متى": "mata meta mita mta emta",
            "لين متى": "lmata lemta lemata",
            "منو": "meno mno minu mnu mino menu",
            "كم": "kam kem chm cham chem jm",
            "بكم": "bkam bkm bcham bchm bechm",
            "كيف": "kaif keif kef kayf kif",
            "ليش": "laish lesh leish laysh leeh",
            "لويش": "lewaish lewain lwaish",
            "هل": "hal",
            "ما": "ma",
            "هي": "hi heya hiya",
            "اي": "ay ayy ai",
            "من": "men min mn",
            "في": "fe fi fee",
            "على": "3ala 3la",
            "عن": "3an 3n",
            "حق": "7ag hag 7ag7 7agg",
            "عند": "3end 3nd 3ind end",
            "عندنا": "3endna 3ndna 3indna endna",
            "عندي": "3endi 3ndi 3indi endi",
            "ابي": "abi aby abe",
            "ابغي": "abgha abghi abgi abga",
            "نبي": "nabi naby nabe",
            "بغيت": "bghait baghet bagheet bgheet",
            "ممكن": "mumkin momken mumken momkin",
            "لو": "law lo low",
            "محد": "ma7ad mahad ma7d ma7ed",
            "احد": "a7ad ahad",
            "موعد": "maw3ed maw3id mo3ed mawid mawed moid maw3d",
            "باجر": "bacher bachir bajer",
            "اللي": "elly elli illi ely eli",
            "بناء": "bina2 bina bena binaa bna2 benaa bina2a",
            "بيت": "bait bayt beit bet",
            "بيتنا": "baitna betna",
            "يوم": "yom youm yoom",
            "شوف": "shoof shuf",
            "شي": "shay shy shai",
            "انتو": "ento entaw entu entoo",
            "لازم": "lazem lazim lazm",
            "بلديه": "baladiya baladeya baladya baladia balediya baladiyya",
            "السلام": "salam slm",
            "شكرا": "shukran shokran",
            "ماي": "mai may mayy maay",
            "سياره": "sayara sayyara sayarah sayyarah",
            "جدام": "jeddam jedam gdam geddam jiddam",
            "ياليت": "yalet yaleet ya-lait yalait yrait",
            "زباله": "zbala zbalah zbaala zebala",
            "شكوى": "shakwa shakwah shkwa shakwaa",
            "طلبي": "talabi 6alabi",
            "صار": "sar 9ar",
            "مع": "m3a ma3",
            "وايد": "wayed wayd wayid",
            "ساعه": "sa3a sa3ah",
            "كل": "kel kil kul kella",
            "انا": "ana",
            "هذا": "hatha hadha",
            "بس": "bas bass",
            "ولا": "wla walla wela",
            "اذا": "etha itha edha",
            "مو": "mu moo mob",
            "عشان": "3shan 3ashan 3alashan",
            "لين": "leen leena lena",
            "جديد": "jdeed jadeed jidid",
            "يديد": "yadeed yedeed ydeed",
            "كان": "kan kaan",
            "رقم": "raqam ragam rqm raqem rakam",
            "لا": "la",
        }.items()
        for latin in spellings.split()
    }
)
# Of those, what is also English or a name makes nothing Arabic.
_ALSO_ENGLISH = frozenset(
    {
        "al",
        "ai",
        "hi",
        "ya",
        "u",
        "wa",
        "mu",
        "kan",
        "bas",
        "men",
        "may",
        "min",
        "low",
        "lo",
        "fe",
        "fi",
        "fee",
        "le",
        "bet",
        "end",
        "mai",
        "hal",
        "l",
        "il",
        "menu",
        "kif",
        "sar",
        "be",
        "bait",
        "law",
        "la",
    }
)
# Sounds, longest spelling first. Letters that people take for one another are one sound.
_LATIN = (
    ("sh", "š"), ("th", "s"), ("kh", "x"), ("gh", "ğ"), ("dh", "d"), ("ch", "k"), ("3'", "ğ"), ("7'", "x"),
    ("5", "x"), ("7", "h"), ("6", "t"), ("9", "s"), ("8", "k"), ("3", "c"), ("2", ""), ("4", "d"),
    ("q", "k"), ("g", "k"), ("j", "j"), ("z", "z"), ("v", "f"), ("p", "b"), ("h", "h"),
)  # fmt: skip
_ARABIC_SOUNDS: Mapping[int, str] = MappingProxyType(
    str.maketrans(
        {
            **dict(zip("بتثجحخدذرزسشصضطظغفقكلمنه", "btsjhxddrzsšsdtdğfkklmnh", strict=True)),
            **dict.fromkeys("اءىئؤ", ""),
            "ع": "c",
            "و": "w",
            "ي": "y",
        }
    )
)
_SPELT: Mapping[int, str] = MappingProxyType(
    str.maketrans(
        {
            **dict(zip("بتثجحخدذرزسشصضطظغفقكلمنه", "btsjhxddrzsšsdtdğfkklmnh", strict=True)),
            **dict(zip("اوي", "aui", strict=True)),
            "ع": "c",
            "ى": "a",
        }
    )
)
_G = re.compile("g(?!h)")
_AIN = "c"
_STARTS = ("", "el", "al", "il", "lel", "w", "b", "l", "f", "h")
_DOUBLED = re.compile(r"(.)\1+")
_WEAK = re.compile(r"(?<!^)[wy]")
_LAST_H = re.compile("ه$")
_VOWELS = re.compile(r"[aeiou']")


class LatinArabic:
    """The Arabic words of the rules, by their consonants."""

    def __init__(self, vocabulary: Iterable[str], english: Iterable[str] = ()) -> None:
        self._english = frozenset(word for word in english if word.isascii() and len(word) >= _PLAINLY)
        self._by_consonants: dict[str, set[str]] = defaultdict(set)
        for word in vocabulary:
            if _ARABIC.search(word):
                bare = word.removeprefix("ال") if len(word) > _ARTICLE else word
                consonants = _consonants_of_arabic(bare)
                self._by_consonants[consonants].add(bare)
                self._by_consonants[consonants.replace(_AIN, "")].add(bare)  # many leave it out
        self._arabic_of = lru_cache(2_000)(self._looked_up)

    def read(self, said: Sequence[str], of: Sequence[str] | None = None) -> list[str]:
        """The words of a message, or of a part `of` one: in Arabic, where that is what was typed in Latin letters."""
        if not is_latin_arabic(said if of is None else of):
            return list(said)
        return [one for word in said for one in self._arabic_of(word)]

    def _looked_up(self, word: str) -> tuple[str, ...]:
        if word in _LITTLE:
            return tuple(_LITTLE[word].split())
        if not word.isascii() or word.isdigit() or word in self._english:
            return (word,)
        for spelt in _spelt(word):
            for start in _STARTS:
                rest = spelt.removeprefix(start)
                if start and (rest == spelt or len(rest) < _ARTICLE):
                    continue
                for one in dict.fromkeys((rest, rest.removesuffix("h"), rest.removesuffix("t"))):
                    found = self._nearest(one)
                    if found:
                        return (found,)
        return (word,)

    def _nearest(self, spelt: str) -> str:
        consonants = _consonants(spelt)
        enough = _NEAR_SHORT if len(consonants) <= _SHORT else _NEAR
        known = ((_alike(spelt, word), word) for word in self._by_consonants.get(consonants, ()))
        return max((one for one in known if one[0] >= enough), default=(0.0, ""))[1]


def is_latin_arabic(said: Sequence[str]) -> bool:
    """Whether words are Arabic in Latin letters: figures for letters, or small words that no other language has."""
    if any(_ARABIC.search(word) for word in said):
        return False
    sure = {word for word in said if (word in _LITTLE and word not in _ALSO_ENGLISH) or _FIGURE.fullmatch(word)}
    return len(sure) >= min(_FEW, max(1, len(said) // _EACH))


def _spelt(word: str) -> list[str]:
    """By sounds; 8, g and th are each written for two letters."""
    ways = [word, word.replace("8", "gh")] if "8" in word else [word]
    ways += [_G.sub("gh", word)] if _G.search(word) else []
    ways += [word.replace("th", "dh")] if "th" in word else []
    return [_sounds(one) for one in ways]


def _sounds(word: str) -> str:
    for spelt, sound in _LATIN:
        word = word.replace(spelt, sound)
    return word


def _alike(spelt: str, arabic: str) -> float:
    return DamerauLevenshtein.normalized_similarity(_vowels(spelt), _vowels(_LAST_H.sub("ا", arabic).translate(_SPELT)))


def _consonants(spelt: str) -> str:
    return _WEAK.sub("", _DOUBLED.sub(r"\1", _VOWELS.sub("", spelt)))


def _consonants_of_arabic(word: str) -> str:
    whole = word.removesuffix("ه") if len(word) > 3 else word
    return _WEAK.sub("", _DOUBLED.sub(r"\1", whole.translate(_ARABIC_SOUNDS)))


def _vowels(spelt: str) -> str:
    """Spelt with three vowels, doubled letters once."""
    return _DOUBLED.sub(r"\1", spelt.replace("e", "i").replace("o", "u").replace("y", "i").replace("w", "u"))
