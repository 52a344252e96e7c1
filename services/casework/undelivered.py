"""Who hears of messages that failed for good: the team of its words to applicants, administrators of groups' rules."""

from __future__ import annotations

from datetime import timedelta

from services.actors import case_in, case_subject, chat_subject
from services.cases import resident_actions
from services.notify import members
from services.notify.enqueue import notify_office
from services.notify.notices.administration import ChatForbids
from services.notify.notices.cases import PartLost
from services.unit_of_work import Work
from storage import outbox
from storage.outbox import BARRED, Undelivered

_LOOKS_BACK = timedelta(days=1)


async def run_due(work: Work, limit: int) -> int:
    """Tell of what failed since yesterday."""
    found = await outbox.undelivered(work.tx, work.now - _LOOKS_BACK, limit)
    for one in found:
        outbox.was_told(work.tx, one.id)
        if one.resident_id is None:
            await _tell_administrators(work, one)
        else:
            await _tell_team(work, one)
    return len(found)


async def _tell_team(work: Work, one: Undelivered) -> None:
    number = case_in(one.subject)
    case = None if number is None else await resident_actions.by_id(work, number)
    if case is not None:
        notice = PartLost(case=case.id, office=case.office, holds=one.holds)
        notify_office(work, case.office, notice, key=f"undelivered:{one.id}", subject=case_subject(case.id))


async def _tell_administrators(work: Work, one: Undelivered) -> None:
    """Once a day for each chat."""
    notice = ChatForbids(channel=one.channel, chat=one.chat, reason=one.error.removeprefix(BARRED))
    for address in sorted(work.admins):
        key = f"forbids:{one.channel}:{one.chat}:{work.today.isoformat()}:{address}"
        await members.tell(work, address, notice, key=key, subject=chat_subject(one.chat))
