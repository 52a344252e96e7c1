"""What staff look up: queues, single cases, searches, the day, who looked at what. Each checks who may.

`here` is everywhere the offices that are asked about: those whose chat it is, or all of them in a private chat. Of
these a member sees the ones where they have the right; None is the answer to whoever has it at none of them, and it
is written to the audit that they tried.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.actors import booking_subject, case_subject, office_subject, offices_subject
from services.bookings import bookings
from services.cases import resident_actions, search_index
from services.dangers import alerts
from services.staff import permissions
from services.staff.permissions import Act, Member, Person
from services.text.normalise import latin_digits, normalise
from services.text.phones import parse_phone
from services.text.references import parse_reference
from services.unit_of_work import Work
from storage import audit, queues, search
from storage.audit import Look
from storage.bookings import WALK_IN
from storage.ids import CaseId, ChatId, ForumTopicId, OfficeId, Reference
from storage.queues import Counts, Which
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import Case
from storage.search import Hits

__all__ = ["Counts", "DayPage", "Found", "How", "Look", "QueuePage", "Today", "Which"]

#: Cases on one page of a queue, and in one answer to a search.
PAGE = 8
#: Lines of "who looked at what" that one message shows.
LOOKS = 30
# not a text: compared with what people type
_BLOCK = re.compile(r"(?:block|blk|مجمع)? ?(\d{3,4})")


async def offices_of_chat(work: Work, channel: str, chat: ChatId, topic: ForumTopicId | None) -> tuple[OfficeId, ...]:
    """The offices whose team works in a group: those of the topic, else all of the group."""
    found = [await permissions.chat_of(work, office.id) for office in work.offices.offices_by_id.values()]
    here = [one for one in found if one is not None and (one.channel, one.chat) == (channel, chat)]
    of_topic = [one for one in here if one.topic == topic]
    return tuple(one.office for one in of_topic or here)


async def _allowed(
    work: Work, person: Person, act: Act, here: Collection[OfficeId]
) -> tuple[Member, tuple[OfficeId, ...]] | None:
    member = await permissions.member(work, person)
    offices = () if member is None else member.offices(act, here)
    if member is None or not offices:
        permissions.deny(work, person, act, offices_subject(here))
        return None
    return member, offices


# ---------------------------------------------------------------------------- queues


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of a queue: of `pages`, the first is 1."""

    which: Which
    offices: tuple[OfficeId, ...]
    cases: tuple[Case, ...]
    total: int
    page: int
    pages: int
    untaken: tuple[Case, ...] = ()  # on the first page: they tell of a danger that nobody has taken


async def queue(work: Work, person: Person, here: Collection[OfficeId], which: Which, page: int) -> QueuePage | None:
    """Open cases, the most urgent first. A page beyond the last is the last."""
    allowed = await _allowed(work, person, Act.READ, here)
    if allowed is None:
        return None
    _, offices = allowed
    shown = await work.look_up(
        ("queue", offices, which, page),
        lambda reading: _turned(lambda page: _page(reading, offices, which, person, page), page),
    )
    untaken = await alerts.untaken_at(work, offices) if shown.page == 1 else ()
    return QueuePage(which, offices, shown.cases, shown.total, shown.page, shown.pages, untaken)


class _Shown(NamedTuple):
    cases: tuple[Case, ...]
    total: int
    page: int
    pages: int
    more: bool


async def _turned(fetch: Callable[[int], Awaitable[Hits]], page: int) -> _Shown:
    """A page of what `fetch` finds, of which it also says how much there is; beyond the last it is the last."""
    page = max(page, 1)
    found = await fetch(page)
    if not found.cases and page > 1:
        page = _pages((await fetch(1)).total)
        found = await fetch(page)
    return _Shown(tuple(found.cases), found.total, page, _pages(found.total), found.more)


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE))


async def _page(work: Work, offices: Collection[OfficeId], which: Which, person: Person, page: int) -> Hits:
    found, total = await queues.page(
        work.tx,
        which,
        offices,
        actor=person.actor,
        now=work.now,
        tonight=midnight(work, work.today + timedelta(days=1)),
        limit=PAGE,
        offset=(page - 1) * PAGE,
    )
    return Hits(found, total)


def midnight(work: Work, day: date) -> datetime:
    """The beginning of a day in Bahrain."""
    return datetime.combine(day, time(), tzinfo=work.offices.zone)


# ---------------------------------------------------------------------------- searches


