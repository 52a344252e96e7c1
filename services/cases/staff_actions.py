"""What staff do with a case. Every function is one move of the table in `services.cases.workflow`.

`version` is the one the actor saw on the card; the second of two who act on the same card gets `Stale`, with
the case as the first one left it.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.actors import SYSTEM, Actor, case_subject
from services.cases import workflow
from services.cases.event_details import SameAs, ToBody, ToCategory, ToOffice, ToOwner, ToPriority
from services.cases.targets import deadlines
from services.cases.updates import tell_staff
from services.cases.workflow import ENDED, OPEN, Move, Moved, NotAllowed, Stale, Step, can
from services.unit_of_work import Work
from storage import audit
from storage import cases as rows
from storage.ids import CaseId, CategoryId, FileId, OfficeId, Reference
from storage.records import Case, CaseStatus, Outcome

__all__ = [
    "ENDED",
    "OPEN",
    "STAFF_MOVES",
    "Contact",
    "Move",
    "NotAllowed",
    "Stale",
    "apply",
    "ask",
    "assign",
    "can",
    "contact",
    "escalate",
    "handed_on",
    "mark_duplicate",
    "note",
    "outside_remit",
    "recategorise",
    "refer",
    "reject",
    "reply",
    "resolve",
    "set_priority",
    "start_work",
    "take_up",
    "transfer",
]

Result = Case | Stale | NotAllowed


# ---------------------------------------------------------------------------- working on it


async def take_up(work: Work, case_id: CaseId, actor: Actor, version: int | None = None) -> Result:
    """Claim a case: it is under review, and theirs. Whoever comes second learns who was first, or who was chosen."""
    case = await rows.lock(work.tx, case_id)
    if case is not None and case.owner and case.status in OPEN:
        if case.owner != actor:
            return Stale(case)
        if case.status in {CaseStatus.UNDER_REVIEW, CaseStatus.IN_PROGRESS}:
            return case
    return await _move(work, case_id, Step(move=Move.TAKE_UP, actor=actor, version=version), owner=actor)


async def start_work(work: Work, case_id: CaseId, actor: Actor, version: int | None = None) -> Result:
    """Work has begun; a case without an owner becomes the actor's."""
    case = await rows.lock(work.tx, case_id)
    owner = case.owner if case is not None and case.owner else actor
    return await _move(work, case_id, Step(move=Move.START_WORK, actor=actor, version=version), owner=owner)


async def ask(
    work: Work, case_id: CaseId, actor: Actor, words: str, files: tuple[FileId, ...] = (), version: int | None = None
) -> Result:
    """Ask the resident; the targets' clock stands still until they answer."""
    return await _move(work, case_id, Step(move=Move.ASK, actor=actor, words=words, files=files, version=version))


async def reply(
    work: Work, case_id: CaseId, actor: Actor, words: str, files: tuple[FileId, ...] = (), version: int | None = None
) -> Result:
    """An official reply; the state stays as it is."""
    step = Step(move=Move.REPLY, actor=actor, words=words, files=files, version=version)
    return await _move(work, case_id, step)


async def note(work: Work, case_id: CaseId, actor: Actor, words: str, files: tuple[FileId, ...] = ()) -> Result:
    """A note among staff; the resident never sees it."""
    return await _move(work, case_id, Step(move=Move.NOTE, actor=actor, words=words, files=files))


async def assign(work: Work, case_id: CaseId, actor: Actor, owner: Actor, version: int | None = None) -> Result:
    """Somebody else is to deal with it."""
    step = Step(move=Move.ASSIGN, actor=actor, detail=ToOwner(owner), version=version)
    return await _move(work, case_id, step, owner=owner)


async def set_priority(work: Work, case_id: CaseId, actor: Actor, priority: int, version: int | None = None) -> Result:
    """How urgent it is; 0 is usual, more comes first."""
    step = Step(move=Move.SET_PRIORITY, actor=actor, detail=ToPriority(priority), version=version)
    return await _move(work, case_id, step, priority=priority)


async def escalate(work: Work, case_id: CaseId, actor: Actor, words: str = "", version: int | None = None) -> Result:
    """Bring it before those who lead: first among the office's cases, and its card shown again."""
    case = await rows.lock(work.tx, case_id)
    step = Step(move=Move.ESCALATE, actor=actor, words=words, version=version)
    moved = await workflow.make(work, case_id, step, priority=1 if case is None else case.priority + 1)
    if isinstance(moved, Moved):
        tell_staff(work, moved.case, moved.event)
    return _case(moved)


# ---------------------------------------------------------------------------- ending it


