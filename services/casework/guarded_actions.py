"""What a member of staff does with a case: who may is checked here, each time, and written down where they may not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from services import residents
from services.actors import Actor, case_subject, staff_actor
from services.cases import resident_actions, staff_actions
from services.cases.staff_actions import Contact, NotAllowed, Result
from services.cases.workflow import Move, can
from services.staff import permissions
from services.staff.permissions import Act, Member, Person
from services.unit_of_work import Work
from storage.ids import CaseId, CategoryId, FileId, OfficeId, Reference
from storage.records import Case

#: Who abuses the desk cannot submit for so long.
BARRED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Denied:
    """They may not, or there is no such case: neither is told from the other."""


async def allowed(work: Work, person: Person, act: Act, case_id: CaseId) -> tuple[Member, Case] | Denied:
    """The member and the case, where they may do it at the office that has the case."""
    case = await resident_actions.by_id(work, case_id)
    if case is None:
        permissions.deny(work, person, act, case_subject(case_id))
        return Denied()
    member = await permissions.guard(work, person, act, case.office, case_subject(case_id))
    return Denied() if member is None else (member, case)


async def _do(
    work: Work, person: Person, act: Act, case_id: CaseId, deed: Callable[[Actor, Case], Awaitable[Result]]
) -> Result | Denied:
    """The deed, done by the member (`actor`) on the case as it is, where they may."""
    found = await allowed(work, person, act, case_id)
    if isinstance(found, Denied):
        return found
    member, case = found
    return await deed(member.actor, case)


# ---------------------------------------------------------------------------- whose it is


async def claim(work: Work, person: Person, case_id: CaseId) -> Result | Denied:
    """Take a case. Of two who do at once, one does; the other gets `Stale` with the owner."""

    async def deed(actor: Actor, case: Case) -> Result:
        if case.owner == "" and can(case, Move.ASSIGN) and not can(case, Move.TAKE_UP):
            return await staff_actions.assign(work, case_id, actor, actor, case.version)
        return await staff_actions.take_up(work, case_id, actor)

    return await _do(work, person, Act.CLAIM, case_id, deed)


async def assign(work: Work, person: Person, case_id: CaseId, address: str, version: int) -> Result | Denied:
    """Somebody who works at the office is to deal with it."""

    async def deed(actor: Actor, case: Case) -> Result:
        if address not in {one.address for one in await permissions.can_claim(work, case.office)}:
            return NotAllowed(case.status)
        return await staff_actions.assign(work, case_id, actor, staff_actor(address), version)

    return await _do(work, person, Act.ASSIGN, case_id, deed)


# ---------------------------------------------------------------------------- words


async def ask(
    work: Work, person: Person, case_id: CaseId, words: str, files: tuple[FileId, ...] = ()
) -> Result | Denied:
    """A question to the resident."""
    return await _do(
        work, person, Act.ASK, case_id, lambda actor, _: staff_actions.ask(work, case_id, actor, words, files)
    )


async def reply(
    work: Work, person: Person, case_id: CaseId, words: str, files: tuple[FileId, ...] = ()
) -> Result | Denied:
    """An official reply."""
    return await _do(
        work, person, Act.REPLY, case_id, lambda actor, _: staff_actions.reply(work, case_id, actor, words, files)
    )


async def note(
    work: Work, person: Person, case_id: CaseId, words: str, files: tuple[FileId, ...] = ()
) -> Result | Denied:
    """A note among staff."""
    return await _do(
        work, person, Act.NOTE, case_id, lambda actor, _: staff_actions.note(work, case_id, actor, words, files)
    )


# ---------------------------------------------------------------------------- its state


async def start_work(work: Work, person: Person, case_id: CaseId, version: int) -> Result | Denied:
    """Work has begun."""
    return await _do(
        work, person, Act.STATUS, case_id, lambda actor, _: staff_actions.start_work(work, case_id, actor, version)
    )


async def resolve(
    work: Work, person: Person, case_id: CaseId, words: str, files: tuple[FileId, ...] = ()
) -> Result | Denied:
    """Propose to close it: what was done, and the photo that shows it."""
    return await _do(
        work, person, Act.STATUS, case_id, lambda actor, _: staff_actions.resolve(work, case_id, actor, words, files)
    )


async def reject(
    work: Work, person: Person, case_id: CaseId, reason: str, files: tuple[FileId, ...] = ()
) -> Result | Denied:
    """Close it without anything being done; the reason is told."""
    return await _do(
        work, person, Act.STATUS, case_id, lambda actor, _: staff_actions.reject(work, case_id, actor, reason, files)
    )


async def outside_remit(work: Work, person: Person, case_id: CaseId, body: str, version: int) -> Result | Denied:
    """It is another body's, which the resident is to turn to."""

    async def deed(actor: Actor, case: Case) -> Result:
        if body not in work.offices.other_bodies:
            return NotAllowed(case.status)
        return await staff_actions.outside_remit(work, case_id, actor, body, version=version)

    return await _do(work, person, Act.STATUS, case_id, deed)


