"""Puts notices into the outbox: for a resident and their delegate, for an office's staff, for a staff chat."""

from __future__ import annotations

from datetime import datetime

from services.actors import NO_SUBJECT, Subject, booking_in, case_in, office_subject
from services.notify.notices import Notice
from services.notify.notices.bookings import (
    BookingAnswered,
    BookingAnswerUndone,
    BookingAsked,
    BookingCancelled,
    BookingMoved,
    BookingReminder,
    DrawCalledOff,
    Drawn,
    MeetingChanged,
    MeetingOutcome,
    OfferLapsed,
    SeatOffered,
    WaitingEnded,
)
from services.notify.notices.cases import CaseUpdate
from services.notify.notices.delegations import ForAnother
from services.notify.notices.incidents import IncidentJoined, IncidentNews
from services.notify.notices.line import CallUndone, LineCalled, LinePlace, LinePush, LineShifted
from services.notify.notices.promises import WasItDone
from services.unit_of_work import Work
from storage import delegations, outbox, residents
from storage.delegations import State
from storage.ids import ChatId, OfficeId, ResidentId
from storage.records.outbox import OutboxKind

NOTICE = 1  # urgency: after replies, before broadcasts

#: What a delegate hears of as well.
_TO_DELEGATES = (
    BookingReminder,
    SeatOffered,
    OfferLapsed,
    WaitingEnded,
    Drawn,
    DrawCalledOff,
    BookingCancelled,
    BookingMoved,
    MeetingChanged,
    BookingAnswered,
    BookingAnswerUndone,
    BookingAsked,
    MeetingOutcome,
    WasItDone,
    CaseUpdate,
    IncidentJoined,
    IncidentNews,
    LinePlace,
    LinePush,
    LineCalled,
    CallUndone,
    LineShifted,
)


async def _came_through(work: Work, subject: Subject) -> delegations.Delegation | None:
    """The delegation through which what a notice is about came."""
    if (case := case_in(subject)) is not None:
        return await delegations.of_case(work.tx, case)
    if (booking := booking_in(subject)) is not None:
        return await delegations.of_booking(work.tx, booking)
    return None


async def keys_of(work: Work, key: str, subject: Subject) -> list[str]:
    """By what a notice is known that was owed under a key: to whom it is for, and to their delegate."""
    found = await _came_through(work, subject)
    return [key] if found is None else [key, delegates_key(key, found)]


def delegates_key(key: str, through: delegations.Delegation) -> str:
    """By what a delegate's own message is known of a notice that was owed under a key."""
    return f"{key}:for:{through.id}"


def _delegates_group(notice: Notice, supersedes: str | None, through: delegations.Delegation) -> str | None:
    """What a delegate's messages supersede each other by: of those that are edited, each phone has its own."""
    if isinstance(notice, LinePlace):
        return delegations.line_group(through.id, notice.booking)
    return None if supersedes is None else delegates_key(supersedes, through)


async def notify_resident(
    work: Work,
    resident: ResidentId,
    notice: Notice,
    *,
    key: str | None,
    subject: Subject,
    supersedes: str | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Owe a resident a notice, once for each `key`. People without a channel (walk-ins) are not told.

    Whoever filed or booked for them, because they agreed to that, is told as well.
    """
    through = await _came_through(work, subject) if isinstance(notice, _TO_DELEGATES) else None
    if through is not None and through.state is State.ACTIVE and through.principal_id == resident:
        await notify_resident(
            work,
            through.delegate_id,
            ForAnother(delegation=through.id, said=notice.model_dump_json()),
            key=None if key is None else delegates_key(key, through),
            supersedes=_delegates_group(notice, supersedes, through),
            subject=subject,
            not_before=not_before,
            expires_at=expires_at,
        )
    person = await residents.by_id(work.tx, resident)
    if person is None or person.channel == "desk" or person.forgotten_at is not None:
        return
    outbox.add(
        work.tx,
        channel=person.channel,
        chat=ChatId(person.address),  # of a private chat and its person the id is the same
        kind=OutboxKind.NOTICE,
        payload=notice.model_dump_json(),
        urgency=NOTICE,
        key=key,
        supersedes=supersedes,
        subject=subject,
        resident=resident,
        not_before=not_before,
        expires_at=expires_at,
        at=work.now,
    )


def notify_office(
    work: Work,
    office: OfficeId,
    notice: Notice,
    *,
    key: str | None,
    subject: Subject,
    supersedes: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Owe an office's staff a notice, once for each `key`.

    It is addressed to the office. The chat in which its team works (`permissions.chat_of`) is looked up when the
    notice is rendered. An office without a chat has nobody to tell.
    """
    if work.offices.get(office) is None:
        return
    outbox.add(
        work.tx,
        channel="telegram",
        chat=office_address(office),
        kind=OutboxKind.NOTICE,
        payload=notice.model_dump_json(),
        urgency=NOTICE,
        key=key,
        supersedes=supersedes,
        subject=subject,
        not_before=not_before,
        at=work.now,
    )


_OFFICE = "office:"


def office_address(office: OfficeId) -> ChatId:
    """Where a notice for an office's staff goes until it is put into words."""
    return ChatId(f"{_OFFICE}{office}")


def office_addressed(chat: ChatId) -> OfficeId | None:
    """The office of such an address; None where it is a chat's own."""
    return OfficeId(chat.removeprefix(_OFFICE)) if chat.startswith(_OFFICE) else None


def notify_chat(work: Work, channel: str, chat: ChatId, office: OfficeId | None, notice: Notice, *, key: str) -> None:
    """Owe a staff chat a notice: as its office's, in whose language it then is, or where it is none's as it stands."""
    if office is not None:
        notify_office(work, office, notice, key=key, subject=office_subject(office))
        return
    outbox.add(
        work.tx,
        channel=channel,
        chat=chat,
        kind=OutboxKind.NOTICE,
        payload=notice.model_dump_json(),
        urgency=NOTICE,
        key=key,
        subject=NO_SUBJECT,
        at=work.now,
    )
