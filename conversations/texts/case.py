"""A case in plain words: its kind, its state with what happens next, what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from markupsafe import Markup

from locales import N_, Localizer
from services.actors import is_resident
from services.cases.event_details import (
    SEPARATED,
    EndedAs,
    SameAs,
    ToBody,
    ToCategory,
    ToOffice,
    WithIncident,
    answers_question,
    detail_of,
)
from services.cases.workflow import REOPENABLE, SILENCE, Transition, can, closes_at
from services.casework.replies import corrects, undoes
from services.offices.offices import Body, BodyId, Offices
from services.unit_of_work import Work
from storage.ids import CategoryId, OfficeId
from storage.records.cases import Case, CaseEvent, CaseEventKind, CaseKind, CaseStatus, Outcome

E, S = CaseEventKind, CaseStatus

KINDS: Mapping[CaseKind, str] = MappingProxyType(
    {
        CaseKind.COMPLAINT: N_("Complaint"),
        CaseKind.SUGGESTION: N_("Suggestion"),
        CaseKind.OBSERVATION: N_("Observation"),
        CaseKind.SERVICE_REQUEST: N_("Service request"),
        CaseKind.INQUIRY: N_("Inquiry"),
    }
)

#: Kinds of which something is to come; to the others it is an answer that is owed.
TO_BE_DONE = frozenset({CaseKind.COMPLAINT, CaseKind.SERVICE_REQUEST})

STATUSES: Mapping[CaseStatus, str] = MappingProxyType(
    {
        S.RECEIVED: N_("Received"),
        S.UNDER_REVIEW: N_("Under review"),
        S.IN_PROGRESS: N_("Work is under way"),
        S.AWAITING_RESIDENT: N_("Waiting for your reply"),
        S.REFERRED: N_("Referred to the responsible body"),
        S.OUTSIDE_REMIT: N_("Outside the municipality's remit"),
        S.REJECTED: N_("Not accepted"),
        S.DUPLICATE: N_("Merged with an earlier request"),
        S.RESOLVED: N_("Solved, waiting for you to confirm"),
        S.CLOSED: N_("Closed"),
        S.WITHDRAWN: N_("Withdrawn"),
        S.REOPENED: N_("Reopened"),
    }
)

#: The same to who joined, where it is not they who are waited for.
_STATUSES_OF_OTHERS: Mapping[CaseStatus, str] = MappingProxyType(
    {
        S.AWAITING_RESIDENT: N_("Waiting for a reply"),
        S.RESOLVED: N_("Solved, waiting for the applicant to confirm"),
    }
)

#: The route that begins a new one of a kind.
ROUTES: Mapping[CaseKind, str] = MappingProxyType(
    {
        CaseKind.COMPLAINT: "complain",
        CaseKind.SUGGESTION: "suggest",
        CaseKind.OBSERVATION: "observe",
        CaseKind.SERVICE_REQUEST: "request",
        CaseKind.INQUIRY: "inquire",
    }
)

#: What a list shows beside a case, so that it can be scanned.
MARKS: Mapping[CaseStatus, str] = MappingProxyType(
    {S.AWAITING_RESIDENT: "❓", S.RESOLVED: "❔", S.REFERRED: "↗️"}
    | dict.fromkeys((S.RECEIVED, S.UNDER_REVIEW, S.IN_PROGRESS, S.REOPENED), "🟢")
    | dict.fromkeys((S.CLOSED, S.OUTSIDE_REMIT, S.REJECTED, S.DUPLICATE, S.WITHDRAWN), "⚪️")
)


# ---------------------------------------------------------------------------- names


def kind_name(t: Localizer, kind: CaseKind) -> Markup:
    return t(KINDS[kind])


def status_name(t: Localizer, status: CaseStatus, *, mine: bool = True) -> Markup:
    """A state as the applicant reads it; with `mine` false, as who joined does."""
    words = STATUSES if mine or status not in _STATUSES_OF_OTHERS else _STATUSES_OF_OTHERS
    return t(words[status])


def category_name(t: Localizer, offices: Offices, category: CategoryId) -> Markup:
    """A category's name; its id where it is gone from the offices file."""
    found = offices.category(category)
    return t.pick(found.name) if found else t.own(category)


def office_name(t: Localizer, offices: Offices, office: OfficeId) -> Markup:
    found = offices.get(office)
    return t.pick(found.name) if found else t.own(office)


def body_of(offices: Offices, body: str) -> Body | None:
    return offices.bodies_by_id.get(BodyId(body))


def body_name(t: Localizer, offices: Offices, body: str) -> Markup:
    """A body's name; what staff wrote where it is none of the offices file's."""
    found = body_of(offices, body)
    if found:
        return t.pick(found.name)
    return t.own(body) if body else t("the responsible body")


def reach(t: Localizer, body: Body) -> Markup | None:
    """How to reach a body directly; None where no number is known."""
    return t("Their hotline: {phone}", phone=t.phone(body.hotline)) if body.hotline else None


