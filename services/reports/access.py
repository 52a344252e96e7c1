"""Who is shown a report, and how much of it: where somebody asks decides it as much as who they are.

Everybody who leads an office or watches over it may see its figures. Whoever may not see names and numbers is shown
sums only: no comment, no count that could be a single case. In a council's chat and in the ministry's nobody is shown
more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from services.actors import offices_subject
from services.casework import queries
from services.reports import counting
from services.reports.figures import Report, Scope
from services.staff import permissions
from services.staff.permissions import TELEGRAM, Act, Person
from services.unit_of_work import Work
from storage import audit
from storage import staff as staff_rows
from storage.ids import ChatId, ForumTopicId, OfficeId


class Place(Enum):
    """Where a report is shown."""

    PRIVATE = auto()
    OFFICE = auto()  # the group of an office's team
    COUNCIL = auto()  # the chat of the council that watches over an office
    MINISTRY = auto()


@dataclass(frozen=True, slots=True)
class Where:
    """A place and the offices that can be spoken of there."""

    place: Place
    offices: tuple[OfficeId, ...]


@dataclass(frozen=True, slots=True)
class View:
    """How much is shown."""

    whole: bool = False  # also counts that could be single cases
    comments: bool = False
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as somebody may see it."""

    report: Report
    view: View


async def where(work: Work, channel: str, chat: ChatId, topic: ForumTopicId | None, *, group: bool) -> Where | None:
    """Which place a chat is; None for a group in which no report is shown."""
    everywhere = counting.everywhere(work)
    if not group:
        return Where(Place.PRIVATE, everywhere)
    offices = await queries.offices_of_chat(work, channel, chat, topic)
    if offices:
        return Where(Place.OFFICE, offices)
    if channel != TELEGRAM:
        return None
    watched = [
        office.id
        for office in work.offices.offices_by_id.values()
        if office.council_chat and await _now_at(work, office.council_chat) == chat
    ]
    if watched:
        return Where(Place.COUNCIL, tuple(watched))
    ministry = work.offices.ministry_chat
    return Where(Place.MINISTRY, everywhere) if ministry and await _now_at(work, ministry) == chat else None


async def _now_at(work: Work, chat: ChatId) -> ChatId:
    """Where a group is by now: it may have become a supergroup."""
    return await staff_rows.moved_to(work.tx, TELEGRAM, chat)


async def allowed(work: Work, person: Person, place: Where) -> tuple[OfficeId, ...]:
    """The offices whose figures somebody may see here."""
    found = await permissions.member(work, person)
    return () if found is None else found.offices(Act.REPORT, place.offices)


async def view(work: Work, person: Person, place: Place, offices: Collection[OfficeId]) -> View:
    """How much somebody is shown there of these offices."""
    found = await permissions.member(work, person)
    if found is None or place in {Place.COUNCIL, Place.MINISTRY}:
        return View()
    whole = all(found.may(Act.SEE_CONTACT, office) for office in offices)
    # In a group the members read along whose load it is.
    leads = place is Place.PRIVATE and all(found.may(Act.ASSIGN, office) for office in offices)
    return View(whole=whole, comments=whole, staff=whole and leads)


async def read(work: Work, person: Person, place: Where, scope: Scope, *, quote: bool = False) -> Shown | None:
    """The report of a scope, as somebody may see it here; with `quote` also what people wrote, where they may see it.

    None, and a line in the audit, where they may not.
    """
    may = await allowed(work, person, place)
    if not scope.offices or not set(scope.offices) <= set(may):
        permissions.deny(work, person, Act.REPORT, offices_subject(scope.offices))
        return None
    shown = await view(work, person, place.place, scope.offices)
    quote = quote and shown.comments
    report = await counted(work, scope, shown, quote=quote)
    period = f"{scope.period.first} to {scope.period.last}"
    action = "report.comments" if quote else "report.read"
    audit.record(work.tx, work.now, person.actor, action, offices_subject(scope.offices), period)
    return Shown(report, shown)


async def counted(work: Work, scope: Scope, shown: View = View(), *, quote: bool = False) -> Report:
    """The figures, read outside the transaction."""
    return await work.look_up(
        ("report", scope, shown, quote),
        lambda reading: counting.count(reading, scope, staff=shown.staff, comments=quote),
    )
