"""What staff took under a number becomes its owner's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from services.bookings import bookings
from services.bookings.bookings import Booking
from services.cases import resident_actions
from services.cases.resident_actions import CaseEventKind, CaseStatus
from services.casework import intake, record_linking
from services.casework.intake import Caller, Source
from services.casework.record_linking import RESTS, Linked
from services.notify.notices.bookings import TakenForYou
from services.privacy import data_export, erasure
from storage import residents
from storage.database import Database
from storage.records.bookings import BookingStatus
from storage.records.residents import Resident
from tests.services import by_staff
from tests.services.booking_builders import CAPITAL
from tests.services.intake_builders import FATIMA, HUDA, NEW, Hotline, hotline


@pytest.fixture
async def casework(database: Database, tmp_path: Path) -> Hotline:
    return await hotline(database, tmp_path)


async def links(casework: Hotline, who: Resident, phone: str = FATIMA.phone) -> Linked:
    async with casework.database.transaction() as tx:
        residents.save(tx, who.model_copy(update={"phone": phone, "phone_own": True}))
    return await casework.do(record_linking.link_records, who, phone)


class TestLinking:
    async def test_cases_and_bookings_become_theirs_and_each_is_told_once(self, casework: Hotline) -> None:
        case, booking = await casework.files(), await casework.books(await casework.free())
        fatima = await casework.resident()
        assert await links(casework, fatima) == Linked((case.id,), (booking.id,))
        assert await casework.do(resident_actions.own, case.reference, fatima) is not None
        assert await casework.do(bookings.own, booking.reference, fatima) is not None
        told = [TakenForYou(case=case.id), TakenForYou(booking=booking.id)]
        assert await casework.taken_for(fatima) == told
        assert await links(casework, fatima) == Linked()
        assert await casework.taken_for(fatima) == told
        assert await casework.audited("claim.case") == [f"resident:{fatima.id}"]

    async def test_another_number_links_nothing(self, casework: Hotline) -> None:
        case = await casework.files()
        assert await links(casework, await casework.resident(), "+97333999999") == Linked()
        assert (await casework.do(resident_actions.by_id, case.id)) == case

    async def test_what_a_visitor_without_a_number_left_is_nobodys_to_link(self, casework: Hotline) -> None:
        await casework.files(Caller("Ali"), source=Source.VISIT)
        assert await links(casework, await casework.resident(), "") == Linked()

    async def test_nothing_is_kept_of_the_caller(self, casework: Hotline) -> None:
        await casework.files()
        await links(casework, await casework.resident())
        assert (
            await casework.rows("SELECT * FROM residents WHERE channel = 'desk' AND (name <> '' OR phone <> '')") == []
        )

    async def test_files_and_what_they_joined_come_along(self, casework: Hotline) -> None:
        other = await casework.resident()
        joined = await casework.do(resident_actions.submit, other, NEW)
        assert isinstance(joined, resident_actions.Case)
        record = await casework.do(intake.receive, HUDA, CAPITAL, FATIMA)
        assert record is not None
        photo = await casework.photo(record)
        await casework.files(new=replace(NEW, files=(photo,)))
        await casework.do(intake.join_for, HUDA, CAPITAL, FATIMA, joined.id)
        fatima = await casework.resident()
        await links(casework, fatima)
        assert [row["resident_id"] for row in await casework.rows("SELECT * FROM files")] == [fatima.id]
        assert [row["resident_id"] for row in await casework.rows("SELECT * FROM case_followers")] == [fatima.id]
        assert TakenForYou(case=joined.id) in await casework.taken_for(fatima)
        assert await casework.do(record_linking.give_back, fatima, joined.reference)
        assert await casework.rows("SELECT * FROM case_followers") == []
        assert not await casework.do(record_linking.give_back, fatima, joined.reference)

    async def test_a_question_nobody_heard_is_asked(self, casework: Hotline) -> None:
        case = await casework.files()
        await casework.do(by_staff.ask, case.id, "staff:77", "Which lamp?")
        fatima = await casework.resident()
        assert await casework.owed("case_update") == []
        await links(casework, fatima)
        assert len(await casework.owed("case_update")) == 1

    async def test_two_at_once_claim_it_once(self, casework: Hotline) -> None:
        case = await casework.files()
        people = await casework.people(2)
        linked = await asyncio.gather(*(links(casework, one) for one in people))
        assert sorted(len(one.cases) for one in linked) == [0, 1]
        told = [await casework.taken_for(one) for one in people]
        assert sorted(len(one) for one in told) == [0, 1]
        assert case.id in {one.cases[0] for one in linked if one.cases}

    async def test_a_number_has_one_owner_the_last_one_vouched_for(self, casework: Hotline) -> None:
        before, now = await casework.owner(), await casework.resident()
        await links(casework, now)
        case = await casework.files()
        assert case.resident_id == now.id
        assert await casework.taken_for(before) == []


class TestOfAKnownOwner:
    async def test_what_is_taken_later_is_theirs_at_once(self, casework: Hotline) -> None:
        fatima = await casework.owner()
        case, booking = await casework.files(), await casework.books(await casework.free())
        assert (case.resident_id, booking.resident_id) == (fatima.id, fatima.id)
        assert await casework.taken_for(fatima) == [TakenForYou(case=case.id), TakenForYou(booking=booking.id)]

    async def test_a_number_that_was_typed_proves_nothing(self, casework: Hotline) -> None:
        typed = await casework.resident(phone=FATIMA.phone, phone_own=False)
        assert (await casework.files()).resident_id != typed.id
        assert await casework.taken_for(typed) == []

    async def test_filing_and_sharing_at_once_loses_nothing(self, casework: Hotline) -> None:
        fatima = await casework.resident()
        case, _ = await asyncio.gather(casework.files(), links(casework, fatima))
        now = await casework.do(resident_actions.by_id, case.id)
        assert now is not None
        assert now.resident_id == fatima.id


class TestNumbersChangeHands:
    """What was taken long ago under a number may be a former owner's."""

    async def test_up_to_the_limit_it_is_theirs(self, casework: Hotline) -> None:
        case, booking = await casework.files(), await casework.books(await casework.free())
        casework.now += RESTS
        assert await links(casework, await casework.resident()) == Linked((case.id,), (booking.id,))

    async def test_beyond_it_nobodys_open_or_closed(self, casework: Hotline) -> None:
        still_open, ended, booking = (
            await casework.files(),
            await casework.files(),
            await casework.books(await casework.free()),
        )
        await casework.do(by_staff.reject, ended.id, "staff:77", "Not ours")
        casework.now += RESTS + timedelta(seconds=1)
        newcomer = await casework.resident()
        assert await links(casework, newcomer) == Linked(older=True)
        assert await casework.taken_for(newcomer) == []
        for case in (still_open, ended):
            now = await casework.do(resident_actions.by_id, case.id)
            assert now is not None
            assert (now.resident_id, now.phone) == (case.resident_id, FATIMA.phone)
        assert (await casework.again(booking)).resident_id == booking.resident_id
        (record,) = await casework.rows("SELECT name, phone FROM residents WHERE channel = 'desk'")
        assert (record["name"], record["phone"]) == (FATIMA.name, FATIMA.phone)

    async def test_what_the_office_did_since_does_not_count(self, casework: Hotline) -> None:
        case = await casework.files()
        casework.now += RESTS
        await casework.do(by_staff.ask, case.id, "staff:77", "Which lamp?")
        casework.now += timedelta(days=1)
        assert await links(casework, await casework.resident()) == Linked(older=True)

    async def test_what_the_caller_said_since_does(self, casework: Hotline) -> None:
        case = await casework.files()
        casework.now += RESTS
        record = await casework.do(intake.receive, HUDA, CAPITAL, FATIMA)
        assert record is not None
        await casework.do(resident_actions.add_information, case.reference, record, "It is still dark")
        casework.now += timedelta(days=1)
        assert await links(casework, await casework.resident()) == Linked((case.id,))

    async def test_of_one_number_the_new_comes_and_the_old_stays(self, casework: Hotline) -> None:
        record = await casework.do(intake.receive, HUDA, CAPITAL, FATIMA)
        assert record is not None
        photo = await casework.photo(record)
        old = await casework.files(new=replace(NEW, files=(photo,)))
        casework.now += RESTS + timedelta(days=1)
        new = await casework.files()
        newcomer = await casework.resident()
        assert await links(casework, newcomer) == Linked((new.id,), older=True)
        (kept,) = await casework.rows("SELECT resident_id FROM files")
        assert kept["resident_id"] == old.resident_id

    async def test_a_known_owner_gets_what_is_taken_now_and_not_what_was_taken_long_ago(
        self, casework: Hotline
    ) -> None:
        old = await casework.files()
        casework.now += RESTS + timedelta(days=1)
        owner = await casework.owner()
        new = await casework.files()
        assert new.resident_id == owner.id
        now = await casework.do(resident_actions.by_id, old.id)
        assert now is not None
        assert now.resident_id == old.resident_id

    async def test_what_was_joined_long_ago_stays(self, casework: Hotline) -> None:
        joined = await casework.do(resident_actions.submit, await casework.resident(), NEW)
        assert isinstance(joined, resident_actions.Case)
        await casework.do(intake.join_for, HUDA, CAPITAL, FATIMA, joined.id)
        casework.now += RESTS + timedelta(days=1)
        newcomer = await casework.resident()
        assert await links(casework, newcomer) == Linked(older=True)
        assert await casework.do(resident_actions.own, joined.reference, newcomer) is None

    async def test_who_is_forgotten_takes_nothing_of_a_former_owners_along(self, casework: Hotline) -> None:
        old = await casework.files()
        casework.now += RESTS + timedelta(days=1)
        await casework.do(erasure.forget, await casework.owner(), casework.now, bookings.cancel)
        assert await casework.do(resident_actions.by_id, old.id) == old