async def recategorise(work: Work, person: Person, case_id: CaseId, category: str, version: int) -> Result | Denied:
    """It is about something else."""

    async def deed(actor: Actor, case: Case) -> Result:
        if work.offices.category(CategoryId(category)) is None:
            return NotAllowed(case.status)
        return await staff_actions.recategorise(work, case_id, actor, CategoryId(category), version)

    return await _do(work, person, Act.STATUS, case_id, deed)


async def mark_duplicate(work: Work, person: Person, case_id: CaseId, of: Reference) -> Result | Denied:
    """The same as an earlier case of an office where they may work too."""

    async def deed(actor: Actor, _: Case) -> Result:
        main = await resident_actions.by_reference(work, of)
        if main is not None and main.duplicate_of is not None:  # that is the one it will be joined with
            main = await resident_actions.by_id(work, main.duplicate_of)
        if (
            main is None
            or await permissions.guard(work, person, Act.STATUS, main.office, case_subject(main.id)) is None
        ):
            return NotAllowed(None)
        return await staff_actions.mark_duplicate(work, case_id, actor, of)

    return await _do(work, person, Act.STATUS, case_id, deed)


# ---------------------------------------------------------------------------- handing it on


async def refer(
    work: Work, person: Person, case_id: CaseId, body: str, external_reference: str = "", version: int | None = None
) -> Result | Denied:
    """Another body deals with it, under its own reference where that is known."""

    async def deed(actor: Actor, case: Case) -> Result:
        if body not in work.offices.other_bodies and not (body and body == case.referred_to):
            return NotAllowed(case.status)
        return await staff_actions.refer(work, case_id, actor, body, external_reference, version)

    return await _do(work, person, Act.REFER, case_id, deed)


async def transfer(
    work: Work, person: Person, case_id: CaseId, office: str, reason: str, version: int | None = None
) -> Result | Denied:
    """Another office takes it, with all that was said."""

    async def deed(actor: Actor, case: Case) -> Result:
        if office not in {known.id for known in work.offices.all}:
            return NotAllowed(case.status)
        return await staff_actions.transfer(work, case_id, actor, OfficeId(office), reason, version)

    return await _do(work, person, Act.TRANSFER, case_id, deed)


async def set_priority(work: Work, person: Person, case_id: CaseId, priority: int, version: int) -> Result | Denied:
    """0 is usual, more comes first."""
    level = min(max(priority, 0), 3)
    return await _do(
        work,
        person,
        Act.PRIORITY,
        case_id,
        lambda actor, _: staff_actions.set_priority(work, case_id, actor, level, version),
    )


async def escalate(work: Work, person: Person, case_id: CaseId, version: int) -> Result | Denied:
    """Bring it before those who lead."""
    return await _do(
        work,
        person,
        Act.ESCALATE,
        case_id,
        lambda actor, _: staff_actions.escalate(work, case_id, actor, version=version),
    )


# ---------------------------------------------------------------------------- people


async def contact(work: Work, person: Person, case_id: CaseId) -> Contact | Denied:
    """Name and phone; that they were looked at is written down."""
    found = await allowed(work, person, Act.SEE_CONTACT, case_id)
    if isinstance(found, Denied):
        return found
    shown = await staff_actions.contact(work, case_id, found[0].actor)
    return Denied() if shown is None else shown


async def mark_abuse(work: Work, person: Person, case_id: CaseId, reason: str) -> Result | Denied:
    """Close it, and keep whose it is from submitting for a month."""
    found = await allowed(work, person, Act.MARK_ABUSE, case_id)
    if isinstance(found, Denied):
        return found
    member, case = found
    closed = await staff_actions.reject(work, case_id, member.actor, reason)
    if isinstance(closed, Case):
        await residents.bar(work, case.resident_id, work.now + BARRED, reason, member.actor)
    return closed
