"""The catalogues as files: read, brought in step with the code, written whole or not at all."""

from __future__ import annotations

import fcntl
import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from locales.build.extract import Extraction, Text
from locales.catalogues import compile_po
from locales.languages import Language

# Babel's own rule for Arabic takes 11 for 100 and 100 for 11; these are CLDR's six forms.
PLURALS = {language: get_plural(language.value).plural_forms.rstrip(";") for language in Language} | {
    Language.AR: "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)"
}
FORMS = {language: get_plural(language.value).num_plurals for language in Language}
_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals};\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

Catalogues = dict[Path, Catalog]


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """One writer at a time: the others wait. The lock is on the folder, so nothing is left behind."""
    handle = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def folder(home: Path, language: Language) -> Path:
    return home / language.value / "LC_MESSAGES"


def po_files(home: Path, language: Language) -> list[Path]:
    return sorted(folder(home, language).glob("*.po"))


def read(path: Path, language: Language) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language.value, domain=path.stem)


@dataclass(frozen=True, slots=True)
class Known:
    """What a language's catalogues hold: each message by its English text."""

    messages: Mapping[str, Message]

    @classmethod
    def of(cls, home: Path, language: Language) -> Known:
        messages: dict[str, Message] = {}
        for path in po_files(home, language):
            for message in read(path, language):
                known = messages.get(msgid := english(message)[0])
                if msgid and (known is None or not is_translated(known)):
                    messages[msgid] = message
        return cls(messages)

    def texts(self) -> Iterator[Text]:
        """What the code said when it was last read."""
        for message in self.messages.values():
            one, other = english(message)
            yield Text(one, other, {name for name, _ in message.locations}, list(message.auto_comments))


def english(message: Message) -> tuple[str, str]:
    """The message's English: the text, or the singular and plural."""
    if isinstance(message.id, str):
        return message.id, ""
    one, other = message.id
    return one, other


def forms(message: Message) -> tuple[str, ...]:
    return (message.string or "",) if isinstance(message.string, str) else tuple(message.string or ())


def is_translated(message: Message) -> bool:
    return bool(forms(message)) and all(forms(message))


def in_step(home: Path, extraction: Extraction, *, drop: bool = True) -> Catalogues:
    """The catalogues as they should be for this code, keeping every translation that still has a use.

    What a file that does not parse said is kept; without `drop`, what no file says any more is too.
    """
    catalogues: Catalogues = {}
    for language in Language:
        known = Known.of(home, language)
        texts = dict(extraction.texts)
        for old in known.texts():
            if unread := old.files & extraction.unreadable:
                said = texts[old.msgid].files if old.msgid in texts else set()
                texts[old.msgid] = replace(texts.get(old.msgid, old), files=said | unread)
            elif not drop and old.files:
                texts.setdefault(old.msgid, old)
        for text in texts.values():
            path = folder(home, language) / f"{text.domain}.po"
            catalogue = catalogues.setdefault(path, Catalog(language.value, domain=path.stem))
            _add(catalogue, text, known.messages.get(text.msgid), language)
    return catalogues


def _add(catalogue: Catalog, text: Text, known: Message | None, language: Language) -> None:
    message = catalogue.add(
        (text.msgid, text.plural) if text.plural else text.msgid,
        locations=[(file, None) for file in sorted(text.files)],  # type: ignore[misc]  # names only: lines move daily
        auto_comments=text.comments,
    )
    message.flags.discard("python-format")  # Babel guesses it from a per cent sign
    translations = _kept(text, known, language)
    message.string = translations if text.plural else translations[0]
    if known is not None and known.fuzzy:
        message.flags.add("fuzzy")


def _kept(text: Text, known: Message | None, language: Language) -> tuple[str, ...]:
    count = FORMS[language] if text.plural else 1
    if known is None or not any(forms(known)):
        same = False
    elif language is Language.EN:
        same = english(known) == (text.msgid, text.plural)
    else:
        same = bool(english(known)[1]) == bool(text.plural)
    if known is not None and same:
        return (*forms(known), *("",) * count)[:count]
    return (text.msgid, text.plural)[:count] if language is Language.EN else ("",) * count


def rendered(catalogue: Catalog, language: Language) -> bytes:
    """The file of a catalogue: sorted, without line numbers or dates, so that only changes change it."""
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    header = _HEADER.format(language=language.value, plurals=PLURALS[language])
    return header.encode() + body.getvalue().rstrip(b"\n") + b"\n"


def language_at(path: Path) -> Language:
    return Language(path.parent.parent.name)


def write(home: Path, catalogues: Catalogues) -> list[Path]:
    """Write what changed, remove what is no longer said; the files touched."""
    touched = []
    for path, catalogue in catalogues.items():
        content = rendered(catalogue, language_at(path))
        if not path.exists() or path.read_bytes() != content:
            put(path, content)
            touched.append(path)
    for language in Language:
        for path in po_files(home, language):
            if path not in catalogues:
                path.unlink()
                path.with_suffix(".mo").unlink(missing_ok=True)
                touched.append(path)
    return touched


def put(path: Path, content: bytes) -> None:
    """Put the file in place whole: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(content)
        temporary = Path(file.name)
    temporary.chmod(0o644)
    temporary.replace(path)


def compile_all(home: Path) -> list[Path]:
    """Compile each catalogue that is newer than what was compiled of it; the files written."""
    written = []
    for language in Language:
        for source in po_files(home, language):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                put(target, compile_po(source, language))
                written.append(target)
        for target in folder(home, language).glob("*.mo"):
            if not target.with_suffix(".po").exists():
                target.unlink()
    return written
