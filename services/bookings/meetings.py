"""How a resident and the municipality meet: in person, or by phone or video where the sitting offers it.

What was chosen is kept among the answers of a booking, so it is moved, handed out and erased with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import TypeAdapter, ValidationError

from services.offices.schema import LaneRule, Meeting, Office
from services.offices.texts import Website
from services.unit_of_work import Work
from storage import session_links
from storage.records.bookings import Booking

__all__ = ["ANSWER", "LINK", "Meeting", "chosen", "is_link", "meeting_of", "offered", "video_link"]

#: The name under which the answers of a booking hold it.
ANSWER = "meeting"
#: The same of a link for this one meeting by video.
LINK = "video_link"
_LINK: TypeAdapter[str] = TypeAdapter(Website)
_LONGEST = 500  # characters of a link


def offered(office: Office, day: date) -> tuple[Meeting, ...]:
    """What residents can choose from on a day: what everybody offers who sits then.

    A day without a weekly sitting has an extra session, or one that was moved: then it is what all sittings offer.
    """
    rules = [rule for rule in office.customer_day if rule.holds_on(day)] or list(office.customer_day)
    return tuple(meeting for meeting in Meeting if rules and all(_offers(rule, meeting) for rule in rules)) or (
        Meeting.IN_PERSON,
    )


def _offers(rule: LaneRule, meeting: Meeting) -> bool:
    return meeting in rule.meetings


def chosen(answers: Mapping[str, str]) -> Meeting | None:
    """What the answers say; None where they say nothing of it."""
    said = answers.get(ANSWER, "")
    return Meeting(said) if said in set(Meeting) else None


def meeting_of(booking: Booking) -> Meeting:
    """In person, where nothing else was chosen."""
    return chosen(booking.answers) or Meeting.IN_PERSON


async def video_link(work: Work, booking: Booking) -> str | None:
    """Where a meeting by video takes place: its own link, else its session's, else the office's; None without any."""
    if meeting_of(booking) is not Meeting.VIDEO:
        return None
    if own := booking.answers.get(LINK):
        return own
    session = await session_links.newest(work.tx, booking.session_id)
    if session is not None and session.link:
        return session.link
    office = work.offices.get(booking.office)
    return None if office is None else office.video_link


def is_link(text: str) -> bool:
    try:
        _LINK.validate_python(text)
    except ValidationError:
        return False
    return len(text) <= _LONGEST
