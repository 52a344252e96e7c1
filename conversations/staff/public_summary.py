"""A summary that neighbours read who are asked to join a request: written from its card, shown, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.messages import Kind
from conversations.engine.step import Button
from conversations.staff import prompts
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import refuse
from conversations.staff.pending_replies import Waiting, save, waiting
from conversations.staff.registry import CaseButton, StaffButton
from conversations.staff.reply_sending import answer_about
from locales import N_, Localizer
from services.actors import case_subject
from services.cases import public_view
from services.cases.public_view import LONGEST, NotWritten
from services.cases.staff_actions import Denied
from services.cases.workflow import ENDED
from services.staff.prompts import WordsFor
from storage.records.cases import Case

_WRITE, _REMOVE = "summary", "summary_off"

_WHY_NOT = MappingProxyType(
    {
        NotWritten.EMPTY: N_("The summary has no text. Nothing was changed."),
        NotWritten.NAMES: N_("Please leave out names, phone numbers and house numbers. Nothing was changed."),
        NotWritten.ENDED: N_("This request has ended, so nobody is asked to join it. Nothing was changed."),
    }
)


def write_button(t: Localizer, case: Case) -> tuple[Button, ...]:
    """On the card of a request that others may be asked to join."""
    if case.status in ENDED:
        return ()
    return (button(t.plain("📢 Summary for neighbours"), _WRITE, case.id, case.version),)


async def _ask(context: StaffContext, _: Tap, case: Case) -> None:
    t, shown = context.t, await public_view.shown(context.work, case)
    save(context, (await waiting(context)).model_copy(update={"summarising": case.id, "merging": None}))
    now = (
        t("Neighbours read: “{words}”", words=t.own(shown.words, LONGEST))
        if shown.words
        else t("Neighbours read no words of it, only category, block, age and photos.")
    )
    ask = t(
        "📢 {name}, reply to this message with a summary for neighbours who report the same. {limit} characters at "
        "most, without names, phone numbers and house numbers.",
        name=prompts.named(context),
        limit=LONGEST,
    )
    about, reference = case_subject(case.id), t("<b>{reference}</b>", reference=t.ref(case.reference))
    if shown.by_staff:  # what opens a reply has no room for a button
        rows = (_remove_row(t, case),)
        text = t("You can replace the summary of {reference} below, or remove it.", reference=t.ref(case.reference))
        context.say(text, rows, subject=about, reply_to=context.said.message)
    text = t.join_lines(reference, now, ask)
    await prompts.ask(context, WordsFor.CASE, about, text, t.plain("Summary for neighbours who report the same"))


def _remove_row(t: Localizer, case: Case) -> tuple[Button, ...]:
    return (button(t.plain("Remove the summary"), _REMOVE, case.id, case.version),)


async def taken(context: StaffContext, case: Case, state: Waiting) -> bool:
    """Whether what a member wrote below a case is the summary that they were asked for."""
    said = context.said
    if state.summarising != case.id or said.kind is not Kind.TEXT or said.edited:
        return False
    t = context.t
    match await public_view.summarise(context.work, context.person, case.id, said.text):
        case Denied():
            save(context, state.model_copy(update={"summarising": None}))
            answer_about(context, case, t("You do not have permission to do this"))
        case NotWritten.TOO_LONG:
            text = t("A summary has {limit} characters at most. Nothing was changed.", limit=LONGEST)
            answer_about(context, case, text)
        case NotWritten() as why:
            answer_about(context, case, t(_WHY_NOT[why]))
        case Case():
            save(context, state.model_copy(update={"summarising": None}))
            await prompts.close(context, case_subject(case.id))
            context.say(await _now(context, case), (_remove_row(t, case),), subject=case_subject(case.id))
    return True


async def _now(context: StaffContext, case: Case) -> Markup:
    t, shown = context.t, await public_view.shown(context.work, case)
    return t("📢 Neighbours who report the same now read: “{words}”", words=t.own(shown.words, LONGEST))


async def _take_back(context: StaffContext, _: Tap, case: Case) -> None:
    if isinstance(await public_view.take_back(context.work, context.person, case.id), Denied):
        refuse(context)
        return
    text = context.t("The summary for neighbours is removed.")
    context.say(text, subject=case_subject(case.id), edit=context.said.message)


BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {_WRITE: CaseButton(public_view.RIGHT, _ask), _REMOVE: CaseButton(public_view.RIGHT, _take_back)}
)
