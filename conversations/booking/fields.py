"""What is asked for an appointment, in order, and how each answer reads: the place to add a question.

A question of its own needs a step (`visitors`, `subject`) and an entry here. Its answer may be kept in
`BookingDraft.answers` under the field's name: it is then stored with the booking, handed out by /mydata and erased with
the rest, without a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from conversations.booking import meeting
from conversations.booking.about import TellingAbout
from conversations.booking.day_and_time import ChoosingDay
from conversations.booking.draft import BookingDraft
from conversations.booking.office import ChoosingOffice, receives
from conversations.booking.subject import (
    ChoosingTopic,
    DescribingSubject,
    NamingProject,
    NamingRegistration,
    described,
    topic_is_required,
)
from conversations.booking.visitors import GivingName, GivingPhone, PreparingVisit
from conversations.booking.wishes import granted
from conversations.engine.form import Check, Field, never
from conversations.engine.step import Responder, Turn
from conversations.texts.booking import field, topic_name, visit_words, when
from locales import N_
from services.offices.offices import Ask
from storage.records.bookings import Booking

Told = BookingDraft | Booking  # an answer, while it is entered and once it is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingField(Field[BookingDraft]):
    """`details` is how the booking shows it to the resident and on the staff's card; None where these don't show it."""

    details: Callable[[Responder, Booking], Markup | None] | None = None


# ---------------------------------------------------------------------------- how answers read


def _time(turn: Turn, draft: BookingDraft) -> Markup | None:
    t, seat, line = turn.t, draft.seat, draft.line
    if seat is not None:
        return when(t, seat.starts_at, seat.ends_at)
    if line is None:
        return None
    how = t("by draw: {moment}", moment=t.moment(line.draws_at)) if line.draws_at else t("on the waiting list")
    return t.join_lines(t.full_date(line.day), how)


def _topic(responder: Responder, told: Told) -> Markup | None:
    return topic_name(responder.work, responder.t, told.topic) if told.topic else None


def _description(turn: Turn, draft: BookingDraft) -> Markup:
    return described(turn, draft) or turn.t("nothing written")


def _visit(responder: Responder, told: Told) -> Markup:
    return visit_words(responder.t, told.companions, told.needs, told.answers)


def _project(responder: Responder, told: Told) -> Markup | None:
    return responder.t.own(told.project) if told.project else None


def _registration(responder: Responder, told: Told) -> Markup | None:
    """Where no project is named the office asks for neither."""
    t, number = responder.t, told.registration
    if not told.project:
        return None
    return t.ref(number) if number else t("not registered yet")


def _phone(turn: Turn, draft: BookingDraft) -> Markup | None:
    if draft.without_phone:
        return None
    t, phone = turn.t, turn.t.phone(draft.phone)
    return t("{phone} ({name})", phone=phone, name=draft.phone_of) if draft.phone_of else phone


# ---------------------------------------------------------------------------- when they are asked


def _asks(what: Ask) -> Callable[[Turn, BookingDraft], bool]:
    """Whether the office asks it beyond the usual."""

    def applies(turn: Turn, draft: BookingDraft) -> bool:
        office = turn.work.offices.get(draft.office)
        return office is not None and what in office.asks

    return applies


_asks_project, _asks_registration = _asks(Ask.PROJECT), _asks(Ask.COMMERCIAL_REGISTRATION)


def _all_else_known(turn: Turn, draft: BookingDraft) -> bool:
    """Whether nothing but the time has to be asked: then all that may be said beside it fits on the summary.

    Staff who ask a caller, and who acts for another, are led through it.
    """
    if turn.on_behalf or turn.acting is not None:
        return False
    others = (one for one in FIELDS if one not in {TIME, MEETING, ABOUT})
    return all(one.answered(turn, draft) for one in others if one.applies(turn, draft))


TIME = BookingField(
    name="day",
    label=N_("Time"),
    question=ChoosingDay,
    answered=lambda _, draft: draft.seat is not None or draft.line is not None,
    summary=_time,
)
MEETING = BookingField(
    name="meeting",
    label=N_("Meeting"),
    question=meeting.ChoosingMeeting,
    applies=meeting.is_asked,
    answered=meeting.is_answered,
    summary=meeting.summary,
    details=meeting.details,
)
DESCRIPTION = BookingField(
    name="matter",
    label=N_("Description"),
    question=DescribingSubject,
    answered=lambda *_: True,  # told on the screen that asks for all of it
    on_the_way=never,
    summary=_description,
)
ABOUT = BookingField(
    name="about",
    question=TellingAbout,
    answered=lambda turn, draft: (draft.told and draft.prepared) or _all_else_known(turn, draft),
    on_the_way=lambda turn, draft: draft.told or draft.prepared or not _all_else_known(turn, draft),
)
FIELDS: tuple[BookingField, ...] = (
    TIME,
    MEETING,
    ABOUT,
    BookingField(
        name="topic",
        label=N_("Topic"),
        question=ChoosingTopic,
        answered=lambda turn, draft: draft.topic != "" or not topic_is_required(turn, draft),
        on_the_way=never,
        summary=lambda turn, draft: _topic(turn, draft) or turn.t("not chosen"),
        details=_topic,
    ),
    DESCRIPTION,
    BookingField(
        name="visit",
        label=N_("Companions"),
        question=PreparingVisit,
        answered=lambda *_: True,
        on_the_way=never,
        summary=_visit,
        details=_visit,
    ),
    BookingField(
        name="project",
        label=N_("Project"),
        question=NamingProject,
        applies=_asks_project,
        answered=lambda _, draft: draft.project != "",
        summary=lambda turn, draft: _project(turn, draft) if _asks_project(turn, draft) else None,
        details=_project,
    ),
    BookingField(
        name="registration",
        label=N_("Registration"),
        question=NamingRegistration,
        applies=_asks_registration,
        answered=lambda _, draft: draft.registered,
        summary=lambda turn, draft: _registration(turn, draft) if _asks_registration(turn, draft) else None,
        details=_registration,
    ),
    BookingField(
        name="name",
        label=N_("Full name"),
        question=GivingName,
        answered=lambda _, draft: draft.name != "",
        on_the_way=lambda turn, draft: draft.name == "" or draft.name != turn.resident.name,
        summary=lambda turn, draft: turn.t.own(draft.name),
        personal=True,
    ),
    BookingField(
        name="phone",
        label=N_("Phone"),
        question=GivingPhone,
        applies=lambda _, draft: not draft.without_phone,
        answered=lambda _, draft: draft.phone != "",
        on_the_way=lambda turn, draft: draft.phone == "" or draft.phone != turn.resident.phone,
        summary=_phone,
        personal=True,
    ),
)


PARTS: tuple[BookingField | Check[BookingDraft], ...] = (
    BookingField(name="office", question=ChoosingOffice, answered=receives, on_the_way=never),
    Check(settled=lambda draft: draft.wish is None, look=granted),
    *FIELDS,
)


def detail_lines(responder: Responder, booking: Booking, description: Iterable[Markup]) -> list[Markup]:
    """A line for each answer that is shown of a booking. `description` stands in its place among them."""
    lines: list[Markup] = []
    for part in FIELDS:
        if part is DESCRIPTION:
            lines += description
        elif part.details is not None and (value := part.details(responder, booking)) is not None:
            lines.append(field(responder.t, part.label, value))
    return lines
