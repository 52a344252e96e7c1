"""Who is told that somebody acts for somebody: both sides, and the office that is to call."""

from __future__ import annotations

from services.actors import NO_SUBJECT, Subject
from services.notify.enqueue import notify_office, notify_resident
from services.notify.notices.delegations import ConsentToAsk, DelegateActed, DelegationNews
from services.unit_of_work import Work
from storage.delegations import Delegation
from storage.ids import ResidentId


async def tell(work: Work, delegation: Delegation, resident: ResidentId, what: str) -> None:
    """Owe one side what became of it, once."""
    to_delegate = resident == delegation.delegate_id
    notice = DelegationNews(delegation=delegation.id, what=what, name=delegation.name, to_delegate=to_delegate)
    await notify_resident(
        work, resident, notice, key=f"delegation:{delegation.id}:{what}:{resident}", subject=NO_SUBJECT
    )


def ask_office(work: Work, delegation: Delegation) -> None:
    """Have an office call the other."""
    notice = ConsentToAsk(delegation=delegation.id)
    key = f"delegation:{delegation.id}:call"
    notify_office(work, delegation.office, notice, key=key, subject=NO_SUBJECT)


async def tell_of_deed(work: Work, delegation: Delegation, subject: Subject, what: str) -> None:
    """The other hears what was done for them, where they have the bot."""
    if delegation.principal_id is None:
        return
    notice = DelegateActed(delegation=delegation.id, subject=subject, what=what)
    key = f"delegation:{delegation.id}:{subject}:{what}"
    await notify_resident(work, delegation.principal_id, notice, key=key, subject=subject)
