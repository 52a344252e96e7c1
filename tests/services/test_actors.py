"""The names of who acts and of what is acted on: stored as they always were, and read back as they were made."""

from __future__ import annotations

import pytest

from services import actors
from storage.ids import BookingId, CaseId, FileId, OfficeId, ResidentId


def test_stored_names_keep_their_format() -> None:
    assert actors.resident_actor(ResidentId(7)) == "resident:7"
    assert actors.staff_actor("9001") == "staff:9001"
    assert actors.console_actor("amal") == "console:amal"
    assert actors.console_actor() == "console"
    assert actors.chat_actor("-100") == "chat:-100"
    assert (actors.CLOCK, actors.SYSTEM, actors.OFFICES_FILE) == ("clock", "desk", "offices file")
    assert actors.case_subject(CaseId(12)) == "case:12"
    assert actors.booking_subject(BookingId(7)) == "booking:7"
    assert actors.file_subject(FileId(3)) == "file:3"
    assert actors.office_subject(OfficeId("capital")) == "office:capital"
    assert actors.office_subject(OfficeId("")) == "office:*"


@pytest.mark.parametrize(
    ("offices", "name"),
    [([], "office:*"), (["a"], "office:a"), (["a", "b"], "office:a,b"), (["a", "b", "c"], "office:*")],
)
def test_many_offices_are_every_office(offices: list[str], name: str) -> None:
    assert actors.offices_subject([OfficeId(one) for one in offices]) == name


def test_a_subject_says_which_case_or_booking_it_names() -> None:
    assert actors.case_in("case:12") == 12
    assert actors.booking_in("booking:7") == 7
    for other in ("", "case:", "case:x", "case:-1", "case:²", "booking:7", "case:1:2"):
        assert actors.case_in(other) is None
    assert actors.booking_in("case:12") is None


def test_an_actor_says_what_it_is() -> None:
    assert actors.is_resident("resident:7")
    assert not actors.is_resident("resident")  # whose data was erased
    assert actors.staff_address("staff:9001") == "9001"
    assert actors.staff_address("noora") == ""
