"""Who hears of a promise: the resident, the section that keeps it, the director."""

from __future__ import annotations

from services.actors import booking_subject
from services.notify.notices import NOTICE, Notice
from services.promises.parties import Party
from services.staff import permissions
from services.staff.permissions import TELEGRAM
from services.unit_of_work import Work
from storage import outbox, residents
from storage.ids import ChatId
from storage.promises import Promise
from storage.records import OutboxKind, Role


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
    resident = await residents.id_of(work.tx, TELEGRAM, address)
    outbox.add(
        work.tx,
        channel=TELEGRAM,
        chat=ChatId(address),
        kind=OutboxKind.NOTICE,
        payload=notice.model_dump_json(),
        urgency=NOTICE,
        key=f"{notice.about}:{promise.id}:{promise.due}:{address}",
        subject=booking_subject(promise.booking_id),
        resident=resident,
        at=work.now,
    )
