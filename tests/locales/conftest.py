from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from locales import Catalogues, Digits, Language, Localizer, load
from locales.build.store import PLURALS

Catalogue = Callable[[Language, str], None]


@pytest.fixture(scope="module")
def shipped() -> Catalogues:
    return load()


@pytest.fixture
def en(shipped: Catalogues) -> Localizer:
    return shipped.localizer(Language.EN)


@pytest.fixture
def ar(shipped: Catalogues) -> Localizer:
    return shipped.localizer(Language.AR)


@pytest.fixture
def ar_digits(shipped: Catalogues) -> Localizer:
    return shipped.localizer(Language.AR, Digits.ARABIC)


@pytest.fixture
def catalogue(tmp_path: Path) -> Callable[..., Path]:
    """Write a catalogue of entries by hand; the folder to load or to give the tool."""

    def write(language: Language, entries: str, domain: str = "greeting", plurals: str = "") -> Path:
        folder = tmp_path / "locales" / language.value / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        header = f'msgid ""\nmsgstr ""\n"Language: {language.value}\\n"\n'
        header += (
            f'"Plural-Forms: {plurals or PLURALS[language]};\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        )
        (folder / f"{domain}.po").write_text(header + entries, encoding="utf-8")
        return tmp_path / "locales"

    return write
