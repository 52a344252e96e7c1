"""What people are told of cases unasked: the residents, of each step; the office's staff, of what came in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.asking import refusal_words
from conversations.case_view import fixed_row, how_content, new_row, star_row
from conversations.case_words import (
    category_name,
    event_words,
    is_over,
    kind_name,
    next_step,
    place_words,
    status_name,
)
from conversations.messages import FileKind, OutgoingFile
from conversations.step import Button, Rows, Voice
from locales import N_, Tongue
from services import attachments, cases
from services.attachments import Refusal
from services.case_moves import Move, can
from services.case_news import resident_actor
from services.notices import CaseUpdate, FileRefused, StaffCase
from storage.records import Case, CaseEvent, CaseEventKind, CaseStatus, FileRow, FileStatus, Outcome, Resident

E = CaseEventKind

CARD_WORDS = 600  # of the request's words, on a card for staff
SHOWN_FILES = 4  # photos sent along with an official answer


# ---------------------------------------------------------------------------- to the resident and who joined


async def update(voice: Voice, notice: CaseUpdate, resident: Resident) -> None:
    """Tell a public event of a case, unless it is no longer true."""
    event = await cases.event_by_id(voice.work, notice.event)
    case = await cases.by_id(voice.work, notice.case)
    case = await cases.own(voice.work, case.reference, resident) if case else None
    if event is None or case is None:
        return
    match event.what:
        case E.ASKED | E.REMINDED:
            await _ask(voice, case, event, mine=case.resident_id == resident.id)
        case E.RESOLVED:
            await _propose(voice, case, event, mine=case.resident_id == resident.id)
        case _:
            await _tell(voice, case, event, resident)


async def _ask(voice: Voice, case: Case, event: CaseEvent, *, mine: bool) -> None:
    """A question, or its recall: both only while it is open."""
    question = await cases.open_question(voice.work, case.id)
    if question is None or str(question.id) not in {str(event.id), event.detail}:
        return
    t, again = voice.t, event.what is E.REMINDED
    text = t.join_lines(
        _heading(voice, case, mine=mine),
        t("❓ The municipality still waits for an answer:") if again else t("❓ The municipality asks:"),
        t("“{words}”", words=t.own(question.words, 2000)),
        "",
        t("To answer, reply to this message or use the button. Work goes on as soon as you do."),
    )
    rows = ((Button(label=t.plain("Answer"), door="answer", value=case.reference),),)
    voice.say(text, rows, subject=f"case:{case.id}")


async def _propose(voice: Voice, case: Case, event: CaseEvent, *, mine: bool) -> None:
    """A proposed closure, with what shows it; the applicant has the last word, while it is still open."""
    if case.status is not CaseStatus.RESOLVED:
        return
    t = voice.t
    text = t.join_lines(
        _heading(voice, case, mine=mine),
        t("🛠 The municipality reports it as solved."),
        t("“{words}”", words=t.own(event.words, 1500)) if event.words else None,
        "",
        next_step(t, voice.work, case, mine=mine),
    )
    follow = [Button(label=t.plain("Follow it"), door="case", value=case.reference)]
    rows: Rows = [fixed_row(t, case.reference)] if mine else [follow]
    await _show_files(voice, case, event)
    voice.say(text, rows, subject=f"case:{case.id}")


async def _tell(voice: Voice, case: Case, event: CaseEvent, resident: Resident) -> None:
    t, mine = voice.t, case.resident_id == resident.id
    own = event.actor == resident_actor(resident.id)
    shown = event if own or not event.actor.startswith("resident:") else event.model_copy(update={"words": ""})
    what = event_words(t, voice.work.offices, shown, mine=own)
    if what is None:
        return
    step = next_step(t, voice.work, case, mine=mine)
    rate = ("", how_content(t)) if _is_rateable(case, event) else ()
    text = t.join_lines(_heading(voice, case, mine=mine), what, *(("", step) if step else ()), *rate)
    await _show_files(voice, case, event)
    voice.say(text, _after(voice, case, event, mine=mine), subject=f"case:{case.id}")


def _heading(voice: Voice, case: Case, *, mine: bool) -> Markup:
    t = voice.t
    category = category_name(t, voice.work.offices, case.category)
    if mine:
        return t("<b>Your request {reference}</b> ({category})", reference=t.ref(case.reference), category=category)
    return t("<b>Request {reference}, which you joined</b> ({category})", reference=t.ref(case.reference),
             category=category)  # fmt: skip


def _after(voice: Voice, case: Case, event: CaseEvent, *, mine: bool) -> Rows:
    """What can be done now: rate what has come to an end, have it opened again, look at it."""
    t = voice.t
    rows: list[list[Button]] = []
    if _is_rateable(case, event):
        rows.append(star_row(t, case.reference))
    # Of a duplicate all that will happen is to be seen at the earlier request.
    followed = event.detail if event.what is E.DUPLICATE else case.reference
    last = [Button(label=t.plain("Follow it"), door="case", value=followed)]
    if event.what is E.REPLIED and can(case, Move.INFORM):
        last.append(Button(label=t.plain("Add information"), door="add", value=case.reference))
    if mine and can(case, Move.REOPEN) and event.what in {E.CLOSED, E.REJECTED, E.OUTSIDE_REMIT}:
        last.append(Button(label=t.plain("Reopen"), door="reopen", value=case.reference))
    rows.append(last)
    if event.what in {E.CLOSED, E.REJECTED, E.WITHDRAWN} and is_over(voice.work, case, mine=mine):
        rows.append(new_row(t, case.kind))
    return rows


def _is_rateable(case: Case, event: CaseEvent) -> bool:
    return event.what is E.CLOSED and case.status is CaseStatus.CLOSED


async def _show_files(voice: Voice, case: Case, event: CaseEvent) -> None:
    """Photos and documents that came with an official answer, before its words."""
    if event.actor.startswith("resident:"):
        return
    files = [
        file
        for file, event_id in await cases.files_of(voice.work, case.id)
        if event_id == event.id and file.status is FileStatus.STORED
    ]
    for file in files[:SHOWN_FILES]:
        voice.say(Markup(), files=(_outgoing(file),), subject=f"case:{case.id}")


def _outgoing(file: FileRow) -> OutgoingFile:
    return OutgoingFile(kind=FileKind(file.kind), name=file.name, mime=file.mime, sha256=file.sha256)


async def file_refused(voice: Voice, notice: FileRefused, resident: Resident) -> None:
    """A file that was sent could not be kept: which, why, and what helps."""
    file = await attachments.by_id(voice.work, notice.file)
    if file is None or file.resident_id != resident.id or file.status not in {FileStatus.REFUSED, FileStatus.GONE}:
        return
    t = voice.t
    which = (
        t("📎 The file {name} could not be kept.", name=t.own(file.name, 60)) if file.name
        else t("📎 A file that you sent could not be kept.")
    )  # fmt: skip
    why = refusal_words(t, Refusal(file.reason) if file.reason else Refusal.GONE)
    voice.say(t.join_lines(which, why, t("Everything else that you sent was kept.")), subject=f"file:{file.id}")


# ---------------------------------------------------------------------------- to the office's staff

_CAME_IN: Mapping[CaseEventKind, str] = MappingProxyType(
    {
        E.RECEIVED: N_("📥 New"),
        E.INFORMATION: N_("💬 The applicant added to it"),
        E.WITHDRAWN: N_("↩️ Withdrawn by the applicant"),
        E.REOPENED: N_("🔄 Reopened by the applicant"),
        E.CLOSED: N_("✅ The applicant confirmed that it is fixed"),
        E.JOINED: N_("🤝 Another resident joined"),
        E.ESCALATED: N_("⬆️ Escalated"),
        E.TRANSFERRED: N_("📥 Transferred from another office"),
        E.WARNED: N_("⏳ The deadline is near"),
        E.OVERDUE: N_("⏰ Overdue"),
        E.FORGOTTEN: N_("🗑 The applicant's data was erased, nobody can be asked any more"),
    }
)


async def staff_card(voice: Voice, notice: StaffCase) -> None:
    """What came in, without a word about who it is from: name and phone are shown on request only, and audited."""
    event = await cases.event_by_id(voice.work, notice.event)
    case = await cases.by_id(voice.work, notice.case)
    if event is None or case is None:
        return
    t = voice.t
    map_row: Rows = ()
    if case.latitude is not None and case.longitude is not None:
        address = f"https://maps.google.com/?q={case.latitude:.6f},{case.longitude:.6f}"
        map_row = ((Button(label=t.plain("Map"), url=address),),)
    text = t.join_lines(
        t("{what}: {kind} {reference}", what=_came_in(t, case, event), kind=kind_name(t, case.kind),
          reference=t.ref(case.reference)),
        _said(t, event),
        await _came_with(voice, event),
        "",
        *await _facts(voice, case),
    )  # fmt: skip
    voice.say(text, map_row, subject=f"case:{case.id}")


def _came_in(t: Tongue, case: Case, event: CaseEvent) -> Markup:
    if event.what is E.INFORMATION and event.actor != resident_actor(case.resident_id):
        return (
            t("💬 Another resident, who joined, answered") if event.detail
            else t("💬 Another resident, who joined, added to it")
        )  # fmt: skip
    if event.what is E.INFORMATION and event.detail:
        return t("💬 The applicant answered")
    if event.what is E.REOPENED and event.detail == Outcome.NOT_FIXED:
        return t("❌ Not fixed, says the applicant")
    return t(_CAME_IN[event.what]) if event.what in _CAME_IN else t("🔔 News")


def _said(t: Tongue, event: CaseEvent) -> Markup | None:
    """The words of what happened; those of a new case are among its facts."""
    if not event.words or event.what is E.RECEIVED:
        return None
    return t("“{words}”", words=t.own(event.words, CARD_WORDS))


async def _came_with(voice: Voice, event: CaseEvent) -> Markup | None:
    """How many files came with what happened; those of a new case are among its facts."""
    files = [file for file, came_with in await cases.files_of(voice.work, event.case_id) if came_with == event.id]
    if not files or event.what is E.RECEIVED:
        return None
    return voice.t.plural("📎 {n} attachment", "📎 {n} attachments", len(files))


async def _facts(voice: Voice, case: Case) -> list[Markup | None]:
    t, work = voice.t, voice.work
    place = place_words(t, case)
    files = [file for file, _ in await cases.files_of(work, case.id)]
    voices = sum(file.kind == FileKind.VOICE for file in files)
    joiners = await cases.joiners(work, case.id)
    return [
        t("Category: {category}", category=category_name(t, work.offices, case.category)),
        t("Status: {status}", status=staff_status(t, case)),
        t("Place: {place}", place=place) if place else None,
        t("“{words}”", words=t.own(case.words, CARD_WORDS)) if case.words else None,
        t("Project: {project}", project=case.project) if case.project else None,
        t("Commercial registration: {number}", number=t.ref(case.registration)) if case.registration else None,
        t.plural("📷 {n} photo or document", "📷 {n} photos and documents", len(files) - voices)
        if len(files) > voices else None,
        t.plural("🎤 {n} voice note", "🎤 {n} voice notes", voices) if voices else None,
        t.plural("🤝 {n} other resident joined", "🤝 {n} other residents joined", joiners) if joiners else None,
        t("To be closed by {date}", date=t.date(case.close_due)) if can(case, Move.RESOLVE) else None,
    ]  # fmt: skip


def staff_status(t: Tongue, case: Case) -> Markup:
    """A state as staff read it."""
    match case.status:
        case CaseStatus.AWAITING_RESIDENT:
            return t("Waiting for the applicant")
        case CaseStatus.RESOLVED:
            return t("Solved, to be confirmed by the applicant")
        case _:
            return status_name(t, case.status)