class Located(Protocol):
    """What says where: a case, or the draft of one."""

    @property
    def block(self) -> int | None: ...
    @property
    def road(self) -> str: ...
    @property
    def building(self) -> str: ...
    @property
    def latitude(self) -> float | None: ...


def place_words(t: Localizer, place: Located) -> Markup | None:
    """Say "Building 5, Road 12, Block 338", or what the person wrote instead; None where no place was given."""
    parts: list[Markup] = []
    if place.building:
        parts.append(t("Building {building}", building=place.building))
    if place.road:
        numbered = place.road.isascii() and place.road.isalnum() and place.road[0].isdigit()
        parts.append(t("Road {road}", road=place.road) if numbered else t.own(place.road))
    if place.block is not None:
        parts.append(t("Block {block}", block=str(place.block)))
    if place.latitude is not None:
        parts.append(t("a pin on the map"))
    return t(", ").join(parts) if parts else None


# ---------------------------------------------------------------------------- state and next step


def next_step(t: Localizer, work: Work, case: Case, *, mine: bool = True) -> Markup | None:
    """What happens next, and by when; None where nothing does. Who joined (`mine` is false) has less to decide."""
    if (late := late_words(t, work, case)) is not None:
        return late
    match case.status:
        case S.RECEIVED | S.REOPENED:
            return t("Next: we will review it by {date}.", date=t.date(case.triage_due))
        case S.UNDER_REVIEW if case.answered_at is None:
            return t("Next: we will send a first reply by {date}.", date=t.date(case.update_due))
        case S.UNDER_REVIEW | S.IN_PROGRESS:
            return _expected(t, case)
        case S.AWAITING_RESIDENT if not mine:
            return t("Next: we will continue as soon as we have a reply from you or the applicant.")
        case S.AWAITING_RESIDENT:
            return t("Next: we will continue as soon as you reply.")
        case S.REFERRED | S.OUTSIDE_REMIT:
            return _theirs(t, work.offices, case)
        case S.DUPLICATE:
            return t("We will send you updates on the earlier request.")
        case S.RESOLVED if (closing := closes_at(case)) is not None:
            return _to_confirm(t, case, closing, mine=mine)
        case _ if is_over(work, case, mine=mine):
            return t("If the problem continues, you can submit a new request.")
        case S.REJECTED | S.CLOSED | S.WITHDRAWN:
            return t("You can reopen this request until {date}.", date=t.date(_ended_at(case) + REOPENABLE))
    return None


def _to_confirm(t: Localizer, case: Case, closing: datetime, *, mine: bool) -> Markup:
    """What is asked of the applicant once the office says that it is done."""
    date = t.date(closing)
    if not mine:
        return t(
            "Next: the applicant will tell us if it is fixed. If we do not hear from them, we will close it on {date}.",
            date=date,
        )
    if case.kind is CaseKind.INQUIRY:
        return t(
            "Next: tell us if this answers your question. If we do not hear from you, we will close it on {date}.",
            date=date,
        )
    return t(
        "Next: tell us if it is fixed. If we do not hear from you, we will close it on {date}.",
        date=date,
    )


def is_reopenable(work: Work, case: Case) -> bool:
    """Whether its applicant may have it opened again."""
    return can(case, Transition.REOPEN) and work.now - _ended_at(case) <= REOPENABLE


def is_over(work: Work, case: Case, *, mine: bool) -> bool:
    """Whether all that is left to do about the matter is to submit it anew."""
    ended = case.status in {S.REJECTED, S.CLOSED, S.WITHDRAWN}
    return ended and not (mine and is_reopenable(work, case))


def _ended_at(case: Case) -> datetime:
    return case.closed_at or case.updated_at


def _expected(t: Localizer, case: Case) -> Markup:
    date = t.date(case.close_due)
    if case.kind in TO_BE_DONE:
        return t("We expect to finish this by {date}.", date=date)
    return t("We expect to reply by {date}.", date=date)


def late_words(t: Localizer, work: Work, case: Case) -> Markup | None:
    """That what comes next was to be done by now: once a promise cannot be kept, the plain truth. None where it can."""
    due = _promised_by(case)
    if due is None or work.now <= due:
        return None
    return t("Sorry, this was due by {date} and is late. We have told the managers.", date=t.date(due))


def _promised_by(case: Case) -> datetime | None:
    """By when the office has promised what comes next; None where that is not the office's to do."""
    match case.status:
        case S.RECEIVED | S.REOPENED:
            return case.triage_due
        case S.UNDER_REVIEW if case.answered_at is None:
            return case.update_due
        case S.UNDER_REVIEW | S.IN_PROGRESS:
            return case.close_due
    return None


def _theirs(t: Localizer, offices: Offices, case: Case) -> Markup:
    body = body_of(offices, case.referred_to)
    who = body_name(t, offices, case.referred_to)
    if case.status is S.OUTSIDE_REMIT:  # it was not passed on: the resident turns to them
        said = t("Next: contact the responsible body ({body}).", body=who)
    else:
        said = t("Next: the responsible body will deal with this request ({body}).", body=who)
    if case.external_reference:
        said += " " + t("Their reference: {reference}.", reference=t.ref(case.external_reference))
    number = reach(t, body) if body else None
    return said + " " + number if number else said


