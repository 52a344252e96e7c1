"""What residents and staff are told of requests."""

from __future__ import annotations

from typing import Literal

from services.notify.notices import Notice
from storage.ids import BookingId, CaseId, FileId, OfficeId


class CaseUpdate(Notice):
    """A public event of a case: a new state, an official reply, a question, a proposed closure."""

    about: Literal["case_update"] = "case_update"
    case: CaseId
    event: int


class FileRefused(Notice):
    """A file could not be kept: too large, of a kind not accepted, damaged, or no longer held by the channel."""

    about: Literal["file_refused"] = "file_refused"
    file: FileId


class StreetNews(Notice):
    """To neighbours with one request: somebody offers to speak for all, does, or no longer does; their appointment."""

    about: Literal["street_news"] = "street_news"
    case: CaseId
    offer: int
    what: str
    booking: BookingId | None = None
    version: int = 0  # of the booking, or of what came of the meeting


class StaffCard(Notice):
    """Update the card of a case, at an office that has it or had it."""

    about: Literal["staff_card"] = "staff_card"
    case: CaseId
    office: OfficeId


class StaffFiles(Notice):
    """Send the files of a case, or of one of its events, below its card."""

    about: Literal["staff_files"] = "staff_files"
    case: CaseId
    office: OfficeId
    event: int | None = None  # only those that came with it


class StaffAlarms(Notice):
    """Targets of several cases run out or have passed: one message for all of them."""

    about: Literal["staff_alarms"] = "staff_alarms"
    office: OfficeId
    events: tuple[int, ...]


class DangerAlert(Notice):
    """A request tells of a danger. `escalated`: nobody in the team took the alert in time."""

    about: Literal["danger_alert"] = "danger_alert"
    case: CaseId
    escalated: bool


class DangerTaken(Notice):
    """To whoever told of a danger: somebody of the team answers for it."""

    about: Literal["danger_taken"] = "danger_taken"
    case: CaseId


class StaffCase(Notice):
    """The resident said or did something about a case, or one of its targets runs out."""

    about: Literal["staff_case"] = "staff_case"
    case: CaseId
    event: int
    office: OfficeId | None = None  # the one that is told


class PartLost(Notice):
    """A part of what staff sent to an applicant could not be delivered."""

    about: Literal["part_lost"] = "part_lost"
    case: CaseId
    office: OfficeId
    holds: str  # of which kind it was: `storage.outbox.held_by`
