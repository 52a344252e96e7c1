"""Until when something is promised, as staff type it: "10/12", "next Sunday", "in 3 weeks", "بعد أسبوعين"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from conversations.engine.typed_date import typed_date
from services.promises.outcomes import FURTHEST
from services.text.normalise import normalise
from services.text.typed_periods import read_end

_BEHIND = re.compile(r"^(?:until|till|by|before|حتي|الي|قبل)\s+")  # not a text: typed


def typed_until(text: str, today: date) -> date | None:
    """The day that was typed, from today to a year ahead; None where it is none. Of a period it is the last."""
    plain = normalise(text).strip(" .!،,")
    ahead = [today + timedelta(days=days) for days in range(FURTHEST.days)]
    rest = _BEHIND.sub("", plain)
    found = read_end(rest, today) or typed_date(text, ahead, today)
    found = found or (typed_date(rest, ahead, today) if rest != plain else None)
    return found if found is not None and today <= found <= today + FURTHEST else None
