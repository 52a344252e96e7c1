"""What people are told of cases unasked: the residents, of each step; the office's staff, of what came in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.fields import refusal_words
from conversations.engine.messages import FileKind, OutgoingFile
from conversations.engine.notices import Rendering
from conversations.engine.step import Button, NotYet, Responder, Rows
from conversations.requests.separating import different_button
from conversations.requests.view import fixed_row, how_content, new_row, star_row
from conversations.texts.booking import release_rows, release_words
from conversations.texts.case import category_name, event_words, is_over, late_words, next_step, status_name
from locales import N_, Localizer
from services import residents
from services.actors import case_subject, file_subject, is_resident, resident_actor
from services.bookings import linked_cases
from services.cases import questions, resident_actions
from services.cases.event_details import SEPARATED, EndedAs, OfQuestion, OfTarget, SameAs, answers_question, detail_of
from services.cases.targets import Target
from services.cases.workflow import Transition, can
from services.casework import replies
from services.files import attachments
from services.files.attachments import Refusal
from services.notify.notices.cases import CaseUpdate, FileRefused
from storage.records.cases import Case, CaseEvent, CaseEventKind, CaseKind, CaseStatus, Outcome
from storage.records.files import FileRow, FileStatus
from storage.records.residents import Resident

E = CaseEventKind

#: After these a meeting about the same may no longer be needed.
_ANSWERS = frozenset({E.REPLIED, E.CLOSED})
CARD_WORDS = 600  # of the request's words, on a card for staff
_WHOLE = 2 * replies.LONGEST  # in the channel's units, of which a character has two at most
SHOWN_FILES = 10  # photos sent along with an official answer: an album's
_WAITS_FOR_FILES = timedelta(minutes=30)  # an official answer, until what came with it was fetched and checked


# ---------------------------------------------------------------------------- to the resident and who joined


async def update(responder: Responder, notice: CaseUpdate, resident: Resident) -> None:
    """Tell an event of a case, unless it is no longer true."""
    event = await resident_actions.event_by_id(responder.work, notice.event)
    case = await resident_actions.by_id(responder.work, notice.case)
    case = await resident_actions.own(responder.work, case.reference, resident) if case else None
    if event is None or case is None:
        return
    if not event.public and event.what not in {E.REMINDED, E.OVERDUE}:
        return  # it was taken back meanwhile
    if await _waits_for_files(responder, event):
        raise NotYet
    event = await replies.in_language(responder.work, event, resident.language)
    match event.what:
        case E.ASKED | E.REMINDED:
            await _ask(responder, case, event, mine=case.resident_id == resident.id)
        case E.RESOLVED:
            await _propose(responder, case, event, mine=case.resident_id == resident.id)
        case E.OVERDUE:
            _apologise(responder, case, mine=case.resident_id == resident.id)
        case _:
            await _tell(responder, case, event, resident)


async def foresee(responder: Responder, case: Case, event: CaseEvent, resident: Resident) -> None:
    """Say an event that has not happened yet as the applicant will be told it; `case` is as it will then be."""
    if event.what is E.ASKED:
        _say_question(responder, case, event, event, mine=True)
    elif event.what is E.RESOLVED:
        await _say_proposal(responder, case, event, mine=True)
    else:
        await _tell(responder, case, event, resident)


async def _waits_for_files(responder: Responder, event: CaseEvent) -> bool:
    """Whether what came with staff's words is still to be fetched and checked; words do not wait for ever."""
    if is_resident(event.actor) or responder.work.now - event.at > _WAITS_FOR_FILES:
        return False
    files = await resident_actions.files_of(responder.work, event.case_id)
    return any(came_with == event.id and file.status is FileStatus.WANTED for file, came_with in files)


async def _ask(responder: Responder, case: Case, event: CaseEvent, *, mine: bool) -> None:
    """A question, or its recall: both only while it is open."""
    question = await resident_actions.open_question(responder.work, case.id, responder.t.language)
    if question is None or (question.id != event.id and detail_of(event) != OfQuestion(question.id)):
        return
    if event.what is E.ASKED:
        await _show_files(responder, case, event)
    _say_question(responder, case, event, question, mine=mine)


def _say_question(responder: Responder, case: Case, event: CaseEvent, question: CaseEvent, *, mine: bool) -> None:
    t = responder.t
    if event.what is E.REMINDED:
        heading = t("❓ The municipality is still waiting for a reply to this question:")
    elif replies.corrects(event):
        heading = t("❓ The municipality has corrected its question:")
    else:
        heading = t("❓ The municipality asks:")
    text = t.join_lines(
        _heading(responder, case, mine=mine),
        heading,
        t("“{words}”", words=t.own(question.words, _WHOLE)),
        "",
        t("Reply to this message or use the button. We will continue as soon as you do."),
    )
    rows = ((Button(label=t.plain("Reply to question"), route="answer", value=case.reference),),)
    responder.say(text, rows, subject=case_subject(case.id), asks=questions.key_of(question))


