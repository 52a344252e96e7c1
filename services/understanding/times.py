"""When: the day and the time that are asked for in a message, "موعد ٢٣ ديسمبر الساعة ١٠".

A message may name more than it asks for: a day that is past, one that does not suit, the appointment that it moves
away from. Where it is not clear which day or hour is meant, it names none, and is asked.
"""

from __future__ import annotations

import re
from datetime import date, time

from services.text.typed_times import Moment
from services.understanding.moment_mentions import Mention, Stretch, is_refused, meant, standing
from services.understanding.said_clocks import clock_mentions
from services.understanding.said_days import day_mentions
from services.understanding.spoken import spoken

_BESIDE = 2  # words between a day and the hour that belongs to it
_ALWAYS = re.compile(r"24\s?/\s?7")


def when_said(text: str, today: date) -> Moment:
    """The day ahead and the time that a message asks for; None for each that it does not, or not clearly."""
    words = spoken(_ALWAYS.sub(" ", text))
    days = day_mentions(words, today)
    clocks = clock_mentions(words, days)
    every: list[Stretch] = [*days, *clocks]
    refused = [day for day in days if is_refused(words, day, every)]
    asked = standing(words, [day for day in days if day not in refused])
    # An hour beside a day that is past or moved away from belongs to that; beside a refused one it may be the other's.
    gone = [day for day in days if not (day in asked or day in refused or day.value is None)]
    own = [clock for clock in clocks if _day_of(clock, days) not in gone]
    own = [clock for clock in own if _day_of(clock, days) not in refused] or own
    return Moment(
        meant(words, asked), meant(words, standing(words, [one for one in own if not is_refused(words, one, every)]))
    )


def _day_of(clock: Mention[time], days: list[Mention[date]]) -> Mention[date] | None:
    """The day that an hour was said right after."""
    before = [day for day in days if 0 <= clock.start - day.end <= _BESIDE]
    return max(before, key=lambda day: day.end, default=None)
