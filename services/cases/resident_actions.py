"""What residents do with cases: file them, look after them, add to them, take them back, have them opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from services.actors import SYSTEM, Actor, case_subject, is_resident, resident_actor
from services.cases import search_index, workflow
from services.cases.event_details import NO_DETAIL, EndedAs, OfQuestion, ToBody
from services.cases.public_view import public_view, seen_by_others
from services.cases.targets import deadlines
from services.cases.updates import show_card, tell_staff
from services.cases.workflow import ENDED, OPEN, REOPENABLE, Applied, NotAllowed, Stale, Transition, TransitionRequest
from services.dangers import alerts
from services.incidents import joining
from services.offices.offices import DangerId
from services.residents import is_barred
from services.staff import permissions
from services.text.references import new_reference
from services.unit_of_work import Work
from storage import audit
from storage import cases as rows
from storage import staff as staff_rows
from storage.ids import CaseId, CategoryId, FileId, OfficeId, Reference, ResidentId
from storage.records.cases import Case, CaseDraft, CaseEvent, CaseEventKind, CaseKind, CaseStatus, Outcome
from storage.records.files import FileRow
from storage.records.residents import Resident
from storage.residents import WALK_IN

__all__ = [
    "CASES_A_DAY",
    "ENDED",
    "OPEN",
    "Case",
    "CaseEvent",
    "CaseEventKind",
    "CaseKind",
    "CaseLine",
    "CaseStatus",
    "Closed",
    "NewCase",
    "NotAllowed",
    "Outcome",
    "Stale",
    "TooMany",
    "add_information",
    "begun_anew",
    "by_id",
    "by_reference",
    "confirm_fixed",
    "event_by_id",
    "file",
    "files_of",
    "history",
    "joiners",
    "of_resident",
    "open_of",
    "open_question",
    "own",
    "refusal",
    "reopen",
    "submit",
    "timeline",
    "withdraw",
]

#: More from one person on one day is not what the desk is for.
CASES_A_DAY = 10
#: How many of a person's cases a list shows.
LISTED = 50
#: How much of another's words a stranger sees.


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What a resident submits."""

    kind: CaseKind
    category: CategoryId
    office: OfficeId
    words: str
    files: tuple[FileId, ...] = ()
    block: int | None = None
    road: str = ""
    building: str = ""
    latitude: float | None = None
    longitude: float | None = None
    anonymous: bool = False
    name: str = ""
    phone: str = ""
    project: str = ""
    registration: str = ""
    source: str = ""
    danger: DangerId | None = None  # to somebody, now


@dataclass(frozen=True, slots=True)
class TooMany:
    """The resident may not submit before `until`: `limit` a day are used up, or (0) they are barred."""

    limit: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing can be added: the case has ended; None where there is no such case, or it is not theirs."""

    case: Case | None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a resident's list: their own, or another's that they joined."""

    case: Case
    followed: bool


# ---------------------------------------------------------------------------- filing


async def submit(work: Work, resident: Resident, new: NewCase) -> Case | TooMany:
    """File a case: a reference, targets, the first line of its history, a card for the staff.

    Where its category belongs to another body that takes referrals, it is referred there at once.
    """
    refused = await refusal(work, resident)
    return refused or await file(work, resident, new, resident_actor(resident.id))


async def file(work: Work, resident: Resident, new: NewCase, actor: Actor) -> Case:
    """File a case for somebody, however many they have: what `submit` does, and staff do for a caller."""
    case = await _file(work, resident, new)
    # Whoever joins sees what staff wrote. Of a caller's words they see what `seen_by_others` shows.
    words = case.words if actor == resident_actor(resident.id) else ""
    event = await rows.add_event(work.tx, case.id, work.now, actor, CaseEventKind.RECEIVED, public=True, words=words)
    rows.attach(work.tx, case.id, new.files, event.id)
    if case.status is CaseStatus.REFERRED:
        await rows.add_event(
            work.tx,
            case.id,
            work.now,
            SYSTEM,
            CaseEventKind.REFERRED,
            public=True,
            detail=ToBody(case.referred_to).stored,
        )
    search_index.write(work, case)
    audit.record(work.tx, work.now, actor, "case.submit", case_subject(case.id))
    # What is dangerous is looked at by itself, whatever else happens around it.
    if new.danger is not None or not await joining.join_new(work, case):
        show_card(work, case.id, case.office)
    if new.danger is not None:
        alerts.raise_alert(work, case, new.danger)
    return case


async def refusal(work: Work, resident: Resident) -> TooMany | None:
    """Why the resident may not submit now, and from when on they may; None where they may.

    For whom staff file there is no such limit.
    """
    if resident.channel == WALK_IN:
        return None
    if resident.blocked_until is not None and is_barred(resident, work.now):
        return TooMany(0, resident.blocked_until)
    midnight = datetime.combine(work.today, time(), tzinfo=work.offices.zone)
    if await rows.count_since(work.tx, resident.id, midnight) >= CASES_A_DAY:
        return TooMany(CASES_A_DAY, midnight + timedelta(days=1))
    return None


