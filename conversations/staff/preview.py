"""What the resident will see of a member's words, shown to the member before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Responder, Rows, localizer_of
from conversations.requests import notices as case_notices
from conversations.staff.context import StaffContext, button
from conversations.staff.pending_replies import PendingReply
from locales import DEFAULT, N_, Language, Localizer, clean
from locales.html import to_plain
from services import residents
from services.actors import case_subject
from services.bookings import sessions
from services.cases import resident_actions, staff_actions
from services.cases.actions import Inputs
from services.cases.event_details import NO_DETAIL, CaseDetail
from services.cases.resident_actions import Case, CaseEvent, CaseEventKind, CaseStatus
from services.cases.workflow import RULES
from services.casework.intake import WALK_IN
from services.casework.replies import ReplyKind, Words
from services.casework.templates import Template
from services.files import attachments
from storage.ids import MessageId
from storage.records.files import FileStatus
from storage.records.residents import Resident

S = CaseStatus

_HEADINGS: Mapping[ReplyKind, str] = MappingProxyType(
    {
        ReplyKind.ASK: N_("👁 <b>Question</b>. The applicant will see:"),
        ReplyKind.REPLY: N_("👁 <b>Official reply</b>. The applicant will see:"),
        ReplyKind.RESOLVE: N_("👁 <b>Solved</b>. The applicant will see:"),
        ReplyKind.REJECT: N_("👁 <b>Rejection</b>. The applicant will see:"),
    }
)


async def preview(context: StaffContext, case: Case, reply: PendingReply, *, edit: bool) -> None:
    """Show it, with buttons to send, change or drop it; `edit` puts it in the place of the tapped message."""
    assert reply.kind is not None  # noqa: S101 - whoever calls has chosen
    t, key = context.t, f"{reply.mark}.{reply.turn}"
    resident = await residents.by_id(context.work, case.resident_id)
    shown = await _foreseen(context, case, reply, resident)
    notes = (*_with_it(context, reply), *await who_is_told(context, case, resident), *_warnings(context, case, reply))
    text = laid_out(t(_HEADINGS[reply.kind]), shown, *notes)
    rows = (
        (button(t.plain("✅ Send"), "say", case.id, case.version, f"send.{key}"),),
        (
            button(t.plain("✏️ Edit"), "say", case.id, case.version, f"edit.{key}"),
            button(t.plain("✖️ Cancel"), "say", case.id, case.version, f"drop.{key}"),
        ),
    )
    show(context, case, text, rows, edit=edit, to=reply.key)


def show(
    context: StaffContext, case: Case, text: Markup, rows: Rows = (), *, edit: bool, to: MessageId | None = None
) -> None:
    """Say it as a reply to the member's message, or in the place of the tapped one."""
    if edit:
        context.say(text, rows, subject=case_subject(case.id), edit=context.said.message)
    else:
        context.say(text, rows, subject=case_subject(case.id), reply_to=to if to is not None else context.said.message)


def as_toast(text: Markup) -> str:
    """The same as a tap's short word."""
    return clean(to_plain(text))


async def _foreseen(context: StaffContext, case: Case, reply: PendingReply, resident: Resident | None) -> Markup:
    """The resident's own message, in the resident's language."""
    t = context.t if resident is None else localizer_of(context.catalogues, resident)
    words = await words_of(context, case, reply, t)
    if resident is None:
        return t.own(words)
    kind = reply.kind or ReplyKind.REPLY
    after, _ = await staff_actions.foresee(context.work, case, kind.action, Inputs(words, reply.files))
    return await as_told(context, after, resident, RULES[kind.transition].event, words=words)


async def as_told(
    context: StaffContext,
    after: Case,
    resident: Resident,
    what: CaseEventKind,
    *,
    words: str = "",
    detail: CaseDetail = NO_DETAIL,
) -> Markup:
    """What the applicant will be told of an event, in their language; `after` is the case as it will then be."""
    event = CaseEvent(
        id=0,
        case_id=after.id,
        at=context.work.now,
        actor=context.person.actor,
        what=what,
        public=True,
        words=words,
        detail=detail.stored,
    )
    responder = Responder(work=context.work, links=context.links, t=localizer_of(context.catalogues, resident))
    await case_notices.foresee(responder, after, event, resident)
    return Markup(responder.out[-1].message.text)  # noqa: S704 - it was markup