def _apologise(responder: Responder, case: Case, *, mine: bool) -> None:
    """The date that was given has passed: said once, unless something has been done meanwhile."""
    t, work = responder.t, responder.work
    if (late := late_words(t, work, case)) is None:
        return
    text = t.join_lines(
        _heading(responder, case, mine=mine),
        t("⏰ {late}", late=late),
        t("To speak to someone, call the hotline: {phone}", phone=t.phone(work.offices.hotline)),
    )
    row = [Button(label=t.plain("View request"), route="case", value=case.reference)]
    if can(case, Transition.INFORM):
        row.append(Button(label=t.plain("Add information"), route="add", value=case.reference))
    responder.say(text, (row,), subject=case_subject(case.id))


async def _propose(responder: Responder, case: Case, event: CaseEvent, *, mine: bool) -> None:
    """A proposed closure, with what shows it; the applicant has the last word, while it is still open."""
    if case.status is not CaseStatus.RESOLVED:
        return
    await _show_files(responder, case, event)
    await _say_proposal(responder, case, event, mine=mine)


async def _say_proposal(responder: Responder, case: Case, event: CaseEvent, *, mine: bool) -> None:
    t = responder.t
    visit = await linked_cases.appointment_about(responder.work, case) if mine else None
    text = t.join_lines(
        _heading(responder, case, mine=mine),
        t("💬 The municipality has answered your question.")
        if case.kind is CaseKind.INQUIRY
        else t("🛠 The municipality says this is solved."),
        t("“{words}”", words=t.own(event.words, _WHOLE)) if event.words else None,
        "",
        next_step(t, responder.work, case, mine=mine),
        *release_words(t, visit),
    )
    follow = [Button(label=t.plain("View request"), route="case", value=case.reference)]
    rows: Rows = [fixed_row(t, case), *release_rows(t, visit)] if mine else [follow]
    responder.say(text, rows, subject=case_subject(case.id))


async def _tell(responder: Responder, case: Case, event: CaseEvent, resident: Resident) -> None:
    t, mine = responder.t, case.resident_id == resident.id
    own = event.actor == resident_actor(resident.id)
    shown = event if own or not is_resident(event.actor) else event.model_copy(update={"words": ""})
    what = event_words(t, responder.work.offices, shown, mine=own, limit=_WHOLE)
    if what is None:
        return
    is_barred = case.status is CaseStatus.REJECTED and residents.is_barred(resident, responder.work.now)
    step = None if is_barred else next_step(t, responder.work, case, mine=mine)  # nothing is opened again for them
    rate = ("", how_content(t)) if _is_rateable(case, event) else ()
    answered = mine and event.what in _ANSWERS
    visit = await linked_cases.appointment_about(responder.work, case) if answered else None
    text = t.join_lines(
        _heading(responder, case, mine=mine), what, *(("", step) if step else ()), *rate, *release_words(t, visit)
    )
    await _show_files(responder, case, event)
    rows = () if is_barred else (*release_rows(t, visit), *_after(responder, case, event, mine=mine))
    responder.say(text, rows, subject=case_subject(case.id))


def _heading(responder: Responder, case: Case, *, mine: bool) -> Markup:
    t = responder.t
    category = category_name(t, responder.work.offices, case.category)
    if mine:
        return t("<b>Your request {reference}</b> ({category})", reference=t.ref(case.reference), category=category)
    return t(
        "<b>Request {reference}, which you joined</b> ({category})", reference=t.ref(case.reference), category=category
    )


def _after(responder: Responder, case: Case, event: CaseEvent, *, mine: bool) -> Rows:
    """What can be done now: rate what has come to an end, have it opened again, look at it."""
    t = responder.t
    rows: list[list[Button]] = []
    if _is_rateable(case, event):
        rows.append(star_row(t, case.reference))
    # Of a duplicate all that will happen is to be seen at the earlier request.
    detail = detail_of(event)
    followed = detail.reference if isinstance(detail, SameAs) else case.reference
    last = [Button(label=t.plain("View request"), route="case", value=followed)]
    if mine and isinstance(detail, SameAs):
        last += different_button(t, responder.work, case)
    if event.what is E.REPLIED and can(case, Transition.INFORM):
        last.append(Button(label=t.plain("Add information"), route="add", value=case.reference))
    if mine and can(case, Transition.REOPEN) and event.what in {E.CLOSED, E.REJECTED, E.OUTSIDE_REMIT}:
        last.append(Button(label=t.plain("Reopen"), route="reopen", value=case.reference))
    rows.append(last)
    if event.what in {E.CLOSED, E.REJECTED, E.WITHDRAWN} and is_over(responder.work, case, mine=mine):
        rows.append(new_row(t, case.kind))
    return rows


