"""Who did what, as those who have to account for it look it up. Each look and each export is in the audit itself."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Literal

from services.actors import (
    CLOCK,
    NO_SUBJECT,
    OFFICES_FILE,
    SYSTEM,
    Actor,
    Subject,
    booking_subject,
    case_subject,
    is_staff,
    office_subject,
    staff_actor,
    staff_address,
    staff_subject,
)
from services.casework.queries import midnight
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act, Person
from services.text.cells import neutral
from services.text.normalise import normalise
from services.text.references import parse_reference
from services.unit_of_work import Work
from storage import audit, audit_search, bookings, cases
from storage.audit_search import NEWEST, Entry, Place, Wanted
from storage.ids import OfficeId
from storage.records import Record

__all__ = ["MOST_IN_CHAT", "PAGE", "Entry", "Page", "Selection", "Turned", "csv_file", "look", "origin_of"]

#: Lines on one page, and in one file that is sent in a chat. The command line has no limit.
PAGE = 6
MOST_IN_CHAT = 5_000
_AT_ONCE = 500
_FIRST_DAY = date(2000, 1, 1)

Origin = Literal["chat", "console", "web", "bot"]


class Selection(Record):
    """Which lines somebody looks at: of one case or booking, or of one person, on some days (both included)."""

    subject: str = NO_SUBJECT
    reference: str = ""  # the subject as people call it
    actor: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def audited_as(self) -> tuple[Subject, str]:
        """What a look at these is about in the audit, and the days."""
        days = f"{self.since or ''}..{self.until or ''}"
        if self.subject:
            return Subject(self.subject), days
        if is_staff(self.actor):
            return staff_subject(staff_address(self.actor)), days
        return office_subject(EVERY_OFFICE), f"{self.actor} {days}".strip()


class Turned(Enum):
    """Which page is wanted, as seen from a line."""

    OLDER = 0
    NEWER = 1


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, the newest first, and the lines from which the pages beside it go on; None where there is none."""

    entries: tuple[Entry, ...]
    newer: int | None
    older: int | None


# ---------------------------------------------------------------------------- what to look for


async def subject_named(work: Work, text: str) -> Selection | None:
    """The lines of a reference that was typed; None where it is none of ours."""
    reference = parse_reference(text)
    if reference is None:
        return None
    case = await cases.by_reference(work.tx, reference)
    if case is not None:
        return Selection(subject=case_subject(case.id), reference=reference)
    booking = await bookings.by_reference(work.tx, reference)
    return None if booking is None else Selection(subject=booking_subject(booking.id), reference=reference)


