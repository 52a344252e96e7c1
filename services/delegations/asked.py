"""What the municipality asked somebody about what came through a delegate: the delegate may answer it as well."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services import open_questions
from services.bookings import questions as booking_questions
from services.cases import questions as case_questions
from services.delegations import acting
from services.delegations.acting import Acting
from services.notify.enqueue import delegates_key
from services.open_questions import OpenQuestion
from services.unit_of_work import Work
from storage import delegations as rows
from storage.delegations import State
from storage.records.residents import Resident


@dataclass(frozen=True, slots=True)
class AskedForAnother:
    """A question about somebody's request or appointment, and as whose delegate it can be answered."""

    acting: Acting
    question: OpenQuestion


async def of_delegate(work: Work, delegate: Resident) -> list[AskedForAnother]:
    """All that wait, the newest first, with when they reached the delegate; in the delegate's language."""
    found = [one for each in await _held(work, delegate) for one in await _of(work, delegate, each)]
    return sorted(found, key=lambda one: (one.question.asked_at, one.question.key), reverse=True)


async def _held(work: Work, delegate: Resident) -> list[Acting]:
    mine = [one for one in await rows.of_delegate(work.tx, delegate.id) if one.state is State.ACTIVE]
    found = [await acting.active(work, delegate.id, one.id) for one in mine]
    return [one for one in found if one is not None]


async def _of(work: Work, delegate: Resident, held: Acting) -> list[AskedForAnother]:
    whose = held.principal.model_copy(update={"language": delegate.language})
    asked = [*await case_questions.of_resident(work, whose), *await booking_questions.of_resident(work, whose)]
    return [
        AskedForAnother(held, await _as_seen(work, delegate, held, one))
        for one in asked
        if await acting.is_through(work, held.delegation.id, one.subject)
    ]


async def _as_seen(work: Work, delegate: Resident, held: Acting, question: OpenQuestion) -> OpenQuestion:
    told = [delegates_key(key, held.delegation) for key in question.told]
    return replace(question, seen_at=await open_questions.seen_at(work, delegate.id, question.key, told))
