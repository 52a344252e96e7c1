"""What residents and staff are told outside a conversation.

A service states what happened (`CaseUpdate`, `BookingReminder` …); `conversations.notice_texts` puts it into
words when it is sent, in the language the person has then, and drops it where it is no longer true.
"""

from __future__ import annotations

import functools
import operator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from services.actors import NO_SUBJECT, Subject, booking_in, case_in, office_subject
from services.unit_of_work import Work
from storage import delegations, outbox, residents
from storage.delegations import State
from storage.ids import (
    AnnouncementId,
    BookingId,
    CaseId,
    ChatId,
    DelegationId,
    FileId,
    IncidentId,
    MessageId,
    OfficeId,
    ResidentId,
    SessionId,
)
from storage.records.outbox import OutboxKind

NOTICE = 1  # urgency: after replies, before broadcasts


class Notice(BaseModel):
    """Something that was not asked for. Each kind sets `about` to a literal of its own, which is stored: it stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str


# ---------------------------------------------------------------------------- to a resident


class Stage(StrEnum):
    """Which reminder of an appointment."""

    THREE_DAYS = "3d"
    ONE_DAY = "1d"
    TWO_HOURS = "2h"


class BookingReminder(Notice):
    about: Literal["booking_reminder"] = "booking_reminder"
    booking: BookingId
    version: int  # of the booking reminded of: a moved one has a later version
    stage: Stage


class SeatOffered(Notice):
    """A seat is free for the first on the waiting list, until the booking's deadline."""

    about: Literal["seat_offered"] = "seat_offered"
    booking: BookingId
    version: int


class OfferLapsed(Notice):
    about: Literal["offer_lapsed"] = "offer_lapsed"
    booking: BookingId


class WaitingEnded(Notice):
    """The session waited for came and went, or was closed, without a seat."""

    about: Literal["waiting_ended"] = "waiting_ended"
    booking: BookingId


class Drawn(Notice):
    """The draw of a day they applied for: a time, or their position on the waiting list."""

    about: Literal["drawn"] = "drawn"
    booking: BookingId


class DrawCalledOff(Notice):
    """The draw they applied for was switched off: a time, or their position on the waiting list."""

    about: Literal["draw_called_off"] = "draw_called_off"
    booking: BookingId


class BookingCancelled(Notice):
    """By the municipality; the nearest free slots are offered."""

    about: Literal["booking_cancelled"] = "booking_cancelled"
    booking: BookingId


class BookingMoved(Notice):
    """By staff, for the resident."""

    about: Literal["booking_moved"] = "booking_moved"
    booking: BookingId
    version: int


class MeetingChanged(Notice):
    """Staff changed whether it takes place in person, by phone or by video."""

    about: Literal["meeting_changed"] = "meeting_changed"
    booking: BookingId
    version: int
    link: bool = False  # it was by video before, and has another link


class BookingAnswered(Notice):
    """Staff answered before the day what the meeting is about."""

    about: Literal["booking_answered"] = "booking_answered"
    booking: BookingId
    at: datetime  # of the answer in the booking's history


class BookingAsked(Notice):
    """Staff ask something about the appointment; `again` where nothing was answered."""

    about: Literal["booking_asked"] = "booking_asked"
    booking: BookingId
    at: datetime  # of the question in the booking's history
    again: bool = False


class BookingAnswerUndone(Notice):
    """An answer before the day was sent by mistake: they are asked to disregard it."""

    about: Literal["booking_answer_undone"] = "booking_answer_undone"
    booking: BookingId
    at: datetime  # of the answer


class BookingReleased(Notice):
    """They released an appointment that was answered before the day, and can no longer take that back."""

    about: Literal["booking_released"] = "booking_released"
    booking: BookingId
    message: MessageId | None = None  # that offered to take it back


class RateMeeting(Notice):
    about: Literal["rate_meeting"] = "rate_meeting"
    booking: BookingId


