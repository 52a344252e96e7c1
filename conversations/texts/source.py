"""How staff are told that something was taken by one of them, for a caller or a visitor."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from locales import N_
from services.casework.intake import Source
from services.promises.follow_up import SOURCE

#: By the source of a case or a booking.
TAKEN: Mapping[str, str] = MappingProxyType(
    {
        Source.HOTLINE.value: N_("☎️ Recorded by the hotline"),
        Source.VISIT.value: N_("🏢 Recorded at the counter"),
        SOURCE: N_("🤝 Promised in a meeting"),
    }
)
