"""An announcement on its way: counted, owed, noted, corrected and taken back, a bounded batch at a time.

All of it is worked out from rows, so that a process that ends at any moment leaves nothing to repair. The audience is
gone through by the residents' ids, up to the newest there was when it began; what is owed at one time is bounded, and
filled up as it is sent. What became of each is read from the outbox.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

from services.actors import CLOCK, announcement_subject
from services.announcements.faults import may_ring
from services.announcements.model import Announcement, Status
from services.announcements.posts import correct_posts, post, recall_posts
from services.announcements.sending import CONSENT_LASTS
from services.announcements.telling import tell_progress, tell_second_persons
from services.improvements import improvements
from services.notify.quiet_hours import by_day
from services.unit_of_work import Work
from storage import announcements as rows
from storage import audiences, audit, outbox, recipients
from storage.ids import Actor, AnnouncementId, MessageId, ResidentId
from storage.recipients import Recipient, Settled
from storage.records.outbox import OutboxKind

BROADCAST = 2  # urgency: after replies and notices
MOST_OWED = 1000  # broadcasts that wait to be sent at one time
_OWED_SECONDS = 4  # of sending at the permitted rate
_FEWEST_OWED = 60
_EVENING = timedelta(seconds=_OWED_SECONDS + 6)  # before 21:00 nothing more is owed: what is, goes out by then
_PROGRESS_EVERY = timedelta(seconds=4)
_DELETABLE_FOR = timedelta(hours=48)  # https://core.telegram.org/bots/api#deletemessage
_DELETED_BY = timedelta(minutes=10)  # how long before that we still try
_NEWCOMERS_COUNTED = 10_000

Say = Callable[[Work, Announcement, str, str], Awaitable[tuple[tuple[str, str], ...]]]
"""An announcement in a language and choice of digits: its parts and what each says; nothing where nothing is true."""
SayEdit = Callable[[Work, Announcement, str, str, MessageId], Awaitable[str | None]]
"""What edits a message of it to what it says now."""


async def at_work(work: Work) -> tuple[Announcement, ...]:
    """Announcements about which something is to be done."""
    return await rows.at_work(work.tx, work.now)


async def locked(work: Work, announcement: AnnouncementId) -> Announcement | None:
    """One of them as it is now, kept from others until the commit."""
    return await rows.lock(work.tx, announcement)


async def room(work: Work, announcement: Announcement) -> int:
    """How many more may be owed at this moment."""
    rate = work.announcing.paid_rate if announcement.paid else work.announcing.rate
    most = min(MOST_OWED, max(_FEWEST_OWED, rate * _OWED_SECONDS))
    return max(0, most - await recipients.count_pending(work.tx))


# ---------------------------------------------------------------------------- it begins


async def begin(work: Work, announcement: Announcement, say_post: Say) -> Announcement:
    """Send what was scheduled, unless it is night or nobody's consent to it counts any more.

    What was improved is announced once all have been told who asked for it.
    """
    if not may_ring(work, announcement, work.now) or not await improvements.is_told(work, announcement):
        return announcement
    if _consent_is_old(work, announcement):
        return await _ask_again(work, announcement)
    begun = announcement.model_copy(
        update={
            "status": Status.SENDING,
            "last": await audiences.newest(work.tx),
            "started_at": work.now,
            "paced_at": work.now,
        }
    )
    rows.advance(work.tx, begun)
    audit.record(work.tx, work.now, CLOCK, "announcement.begun", announcement_subject(begun.id))
    await post(work, begun, await say_post(work, begun, "", ""))
    return begun


def _consent_is_old(work: Work, announcement: Announcement) -> bool:
    if not announcement.approved_by or announcement.approved_at is None:
        return False
    agreed_for = max(announcement.approved_at, announcement.send_at or announcement.approved_at)
    return announcement.approved_version != announcement.version or work.now - agreed_for > CONSENT_LASTS


async def _ask_again(work: Work, announcement: Announcement) -> Announcement:
    asked = announcement.model_copy(
        update={
            "status": Status.AWAITING_APPROVAL,
            "asked_at": work.now,
            "send_at": None,
            "approved_by": Actor(""),
            "approved_at": None,
            "approved_version": None,
        }
    )
    moved = await rows.move(work.tx, asked, Status.SCHEDULED, work.now)
    if moved is None:
        return announcement
    audit.record(work.tx, work.now, CLOCK, "announcement.approval_expired", announcement_subject(moved.id))
    await tell_second_persons(work, moved)
    return moved


# ---------------------------------------------------------------------------- who, and what is owed


async def go_through(work: Work, announcement: Announcement, window: int) -> Announcement:
    """Count the next so many residents; or, where it is over, have so many wait no more."""
    if _is_over(work, announcement):
        return await _drop(work, announcement, window)
    if announcement.status in {Status.SENDING, Status.PAUSED} and announcement.still_counting:
        return await _count(work, announcement, window)
    return announcement


async def _drop(work: Work, announcement: Announcement, window: int) -> Announcement:
    until, dropped = await recipients.drop_waiting(work.tx, announcement.id, announcement.fed_to, window)
    if until is None:
        return announcement
    left = announcement.model_copy(update={"fed_to": until, "skipped": announcement.skipped + dropped})
    rows.advance(work.tx, left)
    return left


async def _count(work: Work, announcement: Announcement, window: int) -> Announcement:
    """Make recipients of those among the next so many residents whom it is for."""
    last = announcement.last or ResidentId(0)
    until = last if announcement.audience.test else ResidentId(min(announcement.counted_to + window, last))
    found = await audiences.take(work.tx, announcement.id, announcement.audience, announcement.counted_to, until)
    counted = announcement.model_copy(update={"counted_to": until, "total": announcement.total + found})
    rows.advance(work.tx, counted)
    return counted


def _is_over(work: Work, announcement: Announcement) -> bool:
    """Whether those who do not have it yet do not get it any more."""
    expired = announcement.expires_at is not None and announcement.expires_at <= work.now
    return expired or announcement.status in {Status.CANCELLED, Status.RECALLING}


async def owe(work: Work, announcement: Announcement, limit: int, say: Say) -> tuple[Announcement, int]:
    """Owe it to the next `limit` who wait. How many rows were looked at."""
    if announcement.status is not Status.SENDING or _is_over(work, announcement):
        return announcement, 0
    if not may_ring(work, announcement, work.now + _EVENING):
        if not may_ring(work, announcement, work.now):
            outbox.hold(work.tx, recipients.group(announcement.id), by_day(work, work.now))
        return announcement, 0
    batches = await recipients.next_waiting(work.tx, announcement.id, announcement.fed_to, limit)
    if not batches:
        return announcement, 0
    until = max(batch.until for batch in batches)
    for batch in batches:
        for part, payload in await say(work, announcement, batch.language, batch.digits):
            recipients.owe(
                *(work.tx, announcement.id, batch, part, payload),
                after=announcement.fed_to,
                until=until,
                expires_at=announcement.expires_at,
                test=announcement.audience.test,
                at=work.now,
            )
    skipped = await recipients.note_owed(work.tx, announcement.id, announcement.edition, announcement.fed_to, until)
    fed = announcement.model_copy(update={"fed_to": until, "skipped": announcement.skipped + skipped})
    rows.advance(work.tx, fed)
    return fed, limit


# ---------------------------------------------------------------------------- what became of it


async def note(work: Work, announcement: Announcement, limit: int, say_edit: SayEdit) -> tuple[Announcement, int]:
    """Note how those went of which the outbox knows. How many."""
    ended = await recipients.settle(work.tx, announcement.id, work.now, limit)
    taken_back = await recipients.settle_recalls(work.tx, announcement.id, limit)
    if not ended and not taken_back:
        return announcement, 0
    noted = announcement.model_copy(
        update={
            **{name: getattr(announcement, name) + _how_many(ended, name) for name in _ENDINGS},
            "recalled": announcement.recalled + _how_many(taken_back, "recalled"),
            "kept": announcement.kept + _how_many(taken_back, "kept"),
        }
    )
    late = [one.resident_id for one in ended if one.state == "sent" and _is_late(noted, one)]
    if late:  # it was on its way when the text was corrected, or all was taken back
        noted = await _change(work, noted, await recipients.these(work.tx, noted.id, late), say_edit)
    rows.advance(work.tx, noted)
    return noted, len(ended) + len(taken_back)


_ENDINGS = ("sent", "failed", "unreachable", "skipped")


def _how_many(ended: tuple[Settled, ...], state: str) -> int:
    return sum(one.state == state for one in ended)


def _is_late(announcement: Announcement, one: Settled) -> bool:
    return announcement.status is Status.RECALLING or one.edition < announcement.edition


# ---------------------------------------------------------------------------- corrected, and taken back


async def walk(work: Work, announcement: Announcement, limit: int, say_edit: SayEdit) -> tuple[Announcement, int]:
    """Have the next `limit` recipients' messages corrected or taken back. How many were looked at."""
    if announcement.walked_to is None:
        return announcement, 0
    found = await recipients.behind(work.tx, announcement.id, announcement.walked_to, limit)
    if not found:
        done = announcement.model_copy(update={"walked_to": None})
        if announcement.status is Status.RECALLING:
            await recall_posts(work, done, work.now - _DELETABLE_FOR + _DELETED_BY)
        else:
            await correct_posts(work, done, lambda message: say_edit(work, done, "", "", message))
        rows.advance(work.tx, done)
        return done, 0
    having = tuple(one for one in found if one.state == "sent")
    changed = await _change(work, announcement, having, say_edit)
    changed = changed.model_copy(update={"walked_to": found[-1].resident_id})
    rows.advance(work.tx, changed)
    return changed, len(found)


