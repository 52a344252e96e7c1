"""What a request is told as while it is written and once it is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from markupsafe import Markup

from conversations.engine.step import Button, Rows, Turn
from conversations.requests.draft import RequestDraft, category_of
from conversations.texts.case import TO_BE_DONE, body_name, body_of, category_name, office_name, place_words, reach
from conversations.texts.copying import copy_button
from locales import N_
from services.cases.duplicates import Similar
from services.cases.public_view import LONGEST
from services.cases.resident_actions import TooMany
from services.offices.offices import Category
from services.text.stored_drafts import DRAFT_LIFE
from storage.ids import OfficeId
from storage.records.cases import Case, CaseKind, CaseStatus

NARROW = 22  # characters of a label that fit half the width of a phone


def description(turn: Turn, draft: RequestDraft, limit: int) -> list[Markup]:
    """What was said, and how many files came along: a line each."""
    t = turn.t
    lines = [t("Description: “{words}”", words=t.own(draft.words, limit))] if draft.words else []
    if draft.files:
        lines.append(t.plural("📎 {n} attachment", "📎 {n} attachments", len(draft.files)))
    return lines


def summary(turn: Turn, draft: RequestDraft, lines: Iterable[Markup], last: Markup) -> Markup:
    """All that will be submitted; `last` is what that means, or why it can't be yet."""
    t, category = turn.t, category_of(turn.work.offices, draft)
    return t.join_lines(
        t("<b>Check your {kind}</b>", kind=_lower(turn, draft.kind)),
        "",
        *lines,
        *(("", note) if category and (note := owner_note(turn, category, draft.office)) else ()),
        "",
        last,
    )


def consent(turn: Turn) -> Markup:
    """What submitting means; those who agreed before are told where it is written."""
    t = turn.t
    if turn.resident.consented_at is not None:
        return t("How we use your data: {privacy}", privacy="/privacy")
    return t(
        "By submitting, you agree that the municipality can use this information to handle your "
        "request. It passes through Telegram servers outside Bahrain. More: {privacy}",
        privacy="/privacy",
    )


def joining(turn: Turn) -> Markup:
    """The same of joining another's request."""
    t = turn.t
    if turn.resident.consented_at is not None:
        return t("How we use your data: {privacy}", privacy="/privacy")
    return t(
        "By joining, you agree that the municipality can use what you wrote to handle the "
        "request. It passes through Telegram servers outside Bahrain. More: {privacy}",
        privacy="/privacy",
    )


def _lower(turn: Turn, kind: CaseKind) -> Markup:
    return turn.t(
        {
            CaseKind.COMPLAINT: N_("complaint"),
            CaseKind.SUGGESTION: N_("suggestion"),
            CaseKind.OBSERVATION: N_("observation"),
            CaseKind.SERVICE_REQUEST: N_("service request"),
            CaseKind.INQUIRY: N_("inquiry"),
        }[kind]
    )


def owner_note(turn: Turn, category: Category, office: OfficeId) -> Markup | None:
    """Said before anything is submitted: another body deals with this than the office it goes to."""
    t, body, chosen = turn.t, turn.work.offices.body(category.owner), turn.work.offices.get(office)
    if chosen is not None and chosen.name == body.name:
        return None
    if not body.refers:
        return t.pick(body.note) if body.note else None
    if body.note:
        note = t.pick(body.note)
    else:
        note = t(
            "Another body is responsible for this: {body}. We will refer this request to it.",
            body=t.pick(body.name),
        )
    return t.join_lines(t("🏛 {note}", note=note), reach(t, body))


def card(turn: Turn, number: int, similar: Similar) -> Markup:
    """Another's request, as far as strangers may see it."""
    t, case = turn.t, similar.case
    parts = [
        t(
            "<b>{n}.</b> {category}, submitted {ago} ago",
            n=number,
            ago=_age(turn, case),
            category=category_name(t, turn.work.offices, case.category),
        ),
        t("“{words}”", words=t.own(case.words, LONGEST)) if case.words else None,
        place_words(t, case) or t("Near the place you gave"),
        t.plural("📷 {n} photo", "📷 {n} photos", similar.photos) if similar.photos else None,
        t.plural("{n} other resident joined", "{n} other residents joined", similar.joiners)
        if similar.joiners
        else None,
    ]
    return t.join_lines(*(part for part in parts if part is not None))


