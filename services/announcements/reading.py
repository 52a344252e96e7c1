"""How announcements stand: how far one is, what those of the past brought."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from services.announcements.model import Announcement, Effect, Status
from services.unit_of_work import Work
from storage import announcement_lists as lists
from storage import announcements as rows
from storage import draft_lists, outbox
from storage.ids import AnnouncementId, MessageId, OfficeId, ResidentId, Subject

PAGE = 5
_OVER = (Status.SENT, Status.CORRECTING, Status.CANCELLED, Status.RECALLED)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an announcement is."""

    announcement: Announcement
    rate: float  # messages a second, lately
    seconds_left: float | None  # None where nothing moves

    @property
    def total(self) -> int:
        return self.announcement.total

    @property
    def still_counting(self) -> bool:
        return self.announcement.still_counting


@dataclass(frozen=True, slots=True)
class Past:
    """An announcement with what it brought."""

    announcement: Announcement
    effect: Effect


async def by_id(work: Work, announcement: AnnouncementId) -> Announcement | None:
    """An announcement, asked nobody's right: for notices and messages that are rendered. Else `writing.open_for`."""
    return await rows.by_id(work.tx, announcement)


async def listed(
    work: Work, offices: Collection[OfficeId], statuses: Collection[Status], page: int = 0
) -> tuple[tuple[Announcement, ...], bool]:
    """One page of offices' announcements in some statuses, the newest first; and whether there is more."""
    found = await lists.page(work.tx, offices, statuses, PAGE + 1, page * PAGE)
    return found[:PAGE], len(found) > PAGE


async def sent_about(work: Work, subject: Subject) -> Announcement | None:
    """The newest announcement about something that people have; None where nobody was told of it."""
    return await lists.sent_about(work.tx, subject)


async def draft_about(work: Work, subject: Subject) -> Announcement | None:
    """What is drafted about something already."""
    return await lists.draft_about(work.tx, subject)


async def progress(work: Work, announcement: AnnouncementId) -> Progress | None:
    found = await rows.by_id(work.tx, announcement)
    if found is None:
        return None
    expected = work.announcing.paid_rate if found.paid else work.announcing.rate
    rate = found.pace or float(expected)
    moving = found.status is Status.SENDING
    return Progress(found, found.pace, (found.total - found.done) / rate if moving else None)


async def past(work: Work, offices: Collection[OfficeId], page: int = 0) -> tuple[tuple[Past, ...], bool]:
    """One page of what offices announced and is over, the newest first, with what it brought; whether there is more.

    `offices` are those that somebody may read; with `EVERY_OFFICE` those to all are among them. It is looked up.
    """
    question = ("announcements", tuple(offices), page)

    async def read(work: Work) -> tuple[tuple[Past, ...], bool]:
        found = await lists.page(work.tx, offices, _OVER, PAGE + 1, page * PAGE)
        shown = [Past(one, await rows.effect(work.tx, one.id)) for one in found[:PAGE]]
        return tuple(shown), len(found) > PAGE

    return await work.look_up(question, read)


def progress_group(announcement: AnnouncementId) -> str:
    """What groups the messages that show its author how far it is: the newest takes the place of the others."""
    return rows.progress_group(announcement)


async def is_progress_under_way(work: Work, announcement: AnnouncementId) -> bool:
    """Whether such a message waits to be sent or is being sent."""
    return await outbox.is_under_way(work.tx, rows.progress_group(announcement))


async def prepared(work: Work, offices: Collection[OfficeId], limit: int) -> tuple[Announcement, ...]:
    """What the clock drafted and nobody has sent or discarded."""
    return await draft_lists.prepared(work.tx, offices, limit)


async def todays_list(work: Work, resident: ResidentId) -> MessageId | None:
    """The message of today that lists it for somebody; None where there is none yet."""
    found = await draft_lists.of(work.tx, resident)
    return found.message if found is not None and found.day == work.today else None


def list_group(work: Work, resident: ResidentId) -> str:
    return draft_lists.group(resident, work.today)


async def is_list_under_way(work: Work, resident: ResidentId) -> bool:
    """Whether such a message waits to be sent or is being sent."""
    return await outbox.is_under_way(work.tx, list_group(work, resident))
