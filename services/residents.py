"""What the desk does with people's records beyond what they change themselves."""

from __future__ import annotations

from datetime import datetime

from services.actors import Actor, resident_subject
from services.unit_of_work import Work
from storage import audit
from storage import residents as rows
from storage.ids import ResidentId
from storage.records.residents import Resident


def count_visit(work: Work, link: str, source: str) -> None:
    """One more person came by a deep link, on this day in Bahrain."""
    rows.count_visit(work.tx, link[:64], source[:64], work.today)


def renamed(resident: Resident, name: str) -> dict[str, str]:
    """What changes of a person whom their channel calls this now: the name they go by, unless they gave one themselves.

    Nobody becomes nameless: a name in which there is nothing to see changes nothing.
    """
    if not name or name == resident.channel_name or resident.forgotten_at is not None:
        return {}
    own = resident.name not in {"", resident.channel_name}
    return {"channel_name": name} if own else {"channel_name": name, "name": name}


async def by_id(work: Work, resident: ResidentId) -> Resident | None:
    return await rows.by_id(work.tx, resident)


def is_barred(resident: Resident, now: datetime) -> bool:
    """Whether a person may not submit for the time being."""
    return resident.blocked_until is not None and now < resident.blocked_until


async def bar(work: Work, resident_id: ResidentId, until: datetime, reason: str, actor: Actor) -> Resident | None:
    """Keep a person from submitting until then; a moment that has passed lifts it. None for nobody known."""
    resident = await rows.bar(work.tx, resident_id, until, reason)
    if resident is not None:
        audit.record(work.tx, work.now, actor, "resident.bar", resident_subject(resident_id), until.isoformat())
    return resident


async def lift_bar(work: Work, resident_id: ResidentId, reason: str, actor: Actor) -> None:
    """Lift a bar that was for this reason: it was a mistake."""
    resident = await rows.by_id(work.tx, resident_id)
    if resident is not None and is_barred(resident, work.now) and resident.blocked_reason == reason:
        await bar(work, resident_id, work.now, "", actor)