def people_named(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The actors that a name, a number or an actor's own name means, in order of their names."""
    typed = normalise(text)
    if text in {CLOCK, SYSTEM, OFFICES_FILE} or text.startswith(("console", "staff:")):
        return (text,)
    found = [(name, actor) for actor, name in names.items() if typed in normalise(name)]
    if not found and text.isdecimal():
        return (staff_actor(text),)
    return tuple(actor for _, actor in sorted(found))


# ---------------------------------------------------------------------------- looking


async def look(work: Work, person: Person, selection: Selection, line: int, turned: Turned) -> Page | None:
    """A page of the lines older or newer than a line; 0 is the newest page. None where the person may not.

    Who administers some offices sees what is about these alone.
    """
    scope = await _offices(work, person, selection)
    if scope is None:
        return None
    wanted = _wanted(work, selection, scope.offices)

    async def read(reading: Work) -> Page:
        return await _page(reading, wanted, line, turned)

    found = await work.look_up(("audit", wanted, line, turned), read)
    _record(work, person, "audit.look", selection)
    return found


async def _page(work: Work, wanted: Wanted, line: int, turned: Turned) -> Page:
    place = (await audit_search.place_of(work.tx, line) if line else None) or NEWEST
    back = turned is Turned.OLDER or place == NEWEST
    look_on = audit_search.older if back else audit_search.newer
    found = await look_on(work.tx, wanted, place, PAGE + 1)
    shown = found.entries[:PAGE]
    further = shown[-1].id if len(found.entries) > PAGE else None if found.rest is None else found.rest[1]
    if back:
        return Page(tuple(shown), None if place == NEWEST else _first(shown, line), further)
    return Page(tuple(reversed(shown)), further, _first(shown, line))


def _first(shown: Sequence[Entry], line: int) -> int:
    """Where the way back begins: with what is shown, or where nothing is, with the line from which it was looked."""
    return shown[0].id if shown else line


@dataclass(frozen=True, slots=True)
class _Scope:
    offices: tuple[OfficeId, ...] | None  # None is all there is


async def _offices(work: Work, person: Person, selection: Selection) -> _Scope | None:
    """Of which offices the person may see the audit; a refusal is written down."""
    found = await permissions.member(work, person)
    if found is not None and found.may(Act.AUDIT, EVERY_OFFICE):
        return _Scope(None)
    offices = () if found is None else found.offices(Act.AUDIT, [office.id for office in work.offices.all])
    if offices:
        return _Scope(offices)
    permissions.deny(work, person, Act.AUDIT, selection.audited_as[0])
    return None


def _wanted(work: Work, selection: Selection, offices: tuple[OfficeId, ...] | None) -> Wanted:
    last = selection.until or work.today
    return Wanted(
        since=midnight(work, selection.since or _FIRST_DAY),
        until=midnight(work, last + timedelta(days=1)),
        subject=selection.subject,
        actor=selection.actor,
        about=staff_subject(staff_address(selection.actor)) if is_staff(selection.actor) else "-",
        offices=offices,
    )


def _record(work: Work, person: Person, action: str, selection: Selection) -> None:
    subject, days = selection.audited_as
    audit.record(work.tx, work.now, person.actor, action, subject, days)


# ---------------------------------------------------------------------------- files

_COLUMNS = ("at", "who", "actor", "action", "reference", "subject", "detail", "from")


async def csv_file(work: Work, person: Person, selection: Selection) -> tuple[bytes, int, bool] | None:
    """The newest lines as a file, how many these are, and whether there were more. None where the person may not."""
    scope = await _offices(work, person, selection)
    if scope is None:
        return None
    wanted = _wanted(work, selection, scope.offices)
    names = await permissions.names(work)

    async def read(reading: Work) -> tuple[bytes, int, bool]:
        parts, count, more = [csv_head()], 0, False
        async for found in pages(reading, wanted):
            kept = found[: MOST_IN_CHAT - count]
            parts.append(csv_lines(kept, names))
            count, more = count + len(kept), len(kept) < len(found)
            if more:
                break
        return "".join(parts).encode("utf-8-sig"), count, more  # the mark lets Excel read Arabic

    made = await work.look_up(("audit file", wanted), read)
    _record(work, person, "audit.export", selection)
    return made


async def export_lines(work: Work, selection: Selection) -> AsyncIterator[str]:
    """All lines as parts of a CSV file, for the command line. That it was written is for the caller to record."""
    names = await permissions.names(work)
    yield csv_head()
    async for found in pages(work, _wanted(work, selection, None)):
        yield csv_lines(found, names)


def record_export(work: Work, actor: Actor, selection: Selection) -> None:
    """An operator wrote the lines into a file."""
    subject, days = selection.audited_as
    audit.record(work.tx, work.now, actor, "audit.export", subject, days)


async def pages(work: Work, wanted: Wanted) -> AsyncIterator[list[Entry]]:
    """All lines, the newest first, some hundred at a time."""
    place: Place | None = NEWEST
    while place is not None:
        found = await audit_search.older(work.tx, wanted, place, _AT_ONCE)
        yield found.entries
        place = found.rest


def csv_head() -> str:
    return _csv([_COLUMNS])


def csv_lines(entries: Iterable[Entry], names: Mapping[str, str]) -> str:
    return _csv(
        (
            entry.at.isoformat(timespec="seconds"),
            names.get(entry.actor, ""),
            entry.actor,
            entry.action,
            entry.reference,
            entry.subject,
            entry.detail,
            origin_of(entry),
        )
        for entry in entries
    )


def _csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue()


def origin_of(entry: Entry) -> Origin:
    """From where it was done: what the line says, else what its actor says."""
    match entry.origin:
        case "chat" | "console" | "web" | "bot" as said:
            return said
    if entry.actor.startswith("console"):
        return "console"
    return "bot" if entry.actor in {CLOCK, SYSTEM, OFFICES_FILE} else "chat"
