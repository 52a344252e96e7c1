"""One text in several languages, by their codes: what a column keeps as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import ConfigDict, RootModel, model_validator

#: What is shown where a text is not known in the reader's language.
FALLBACK = "en"


def pick(texts: Mapping[str, str], language: str) -> str:
    """The text in a language (in Arabic for `ar-BH` too), else in the fallback, else in any; "" where there is none."""
    primary = language.partition("-")[0]
    return texts.get(primary) or texts.get(FALLBACK) or next(iter(texts.values()), "")


class Translations(RootModel[dict[str, str]]):
    """What a text is in each language it was written in; none of them where nothing was said."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _of_a_column(cls, value: object) -> object:
        return json.loads(value) if isinstance(value, str) else value

    def __bool__(self) -> bool:
        return bool(self.root)

    def get(self, language: str) -> str:
        return pick(self.root, language)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self.root.values())

    @property
    def as_json(self) -> str:
        """As a column keeps it."""
        return json.dumps(self.root, ensure_ascii=False)