class MeetingOutcome(Notice):
    """What came of their meeting, in writing; or how what they were told of it was put right."""

    about: Literal["meeting_outcome"] = "meeting_outcome"
    booking: BookingId
    version: int


class WasItDone(Notice):
    """A promise is due: was it kept? Asked once more where nothing was said."""

    about: Literal["was_it_done"] = "was_it_done"
    promise: int
    again: bool = False


class WhyNotCome(Notice):
    """They did not come to their appointment: asked once why, without blame."""

    about: Literal["why_not_come"] = "why_not_come"
    booking: BookingId


class TicketGiven(Notice):
    """Staff added them on Customer Day, without an appointment: which ticket they have."""

    about: Literal["ticket_given"] = "ticket_given"
    booking: BookingId


class CaseUpdate(Notice):
    """A public event of a case: a new state, an official reply, a question, a proposed closure."""

    about: Literal["case_update"] = "case_update"
    case: CaseId
    event: int


class FileRefused(Notice):
    """A file could not be kept: too large, of a kind not accepted, damaged, or no longer held by the channel."""

    about: Literal["file_refused"] = "file_refused"
    file: FileId


class Changed(StrEnum):
    """Why somebody stands further back in a line than they were told."""

    NO = ""
    MOVED = "moved"  # they were transferred themselves
    LET_GO = "let_go"  # they let others go first, or were asked to
    UNDONE = "undone"  # what they were shown before was a mistake of the staff's
    CAME_BACK = "came_back"  # they were away, or had left
    LATE = "late"  # somebody came late whose appointment is before theirs
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    PUT_BACK = "put_back"
    OTHERS = "others"  # appointments before theirs were made or moved


class LinePlace(Notice):
    """What somebody who came is to see of the line: in one message, which is edited."""

    about: Literal["line_place"] = "line_place"
    booking: BookingId
    session: SessionId
    state: str  # the visit's
    position: int | None = None
    low: AwareDatetime | None = None
    high: AwareDatetime | None = None
    inside: tuple[int, ...] = ()  # tickets
    held: str = ""  # a break or a delay
    held_until: AwareDatetime | None = None
    away_until: AwareDatetime | None = None  # they asked for more time
    more: int = 0  # how often they did
    changed: Changed = Changed.NO


class LinePush(Notice):
    """Somebody's turn comes nearer: their phone rings. `at` is the position for which it does."""

    about: Literal["line_push"] = "line_push"
    booking: BookingId
    at: int
    position: int
    low: AwareDatetime | None = None
    high: AwareDatetime | None = None


class LineCalled(Notice):
    """Somebody is called in. `call` counts the times."""

    about: Literal["line_called"] = "line_called"
    booking: BookingId
    call: int


class CallUndone(Notice):
    """Somebody was called by mistake, the so-and-so-manieth time."""

    about: Literal["call_undone"] = "call_undone"
    booking: BookingId
    call: int


class LineShifted(Notice):
    """Somebody who is still at home is expected later than they know; or, unless it is `later`, earlier again."""

    about: Literal["line_shifted"] = "line_shifted"
    booking: BookingId
    session: SessionId
    low: AwareDatetime
    high: AwareDatetime
    later: bool
    held: str = ""  # the break or delay that it comes from
    held_until: AwareDatetime | None = None


class DelegationNews(Notice):
    """To either side: it was agreed to, refused, recorded by staff or ended (`what`).

    `name` and whether it is `to_delegate` are for when it is gone.
    """

    about: Literal["delegation_news"] = "delegation_news"
    delegation: DelegationId
    what: str
    name: str
    to_delegate: bool = True


class DelegateActed(Notice):
    """To the person acted for: their delegate filed, booked or changed something."""

    about: Literal["delegate_acted"] = "delegate_acted"
    delegation: DelegationId
    subject: Subject
    what: str


