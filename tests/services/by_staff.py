"""What a member of staff does to a case, for tests that are about something else than who may do it."""

from __future__ import annotations

from services.actors import Actor
from services.cases import staff_actions
from services.cases.staff_actions import Result
from services.unit_of_work import Work
from storage.ids import CaseId, CategoryId, FileId, OfficeId, Reference

Files = tuple[FileId, ...]


async def take_up(work: Work, case: CaseId, actor: str, version: int | None = None) -> Result:
    return await staff_actions.take_up(work, case, Actor(actor), version)


async def start_work(work: Work, case: CaseId, actor: str, version: int | None = None) -> Result:
    return await staff_actions.start_work(work, case, Actor(actor), version)


async def ask(work: Work, case: CaseId, actor: str, words: str, files: Files = ()) -> Result:
    return await staff_actions.ask(work, case, Actor(actor), words, files)


async def reply(work: Work, case: CaseId, actor: str, words: str, files: Files = ()) -> Result:
    return await staff_actions.reply(work, case, Actor(actor), words, files)


async def note(work: Work, case: CaseId, actor: str, words: str, files: Files = ()) -> Result:
    return await staff_actions.note(work, case, Actor(actor), words, files)


async def assign(work: Work, case: CaseId, actor: str, owner: str) -> Result:
    return await staff_actions.assign(work, case, Actor(actor), Actor(owner))


async def set_priority(work: Work, case: CaseId, actor: str, priority: int) -> Result:
    return await staff_actions.set_priority(work, case, Actor(actor), priority)


async def escalate(work: Work, case: CaseId, actor: str, words: str = "") -> Result:
    return await staff_actions.escalate(work, case, Actor(actor), words)


async def resolve(
    work: Work, case: CaseId, actor: str, words: str, files: Files = (), version: int | None = None
) -> Result:
    return await staff_actions.resolve(work, case, Actor(actor), words, files, version)


async def reject(
    work: Work, case: CaseId, actor: str, reason: str, files: Files = (), version: int | None = None
) -> Result:
    return await staff_actions.reject(work, case, Actor(actor), reason, files, version)


async def outside_remit(work: Work, case: CaseId, actor: str, body: str, words: str = "") -> Result:
    return await staff_actions.outside_remit(work, case, Actor(actor), body, words)


async def mark_duplicate(work: Work, case: CaseId, actor: str, of: Reference) -> Result:
    return await staff_actions.mark_duplicate(work, case, Actor(actor), of)


async def refer(work: Work, case: CaseId, actor: str, body: str, number: str = "") -> Result:
    return await staff_actions.refer(work, case, Actor(actor), body, number)


async def transfer(work: Work, case: CaseId, actor: str, office: OfficeId, reason: str) -> Result:
    return await staff_actions.transfer(work, case, Actor(actor), office, reason)


async def recategorise(work: Work, case: CaseId, actor: str, category: CategoryId) -> Result:
    return await staff_actions.recategorise(work, case, Actor(actor), category)