def _age(turn: Turn, case: Case) -> Markup:
    """How long ago it was submitted: in whole days from the first on."""
    hours = max(turn.work.now - case.created_at, timedelta(hours=1)) // timedelta(hours=1)
    return turn.t.duration(timedelta(days=hours // 24) if hours >= 24 else timedelta(hours=hours))


def too_many(turn: Turn, refusal: TooMany) -> Markup:
    """Why nothing more can be submitted today, from when on it can, and where what was written is until then."""
    t = turn.t
    return t.join_lines(
        t.plural(
            "⏳ You can submit up to {n} request a day. You can submit this one from {until}.",
            "⏳ You can submit up to {n} requests a day. You can submit this one from {until}.",
            refusal.limit,
            until=t.moment(refusal.until),
        ),
        t(
            "We will keep this request for {drafts}. You can return to it from the main menu.",
            drafts=t.duration(DRAFT_LIFE),
        ),
    )


def submitted(turn: Turn, case: Case, *, joined: bool, alerted: Sequence[Markup] = ()) -> Markup:
    """What was received, under which reference, by when it is done, what happens next.

    Of one that has `joined` an incident no day is promised: it is dealt with as soon as that is. Nor is one
    of a danger: `alerted` says the number to call, and who knows.
    """
    t, work = turn.t, turn.work
    received = {
        CaseKind.COMPLAINT: N_("✅ <b>We have received your complaint.</b>"),
        CaseKind.SUGGESTION: N_("✅ <b>We have received your suggestion.</b> Thank you."),
        CaseKind.OBSERVATION: N_("✅ <b>We have received your observation.</b> Thank you."),
        CaseKind.SERVICE_REQUEST: N_("✅ <b>We have received your service request.</b>"),
        CaseKind.INQUIRY: N_("✅ <b>We have received your inquiry.</b>"),
    }
    head = (t(received[case.kind]), t("Reference: {reference}", reference=t.ref(case.reference)), "", *alerted)
    if joined:
        return t.join_lines(*head)
    if case.status is CaseStatus.REFERRED:
        body = body_of(work.offices, case.referred_to)
        next_step = t(
            "We have referred your request to the responsible body: {body}. We will send you updates here.",
            body=body_name(t, work.offices, case.referred_to),
        )
        return t.join_lines(*head, next_step, reach(t, body) if body else None)
    if case.kind is CaseKind.INQUIRY:
        answer = t(
            "We expect to answer it by {moment}. The answer comes to you here.", moment=t.moment(case.update_due)
        )
        return t.join_lines(*head, answer)
    if alerted:  # a danger does not wait for the days of an ordinary request
        return t.join_lines(*head)
    category = work.offices.category(case.category)
    days = category.targets.close if category else work.offices.targets.close
    date = t.date(case.close_due)
    if case.kind in TO_BE_DONE:
        expected = t.plural(
            "We expect to finish this by {date} ({n} working day).",
            "We expect to finish this by {date} ({n} working days).",
            days,
            date=date,
        )
    else:
        expected = t.plural(
            "We expect to reply by {date} ({n} working day).",
            "We expect to reply by {date} ({n} working days).",
            days,
            date=date,
        )
    next_step = t(
        "Next: {office} will review it by {date}. We will send you updates here.",
        office=office_name(t, work.offices, case.office),
        date=t.date(case.triage_due),
    )
    return t.join_lines(*head, expected, next_step)


def afterwards(turn: Turn, case: Case) -> Rows:
    """What can be done with a request that is in."""
    t = turn.t
    return (
        (
            Button(label=t.plain("View request"), route="case", value=case.reference),
            Button(label=t.plain("Add a photo"), route="add", value=case.reference),
        ),
        (copy_button(t, case.reference), Button(label=t.plain("Main menu"), route="menu")),
    )


def grid(buttons: list[Button]) -> list[list[Button]]:
    """Two in a row where both fit half a phone's width."""
    rows: list[list[Button]] = []
    for button in buttons:
        beside = rows[-1] if rows else []
        if len(beside) == 1 and len(beside[0].label) <= NARROW and len(button.label) <= NARROW:
            beside.append(button)
        else:
            rows.append([button])
    return rows
