"""Words that the door's messages share: a ticket, a line, where somebody stands in it."""

from __future__ import annotations

from markupsafe import Markup

from conversations.texts.booking import who_receives
from locales import Localizer
from services.unit_of_work import Work
from services.visits import hall
from services.visits.door import Visit
from services.visits.line import Waiting
from storage.records.bookings import Booking
from storage.records.sessions import Session


def ticket_line(t: Localizer, visit: Visit) -> Markup:
    """The number that is called in the hall."""
    return t("🎫 <b>Number {n}</b>", n=visit.ticket)


def lane_line(work: Work, t: Localizer, session: Session) -> Markup | None:
    """Who receives in a session; None where its office is gone from the file."""
    office = work.offices.get(session.office)
    return None if office is None else who_receives(t, office, session.lane)


async def place_of(work: Work, booking: Booking) -> Waiting | None:
    """Where somebody stands who waits today; None where they do not wait."""
    if booking.day != work.today:
        return None
    found = (await hall.positions(work, booking.office, booking.day)).find(booking.id)
    return None if found is None else found[1]


def expected_line(t: Localizer, place: Waiting | None) -> Markup | None:
    """How many are ahead, and when they can expect to be called."""
    if place is None:
        return None
    when = t.span(place.expected.low, place.expected.high)
    ahead = place.position - 1
    if not ahead:
        return t("Next to be called. Expected: {when}", when=when)
    return t.dotted(
        t.plural("{n} visitor ahead", "{n} visitors ahead", ahead),
        t("Expected: {when}", when=when),
    )
