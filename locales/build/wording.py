"""How texts are worded, as far as a rule can tell: figures, agreement, plural forms, clauses.

What a rule cannot tell is said in `locales/README.md`, for whoever writes a text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

_TAG = re.compile(r"<[^<>]*>|&#?\w+;")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_DIACRITICS = re.compile("[\u064b-\u065f\u0670\u0640]")
_ARABIC_WORD = re.compile("[\u0620-\u064a]+")
_FIGURE = re.compile("(?<![A-Za-z])[0-9\u0660-\u0669]+")  # in a Latin name it is a part of the name

# ---------------------------------------------------------------------------- figures and times

_ENGLISH_NUMBERS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty|hundred|dozen"
    r"|half an hour|quarter of an hour)\b",
    re.IGNORECASE,
)
_ARABIC_NUMBERS = re.compile(
    "(?<![\u0620-\u064a])[وفبلك]?(?:اثنان|اثنين|اثنتان|اثنتين|ثلاثة?|أربعة?|خمسة?|ستة?|سبعة?|ثماني?ة?|تسعة?|عشرة?|عشر[وي]ن"
    "|ثلاث[وي]ن|أربع[وي]ن|خمس[وي]ن|ست[وي]ن|مئة|مائة|ربع|نصف)(?![\u0620-\u064a])"
)
_TIME_THEN_COLON = re.compile(r"\{(?:time|moment)\}(?:</?\w+>)*\s*:")
_COLON_THEN_DURATION = re.compile(r":\s*\{(?:minutes|span|drafts|usual|same_day)\}")


def figure_faults(text: str) -> Iterator[str]:
    """Numbers typed into a text, which would neither follow a change nor the digits that a person chose."""
    bare = _PLACEHOLDER.sub("", _TAG.sub("", text))
    if found := _FIGURE.search(bare):
        yield f"the figure {found[0]} is typed: a placeholder brings it"
    if found := _ENGLISH_NUMBERS.search(bare):
        yield f"the number “{found[0]}” is typed: a placeholder brings it"
    if found := _ARABIC_NUMBERS.search(_DIACRITICS.sub("", bare)):
        yield f"the number «{found[0]}» is typed: a placeholder brings it"


def time_faults(text: str) -> Iterator[str]:
    """A clock time and a number with a colon between them read as one."""
    if found := _TIME_THEN_COLON.search(text):
        yield f"“{found[0]}”: no colon after a time, which has one of its own"


# ---------------------------------------------------------------------------- English


_UNDONE = re.compile(r"\b(?:undo|undone|please ignore|do not come in yet)\b", re.IGNORECASE)


def english_faults(text: str) -> Iterator[str]:
    bare = _TAG.sub("", text)
    if bare.startswith("↩️") and not _UNDONE.search(bare):
        yield "↩️ is the icon of undoing: who taps by the picture would undo what they meant to do"
    if ";" in bare:
        yield "a semicolon joins two sentences: make them two"
    yield from time_faults(text)


# ---------------------------------------------------------------------------- Arabic

#: Placeholders of which nobody knows whether what they bring is masculine or feminine.
_WHO = r"\{(?:name|office|suggested|ministry|who|owner)\}"
_VERBS = (
    "سبق غادر أغلق أغلقت كتب كتبت أجاب رد ردت حول حولت أحال أحالت قدم قدمت سجل سجلت أرسل أرسلت استلم تسلم حذف حذفت ألغى"
    " ألغت فتح فتحت أعاد أعادت انضم انضمت أضاف أضافت غير غيرت عدل عدلت حدد حددت أكد أكدت رفض رفضت قبل قبلت اختار اختارت"
    " وافق وافقت تحتفظ يحتفظ يستقبل تستقبل يتولى تتولى يخدم تخدم يعمل تعمل ينتظر تنتظر يطلب تطلب تطلع يطلع"
)
_VERB = "|".join(sorted(_VERBS.split(), key=len, reverse=True))
_VERB_THEN_WHO = re.compile(rf"(?<![\u0620-\u064a])[وف]?(?:{_VERB})\s+(?:<\w+>)*{_WHO}")
_WHO_THEN_VERB = re.compile(rf"{_WHO}(?:</\w+>)*\s+(?:{_VERB})(?![\u0620-\u064a])")
_PRONOUN = re.compile(
    "(?<![\u0620-\u064a])[وف]?(?:إليها|إليه|لديها|لديه|عليها|عليه|اختيارها|اختياره)(?![\u0620-\u064a])"
)
_OUR_NOUN = re.compile("جهة|بلدية|بلديات|موظف")
_TATWEEL = re.compile("\u0640\\s*\\{")


def arabic_faults(text: str) -> Iterator[str]:
    yield from time_faults(text)
    yield from agreement_faults(text)
    if found := _COLON_THEN_DURATION.search(text):
        yield f"“{found[0]}”: durations are in the genitive, as after لمدة, خلال, قبل and بعد"
    if _TATWEEL.search(text):
        yield "a tatweel before a placeholder: write a noun of our own there (للجهة: …)"


def agreement_faults(text: str) -> Iterator[str]:
    """Words that would have to agree with what a placeholder brings."""
    bare = _DIACRITICS.sub("", text)
    if found := _VERB_THEN_WHO.search(bare) or _WHO_THEN_VERB.search(bare):
        yield f"«{found[0]}»: the verb agrees with nobody knows whom; a colon or a preposition goes before it"
    if re.search(_WHO, bare) and not _OUR_NOUN.search(bare) and (found := _PRONOUN.search(bare)):
        yield f"«{found[0]}» agrees with a placeholder: say our own noun (هذه الجهة)"


# ---------------------------------------------------------------------------- Arabic plurals

#: The forms for 3–10, 11–99 and 100–102, which all count something.
COUNTING = (3, 4, 5)
_WEAK = re.compile("[\u0621-\u0627\u0629\u0648\u0649\u064a]")  # what a plural, a case or a gender changes

_IMPERFECT = re.compile("^(?:س[يت]|[يت])")  # ستُرفق beside سيُرفق


def plural_faults(forms: Sequence[str]) -> Iterator[str]:
    """What is wrong with the six forms of a text beside each other."""
    if len(forms) != 6 or not all(forms):
        return
    if forms[3] == forms[4] and "{" in forms[3]:
        yield "forms 3 and 4 are the same: 3 counts in the plural, 11 in the singular"
    for one, other in combinations(COUNTING, 2):
        for here, there in ((one, other), (other, one)):
            if lost := _lost(forms[here], forms[there]):
                yield f"form {there} has no word for «{lost}» of form {here}"


def _lost(text: str, other: str) -> str | None:
    """A word of a text for which the other has none of the same root; None where there is none."""
    left = Counter(_root(word) for word in _words(other))
    for word in _words(text):
        root = _root(word)
        match = next((known for known in sorted(left, key=len, reverse=True) if _alike(root, known)), None)
        if match is None:
            return word
        left[match] -= 1
        left += Counter()
    return None


def _alike(one: str, other: str) -> bool:
    """Whether two roots may be of one word: inflection changes their ends."""
    return one == other or (bool(one and other) and (one.startswith(other) or other.startswith(one)))


def _words(text: str) -> list[str]:
    return _ARABIC_WORD.findall(_DIACRITICS.sub("", _PLACEHOLDER.sub("", _TAG.sub("", text))))


def _root(word: str) -> str:
    """What is left of a word without the letters that inflection adds or changes."""
    bare = word.removeprefix("و") if len(word) > 4 else word
    bare = bare.removeprefix("ال")
    bare = _IMPERFECT.sub("", bare) if len(bare) > 4 else bare
    return _WEAK.sub("", bare)