async def _change(
    work: Work, announcement: Announcement, having: Collection[Recipient], say_edit: SayEdit
) -> Announcement:
    """Owe those who have it what makes their message right, or takes it away."""
    if announcement.status is Status.RECALLING:
        return await _take_back(work, announcement, having)
    corrected = 0
    for one in having:
        if one.edition >= announcement.edition or one.message is None or not one.reachable:
            continue
        payload = await say_edit(work, announcement, one.language, one.digits, one.message)
        if payload is None:
            continue
        _owe(work, announcement, one, f"e{announcement.edition}", payload)
        recipients.note_edition(work.tx, announcement.id, one.resident_id, announcement.edition)
        corrected += 1
    return announcement.model_copy(update={"corrected": announcement.corrected + corrected})


async def _take_back(work: Work, announcement: Announcement, having: Collection[Recipient]) -> Announcement:
    too_old = work.now - _DELETABLE_FOR + _DELETED_BY
    messages = await recipients.messages_of(work.tx, announcement.id, [one.resident_id for one in having])
    kept = 0
    for one in having:
        gone = one.message is None or one.sent_at is None or one.sent_at <= too_old or not one.reachable
        recipients.note_recall(work.tx, announcement.id, one.resident_id, kept=gone)
        kept += gone
        if gone or one.message is None:
            continue
        for message in messages.get(one.resident_id, ()):
            if message != one.message:
                _owe(work, announcement, one, f"r:{message}", deletion(message))
        _owe(work, announcement, one, "r", deletion(one.message))
    return announcement.model_copy(update={"kept": announcement.kept + kept})