def laid_out(heading: Markup, shown: Markup | None, *notes: Markup) -> Markup:
    """A preview: the resident's message, where there is one, runs in its own direction whatever the member's is."""
    quoted = [Markup("<blockquote>{}</blockquote>").format(shown)] if shown is not None else []
    return Markup("\n").join([heading, *quoted, *notes])


def _with_it(context: StaffContext, reply: PendingReply) -> list[Markup]:
    """What goes along with the words."""
    if not reply.files:
        return []
    return [
        context.t.plural(
            "📎 We will also send {n} file once we have checked it.",
            "📎 We will also send {n} files once we have checked them.",
            len(reply.files),
        )
    ]


async def who_is_told(context: StaffContext, case: Case, resident: Resident | None) -> list[Markup]:
    """Whom it reaches beside the applicant, and that it does not reach the applicant."""
    t, joiners = context.t, await resident_actions.joiners(context.work, case.id)
    lines = []
    if joiners:
        lines.append(
            t.plural(
                "🤝 We will also send this to {n} resident who joined.",
                "🤝 We will also send this to {n} residents who joined.",
                joiners,
            )
        )
    if resident is None or resident.channel == WALK_IN or resident.forgotten_at is not None:
        lines.append(t("⚠️ The applicant does not use the bot, so they will not get this. It will stay in the history."))
    elif not resident.reachable:
        lines.append(t("⚠️ The applicant has stopped the bot, so they will not get this. It will stay in the history."))
    return lines


def _warnings(context: StaffContext, case: Case, reply: PendingReply) -> list[Markup]:
    """What the member should know of their words before they go."""
    t, lines = context.t, []
    if reply.kind is ReplyKind.ASK and case.status is S.AWAITING_RESIDENT:
        lines.append(t("⚠️ There is already an open question. This one will replace it."))
    if reply.kind is ReplyKind.RESOLVE and not reply.files:
        lines.append(t("📷 There is no photo of the work. To add one, choose Edit."))
    return lines


# ---------------------------------------------------------------------------- the words


async def words_of(context: StaffContext, case: Case, reply: PendingReply, t: Localizer) -> str:
    """The words in a reader's language."""
    template = context.templates.get(reply.template)
    if template is None:
        return reply.words
    return await filled(context, case, template, t, reply.day)


async def to_send(context: StaffContext, case: Case, reply: PendingReply) -> Words:
    """The same as it goes into the history: a ready text in the applicant's language, and in the others."""
    resident = await residents.by_id(context.work, case.resident_id)
    theirs = Language(resident.language) if resident is not None else DEFAULT
    text = await words_of(context, case, reply, context.catalogues.localizer(theirs))
    if not reply.template:
        return Words(text, reply.files)
    others = {
        language.value: await words_of(context, case, reply, context.catalogues.localizer(language))
        for language in Language
        if language is not theirs
    }
    return Words(text, reply.files, others)


async def filled(context: StaffContext, case: Case, template: Template, t: Localizer, day: str = "") -> str:
    """A ready text with what stands in its braces."""
    work = context.work
    office, category = work.offices.get(case.office), work.offices.category(case.category)
    values = {
        "reference": str(case.reference),
        "office": t.pick_plain(office.name) if office else str(case.office),
        "category": t.pick_plain(category.name) if category else str(case.category),
        "date": _plain_date(t, date.fromisoformat(day)) if day else "…",
        "next_customer_day": "…",
    }
    if "next_customer_day" in template.placeholders:
        coming = await next_customer_day(context, case)
        values["next_customer_day"] = "…" if coming is None else _plain_date(t, coming)
    return template.fill(t.language.value, values)


async def next_customer_day(context: StaffContext, case: Case) -> date | None:
    """The next day on which the head of the office receives people."""
    for state in await sessions.upcoming(context.work, case.office):
        if state.state in {"free", "full", "draw"}:
            return state.session.day
    return None


def _plain_date(t: Localizer, day: date) -> str:
    return clean(to_plain(t.date(day)))


async def lost_files(context: StaffContext, reply: PendingReply) -> bool:
    """Whether one of the files was refused, or is gone, while the words waited."""
    found = [await attachments.by_id(context.work, file) for file in reply.files]
    return any(file is None or file.status in {FileStatus.REFUSED, FileStatus.GONE} for file in found)
