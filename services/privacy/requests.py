"""Requests about people's own data, against the time that the law gives: ten working days (Law 30/2018).

What somebody asks the bot, it does at once. What they ask by other ways, staff record and do by hand; and where a
channel does not let us take a message back, somebody has to delete it. Nothing here says who asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.actors import Subject, office_subject
from services.bookings.schedule import closures_between
from services.privacy import by_hand as messages
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act, Person
from services.unit_of_work import Work
from storage import audit, messages_by_hand, privacy_desk
from storage.ids import OfficeId
from storage.privacy_desk import Consents, Erased, PrivacyRequest, RequestCounts, RequestKind, RequestSource

__all__ = [
    "LIMIT",
    "Consents",
    "Desk",
    "Erased",
    "Left",
    "PrivacyRequest",
    "RequestCounts",
    "RequestKind",
    "RequestSource",
]

#: Working days within which the law wants an answer.
LIMIT = 10
#: How far back the desk looks.
PERIOD = timedelta(days=90)
MONTHS = 6
_SHOWN = 6
_LEFT_SHOWN = 5


async def due_day(work: Work) -> date:
    """The last day on which a request that is made now is answered in time."""
    closures = await closures_between(work, work.today, work.today + timedelta(days=60))
    everywhere = [one for one in closures if one.office is None]
    return work.calendar.add_working_days(EVERY_OFFICE, work.now, LIMIT, everywhere)


async def done_at_once(work: Work, kind: RequestKind) -> None:
    """Somebody asked the bot, and has it."""
    await privacy_desk.add_request(work.tx, kind, RequestSource.CHAT, work.now, await due_day(work), work.now)


async def erasure(work: Work, keys: Collection[str], *, by_hand: bool = False) -> int:
    """Somebody had themselves erased. It is done when the messages with these keys are taken back in staff chats.

    And where people have to delete some `by_hand`, when they have. Returns the request's number.
    """
    done_at = None if keys or by_hand else work.now
    made = await privacy_desk.add_request(
        work.tx, RequestKind.ERASURE, RequestSource.CHAT, work.now, await due_day(work), done_at
    )
    privacy_desk.wait_for(work.tx, made.id, keys)
    return made.id


async def run_due(work: Work, limit: int) -> int:
    """Close the erasures whose messages have been taken back; what could not be is left for somebody to do."""
    found = await privacy_desk.erasures_under_way(work.tx, limit)
    for one in found:
        left = await messages.leave(work, one.id)
        if left:
            privacy_desk.leave_over(work.tx, one.id, left)
        else:
            await privacy_desk.finish(work.tx, one.id, max(one.made_at, one.last_at or work.now))
    return len(found) + await messages.run_due(work, limit)


# ---------------------------------------------------------------------------- the desk


@dataclass(frozen=True, slots=True)
class Left:
    """A message that somebody has to delete: in the group of which offices, and when it was sent there."""

    offices: tuple[OfficeId, ...]
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Desk:
    """How it stands: what waits for people, the newest requests, and the counts of a period."""

    by_hand: tuple[PrivacyRequest, ...]
    latest: tuple[PrivacyRequest, ...]
    counts: tuple[RequestCounts, ...]
    left: Mapping[int, tuple[Left, ...]]  # by request by hand: what the channel would not take back


async def desk(work: Work, person: Person) -> Desk | None:
    """The requests; None where the person may not see them."""
    if await _may(work, person) is None:
        return None
    since = work.now - PERIOD

    async def read(reading: Work) -> Desk:
        by_hand = await privacy_desk.by_hand(reading.tx, _SHOWN)
        return Desk(
            tuple(by_hand),
            tuple(await privacy_desk.latest(reading.tx, since, _SHOWN)),
            tuple(await privacy_desk.count_requests(reading.tx, since)),
            {one.id: await _left(reading, one.id) for one in by_hand if one.left_over},
        )

    found = await work.look_up("privacy desk", read)
    _record(work, person, "privacy.look")
    return found


async def _left(work: Work, request: int) -> tuple[Left, ...]:
    found = await messages_by_hand.of_request(work.tx, request, _LEFT_SHOWN)
    return tuple([Left(await permissions.offices_in(work, one.channel, one.chat), one.sent_at) for one in found])


async def record_request(work: Work, person: Person, kind: RequestKind) -> PrivacyRequest | None:
    """Somebody asked in person, by phone or by letter. None where the person may not record it."""
    if await _may(work, person) is None:
        return None
    made = await privacy_desk.add_request(work.tx, kind, RequestSource.STAFF, work.now, await due_day(work), None)
    _record(work, person, "privacy.request", f"{kind} {made.id}")
    return made


@dataclass(frozen=True, slots=True)
class Finished:
    """A request that is done; `now` where it was this that did it, and nobody before."""

    request: PrivacyRequest
    now: bool


async def finish(work: Work, person: Person, request: int) -> Finished | None:
    """A request was done by hand. None where the person may not say so, or there is no such request by hand."""
    if await _may(work, person) is None:
        return None
    found = await privacy_desk.by_id(work.tx, request)
    if found is None or (found.source is RequestSource.CHAT and not found.left_over):
        return None
    done = await privacy_desk.finish(work.tx, request, max(work.now, found.made_at))
    if done is None:
        return Finished(await privacy_desk.by_id(work.tx, request) or found, now=False)
    messages.let_go(work, request, person)
    _record(work, person, "privacy.done", f"{done.kind} {done.id}")
    return Finished(done, now=True)


async def erased(work: Work, person: Person, days: int) -> tuple[Erased, ...] | None:
    """What retention erased on the last days, by step."""
    if await _may(work, person) is None:
        return None
    first = work.today - timedelta(days=days - 1)

    async def read(reading: Work) -> tuple[Erased, ...]:
        return tuple(await privacy_desk.erased_since(reading.tx, first))

    found = await work.look_up(("erased", first), read)
    _record(work, person, "privacy.look")
    return found


async def consents(work: Work, person: Person) -> tuple[Consents, ...] | None:
    """Consents of the last months, by language, the newest month first."""
    if await _may(work, person) is None:
        return None
    first = work.today.replace(day=1)
    for _ in range(MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)

    async def read(reading: Work) -> tuple[Consents, ...]:
        return tuple(await privacy_desk.consents_since(reading.tx, f"{first:%Y-%m}"))

    found = await work.look_up(("consents", first), read)
    _record(work, person, "privacy.look")
    return found


async def _may(work: Work, person: Person) -> permissions.Member | None:
    return await permissions.guard(work, person, Act.PRIVACY, EVERY_OFFICE)


def _record(work: Work, person: Person, action: str, detail: str = "") -> None:
    subject: Subject = office_subject(EVERY_OFFICE)
    audit.record(work.tx, work.now, person.actor, action, subject, detail)