class TestClashing:
    @pytest.fixture
    async def fatima(self, casework: Hotline) -> Resident:
        """She has an appointment herself on the day for which the hotline booked one for her."""
        fatima = await casework.resident()
        await casework.book(await casework.free(), fatima)
        return fatima

    async def test_the_hotlines_stays_where_it_is_and_she_is_told_once(
        self, casework: Hotline, fatima: Resident
    ) -> None:
        booked = await casework.books(await casework.free(1))
        assert await links(casework, fatima) == Linked(clashes=(booked.id,))
        assert await links(casework, fatima) == Linked(clashes=(booked.id,))
        assert await casework.taken_for(fatima) == [TakenForYou(booking=booked.id, clashes=True)]
        assert (await casework.again(booked)).status is BookingStatus.CONFIRMED

    async def test_she_may_take_it_instead(self, casework: Hotline, fatima: Resident) -> None:
        booked = await casework.books(await casework.free(1))
        await links(casework, fatima)
        fatima = await self._now(casework, fatima)
        taken = await casework.do(record_linking.take_instead, fatima, booked.reference)
        assert isinstance(taken, Booking)
        assert taken.resident_id == fatima.id
        live = [
            one for one in await casework.do(bookings.of_resident, fatima.id) if one.status is BookingStatus.CONFIRMED
        ]
        assert [one.id for one in live] == [booked.id]
        assert await casework.do(record_linking.take_instead, fatima, booked.reference) is None

    async def test_or_keep_her_own(self, casework: Hotline, fatima: Resident) -> None:
        booked = await casework.books(await casework.free(1))
        await links(casework, fatima)
        fatima = await self._now(casework, fatima)
        ended = await casework.do(record_linking.keep_other, fatima, booked.reference)
        assert isinstance(ended, Booking)
        assert ended.status is BookingStatus.CANCELLED_BY_RESIDENT
        assert await casework.do(record_linking.keep_other, fatima, booked.reference) is None

    async def test_nobody_else_can(self, casework: Hotline, fatima: Resident) -> None:
        booked = await casework.books(await casework.free(1))
        await links(casework, fatima)
        typed = await casework.resident(phone=FATIMA.phone)
        for act in (record_linking.take_instead, record_linking.keep_other):
            assert await casework.do(act, typed, booked.reference) is None
        assert (await casework.again(booked)).status is BookingStatus.CONFIRMED

    async def test_being_forgotten_takes_it_along(self, casework: Hotline, fatima: Resident) -> None:
        booked = await casework.books(await casework.free(1))
        await links(casework, fatima)
        fatima = await self._now(casework, fatima)
        await casework.do(erasure.forget, fatima, casework.now, bookings.cancel)
        now = await casework.again(booked)
        assert (now.status, now.name) == (BookingStatus.CANCELLED_BY_RESIDENT, "")
        assert await casework.rows("SELECT * FROM residents WHERE phone <> ''") == []

    async def _now(self, casework: Hotline, who: Resident) -> Resident:
        async with casework.database.transaction() as tx:
            found = await residents.by_id(tx, who.id)
        assert found is not None
        return found


