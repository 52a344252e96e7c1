"""Consents, counted as they are given and withdrawn: by month and language, of nobody in particular."""

from __future__ import annotations

from services.unit_of_work import Work
from storage import privacy_desk
from storage.records.residents import Resident


def count(work: Work, before: Resident, after: Resident) -> None:
    """Count what changed. Whoever is erased has not withdrawn: that is a request of its own."""
    if after.forgotten_at != before.forgotten_at:
        return
    given = before.consented_at is None and after.consented_at is not None
    withdrawn = before.consented_at is not None and after.consented_at is None
    if given or withdrawn:
        privacy_desk.count_consent(
            work.tx, f"{work.today:%Y-%m}", after.language, given=int(given), withdrawn=int(withdrawn)
        )
