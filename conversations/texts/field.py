"""What crews in the field read: how far something is, and that it comes back at the same spot."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from locales import Localizer
from services.cases.spots import ROOT_CAUSE_DAYS, CaseLine

_KILOMETRE = 1000
_NAMED = 4  # earlier reports


def away(t: Localizer, metres: int) -> Markup:
    """A distance as a crew reads it."""
    if metres < _KILOMETRE:
        return t("{n} m", n=metres)
    return t("{n} km", n=t.number(round(metres / _KILOMETRE, 1)))


def root_cause(t: Localizer, before: Sequence[CaseLine]) -> Markup:
    """That the same was reported and closed here before: its cause was not dealt with."""
    return t(
        "🔁 <b>Root cause?</b> Report number {n} at this spot in {days} days. Before: {references}",
        n=len(before) + 1,
        days=ROOT_CAUSE_DAYS,
        references=t.join(t.ref(one.reference) for one in before[:_NAMED]),
    )
