from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from icalendar import Alarm, Calendar, Event
from PIL import Image

from services.bookings.calendar_file import CalendarEntry, calendar_file
from services.bookings.qr import qr_png
from storage.ids import Reference

BAHRAIN = timezone(timedelta(hours=3))
TITLE = "يوم العميل – أمانة العاصمة"


def entry(**changes: Any) -> CalendarEntry:
    usual: dict[str, Any] = {
        "reference": Reference("B-7K3M-2QX"),
        "version": 1,
        "starts_at": datetime(2026, 11, 25, 9, 15, tzinfo=BAHRAIN),
        "ends_at": datetime(2026, 11, 25, 9, 30, tzinfo=BAHRAIN),
        "changed_at": datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
        "title": TITLE,
        "notes": "B-7K3M-2QX, please bring: papers; photos\nSecond line",
        "place": "مبنى أمانة العاصمة، المنامة",
        "latitude": 26.2335,
        "longitude": 50.5745,
    }
    return CalendarEntry(**usual | changes)


def read(content: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return calendar, event


def test_a_calendar_reads_back_what_was_written():
    _, event = read(calendar_file(entry()))

    assert event["SUMMARY"] == TITLE
    assert event["DESCRIPTION"] == "B-7K3M-2QX, please bring: papers; photos\nSecond line"
    assert event["GEO"].to_ical() == "26.2335;50.5745"


def test_times_are_in_utc_so_no_zone_is_needed():
    content = calendar_file(entry())

    assert b"DTSTART:20261125T061500Z" in content
    assert b"DTEND:20261125T063000Z" in content
    assert b"VTIMEZONE" not in content


def test_it_publishes_and_invites_nobody():
    content = calendar_file(entry())

    assert b"METHOD:PUBLISH" in content
    assert b"ATTENDEE" not in content
    assert b"ORGANIZER" not in content


def test_a_moved_appointment_replaces_the_entry_it_made_before():
    _, before = read(calendar_file(entry()))
    _, after = read(calendar_file(entry(version=2, starts_at=datetime(2026, 12, 2, 9, 0, tzinfo=BAHRAIN))))

    assert before.uid == after.uid
    assert (before.sequence, after.sequence) == (1, 2)


def test_a_cancelled_appointment_is_cancelled_in_the_calendar_and_rings_no_more():
    _, event = read(calendar_file(entry(version=2, cancelled=True)))

    assert event["STATUS"] == "CANCELLED"
    assert not event.walk("VALARM")


def test_one_alarm_rings_two_hours_before():
    _, event = read(calendar_file(entry()))

    (alarm,) = event.walk("VALARM")
    assert isinstance(alarm, Alarm)
    assert timedelta(hours=-2) == alarm.TRIGGER


def test_lines_are_at_most_75_bytes_long_as_calendars_expect():
    assert all(len(line) <= 75 for line in calendar_file(entry(notes="مواعيد " * 60)).split(b"\r\n"))


def test_a_qr_code_is_a_picture_large_enough_to_scan(tmp_path):
    picture = tmp_path / "code.png"
    picture.write_bytes(qr_png("https://t.me/customer_day_bot?start=checkin_B-7K3M-2QX"))

    with Image.open(picture) as image:
        assert image.width == image.height * 2
        assert image.height >= 300
