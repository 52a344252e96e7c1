"""The director and the team read the brief in their private chats, in their language; the summary follows."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import openpyxl
import pypdfium2
import pytest

from locales import without_marks
from services.bookings import bookings, sessions
from services.bookings.bookings import Booking, Details
from services.briefs import telling
from services.unit_of_work import Work
from services.visits import visits
from services.visits.states import Step
from storage.database import Database, Dialect
from storage.records.bookings import Need
from storage.records.staff import Role
from storage.visits import Visit
from tests.conversations.staff_town import CAPITAL, Colleague, DeskTown, in_arabic
from tests.conversations.town import Person, Shown
from tests.instants import SUNDAY
from tests.known import by_address, known

pytestmark = pytest.mark.starts_at(SUNDAY)


@pytest.fixture
def dialect() -> Dialect:
    """One kind of database is enough to talk over: the services are tried on both."""
    return Dialect.SQLITE


NAME, PHONE = "Fatima Ali", "+97333123456"


@pytest.fixture
async def town(database: Database) -> DeskTown:
    """The director has a chat with the bot in Arabic, Huda in English. The Customer Day has its sessions."""
    town = await DeskTown(database).opens()
    for who, role in ((_director(town), Role.DIRECTOR), (town.huda, None)):
        await Person(town, who.address, who.name, who.language).says("/start")
        if role is not None:
            await town.joins(who, role)
    await town.work(sessions.plan_sessions)
    return town


def _director(town: DeskTown) -> Colleague:
    return Colleague(town, "9005", "المدير العام", "ar", town.huda.chat)


def _private(town: DeskTown, address: str, language: str = "en") -> Person:
    return Person(town, address, address, language)


async def _booked(town: DeskTown, address: str = "1001", words: str = "The permit is late") -> Booking:
    await town.living(address)

    async def book(work: Work) -> Booking:
        resident = known(await by_address(work.tx, "telegram", address))
        (_, slot), *_ = await sessions.nearest_free(work, CAPITAL)
        held = await bookings.reserve_seat(work, slot.id, resident)
        assert isinstance(held, Booking), held
        needs = (Need.WHEELCHAIR,)
        phone = PHONE if address == "1001" else f"+9733312{address}"
        details = Details(topic="permits", words=words, name=NAME, phone=phone, companions=1, needs=needs)
        booked = await bookings.confirm_seat(work, held.id, resident, details)
        assert isinstance(booked, Booking), booked
        return booked

    return await town.work(book)


async def _at(town: DeskTown, moment: datetime) -> None:
    town.now = moment
    while await town.work(telling.run_due):
        pass


async def _evening(town: DeskTown, booking: Booking) -> None:
    assert booking.starts_at is not None
    day = booking.starts_at.astimezone(town.offices.zone).replace(hour=17, minute=0) - timedelta(days=1)
    await _at(town, day)


def _brief(person: Person) -> Shown:
    return person.sees("📋")


async def test_the_evening_before_it_comes_in_private_and_names_nobody(town: DeskTown) -> None:
    booking = await _booked(town)
    await _evening(town, booking)
    english, arabic = _brief(_private(town, "9001")), _brief(_private(town, "9005"))
    assert "1 visitor" in english.text
    assert in_arabic(arabic.text)
    for shown in (english, arabic):
        assert NAME not in shown.text
        assert "♿" in shown.text
    assert all("📋" not in shown.text for shown in town.huda.messages), "nothing in the group"


async def test_one_visitor_opens_with_a_number_only_for_who_may_see_it_and_vanishes(town: DeskTown) -> None:
    booking = await _booked(town)
    await _evening(town, booking)
    huda, director = _private(town, "9001"), _private(town, "9005", "ar")
    for person in (huda, director):
        data = known(_brief(person).message.rows)[1][0].data
        await person.taps_data(data, _brief(person).number)
    assert NAME in huda.last.text
    assert "3312 3456" in huda.last.text
    assert "The permit is late" in huda.last.text
    assert "Companions: 1 companion" in without_marks(huda.last.text)
    assert NAME in director.last.text
    assert "3312 3456" not in director.last.text
    looked = [line for line in await town.audited(f"booking:{booking.id}") if line[1] == "brief.visitor"]
    assert looked == [("staff:9001", "brief.visitor"), ("staff:9005", "brief.visitor")]
    town.now += timedelta(minutes=11)
    await town.deliver()
    assert all(NAME not in shown.text for shown in huda.messages)


async def test_the_pdf_and_the_spreadsheet_open(town: DeskTown) -> None:
    booking = await _booked(town)
    await _evening(town, booking)
    huda, director = _private(town, "9001"), _private(town, "9005", "ar")
    await huda.taps("📄 PDF")
    (file,) = huda.last.message.files
    text = pypdfium2.PdfDocument(known(file.content))[0].get_textpage().get_text_range()
    assert NAME in text
    assert booking.reference in text
    await huda.taps("📗 Excel")
    (table,) = huda.last.message.files
    page = openpyxl.load_workbook(io.BytesIO(known(table.content))).worksheets[0]
    header, row = page.iter_rows(values_only=True)
    assert dict(zip(header, row, strict=True))["Phone"] == PHONE.replace("+", "00")
    assert isinstance(row[0], datetime)
    await director.taps("📗")
    (table,) = director.last.message.files
    page = openpyxl.load_workbook(io.BytesIO(known(table.content))).worksheets[0]
    assert page.sheet_view.rightToLeft
    assert all(PHONE[1:] not in str(cell) for line in page.iter_rows(values_only=True) for cell in line)


async def test_in_the_morning_it_says_what_changed(town: DeskTown) -> None:
    booking = await _booked(town)
    await _evening(town, booking)
    await _booked(town, "1002", "A second matter")
    assert booking.starts_at is not None
    (opens,) = await town.rows("SELECT opens_at FROM sessions WHERE id = :id", id=booking.session_id)
    await _at(town, datetime.fromisoformat(str(opens["opens_at"])) - timedelta(hours=1))
    shown = _brief(_private(town, "9001"))
    assert "Changed since the last brief" in shown.text
    assert "2 visitors" in shown.text


async def test_brief_is_asked_for_at_any_time_but_never_answered_in_a_group(town: DeskTown) -> None:
    await _booked(town)
    huda = _private(town, "9001")
    await huda.says("/brief")
    assert "1 visitor" in _brief(huda).text
    await town.huda.says("/brief")
    assert "private chat" in town.huda.last.text


async def test_who_may_not_is_refused_whatever_button_they_forge(town: DeskTown) -> None:
    booking = await _booked(town)
    stranger, council = _private(town, "9666"), _private(town, "9004")
    for person in (stranger, council):
        for verb, about in (
            ("brief", booking.session_id),
            ("brief_pdf", booking.session_id),
            ("brief_who", booking.id),
        ):
            await person.taps_data(f"desk:{verb}:{about}:0:")
        await person.says("/brief")
        assert all("📋" not in shown.text and NAME not in shown.text for shown in person.messages)
    await _private(town, "9001").taps_data("desk:brief_who:999999:0:")  # of nobody


async def test_the_summary_comes_after_with_charts(town: DeskTown) -> None:
    first, second = await _booked(town), await _booked(town, "1002")
    assert first.starts_at is not None
    town.now = first.starts_at - timedelta(minutes=10)

    async def step(work: Work, what: Step) -> None:
        assert isinstance(await visits.act(work, town.huda.person, first.id, what), Visit)

    assert isinstance(await town.work(lambda work: visits.receive(work, town.huda.person, first.reference)), Visit)
    town.now += timedelta(minutes=14)
    await town.work(lambda work: step(work, Step.ENTER))
    town.now += timedelta(minutes=9)
    await town.work(lambda work: step(work, Step.FINISH))
    (closes,) = await town.rows("SELECT closes_at FROM sessions WHERE id = :id", id=first.session_id)
    await _at(town, datetime.fromisoformat(str(closes["closes_at"])) + timedelta(minutes=30))
    shown = _private(town, "9001").sees("📊")
    plain = "".join(one for one in shown.text if one not in "\u2066\u2067\u2068\u2069\u200e\u200f")
    assert "Appointments: 2 · came: 1 · did not come: 1" in plain
    assert "half waited up to 14 minutes" in plain
    assert len(shown.message.files) == 2
    assert in_arabic(_private(town, "9005").sees("📊").text)
    assert second.reference not in shown.text


async def test_who_is_forgotten_stands_in_no_document_any_more(town: DeskTown) -> None:
    booking = await _booked(town)
    await _booked(town, "1002", "A second matter")
    await _evening(town, booking)
    huda, fatima = _private(town, "9001"), _private(town, "1001")
    await huda.taps("📄 PDF")
    assert any(one.message.files for one in huda.messages)
    await fatima.says("/forget")
    await fatima.taps("Yes, erase")
    await town.deliver()
    assert not any(one.message.files for one in huda.messages)
    again = _brief(huda)
    assert "Changed since the last brief" in again.text
    assert "1 visitor" in again.text
    await huda.taps("📄 PDF")
    (file,) = huda.last.message.files
    text = pypdfium2.PdfDocument(known(file.content))[0].get_textpage().get_text_range()
    assert booking.reference not in text
    assert "A second matter" in text


async def test_a_member_who_is_forgotten_keeps_no_panel(town: DeskTown) -> None:
    booking = await _booked(town)
    huda = _private(town, "9001")
    await huda.says("/start")
    (who,) = await town.rows("SELECT id FROM residents WHERE address = '9001'")
    await town.rows(
        "INSERT INTO line_panels (session_id, channel, chat, resident_id, asked_at) "
        "VALUES (:session, 'telegram', '9001', :who, :at) RETURNING session_id",
        session=booking.session_id,
        who=int(str(who["id"])),
        at=town.now,
    )
    await huda.says("/forget")
    await huda.taps("Yes, erase")
    assert await town.rows("SELECT 1 FROM line_panels") == []
