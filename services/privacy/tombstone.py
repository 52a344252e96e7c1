"""The address of somebody who was forgotten."""

from __future__ import annotations

from services.unit_of_work import Work


def tombstone(work: Work) -> str:
    """An address that nobody has."""
    return f"forgotten:{work.random.getrandbits(96):024x}"