async def resolve(
    work: Work, case_id: CaseId, actor: Actor, words: str, files: tuple[FileId, ...] = (), version: int | None = None
) -> Result:
    """Propose to close it, with what was done and the photo that shows it. The resident has the last word."""
    case = await rows.lock(work.tx, case_id)
    step = Step(move=Move.RESOLVE, actor=actor, words=words, files=files, version=version)
    return await _move(
        work,
        case_id,
        step,
        resolved_at=work.now,
        round=1 if case is None else case.round + 1,
        outcome=Outcome.NONE,
    )


async def reject(
    work: Work, case_id: CaseId, actor: Actor, reason: str, files: tuple[FileId, ...] = (), version: int | None = None
) -> Result:
    """Nothing will be done, and why."""
    return await _move(work, case_id, Step(move=Move.REJECT, actor=actor, words=reason, files=files, version=version))


async def outside_remit(
    work: Work, case_id: CaseId, actor: Actor, body: str, words: str = "", version: int | None = None
) -> Result:
    """It is another body's, whose name and contact the resident gets (`body` is its id in the offices file)."""
    step = Step(move=Move.OUTSIDE_REMIT, actor=actor, words=words, detail=ToBody(body), version=version)
    return await _move(work, case_id, step, referred_to=body)


async def mark_duplicate(
    work: Work, case_id: CaseId, actor: Actor, of: Reference, version: int | None = None
) -> Result:
    """The same as an open case: the resident and all who joined this one follow that one from now on."""
    main = await rows.by_reference(work.tx, of)
    if main is not None and main.duplicate_of is not None:
        main = await rows.by_id(work.tx, main.duplicate_of)
    if main is None or main.id == case_id:
        return NotAllowed(None)
    for each in sorted((case_id, main.id)):  # in one order, so that two who mark each other's cases wait in line
        locked = await rows.lock(work.tx, each)
        main = locked if locked is not None and each == main.id else main
    if main.status in ENDED:
        return NotAllowed(main.status)
    step = Step(move=Move.MARK_DUPLICATE, actor=actor, detail=SameAs(main.reference), version=version)
    result = await _move(work, case_id, step, duplicate_of=main.id)
    if isinstance(result, Case):
        await rows.move_followers(work.tx, result, main, work.now)
        rows.point_duplicates(work.tx, result.id, main.id)
        rows.raise_priority(work.tx, main.id, work.now)
    return result


# ---------------------------------------------------------------------------- handing it on


async def refer(
    work: Work, case_id: CaseId, actor: Actor, body: str, external_reference: str = "", version: int | None = None
) -> Result:
    """Another body deals with it now (`body` is its id in the offices file), under its own reference if it gave one."""
    step = Step(move=Move.REFER, actor=actor, words=external_reference, detail=ToBody(body), version=version)
    return await _move(work, case_id, step, referred_to=body, external_reference=external_reference)


async def transfer(
    work: Work, case_id: CaseId, actor: Actor, office: OfficeId, reason: str, version: int | None = None
) -> Result:
    """Another office of ours takes it: new to them, with a triage target of its own; what was promised stays."""
    case = await rows.lock(work.tx, case_id)
    if case is None or case.office == office:
        return NotAllowed(None if case is None else case.status)
    step = Step(
        move=Move.TRANSFER,
        actor=actor,
        words=reason,
        detail=ToOffice(office),
        version=version,
        status=_fresh(case.status),
    )
    moved = await workflow.make(work, case_id, step, **await _as_theirs(work, case, office))
    if isinstance(moved, Moved):
        tell_staff(work, moved.case, moved.event)
    return _case(moved)


async def _as_theirs(work: Work, case: Case, office: OfficeId) -> dict[str, object]:
    """What changes of a case that becomes another office's."""
    due = await deadlines(work, office, case.category)
    asked = {"before_question": _fresh(case.before_question)} if case.before_question else {}
    return {"office": office, "owner": "", "triage_due": due.triage, **asked}


async def handed_on(work: Work, case: Case, move: Move, to: str) -> Case:
    """The case as `refer`, `outside_remit` or `transfer` to a body or an office would leave it: to be shown before."""
    if move is Move.TRANSFER:
        step = Step(move=move, actor=SYSTEM, detail=ToOffice(OfficeId(to)), status=_fresh(case.status))
        return await workflow.foreseen(work, case, step, **await _as_theirs(work, case, OfficeId(to)))
    return await workflow.foreseen(work, case, Step(move=move, actor=SYSTEM, detail=ToBody(to)), referred_to=to)


def _fresh(status: CaseStatus) -> CaseStatus:
    """As a state looks to an office that has it for the first time."""
    kept = {CaseStatus.AWAITING_RESIDENT, CaseStatus.REOPENED}
    return status if status in kept or status not in OPEN else CaseStatus.RECEIVED


