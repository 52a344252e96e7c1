"""What a line of a case's history says is read back as it was written, by this release and by those before it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.actors import Actor
from services.cases import event_details as details
from services.cases.event_details import CaseDetail, detail_of
from services.cases.targets import Target
from storage.ids import CaseId, CategoryId, OfficeId, Reference
from storage.records.cases import CaseEvent, CaseEventKind, Outcome

E = CaseEventKind


def event(what: CaseEventKind, detail: str) -> CaseEvent:
    return CaseEvent(
        id=1,
        case_id=CaseId(1),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        actor=Actor("clock"),
        what=what,
        public=True,
        words="",
        detail=detail,
    )


@pytest.mark.parametrize(
    ("what", "stored", "detail"),
    [
        (E.INFORMATION, "12", details.OfQuestion(12)),
        (E.INFORMATION, "", details.NO_DETAIL),
        (E.REMINDED, "12", details.OfQuestion(12)),
        (E.REFERRED, "works", details.ToBody("works")),
        (E.OUTSIDE_REMIT, "health", details.ToBody("health")),
        (E.TRANSFERRED, "northern", details.ToOffice(OfficeId("northern"))),
        (E.RECATEGORISED, "debris", details.ToCategory(CategoryId("debris"))),
        (E.ASSIGNED, "staff:9", details.ToOwner(Actor("staff:9"))),
        (E.ASSIGNED, "", details.ToOwner(Actor(""))),
        (E.PRIORITISED, "3", details.ToPriority(3)),
        (E.DUPLICATE, "C-7K3M-2QX", details.SameAs(Reference("C-7K3M-2QX"))),
        (E.REOPENED, "not_fixed", details.EndedAs(Outcome.NOT_FIXED)),
        (E.CLOSED, "unconfirmed", details.EndedAs(Outcome.UNCONFIRMED)),
        (E.RATED, "5", details.Stars(5)),
        (E.WARNED, "triage", details.OfTarget(Target.TRIAGE)),
        (E.ASKED, "corrects:7", details.Corrects(7)),
        (E.NOTED, "undoes:7", details.Undoes(7)),
        (E.REPLIED, "", details.NO_DETAIL),
    ],
)
def test_what_is_stored_is_read_back(what: CaseEventKind, stored: str, detail: CaseDetail) -> None:
    assert detail_of(event(what, stored)) == detail
    assert detail.stored == stored


@pytest.mark.parametrize(
    ("what", "stored"),
    [(E.RATED, "many"), (E.REMINDED, "x"), (E.CLOSED, "well"), (E.OVERDUE, "never"), (E.NOTED, "undoes:x")],
)
def test_what_no_release_has_written_says_nothing(what: CaseEventKind, stored: str) -> None:
    assert detail_of(event(what, stored)) == details.NO_DETAIL
