"""The texts of the data files, held to the same words as those of the code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import yaml

from locales.build.glossary import glossary
from locales.build.wording import arabic_faults, english_faults
from locales.languages import Language

FOLDER = "services/data"

Data: TypeAlias = "str | int | float | bool | list[Data] | dict[str, Data] | None"


def data_faults(root: Path) -> Iterator[str]:
    """What is wrong with the words of the data files under `root`. Figures may stand there: they are data."""
    for path in sorted((root / FOLDER).glob("*.yaml")):
        document: Data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for place, english, arabic in _texts(document, ()):
            where = f"{FOLDER}/{path.name}: {'.'.join(place)}"
            found = (
                *english_faults(english),
                *glossary().wrong_words(english, Language.EN),
                *arabic_faults(arabic),
                *glossary().wrong_words(arabic, Language.AR),
                *glossary().missing_words(english, arabic),
            )
            yield from (f"{where}: {fault}" for fault in found)


def _texts(data: Data, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Every text in English and Arabic, with its place in the file."""
    items: list[tuple[str, Data]] = []
    if isinstance(data, dict):
        english, arabic = data.get("en"), data.get("ar")
        if isinstance(english, str) and isinstance(arabic, str):
            yield place, english, arabic
        items = [(str(key), value) for key, value in data.items()]
    elif isinstance(data, list):
        items = [(str(index), value) for index, value in enumerate(data)]
    for key, value in items:
        yield from _texts(value, (*place, key))
