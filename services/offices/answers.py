"""Ready answers to what residents ask: fees, documents, permits, hours, whose job something is.

Those at the top of the offices file are every office's. An office has its own besides, and one under the same id
takes the place of the shared one there.
"""

from __future__ import annotations

from typing import Annotated, NewType, Self

from pydantic import AfterValidator, Field, model_validator

from services.offices.texts import Keywords, LocalizedText, ToBeFilledIn, Website, holding_only, in_their_letters, wrong
from services.offices.yaml_file import FileModel
from storage.ids import CategoryId

AnswerId = NewType("AnswerId", str)

#: What an answer may have in braces: it is filled in with what holds for the office when it is shown.
PLACEHOLDERS = ("office", "hours", "hotline", "customer_day")
# These become several lines, so each stands on one of its own.
HOURS, CUSTOMER_DAY = "{hours}", "{customer_day}"
#: An answer is read on a phone.
LONGEST = 1500


def _alone(text: str) -> str:
    for several in (HOURS, CUSTOMER_DAY):
        if any(several in line and line.strip() != several for line in text.splitlines()):
            raise wrong(f"{several} on a line of its own")
    return text


_Text = Annotated[str, Field(min_length=1, max_length=LONGEST), holding_only(PLACEHOLDERS), AfterValidator(_alone)]


class AnswerText(ToBeFilledIn):
    """What an answer says. Whoever writes one language only gives it for both."""

    __pydantic_extra__: dict[str, _Text]

    ar: _Text
    en: _Text

    @model_validator(mode="after")
    def _each_in_its_letters(self) -> Self:
        in_their_letters(self.ar, self.en)
        return self


class Answer(FileModel):
    """A question, as it is listed, and its answer."""

    question: LocalizedText
    text: AnswerText
    source: LocalizedText | None = None  # who says so, where it is not the office itself
    website: Website | None = None  # where more stands, or where it is applied for
    category: CategoryId | None = None  # of the case, where it did not answer what was asked
    keywords: Keywords = Keywords()

    @property
    def names_dates(self) -> bool:
        """Whether it says when the next Customer Day is."""
        return any(CUSTOMER_DAY in text for text in self.text.texts)
