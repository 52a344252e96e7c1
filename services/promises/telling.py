"""Who hears of a promise: the resident, the section that keeps it, the director."""

from __future__ import annotations

from services.actors import booking_subject
from services.notify import members
from services.notify.notices import Notice
from services.promises.parties import Party
from services.staff import permissions
from services.staff.permissions import TELEGRAM
from services.unit_of_work import Work
from storage.promises import Promise
from storage.records.staff import Role


async def directors(work: Work, promise: Promise, notice: Notice) -> None:
    """Owe the office's directors a notice, each in their own chat."""
    held = await permissions.staff_of(work, promise.office)
    addresses = {one.address for one in held if one.role is Role.DIRECTOR and one.channel == TELEGRAM}
    for address in sorted(addresses):
        await _in_private(work, promise, notice, address)


async def owner(work: Work, promise: Promise, notice: Notice) -> None:
    """Owe the member who keeps it a notice in their own chat; where a section does, its team hears of it anyway."""
    address = Party(promise.party, promise.party_words).member
    if address:
        await _in_private(work, promise, notice, address)


async def _in_private(work: Work, promise: Promise, notice: Notice, address: str) -> None:
    key = f"{notice.about}:{promise.id}:{promise.due}:{address}"
    await members.tell(work, address, notice, key=key, subject=booking_subject(promise.booking_id))
