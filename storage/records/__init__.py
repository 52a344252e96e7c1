"""The rows, as the rest of the program sees them: frozen, typed, validated on the way out."""

from __future__ import annotations

from datetime import UTC
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from storage.database import Row

Instant = Annotated[AwareDatetime, AfterValidator(lambda instant: instant.astimezone(UTC))]


class Record(BaseModel):
    """A row. Columns a record does not name are ignored, so a statement may select more."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls.model_validate(row)

    @classmethod
    def maybe(cls, row: Row | None) -> Self | None:
        return None if row is None else cls.model_validate(row)
