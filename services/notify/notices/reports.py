"""Reports, digests and briefs that come without being asked for."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from services.notify.notices import Notice
from storage.ids import BookingId, OfficeId, SessionId


class MorningDigest(Notice):
    """The morning summary of an office."""

    about: Literal["morning_digest"] = "morning_digest"
    office: OfficeId
    day: date


class Audience(StrEnum):
    """Who gets a report unasked."""

    OFFICE = "office"  # its team's group
    DIRECTOR = "director"
    COUNCIL = "council"
    MINISTRY = "ministry"


class PeriodReport(Notice):
    """The figures of a week or a month, from the first day to the last."""

    about: Literal["period_report"] = "period_report"
    audience: Audience
    office: OfficeId  # "" is every office
    first: date
    last: date


class SessionBriefed(Notice):
    """Who comes to a session. `again`: in the morning, because this has changed since the evening."""

    about: Literal["session_briefed"] = "session_briefed"
    session: SessionId
    again: bool = False
    added: tuple[BookingId, ...] = ()
    moved: tuple[BookingId, ...] = ()
    gone: tuple[BookingId, ...] = ()


class SessionSummed(Notice):
    """The summary of a session, in numbers."""

    about: Literal["session_summed"] = "session_summed"
    session: SessionId
