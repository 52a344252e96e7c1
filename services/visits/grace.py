"""For how long somebody's turn is kept who has not come yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.lines import Place

#: Who comes so long after their time still has it.
GRACE = timedelta(minutes=10)


def expected_by(starts_at: datetime, place: Place) -> datetime:
    """When somebody is to be here: at their appointment, or later where they were told so."""
    return starts_at if place.told_for is None else max(starts_at, place.told_for)