class ForAnother(Notice):
    """To a delegate: what the person they act for is told of something that came through them."""

    about: Literal["for_another"] = "for_another"
    delegation: DelegationId
    said: str  # the notice, as JSON


class IncidentJoined(Notice):
    """A request that was submitted before an incident was opened has joined it."""

    about: Literal["incident_joined"] = "incident_joined"
    incident: IncidentId
    case: CaseId


class IncidentNews(Notice):
    """What all who joined an incident are told. `case` is one of theirs, or one that they joined."""

    about: Literal["incident_news"] = "incident_news"
    news: int
    case: CaseId


class StreetNews(Notice):
    """To neighbours with one request: somebody offers to speak for all, does, or no longer does; their appointment."""

    about: Literal["street_news"] = "street_news"
    case: CaseId
    offer: int
    what: str
    booking: BookingId | None = None
    version: int = 0  # of the booking, or of what came of the meeting


class ImprovementMade(Notice):
    """What they asked for was done; those who asked are told before it is announced."""

    about: Literal["improvement_made"] = "improvement_made"
    improvement: int


# ---------------------------------------------------------------------------- to a member of staff, in their own chat


class ConsentAnswered(Notice):
    """To its author: a second administrator approved their announcement, or refused it."""

    about: Literal["consent_answered"] = "consent_answered"
    announcement: AnnouncementId
    approved: bool
    by: str  # a name
    why: str = ""


# ---------------------------------------------------------------------------- to an office's staff


class StaffBooking(Notice):
    """A booking is new, moved, cancelled …"""

    about: Literal["staff_booking"] = "staff_booking"
    booking: BookingId
    what: str  # a booking event's word


class StaffBookingCard(Notice):
    """The living card of an appointment is to show how it stands."""

    about: Literal["staff_booking_card"] = "staff_booking_card"
    booking: BookingId


class TakenForYou(Notice):
    """What staff took by phone or at the counter is the resident's now; or (`clashes`) is not, for they have an
    appointment of their own on that day.
    """

    about: Literal["taken_for_you"] = "taken_for_you"
    case: CaseId | None = None
    booking: BookingId | None = None
    clashes: bool = False


class ConsentToAsk(Notice):
    """Somebody wants to act for a person without Telegram: the office is to call and ask them."""

    about: Literal["consent_to_ask"] = "consent_to_ask"
    delegation: DelegationId


class StaffCard(Notice):
    """The living card of a case is to show how the case stands, at an office that has it or had it."""

    about: Literal["staff_card"] = "staff_card"
    case: CaseId
    office: OfficeId


class StaffFiles(Notice):
    """The photos, voice notes and documents of a case, or of an event of it, are to be below its card."""

    about: Literal["staff_files"] = "staff_files"
    case: CaseId
    office: OfficeId
    event: int | None = None  # only those that came with it


class LinePanel(Notice):
    """The living message with a line's buttons is to show how it stands: in an office's chat or a member's own."""

    about: Literal["line_panel"] = "line_panel"
    session: SessionId
    chat: ChatId


class StaffAlarms(Notice):
    """Targets of several cases run out, or have: one message instead of one for each."""

    about: Literal["staff_alarms"] = "staff_alarms"
    office: OfficeId
    events: tuple[int, ...]


class DangerAlert(Notice):
    """A request tells of a danger; `escalated`: nobody of the team has taken it in time."""

    about: Literal["danger_alert"] = "danger_alert"
    case: CaseId
    escalated: bool


class IncidentCard(Notice):
    """The living card of an incident is to show how it stands."""

    about: Literal["incident_card"] = "incident_card"
    incident: IncidentId
    office: OfficeId


class MorningDigest(Notice):
    """How an office's day begins."""

    about: Literal["morning_digest"] = "morning_digest"
    office: OfficeId
    day: date


class StaffCase(Notice):
    """The resident said or did something about a case, or one of its targets runs out."""

    about: Literal["staff_case"] = "staff_case"
    case: CaseId
    event: int
    office: OfficeId | None = None  # the one that is told


