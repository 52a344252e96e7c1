"""What is wrong with an announcement, and what helps, in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.announcements.words import text_title
from locales import N_, Language, Localizer
from services.announcements.faults import MOST_PHOTOS, Fault, What
from services.notify.quiet_hours import EVENING, MORNING

_LINES: Mapping[What, str] = MappingProxyType(
    {
        What.LINK_BROKEN: N_("Button {number}: the office is closed or has no Customer Day. Choose another button."),
        What.BUTTON_INCOMPLETE: N_("Button {number}: the label is missing or too long."),
        What.TOO_MANY_BUTTONS: N_("There are {n} buttons. Use {limit} or fewer."),
        What.FILES_DO_NOT_FIT: N_("Send up to {photos} photos, or one document, or one video."),
        What.FILE_NOT_READY: N_("A file is still being checked. Try again in a moment."),
        What.FILE_REFUSED: N_("We could not save a file. Remove it, or send it again."),
        What.SESSION_FULL: N_("The Customer Day is fully booked."),
        What.SESSION_OVER: N_("The Customer Day is over."),
        What.SESSION_CALLED_OFF: N_("The Customer Day has been cancelled."),
        What.SESSION_REOPENED: N_("It says that the Customer Day is cancelled, but the day is open again."),
        What.IN_THE_PAST: N_("The time to send it has passed. Choose another time."),
        What.AT_NIGHT: N_(
            "It would arrive at night. Choose a time from {morning} to {evening}, or mark it as an emergency."
        ),
        What.EXPIRED: N_("It has expired. Choose a later expiry, or none."),
        What.EXPIRES_BEFORE: N_("It expires before it is sent. Change the expiry or the time to send it."),
        What.NOBODY: N_("Nobody is in the audience. Choose another one."),
        What.PAID_NOT_ALLOWED: N_("Paid sending is not enabled."),
    }
)


def fault_lines(t: Localizer, faults: Iterable[Fault]) -> list[Markup]:
    """A line for each fault."""
    return [t("• {fault}", fault=_line(t, fault)) for fault in faults]


def _line(t: Localizer, fault: Fault) -> Markup:
    which = text_title(t, Language(fault.language)) if fault.language in set(Language) else t.own(fault.language)
    match fault.what:
        case What.LANGUAGE_MISSING:
            return t("{which}: not written yet. Write it, or leave it out.", which=which)
        case What.TOO_LONG:
            return t(
                "{which}: {n} of {limit} characters. Shorten it by {over}.",
                which=which,
                n=fault.length,
                limit=fault.limit,
                over=fault.length - fault.limit,
            )
        case What.LINK_ELSEWHERE:
            return t("{which}: this link does not lead to the municipality: {link}", which=which, link=fault.detail)
    return t(
        _LINES[fault.what],
        number=fault.detail,
        n=fault.length,
        limit=fault.limit,
        photos=MOST_PHOTOS,
        morning=t.time(MORNING),
        evening=t.time(EVENING),
    )