class How(StrEnum):
    """What a search went by."""

    REFERENCE = "reference"
    PHONE = "phone"
    BLOCK = "block"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the cases that were found: what fits best first, then what is open, then the newest."""

    how: How
    cases: tuple[Case, ...] = ()
    total: int = 0  # of the cases
    page: int = 1
    pages: int = 1
    more: bool = False  # there are more than were looked at: the newest
    bookings: tuple[Booking, ...] = ()  # below the cases


async def case(work: Work, person: Person, here: Collection[OfficeId], text: str) -> Case | None:
    """The case of a reference. None where there is none at these offices, or they may not see it."""
    reference = parse_reference(text)
    found = await resident_actions.by_reference(work, reference) if reference else None
    if found is None or found.office not in here:
        return None
    return found if await permissions.guard(work, person, Act.READ, found.office, case_subject(found.id)) else None


async def find(work: Work, person: Person, here: Collection[OfficeId], text: str, page: int = 1) -> Found | None:
    """Cases by a reference, a phone number, a block, or by words, however they are spelt.

    A page beyond the last is the last. Only who may see numbers may search by one. That they did, and what it found,
    is written down.
    """
    allowed = await _allowed(work, person, Act.READ, here)
    if allowed is None:
        return None
    _, offices = allowed
    if (reference := parse_reference(text)) is not None:
        return await _by_reference(work, offices, reference)
    bare = normalise(text)
    if (block := _BLOCK.fullmatch(bare)) is not None:
        wanted = int(block[1])
        return await work.look_up(
            ("block", offices, wanted, page),
            lambda reading: _found(How.BLOCK, lambda at: search.by_block(reading.tx, offices, wanted, PAGE, at), page),
        )
    if not any(letter.isalpha() for letter in bare) and (phone := parse_phone(latin_digits(text))) is not None:
        return await _by_phone(work, person, here, phone, page)
    words = search_index.asked(text)
    if not words:
        return Found(How.WORDS)
    return await work.look_up(
        ("words", offices, tuple(words), page),
        lambda reading: _found(How.WORDS, lambda at: search.by_words(reading.tx, offices, words, PAGE, at), page),
    )


async def find_number_of(
    work: Work, person: Person, here: Collection[OfficeId], case_id: CaseId, page: int
) -> Found | None:
    """Another page of a search by a number, which is named by a case that the search has found."""
    allowed = await _allowed(work, person, Act.SEE_CONTACT, here)
    if allowed is None:
        return None
    named = await resident_actions.by_id(work, case_id)
    if named is None or named.office not in allowed[1] or named.anonymous or not named.phone:
        return Found(How.PHONE)
    return await _by_phone(work, person, here, named.phone, page)


async def _found(how: How, fetch: Callable[[int], Awaitable[Hits]], page: int) -> Found:
    """A page of what `fetch` finds from a place on."""
    shown = await _turned(lambda page: fetch((page - 1) * PAGE), page)
    return Found(how, shown.cases, shown.total, shown.page, shown.pages, shown.more)


async def _by_reference(work: Work, offices: Collection[OfficeId], reference: Reference) -> Found:
    if reference.startswith("B"):
        booking = await bookings.by_reference(work, reference)
        return Found(How.REFERENCE, bookings=(booking,) if booking and booking.office in offices else ())
    case_ = await resident_actions.by_reference(work, reference)
    return Found(How.REFERENCE, (case_,), 1) if case_ and case_.office in offices else Found(How.REFERENCE)


async def _by_phone(work: Work, person: Person, here: Collection[OfficeId], phone: str, page: int) -> Found | None:
    allowed = await _allowed(work, person, Act.SEE_CONTACT, here)
    if allowed is None:
        return None
    _, offices = allowed

    async def look(reading: Work) -> tuple[Found, list[Booking]]:
        found = await _found(How.PHONE, lambda at: search.by_phone(reading.tx, offices, phone, PAGE, at), page)
        return found, await search.bookings_by_phone(reading.tx, offices, phone, PAGE)

    found, booked = await work.look_up(("phone", offices, phone, page), look)
    for office in offices if len(offices) < 3 else (permissions.EVERY_OFFICE,):
        audit.record(work.tx, work.now, person.actor, "search.phone", office_subject(office))
    for one in found.cases:
        audit.record(work.tx, work.now, person.actor, "case.found", case_subject(one.id))
    for booking in booked:
        audit.record(work.tx, work.now, person.actor, "booking.found", booking_subject(booking.id))
    return replace(found, bookings=tuple(booked))


# ---------------------------------------------------------------------------- the day


@dataclass(frozen=True, slots=True)
class Today:
    """An office's day: whom it expects, and what runs out."""

    office: OfficeId
    bookings: tuple[Booking, ...]
    due: tuple[Case, ...]  # as many as one answer shows
    counts: Counts

    @property
    def walk_ins(self) -> int:
        """How many of them came without an appointment."""
        return sum(booking.source == WALK_IN for booking in self.bookings)


