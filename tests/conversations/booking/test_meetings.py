"""A meeting by phone or video instead of in person, where the office offers it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.actors import CLOCK
from services.bookings import bookings, cards, meeting_changes, session_links
from services.bookings.meeting_changes import NotChanged
from services.bookings.meetings import Meeting, video_link
from services.briefs import briefs
from services.staff.permissions import Person as Member
from services.unit_of_work import Work
from services.visits import visits
from storage.database import Database
from storage.ids import BookingId, MessageId
from storage.records.bookings import Booking, BookingStatus
from storage.visits import VisitStatus
from tests.conversations.configuring_town import ConfiguringTown
from tests.conversations.staff_town import in_arabic
from tests.conversations.town import Person
from tests.instants import SUNDAY
from tests.known import by_address, known

pytestmark = pytest.mark.starts_at(SUNDAY)


@pytest.fixture
async def town(database: Database) -> ConfiguringTown:
    return await ConfiguringTown(database).planned()


async def offers(town: ConfiguringTown, *ways: str) -> None:
    """An administrator says how one can meet the Director General of the capital."""
    boss = town.boss
    await boss.says("/offices")
    for label in ("Capital Municipality", "Weekly Customer Day", "Change 1", "Ways to meet", *ways, "Save", "Confirm"):
        await boss.taps(label)


async def to_the_way(town: ConfiguringTown, person: Person) -> None:
    await person.says("/book")
    await person.taps("Capital")
    await person.taps(town.day())
    await person.taps("09:15")


async def the_rest(person: Person) -> None:
    await person.says("The permit is late")
    await person.taps("Continue")
    await person.says("33123456")


async def booking_of(town: ConfiguringTown) -> Booking:
    [row] = await town.rows("SELECT id FROM bookings WHERE status = 'confirmed'")
    return known(await town.work(lambda work: bookings.by_id(work, BookingId(int(str(row["id"]))))))


async def by_phone(town: ConfiguringTown) -> tuple[Person, Booking]:
    await offers(town, "In person", "By phone")
    fatima = await town.living()
    await to_the_way(town, fatima)
    fatima.sees("How would you like to meet?")
    await fatima.taps("By phone")
    await the_rest(fatima)
    await fatima.taps("Confirm")
    return fatima, await booking_of(town)


async def test_where_there_is_no_choice_nobody_is_asked(town: ConfiguringTown) -> None:
    fatima = await town.living()
    await to_the_way(town, fatima)
    assert not any("How would you like to meet?" in shown.text for shown in fatima.messages)


async def test_a_meeting_by_phone_needs_neither_a_way_nor_a_code(town: ConfiguringTown) -> None:
    fatima, booking = await by_phone(town)
    assert booking.answers["meeting"] == "phone"
    said = fatima.sees("Your appointment is confirmed.")
    assert "We will call you on" in said.text
    assert "You do not need to come to the office." in said.text
    assert not said.message.files
    assert said.find("Map") is None


async def test_the_way_is_changed_from_the_summary(town: ConfiguringTown) -> None:
    await offers(town, "In person", "By phone")
    fatima = await town.living()
    await to_the_way(town, fatima)
    await fatima.taps("By phone")
    await the_rest(fatima)
    await fatima.taps("Meeting")
    await fatima.taps("In person")
    await fatima.taps("Confirm")
    assert "Show this code when you arrive." in fatima.sees("Your appointment is confirmed.").text
    assert (await booking_of(town)).answers["meeting"] == "in_person"


async def test_a_link_for_video_is_told_once_the_office_has_one(town: ConfiguringTown) -> None:
    await offers(town, "By video")
    fatima = await town.living()
    await to_the_way(town, fatima)
    await fatima.taps("By video")
    await the_rest(fatima)
    await fatima.taps("Confirm")
    fatima.sees("We will send you the link with a reminder.")

    await link_of_the_office(town)
    await fatima.says("/appointments")
    await fatima.taps("09:15")
    fatima.sees("https://meet.example.bh/capital")


async def test_staff_call_instead_of_recording_an_arrival(town: ConfiguringTown) -> None:
    _, booking = await by_phone(town)
    card = town.huda.sees(booking.reference)
    assert "عبر الهاتف" in card.text
    assert card.find("🟢") is None
    await town.wait(known(booking.starts_at) - town.now)
    await town.work(lambda work: cards.show_day(work, 9))  # on its day, what the day needs leads
    await town.deliver()
    card = town.huda.sees(booking.reference)
    await town.huda.taps_data(known(card.find("📞")).data, MessageId(card.number))
    visit = known(await town.work(lambda work: visits.of(work, booking.id)))
    assert visit.status is VisitStatus.INSIDE

    card = town.huda.sees(booking.reference)
    await town.huda.taps_data(known(card.find("✅")).data, MessageId(card.number))
    done = known(await town.work(lambda work: bookings.by_id(work, booking.id)))
    assert done.status is BookingStatus.ATTENDED


async def test_a_resident_chooses_in_arabic(town: ConfiguringTown) -> None:
    await offers(town, "In person", "By phone")
    salma = await town.living("1002", "Salma Ali", "ar")
    await salma.says("/book")
    await salma.taps("أمانة العاصمة")
    await salma.taps(salma.buttons[0][0])
    await salma.taps("09:15")
    await salma.taps("عبر الهاتف")
    assert all(in_arabic(shown.text) for shown in salma.messages)


async def test_a_resident_changes_the_way_to_meet_and_the_office_is_told(town: ConfiguringTown) -> None:
    fatima, before = await by_phone(town)
    await fatima.says("/appointments")
    await fatima.taps("09:15")
    await fatima.taps("Change the way to meet")
    await fatima.taps("In person")
    assert "Show this code when you arrive." in fatima.sees("We have changed how the meeting takes place.").text
    after = await booking_of(town)
    assert after.answers["meeting"] == "in_person"
    assert (after.slot_id, after.version) == (before.slot_id, before.version + 1)
    await town.deliver()
    assert "حضوري" in town.huda.last.text


async def test_after_the_lead_time_a_resident_changes_nothing(town: ConfiguringTown) -> None:
    fatima, booking = await by_phone(town)
    await town.wait(known(booking.starts_at) - town.now - timedelta(minutes=1))
    await fatima.says("/appointments")
    await fatima.taps("09:15")
    assert fatima.last.find("Change the way to meet") is None

    async def change_it(work: Work) -> object:
        resident = known(await by_address(work.tx, "telegram", fatima.address))
        return await meeting_changes.change(work, booking.reference, resident, Meeting.IN_PERSON)

    assert await town.work(change_it) is NotChanged.TOO_LATE
    assert (await booking_of(town)).answers["meeting"] == "phone"


async def change(town: ConfiguringTown, booking: Booking, wanted: Meeting) -> None:
    """Staff tap the two buttons on the card."""
    card = town.huda.sees(booking.reference)
    await town.huda.taps_data(known(card.find("🔀")).data, MessageId(card.number))
    card = town.huda.sees(booking.reference)
    chosen = next(one for row in card.message.rows for one in row if f":{wanted.value}" in one.data)
    await town.huda.taps_data(chosen.data, MessageId(card.number))
    await town.deliver()


async def test_staff_change_the_way_to_meet_and_the_visitor_is_told(town: ConfiguringTown) -> None:
    fatima, booking = await by_phone(town)
    await change(town, booking, Meeting.IN_PERSON)
    assert (await booking_of(town)).answers["meeting"] == "in_person"
    said = fatima.sees("The municipality has changed how your meeting takes place.")
    assert "In person" in said.text
    [entry] = said.message.files
    assert entry.name.endswith(".ics")
    fatima.sees("Show this code at reception when you arrive.")
    assert ("staff:9001", "booking.meeting_changed") in await town.audited(f"booking:{booking.id}")


async def test_without_a_number_nobody_is_to_be_called(town: ConfiguringTown) -> None:
    fatima, booking = await by_phone(town)
    await change(town, booking, Meeting.IN_PERSON)
    async with town.database.transaction() as tx:
        await tx.run("UPDATE bookings SET phone = ''")
    await change(town, booking, Meeting.PHONE)
    assert (await booking_of(town)).answers["meeting"] == "in_person"
    assert "There is no phone number to call" in town.huda.toast
    await fatima.says("/appointments")
    await fatima.taps("09:15")
    await fatima.taps("Change the way to meet")
    await fatima.taps("By phone")
    fatima.sees("There is no phone number to call for this appointment.")


async def test_a_way_that_the_office_does_not_offer_is_refused(town: ConfiguringTown) -> None:
    _, booking = await by_phone(town)
    card = town.huda.sees(booking.reference)
    await town.huda.taps_data(f"desk:bk_meet_yes:{booking.id}:{booking.version * 1000}:video", MessageId(card.number))
    assert (await booking_of(town)).answers["meeting"] == "phone"


async def link_of_the_office(town: ConfiguringTown) -> None:
    boss = town.boss
    await boss.says("/offices")
    for label in ("Capital Municipality", "What it deals with", "Link for meetings by video"):
        await boss.taps(label)
    await boss.says("https://meet.example.bh/capital")
    await boss.taps("Confirm")


async def by_video(town: ConfiguringTown) -> tuple[Person, Booking]:
    await offers(town, "In person", "By video")
    fatima = await town.living()
    await to_the_way(town, fatima)
    await fatima.taps("By video")
    await the_rest(fatima)
    await fatima.taps("Confirm")
    await town.deliver()
    return fatima, await booking_of(town)


async def asked_for_a_link(town: ConfiguringTown, booking: Booking) -> None:
    card = town.huda.sees(booking.reference)
    await town.huda.taps_data(known(card.find("🎥")).data, MessageId(card.number))


async def test_a_meeting_by_video_has_a_link_of_its_own_until_it_is_taken_away(town: ConfiguringTown) -> None:
    fatima, booking = await by_video(town)
    await link_of_the_office(town)
    await asked_for_a_link(town, booking)
    await town.huda.replies(town.huda.sees("with the link for this meeting by video"), "https://meet.example.bh/fatima")
    await town.deliver()
    said = fatima.sees("Your meeting by video has a new link.")
    assert "https://meet.example.bh/fatima" in said.text
    assert "https://meet.example.bh/capital" not in said.text
    assert ("staff:9001", "booking.video_link") in await town.audited(f"booking:{booking.id}")

    await asked_for_a_link(town, booking)
    await town.huda.replies(town.huda.sees("with the link for this meeting by video"), "-")
    await town.deliver()
    assert "video_link" not in (await booking_of(town)).answers
    assert "https://meet.example.bh/capital" in fatima.sees("Your meeting by video has a new link.").text


async def test_what_is_no_link_is_asked_for_again(town: ConfiguringTown) -> None:
    fatima, booking = await by_video(town)
    await asked_for_a_link(town, booking)
    question = town.huda.sees("with the link for this meeting by video")
    await town.huda.replies(question, "javascript:alert(1)")
    town.huda.sees("That is not a link.")
    fatima.does_not_see("javascript")
    assert (await booking_of(town)).version == booking.version
    await town.huda.replies(question, "https://meet.example.bh/fatima")
    assert (await booking_of(town)).answers["video_link"] == "https://meet.example.bh/fatima"


async def test_the_link_of_one_meeting_is_not_that_of_the_next(town: ConfiguringTown) -> None:
    fatima, booking = await by_video(town)
    await asked_for_a_link(town, booking)
    await town.huda.replies(town.huda.sees("with the link for this meeting by video"), "https://meet.example.bh/fatima")
    await town.deliver()
    await town.work(lambda work: bookings.cancel_by_municipality(work, booking.id, "", CLOCK))
    await town.deliver()
    again = next(one for row in fatima.last.message.rows for one in row if "book_again" in one.data)
    await fatima.taps(again.label)
    await fatima.taps("Confirm")
    after = await booking_of(town)
    assert after.id != booking.id
    assert after.answers["meeting"] == "video"
    assert "video_link" not in after.answers


async def by_video_with_the_offices_link(town: ConfiguringTown) -> tuple[Person, Booking]:
    await offers(town, "In person", "By video")
    await link_of_the_office(town)
    fatima = await town.living()
    await to_the_way(town, fatima)
    await fatima.taps("By video")
    await the_rest(fatima)
    await fatima.taps("Confirm")
    return fatima, await booking_of(town)


async def link_of_the_session(town: ConfiguringTown, link: str) -> Person:
    boss = town.boss
    await boss.says("/offices")
    for label in ("Capital Municipality", "📅 Sessions", town.day(), "Change the video link"):
        await boss.taps(label)
    await boss.says(link)
    return boss


async def test_a_session_has_a_link_of_its_own_that_is_shown_told_and_undone(town: ConfiguringTown) -> None:
    fatima, booking = await by_video_with_the_offices_link(town)
    boss = await link_of_the_session(town, "the usual one")
    boss.sees("That is not a link.")
    await boss.says("https://meet.example.bh/today")
    assert booking.reference in boss.sees("will use this link").text
    await town.deliver()
    fatima.does_not_see("https://meet.example.bh/today")
    await boss.taps("Confirm", repeat=2)
    await town.by_day()
    told = [one for one in fatima.messages if "Your meeting by video has a new link." in one.text]
    assert [("https://meet.example.bh/today" in one.text) for one in told] == [True]
    assert "https://meet.example.bh/today" in town.huda.sees(booking.reference).text
    brief = known(await town.work(lambda work: briefs.of_booking(work, Member("telegram", "9001"), booking.id)))
    assert brief.video_link == "https://meet.example.bh/today"

    await boss.taps("Undo this change")
    boss.sees("will use the office’s link")
    await boss.taps("Confirm")
    await town.by_day()
    assert "https://meet.example.bh/capital" in fatima.last.text
    audited = await town.rows("SELECT detail FROM audit WHERE action = 'session.link'")
    assert len(audited) == 2


async def test_an_appointments_own_link_stays_and_two_who_change_the_sessions_do_not_overwrite(
    town: ConfiguringTown,
) -> None:
    fatima, booking = await by_video_with_the_offices_link(town)
    member = Member("telegram", town.boss.address)
    own = "https://meet.example.bh/fatima"
    await town.work(lambda work: meeting_changes.give_link(work, member, booking, own))
    boss = await link_of_the_session(town, "https://meet.example.bh/today")
    boss.sees("No resident is affected.")
    put = session_links.put
    rival = await town.work(lambda work: put(work, member, booking.session_id, "https://meet.example.bh/rival", 0))
    assert isinstance(rival, session_links.Set)
    await boss.taps("Confirm")
    boss.sees("This has changed in the meantime.")
    now = known(await town.work(lambda work: bookings.by_id(work, booking.id)))
    assert await town.work(lambda work: video_link(work, now)) == own
    stranger = Member("telegram", fatima.address)
    assert await town.work(lambda work: put(work, stranger, booking.session_id, "", 1)) is session_links.NotSet.DENIED
