"""The plain values of the offices files: times, numbers, ids, and how they are written there."""

from __future__ import annotations

import re
import unicodedata
from datetime import time
from enum import IntEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
)

from services.offices.texts import matching, wrong
from services.offices.yaml_file import FileModel
from services.text.normalise import latin_digits
from services.text.phones import parse_phone


def _clock(value: object) -> time:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", latin_digits(value)) if isinstance(value, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise wrong("a time such as 09:00")
    return time(int(match[1]), int(match[2]))


def _phone(value: object) -> str:
    phone = parse_phone(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
    if phone is None:
        raise wrong("a phone number such as 17681234 or +973 1768 1234")
    return phone


def _span(value: object) -> object:
    if isinstance(value, str):
        ends = re.split(r"\s*[-–—]\s*", value.strip())
        if len(ends) != 2:
            raise wrong("two times such as 07:00–14:15")
        return {"opens": ends[0], "closes": ends[1]}
    return value


def parse_zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong("a time zone such as Asia/Bahrain") from None


def _emoji(text: str) -> str:
    """Some emoji (🆕, ℹ) count as letters, and would turn an Arabic button's label round."""
    if any(unicodedata.bidirectional(sign) in {"L", "R", "AL"} for sign in text):
        raise wrong("an emoji without letters in it")
    return text


def text_of(value: object) -> object:
    """A number where text is meant: a chat's id, a registration."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Weekday(IntEnum):
    """A day of the week, numbered as `date.weekday()` does."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


Emoji = Annotated[str, Field(min_length=1, max_length=8), AfterValidator(_emoji)]
Clock = Annotated[time, BeforeValidator(_clock)]
Phone = Annotated[str, BeforeValidator(_phone)]
Email = Annotated[str, matching(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$", "an e-mail address")]
# Short, since it travels in buttons' 64 bytes.
IdRule = matching(r"^[a-z][a-z0-9_-]{0,19}$", "an id of at most 20 small letters, digits, - and _")
Id = Annotated[str, IdRule]
Share = Annotated[float, Field(ge=0, le=1)]


class Span(FileModel):
    """A stretch of a day, from `opens` up to `closes`."""

    opens: Clock
    closes: Clock

    @field_validator("closes")
    @classmethod
    def _after_opening(cls, closes: time, info: ValidationInfo) -> time:
        return later(closes, info)


def later(closes: time, info: ValidationInfo) -> time:
    opens = info.data.get("opens")
    if opens is not None and closes <= opens:
        raise wrong(f"a time after {opens:%H:%M}")
    return closes


Stretch = Annotated[Span, BeforeValidator(_span)]