async def today(work: Work, person: Person, here: Collection[OfficeId]) -> tuple[Today, ...] | None:
    """Today's appointments and what is due, of each office that has any."""
    allowed = await _allowed(work, person, Act.READ, here)
    if allowed is None:
        return None
    return await work.look_up(("today", allowed[1]), lambda reading: _days(reading, person, allowed[1]))


async def _days(work: Work, person: Person, offices: Collection[OfficeId]) -> tuple[Today, ...]:
    days = []
    for office in offices:
        due = (await _page(work, (office,), Which.DUE, person, 1)).cases
        expected = await queues.appointments(work.tx, office, work.today)
        day = Today(office, tuple(expected), tuple(due), await counts(work, office, midnight(work, work.today)))
        if day.bookings or day.counts.due or day.counts.overdue:
            days.append(day)
    return tuple(days)


@dataclass(frozen=True, slots=True)
class DayPage:
    """One page of a day's appointments, in the order of their times; the first is 1."""

    day: date
    bookings: tuple[Booking, ...]
    total: int
    page: int
    pages: int


async def day(work: Work, person: Person, here: Collection[OfficeId], day: date, page: int) -> DayPage | None:
    """Whom offices expect or have received on a day. A page beyond the last is the last."""
    allowed = await _allowed(work, person, Act.READ, here)
    if allowed is None:
        return None
    found = await work.look_up(("day", allowed[1], day), lambda reading: _of_day(reading, allowed[1], day))
    pages = _pages(len(found))
    page = min(max(page, 1), pages)
    return DayPage(day, found[(page - 1) * PAGE : page * PAGE], len(found), page, pages)


async def _of_day(work: Work, offices: Collection[OfficeId], day: date) -> tuple[Booking, ...]:
    found = [one for office in offices for one in await queues.appointments(work.tx, office, day)]
    return tuple(sorted(found, key=lambda one: (one.starts_at or work.now, one.id)))


async def week(
    work: Work, person: Person, here: Collection[OfficeId], first: date, last: date
) -> tuple[tuple[date, int], ...] | None:
    """How many appointments there are on each day that has any, from the first day to the last."""
    allowed = await _allowed(work, person, Act.READ, here)
    if allowed is None:
        return None
    return await work.look_up(
        ("week", allowed[1], first), lambda reading: queues.days_with_appointments(reading.tx, allowed[1], first, last)
    )


async def booking(work: Work, person: Person, here: Collection[OfficeId], text: str) -> Booking | None:
    """The appointment of a reference. None where there is none at these offices, or they may not see it."""
    reference = parse_reference(text)
    found = await booking_to_show(work, reference) if reference else None
    if found is None or found.office not in here:
        return None
    return found if await permissions.guard(work, person, Act.READ, found.office, booking_subject(found.id)) else None


async def booking_to_show(work: Work, reference: Reference) -> Booking | None:
    """The appointment of a reference, of whatever office: for staff. A seat that is only held is none yet."""
    found = await bookings.by_reference(work, reference)
    return None if found is None or found.status is BookingStatus.HELD else found


async def counts(work: Work, office: OfficeId, since: datetime) -> Counts:
    """How an office's cases stand; `new` are those filed since a moment."""
    tonight = midnight(work, work.today + timedelta(days=1))
    return await queues.counts(work.tx, office, since=since, now=work.now, tonight=tonight)


# ---------------------------------------------------------------------------- who looked at what


async def access_log(
    work: Work, person: Person, here: Collection[OfficeId], days: int
) -> tuple[tuple[Look, ...], bool] | None:
    """Who saw names and numbers today (1) or on the last `days` days, the newest first; whether there were more."""
    allowed = await _allowed(work, person, Act.LOOKED, here)
    if allowed is None:
        return None
    since = midnight(work, work.today - timedelta(days=days - 1))
    found = await work.look_up(
        ("access log", allowed[1], days), lambda reading: audit.access_log(reading.tx, allowed[1], since, LOOKS + 1)
    )
    return tuple(found[:LOOKS]), len(found) > LOOKS
