"""Words by which staff say that somebody has no phone number, alone or after the name."""

from __future__ import annotations

from services.text.normalise import normalise

_AROUND = ".,،;:!-–()\"“”«»'’"

#: One of these says it, alone or with what is said around it.
_NONE = frozenset(
    normalise(word)
    for word in (
        *("no", "none", "without", "hasn't", "hasnt", "doesn't", "doesnt", "n/a", "nil", "not"),
        *("بدون", "بلا", "دون", "ما", "ماعنده", "ماعندها", "ماعندهم", "لا", "ليس", "ليست"),  # not a text: typed
        *("مافي", "مافيه", "ماله", "مالها", "ماكو", "لايوجد", "ماشي", "مب", "مو"),  # not a text: typed
    )
)
_AROUND_IT = frozenset(
    normalise(word)
    for word in (
        *("he", "she", "they", "has", "have", "got", "does", "do", "is", "there", "a", "any", "one", "own", "the"),
        *("phone", "number", "mobile", "telephone", "whatsapp", "visitor", "with"),
        *("عنده", "عندها", "عندهم", "له", "لها", "لديه", "لديها", "معه", "معها", "معاه", "معاها"),  # not a text: typed
        *("رقم", "هاتف", "تلفون", "تليفون", "موبايل", "جوال", "نقال", "رقمه", "رقمها"),  # not a text: typed
        *("يوجد", "يملك", "تملك", "في", "فيه", "أي", "شي", "شيء", "المراجع", "المراجعة"),  # not a text: typed
    )
)
#: Alone at the end of a name they say it too; a bare "no" there may be a name.
_CLEAR = frozenset(normalise(word) for word in ("none", "without", "بدون", "ماعنده", "ماعندها"))  # not a text: typed


def without_number(text: str) -> tuple[str, bool]:
    """The text without words that say that there is no number, and whether there were any."""
    words = text.split()
    bare = [normalise(word.strip(_AROUND).replace("’", "'")) for word in words]
    start = len(words)
    while start > 0 and (bare[start - 1] in _NONE | _AROUND_IT or not bare[start - 1]):
        start -= 1
    said = [word for word in bare[start:] if word]
    if not any(word in _NONE for word in said):
        return text, False
    if start > 0 and len(said) == 1 and said[0] not in _CLEAR:
        return text, False
    return " ".join(words[:start]).strip(" ,،;:-–."), True
