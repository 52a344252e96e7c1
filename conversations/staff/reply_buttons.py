"""The buttons that are about words: those of a card, which ask for them, and those under what a member wrote."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.engine.step import Rows
from conversations.staff import preview, rights
from conversations.staff.action_buttons import ACTION_BUTTONS, Asks
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.pending_replies import PendingReply, Prompt, Waiting, save, waiting, whose
from conversations.staff.registry import CaseButton, DeskButton, StaffButton
from conversations.staff.reply_sending import CHOICES, drop_button, go_on, send, why_not
from locales import N_
from services.actors import case_subject
from services.cases import resident_actions
from services.cases.actions import ACTIONS
from services.cases.resident_actions import Case
from services.cases.workflow import can
from services.casework.replies import ReplyKind
from services.staff import permissions
from services.staff.permissions import Act
from storage.ids import CaseId

_PROMPTS: Mapping[ReplyKind, str] = MappingProxyType(
    {
        ReplyKind.ASK: N_("❓ {name}, reply to this message with the question for the applicant."),
        ReplyKind.REPLY: N_("✉️ {name}, reply to this message with the official reply."),
        ReplyKind.NOTE: N_("📝 {name}, reply to this message with the note. The applicant will not see it."),
        ReplyKind.RESOLVE: N_(
            "☑️ {name}, reply to this message with what was done and a photo that shows it. We will "
            "then ask the applicant to confirm."
        ),
        ReplyKind.REJECT: N_("🚫 {name}, reply to this message with the reason. The applicant will see it."),
    }
)


async def _chosen(context: StaffContext, tap: Tap) -> None:
    """A button under a member's words: what they are, Send, Edit, Cancel. Only the one who wrote may."""
    what, _, rest = tap.argument.partition(".")
    mark, _, turn = rest.partition(".")
    case = await resident_actions.by_id(context.work, tap.case)
    state = await waiting(context)
    reply = state.marked(mark)
    if case is None or reply is None or reply.case != case.id:
        await _not_theirs(context, tap.case, mark)
        return
    if turn != str(reply.turn):
        context.toast = context.t.plain("This is an earlier version. See the newer one below.")
        return
    if what != "drop" and not await rights.may_speak_of(context, case):
        return
    if what in {"send", "edit"} and (reply.kind is None or (what == "send" and why_not(context, reply) is not None)):
        context.toast = context.t.plain("You cannot do this here")
        return
    match what:
        case "send":
            await send(context, case, state, reply, edit=True)
        case "edit":
            _change(context, case, state, reply)
        case "drop":
            save(context, state.without(reply))
            preview.show(context, case, context.t("Cancelled. Nothing was sent."), edit=True)
        case _ if what in {one.value for one in CHOICES}:
            await go_on(context, case, state, reply.model_copy(update={"kind": ReplyKind(what)}), edit=True)
        case _:
            context.toast = context.t.plain("You cannot do this here")


async def _not_theirs(context: StaffContext, case: CaseId, mark: str) -> None:
    t = context.t
    actor = await whose(context, mark, case)
    if actor is None or actor == context.person.actor:
        context.toast = t.plain("Already sent or cancelled. See the card.")
        return
    name = (await permissions.names(context.work)).get(actor, "")
    context.toast = (
        t.plain("{name} wrote this, so only they can choose", name=name)
        if name
        else t.plain("Only the person who wrote this can choose")
    )


def _change(context: StaffContext, case: Case, state: Waiting, reply: PendingReply) -> None:
    """Have it written again; meanwhile it is not sent."""
    t = context.t
    assert reply.kind is not None  # noqa: S101 - a preview was shown
    changed = reply.model_copy(update={"turn": reply.turn + 1})
    save(context, state.put(changed).ask(Prompt(case=case.id, kind=reply.kind, instead_of=reply.key)))
    again = t("{name}, reply to this message with the new text.", name=context.person.name)
    if reply.messages and not reply.template:
        again = t("{name}, edit your own message or reply to this one with the new text.", name=context.person.name)
    preview.show(context, case, again, ((drop_button(context, case, changed),),), edit=True)


# ---------------------------------------------------------------------------- asked for by a button of the card


async def prompt(context: StaffContext, tap: Tap, case: Case) -> None:
    """A button of the card asks for words: a question, a reply, a note, what was done, a reason."""
    t, kind = context.t, ReplyKind(tap.verb)
    if not can(case, kind.transition):
        context.toast = t.plain("This is no longer possible. See the card.")
        return
    asked = (await waiting(context)).ask(Prompt(case=case.id, kind=kind))
    save(context, asked.model_copy(update={"summarising": None}))
    text = t.join_lines(
        t("<b>{reference}</b>", reference=t.ref(case.reference)), t(_PROMPTS[kind], name=context.person.name)
    )
    context.say(text, _prompt_rows(context, case, kind), subject=case_subject(case.id), reply_to=context.said.message)


def _prompt_rows(context: StaffContext, case: Case, kind: ReplyKind) -> Rows:
    if kind is ReplyKind.NOTE or not context.templates.for_case(case, kind):
        return ()
    label = context.t.plain("📋 Use a template")
    return ((button(label, "tmpl", case.id, case.version, f"l.{kind}.0"),),)


BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        **{
            action.value: CaseButton(ACTIONS[action].right, prompt)
            for action, shown in ACTION_BUTTONS.items()
            if shown.asks is Asks.WORDS
        },
        # The words are the member's own: whether these may be sent is asked when they are.
        "say": DeskButton(Act.NOTE, _chosen),
    }
)
