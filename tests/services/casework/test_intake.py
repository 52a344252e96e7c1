"""Staff file and book for those who call or come to the counter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from services.bookings import bookings, draws
from services.bookings.bookings import AlreadyBooked, SlotClosed
from services.cases import resident_actions
from services.cases.duplicates import Gone
from services.cases.resident_actions import Case, CaseEventKind, CaseStatus
from services.casework import intake
from services.casework.intake import Caller, Source
from services.privacy import retention
from services.staff.permissions import revoke
from storage import cases as case_rows
from storage.database import Database
from storage.ids import CaseId, SlotId
from storage.records.bookings import Booking, BookingEventKind, BookingStatus
from storage.records.staff import Role
from tests.services.booking_builders import CAPITAL, FIRST_DAY, NORTHERN, offices, rule
from tests.services.intake_builders import DETAILS, FATIMA, HUDA, NEW, OUTSIDER, Hotline, hotline


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> Hotline:
    return await hotline(database, tmp_path)


class TestFiling:
    async def test_a_case_is_the_callers_and_says_how_it_came(self, casework: Hotline) -> None:
        case = await casework.files()
        [row] = await casework.rows("SELECT * FROM residents WHERE id = :id", id=case.resident_id)
        assert (row["channel"], row["name"], row["phone"]) == ("desk", "Fatima Ali", "+97333123456")
        assert (case.name, case.phone, case.source) == ("Fatima Ali", "+97333123456", "call")
        assert case.status is CaseStatus.RECEIVED

    async def test_its_history_names_the_member_of_staff_and_tells_no_words_to_those_who_join(
        self, casework: Hotline
    ) -> None:
        case = await casework.files()
        [received] = [e for e in await casework.do(resident_actions.history, case) if e.what is CaseEventKind.RECEIVED]
        assert received.actor == "staff:77"
        assert "lamp" not in str(await casework.do(resident_actions.timeline, case))
        assert await casework.audited("intake.case") == ["staff:77"]

    async def test_whoever_calls_again_is_the_same_person(self, casework: Hotline) -> None:
        first, second = await casework.files(), await casework.files()
        assert first.resident_id == second.resident_id

    async def test_no_limit_of_residents_stops_staff(self, casework: Hotline) -> None:
        for _ in range(resident_actions.CASES_A_DAY + 2):
            await casework.files()

    async def test_visitors_without_a_number_are_each_their_own_person(self, casework: Hotline) -> None:
        visitor = Caller("Ali Hasan")
        first = await casework.files(visitor, source=Source.VISIT)
        second = await casework.files(visitor, source=Source.VISIT)
        assert first.resident_id != second.resident_id
        assert (first.name, first.phone, first.source) == ("Ali Hasan", "", "visit")

    async def test_a_caller_may_stay_unnamed(self, casework: Hotline) -> None:
        case = await casework.files(new=replace(NEW, anonymous=True))
        assert (case.name, case.phone) == ("", "")

    async def test_the_case_may_belong_to_another_office(self, casework: Hotline) -> None:
        assert (await casework.files(new=replace(NEW, office=NORTHERN))).office == NORTHERN

    @pytest.mark.parametrize("role", [Role.COUNCIL, Role.DIRECTOR])
    async def test_who_may_not_files_nothing_and_is_audited(self, casework: Hotline, role: Role) -> None:
        await casework.hires(OUTSIDER, role=role)
        assert await casework.do(intake.file_case_for, OUTSIDER, CAPITAL, FATIMA, NEW, Source.HOTLINE) is None
        assert await casework.do(intake.receive, OUTSIDER, CAPITAL, FATIMA) is None
        assert await casework.do(intake.join_for, OUTSIDER, CAPITAL, FATIMA, CaseId(1)) is None
        slot = await casework.free()
        assert await casework.do(intake.book_for, OUTSIDER, CAPITAL, FATIMA, slot.id, DETAILS, Source.HOTLINE) is None
        assert await casework.rows("SELECT * FROM cases UNION ALL SELECT * FROM cases") == []
        assert await casework.rows("SELECT * FROM residents") == []
        assert await casework.audited("denied.intake") == ["staff:88"] * 4

    async def test_who_works_elsewhere_may_not(self, casework: Hotline) -> None:
        assert await casework.do(intake.file_case_for, HUDA, NORTHERN, FATIMA, NEW, Source.HOTLINE) is None

    async def test_whose_right_has_ended_may_not(self, casework: Hotline) -> None:
        await casework.hires(OUTSIDER, role=Role.ADMIN)
        assert await casework.do(revoke, OUTSIDER, HUDA.address, CAPITAL)
        assert await casework.do(intake.file_case_for, HUDA, CAPITAL, FATIMA, NEW, Source.HOTLINE) is None

    async def test_files_follow_a_corrected_number(self, casework: Hotline) -> None:
        record = await casework.do(intake.receive, HUDA, CAPITAL, FATIMA)
        assert record is not None
        photo = await casework.photo(record)
        case = await casework.files(Caller("Fatima Ali", "+97333999999"), replace(NEW, files=(photo,)))
        assert [row["resident_id"] for row in await casework.rows("SELECT * FROM files")] == [case.resident_id]
        casework.now += timedelta(hours=25)
        await casework.do(retention.apply_retention)
        assert len(await casework.do(resident_actions.files_of, case.id)) == 1


class TestJoining:
    async def test_a_caller_joins_anothers_case_with_what_they_told(self, casework: Hotline) -> None:
        other = await casework.resident()
        case = await casework.do(resident_actions.submit, other, NEW)
        assert isinstance(case, Case)
        joined = await casework.do(intake.join_for, HUDA, CAPITAL, FATIMA, case.id, "Mine too, says Fatima")
        assert isinstance(joined, Case)
        assert await casework.do(resident_actions.joiners, case.id) == 1
        assert await casework.audited("intake.join") == ["staff:77"]
        # What the caller told is for the office, not for whose case it is.
        assert "Fatima" not in str(await casework.do(resident_actions.timeline, case, other.id))

    async def test_what_has_ended_is_joined_by_nobody(self, casework: Hotline) -> None:
        assert isinstance(await casework.do(intake.join_for, HUDA, CAPITAL, FATIMA, CaseId(99)), Gone)


class TestBooking:
    async def test_a_seat_is_the_callers(self, casework: Hotline) -> None:
        booked = await casework.books(await casework.free())
        assert booked.status is BookingStatus.CONFIRMED
        assert (booked.name, booked.phone, booked.source) == ("Fatima Ali", "+97333123456", "call")
        confirmed = [e for e in await casework.do(bookings.history, booked.id) if e.what is BookingEventKind.CONFIRMED]
        assert [e.actor for e in confirmed] == ["staff:77"]
        assert await casework.audited("intake.booking") == ["staff:77"]

    async def test_nobody_is_reminded_for_there_is_nobody_to_tell(self, casework: Hotline) -> None:
        booked = await casework.books(await casework.free())
        assert booked.starts_at is not None
        await casework.wait_until(booked.starts_at - timedelta(hours=2))
        assert await casework.owed("booking_reminder") == []

    async def test_one_appointment_a_day_for_each_caller(self, casework: Hotline) -> None:
        first = await casework.books(await casework.free())
        again = await casework.do(
            intake.book_for, HUDA, CAPITAL, FATIMA, (await casework.free(1)).id, DETAILS, Source.HOTLINE
        )
        assert again == AlreadyBooked(first)

    async def test_two_visitors_without_numbers_have_a_seat_each(self, casework: Hotline) -> None:
        slot = await casework.free()
        for name in ("Ali", "Hasan"):
            assert (await casework.books(slot, Caller(name))).slot_id == slot.id

    async def test_a_slot_that_is_not_given_is_not_booked(self, casework: Hotline) -> None:
        outcome = await casework.do(intake.book_for, HUDA, CAPITAL, FATIMA, SlotId(999), DETAILS, Source.HOTLINE)
        assert isinstance(outcome, SlotClosed)

    async def test_a_held_seat_is_confirmed_for_whom_it_was_held(self, casework: Hotline) -> None:
        record = await casework.do(intake.receive, HUDA, CAPITAL, FATIMA)
        assert record is not None
        held = await casework.do(bookings.reserve_seat, (await casework.free()).id, record, "visit")
        assert isinstance(held, Booking)
        caller = replace(FATIMA, record=record.id)
        booked = await casework.do(intake.confirm_for, HUDA, CAPITAL, caller, held.id, DETAILS)
        assert isinstance(booked, Booking)
        assert booked.status is BookingStatus.CONFIRMED
        assert booked.source == "visit"


class TestLettingGo:
    async def test_a_caller_of_whom_nothing_was_filed_is_erased_after_a_day(self, casework: Hotline) -> None:
        record = await casework.do(intake.receive, HUDA, CAPITAL, FATIMA)
        assert record is not None
        await casework.photo(record)
        await casework.do(retention.apply_retention)
        assert await self._known(casework) == ["Fatima Ali"]
        casework.now += timedelta(hours=25)
        await casework.do(retention.apply_retention)
        assert await self._known(casework) == [""]
        assert await casework.rows("SELECT * FROM files") == []
        assert (await casework.files()).resident_id != record.id  # whoever calls again is somebody new

    async def test_a_caller_is_erased_when_all_that_was_taken_has_been_let_go_of(self, casework: Hotline) -> None:
        booked = await casework.books(await casework.free())
        case = await casework.files()
        casework.now += timedelta(days=100)
        await casework.do(retention.apply_retention)
        assert await self._known(casework) == ["Fatima Ali"]  # the case is open
        async with casework.database.transaction() as tx:
            found = await case_rows.by_id(tx, case.id)
            assert found is not None
            await case_rows.save(
                tx, found, found.model_copy(update={"status": CaseStatus.CLOSED, "closed_at": casework.now})
            )
        casework.now += timedelta(days=400)
        while await casework.do(retention.apply_retention):
            pass
        assert await self._known(casework) == ["", ""]  # and a pseudonym
        assert (await casework.again(booked)).name == ""

    async def _known(self, casework: Hotline) -> list[str]:
        return [str(row["name"]) for row in await casework.rows("SELECT name FROM residents ORDER BY id")]


async def test_a_caller_takes_part_in_a_draw_once(casework: Hotline, tmp_path: Path) -> None:
    casework.follow(offices(tmp_path, rule(draw_days=2)))
    await casework.rows(
        "INSERT INTO draws (session_id, seed, draws_at) SELECT id, :seed, :at FROM sessions "
        "WHERE day = :day RETURNING session_id",
        seed="0" * 64,
        at=casework.at(FIRST_DAY - timedelta(days=2), "10:00"),
        day=FIRST_DAY,
    )
    session, _ = await casework.first_day()
    for_caller = (CAPITAL, FATIMA, session.id, DETAILS, Source.HOTLINE)
    assert await casework.do(intake.apply_for, OUTSIDER, *for_caller) is None
    applied = await casework.do(intake.apply_for, HUDA, *for_caller)
    assert isinstance(applied, Booking)
    assert (applied.status, applied.phone, applied.source) == (BookingStatus.WAITING, FATIMA.phone, "call")
    assert isinstance(await casework.do(intake.apply_for, HUDA, *for_caller), AlreadyBooked)
    others = [await casework.wait(session) for _ in range(12)]
    casework.now = casework.at(FIRST_DAY - timedelta(days=2), "10:00")
    await casework.do(draws.run_due, 5)
    after = await casework.again(applied)
    assert after.status in {BookingStatus.CONFIRMED, BookingStatus.EXPIRED}, "nobody can tell a caller of an offer"
    assert others
