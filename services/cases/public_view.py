"""What other residents may see of a request: what it is about, its block and its age, and never whose it is.

Its words they read only where its owner has agreed, without names and numbers, or where staff wrote a summary.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from services.actors import case_subject, resident_actor
from services.cases.staff_actions import Denied, authorise
from services.cases.workflow import ENDED
from services.staff.permissions import Act, Person
from services.text.normalise import clean
from services.text.redact import Eraser
from services.unit_of_work import Work
from storage import audit
from storage import cases as rows
from storage import public_words as words_rows
from storage.ids import CaseId, Reference, ResidentId
from storage.records.cases import Case
from storage.records.residents import Resident

#: Characters of it that strangers read.
LONGEST = 120
#: Who may write a summary that residents read.
RIGHT = Act.REPLY


class NotWritten(Enum):
    """Why a summary was not kept."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NAMES = "names"  # a name, a phone number, an e-mail address or a house in it
    ENDED = "ended"  # nobody is asked to join any more


@dataclass(frozen=True, slots=True)
class Shown:
    """What others read of a request."""

    words: str
    agreed: bool
    by_staff: bool


NOTHING = Shown("", agreed=False, by_staff=False)


def public_view(case: Case, words: str = "") -> Case:
    """A request as others see it, with the words that they may read."""
    hidden = {"name": "", "phone": "", "project": "", "registration": "", "source": ""}
    place = {"building": "", "road": "", "latitude": None, "longitude": None}
    return case.model_copy(update={"words": words, "resident_id": ResidentId(0), **hidden, **place})


async def seen_by_others(work: Work, case: Case) -> Case:
    """A request as others see it now."""
    return public_view(case, (await shown(work, case)).words)


async def shown(work: Work, case: Case) -> Shown:
    found = await words_rows.of(work.tx, case.id)
    if found is None:
        return NOTHING
    agreed, by_staff = found.agreed_at is not None, bool(found.summary)
    return Shown(found.summary or (glimpse(case) if agreed else ""), agreed=agreed, by_staff=by_staff)


def glimpse(case: Case) -> str:
    """The beginning of a request's words, without what tells whose they are or where they live."""
    words = Eraser.of_public([case.name])(case.words)
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


# ---------------------------------------------------------------------------- the owner


async def agree(work: Work, reference: Reference, owner: Resident, *, others_may: bool) -> Case | None:
    """Let others read one's words, or no longer. None where it is not theirs, or nobody is asked to join any more."""
    case = await rows.lock_reference(work.tx, reference)
    if case is None or case.resident_id != owner.id or case.status in ENDED:
        return None
    before = (await shown(work, case)).agreed
    if before == others_may:
        return case
    if others_may:
        await words_rows.agree(work.tx, case.id, work.now)
    else:
        await words_rows.withdraw(work.tx, case.id)
    action = "case.words_shown" if others_may else "case.words_hidden"
    audit.record(work.tx, work.now, resident_actor(owner.id), action, case_subject(case.id))
    return case


# ---------------------------------------------------------------------------- staff


async def summarise(work: Work, person: Person, case_id: CaseId, text: str) -> Case | NotWritten | Denied:
    """Write what others are to read of a request."""
    found = await authorise(work, person, RIGHT, case_id)
    if isinstance(found, Denied):
        return found
    member, case = found
    summary = clean(text, LONGEST + 1)
    wrong = _wrong_with(case, summary)
    if wrong is not None:
        return wrong
    await words_rows.write(work.tx, case.id, summary, member.actor, work.now)
    audit.record(work.tx, work.now, member.actor, "case.summary", case_subject(case.id))
    return case


def _wrong_with(case: Case, summary: str) -> NotWritten | None:
    if case.status in ENDED:
        return NotWritten.ENDED
    if not summary:
        return NotWritten.EMPTY
    if len(summary) > LONGEST:
        return NotWritten.TOO_LONG
    return NotWritten.NAMES if Eraser.of_public([case.name])(summary) != summary else None


async def take_back(work: Work, person: Person, case_id: CaseId) -> Case | Denied:
    """Take back what staff wrote."""
    found = await authorise(work, person, RIGHT, case_id)
    if isinstance(found, Denied):
        return found
    member, case = found
    if (await shown(work, case)).by_staff:
        await words_rows.take_back(work.tx, case.id)
        audit.record(work.tx, work.now, member.actor, "case.summary_removed", case_subject(case.id))
    return case
