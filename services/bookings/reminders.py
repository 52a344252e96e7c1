"""When an appointment is recalled: three days, one day and two hours before it."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.notify.notices.bookings import Stage

BEFORE = {
    Stage.THREE_DAYS: timedelta(days=3),
    Stage.ONE_DAY: timedelta(days=1),
    Stage.TWO_HOURS: timedelta(hours=2),
}


def next_reminder(starts_at: datetime, after: datetime) -> datetime | None:
    """The first moment for a reminder later than `after`: what is past already is skipped. None where all are."""
    moments = (starts_at - before for before in BEFORE.values())
    return next((moment for moment in moments if moment > after), None)


def stage_at(starts_at: datetime, now: datetime) -> tuple[Stage, datetime] | None:
    """Which reminder is the one to send now, and until when; None before the first and from the start on.

    After an outage only the latest is sent: nobody wants to hear "in 3 days" and "tomorrow" at once.
    """
    moments = [(stage, starts_at - before) for stage, before in BEFORE.items()]
    ends = [*(moment for _, moment in moments[1:]), starts_at]
    for (stage, begins), end in zip(moments, ends, strict=True):
        if begins <= now < end:
            return stage, end
    return None
