"""What can be wrong with a catalogue."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Message

from locales.build import store, wording
from locales.build.extract import Extraction, Text
from locales.build.glossary import glossary
from locales.languages import Language

TAGS = frozenset({"b", "i", "code"})

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>")
_LOOSE = re.compile(r"[<>]|&(?!amp;|lt;|gt;|quot;|#\d+;)")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DIACRITICS = re.compile("[\u064b-\u065f\u0670\u0640]")
_ARABIC = re.compile("[\u0620-\u064a]")
_SIGNS = re.compile("[\u2100-\u2bff\U0001f000-\U0001faff]")  # letter-like signs, arrows, symbols, emoji
_TANWEEN_BEFORE_ALEF = re.compile("\u064b\u0627")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

# أنت and imperatives to one person, who would have to be a man or a woman: يُرجى with a verbal noun instead.
_COMMANDS = """
    أنت انت اضغط إضغط اضغطي انقر أنقر انقري أدخل ادخل أدخلي اختر إختر اختاري اكتب أكتب اكتبي أرسل ارسل أرسلي
    حدد حددي تأكد تأكدي استخدم إستخدم استخدمي افتح إفتح افتحي شارك شاركي حاول حاولي انتظر إنتظر انتظري ابدأ إبدأ
    ابدئي راجع راجعي عد عودي أعد أعيدي قم قومي أكمل أكملي أضف أضيفي امسح إمسح احذف إحذف اتصل إتصل احجز إحجز قيم قيمي
    تفضل تفضلي انظر أنظر اقرأ إقرأ اطلب أطلب ألغ سجل سجلي
"""
_AMBIGUOUS = frozenset({"سجل", "قيم", "عد", "قم"})  # also nouns: a record, values, a count; a place
FORBIDDEN = frozenset(_COMMANDS.split()) - _AMBIGUOUS
_WORD = re.compile("[\u0620-\u064a]+")


def faults(home: Path, extraction: Extraction) -> Iterator[str]:
    """Everything wrong with the catalogues, in the order to mend it."""
    yield from (f"{file}: does not parse" for file in sorted(extraction.unreadable))
    for text in extraction.texts.values():
        yield from _source_faults(text)
    for language in Language:
        for path in store.po_files(home, language):
            yield from _file_faults(path, language, extraction)
    yield from _out_of_step(home, extraction)


def _source_faults(text: Text) -> Iterator[str]:
    where = ", ".join(sorted(text.files))
    for english in filter(None, (text.msgid, text.plural)):
        try:
            placeholders(english)
        except ValueError as error:
            yield f"{where}: {english!r}: {error}"
        if text.is_markup:
            yield from (f"{where}: {english!r}: {fault}" for fault in _markup_faults(english))
        if text.is_label and _TAG.search(english):
            yield f"{where}: {english!r}: a label shows no HTML"
        if turning := _turning_signs(english):
            yield f"{where}: {english!r}: {turning}"
        worded = (
            *wording.english_faults(english),
            *wording.figure_faults(english),
            *glossary().wrong_words(english, Language.EN),
        )
        yield from (f"{where}: {english!r}: {fault}" for fault in worded)


def _file_faults(path: Path, language: Language, extraction: Extraction) -> Iterator[str]:
    where = f"{language.value}/{path.name}"
    catalogue = store.read(path, language)
    if _spaceless(catalogue.plural_forms) != _spaceless(store.PLURALS[language]):
        yield f"{where}: Plural-Forms must be {store.PLURALS[language]}"
    yield from (f"{where}: obsolete: {store.english(message)[0]!r}" for message in catalogue.obsolete.values())
    for message in catalogue:
        msgid = store.english(message)[0]
        if msgid:
            text = extraction.texts.get(msgid)
            is_label = text is not None and text.is_label and not text.is_markup
            found = message_faults(message, language, is_label=is_label)
            yield from (f"{where}: {msgid!r}: {fault}" for fault in found)


def message_faults(message: Message, language: Language, *, is_label: bool = False) -> Iterator[str]:
    """What is wrong with one message's translations."""
    if message.fuzzy:
        yield "fuzzy: someone must look at it"
    one, other = store.english(message)
    translations = store.forms(message)
    expected = store.FORMS[language] if other else 1
    if len(translations) != expected:
        yield f"{len(translations)} forms instead of {expected}"
    for index, translation in enumerate(translations):
        form = f"form {index}: " if other else ""
        if not translation:
            yield f"{form}not translated"
            continue
        for fault in _translation_faults(one, other, index, translation, language, is_label=is_label):
            yield form + fault
    if language is Language.AR and other:
        yield from wording.plural_faults(translations)


