"""From a member's words to what the resident reads: what the words are, why they cannot go, the preview, sending.

A note is kept at once. Whatever goes to the resident is shown first, as the resident will see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Button, Rows
from conversations.requests.notices import staff_status
from conversations.staff import preview, prompts
from conversations.staff.context import StaffContext, button
from conversations.staff.office_scope import why_refused
from conversations.staff.pending_replies import (
    Album,
    PendingReply,
    Prompt,
    Waiting,
    may_be_cut,
    rest_of_note,
    save,
)
from locales import N_
from services.actors import case_subject
from services.cases import resident_actions
from services.cases.resident_actions import Case, CaseStatus
from services.cases.staff_actions import Denied
from services.cases.workflow import can
from services.casework import replies
from services.casework.replies import LONGEST, Origin, ReplyKind, Told, Words
from services.staff import permissions
from services.staff.prompts import WordsFor

#: What a reply can be without a button that said so before.
CHOICES = (ReplyKind.REPLY, ReplyKind.ASK, ReplyKind.NOTE)
_QUIET = timedelta(seconds=1.5)  # the parts of a long text arrive one by one
_NEEDS_WORDS = frozenset({ReplyKind.ASK, ReplyKind.REJECT})

_LABELS: Mapping[ReplyKind, str] = MappingProxyType(
    {
        ReplyKind.ASK: N_("❓ Question"),
        ReplyKind.REPLY: N_("✉️ Official reply"),
        ReplyKind.NOTE: N_("📝 Internal note"),
    }
)
_SENT: Mapping[ReplyKind, str] = MappingProxyType(
    {
        ReplyKind.ASK: N_("❓ {name} asked the applicant:"),
        ReplyKind.REPLY: N_("✉️ {name} replied to the applicant:"),
        ReplyKind.RESOLVE: N_("☑️ {name} reported this as solved. We have asked the applicant to confirm."),
        ReplyKind.REJECT: N_("🚫 {name} rejected the request. Reason:"),
    }
)


async def take(context: StaffContext, case: Case, state: Waiting, reply: PendingReply) -> None:
    """Go on with what was written. The rest of a long text may be on its way: one answer follows the last part."""
    before = len(context.out)
    await go_on(context, case, state, reply)
    if not (len(reply.parts) > 1 or may_be_cut(reply.words)):
        return
    which = reply.kind if reply.kind is ReplyKind.NOTE else reply.key
    group, later = f"words:{context.said.chat}:{context.person.address}:{which}", context.work.now + _QUIET
    context.out[before:] = [replace(one, supersedes=group, not_before=later) for one in context.out[before:]]


async def go_on(context: StaffContext, case: Case, state: Waiting, reply: PendingReply, *, edit: bool = False) -> None:
    """The next thing these words wait for; `edit` shows it in the place of the tapped message."""
    allowed = await allowed_kinds(context, case)
    open_to = [one for one in CHOICES if one in allowed and can(case, one.transition)]
    if reply.kind is None and open_to == [ReplyKind.NOTE]:
        reply = reply.model_copy(update={"kind": ReplyKind.NOTE})
    state = state.put(reply).answered(case.id)
    await prompts.close(context, case_subject(case.id))
    if reply.kind is None:
        save(context, state)
        _ask_what(context, case, reply, open_to, edit=edit)
    elif reply.kind not in allowed:
        await permissions.guard(context.work, context.person, reply.kind.right, case.office, case_subject(case.id))
        save(context, state.without(reply))
        answer_about(context, case, why_refused(context, reply.kind.right))
    elif not can(case, reply.kind.transition):
        save(context, state)
        _say_closed(context, case, reply, open_to, edit=edit)
    elif (wrong := why_not(context, reply)) is not None:
        save(context, state.ask(Prompt(case=case.id, kind=reply.kind, instead_of=reply.key)))
        await _ask_again(context, case, wrong, edit=edit)
    elif reply.kind is ReplyKind.NOTE:
        await send(context, case, state, reply, edit=edit)
    else:
        save(context, state)
        await preview.preview(context, case, reply, edit=edit)


async def _ask_again(context: StaffContext, case: Case, wrong: Markup, *, edit: bool) -> None:
    """Say why the words cannot go, and have the text written; a tapped message says so too, and loses its buttons."""
    t = context.t
    if edit:
        context.say(wrong, subject=case_subject(case.id), edit=context.said.message)
        wrong = t("✏️ {name}, reply to this message with the text.", name=prompts.named(context))
    await prompts.ask(context, WordsFor.CASE, case_subject(case.id), wrong, t.plain("Your text"))


def why_not(context: StaffContext, reply: PendingReply) -> Markup | None:
    """Why words cannot go as they are."""
    t = context.t
    if not reply.words and not reply.template and (not reply.files or reply.kind in _NEEDS_WORDS):
        if reply.files:
            return t("There is no text yet. Reply to this message with the text. We have saved the file.")
        return t("There is no text yet. Reply to this message with the text.")
    if reply.kind is not ReplyKind.NOTE and len(reply.words) > LONGEST:
        return t(
            "Your text must be {limit} characters or fewer. It has {n}. Edit your message to shorten "
            "it, or reply to this message with a shorter text.",
            n=len(reply.words),
            limit=LONGEST,
        )
    return None


def _ask_what(context: StaffContext, case: Case, reply: PendingReply, open_to: list[ReplyKind], *, edit: bool) -> None:
    """The question that is asked once, the likeliest first."""
    t = context.t
    text = t.join_lines(
        t("What type of message is this for {reference}?", reference=t.ref(case.reference)),
        t("You will see a question or a reply before we send it to the applicant. Only staff can see notes."),
    )
    preview.show(
        context,
        case,
        text,
        _choice_rows(context, case, reply, _likeliest(case, reply, open_to)),
        edit=edit,
        to=reply.key,
    )


def _choice_rows(context: StaffContext, case: Case, reply: PendingReply, kinds: list[ReplyKind]) -> Rows:
    t, key = context.t, f"{reply.mark}.{reply.turn}"
    found = [button(t.plain(_LABELS[one]), "say", case.id, case.version, f"{one}.{key}") for one in kinds]
    return (tuple(found[:2]), (*found[2:], drop_button(context, case, reply)))


def drop_button(context: StaffContext, case: Case, reply: PendingReply) -> Button:
    argument = f"drop.{reply.mark}.{reply.turn}"
    return button(context.t.plain("✖️ Cancel"), "say", case.id, case.version, argument)


def _likeliest(case: Case, reply: PendingReply, open_to: list[ReplyKind]) -> list[ReplyKind]:
    asking = reply.words.rstrip().endswith(("?", "؟")) and case.status is not CaseStatus.AWAITING_RESIDENT
    return sorted(open_to, key=lambda one: not (asking and one is ReplyKind.ASK))


def _say_closed(
    context: StaffContext, case: Case, reply: PendingReply, open_to: list[ReplyKind], *, edit: bool
) -> None:
    """Its state does not have that any more: what it still has."""
    t = context.t
    text = t.join_lines(
        t(
            "You cannot do this for {reference}. Its status is “{status}”.",
            reference=t.ref(case.reference),
            status=staff_status(t, case),
        ),
        t("Nothing was sent. You can choose another type for this message:") if open_to else t("Nothing was sent."),
    )
    preview.show(context, case, text, _choice_rows(context, case, reply, open_to), edit=edit, to=reply.key)


# ---------------------------------------------------------------------------- sending


async def send(context: StaffContext, case: Case, state: Waiting, reply: PendingReply, *, edit: bool) -> None:
    """Have it in the history, and what is the resident's told to them."""
    t = context.t
    assert reply.kind is not None  # noqa: S101 - chosen by now
    if await preview.lost_files(context, reply):
        save(context, state.without(reply))
        preview.show(
            context,
            case,
            t("We could not save a file, so we did not send anything. Please send your message again."),
            edit=edit,
        )
        return
    messages = (*reply.messages, *((context.said.message,) if edit and context.said.message is not None else ()))
    captions = reply.parts if reply.album else ()
    origin = Origin(context.said.channel, context.said.chat, messages, captions)
    words = await preview.to_send(context, case, reply)
    told = await replies.say(context.work, context.person, case.id, reply.kind, words, origin)
    if isinstance(told, Denied):
        save(context, state.without(reply))
        answer_about(context, case, t("You do not have permission to do this"))
    elif isinstance(told, Told):
        _said(context, told, state.without(reply), reply, words, edit=edit)
    else:  # it has moved on since the preview
        save(context, state)
        now = await resident_actions.by_id(context.work, case.id) or case
        open_to = [one for one in CHOICES if one in await allowed_kinds(context, now) and can(now, one.transition)]
        _say_closed(context, now, reply, open_to, edit=edit)


