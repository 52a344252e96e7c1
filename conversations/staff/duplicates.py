"""What is said of a case by naming another: the earlier one it repeats, the number another body gave it.

The earlier one is tapped where it is nearby, else typed. Both are shown side by side before they are merged.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.messages import Kind
from conversations.engine.step import Rows
from conversations.staff import preview, prompts, rights
from conversations.staff.action_buttons import MERGE, NEARBY, SEPARATE
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.incoming_words import replied_case
from conversations.staff.office_scope import answer, refuse
from conversations.staff.pending_replies import Waiting, save, waiting
from conversations.staff.registry import CaseButton, StaffButton, StaffCommand
from conversations.texts.case import category_name, place_words
from locales import N_, Localizer
from services import residents
from services.actors import Subject, case_subject
from services.cases import duplicates, merging, staff_actions
from services.cases.actions import ACTIONS, Action, Inputs
from services.cases.event_details import detail_of
from services.cases.staff_actions import Denied
from services.cases.workflow import Applied, Transition, can
from services.staff import prompts as open_prompts
from services.staff.prompts import WordsFor
from services.text.references import CASE_EXAMPLE, parse_reference
from storage.ids import ResidentId
from storage.records.cases import Case, CaseEventKind, CaseStatus

_STATUS = ACTIONS[Action.DUPLICATE].right
_NOBODY = ResidentId(0)
_LONGEST_NUMBER = 40
_WORDS = 150  # of what the applicant wrote, beside the other's


# ---------------------------------------------------------------------------- which earlier one


async def _candidates(context: StaffContext, _tap: Tap, case: Case) -> None:
    """The earlier cases nearby, to be tapped; any other is named by its reference."""
    near = await duplicates.similar(
        context.work, case.category, case.office, case.latitude, case.longitude, case.block, case.road, _NOBODY
    )
    earlier = [one.case for one in near if one.case.id != case.id]
    t = context.t
    await prompts.expect(context, WordsFor.CASE, case_subject(case.id))
    save(context, (await waiting(context)).model_copy(update={"merging": case.id, "summarising": None}))
    context.say(
        t.join_lines(
            t("🔗 Which earlier request does {reference} duplicate?", reference=t.ref(case.reference)),
            t("Choose one of the nearby requests, or type the reference of any other.")
            if earlier
            else t("There are no open requests nearby. Type the reference of the earlier request."),
        ),
        _rows(t, case, earlier),
        subject=case_subject(case.id),
        reply_to=context.said.message,
    )


def _rows(t: Localizer, case: Case, earlier: list[Case]) -> Rows:
    rows = []
    for one in earlier:
        label = t.plain("Duplicate of {reference}", reference=one.reference)
        rows.append((button(label, Action.DUPLICATE, case.id, case.version, one.reference),))
    return rows


async def names_one(context: StaffContext, about: Subject) -> bool:
    """Whether what was typed is the reference of the earlier case that the member was asked for."""
    asked = (await waiting(context)).merging
    return asked is not None and case_subject(asked) == about and parse_reference(context.said.text) is not None


async def taken(context: StaffContext, case: Case, state: Waiting) -> bool:
    """Whether what a member wrote below a case is which earlier one it repeats, as they were asked."""
    said = context.said
    if state.merging != case.id or said.kind is not Kind.TEXT or said.edited:
        return False
    prompt = await open_prompts.current(context.work, context.person, said.chat)
    if prompt is None or prompt.subject != case_subject(case.id):
        return False
    if parse_reference(said.text) is None:
        context.say(
            context.t(
                "Type the reference of the earlier request, for example {example}.", example=context.t.ref(CASE_EXAMPLE)
            ),
            subject=case_subject(case.id),
            reply_to=said.message,
        )
        return True
    await _show(context, case, said.text)
    return True


async def _chosen(context: StaffContext, tap: Tap, case: Case) -> None:
    """The one whose button was tapped: both are shown before anything is done."""
    await _show(context, case, tap.argument)


async def duplicate_command(context: StaffContext) -> None:
    """/duplicate C-…, as a reply to a card."""
    t, named = context.t, await replied_case(context)
    if named is None or parse_reference(context.said.argument) is None:
        answer(
            context,
            t("Reply to the card with {command} and the reference of the earlier request.", command="/duplicate"),
        )
        return
    case = await rights.case_for(context, _STATUS, named.id)
    if case is not None:
        await _show(context, case, context.said.argument)


# ---------------------------------------------------------------------------- both side by side, and doing it


async def _show(context: StaffContext, case: Case, reference: str) -> None:
    """Show both requests and what the applicant will read, with the button that merges them."""
    t, about = context.t, case_subject(case.id)
    main = await merging.earlier(context.work, context.person, case, reference)
    if isinstance(main, Denied):
        refuse(context)
        return
    if main is None or not can(case, Transition.MARK_DUPLICATE):
        context.say(
            t("We could not do this. Check that the reference is correct and that the request is open."),
            subject=about,
            reply_to=context.said.message,
        )
        return
    await prompts.close(context, about)
    save(context, (await waiting(context)).model_copy(update={"merging": None}))
    resident, told = await residents.by_id(context.work, case.resident_id), None
    if resident is not None:
        after, detail = await staff_actions.foresee(context.work, case, Action.DUPLICATE, Inputs(to=main.reference))
        told = await preview.as_told(context, after, resident, CaseEventKind.DUPLICATE, detail=detail)
    heading = t.join_lines(
        t("👁 <b>Merge {reference} with {earlier}</b>", reference=t.ref(case.reference), earlier=t.ref(main.reference)),
        _about(context, case),
        _about(context, main),
        *_differences(t, case, main),
        t("What the applicant will read:"),
    )
    rows = (
        (button(t.plain("✅ Merge them"), MERGE, case.id, case.version, main.reference),),
        (button(t.plain("✖️ Cancel"), "stays", case.id, case.version),),
    )
    text = preview.laid_out(heading, told, *await preview.who_is_told(context, case, resident))
    context.say(text, rows, subject=about, reply_to=context.said.message)


def _about(context: StaffContext, case: Case) -> Markup:
    """What tells whether two are the same: the category, the place, how old, in whose words."""
    t = context.t
    lines = t(
        "{reference}: {category} · {place} · {day}",
        reference=t.ref(case.reference),
        category=category_name(t, context.work.offices, case.category),
        place=place_words(t, case) or t("no place given"),
        day=t.date(case.created_at),
    )
    return t.join_lines(lines, t("“{words}”", words=t.own(case.words, _WORDS))) if case.words else lines


def _differences(t: Localizer, case: Case, main: Case) -> list[Markup]:
    found = []
    if case.category != main.category:
        found.append(t("⚠️ The categories are different."))
    if merging.are_apart(case, main):
        found.append(t("⚠️ The places are different."))
    return found


async def _merge(context: StaffContext, tap: Tap, case: Case) -> None:
    """Do it; the message that showed it then says so, and can take it back."""
    t, about = context.t, case_subject(case.id)
    inputs = Inputs(to=tap.argument, version=tap.version)
    match await staff_actions.perform(context.work, context.person, Action.DUPLICATE, case.id, inputs):
        case Applied() as applied:
            row = (button(t.plain("✂️ Separate them again"), SEPARATE, case.id, applied.case.version),)
            context.toast = t.plain("Done. The card is updated.")
            context.say(_joined(t, applied), (row,), subject=about, edit=context.said.message)
        case Denied():
            refuse(context)
        case _:
            _has_changed(context, case)


async def _separate(context: StaffContext, tap: Tap, case: Case) -> None:
    t = context.t
    match await merging.separate(context.work, context.person, case.id, tap.version):
        case Applied():
            context.toast = t.plain("Done. The card is updated.")
            text = t(
                "✂️ {name} separated {reference} from the earlier request. It is open again on its own.",
                name=context.person.name,
                reference=t.ref(case.reference),
            )
            context.say(text, subject=case_subject(case.id), edit=context.said.message)
        case Denied():
            refuse(context)
        case _:
            _has_changed(context, case)


def _has_changed(context: StaffContext, case: Case) -> None:
    t = context.t
    context.toast = t.plain("The card has changed. Check it and try again.")
    text = t("{reference} has changed, so we did not do this. See the card.", reference=t.ref(case.reference))
    context.say(text, subject=case_subject(case.id), edit=context.said.message)


def _joined(t: Localizer, applied: Applied) -> Markup:
    return t(
        "🔗 We have merged {reference} with {earlier}. People who follow it will now get updates "
        "on the earlier request.",
        reference=t.ref(applied.case.reference),
        earlier=t.ref(detail_of(applied.event).stored),
    )


# ---------------------------------------------------------------------------- another body's number


async def reference_command(context: StaffContext) -> None:
    """/reference NUMBER, as a reply to the card of a referred case: the number it has with the other body."""
    t, named, number = context.t, await replied_case(context), context.said.argument.strip()
    case = None if named is None else await rights.case_for(context, ACTIONS[Action.REFER].right, named.id)
    if named is not None and case is None:
        return
    if case is None or case.status is not CaseStatus.REFERRED or not 0 < len(number) <= _LONGEST_NUMBER:
        answer(
            context,
            t(
                "Reply to the card of a referred request with {command} and the reference from the other body.",
                command="/reference",
            ),
        )
        return
    inputs = Inputs(words=number, to=case.referred_to)
    result = await staff_actions.perform(context.work, context.person, Action.REFER, case.id, inputs)
    match result:
        case Denied():
            refuse(context)
        case Applied():
            answer(
                context,
                t("We have recorded the reference {number}. The applicant will see it too.", number=t.own(number)),
            )
        case _:
            answer(context, t("This is no longer possible. See the card."))


COMMANDS = (
    StaffCommand(
        "duplicate", N_("Reply to a card to mark it as a duplicate of an earlier request"), _STATUS, duplicate_command
    ),
    StaffCommand(
        "reference",
        N_("Reply to a card to record the reference another body gave it"),
        ACTIONS[Action.REFER].right,
        reference_command,
    ),
)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        NEARBY: CaseButton(_STATUS, _candidates),
        Action.DUPLICATE.value: CaseButton(_STATUS, _chosen),
        MERGE: CaseButton(_STATUS, _merge),
        SEPARATE: CaseButton(_STATUS, _separate),
    }
)
