"""When: the day and the time that are asked for in a message, "موعد ٢٣ ديسمبر الساعة ١٠".

A message may name more than it asks for: a day that is past, one that does not suit, the appointment that it moves
away from. Where it is not clear which day or hour is meant, it names none, and is asked.
"""

from __future__ import annotations

import re
from datetime import date, time

from services.text.typed_times import Moment
from services.understanding.moment_mentions import BESIDE, Mention, Stretch, meant, refused, standing
from services.understanding.said_clocks import clock_mentions
from services.understanding.said_days import day_mentions
from services.understanding.spoken import spoken

_ALWAYS = re.compile(r"24\s?/\s?7")


def when_said(text: str, today: date) -> Moment:
    """The day ahead and the time that a message asks for; None for each that it does not, or not clearly."""
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
    return Moment(meant(said.words, asked), meant(said.words, hours))


def _day_of(clock: Mention[time], days: list[Mention[date]]) -> Mention[date] | None:
    """The day that an hour was said right after."""
    before = [day for day in days if 0 <= clock.start - day.end <= BESIDE]
    return max(before, key=lambda day: day.end, default=None)