def _translation_faults(
    one: str, other: str, index: int, translation: str, language: Language, *, is_label: bool
) -> Iterator[str]:
    english = other or one
    yield from _placeholder_faults(one, other, index, translation, language)
    if not is_label:
        if _tags(translation) != _tags(english):
            yield f"other tags than the English: {translation!r}"
        yield from _markup_faults(translation)
    if _BIDI.search(translation):
        yield "bidi control characters are the code's to add"
    if turning := _turning_signs(translation):
        yield turning
    if language is Language.AR:
        yield from _arabic_faults(english, translation)
        if not other or index in wording.COUNTING:
            yield from glossary().missing_words(english, translation)


def _placeholder_faults(one: str, other: str, index: int, translation: str, language: Language) -> Iterator[str]:
    try:
        used = placeholders(translation)
    except ValueError as error:
        yield f"{translation!r}: {error}"
        return
    needed = placeholders(other or one)
    # "one request", طلبان: a form that means a single number may leave it out.
    single = other and index < store.FORMS[language] - (3 if language is Language.AR else 1)
    optional = {"n"} if single else set()
    if used - needed:
        yield f"placeholders the English has not: {', '.join(sorted(used - needed))}"
    if needed - used - optional:
        yield f"placeholders missing: {', '.join(sorted(needed - used - optional))}"


def placeholders(text: str) -> set[str]:
    """The names in `{name}`. Raises ValueError where the braces are anything else."""
    names = set()
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{{{name}}} is not a plain name in braces")
        names.add(name)
    return names


def _tags(text: str) -> Counter[str]:
    return Counter(f"{slash}{name}" for slash, name, _ in _TAG.findall(text))


def _markup_faults(text: str) -> Iterator[str]:
    open_tags: list[str] = []
    for slash, name, rest in _TAG.findall(text):
        if name not in TAGS or rest:
            yield f"<{name}{rest}> is not one of {', '.join(sorted(TAGS))}"
        elif not slash:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            yield f"</{name}> closes nothing"
    yield from (f"<{name}> is not closed" for name in open_tags)
    if loose := _LOOSE.search(_TAG.sub("", text)):
        yield f"{loose[0]} must be written as an entity in HTML"


def _turning_signs(text: str) -> str:
    """What is wrong with signs that count as letters of a direction (🆕, ℹ, 🆗); "" where there are none."""
    strong = [sign for sign in _SIGNS.findall(text) if unicodedata.bidirectional(sign) in {"L", "R", "AL"}]
    return f"{' '.join(strong)} has a direction of its own, which turns an Arabic line round" if strong else ""


def _arabic_faults(english: str, translation: str) -> Iterator[str]:
    words = _PLACEHOLDER.sub("", _TAG.sub("", english))
    if any(letter.islower() for letter in words) and not _ARABIC.search(translation):
        yield f"not Arabic: {translation!r}"
    if _TANWEEN_BEFORE_ALEF.search(translation):
        yield f"the tanween stands on the alef, as in حالياً: {translation!r}"
    for word in _WORD.findall(_DIACRITICS.sub("", translation)):
        bare = word[1:] if word[0] in "وف" and word not in FORBIDDEN else word
        if bare in FORBIDDEN:
            yield f"{word} addresses one person: يُرجى with a verbal noun"
    yield from wording.arabic_faults(translation)
    yield from wording.figure_faults(translation)
    yield from glossary().wrong_words(translation, Language.AR)


def _out_of_step(home: Path, extraction: Extraction) -> Iterator[str]:
    wanted = store.in_step(home, extraction)
    present = {path for language in Language for path in store.po_files(home, language)}
    for path in sorted(present | wanted.keys()):
        catalogue = wanted.get(path)
        if catalogue is None or path not in present:
            differs = True
        else:
            differs = path.read_bytes() != store.rendered(catalogue, store.language_at(path))
        if differs:
            yield f"{store.language_at(path).value}/{path.name}: not in step with the code: run `make messages`"


def _spaceless(text: str) -> str:
    return re.sub(r"[\s;]+$|\s", "", text)
