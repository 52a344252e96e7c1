"""Reading the gettext catalogues: one domain a package, merged into one lookup a language."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from locales.languages import Digits, Language
from locales.localizer import Localizer

HERE = Path(__file__).parent
BAHRAIN = ZoneInfo("Asia/Bahrain")


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Every text of the desk, in every language."""

    texts: dict[Language, Translations]
    _localizers: dict[tuple[Language, Digits, str], Localizer] = field(default_factory=dict, repr=False)

    def localizer(self, language: Language, digits: Digits = Digits.LATIN, zone: ZoneInfo = BAHRAIN) -> Localizer:
        """The same tongue for the same choice, so that what it has prepared is prepared once."""
        key = (language, digits, zone.key)
        known = self._localizers.get(key)
        if known is None:
            known = self._localizers[key] = Localizer(language, digits, zone, self.texts[language])
        return known


def load(directory: Path | None = None) -> Catalogues:
    """Read the catalogues under `directory` (default: the shipped ones), once, at start."""
    home = directory or HERE
    return Catalogues({language: _merged(home / language / "LC_MESSAGES", language) for language in Language})


def _merged(folder: Path, language: Language) -> Translations:
    names = sorted({path.stem for path in folder.glob("*.[pm]o")})
    read = [_read(folder / f"{name}.po", language) for name in names]
    if not read:
        return Translations()
    first, *others = read
    for other in others:
        first.merge(other)
    return first


def _read(source: Path, language: Language) -> Translations:
    """The compiled catalogue, or its source where that is newer: a stale text is never shown."""
    compiled = source.with_suffix(".mo")
    if compiled.exists() and not (source.exists() and source.stat().st_mtime > compiled.stat().st_mtime):
        with compiled.open("rb") as file:
            return Translations(file, domain=source.stem)
    return Translations(io.BytesIO(compile_po(source, language)), domain=source.stem)


def compile_po(source: Path, language: Language) -> bytes:
    """The .mo of a .po."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language.value, domain=source.stem)
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()
