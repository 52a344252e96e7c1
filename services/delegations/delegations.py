"""Asking whether one may act for another, answering that, and ending it.

The other agrees themselves, through a link that works once, or to a member of staff who calls them. What was asked is
decided once (`storage.delegations.agree`): of two answers at the same moment the second finds it answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from hashlib import sha256

from services.actors import resident_actor
from services.delegations import notices
from services.staff import permissions
from services.staff.permissions import Act, Person, guard
from services.text.stored_drafts import acts_for, without_acting
from services.unit_of_work import Work
from storage import audit, personal, residents
from storage import delegations as rows
from storage.delegations import Delegation, State
from storage.ids import Actor, DelegationId, OfficeId, ResidentId, Subject
from storage.records.residents import Resident
from storage.residents import WALK_IN

__all__ = ["CALL_LASTS", "LINK_LASTS", "Asked", "Contact", "Delegation", "State", "Unusable"]

#: How long a link can be answered, and how long staff have to call.
LINK_LASTS, CALL_LASTS = timedelta(hours=48), timedelta(days=7)
#: Of whom somebody can be the delegate, or have asked to be; and how often they may ask in a day.
MOST, ASKED_A_DAY = 5, 5
_A_DAY = timedelta(days=1)
#: Where a conversation stands whose draft was somebody else's: at the list of whom one acts for.
_NOWHERE = '{"step":"others:list"}'
#: How long after its time that nobody answered is worth saying.
_STILL_NEWS = timedelta(days=7)
#: What the notice of it calls it.
UNANSWERED = "unanswered"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 26  # about 128 bits: not to be guessed


class Unusable(Enum):
    """Why nothing comes of it."""

    UNKNOWN = auto()  # no such link, it was answered, or its time is over
    OWN = auto()  # one acts for oneself already
    ALREADY = auto()  # the same delegate acts for them
    TOO_MANY = auto()
    NO_OFFICE = auto()  # there is none that could call them
    ASKED_THEMSELVES = auto()  # the member of staff is the one who wants to act: somebody else asks the other


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what its link says, which is kept nowhere."""

    delegation: Delegation
    code: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom staff are to call, and who asks."""

    name: str
    phone: str
    delegate: str
    delegate_phone: str


def subject_of(delegation: DelegationId) -> Subject:
    """How the audit names it."""
    return Subject(f"delegation:{delegation}")


async def by_id(work: Work, delegation: DelegationId) -> Delegation | None:
    """Whosever it is: for notices and staff."""
    return await rows.by_id(work.tx, delegation)


# ---------------------------------------------------------------------------- asking


async def ask_by_link(work: Work, delegate: Resident, name: str) -> Asked | Unusable:
    """A link for the other, which works once."""
    if await _too_many(work, delegate):
        return Unusable.TOO_MANY
    code = "".join(work.random.choice(_LETTERS) for _ in range(_LENGTH))
    asked = await rows.ask(
        work.tx, delegate.id, name, at=work.now, expires_at=work.now + LINK_LASTS, code=_digest(code)
    )
    _note(work, resident_actor(delegate.id), "delegation.ask", asked, "link")
    return Asked(asked, code)


async def ask_by_phone(
    work: Work, delegate: Resident, name: str, phone: str, office: OfficeId
) -> Delegation | Unusable:
    """Staff of an office call the other."""
    owner = await residents.owner_of(work.tx, phone)
    if phone == delegate.phone or (owner is not None and owner.id == delegate.id):
        return Unusable.OWN
    for one in await rows.of_delegate(work.tx, delegate.id):
        if one.phone == phone and (one.state is State.ACTIVE or one.expires_at > work.now):
            return Unusable.ALREADY
    if await _too_many(work, delegate):
        return Unusable.TOO_MANY
    calls = work.offices.get(office)
    if calls is None or calls.retired:
        return Unusable.NO_OFFICE
    asked = await rows.ask(
        work.tx, delegate.id, name, at=work.now, expires_at=work.now + CALL_LASTS, phone=phone, office=office
    )
    _note(work, resident_actor(delegate.id), "delegation.ask", asked, "call")
    notices.ask_office(work, asked)
    return asked


async def _too_many(work: Work, delegate: Resident) -> bool:
    live = [one for one in await rows.of_delegate(work.tx, delegate.id) if is_live(work, one)]
    return len(live) >= MOST or await rows.asked_since(work.tx, delegate.id, work.now - _A_DAY) >= ASKED_A_DAY


def is_live(work: Work, delegation: Delegation) -> bool:
    """Whether it is acted upon, or can still be answered."""
    asked = delegation.state is State.ASKED and delegation.expires_at > work.now
    return asked or delegation.state is State.ACTIVE


async def live_of(work: Work, delegate: ResidentId) -> tuple[Delegation, ...]:
    """Whom somebody acts for, or has asked to."""
    return tuple(one for one in await rows.of_delegate(work.tx, delegate) if is_live(work, one))


async def acting_for(work: Work, principal: ResidentId) -> tuple[Delegation, ...]:
    """Who acts for somebody."""
    return tuple(await rows.of_principal(work.tx, principal))


async def take_back(work: Work, delegate: Resident, delegation: DelegationId) -> Delegation | None:
    """Whoever asked no longer wants an answer."""
    found = await rows.by_id(work.tx, delegation)
    if found is None or found.delegate_id != delegate.id:
        return None
    return await rows.refuse(work.tx, delegation, resident_actor(delegate.id), work.now)


async def ask_again(work: Work, delegate: Resident, delegation: DelegationId) -> Asked | Delegation | Unusable:
    """Nobody has answered in time: a new link, or another call. Once; what is asked anew takes the place of the old."""
    found = await rows.lock(work.tx, delegation)
    if found is None or found.delegate_id != delegate.id or not is_unanswered(work, found):
        return Unusable.ALREADY
    asked = (
        await ask_by_phone(work, delegate, found.name, found.phone, found.office)
        if found.office
        else await ask_by_link(work, delegate, found.name)
    )
    if not isinstance(asked, Unusable):
        await rows.refuse(work.tx, found.id, resident_actor(delegate.id), work.now)
    return asked


def is_unanswered(work: Work, delegation: Delegation) -> bool:
    """Whether its time is over without an answer."""
    return delegation.state is State.ASKED and delegation.expires_at <= work.now


async def run_due(work: Work, limit: int) -> int:
    """Tell whoever asked that nobody answered in time, once; how many questions those were."""
    found = await rows.unanswered(work.tx, work.now, limit)
    for one in found:
        rows.told(work.tx, one.id, work.now)
        if work.now - one.expires_at < _STILL_NEWS:
            await notices.tell(work, one, one.delegate_id, UNANSWERED)
    return len(found)


# ---------------------------------------------------------------------------- answering, by a link


async def asked_by(work: Work, resident: Resident, code: str) -> Delegation | Unusable:
    """What a link asks whoever has opened it."""
    found = await rows.by_code(work.tx, _digest(code))
    if found is None or not is_live(work, found):
        return Unusable.UNKNOWN
    if found.delegate_id == resident.id:
        return Unusable.OWN
    if any(one.delegate_id == found.delegate_id for one in await rows.of_principal(work.tx, resident.id)):
        return Unusable.ALREADY
    return found


async def answer(work: Work, resident: Resident, code: str, *, agrees: bool) -> Delegation | Unusable:
    """Whoever has the link says yes or no; it works no more then."""
    asked = await asked_by(work, resident, code)
    if isinstance(asked, Unusable):
        return asked
    decided = await _decide(work, asked, resident.id if agrees else None, resident_actor(resident.id))
    if decided is None:
        return Unusable.UNKNOWN
    await notices.tell(work, decided, decided.delegate_id, decided.state.value)
    return decided


async def _decide(work: Work, asked: Delegation, principal: ResidentId | None, by: Actor) -> Delegation | None:
    """Once: None where somebody else was first."""
    if principal is None:
        decided = await rows.refuse(work.tx, asked.id, by, work.now)
    else:
        decided = await rows.agree(work.tx, asked.id, principal, by, work.now)
    if decided is not None:
        _note(work, by, f"delegation.{decided.state}", decided)
    return decided


# ---------------------------------------------------------------------------- answering, on the phone


async def contact(work: Work, person: Person, delegation: DelegationId) -> Contact | Unusable | None:
    """Whom to call; it is written down. None where the person may not."""
    found = await rows.by_id(work.tx, delegation)
    if found is None or not found.office:
        return Unusable.UNKNOWN
    member = await guard(work, person, Act.SEE_CONTACT, found.office)
    if member is None:
        return None
    if found.state is not State.ASKED:
        return Unusable.UNKNOWN
    delegate = await residents.by_id(work.tx, found.delegate_id)
    _note(work, member.actor, "delegation.contact", found)
    name, phone = ("", "") if delegate is None else (delegate.name, delegate.phone)
    return Contact(found.name, found.phone, name, phone)


async def record(work: Work, person: Person, delegation: DelegationId, *, agrees: bool) -> Delegation | Unusable | None:
    """What the other said on the phone. None where the person may not.

    Where it is known whose number it is, it is their word, and they hear of it: so a number that somebody made up
    or a call that never was comes to light.
    """
    found = await rows.lock(work.tx, delegation)
    if found is None or not found.office:
        return Unusable.UNKNOWN
    member = await guard(work, person, Act.INTAKE, found.office)
    if member is None:
        return None
    if not is_live(work, found) or found.state is not State.ASKED:
        return Unusable.UNKNOWN
    delegate = await residents.by_id(work.tx, found.delegate_id)
    if delegate is not None and (delegate.channel, delegate.address) == (person.channel, person.address):
        permissions.deny(work, person, Act.INTAKE, subject_of(found.id))
        return Unusable.ASKED_THEMSELVES
    principal = await _whose(work, found) if agrees else None
    if principal is not None and principal.id == found.delegate_id:
        return Unusable.OWN
    decided = await _decide(work, found, None if principal is None else principal.id, member.actor)
    if decided is None:
        return Unusable.ALREADY
    await notices.tell(work, decided, decided.delegate_id, decided.state.value)
    if principal is not None:
        await notices.tell(work, decided, principal.id, "recorded")
    return decided


async def _whose(work: Work, asked: Delegation) -> Resident:
    """The owner of the number where that is known; else the record that staff keep under it."""
    await residents.lock_phone(work.tx, asked.phone)
    owner = await residents.owner_of(work.tx, asked.phone)
    if owner is not None:
        return owner
    found = await residents.add(work.tx, WALK_IN, asked.phone, asked.name, "ar", work.now)
    if found.phone != asked.phone:
        found = found.model_copy(update={"phone": asked.phone, "name": found.name or asked.name})
        residents.save(work.tx, found)
    return found


# ---------------------------------------------------------------------------- ending


async def end(work: Work, resident: Resident, delegation: DelegationId) -> Delegation | None:
    """Either side ends it, and the other is told. None where there is none of theirs."""
    found = await rows.by_id(work.tx, delegation)
    if found is None or resident.id not in {found.delegate_id, found.principal_id}:
        return None
    by = resident_actor(resident.id)
    ended = await rows.end(work.tx, delegation, by, work.now)
    if ended is not None:
        _note(work, by, "delegation.end", ended)
        await _tell_other(work, ended, resident.id)
    return ended


async def end_for(work: Work, person: Person, delegation: DelegationId) -> Delegation | Unusable | None:
    """Staff end it for somebody who calls. None where the person may not."""
    found = await rows.by_id(work.tx, delegation)
    if found is None or not found.office:
        return Unusable.UNKNOWN
    member = await guard(work, person, Act.INTAKE, found.office)
    if member is None:
        return None
    ended = await rows.end(work.tx, delegation, member.actor, work.now)
    if ended is None:
        return Unusable.UNKNOWN
    _note(work, member.actor, "delegation.end", ended)
    for side in (ended.delegate_id, ended.principal_id):
        if side is not None:
            await notices.tell(work, ended, side, "ended")
    return ended


async def forget(work: Work, resident: Resident) -> None:
    """Whoever is erased acts for nobody, and nobody for them; the other side of each hears of it.

    Nor is anybody to call them and ask: their name and number are in what was asked.
    """
    for one in await rows.touching(work.tx, resident.id):
        if one.principal_id == resident.id:
            await _drop_drafts(work, one)
        if is_live(work, one):
            await _tell_other(work, one, resident.id)
    rows.forget(work.tx, resident.id)
    for one in await rows.asked_at(work.tx, resident.phone) if resident.phone_own else ():
        if is_live(work, one):
            await notices.tell(work, one, one.delegate_id, State.REFUSED.value)
        rows.drop(work.tx, one.id)


async def _drop_drafts(work: Work, delegation: Delegation) -> None:
    """What a delegate has written for somebody and not sent is that person's, and goes with them."""
    delegate = await residents.by_id(work.tx, delegation.delegate_id)
    if delegate is None:
        return
    await residents.lock(work.tx, delegate.channel, delegate.address)
    stands = await personal.conversation(work.tx, delegate.id)
    if stands is None:
        return
    step = _NOWHERE if acts_for(stands.step, {delegation.id}) else stands.step
    saved = without_acting(stands.saved, stands.updated_at, {delegation.id})
    if (step, saved) != (stands.step, stands.saved):
        personal.keep_conversation(work.tx, delegate.id, step, saved)


async def _tell_other(work: Work, ended: Delegation, but: ResidentId) -> None:
    for side in (ended.delegate_id, ended.principal_id):
        if side is not None and side != but:
            await notices.tell(work, ended, side, "ended")


def _note(work: Work, actor: Actor, action: str, delegation: Delegation, detail: str = "") -> None:
    audit.record(work.tx, work.now, actor, action, subject_of(delegation.id), detail)


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
