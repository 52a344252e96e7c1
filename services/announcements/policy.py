"""What a deployment decides about announcements."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """As the settings say it."""

    approval_above: int = 1000  # recipients, from which on a second person has to consent
    paid_broadcast: bool = False  # whether an emergency may be sent faster than is free
    rate: int = 30  # messages a second to people who did not just write
    paid_rate: int = 1000  # the same, where each of them is paid for


DEFAULT = Policy()
