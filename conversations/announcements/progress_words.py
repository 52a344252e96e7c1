"""How far an announcement is, in words: the same on its card and in the message that is kept up to date."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from conversations.announcements.words import MARKS, STATUSES
from locales import Localizer
from services.announcements.model import Announcement, Status
from services.announcements.reading import Progress

_CELLS = 12  # of the bar
_FULL, _EMPTY = "█", "░"


def progress_lines(t: Localizer, how: Progress) -> list[Markup]:
    """Its status, a bar, and what became of everybody it is for."""
    found = how.announcement
    status = t("{mark} <b>{status}</b>", mark=Markup(MARKS[found.status]), status=t(STATUSES[found.status]))  # noqa: S704
    if found.started_at is None:
        return [status]
    return [status, *_bar(t, how), *_counts(t, found), *_pace(t, how), *_afterwards(t, found)]


def _bar(t: Localizer, how: Progress) -> list[Markup]:
    found = how.announcement
    if not how.total:
        return [t("Counting who gets it …")] if how.still_counting else []
    share = found.done / how.total
    cells = round(share * _CELLS)
    percent = int(share * 100)
    bar = t("{bar} {percent}%", bar=Markup(_FULL * cells + _EMPTY * (_CELLS - cells)), percent=percent)  # noqa: S704
    return [bar, *([t("Still counting who gets it.")] if how.still_counting else [])]


def _counts(t: Localizer, found: Announcement) -> list[Markup]:
    return [
        t("✅ Sent: {n} of {total}", n=found.sent, total=found.total),
        *([t("⚠️ Failed: {n}", n=found.failed)] if found.failed else []),
        *([t("🚫 Stopped the bot: {n}", n=found.unreachable)] if found.unreachable else []),
        *([t("🔕 Want no news, or it had expired: {n}", n=found.skipped)] if found.skipped else []),
    ]


def _pace(t: Localizer, how: Progress) -> list[Markup]:
    if how.announcement.status is not Status.SENDING or how.seconds_left is None:
        return []
    left = t("Time left: {span}", span=t.duration(timedelta(seconds=how.seconds_left)))
    if not how.rate:
        return [left]
    return [t.dotted(t("⏱ {n} messages a second", n=max(1, round(how.rate))), left)]


def _afterwards(t: Localizer, found: Announcement) -> list[Markup]:
    lines = []
    if found.corrected:
        lines.append(t("✏️ Corrected: {n}", n=found.corrected))
    if found.recalled or found.kept or found.status in {Status.RECALLING, Status.RECALLED}:
        lines.append(t("🗑 Deleted: {n}", n=found.recalled))
    if found.kept:
        lines.append(t("Could not be deleted, because the message is too old: {n}", n=found.kept))
    if found.came_later:
        lines.append(t("Joined the bot after it was sent, and did not get it: {n}", n=found.came_later))
    return lines
