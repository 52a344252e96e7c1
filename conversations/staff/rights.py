"""Rights are asked first: before a command or a button is answered, and before anything of a case is said."""

from __future__ import annotations

from collections.abc import Collection

from conversations.staff.context import StaffContext
from conversations.staff.office_scope import refuse
from conversations.staff.registry import At
from services.actors import (
    Subject,
    booking_subject,
    case_subject,
    chat_subject,
    office_subject,
    offices_subject,
    session_subject,
)
from services.bookings import bookings, sessions
from services.cases import resident_actions, staff_actions
from services.cases.staff_actions import Denied
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act
from storage.ids import BookingId, CaseId, OfficeId, SessionId
from storage.records.bookings import Booking
from storage.records.cases import Case
from storage.records.sessions import Session


async def may(context: StaffContext, right: Act, at: At = At.THIS_CHAT) -> bool:
    """Whether the member has a right where it is asked for; where not, they are told and it is written down."""
    if await offices_with(context, right, at):
        return True
    here = await context.offices_here() if at is At.THIS_CHAT else ()
    permissions.deny(context.work, context.person, right, _where(context, here))
    refuse(context, right if await _has_another_role(context, here) else None)
    return False


async def _has_another_role(context: StaffContext, offices: Collection[OfficeId]) -> bool:
    """Whether they are of these offices' teams: then they may know which role has a right that theirs has not."""
    member = await context.member()
    return member is not None and any(member.may(Act.READ, office) for office in offices)


async def offices_with(context: StaffContext, right: Act, at: At = At.THIS_CHAT) -> tuple[OfficeId, ...]:
    """The offices at which the member has a right, of those of this chat, or of all."""
    member = await context.member()
    if member is None:
        return ()
    everywhere = tuple(office.id for office in context.work.offices.all)
    if at is At.EVERY_OFFICE:
        return everywhere if member.may(right, EVERY_OFFICE) else ()
    return member.offices(right, everywhere if at is At.ANY_OFFICE else await context.offices_here())


async def choices(context: StaffContext, right: Act) -> tuple[OfficeId, ...]:
    """The offices to choose from where a member has a right; in private also all of them at once, where they may."""
    member = await context.member()
    offices = context.work.offices.offices_by_id
    found = tuple(office for office in await offices_with(context, right) if not offices[office].retired)
    whole = not context.said.group and member is not None and member.may(right, EVERY_OFFICE)
    return (*found, EVERY_OFFICE) if whole else found


def _where(context: StaffContext, here: tuple[OfficeId, ...]) -> Subject:
    if here:
        return offices_subject(here)
    return chat_subject(context.said.chat) if context.said.group else office_subject(EVERY_OFFICE)


async def case_for(context: StaffContext, right: Act, case_id: CaseId) -> Case | None:
    """The case, where the member has the right at its office and this is a place to speak of it; else a refusal.

    In a group that is not that office's others read along.
    """
    found = await staff_actions.authorise(context.work, context.person, right, case_id)
    if isinstance(found, Denied):
        case = await resident_actions.by_id(context.work, case_id)
        inside = case is not None and await _has_another_role(context, (case.office,))
        refuse(context, right if inside else None)
        return None
    _, case = found
    return case if await may_speak_of(context, case) else None


async def booking_for(context: StaffContext, right: Act, booking_id: BookingId) -> Booking | None:
    """The appointment, where the member has the right at its office and this is a place to speak of it."""
    booking = await bookings.by_id(context.work, booking_id)
    office = None if booking is None else booking.office
    return booking if await _may_at(context, right, office, booking_subject(booking_id)) else None


async def session_for(context: StaffContext, right: Act, session_id: SessionId) -> Session | None:
    """The session of a Customer Day, where the member has the right at its office and it may be spoken of here."""
    session = await sessions.session(context.work, session_id)
    office = None if session is None else session.office
    return session if await _may_at(context, right, office, session_subject(session_id)) else None


async def _may_at(context: StaffContext, right: Act, office: OfficeId | None, subject: Subject) -> bool:
    """Whether they have the right at the office of what a button names, and its team alone reads along here.

    Where there is no such thing (`office` is None) it is said as to who may not, so that nobody can tell the two apart.
    """
    work = context.work
    if office is None or await permissions.guard(work, context.person, right, office, subject) is None:
        if office is None:
            permissions.deny(work, context.person, right, subject)
        inside = office is not None and await _has_another_role(context, (office,))
        refuse(context, right if inside else None)
        return False
    if context.said.group and office not in await context.offices_here():
        permissions.deny(work, context.person, Act.READ, subject)
        refuse(context)
        return False
    return True


async def may_speak_of(context: StaffContext, case: Case) -> bool:
    """Whether a case is spoken of in this chat; where not, the member is told and it is written down."""
    if await is_spoken_of_here(context, case):
        return True
    permissions.deny(context.work, context.person, Act.READ, case_subject(case.id))
    refuse(context)
    return False


async def is_spoken_of_here(context: StaffContext, case: Case) -> bool:
    """Whether the group is that of the case's office; in private there is nobody else to read it."""
    return not context.said.group or case.office in await context.offices_here()
