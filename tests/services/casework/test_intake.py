"""Staff file and book for those who call or come to the counter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from services.bookings import bookings
from services.bookings.bookings import AlreadyBooked, SlotClosed
from services.cases import resident_actions
from services.cases.duplicates import Gone
from services.cases.resident_actions import Case, CaseEventKind, CaseStatus
from services.casework import intake
from services.casework.intake import Caller, Source
from services.privacy import erasure
from services.staff.permissions import revoke
from storage import cases as case_rows
from storage.database import Database
from storage.ids import CaseId, SlotId
from storage.records import Booking, BookingEventKind, BookingStatus, Role
from tests.services.booking_builders import CAPITAL, NORTHERN
from tests.services.intake_builders import DETAILS, FATIMA, HUDA, NEW, OUTSIDER, Hotline, hotline


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> Hotline:
    return await hotline(database, tmp_path)


class TestFiling:
    async def test_a_case_is_the_callers_and_says_how_it_came(self, desk: Hotline) -> None:
        case = await desk.files()
        [row] = await desk.rows("SELECT * FROM residents WHERE id = :id", id=case.resident_id)
        assert (row["channel"], row["name"], row["phone"]) == ("desk", "Fatima Ali", "+97333123456")
        assert (case.name, case.phone, case.source) == ("Fatima Ali", "+97333123456", "call")
        assert case.status is CaseStatus.RECEIVED

    async def test_its_history_names_the_member_of_staff_and_tells_no_words_to_those_who_join(
        self, desk: Hotline
    ) -> None:
        case = await desk.files()
        [received] = [e for e in await desk.do(resident_actions.history, case) if e.what is CaseEventKind.RECEIVED]
        assert received.actor == "staff:77"
        assert "lamp" not in str(await desk.do(resident_actions.timeline, case))
        assert await desk.audited("intake.case") == ["staff:77"]

    async def test_whoever_calls_again_is_the_same_person(self, desk: Hotline) -> None:
        first, second = await desk.files(), await desk.files()
        assert first.resident_id == second.resident_id

    async def test_no_limit_of_residents_stops_staff(self, desk: Hotline) -> None:
        for _ in range(resident_actions.CASES_A_DAY + 2):
            await desk.files()

    async def test_visitors_without_a_number_are_each_their_own_person(self, desk: Hotline) -> None:
        visitor = Caller("Ali Hasan")
        first = await desk.files(visitor, source=Source.VISIT)
        second = await desk.files(visitor, source=Source.VISIT)
        assert first.resident_id != second.resident_id
        assert (first.name, first.phone, first.source) == ("Ali Hasan", "", "visit")

    async def test_a_caller_may_stay_unnamed(self, desk: Hotline) -> None:
        case = await desk.files(new=replace(NEW, anonymous=True))
        assert (case.name, case.phone) == ("", "")

    async def test_the_case_may_belong_to_another_office(self, desk: Hotline) -> None:
        assert (await desk.files(new=replace(NEW, office=NORTHERN))).office == NORTHERN

    @pytest.mark.parametrize("role", [Role.COUNCIL, Role.DIRECTOR])
    async def test_who_may_not_files_nothing_and_is_audited(self, desk: Hotline, role: Role) -> None:
        await desk.hires(OUTSIDER, role=role)
        assert await desk.do(intake.file_case_for, OUTSIDER, CAPITAL, FATIMA, NEW, Source.HOTLINE) is None
        assert await desk.do(intake.receive, OUTSIDER, CAPITAL, FATIMA) is None
        assert await desk.do(intake.join_for, OUTSIDER, CAPITAL, FATIMA, CaseId(1)) is None
        slot = await desk.free()
        assert await desk.do(intake.book_for, OUTSIDER, CAPITAL, FATIMA, slot.id, DETAILS, Source.HOTLINE) is None
        assert await desk.rows("SELECT * FROM cases UNION ALL SELECT * FROM cases") == []
        assert await desk.rows("SELECT * FROM residents") == []
        assert await desk.audited("denied.intake") == ["staff:88"] * 4

    async def test_who_works_elsewhere_may_not(self, desk: Hotline) -> None:
        assert await desk.do(intake.file_case_for, HUDA, NORTHERN, FATIMA, NEW, Source.HOTLINE) is None

    async def test_whose_right_has_ended_may_not(self, desk: Hotline) -> None:
        await desk.hires(OUTSIDER, role=Role.ADMIN)
        assert await desk.do(revoke, OUTSIDER, HUDA.address, CAPITAL)
        assert await desk.do(intake.file_case_for, HUDA, CAPITAL, FATIMA, NEW, Source.HOTLINE) is None

    async def test_files_follow_a_corrected_number(self, desk: Hotline) -> None:
        record = await desk.do(intake.receive, HUDA, CAPITAL, FATIMA)
        assert record is not None
        photo = await desk.photo(record)
        case = await desk.files(Caller("Fatima Ali", "+97333999999"), replace(NEW, files=(photo,)))
        assert [row["resident_id"] for row in await desk.rows("SELECT * FROM files")] == [case.resident_id]
        desk.now += timedelta(hours=25)
        await desk.do(erasure.apply_retention)
        assert len(await desk.do(resident_actions.files_of, case.id)) == 1


class TestJoining:
    async def test_a_caller_joins_anothers_case_with_what_they_told(self, desk: Hotline) -> None:
        other = await desk.resident()
        case = await desk.do(resident_actions.submit, other, NEW)
        assert isinstance(case, Case)
        joined = await desk.do(intake.join_for, HUDA, CAPITAL, FATIMA, case.id, "Mine too, says Fatima")
        assert isinstance(joined, Case)
        assert await desk.do(resident_actions.joiners, case.id) == 1
        assert await desk.audited("intake.join") == ["staff:77"]
        # What the caller told is for the office, not for whose case it is.
        assert "Fatima" not in str(await desk.do(resident_actions.timeline, case, other.id))

    async def test_what_has_ended_is_joined_by_nobody(self, desk: Hotline) -> None:
        assert isinstance(await desk.do(intake.join_for, HUDA, CAPITAL, FATIMA, CaseId(99)), Gone)


class TestBooking:
    async def test_a_seat_is_the_callers(self, desk: Hotline) -> None:
        booked = await desk.books(await desk.free())
        assert booked.status is BookingStatus.CONFIRMED
        assert (booked.name, booked.phone, booked.source) == ("Fatima Ali", "+97333123456", "call")
        confirmed = [e for e in await desk.do(bookings.history, booked.id) if e.what is BookingEventKind.CONFIRMED]
        assert [e.actor for e in confirmed] == ["staff:77"]
        assert await desk.audited("intake.booking") == ["staff:77"]

    async def test_nobody_is_reminded_for_there_is_nobody_to_tell(self, desk: Hotline) -> None:
        booked = await desk.books(await desk.free())
        assert booked.starts_at is not None
        await desk.wait_until(booked.starts_at - timedelta(hours=2))
        assert await desk.owed("booking_reminder") == []

    async def test_one_appointment_a_day_for_each_caller(self, desk: Hotline) -> None:
        first = await desk.books(await desk.free())
        again = await desk.do(
            intake.book_for, HUDA, CAPITAL, FATIMA, (await desk.free(1)).id, DETAILS, Source.HOTLINE
        )  # fmt: skip
        assert again == AlreadyBooked(first)

    async def test_two_visitors_without_numbers_have_a_seat_each(self, desk: Hotline) -> None:
        slot = await desk.free()
        for name in ("Ali", "Hasan"):
            assert (await desk.books(slot, Caller(name))).slot_id == slot.id

    async def test_a_slot_that_is_not_given_is_not_booked(self, desk: Hotline) -> None:
        outcome = await desk.do(intake.book_for, HUDA, CAPITAL, FATIMA, SlotId(999), DETAILS, Source.HOTLINE)
        assert isinstance(outcome, SlotClosed)

    async def test_a_held_seat_is_confirmed_for_whom_it_was_held(self, desk: Hotline) -> None:
        record = await desk.do(intake.receive, HUDA, CAPITAL, FATIMA)
        assert record is not None
        held = await desk.do(bookings.reserve_seat, (await desk.free()).id, record, "visit")
        assert isinstance(held, Booking)
        caller = replace(FATIMA, record=record.id)
        booked = await desk.do(intake.confirm_for, HUDA, CAPITAL, caller, held.id, DETAILS)
        assert isinstance(booked, Booking)
        assert booked.status is BookingStatus.CONFIRMED
        assert booked.source == "visit"


class TestLettingGo:
    async def test_a_caller_of_whom_nothing_was_filed_is_erased_after_a_day(self, desk: Hotline) -> None:
        record = await desk.do(intake.receive, HUDA, CAPITAL, FATIMA)
        assert record is not None
        await desk.photo(record)
        await desk.do(erasure.apply_retention)
        assert await self._known(desk) == ["Fatima Ali"]
        desk.now += timedelta(hours=25)
        await desk.do(erasure.apply_retention)
        assert await self._known(desk) == [""]
        assert await desk.rows("SELECT * FROM files") == []
        assert (await desk.files()).resident_id != record.id  # whoever calls again is somebody new

    async def test_a_caller_is_erased_when_all_that_was_taken_has_been_let_go_of(self, desk: Hotline) -> None:
        booked = await desk.books(await desk.free())
        case = await desk.files()
        desk.now += timedelta(days=100)
        await desk.do(erasure.apply_retention)
        assert await self._known(desk) == ["Fatima Ali"]  # the case is open
        async with desk.database.transaction() as tx:
            found = await case_rows.by_id(tx, case.id)
            assert found is not None
            await case_rows.save(tx, found, found.model_copy(update={"status": CaseStatus.CLOSED,
                                                                     "closed_at": desk.now}))  # fmt: skip
        desk.now += timedelta(days=400)
        while await desk.do(erasure.apply_retention):
            pass
        assert await self._known(desk) == ["", ""]  # and a pseudonym
        assert (await desk.again(booked)).name == ""

    async def _known(self, desk: Hotline) -> list[str]:
        return [str(row["name"]) for row in await desk.rows("SELECT name FROM residents ORDER BY id")]
