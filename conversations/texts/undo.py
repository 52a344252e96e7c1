"""Why a wrong tap cannot be taken back, on the panel of a line and on an appointment's card."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from locales import N_
from services.visits.undo import Why

CANNOT: Mapping[Why, str] = MappingProxyType(
    {
        Why.CHANGED: N_("This can no longer be undone: something has changed since."),
        Why.TOO_LATE: N_("This can no longer be undone: too much time has passed."),
        Why.OUTCOME: N_("An outcome is recorded for this meeting. Correct it first."),
    }
)
