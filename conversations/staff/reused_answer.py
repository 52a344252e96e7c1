"""On the card of an inquiry that staff have answered: the way to make a ready answer of it, in private."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.engine.step import Rows
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.registry import CaseButton, StaffButton
from conversations.staff.to_private import private_button
from locales import Localizer
from services.actors import case_subject
from services.inquiries.from_case import RIGHT, may_be_reused
from storage.records.cases import Case

_ADD = "bank"


def reuse_buttons(t: Localizer, case: Case) -> Rows:
    """Where there is an answer that others may ask for, too."""
    if not may_be_reused(case):
        return ()
    return ((button(t.plain("➕ Add an answer from this"), _ADD, case.id, case.version),),)


async def _lead(context: StaffContext, _: Tap, case: Case) -> None:
    """Only who tapped sees the link: it is opened in their own chat, where each step is shown to them alone."""
    t = context.t
    context.say(
        t.join_lines(
            t("<b>{reference}</b>", reference=t.ref(case.reference)),
            t("Add this question and its answer to the ready answers in the private chat."),
        ),
        ((private_button(context, f"bank_{case.reference}"),),),
        subject=case_subject(case.id),
        reply_to=context.said.message if context.said.group else None,
        reader=context.alone,
    )


BUTTONS: Mapping[str, StaffButton] = MappingProxyType({_ADD: CaseButton(RIGHT, _lead)})
