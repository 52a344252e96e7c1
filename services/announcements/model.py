"""What an announcement is: the records of `storage.announcements`, for whoever works with them through services."""

from __future__ import annotations

from storage.announcements import (
    Announcement,
    Audience,
    Button,
    Effect,
    Kind,
    Link,
    Occasion,
    Status,
)
from storage.audiences import Group
from storage.ids import AnnouncementId
from storage.translations import Translations

__all__ = [
    "Announcement",
    "AnnouncementId",
    "Audience",
    "Button",
    "Effect",
    "Group",
    "Kind",
    "Link",
    "Occasion",
    "StaleVersion",
    "Status",
    "Translations",
]


class StaleVersion(Exception):
    """A rival changed the announcement since this version of it, or it has come further: look at it again."""
