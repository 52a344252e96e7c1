"""A resident has not answered a question: the team asks again, calls, or closes the request."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.staff import preview, prompts, reply_buttons
from conversations.staff.card_buttons import CLOSE_UNANSWERED
from conversations.staff.context import StaffContext, Tap
from conversations.staff.pending_replies import PendingReply, save, waiting
from conversations.staff.registry import CaseButton, StaffButton
from services.actors import case_subject
from services.cases.actions import ACTIONS, Action
from services.cases.resident_actions import Case, CaseStatus
from services.casework.replies import ReplyKind

_TEMPLATE = "no_answer"  # the ready text that says why it is closed; an installation may have none of that name


async def _close(context: StaffContext, tap: Tap, case: Case) -> None:
    """Show what the applicant would read. Once sent it is a rejection like any other: they can reopen the request."""
    if case.status is not CaseStatus.AWAITING_RESIDENT:
        context.toast = context.t.plain("This is no longer possible. See the card.")
        return
    template, key = context.templates.get(_TEMPLATE), context.said.message
    if template is None or template.kind is not ReplyKind.REJECT or not template.fits(case) or key is None:
        await reply_buttons.prompt(context, Tap(Action.REJECT.value, tap.case, tap.version), case)
        return
    state = await waiting(context)
    before = state.find(key)
    turn = 0 if before is None else before.turn + 1
    reply = PendingReply(key=key, case=case.id, kind=ReplyKind.REJECT, template=template.id, turn=turn)
    save(context, state.put(reply).answered(case.id))
    await prompts.close(context, case_subject(case.id))
    await preview.preview(context, case, reply, edit=False)


BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {CLOSE_UNANSWERED: CaseButton(ACTIONS[Action.REJECT].right, _close)}
)