def _owe(work: Work, announcement: Announcement, to: Recipient, part: str, payload: str) -> None:
    outbox.add(
        work.tx,
        channel=to.channel,
        chat=to.address,
        kind=OutboxKind.MESSAGE,
        payload=payload,
        urgency=BROADCAST,
        key=recipients.key(announcement.id, to.resident_id, part),
        subject=announcement_subject(announcement.id),
        resident=to.resident_id,
        at=work.now,
    )


# ---------------------------------------------------------------------------- how far it is


async def finish(work: Work, announcement: Announcement) -> Announcement:
    """Say that it is done, where nothing is left to do."""
    if announcement.still_counting and not _is_over(work, announcement):
        return announcement
    ending = _ENDS.get(announcement.status)
    if ending is None or announcement.walked_to is not None or await _is_left(work, announcement):
        return announcement
    later = 0
    if announcement.last is not None and not announcement.audience.test:
        later = await audiences.came_after(work.tx, announcement.audience, announcement.last, _NEWCOMERS_COUNTED)
    done = announcement.model_copy(update={"status": ending, "finished_at": work.now, "came_later": later})
    rows.advance(work.tx, done)
    audit.record(work.tx, work.now, CLOCK, f"announcement.{ending}", announcement_subject(done.id), f"to {done.sent}")
    await tell_progress(work, done)
    return done


_ENDS = {
    Status.SENDING: Status.SENT,
    Status.CORRECTING: Status.SENT,
    Status.RECALLING: Status.RECALLED,
    Status.CANCELLED: Status.CANCELLED,
}


async def _is_left(work: Work, announcement: Announcement) -> bool:
    waiting = await recipients.next_waiting(work.tx, announcement.id, announcement.fed_to, 1)
    return bool(waiting) or await recipients.is_under_way(work.tx, announcement.id)


async def report(work: Work, announcement: Announcement) -> Announcement:
    """Every few seconds, say how far it is and how fast it goes."""
    since = announcement.paced_at
    if since is not None and work.now - since < _PROGRESS_EVERY:
        return announcement
    seconds = (work.now - since).total_seconds() if since is not None else 0.0
    pace = (announcement.done - announcement.paced_done) / seconds if seconds else 0.0
    paced = announcement.model_copy(update={"pace": pace, "paced_at": work.now, "paced_done": announcement.done})
    rows.advance(work.tx, paced)
    if announcement.status is not Status.PAUSED:
        await tell_progress(work, paced)
    return paced


def deletion(message: MessageId) -> str:
    """What has a message taken away, as the outbox keeps it."""
    return f'{{"delete":"{message}"}}'
