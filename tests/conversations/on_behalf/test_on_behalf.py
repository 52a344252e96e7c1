"""Staff file and book in their private chat for those who call or come to the counter."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from conversations.engine.messages import Contact, FileKind, Kind
from locales import without_marks
from services.bookings import sessions
from services.privacy import data_export
from storage import staff as staff_rows
from storage.ids import OfficeId
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import Case
from storage.records.staff import Role
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import Person, Shown
from tests.conversations.whole_town import SCRIPT, WholeTown, booked, submitted, whole_town
from tests.instants import SUNDAY
from tests.known import known
from tests.roles import give_role, on_telegram

CAPITAL = OfficeId("capital")
CASE, BOOKING = re.compile(r"C-\w{4}-\w{3}"), re.compile(r"B-\w{4}-\w{3}")


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        await open_town.work(sessions.plan_sessions)
        yield open_town


def sees(person: Person, part: str) -> Shown:
    """The newest message that says it, steering characters aside."""
    for shown in reversed(person.messages):
        if part in without_marks(shown.text):
            return shown
    raise AssertionError(f"{part!r} is nowhere in {[without_marks(one.text) for one in person.messages[-4:]]}")


async def hire(town: WholeTown, person: Person, *offices: str, role: Role = Role.AGENT) -> None:
    async with town.database.transaction() as tx:
        for office in offices or ("capital",):
            await give_role(tx, on_telegram(person.address, person.name), OfficeId(office), town.now, role)


async def dismiss(town: WholeTown, person: Person) -> None:
    async with town.database.transaction() as tx:
        await staff_rows.revoke(tx, "telegram", person.address, CAPITAL, None, town.now)


@pytest.fixture
async def huda(town: WholeTown) -> Person:
    person = town.resident(address="77", name="Huda")
    await person.says("/start")
    await hire(town, person)
    return person


async def cases(town: WholeTown) -> list[Case]:
    return [Case.of(row) for row in await town.rows("SELECT * FROM cases ORDER BY id")]


async def bookings(town: WholeTown) -> list[Booking]:
    rows = await town.rows(
        """
        SELECT b.*, s.day, t.starts_at, t.ends_at FROM bookings b JOIN sessions s ON s.id = b.session_id
        LEFT JOIN slots t ON t.id = b.slot_id ORDER BY b.id
        """
    )
    return [Booking.of(row) for row in rows]


async def take_complaint(huda: Person, who: str = "Fatima Ali 33123456") -> None:
    """Up to the summary."""
    await huda.says("/intake")
    await huda.taps("By phone")
    await huda.says(who)
    await huda.taps("Complaint")
    await huda.taps("Bins")
    await huda.says("The bins overflow")
    await huda.says("Block 338 Road 12")


async def take_booking(huda: Person) -> None:
    await huda.says("/intake")
    await huda.taps("At the counter")
    await huda.says("Fatima Ali, ٣٣١٢٣٤٥٦")
    await huda.taps("Customer Day appointment")
    await huda.taps(huda.town.day())
    await huda.taps("09:15")
    await huda.says("The permit is late")
    await huda.taps("Continue")


class TestACase:
    async def test_from_the_call_to_the_reference(self, town, huda):
        await take_complaint(huda)
        sees(huda, "For Fatima Ali, +973 3312 3456")
        sees(huda, "Read this out to the")
        await huda.taps("Submit")
        told = sees(huda, "Recorded: Complaint").text
        [case] = await cases(town)
        assert case.reference in told
        assert "t.me/customer_day_bot" in told
        assert (case.name, case.phone, case.source) == ("Fatima Ali", "+97333123456", "call")
        assert case.words == "The bins overflow"
        assert (await town.row(huda)).phone == ""  # nothing of the caller's is taken for the member's own
        await huda.taps("Record another")
        sees(huda, "How did they contact you?")

    async def test_the_next_question_is_the_residents_own(self, town, huda):
        await huda.says("/intake")
        await huda.taps("By phone")
        await huda.says("33123456")
        sees(huda, "What is their full name?")
        await huda.says("Fatima Ali")
        await huda.taps("Suggestion")
        assert "What is it about?" in huda.last.text
        assert "For Fatima Ali" in without_marks(huda.last.text)

    async def test_a_bad_number_is_asked_again_and_the_name_kept(self, town, huda):
        await huda.says("/intake")
        await huda.taps("By phone")
        await huda.says("Fatima Ali 1234567")
        sees(huda, "This phone number is not valid. Enter")
        sees(huda, "Name: Fatima Ali")
        await huda.says("33123456")
        sees(huda, "For Fatima Ali, +973 3312 3456")

    async def test_a_contact_that_the_caller_sent_tells_both(self, town, huda):
        await huda.says("/intake")
        await huda.taps("By phone")
        await huda.does(kind=Kind.CONTACT, contact=Contact(phone="97333123456", name="Fatima Ali"))
        sees(huda, "For Fatima Ali, +973 3312 3456")

    async def test_only_a_visitor_may_have_no_number(self, town, huda):
        await huda.says("/intake")
        await huda.taps("By phone")
        await huda.says("Fatima Ali")
        assert "Skip phone number" not in str(huda.buttons)
        await huda.taps("Back")
        await huda.taps("At the counter")
        await huda.says("Ali Hasan")
        await huda.taps("Skip phone number")
        sees(huda, "For Ali Hasan, no phone number")
        await huda.taps("Complaint")
        await huda.taps("Bins")
        await huda.says("The bins overflow")
        await huda.says("Block 338 Road 12")
        await huda.taps("Submit")
        sees(huda, "We have no phone number")
        [case] = await cases(town)
        assert (case.name, case.phone, case.source) == ("Ali Hasan", "", "visit")

    async def test_photos_are_the_callers(self, town, huda):
        await huda.says("/intake")
        await huda.taps("By phone")
        await huda.says("Fatima Ali 33123456")
        await huda.taps("Complaint")
        await huda.taps("Bins")
        await huda.sends(FileKind.PHOTO, caption="The bins overflow")
        await huda.says("Block 338 Road 12")
        await huda.taps("Submit")
        [case] = await cases(town)
        [file] = await town.rows("SELECT * FROM files")
        assert (file["resident_id"], file["channel"]) == (case.resident_id, "telegram")

    async def test_name_and_number_are_corrected_in_the_summary(self, town, huda):
        await take_complaint(huda)
        await huda.taps("Phone")
        sees(huda, "Current details: ☎️ For Fatima Ali")
        await huda.says("Fatima Yusuf 33999999")
        sees(huda, "Check your complaint")
        await huda.taps("Submit")
        [case] = await cases(town)
        assert (case.name, case.phone) == ("Fatima Yusuf", "+97333999999")

    async def test_back_leads_through_it_all(self, town, huda):
        await take_complaint(huda)
        for sight in (
            "Where is it?",
            "Description",
            "What is it about?",
            "What do you want to record?",
            "What do you want to correct?",
            "How did they contact you?",
        ):
            await huda.taps("Back")
            assert sight in huda.last.text
        assert await cases(town) == []

    async def test_no_share_button_offers_the_members_own_place_or_number(self, town, huda):
        await take_complaint(huda)
        assert all(shown.message.ask_for is None for shown in huda.messages)

    async def test_anothers_case_in_the_same_place_is_offered(self, town, huda):
        neighbour = town.resident(address="1002", name="Maryam Hasan")
        await neighbour.says("/start")
        await neighbour.says("/complain capital")
        await neighbour.taps("Bins")
        await neighbour.says("They are full")
        await neighbour.says("Block 338 Road 12")
        await neighbour.taps("With my name")
        await neighbour.taps("Submit")
        await take_complaint(huda)
        sees(huda, "Someone has already reported something like this here.")
        await huda.taps("Join request")
        sees(huda, "joined an earlier request")
        assert len(await cases(town)) == 1
        assert len(await town.rows("SELECT * FROM case_followers")) == 1

    async def test_it_survives_a_restart_and_another_language(self, town, huda):
        await take_complaint(huda)
        restarted = WholeTown(town.database)
        restarted.now, restarted.chats = town.now, town.chats
        restarted.numbers, restarted.updates = town.numbers, town.updates
        huda.town = restarted
        await huda.says("/language ar")
        sees(huda, "نيابةً عن")
        await huda.taps("إرسال")
        sees(huda, "تم التسجيل")
        assert len(await cases(town)) == 1


class TestInArabic:
    async def test_a_complaint(self, town):
        salma = town.resident(address="78", name="سلمى", language="ar")
        await salma.says("/start")
        await hire(town, salma)
        await salma.says("/intake")
        await salma.taps("هاتفياً")
        await salma.says("فاطمة علي ٣٣١٢٣٤٥٦")
        sees(salma, "نيابةً عن فاطمة علي")
        await salma.taps("شكوى")
        await salma.taps("حاويات")
        await salma.says("الحاويات ممتلئة")
        await salma.says("مجمع 338 طريق 12")
        await salma.taps("إرسال")
        told = sees(salma, "تم التسجيل: شكوى").text
        [case] = await cases(town)
        assert case.reference in told
        assert (case.name, case.phone) == ("فاطمة علي", "+97333123456")


class TestABooking:
    async def test_from_the_visit_to_the_reference(self, town, huda):
        await take_booking(huda)
        sees(huda, "Check the details, then confirm.")
        await huda.taps("Confirm")
        told = sees(huda, "The appointment is booked").text
        [booking] = await bookings(town)
        assert booking.reference in told
        assert booking.status is BookingStatus.CONFIRMED
        assert (booking.name, booking.phone, booking.source) == ("Fatima Ali", "+97333123456", "visit")

    async def test_the_seat_is_held_meanwhile_and_freed_when_it_is_discarded(self, town, huda):
        await take_booking(huda)
        assert [one.status for one in await bookings(town)] == [BookingStatus.HELD]
        await huda.says("/cancel")
        assert [one.status for one in await bookings(town)] == [BookingStatus.EXPIRED]

    async def test_an_own_appointment_on_that_day_stands_in_nobodys_way(self, town, huda):
        own = await booked(town, huda)
        await take_booking(huda)
        await huda.taps("Confirm")
        sees(huda, "There is an open appointment for this person or number")
        await huda.says("no")
        sees(huda, "Write in a few words why another appointment is needed.")
        await huda.says("She calls for her mother")
        audited = await town.rows("SELECT actor FROM audit WHERE action = 'booking.beside'")
        assert [row["actor"] for row in audited] == ["staff:77"]
        assert [one.status for one in await bookings(town)] == [BookingStatus.CONFIRMED] * 2
        assert own.name == "Huda"

    async def test_without_a_reason_the_open_appointment_stays_the_only_one(self, town, huda):
        await booked(town, huda)
        await take_booking(huda)
        await huda.taps("Confirm")
        await huda.taps("Do not book another")
        sees(huda, "Nothing was booked.")
        assert sum(one.status is BookingStatus.CONFIRMED for one in await bookings(town)) == 1
        assert not any(one.status is BookingStatus.HELD for one in await bookings(town))

    @pytest.mark.starts_at(SUNDAY)
    async def test_staff_apply_to_a_draw_for_a_caller(self, town, huda):
        await town.work(sessions.plan_sessions)
        await town.rows(
            "INSERT INTO draws (session_id, seed, draws_at) SELECT id, :seed, :at FROM sessions "
            "WHERE office = 'capital' ORDER BY day LIMIT 1 RETURNING session_id",
            seed="0" * 64,
            at=town.now + timedelta(days=1),
        )
        await huda.says("/intake")
        await huda.taps("By phone")
        await huda.says("Fatima Ali, 33123456")
        await huda.taps("Customer Day appointment")
        await huda.taps(huda.town.day())
        await huda.taps("Apply for the draw")
        await huda.says("The permit is late")
        await huda.taps("Continue")
        await huda.taps("Apply for the draw")
        [applied] = await bookings(town)
        assert (applied.status, applied.phone) == (BookingStatus.WAITING, "+97333123456")
        assert applied.reference in sees(huda, "The application for the draw is recorded.").text

    async def test_a_corrected_number_takes_the_seat_along(self, town, huda):
        await take_booking(huda)
        await huda.taps("✏️ Phone")
        await huda.says("33999999")
        sees(huda, "Check the details, then confirm.")
        await huda.taps("Confirm")
        confirmed = [one for one in await bookings(town) if one.status is BookingStatus.CONFIRMED]
        assert [one.phone for one in confirmed] == ["+97333999999"]


class TestWhoMay:
    async def test_by_the_link_that_a_group_shows(self, town, huda):
        await huda.says("/start intake_capital")
        sees(huda, "How did they contact you?")

    async def test_who_works_for_several_chooses(self, town, huda):
        await hire(town, huda, "northern")
        await huda.says("/intake")
        await huda.taps("Northern")
        sees(huda, "How did they contact you?")

    async def test_an_outsider_hears_what_they_hear_of_anything_unknown(self, town):
        fatima = town.resident()
        await fatima.says("/start")
        await fatima.says("/intake")
        sees(fatima, "/intake is not a command")
        await fatima.says("/start intake_capital")
        sees(fatima, "This link is not valid or")
        await fatima.taps_data("do:intake:capital:0")
        fatima.does_not_see("How did they contact you?")
        denied = await town.rows("SELECT * FROM audit WHERE action = 'denied.intake'")
        assert [row["actor"] for row in denied] == ["staff:1001"] * 3

    async def test_who_works_elsewhere_has_no_permission(self, town, huda):
        await huda.says("/start intake_northern")
        sees(huda, "You do not have permission to do this.")

    async def test_revoked_in_the_middle_files_nothing(self, town, huda):
        await take_complaint(huda)
        await dismiss(town, huda)
        await huda.taps("Submit")
        sees(huda, "You do not have permission to do this.")
        sees(huda, "Nothing was saved.")
        assert await cases(town) == []
        await huda.says("/menu")
        assert "Continue" not in str(huda.buttons)

    async def test_revoked_in_the_middle_gives_the_seat_back(self, town, huda):
        await take_booking(huda)
        await dismiss(town, huda)
        await huda.taps("Confirm")
        sees(huda, "You do not have permission to do this.")
        assert [one.status for one in await bookings(town)] == [BookingStatus.EXPIRED]


class TestInTheGroup:
    @pytest.fixture
    async def desk(self, tmp_path) -> AsyncIterator[DeskTown]:
        async with whole_town(tmp_path) as open_town:
            yield await DeskTown(open_town.database).opens()

    async def test_the_command_leads_to_the_private_chat(self, desk):
        await desk.huda.says("/intake")
        choice = desk.huda.last.find("Capital")
        assert choice is not None
        assert choice.url == "https://t.me/customer_day_bot?start=intake_capital"

    async def test_who_may_not_gets_no_link(self, desk):
        for who in (desk.stranger, desk.council):
            await who.says("/intake")
            assert who.last.find("Capital") is None
            assert "You do not have permission to do this" in who.last.text

    async def test_the_card_says_how_it_came(self, desk):
        huda = desk.resident(address=desk.huda.address, name="Huda")
        await huda.says("/start")
        await take_complaint(huda)
        await huda.taps("Submit")
        assert "☎️" in "".join(shown.text for shown in desk.huda.messages)


class TestDrafts:
    async def test_an_own_complaint_and_a_callers_are_two_drafts(self, town, huda):
        await huda.says("/complain capital")
        await huda.taps("Bins")
        await huda.says("My own bins")
        await take_complaint(huda)
        await huda.says("/menu")
        labels = without_marks("\n".join(label for row in huda.buttons for label in row))
        assert "Continue: For Fatima Ali: Complaint" in labels
        assert "Continue: Complaint" in labels

    async def test_a_second_caller_waits_for_the_first(self, town, huda):
        await take_complaint(huda)
        await huda.says("/intake")
        sees(huda, "You have an unfinished draft")
        sees(huda, "Check your complaint")
        await huda.says("/menu")
        await huda.says("/intake")
        assert "Check your complaint" in huda.last.text

    async def test_the_members_own_data_holds_nothing_of_the_caller(self, town, huda):
        await take_complaint(huda)
        row = await town.row(huda)
        export = await town.work(lambda work: data_export.export(work, row))
        assert "Fatima" not in export.to_json().decode()


class TestClaiming:
    async def test_who_shares_their_own_number_gets_what_was_taken_under_it(self, town, huda):
        await take_complaint(huda)
        await huda.taps("Submit")
        [case] = await cases(town)
        fatima = town.resident()
        await fatima.says("/start")
        await fatima.says("/book capital")
        await fatima.taps(town.day())
        await fatima.taps("09:15")
        await fatima.taps("Continue")
        await fatima.shares_phone("97333123456")
        sees(fatima, "You can now follow a request the municipality recorded for you.")
        await fatima.says("/my")
        assert "Bins" in str(fatima.buttons) + fatima.last.text
        assert (await town.row(fatima)).phone_own
        assert len([shown for shown in fatima.messages if case.reference in shown.text]) >= 1

    async def test_who_looks_for_it_among_their_own_shares_the_number_there(self, town, huda):
        await take_complaint(huda)
        await huda.taps("Submit")
        fatima = town.resident()
        await fatima.says("/start")
        await fatima.says("/my")
        await fatima.taps("See requests made by phone or")
        await fatima.says("33123456")
        sees(fatima, "This does not prove that the number is yours. Use")
        fatima.does_not_see("now here")
        await fatima.shares_phone("97333123456")
        sees(fatima, "Here are the requests and appointments under this number.")
        sees(fatima, "You can now follow a request the municipality recorded for you.")
        await fatima.says("/my")
        assert "See requests made" not in str(fatima.buttons)

    async def test_where_nothing_was_taken_that_is_said(self, town):
        fatima = town.resident()
        await fatima.says("/start")
        await fatima.says("/appointments")
        await fatima.taps("See requests made by phone or")
        await fatima.shares_phone("97333123456")
        sees(fatima, "We have no requests or appointments under")

    async def test_what_is_old_is_mentioned_and_nothing_of_it_told(self, town, huda):
        await take_complaint(huda)
        await huda.taps("Submit")
        [case] = await cases(town)
        await town.wait(timedelta(days=181))
        fatima = town.resident()
        await fatima.says("/start")
        await fatima.says("/my")
        await fatima.taps("See requests made by phone or")
        await fatima.shares_phone("97333123456")
        sees(fatima, "The municipality has older records under this number. We")
        for part in (case.reference, "now here", "We have no requests", "follows", "Bins"):
            fatima.does_not_see(part)
        await fatima.does(kind=Kind.CONTACT, contact=Contact(phone="97333123456", name="F", own=True))
        assert "older records" in fatima.new[0].text  # before the menu
        assert "as your phone number. Anything the" not in fatima.new[0].text
        assert "What would you like to do?" in fatima.last.text

    async def test_anothers_contact_claims_nothing(self, town, huda):
        await take_complaint(huda)
        await huda.taps("Submit")
        fatima = town.resident()
        await fatima.says("/start")
        await fatima.does(kind=Kind.CONTACT, contact=Contact(phone="97333123456", name="F", own=False))
        fatima.does_not_see("now here")

    async def test_who_shares_their_number_unasked_gets_what_is_taken_under_it_later(self, town, huda):
        fatima = town.resident()
        await fatima.says("/start")
        await fatima.does(kind=Kind.CONTACT, contact=Contact(phone="97333123456", name="F", own=True))
        kept = await town.row(fatima)
        assert (kept.phone, kept.phone_own) == ("+97333123456", True)
        assert "as your phone number. Anything the" in fatima.new[0].text
        assert "What would you like to do?" in fatima.last.text
        await take_complaint(huda)
        await huda.taps("Submit")
        sees(fatima, "You can now follow a request the municipality recorded for you.")

    async def test_a_number_that_was_asked_for_is_kept_with_what_it_is_for(self, town):
        fatima = town.resident()
        await fatima.says("/start")
        await fatima.says("/book capital")
        for label in (town.day(), "09:15", "Continue"):
            await fatima.taps(label)
        await fatima.shares_phone("97333123456")
        assert (await town.row(fatima)).phone == ""  # nothing was submitted yet, nor consented to
        fatima.does_not_see("as your phone number. Anything the")

    @pytest.fixture
    async def fatima(self, town: WholeTown) -> Person:
        """Somebody whose number is known to be theirs."""
        person = town.resident()
        await person.says("/start")
        await person.does(kind=Kind.CONTACT, contact=Contact(phone="97333123456", name="F", own=True))
        return person

    async def test_a_known_owner_is_told_at_once(self, town, huda, fatima):
        await take_complaint(huda)
        await huda.taps("Submit")
        sees(huda, "We have added this to the account with this phone number and")
        sees(fatima, "You can now follow a request the municipality recorded for you.")
        await fatima.taps("View request")
        sees(fatima, "The bins overflow")

    async def test_who_was_joined_to_anothers_is_told(self, town, huda, fatima):
        neighbour = town.resident(address="1002", name="Maryam Hasan")
        await neighbour.says("/start")
        await submitted(town, neighbour)
        async with town.database.transaction() as tx:
            await tx.run("UPDATE cases SET block = 338, road = '12'")
        await take_complaint(huda)
        await huda.taps("Join request")
        sees(fatima, "The municipality has added you to a request that other people")
        fatima.does_not_see("Maryam")
        await fatima.taps("Not mine")
        await fatima.taps("Not mine")
        assert await town.rows("SELECT * FROM case_followers") == []

    async def test_what_is_not_theirs_goes_back(self, town, huda, fatima):
        await take_complaint(huda)
        await huda.taps("Submit")
        told = next(shown for shown in reversed(fatima.messages) if shown.find("Not mine"))
        await fatima.taps("Not mine")
        sees(fatima, "If you confirm, we will permanently remove it from here.")
        await fatima.taps("Not mine")
        sees(fatima, "from here and taken your phone number")
        [case] = await cases(town)
        assert case.phone == ""
        await fatima.taps_data(known(told.find("Not mine")).data, told.number)
        sees(fatima, "This is no longer possible.")

    @pytest.mark.parametrize("typed", ["", "no", "لا", "hm"])
    async def test_not_mine_is_asked_once_more(self, town, huda, fatima, typed):
        await take_complaint(huda)
        await huda.taps("Submit")
        await fatima.taps("Not mine")
        await (fatima.says(typed) if typed else fatima.taps("Keep it"))
        sees(fatima, "Choose one of the buttons." if typed == "hm" else "OK. Nothing was changed.")
        [case] = await cases(town)
        assert case.phone == "+97333123456"
        await fatima.taps("View request")
        sees(fatima, "The bins overflow")

    async def test_a_booked_appointment_comes_with_its_code(self, town, huda, fatima):
        await take_booking(huda)
        await huda.taps("Confirm")
        told = sees(fatima, "You can now see an appointment the municipality booked for you.")
        assert told.message.files

    @pytest.mark.starts_at(SUNDAY)
    async def test_of_two_on_one_day_they_choose(self, town, huda, fatima):
        await booked(town, fatima)
        await take_booking(huda)
        await huda.taps("Confirm")
        await huda.says("They asked for an earlier time")
        told = sees(fatima, "The municipality booked an appointment for you on")
        assert without_marks(told.text).splitlines()[3:6] == [
            "Wednesday 25 November 2026 (15 Jumada al-Akhirah 1448\N{NO-BREAK SPACE}AH)",
            f"• Booked by the municipality: 09:15–09:30, {(await bookings(town))[-1].reference}",
            f"• Your appointment: 09:00–09:15, {(await bookings(town))[0].reference}",
        ]
        assert told.find("Keep mine:")
        await fatima.taps("Keep the municipality's:")
        sees(fatima, "We have cancelled your other appointment on that")
        sees(fatima, "You can now see an appointment the municipality booked for you.")
        live = [one for one in await bookings(town) if one.status is BookingStatus.CONFIRMED]
        assert [one.source for one in live] == ["visit"]


def test_the_flow_is_part_of_the_whole() -> None:
    assert "intake" in SCRIPT.commands


async def test_what_was_typed_behind_the_command_is_not_in_the_audit(town: WholeTown, huda: Person) -> None:
    fatima = town.resident()
    await fatima.says("/start")
    for who in (fatima, huda):
        await who.says("/intake Sara Hasan 33123456")
        await who.says("/intake nowhere")
    async with town.database.transaction() as tx:
        rows = await tx.all("SELECT subject FROM audit WHERE action = 'denied.intake' ORDER BY id")
    assert [row["subject"] for row in rows] == ["office:?"] * 4
