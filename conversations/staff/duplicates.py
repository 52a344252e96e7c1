"""What is said of a case by naming another: the earlier one it repeats, the number another body gave it.

Where the earlier one is nearby a tap is enough; else a member replies to the card with a command.
"""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Rows
from conversations.staff import card_actions, replies
from conversations.staff.context import Desk, Tap, button
from conversations.staff.office_scope import answer, refuse
from locales import Tongue
from services.cases import duplicates
from services.cases.staff_actions import NotAllowed
from services.cases.workflow import subject
from services.casework import guarded_actions
from services.casework.guarded_actions import Denied
from services.staff.permissions import Act
from services.text.references import parse_reference
from storage.ids import Reference, ResidentId
from storage.records import Case, CaseStatus

_NOBODY = ResidentId(0)
_LONGEST_NUMBER = 40


async def candidates(desk: Desk, tap: Tap) -> None:
    """The earlier cases nearby, to be tapped; and how to name any other."""
    found = await guarded_actions.allowed(desk.work, desk.person, Act.STATUS, tap.case)
    if isinstance(found, Denied):
        refuse(desk)
        return
    _, case = found
    near = await duplicates.similar(
        desk.work, case.category, case.office, case.latitude, case.longitude, case.block, case.road, _NOBODY
    )
    earlier = [one.case for one in near if one.case.id != case.id]
    t = desk.t
    desk.say(
        t.join_lines(
            t("🔗 Which earlier request is the same as {reference}?", reference=t.ref(case.reference)),
            t("Those nearby are below. For any other, reply to the card with {command}.",
              command="/duplicate C-…") if earlier
            else t("None of the open ones is nearby. Reply to the card with {command}.", command="/duplicate C-…"),
        ),
        _rows(t, case, earlier),
        subject=subject(case.id),
        reply_to=desk.said.message,
    )  # fmt: skip


def _rows(t: Tongue, case: Case, earlier: list[Case]) -> Rows:
    return tuple(
        (button(t.plain("Same as {reference}", reference=one.reference), "same", case.id, case.version, one.reference),)
        for one in earlier
    )


async def same(desk: Desk, tap: Tap) -> None:
    """It is a duplicate of the one whose button was tapped."""
    reference = parse_reference(tap.argument)
    if reference is None:
        refuse(desk)
        return
    result = await guarded_actions.mark_duplicate(desk.work, desk.person, tap.case, reference)
    card_actions.outcome(desk, result)
    if isinstance(result, Case):
        desk.say(_joined(desk.t, result, reference), edit=desk.said.message)


async def duplicate_command(desk: Desk) -> None:
    """/duplicate C-…, as a reply to a card."""
    case, reference = await replies.replied_to(desk), parse_reference(desk.said.argument)
    t = desk.t
    if case is None or reference is None:
        answer(desk, t("Reply to the card with {command} and the reference of the earlier request.",
                       command="/duplicate"))  # fmt: skip
        return
    result = await guarded_actions.mark_duplicate(desk.work, desk.person, case.id, reference)
    match result:
        case Case():
            answer(desk, _joined(t, result, reference))
        case Denied():
            refuse(desk)
        case _:
            answer(desk, t("That is not possible: there is no such request, or it is closed."))


def _joined(t: Tongue, case: Case, reference: Reference) -> Markup:
    return t("🔗 {reference} is joined with {earlier}: whoever follows it is told of that one from now on.",
             reference=t.ref(case.reference), earlier=t.ref(reference))  # fmt: skip


async def reference_command(desk: Desk) -> None:
    """/reference NUMBER, as a reply to the card of a referred case: the number it has with the other body."""
    case, number = await replies.replied_to(desk), desk.said.argument.strip()
    t = desk.t
    if case is None or case.status is not CaseStatus.REFERRED or not 0 < len(number) <= _LONGEST_NUMBER:
        answer(desk, t("Reply to the card of a referred request with {command} and the number that the other body "
                       "gave it.", command="/reference"))  # fmt: skip
        return
    result = await guarded_actions.refer(desk.work, desk.person, case.id, case.referred_to, number)
    match result:
        case Denied():
            refuse(desk)
        case Case():
            answer(desk, t("Noted: {number}. It is shown to the resident as well.", number=t.own(number)))
        case NotAllowed() | _:
            answer(desk, t("Not possible any more: the card shows how it stands."))


async def tapped(desk: Desk, tap: Tap) -> bool:
    """Do what a button says that is about duplicates; False where its verb is none of these."""
    if tap.verb == "duplicate":
        await candidates(desk, tap)
    elif tap.verb == "same":
        await same(desk, tap)
    else:
        return False
    return True