def _said(context: StaffContext, told: Told, state: Waiting, reply: PendingReply, words: Words, *, edit: bool) -> None:
    t, case = context.t, told.case
    assert reply.kind is not None  # noqa: S101 - it was said
    album = Album(album=reply.album, case=case.id, event=told.event.id) if reply.album else None
    if reply.kind is ReplyKind.NOTE and reply.at is not None and may_be_cut(reply.words):
        state = state.ask(rest_of_note(case.id, reply.at))
    save(context, state.model_copy(update={"album": album}))
    if reply.kind is ReplyKind.NOTE:
        preview.show(
            context,
            case,
            t(
                "📝 We have added your note to {reference}. The applicant will not see it.",
                reference=t.ref(case.reference),
            ),
            edit=edit,
            to=reply.key,
        )
        return
    text = t.join_lines(
        t(_SENT[reply.kind], name=context.person.name),
        t("“{words}”", words=t.own(words.text, 600)) if words.text else None,
        t.plural("📎 {n} attachment", "📎 {n} attachments", len(words.files)) if words.files else None,
        t("To undo this within {minutes}, use {command}", minutes=t.duration(replies.UNDO_WITHIN), command="/undo"),
    )
    context.toast = t.plain("Sent")
    preview.show(context, case, text, edit=edit, to=reply.key)


# ---------------------------------------------------------------------------- who may


async def allowed_kinds(context: StaffContext, case: Case) -> frozenset[ReplyKind]:
    """What the member's rights at the case's office let them say."""
    member = await context.member()
    return frozenset(one for one in ReplyKind if member is not None and member.may(one.right, case.office))


def answer_about(context: StaffContext, case: Case, text: Markup) -> None:
    if context.said.tap:
        context.toast = preview.as_toast(text)
    else:
        context.say(text, subject=case_subject(case.id), reply_to=context.said.message)