async def _file(work: Work, resident: Resident, new: NewCase) -> Case:
    category = work.offices.category(new.category)
    body = work.offices.body(category.owner) if category else None
    # Whose job something is can be answered here: a question is passed on by those who read it.
    referred = body is not None and body.refers and new.kind is not CaseKind.INQUIRY
    due = await deadlines(work, new.office, new.category, new.kind)
    while True:  # until a reference is free, which the first is but once in millions
        draft = CaseDraft(
            reference=new_reference("C", work.random),
            kind=new.kind,
            category=new.category,
            office=new.office,
            resident_id=resident.id,
            status=CaseStatus.REFERRED if referred else CaseStatus.RECEIVED,
            words=new.words,
            block=new.block,
            road=new.road,
            building=new.building,
            latitude=new.latitude,
            longitude=new.longitude,
            anonymous=new.anonymous,
            name=new.name,
            phone=new.phone,
            project=new.project,
            registration=new.registration,
            referred_to=body.id if body is not None and referred else "",
            source=new.source,
            created_at=work.now,
            updated_at=work.now,
            opened_at=work.now,
            triage_due=due.triage,
            update_due=due.update,
            close_due=due.close,
            priority=alerts.EMERGENCY if new.danger is not None else 0,
            paused_at=work.now if referred else None,
            look_at=None if referred else work.now,
        )
        case = await rows.add(work.tx, draft)
        if case is not None:
            return case


# ---------------------------------------------------------------------------- looking


async def of_resident(work: Work, resident_id: ResidentId) -> tuple[CaseLine, ...]:
    """A resident's cases and those they joined: the open first, then the newest."""
    found = await rows.of_resident(work.tx, resident_id, LISTED)
    lines = [CaseLine(public_view(case) if followed else case, followed) for case, followed in found]
    return tuple(sorted(lines, key=lambda line: line.case.status in ENDED))


async def open_of(work: Work, resident_id: ResidentId) -> tuple[Case, ...]:
    """A resident's own cases that have not ended, the newest first."""
    return tuple(await rows.open_of(work.tx, resident_id))


async def own(work: Work, reference: Reference, resident: Resident) -> Case | None:
    """A resident's own case, or one they joined (as strangers see it). Foreign and unknown are the same None."""
    return await _theirs(work, await rows.by_reference(work.tx, reference), resident)


async def by_reference(work: Work, reference: Reference) -> Case | None:
    """Whosoever's it is: for staff."""
    return await rows.by_reference(work.tx, reference)


async def by_id(work: Work, case_id: CaseId) -> Case | None:
    """Whosoever's it is: for staff and notices."""
    return await rows.by_id(work.tx, case_id)


async def event_by_id(work: Work, event_id: int) -> CaseEvent | None:
    return await rows.event(work.tx, event_id)


async def timeline(
    work: Work, case: Case, reader: ResidentId | None = None, language: str = ""
) -> tuple[CaseEvent, ...]:
    """What a case's residents may see of its history, the oldest first.

    What a resident wrote is shown to that `reader` alone; to the others it is an event without words. What was
    written in several languages is in `language`, where it is one of them.
    """
    mine = "" if reader is None else resident_actor(reader)
    public = [event for event in await rows.events(work.tx, case.id) if event.public]
    texts = await staff_rows.texts_of(work.tx, [event.id for event in public], language) if language else {}
    return tuple(
        event.model_copy(update={"words": texts.get(event.id, event.words)})
        if event.actor == mine or not is_resident(event.actor)
        else _without_words(event)
        for event in public
    )


async def history(work: Work, case: Case) -> tuple[CaseEvent, ...]:
    """All of a case's history, the internal too: for staff."""
    return tuple(await rows.events(work.tx, case.id))


async def files_of(work: Work, case_id: CaseId) -> tuple[tuple[FileRow, int], ...]:
    """A case's files, each with the id of the event it came with."""
    return tuple(await rows.files(work.tx, case_id))


async def joiners(work: Work, case_id: CaseId) -> int:
    """How many residents joined a case."""
    return await rows.count_followers(work.tx, case_id)


async def open_question(work: Work, case_id: CaseId, language: str = "") -> CaseEvent | None:
    """What staff asked and still wait to hear, in `language` where it was written in that one too."""
    case = await rows.by_id(work.tx, case_id)
    if case is None or case.status is not CaseStatus.AWAITING_RESIDENT:
        return None
    asked = await rows.last_question(work.tx, case_id)
    if asked is None or not language:
        return asked
    texts = await staff_rows.texts_of(work.tx, [asked.id], language)
    return asked.model_copy(update={"words": texts.get(asked.id, asked.words)})


def _without_words(event: CaseEvent) -> CaseEvent:
    return event.model_copy(update={"words": ""})


async def _theirs(work: Work, case: Case | None, resident: Resident) -> Case | None:
    if case is None or case.resident_id == resident.id:
        return case
    return await seen_by_others(work, case) if await rows.follows(work.tx, case.id, resident.id) else None


# ---------------------------------------------------------------------------- acting