# ---------------------------------------------------------------------------- history

#: What happened, where one sentence says it, to the applicant and to those who joined.
_HAPPENED: Mapping[CaseEventKind, str] = MappingProxyType(
    {
        E.RECEIVED: N_("We received this request."),
        E.TAKEN_UP: N_("A member of staff is looking into this."),
        E.WORK_STARTED: N_("Work has started."),
        E.ASKED: N_("The municipality asked:"),
        E.REPLIED: N_("The municipality replied:"),
        E.RESOLVED: N_("The municipality reported this as solved."),
        E.REJECTED: N_("Sorry, we could not accept this request."),
    }
)

_ANSWER_CORRECTED = N_("The municipality corrected its reply:")
_QUESTION_CORRECTED = N_("The municipality corrected its question:")
_TAKEN_BACK = N_("Please ignore the municipality's last message. It was sent by mistake.")


def event_words(
    t: Localizer, offices: Offices, event: CaseEvent, *, mine: bool, files: int = 0, limit: int = 1500
) -> Markup | None:
    """What happened, as the resident is told; None for what is not theirs to see.

    `mine` is for whom the event is by; the others are told what "the applicant" did. `files` came with it; of
    its words `limit` characters are shown.
    """
    if not event.public:
        return None
    happened = _corrected(event) or _HAPPENED.get(event.what)
    said = t(happened) if happened else _by_resident(t, event, mine=mine, files=files) or _by_office(t, offices, event)
    if said is None or event.what in {E.RECEIVED, E.REFERRED}:
        return said
    if event.words:
        said = t("{what} “{words}”", what=said, words=t.own(event.words, limit))
    if files and mine and (event.words or event.what is not E.INFORMATION):
        said += " " + t.plural("📎 {n} attachment", "📎 {n} attachments", files)
    return said


def _corrected(event: CaseEvent) -> str | None:
    """What is said of words that put earlier ones right; None of all others."""
    if undoes(event):
        return _TAKEN_BACK
    if not corrects(event):
        return None
    return _QUESTION_CORRECTED if event.what is E.ASKED else _ANSWER_CORRECTED


def _by_resident(t: Localizer, event: CaseEvent, *, mine: bool, files: int) -> Markup | None:
    match event.what:
        case E.INFORMATION if not mine:
            return t("More information was added.")
        case E.INFORMATION if not event.words and files:
            return t.plural("You added a file.", "You added {n} files.", files)
        case E.INFORMATION:
            return t("You replied:") if answers_question(event) else t("You added:")
        case E.WITHDRAWN if not is_resident(event.actor):
            return t("Closed because the outcome of the meeting was corrected.")
        case E.WITHDRAWN:
            return t("You withdrew this request.") if mine else t("The applicant withdrew this request.")
        case E.REOPENED if detail_of(event) == EndedAs(Outcome.NOT_FIXED):
            return t("You said it is not fixed.") if mine else t("The applicant said it is not fixed.")
        case E.REOPENED if detail_of(event) == SEPARATED:
            return _separated(t, event, mine=mine)
        case E.REOPENED:
            return t("Reopened.")
        case E.CLOSED if detail_of(event) == EndedAs(Outcome.FIXED):
            return (
                t("Closed. You confirmed that it is fixed.")
                if mine
                else t("Closed. The applicant confirmed that it is fixed.")
            )
        case E.CLOSED if isinstance(detail_of(event), WithIncident):
            return t("Closed together with all requests about the same.")
        case E.CLOSED:
            return t("We closed this request because we had no reply within {span}.", span=t.duration(SILENCE))
    return None


def _separated(t: Localizer, event: CaseEvent, *, mine: bool) -> Markup:
    """It stands on its own again, because somebody said that it is not the same."""
    if not is_resident(event.actor):
        return t("We separated this request from the earlier one. We will deal with it on its own.")
    if mine:
        return t("You said that yours is about something else. We will deal with your request on its own.")
    return t("The applicant said that this is about something else. We will deal with it on its own.")


def _by_office(t: Localizer, offices: Offices, event: CaseEvent) -> Markup | None:
    match detail_of(event):
        case ToBody(body) if event.what is E.REFERRED:
            return t("We referred this request to: {body}.", body=body_name(t, offices, body))
        case ToBody(body):
            return t(
                "The municipality cannot deal with this. Responsible body: {body}.",
                body=body_name(t, offices, body),
            )
        case SameAs(reference):
            return t(
                "We merged this request with an earlier one about the same subject: {reference}.",
                reference=t.ref(reference),
            )
        case ToOffice(office):
            return t("We transferred this request to {office}.", office=office_name(t, offices, office))
        case ToCategory(category):
            return t("We changed the category to {category}.", category=category_name(t, offices, category))
    return None
