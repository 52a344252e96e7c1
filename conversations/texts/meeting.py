"""How a resident and the municipality meet, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Responder
from conversations.texts.booking import office_name, where
from locales import N_
from services.bookings.meeting_changes import NotChanged
from services.bookings.meetings import Meeting, meeting_of, video_link
from storage.records.bookings import Booking

MEETINGS: Mapping[Meeting, str] = MappingProxyType(
    {
        Meeting.IN_PERSON: N_("In person"),
        Meeting.PHONE: N_("By phone"),
        Meeting.VIDEO: N_("By video"),
    }
)

NOT_CHANGED: Mapping[NotChanged, str] = MappingProxyType(
    {
        NotChanged.TOO_LATE: N_("It is too late to change how this meeting takes place."),
        NotChanged.NOT_OFFERED: N_("The office does not offer that on this day. Choose another way to meet."),
        NotChanged.NO_PHONE: N_("There is no phone number to call for this appointment. Choose another way to meet."),
        NotChanged.NOT_BY_VIDEO: N_("This meeting is not by video, so it needs no link."),
        NotChanged.NO_LINK: N_("That is not a link. Send the full address, beginning with https://"),
    }
)


def in_person(booking: Booking) -> bool:
    """Whether somebody comes to the office: then there is a way there, and a code for the door."""
    return meeting_of(booking) is Meeting.IN_PERSON


async def where_to_meet(responder: Responder, booking: Booking) -> Markup:
    """Where one comes to; or that the municipality calls, or the link of a meeting by video."""
    t, work = responder.t, responder.work
    office = office_name(work, t, booking.office)
    match meeting_of(booking):
        case Meeting.IN_PERSON:
            return where(work, t, booking.office)
        case Meeting.PHONE:
            said = t("📞 By phone. We will call you on {phone}.", phone=t.phone(booking.phone))
            return t.join_lines(office, said if booking.phone else t("📞 By phone. We will call you."))
    link = await video_link(work, booking)
    if link is None:
        return t.join_lines(office, t("🎥 By video. We will send you the link with a reminder."))
    return t.join_lines(office, t("🎥 By video. At the time of your appointment, open {link}", link=link))
