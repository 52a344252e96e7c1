"""The buttons that are about words: those of a card, which ask for them, and those under what a member wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from conversations.staff import preview, prompts, rights
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
from services.staff.prompts import WordsFor
from storage.ids import CaseId


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a member is asked to write; `hint` stands in the field in which they do."""

    text: str
    hint: str


_PROMPTS: Mapping[ReplyKind, _Asking] = MappingProxyType(
    {
        ReplyKind.ASK: _Asking(
            N_("❓ {name}, reply to this message with the question for the applicant."),
            N_("Question for the applicant"),
        ),
        ReplyKind.REPLY: _Asking(
            N_("✉️ {name}, reply to this message with the official reply."), N_("Official reply to the applicant")
        ),
        ReplyKind.NOTE: _Asking(
            N_("📝 {name}, reply to this message with the note. The applicant will not see it."),
            N_("Note that only staff see"),
        ),
        ReplyKind.RESOLVE: _Asking(
            N_(
                "☑️ {name}, reply to this message with what was done and a photo that shows it. We will "
                "then ask the applicant to confirm."
            ),
            N_("What was done, and a photo"),
        ),
        ReplyKind.REJECT: _Asking(
            N_("🚫 {name}, reply to this message with the reason. The applicant will see it."),
            N_("Reason for the rejection"),
        ),
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
            await _change(context, case, state, reply)
        case "drop":
            save(context, state.without(reply))
            await prompts.close(context, case_subject(case.id))
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


async def _change(context: StaffContext, case: Case, state: Waiting, reply: PendingReply) -> None:
    """Have it written again; meanwhile it is not sent."""
    t = context.t
    assert reply.kind is not None  # noqa: S101 - a preview was shown
    changed = reply.model_copy(update={"turn": reply.turn + 1})
    save(context, state.put(changed).ask(Prompt(case=case.id, kind=reply.kind, instead_of=reply.key)))
    how = t("✏️ Write the new text for {reference} below.", reference=t.ref(case.reference))
    if reply.messages and not reply.template:
        how = t(
            "✏️ Edit your own message about {reference}, or write the new text below.", reference=t.ref(case.reference)
        )
    preview.show(context, case, how, ((drop_button(context, case, changed),),), edit=True)
    again = t("{name}, reply to this message with the new text.", name=prompts.named(context))
    await prompts.ask(context, WordsFor.CASE, case_subject(case.id), again, t.plain("The new text"))


# ---------------------------------------------------------------------------- asked for by a button of the card


async def prompt(context: StaffContext, tap: Tap, case: Case) -> None:
    """A button of the card asks for words: a question, a reply, a note, what was done, a reason."""
    t, kind = context.t, ReplyKind(tap.verb)
    if not can(case, kind.transition):
        context.toast = t.plain("This is no longer possible. See the card.")
        return
    asked = (await waiting(context)).ask(Prompt(case=case.id, kind=kind))
    save(context, asked.model_copy(update={"summarising": None}))
    if kind is not ReplyKind.NOTE and context.templates.for_case(case, kind):
        _offer_templates(context, case, kind)
    prompt = _PROMPTS[kind]
    text = t.join_lines(
        t("<b>{reference}</b>", reference=t.ref(case.reference)), t(prompt.text, name=prompts.named(context))
    )
    await prompts.ask(context, WordsFor.CASE, case_subject(case.id), text, t.plain(prompt.hint))


def _offer_templates(context: StaffContext, case: Case, kind: ReplyKind) -> None:
    """Ready texts, in a message before the prompt: what opens a reply has no room for buttons."""
    t = context.t
    rows = ((button(t.plain("📋 Use a template"), "tmpl", case.id, case.version, f"l.{kind}.0"),),)
    text = t("There are templates for {reference}. You can also write your own text.", reference=t.ref(case.reference))
    context.say(text, rows, subject=case_subject(case.id), reply_to=context.said.message, silent=True)


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