class PromiseDue(Notice):
    """A promise is due in two working days."""

    about: Literal["promise_due"] = "promise_due"
    promise: int


class PromiseToConfirm(Notice):
    """Somebody whom the bot cannot reach is to be asked by phone whether a promise was kept."""

    about: Literal["promise_to_confirm"] = "promise_to_confirm"
    promise: int


class PromiseBroken(Notice):
    """A resident says that a promise was not kept: to the team, and to the director."""

    about: Literal["promise_broken"] = "promise_broken"
    promise: int


class Audience(StrEnum):
    """To whom a report is sent without having been asked for."""

    OFFICE = "office"  # its team's group
    DIRECTOR = "director"
    COUNCIL = "council"
    MINISTRY = "ministry"


class PeriodReport(Notice):
    """The figures of a week or a month, from the first day to the last."""

    about: Literal["period_report"] = "period_report"
    audience: Audience
    office: OfficeId  # "" is every office
    first: date
    last: date


# ---------------------------------------------------------------------------- to director and team, in their own chats


class SessionBriefed(Notice):
    """Who comes to a session. `again`: in the morning, because this has changed since the evening."""

    about: Literal["session_briefed"] = "session_briefed"
    session: SessionId
    again: bool = False
    added: tuple[BookingId, ...] = ()
    moved: tuple[BookingId, ...] = ()
    gone: tuple[BookingId, ...] = ()


class SessionSummed(Notice):
    """What came of a session, in numbers."""

    about: Literal["session_summed"] = "session_summed"
    session: SessionId


# ---------------------------------------------------------------------------- to administrators, in their own chats


class OfficeChatLost(Notice):
    """The bot cannot write in an office's group any more."""

    about: Literal["office_chat_lost"] = "office_chat_lost"
    office: OfficeId
    chat: ChatId


class AnnouncementProgress(Notice):
    """How far an announcement is: to its author, in one message that is edited."""

    about: Literal["announcement_progress"] = "announcement_progress"
    announcement: AnnouncementId


class AnnouncementToApprove(Notice):
    """An announcement waits for a second person."""

    about: Literal["announcement_to_approve"] = "announcement_to_approve"
    announcement: AnnouncementId
    version: int


class AnnouncementDrafted(Notice):
    """What happened to a session was drafted as an announcement: somebody may look at it and send it."""

    about: Literal["announcement_drafted"] = "announcement_drafted"
    announcement: AnnouncementId


class IncidentEnds(Notice):
    """An incident ends soon, or has ended: somebody is to prolong or to close it."""

    about: Literal["incident_ends"] = "incident_ends"
    incident: IncidentId


class MessagesByHand(Notice):
    """Messages of a staff chat are about somebody who was erased, and only the people there can delete them."""

    about: Literal["messages_by_hand"] = "messages_by_hand"
    channel: str
    chat: ChatId


class WebhookFailing(Notice):
    """Telegram cannot deliver what people write."""

    about: Literal["webhook_failing"] = "webhook_failing"
    error: str
    pending: int
    since: AwareDatetime


class PartLost(Notice):
    """A part of what staff sent to an applicant could not be delivered."""

    about: Literal["part_lost"] = "part_lost"
    case: CaseId
    office: OfficeId
    holds: str  # of which kind it was: `storage.outbox.held_by`


class ChatForbids(Notice):
    """A staff chat does not let the bot send something: an administrator is told."""

    about: Literal["chat_forbids"] = "chat_forbids"
    channel: str
    chat: ChatId
    reason: str  # in the channel's words


#: Every kind of notice there is; `conversations.notice_texts` says each of them.
KINDS: tuple[type[Notice], ...] = tuple(Notice.__subclasses__())

ANY_NOTICE: TypeAdapter[Notice] = TypeAdapter(
    Annotated[functools.reduce(operator.or_, KINDS), Field(discriminator="about")]
)


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
