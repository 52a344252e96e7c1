"""The button by which an applicant says that their request was merged with another that is about something else."""

from __future__ import annotations

from conversations.engine.step import Button
from locales import Localizer
from services.cases import merging
from services.unit_of_work import Work
from storage.records.cases import Case

ROUTE = "different"


def different_button(t: Localizer, work: Work, case: Case) -> list[Button]:
    """The button, while the request is merged and may still be taken out."""
    if not merging.can_object(work, case):
        return []
    return [Button(label=t.plain("Mine is different"), route=ROUTE, value=case.reference)]
