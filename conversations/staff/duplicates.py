"""What is said of a case by naming another: the earlier one it repeats, the number another body gave it.

Where the earlier one is nearby a tap is enough; else a member replies to the card with a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Rows
from conversations.staff import rights
from conversations.staff.action_buttons import NEARBY
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.incoming_words import replied_case
from conversations.staff.office_scope import answer, refuse
from conversations.staff.outcomes import say_outcome
from conversations.staff.registry import CaseButton, StaffButton, StaffCommand
from locales import N_, Localizer
from services.actors import case_subject
from services.cases import duplicates, staff_actions
from services.cases.actions import ACTIONS, Action, Inputs
from services.cases.event_details import detail_of
from services.cases.staff_actions import Denied, Result
from services.cases.workflow import Applied
from services.text.references import parse_reference
from storage.ids import ResidentId
from storage.records.cases import Case, CaseStatus

_STATUS = ACTIONS[Action.DUPLICATE].right
_NOBODY = ResidentId(0)
_LONGEST_NUMBER = 40


async def _candidates(context: StaffContext, _tap: Tap, case: Case) -> None:
    """The earlier cases nearby, to be tapped; and how to name any other."""
    near = await duplicates.similar(
        context.work, case.category, case.office, case.latitude, case.longitude, case.block, case.road, _NOBODY
    )
    earlier = [one.case for one in near if one.case.id != case.id]
    t = context.t
    context.say(
        t.join_lines(
            t("🔗 Which earlier request does {reference} duplicate?", reference=t.ref(case.reference)),
            t(
                "Choose from the nearby requests. For any other request, reply to the card with {command}.",
                command="/duplicate C-…",
            )
            if earlier
            else t(
                "There are no open requests nearby. To choose any other request, reply to the card with {command}.",
                command="/duplicate C-…",
            ),
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


async def _same(context: StaffContext, tap: Tap, case: Case) -> None:
    """It is a duplicate of the one whose button was tapped."""
    result = await _mark(context, case, tap.argument)
    say_outcome(context, result)
    if isinstance(result, Applied):
        context.say(_joined(context.t, result), edit=context.said.message)


async def _mark(context: StaffContext, case: Case, reference: str) -> Result | Denied:
    inputs = Inputs(to=reference)
    return await staff_actions.perform(context.work, context.person, Action.DUPLICATE, case.id, inputs)


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
    if case is None:
        return
    result = await _mark(context, case, context.said.argument)
    match result:
        case Applied():
            answer(context, _joined(t, result))
        case Denied():
            refuse(context)
        case _:
            answer(
                context, t("We could not do this. Check that the reference is correct and that the request is open.")
            )


def _joined(t: Localizer, applied: Applied) -> Markup:
    return t(
        "🔗 We have merged {reference} with {earlier}. People who follow it will now get updates "
        "on the earlier request.",
        reference=t.ref(applied.case.reference),
        earlier=t.ref(detail_of(applied.event).stored),
    )


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
    {NEARBY: CaseButton(_STATUS, _candidates), Action.DUPLICATE.value: CaseButton(_STATUS, _same)}
)
