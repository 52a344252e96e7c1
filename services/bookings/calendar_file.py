"""An appointment as a file for calendars (iCalendar, RFC 5545)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vGeo

from storage.ids import Reference

PRODUCT = "-//Customer Day//Appointments//EN"
DOMAIN = "customer-day.bh"  # makes identifiers unlike those of any other system; it need not resolve
ALARM_BEFORE = timedelta(hours=2)
MIME = "text/calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """What a calendar is to show. Texts are in the language of whoever gets the file; instants are aware."""

    reference: Reference
    version: int  # grows with each change: a later file takes an earlier one's place
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    title: str
    notes: str
    place: str
    latitude: float | None = None
    longitude: float | None = None
    cancelled: bool = False


def calendar_file(entry: CalendarEntry) -> bytes:
    """The file's content.

    It publishes (or cancels) and asks for no answer, as an invitation would. The identifier is made of the reference
    alone, so that a moved or cancelled appointment changes the entry it made before. Times are in UTC:
    no calendar needs to know Bahrain's zone. One alarm, as the last reminder, two hours before.
    """
    event = Event()
    event.add("uid", f"{entry.reference}@{DOMAIN}")
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("description", entry.notes)
    event.add("location", entry.place)
    if entry.latitude is not None and entry.longitude is not None:
        event.add("geo", vGeo((entry.latitude, entry.longitude)))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    if not entry.cancelled:
        event.add_component(_alarm(entry.title))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -ALARM_BEFORE)
    return alarm