async def add_information(
    work: Work,
    reference: Reference,
    resident: Resident,
    words: str,
    files: tuple[FileId, ...] = (),
    *,
    danger: DangerId | None = None,
    held: timedelta | None = None,
) -> CaseEvent | Closed:
    """More words or files. Where staff wait for the resident, it is the answer, and the targets run on.

    What is added to a duplicate goes to the case it duplicates. Of what is `held` the staff hear that much later; of
    what tells of a `danger`, at once.
    """
    case = await rows.lock_reference(work.tx, reference)
    if case is None or await _theirs(work, case, resident) is None:
        return Closed(None)
    if case.duplicate_of is not None:
        case = await rows.lock(work.tx, case.duplicate_of) or case
    question = await open_question(work, case.id)
    request = TransitionRequest(
        transition=Transition.INFORM if question is None else Transition.ANSWER,
        actor=resident_actor(resident.id),
        words=words,
        detail=NO_DETAIL if question is None else OfQuestion(question.id),
        files=files,
        status=case.before_question,
    )
    urgent: dict[str, object] = {} if danger is None else {"priority": alerts.EMERGENCY}
    applied = await workflow.apply(work, case.id, request, **urgent)
    if not isinstance(applied, Applied):
        return Closed(case)
    waits = held is not None and danger is None
    tell_staff(work, applied.case, applied.event, not_before=work.now + held if held and waits else None)
    if danger is None:
        await joining.keep_aside(work, case)
    else:
        await joining.leave(work, applied.case, resident_actor(resident.id))  # it is not closed with thousands
        await alerts.raise_again(work, applied.case, danger)
    return applied.event


async def withdraw(work: Work, reference: Reference, resident: Resident, reason: str = "") -> Case | NotAllowed:
    """The resident takes an open case back."""
    request = TransitionRequest(transition=Transition.WITHDRAW, actor=resident_actor(resident.id), words=reason)
    return await _resident_moves(work, reference, resident, request)


async def confirm_fixed(
    work: Work, reference: Reference, resident: Resident, fixed: bool, why: str = "", files: tuple[FileId, ...] = ()
) -> Case | NotAllowed:
    """The resident's word on a proposed closure: fixed and closed, or back to the same owner with what shows why."""
    actor = resident_actor(resident.id)
    if fixed:
        request = TransitionRequest(
            transition=Transition.CONFIRM_FIXED, actor=actor, words=why, detail=EndedAs(Outcome.FIXED), files=files
        )
        return await _resident_moves(work, reference, resident, request, outcome=Outcome.FIXED)
    request = TransitionRequest(
        transition=Transition.NOT_FIXED, actor=actor, words=why, detail=EndedAs(Outcome.NOT_FIXED), files=files
    )
    return await _reopened(work, reference, resident, request, Outcome.NOT_FIXED)


async def reopen(
    work: Work, reference: Reference, resident: Resident, why: str, files: tuple[FileId, ...] = ()
) -> Case | NotAllowed:
    """Open an ended case again, within 30 days: the same reference, the same owner if they still work there, new
    targets. Who is barred may not, as they may submit nothing new.
    """
    case = await rows.by_reference(work.tx, reference)
    over = case is not None and case.closed_at is not None and work.now - case.closed_at > REOPENABLE
    if case is not None and (over or is_barred(resident, work.now)):
        return NotAllowed(case.status if case.resident_id == resident.id else None)
    request = TransitionRequest(transition=Transition.REOPEN, actor=resident_actor(resident.id), words=why, files=files)
    return await _reopened(work, reference, resident, request, Outcome.NONE)


async def _reopened(
    work: Work, reference: Reference, resident: Resident, request: TransitionRequest, outcome: Outcome
) -> Case | NotAllowed:
    case = await rows.by_reference(work.tx, reference)
    if case is None or case.resident_id != resident.id:
        return NotAllowed(None)
    return await _resident_moves(work, reference, resident, request, **await begun_anew(work, case, outcome))


async def begun_anew(work: Work, case: Case, outcome: Outcome) -> dict[str, object]:
    """What a case that is opened again has beside its state: new targets, and its owner if they still work there."""
    due = await deadlines(work, case.office, case.category, case.kind)
    return {
        "owner": case.owner if await permissions.still_has(work, case.owner, case.office) else "",
        "outcome": outcome,
        "opened_at": work.now,
        "answered_at": None,
        "resolved_at": None,
        "triage_due": due.triage,
        "update_due": due.update,
        "close_due": due.close,
    }


async def _resident_moves(
    work: Work, reference: Reference, resident: Resident, request: TransitionRequest, **changes: object
) -> Case | NotAllowed:
    """A transition that only whose case it is may make; staff hear of it."""
    case = await rows.by_reference(work.tx, reference)
    if case is None or case.resident_id != resident.id:
        return NotAllowed(None)
    applied = await workflow.apply(work, case.id, request, **changes)
    if isinstance(applied, Stale):
        return NotAllowed(applied.case.status)
    if isinstance(applied, NotAllowed):
        return applied
    tell_staff(work, applied.case, applied.event)
    return applied.case