class TestGivingBack:
    async def test_what_is_not_theirs_is_the_desks_again_without_their_number(self, casework: Hotline) -> None:
        stranger = await casework.owner()
        case, booking = await casework.files(), await casework.books(await casework.free())
        assert await casework.do(record_linking.give_back, stranger, case.reference)
        assert await casework.do(record_linking.give_back, stranger, booking.reference)
        now = await casework.do(resident_actions.by_id, case.id)
        assert now is not None
        assert (now.resident_id, now.phone) != (stranger.id, FATIMA.phone)
        assert (now.phone, now.status) == ("", CaseStatus.RECEIVED)
        history = [event.what for event in await casework.do(resident_actions.history, now)]
        assert CaseEventKind.DISOWNED in history
        assert (await casework.again(booking)).phone == ""
        assert await links(casework, stranger) == Linked()  # it does not come back

    async def test_only_what_staff_took_and_only_by_whose_it_is(self, casework: Hotline) -> None:
        stranger = await casework.owner()
        own = await casework.do(resident_actions.submit, stranger, NEW)
        assert isinstance(own, resident_actions.Case)
        taken = await casework.files()
        assert not await casework.do(record_linking.give_back, stranger, own.reference)
        assert not await casework.do(record_linking.give_back, await casework.resident(), taken.reference)
        assert not await casework.do(record_linking.give_back, stranger, "C-AAAA-AAA")  # type: ignore[arg-type]


class TestTheirData:
    async def test_claimed_records_are_in_the_export_and_are_forgotten(self, casework: Hotline) -> None:
        case, booking = await casework.files(), await casework.books(await casework.free())
        fatima = await casework.resident()
        await links(casework, fatima)
        export = await casework.do(data_export.export, fatima)
        assert [one.reference for one in export.cases] == [case.reference]
        assert [one.reference for one in export.bookings] == [booking.reference]
        assert "lamp" in export.to_json().decode()
        await casework.do(erasure.forget, fatima, casework.now, bookings.cancel)
        left = await casework.rows("SELECT name, phone, words FROM cases UNION SELECT name, phone, words FROM bookings")
        assert "Fatima" not in str([dict(row) for row in left])
        assert "33123456" not in str([dict(row) for row in left])
