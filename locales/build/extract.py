"""Which texts the code says, and in which domain each belongs."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages import extract as babel

ROOMS = ("conversations", "bot", "services")
OWN_TEXTS = "locales/localizer.py"  # what a tongue itself says: units of time, how a date and a time are joined
COMMON = "common"
COMMENT_TAG = "Translators:"

MARKUP = {"t": None, "self": None, "plural": (1, 2)}
LABELS = {"plain": None, "plain_plural": (1, 2)}
TABLES = {"N_": None}
CALLS = frozenset(MARKUP) | frozenset(LABELS) | frozenset(TABLES)


@dataclass(slots=True)
class Text:
    """One text of the code: a sentence, or the two English forms of a plural."""

    msgid: str
    plural: str = ""
    files: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)
    is_markup: bool = False  # shown as HTML somewhere
    is_label: bool = False  # shown as plain text somewhere

    @property
    def domain(self) -> str:
        packages = {_package(file) for file in self.files}
        return packages.pop() if len(packages) == 1 else COMMON


@dataclass(frozen=True, slots=True)
class Extraction:
    texts: dict[str, Text]
    unreadable: frozenset[str]  # files that do not parse, for now: what they said is kept


def sources(root: Path, rooms: tuple[str, ...] = ROOMS) -> Iterator[tuple[str, Path]]:
    """Every source file that may say something, by its name in the project."""
    found = [path for room in rooms for path in (root / room).rglob("*.py")]
    names = {path.relative_to(root).as_posix(): path for path in found}
    yield from ((name, names[name]) for name in sorted(names) if not name.startswith("bot/sandbox/"))


def extract(root: Path) -> Extraction:
    """Read every text marked in the code under `root`."""
    texts: dict[str, Text] = {}
    unreadable: set[str] = set()
    files = [*sources(root)]
    if (root / OWN_TEXTS).exists():
        files.append((OWN_TEXTS, root / OWN_TEXTS))
    for name, path in files:
        source = path.read_bytes()
        try:
            ast.parse(source)
        except (SyntaxError, ValueError):
            unreadable.add(name)
            continue
        _extract_file(name, source, texts)
    return Extraction(texts, frozenset(unreadable))


def _extract_file(name: str, source: bytes, texts: dict[str, Text]) -> None:
    for keywords in (MARKUP, LABELS, TABLES):
        for _, message, comments, _ in babel.extract("python", io.BytesIO(source), keywords, [COMMENT_TAG]):
            msgid, plural = (message, "") if isinstance(message, str) else message[:2]
            text = texts.setdefault(msgid, Text(msgid))
            text.plural = plural or text.plural
            text.files.add(name)
            text.comments += [comment for comment in comments if comment not in text.comments]
            text.is_markup |= keywords is MARKUP
            text.is_label |= keywords is LABELS


def _package(file: str) -> str:
    """The catalogue of a source file: its package below the room, or the room's own name."""
    parts = Path(file).parts
    if file == OWN_TEXTS:
        return COMMON
    return parts[1] if parts[0] == "conversations" and len(parts) > 2 else parts[0]
