"""What authors and approvers of announcements are told, and those who asked for an improvement."""

from __future__ import annotations

from typing import Literal

from services.notify.notices import Notice
from storage.ids import AnnouncementId


class ImprovementMade(Notice):
    """What they asked for was done; those who asked are told before it is announced."""

    about: Literal["improvement_made"] = "improvement_made"
    improvement: int


class ConsentAnswered(Notice):
    """To its author: a second administrator approved their announcement, or refused it."""

    about: Literal["consent_answered"] = "consent_answered"
    announcement: AnnouncementId
    approved: bool
    by: str  # a name
    why: str = ""


class AnnouncementProgress(Notice):
    """How far an announcement is: to its author, in one message that is edited."""

    about: Literal["announcement_progress"] = "announcement_progress"
    announcement: AnnouncementId


class AnnouncementToApprove(Notice):
    """An announcement waits for a second person."""

    about: Literal["announcement_to_approve"] = "announcement_to_approve"
    announcement: AnnouncementId
    version: int


class AnnouncementDrafted(Notice):
    """What happened to a session was drafted as an announcement: somebody may look at it and send it."""

    about: Literal["announcement_drafted"] = "announcement_drafted"
    announcement: AnnouncementId
