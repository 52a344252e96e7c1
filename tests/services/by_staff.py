"""What a member of staff does to a case, for tests that are about something else than who may do it."""

from __future__ import annotations

from services.actors import Actor
from services.cases import staff_actions
from services.cases.actions import Action, AlreadyDone, Inputs
from services.cases.staff_actions import Denied
from services.cases.workflow import Applied, NotAllowed, Stale
from services.staff.permissions import Person
from services.unit_of_work import Work
from storage.ids import CaseId, CategoryId, FileId, OfficeId, Reference
from storage.records.cases import Case

Files = tuple[FileId, ...]
Came = Case | Stale | NotAllowed


async def do(work: Work, case: CaseId, action: Action, actor: str, inputs: Inputs | None = None) -> Came:
    """An action without a right, and the case as it leaves it."""
    result = await staff_actions.apply(work, case, action, Actor(actor), inputs)
    return result.case if isinstance(result, Applied | AlreadyDone) else result


async def by(
    work: Work,
    person: Person,
    action: Action,
    case: CaseId,
    to: str = "",
    *,
    words: str = "",
    version: int | None = None,
) -> Came | Denied:
    """An action by somebody whose right is asked, and the case as it leaves it."""
    result = await staff_actions.perform(work, person, action, case, Inputs(words=words, to=to, version=version))
    return result.case if isinstance(result, Applied | AlreadyDone) else result


async def claim(work: Work, person: Person, case: CaseId) -> Came | Denied:
    return await by(work, person, Action.CLAIM, case)


async def take_up(work: Work, case: CaseId, actor: str, version: int | None = None) -> Came:
    return await do(work, case, Action.CLAIM, actor, Inputs(version=version))


async def start_work(work: Work, case: CaseId, actor: str, version: int | None = None) -> Came:
    return await do(work, case, Action.START, actor, Inputs(version=version))


async def ask(work: Work, case: CaseId, actor: str, words: str, files: Files = ()) -> Came:
    return await do(work, case, Action.ASK, actor, Inputs(words, files))


async def reply(work: Work, case: CaseId, actor: str, words: str, files: Files = ()) -> Came:
    return await do(work, case, Action.REPLY, actor, Inputs(words, files))


async def note(work: Work, case: CaseId, actor: str, words: str, files: Files = ()) -> Came:
    return await do(work, case, Action.NOTE, actor, Inputs(words, files))


async def assign(work: Work, case: CaseId, actor: str, owner: str) -> Came:
    return await do(work, case, Action.ASSIGN, actor, Inputs(to=owner))


async def set_priority(work: Work, case: CaseId, actor: str, priority: int) -> Came:
    return await do(work, case, Action.PRIORITY, actor, Inputs(to=str(priority)))


async def escalate(work: Work, case: CaseId, actor: str, words: str = "") -> Came:
    return await do(work, case, Action.ESCALATE, actor, Inputs(words))


async def resolve(
    work: Work, case: CaseId, actor: str, words: str, files: Files = (), version: int | None = None
) -> Came:
    return await do(work, case, Action.RESOLVE, actor, Inputs(words, files, version=version))


async def reject(
    work: Work, case: CaseId, actor: str, reason: str, files: Files = (), version: int | None = None
) -> Came:
    return await do(work, case, Action.REJECT, actor, Inputs(reason, files, version=version))


async def outside_remit(work: Work, case: CaseId, actor: str, body: str, words: str = "") -> Came:
    return await do(work, case, Action.OUTSIDE, actor, Inputs(words, to=body))


async def mark_duplicate(work: Work, case: CaseId, actor: str, of: Reference) -> Came:
    return await do(work, case, Action.DUPLICATE, actor, Inputs(to=of))


async def refer(work: Work, case: CaseId, actor: str, body: str, number: str = "") -> Came:
    return await do(work, case, Action.REFER, actor, Inputs(number, to=body))


async def transfer(work: Work, case: CaseId, actor: str, office: OfficeId, reason: str) -> Came:
    return await do(work, case, Action.TRANSFER, actor, Inputs(reason, to=office))


async def recategorise(work: Work, case: CaseId, actor: str, category: CategoryId) -> Came:
    return await do(work, case, Action.CATEGORY, actor, Inputs(to=category))
