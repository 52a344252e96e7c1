"""What is said of a case by naming another: the earlier one it repeats, the number another body gave it.

Where the earlier one is nearby a tap is enough; else a member replies to the card with a command.
"""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Rows
from conversations.staff import card_actions, replies
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, refuse
from locales import Localizer
from services.actors import case_subject
from services.cases import duplicates
from services.cases.staff_actions import NotAllowed
from services.casework import guarded_actions
from services.casework.guarded_actions import Denied
from services.staff.permissions import Act
from services.text.references import parse_reference
from storage.ids import Reference, ResidentId
from storage.records import Case, CaseStatus

_NOBODY = ResidentId(0)
_LONGEST_NUMBER = 40


async def candidates(context: StaffContext, tap: Tap) -> None:
    """The earlier cases nearby, to be tapped; and how to name any other."""
    found = await guarded_actions.allowed(context.work, context.person, Act.STATUS, tap.case)
    if isinstance(found, Denied):
        refuse(context)
        return
    _, case = found
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
    return tuple(
        (
            button(
                t.plain("Duplicate of {reference}", reference=one.reference),
                "same",
                case.id,
                case.version,
                one.reference,
            ),
        )
        for one in earlier
    )


async def same(context: StaffContext, tap: Tap) -> None:
    """It is a duplicate of the one whose button was tapped."""
    reference = parse_reference(tap.argument)
    if reference is None:
        refuse(context)
        return
    result = await guarded_actions.mark_duplicate(context.work, context.person, tap.case, reference)
    card_actions.outcome(context, result)
    if isinstance(result, Case):
        context.say(_joined(context.t, result, reference), edit=context.said.message)


async def duplicate_command(context: StaffContext) -> None:
    """/duplicate C-…, as a reply to a card."""
    case, reference = await replies.replied_to(context), parse_reference(context.said.argument)
    t = context.t
    if case is None or reference is None:
        answer(
            context,
            t("Reply to the card with {command} and the reference of the earlier request.", command="/duplicate"),
        )
        return
    result = await guarded_actions.mark_duplicate(context.work, context.person, case.id, reference)
    match result:
        case Case():
            answer(context, _joined(t, result, reference))
        case Denied():
            refuse(context)
        case _:
            answer(
                context, t("We could not do this. Check that the reference is correct and that the request is open.")
            )


def _joined(t: Localizer, case: Case, reference: Reference) -> Markup:
    return t(
        "🔗 We have merged {reference} with {earlier}. People who follow it will now get updates "
        "on the earlier request.",
        reference=t.ref(case.reference),
        earlier=t.ref(reference),
    )


async def reference_command(context: StaffContext) -> None:
    """/reference NUMBER, as a reply to the card of a referred case: the number it has with the other body."""
    case, number = await replies.replied_to(context), context.said.argument.strip()
    t = context.t
    if case is None or case.status is not CaseStatus.REFERRED or not 0 < len(number) <= _LONGEST_NUMBER:
        answer(
            context,
            t(
                "Reply to the card of a referred request with {command} and the reference from the other body.",
                command="/reference",
            ),
        )
        return
    result = await guarded_actions.refer(context.work, context.person, case.id, case.referred_to, number)
    match result:
        case Denied():
            refuse(context)
        case Case():
            answer(
                context,
                t("We have recorded the reference {number}. The applicant will see it too.", number=t.own(number)),
            )
        case NotAllowed() | _:
            answer(context, t("This is no longer possible. See the card."))


async def tapped(context: StaffContext, tap: Tap) -> bool:
    """Do what a button says that is about duplicates; False where its verb is none of these."""
    if tap.verb == "duplicate":
        await candidates(context, tap)
    elif tap.verb == "same":
        await same(context, tap)
    else:
        return False
    return True