def _is_rateable(case: Case, event: CaseEvent) -> bool:
    return event.what is E.CLOSED and case.status is CaseStatus.CLOSED


async def _show_files(responder: Responder, case: Case, event: CaseEvent) -> None:
    """Photos and documents that came with an official answer, before its words."""
    if is_resident(event.actor):
        return
    files = [
        file
        for file, event_id in await resident_actions.files_of(responder.work, case.id)
        if event_id == event.id and file.status is FileStatus.STORED
    ]
    for file in files[:SHOWN_FILES]:
        responder.say(Markup(), files=(outgoing(file),), subject=case_subject(case.id))


def outgoing(file: FileRow) -> OutgoingFile:
    """A stored file as part of a message."""
    return OutgoingFile(kind=FileKind(file.kind), name=file.name, mime=file.mime, sha256=file.sha256)


async def file_refused(responder: Responder, notice: FileRefused, resident: Resident) -> None:
    """A file that was sent could not be kept: which, why, and what helps."""
    file = await attachments.by_id(responder.work, notice.file)
    if file is None or file.resident_id != resident.id or file.status not in {FileStatus.REFUSED, FileStatus.GONE}:
        return
    t = responder.t
    which = (
        t("📎 Sorry, we could not save the file {name}.", name=t.own(file.name, 60))
        if file.name
        else t("📎 Sorry, we could not save a file you sent.")
    )
    why = refusal_words(t, Refusal(file.reason) if file.reason else Refusal.GONE)
    responder.say(t.join_lines(which, why, t("We have saved everything else you sent.")), subject=file_subject(file.id))


async def staff_file_refused(responder: Responder, notice: FileRefused) -> None:
    """A file that a member of staff sent to a case could not be kept: it did not reach the resident."""
    file = await attachments.by_id(responder.work, notice.file)
    case_id = await attachments.case_of(responder.work, notice.file)
    case = await resident_actions.by_id(responder.work, case_id) if case_id is not None else None
    if file is None or case is None or file.status not in {FileStatus.REFUSED, FileStatus.GONE}:
        return
    t = responder.t
    text = t.join_lines(
        t(
            "📎 We could not save a file sent to {reference}. The applicant did not receive it.",
            reference=t.ref(case.reference),
        ),
        refusal_words(t, Refusal(file.reason) if file.reason else Refusal.GONE),
    )
    responder.say(text, subject=case_subject(case.id))


# ---------------------------------------------------------------------------- to the office's staff

_CAME_IN: Mapping[CaseEventKind, str] = MappingProxyType(
    {
        E.RECEIVED: N_("📥 New"),
        E.INFORMATION: N_("💬 The applicant added information"),
        E.WITHDRAWN: N_("✖️ Withdrawn by the applicant"),
        E.REOPENED: N_("🔄 Reopened by the applicant"),
        E.CLOSED: N_("✅ The applicant confirmed it is fixed"),
        E.JOINED: N_("🤝 Another resident joined"),
        E.ESCALATED: N_("⬆️ Escalated"),
        E.TRANSFERRED: N_("📥 Transferred from another office"),
        E.WARNED: N_("⏳ The deadline is near"),
        E.OVERDUE: N_("⏰ The request is overdue"),
        E.UNANSWERED: N_("🔕 The applicant has not answered the question"),
        E.FORGOTTEN: N_("🗑 The applicant's data has been erased, so you can no longer contact them"),
        E.DISOWNED: N_("📵 The phone number belongs to someone else, so you cannot contact the applicant"),
    }
)


def came_in(t: Localizer, case: Case, event: CaseEvent) -> Markup:
    """What happened to a case, as staff read it."""
    if event.what is E.INFORMATION and event.actor != resident_actor(case.resident_id):
        return (
            t("💬 Another resident who joined replied")
            if answers_question(event)
            else t("💬 Another resident who joined added information")
        )
    if answers_question(event):
        return t("💬 The applicant replied")
    if event.what is E.REOPENED and detail_of(event) == EndedAs(Outcome.NOT_FIXED):
        return t("❌ The applicant said it is not fixed")
    if event.what is E.REOPENED and detail_of(event) == SEPARATED:
        return t("🔀 The applicant said it is about something else")
    if event.what is E.OVERDUE and detail_of(event) == OfTarget(Target.HARD_LIMIT):
        return t("⏰ The last day to close the request has passed")
    return t(_CAME_IN[event.what]) if event.what in _CAME_IN else t("🔔 Update")


def staff_status(t: Localizer, case: Case) -> Markup:
    """A state as staff read it."""
    match case.status:
        case CaseStatus.AWAITING_RESIDENT:
            return t("Waiting for the applicant")
        case CaseStatus.RESOLVED:
            return t("Solved, waiting for the applicant to confirm")
        case _:
            return status_name(t, case.status)


RENDERINGS = (
    Rendering(CaseUpdate, update),
    Rendering(FileRefused, file_refused, to_staff=staff_file_refused),
)
