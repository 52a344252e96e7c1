"""When the card of an incident is edited: soon after what an administrator did, once a minute for what joins."""

from __future__ import annotations

from datetime import timedelta

from services.actors import offices_subject, staff_address
from services.notify import members
from services.notify.enqueue import notify_office
from services.notify.notices.incidents import IncidentCard, IncidentEnds
from services.staff import permissions
from services.staff.permissions import TELEGRAM, Act
from services.unit_of_work import Work
from storage import incidents as rows
from storage.ids import IncidentId, OfficeId
from storage.incidents import Incident, IncidentStatus

#: However many join, a group sees no more edits than one in so long.
EVERY = timedelta(minutes=1)
#: What is still open after its end is recalled once in so long.
_AGAIN = timedelta(hours=6)


def show_soon(work: Work, incident: Incident) -> None:
    """Somebody waits to see what they did."""
    rows.show_from(work.tx, incident, work.now, sooner=True)


def show_later(work: Work, incident: Incident) -> None:
    """Have its cards edited, no more often than a group can bear."""
    last = incident.shown_at
    rows.show_from(work.tx, incident, work.now if last is None else max(work.now, last + EVERY))


async def show_due(work: Work, limit: int) -> int:
    """Owe the cards of incidents that have changed; how many incidents those were."""
    found = await rows.to_show(work.tx, work.now, limit)
    for incident in found:
        rows.shown(work.tx, incident.id, work.now)
        for office in incident.offices:
            show_at(work, incident.id, office)
    return len(found)


def show_at(work: Work, incident: IncidentId, office: OfficeId) -> None:
    """Have the card at one office be edited, also where it is no longer part of the incident."""
    notify_office(
        work,
        office,
        IncidentCard(incident=incident, office=office),
        key=None,
        supersedes=f"shows_incident:{incident}:{office}",
        subject=offices_subject((office,)),
    )


async def remind_due(work: Work, limit: int) -> int:
    """Tell whoever opened an incident, and who else may close it, that it ends or has ended."""
    found = await rows.to_remind(work.tx, work.now, limit)
    for incident in found:
        again = incident.ends_at if incident.ends_at > work.now else work.now + _AGAIN
        rows.remind_again(work.tx, incident.id, again if incident.status is IncidentStatus.OPEN else None)
        for address in await _administrators(work, incident):
            await members.tell(
                work,
                address,
                IncidentEnds(incident=incident.id),
                key=f"incident:{incident.id}:ends:{work.now:%Y%m%d%H%M}:{address}",
                subject=offices_subject(incident.offices),
            )
    return len(found)


async def _administrators(work: Work, incident: Incident) -> list[str]:
    """Who opened it, where they still may; and the administrators of its offices."""
    opener = staff_address(incident.opened_by)
    found = set(work.admins)
    for office in incident.offices:
        found |= {
            one.address
            for one in await permissions.staff_of(work, office)
            if one.channel == TELEGRAM and Act.INCIDENT in permissions.MAY[one.role]
        }
    return [opener] if opener in found else sorted(found)