async def recategorise(
    work: Work, case_id: CaseId, actor: Actor, category: CategoryId, version: int | None = None
) -> Result:
    """It is about something else; what was promised stays."""
    step = Step(move=Move.RECATEGORISE, actor=actor, detail=ToCategory(category), version=version)
    return await _move(work, case_id, step, category=category)


# ---------------------------------------------------------------------------- whose it is


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach whom a case is from, and whether they asked not to be named."""

    name: str
    phone: str
    anonymous: bool


async def contact(work: Work, case_id: CaseId, actor: Actor) -> Contact | None:
    """Name and phone, for a member of staff who asks for them: it is written down that they did."""
    case = await rows.by_id(work.tx, case_id)
    if case is None:
        return None
    audit.record(work.tx, work.now, actor, "case.contact", case_subject(case_id))
    return Contact(case.name, case.phone, case.anonymous)


# ---------------------------------------------------------------------------- from the command line

#: The moves that need no more than words.
STAFF_MOVES = (
    Move.TAKE_UP,
    Move.START_WORK,
    Move.ASK,
    Move.REPLY,
    Move.NOTE,
    Move.RESOLVE,
    Move.REJECT,
    Move.ESCALATE,
    Move.REFER,
    Move.OUTSIDE_REMIT,
    Move.MARK_DUPLICATE,
    Move.TRANSFER,
    Move.RECATEGORISE,
    Move.ASSIGN,
    Move.SET_PRIORITY,
)


async def apply(work: Work, reference: Reference, move: str, words: str, actor: Actor) -> Result:
    """A move by its name. For those that name a body, an office, a category, an owner or a case, the first of the
    words is that name. Raises ValueError for an unknown move or name, saying which there are.
    """
    known = Move(move) if move in {known.value for known in STAFF_MOVES} else None
    if known is None:
        raise ValueError(f"no move {move!r}; there are: {', '.join(STAFF_MOVES)}")
    case = await rows.by_reference(work.tx, reference)
    if case is None:
        return NotAllowed(None)
    name, _, rest = words.partition(" ")
    _check_name(work, known, name)
    match known:
        case Move.TAKE_UP:
            return await take_up(work, case.id, actor)
        case Move.START_WORK:
            return await start_work(work, case.id, actor)
        case Move.ASK:
            return await ask(work, case.id, actor, words)
        case Move.REPLY:
            return await reply(work, case.id, actor, words)
        case Move.NOTE:
            return await note(work, case.id, actor, words)
        case Move.RESOLVE:
            return await resolve(work, case.id, actor, words)
        case Move.REJECT:
            return await reject(work, case.id, actor, words)
        case Move.ESCALATE:
            return await escalate(work, case.id, actor, words)
        case _:
            return await _apply_named(work, case, known, name, rest.strip(), actor)


async def _apply_named(work: Work, case: Case, move: Move, name: str, rest: str, actor: Actor) -> Result:
    match move:
        case Move.REFER:
            return await refer(work, case.id, actor, name, rest)
        case Move.OUTSIDE_REMIT:
            return await outside_remit(work, case.id, actor, name, rest)
        case Move.MARK_DUPLICATE:
            return await mark_duplicate(work, case.id, actor, Reference(name))
        case Move.TRANSFER:
            return await transfer(work, case.id, actor, OfficeId(name), rest)
        case Move.RECATEGORISE:
            return await recategorise(work, case.id, actor, CategoryId(name))
        case Move.ASSIGN:
            return await assign(work, case.id, actor, Actor(name))
        case _:
            return await set_priority(work, case.id, actor, int(name))


def _check_name(work: Work, move: Move, name: str) -> None:
    known: dict[Move, set[str]] = {
        Move.REFER: set(work.offices.other_bodies),
        Move.OUTSIDE_REMIT: set(work.offices.other_bodies),
        Move.TRANSFER: {office.id for office in work.offices.all},
        Move.RECATEGORISE: {category.id for category in work.offices.categories},
    }
    if move in known and name not in known[move]:
        raise ValueError(f"no {name!r} to {move} to; there are: {', '.join(sorted(known[move]))}")
    if move is Move.SET_PRIORITY and not name.isdecimal():
        raise ValueError(f"a priority is a number, not {name!r}")


# ---------------------------------------------------------------------------- inside


async def _move(work: Work, case_id: CaseId, step: Step, **changes: object) -> Result:
    return _case(await workflow.make(work, case_id, step, **changes))


def _case(outcome: Moved | Stale | NotAllowed) -> Result:
    return outcome.case if isinstance(outcome, Moved) else outcome
