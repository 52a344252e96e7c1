"""What a card says: how a case stands, whose it is, what was promised. Nothing in it names the resident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.messages import FileKind
from conversations.engine.step import Responder, Rows
from conversations.promises.texts import on_case
from conversations.requests.notices import CARD_WORDS, staff_status
from conversations.requests.view import MOST_STARS
from conversations.staff.card_buttons import main_buttons, priority_name
from conversations.texts.case import body_name, category_name, kind_name, place_words
from conversations.texts.delegate import through_delegate
from conversations.texts.field import away, root_cause
from conversations.texts.source import TAKEN
from locales import Localizer
from services.actors import case_subject, resident_actor
from services.cases import proof, resident_actions, spots
from services.cases.event_details import detail_of
from services.cases.proof import Proof
from services.cases.targets import WATCHED, is_overdue, next_target
from services.cases.workflow import closes_at
from services.incidents import joining
from services.incidents.incidents import Incident, State
from services.promises.follow_up import SOURCE
from services.staff import permissions
from services.unit_of_work import Work
from storage.records.cases import Case, CaseEvent, CaseEventKind, CaseStatus

E, S = CaseEventKind, CaseStatus

MARKS: Mapping[CaseStatus, str] = MappingProxyType(
    {
        S.RECEIVED: "🆕",
        S.REOPENED: "🔄",
        S.UNDER_REVIEW: "👀",
        S.IN_PROGRESS: "🛠",
        S.AWAITING_RESIDENT: "❓",
        S.REFERRED: "↗️",
        S.RESOLVED: "☑️",
        S.CLOSED: "✅",
        S.REJECTED: "🚫",
        S.OUTSIDE_REMIT: "↪️",
        S.DUPLICATE: "🔗",
        S.WITHDRAWN: "✖️",
    }
)


async def card_of(responder: Responder, case: Case) -> tuple[Markup, Rows]:
    """What a card says, and its buttons. Nothing of it names the resident."""
    t, work = responder.t, responder.work
    # Those of residents, and of callers; what staff sent themselves is nobody's.
    found = [file for file, _ in await resident_actions.files_of(work, case.id) if file.resident_id is not None]
    voices = sum(file.kind == FileKind.VOICE for file in found)
    joiners = await resident_actions.joiners(work, case.id)
    place = place_words(t, case)
    text = t.join_lines(
        t(
            "{mark} <b>{kind} {reference}</b>",
            mark=MARKS[case.status],
            kind=kind_name(t, case.kind),
            reference=t.ref(case.reference),
        ),
        await _stands(responder, case),
        t(TAKEN[case.source]) if case.source in TAKEN else None,
        await through_delegate(responder, case_subject(case.id)),
        t("🔺 Priority: {priority}", priority=t(priority_name(case.priority))) if case.priority else None,
        "",
        t("Category: {category}", category=category_name(t, work.offices, case.category)),
        t("Place: {place}", place=place) if place else None,
        t("“{words}”", words=t.own(case.words, CARD_WORDS)) if case.words else None,
        t("Project: {project}", project=case.project) if case.project else None,
        t("Commercial registration: {number}", number=t.ref(case.registration)) if case.registration else None,
        t.plural("📎 {n} attachment", "📎 {n} attachments", len(found) - voices) if len(found) > voices else None,
        t.plural("🎤 {n} voice note", "🎤 {n} voice notes", voices) if voices else None,
        t.plural("🤝 {n} other resident joined", "🤝 {n} other residents joined", joiners) if joiners else None,
        await on_case(responder, case) if case.source == SOURCE else None,
        *await _last_words(responder, case),
        *await _in_the_field(responder, case),
        "",
        *_deadlines(t, responder, case),
    )
    return text, main_buttons(t, case)


async def _stands(responder: Responder, case: Case) -> Markup:
    """Its state and its owner; without one, nobody asks whose it is unless the office is to act."""
    t, status = responder.t, staff_status(responder.t, case)
    if not case.owner:
        return t("{status} · {owner}", status=status, owner=t("no owner yet")) if case.status in WATCHED else status
    names = await permissions.names(responder.work)
    owner = t.own(names.get(case.owner, ""), 40) or t("a member of staff")
    return t("{status} · {owner}", status=status, owner=owner)


async def _last_words(responder: Responder, case: Case) -> list[Markup | None]:
    """The newest of what the resident added or said of it, and the stars they gave how it ended."""
    t, history = responder.t, await resident_actions.history(responder.work, case)
    theirs = [one for one in history if one.actor == resident_actor(case.resident_id)]
    said = [one for one in theirs if one.words and one.what in {E.INFORMATION, E.REOPENED, E.COMMENTED}]
    stars = [detail_of(one).stored for one in theirs if one.what is E.RATED] if case.status is S.CLOSED else []
    return [
        t("⭐ Rating: {stars} out of {most}", stars=stars[-1], most=MOST_STARS) if stars else None,
        t(
            "💬 {time} – “{words}”",
            time=t.near_moment(said[-1].at, responder.work.today),
            words=t.own(said[-1].words, 300),
        )
        if said
        else None,
        _seen(responder, case, history),
    ]


def _seen(responder: Responder, case: Case, history: Sequence[CaseEvent]) -> Markup | None:
    """Whether they reacted to what they were told last."""
    told = [one.id for one in history if one.public and one.actor != resident_actor(case.resident_id)]
    seen = [one for one in history if one.what is E.SEEN and (not told or one.id > told[-1])]
    if not seen:
        return None
    t = responder.t
    moment = t.near_moment(seen[-1].at, responder.work.today)
    return t("👀 {time} – saw our last message {emoji}", time=moment, emoji=t.own(seen[-1].words, 8))


async def _in_the_field(responder: Responder, case: Case) -> list[Markup | None]:
    """The photos of what was done, and that it comes back at this spot each time it was closed."""
    t, work = responder.t, responder.work
    shown = await proof.of_case(work, case.id)
    before = await spots.recurring(work, case)
    incident = await joining.incident_of(work, case.id)
    return [
        _with_incident(t, *incident) if incident is not None else None,
        _after_photo(t, work, shown) if shown is not None else None,
        root_cause(t, before) if before else None,
    ]


def _with_incident(t: Localizer, incident: Incident, state: State) -> Markup | None:
    """How it stands with what many reported at once."""
    match state:
        case State.JOINED:
            return t("🌧 Part of incident {n}", n=incident.id)
        case State.STILL:
            return t("🔄 The applicant says it is still there after incident {n}", n=incident.id)
        case State.LEFT | State.CLOSED:
            return None


def _after_photo(t: Localizer, work: Work, shown: Proof) -> Markup:
    at = t.near_moment(shown.at, work.today)
    if shown.metres is None:
        return t("📸 After photo: {moment}, place not known", moment=at)
    return t("📸 After photo: {moment}, {distance} from the place", moment=at, distance=away(t, shown.metres))


def _deadlines(t: Localizer, responder: Responder, case: Case) -> list[Markup | None]:
    """What is promised, as far as it is still to be kept."""
    work = responder.work
    near = partial(t.near_date, today=work.today)
    if case.status is S.REFERRED:
        body = body_name(t, work.offices, case.referred_to)
        if case.external_reference:
            return [t("With {body}, reference {number}", body=body, number=t.own(case.external_reference))]
        return [t("With {body}", body=body)]
    if case.status is S.AWAITING_RESIDENT:
        return [t("The deadline is paused until the applicant replies.")]
    if (closing := closes_at(case)) is not None:
        return [t("⏳ We will close this on {date} unless the applicant replies.", date=near(closing))]
    due = next_target(case)
    if due is None:
        return []
    if is_overdue(case, work.now):
        first = t("⏰ Overdue since {date}", date=near(min(due, case.close_due)))
    elif due == case.close_due:
        first = None
    elif case.status in {S.RECEIVED, S.REOPENED}:
        first = t("⏳ Review by {date}", date=near(due))
    else:
        first = t("⏳ First reply by {date}", date=near(due))
    in_time = case.close_due >= work.now
    return [first, t("⏳ Close by {date}", date=near(case.close_due)) if in_time else None]
