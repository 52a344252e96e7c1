"""Words as they are compared in what people write: each in the forms that it may be said in.

Arabic joins "and", "in", "for" and "the" to a word and endings to its end; people drop and double letters. So a word
is not cut down to one root, which would be wrong often: it is known by the few forms that could be meant, and two
words are the same where they share one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from services.text.normalise import normalise

_SHORTEST = 3  # letters that must remain of a word
# Longest first; `normalise` has written ة as ه and ى as ي by then.

_STARTS = ("وال", "بال", "فال", "كال", "هال", "عال", "ولل", "لل", "ال", "و", "ف", "ب", "ل", "ك")

_ENDS = ("تنا", "تهم", "تها", "ات", "ين", "ون", "ان", "ها", "هم", "نا", "كم", "وا", "يه", "ه", "ي", "ت", "ج", "ش")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_WORD = re.compile(r"\w+")
_TRIPLED = re.compile(r"(.)\1{2,}")


@lru_cache(maxsize=8192)
def forms(word: str) -> frozenset[str]:
    """The forms in which a normalised word may be known, itself among them."""
    return _arabic(word) if _ARABIC.search(word) else _english(word)


def words(text: str) -> list[str]:
    """The words of a text, normalised; a letter that is drawn out counts once."""
    return _WORD.findall(_TRIPLED.sub(r"\1", normalise(text)))


def _arabic(word: str) -> frozenset[str]:
    bare = {word} | {word[len(s) :] for s in _STARTS if word.startswith(s) and len(word) - len(s) >= _SHORTEST}
    ended = {one[: -len(e)] for one in bare for e in _ENDS if one.endswith(e) and len(one) - len(e) >= _SHORTEST}
    return frozenset(bare | ended)


def _english(word: str) -> frozenset[str]:
    found = {word}
    for end, instead in (("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e")):
        if word.endswith(end) and len(word) - len(end) >= _SHORTEST and not word.endswith("ss"):
            stem = word[: -len(end)] + instead
            found.add(stem)
            if len(stem) > _SHORTEST and stem[-1] == stem[-2]:  # stopped, blocking is not one of these
                found.add(stem[:-1])
    return frozenset(found)
