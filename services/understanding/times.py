"""When: the day and the time that are asked for in a message, "موعد ٢٣ ديسمبر الساعة ١٠".

A message may name more than it asks for: a day that is past, one that does not suit, the appointment that it moves
away from. Where it is not clear which day or hour is meant, it names none, and is asked.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import NamedTuple

from services.text.typed_times import Moment
from services.understanding.moment_mentions import (
    BESIDE,
    Mention,
    Stretch,
    is_about_something_else,
    meant,
    refused,
    standing,
)
from services.understanding.said_clocks import clock_mentions
from services.understanding.said_days import day_mentions
from services.understanding.spoken import spoken

_FIRST = 1  # the second word: "not Monday"
_ALWAYS = re.compile(r"24\s?/\s?7")


class Told(NamedTuple):
    """When a message asks for, and whether that may be all it is about, though it may not be clear which is meant."""

    when: Moment
    may_be_all: bool


def when_said(text: str, today: date) -> Moment:
    """The day ahead and the time that a message asks for; None for each that it does not, or not clearly."""
    return told_of(text, today).when


def told_of(text: str, today: date) -> Told:
    """All that a message tells of when."""
    said = spoken(_ALWAYS.sub(" ", text))
    days = day_mentions(said.words, today)
    clocks = clock_mentions(said.words, days)
    every: list[Stretch] = sorted([*days, *clocks], key=lambda one: one.start)
    unsuited = refused(said, every)
    refused_days = [day for day in days if day in unsuited]
    asked = standing(said, [day for day in days if day not in unsuited], every)
    # An hour beside a day that is past or moved away from belongs to that; beside a refused one it may be the other's.
    gone = [day for day in days if not (day in asked or day in refused_days or day.value is None)]
    own = [clock for clock in clocks if _day_of(clock, days) not in gone]
    own = [clock for clock in own if _day_of(clock, days) not in refused_days] or own
    hours = standing(said, [clock for clock in own if clock not in unsuited], every)
    names_day = bool(refused_days) or any(day.value is not None for day in asked)
    begins = bool(every) and every[0].start <= _FIRST
    may_be_all = names_day and (begins or bool(hours)) and not is_about_something_else(said)
    return Told(Moment(meant(said.words, asked), meant(said.words, hours)), may_be_all)


def _day_of(clock: Mention[time], days: list[Mention[date]]) -> Mention[date] | None:
    """The day that an hour was said right after."""
    before = [day for day in days if 0 <= clock.start - day.end <= BESIDE]
    return max(before, key=lambda day: day.end, default=None)
