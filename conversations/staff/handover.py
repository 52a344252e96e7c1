"""Handing a case on: to another body, to another office of ours, or back to the resident as nobody's here.

The resident is told at once, and what is with somebody else is not easily had back: so the member first sees what the
resident will read, in a message of its own below the card, and then confirms. Whoever may do it may confirm.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Rows
from conversations.staff import card, preview, rights
from conversations.staff.action_buttons import SHOW
from conversations.staff.card_buttons import main_buttons, pick_buttons
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import office_localizer, refuse
from conversations.staff.own_buttons import own_buttons
from conversations.staff.registry import CaseButton, StaffButton
from conversations.texts.case import body_name, office_name
from locales import N_, Localizer
from services import residents
from services.actors import case_subject
from services.cases import staff_actions
from services.cases.actions import ACTIONS, Action, AlreadyDone, Inputs, Takes
from services.cases.resident_actions import Case, CaseEventKind
from services.cases.staff_actions import Denied
from services.cases.workflow import RULES, Applied, NotAllowed, Stale, can
from services.dangers import alerts
from services.offices.offices import Offices
from services.staff.permissions import Act
from storage.ids import OfficeId

_CANCEL = "stays"  # the verb of the button that leaves a case where it is


@dataclass(frozen=True, slots=True)
class _Texts:
    """How one of the three ways is spoken of."""

    heading: str
    confirm: str
    done: str


#: By the action that confirms.
_TEXTS: Mapping[Action, _Texts] = MappingProxyType(
    {
        Action.REFER: _Texts(
            N_("👁 <b>Refer {reference} to {to}</b>. The applicant will see:"),
            N_("✅ Refer it"),
            N_(
                "↗️ {name} referred {reference} to {to}. When you get their reference, reply to this "
                "message with {command} and the reference."
            ),
        ),
        Action.OUTSIDE: _Texts(
            N_("👁 <b>Close {reference} as outside our remit</b>. Responsible body: {to}. The applicant will see:"),
            N_("✅ Close it"),
            N_("↪️ {name} closed {reference} as outside our remit. Responsible body: {to}."),
        ),
        Action.TRANSFER: _Texts(
            N_("👁 <b>Transfer {reference} to {to}</b> with its full history. The applicant will see:"),
            N_("✅ Transfer it"),
            N_("➡️ {name} transferred {reference} to {to}."),
        ),
    }
)


# ---------------------------------------------------------------------------- to whom


def to_bodies(action: Action) -> Callable[[StaffContext, Localizer, Case], Awaitable[Rows]]:
    """The menu of the bodies a case can be referred to, or belong to. First is the one that helps with its category,
    then those to which cases go by themselves: they are chosen most.
    """

    async def build(context: StaffContext, t: Localizer, case: Case) -> Rows:
        offices = context.work.offices
        category = offices.category(case.category)
        partner = category and category.partner
        bodies = sorted(offices.other_bodies.items(), key=lambda one: (one[0] != partner, not one[1].refers))
        return pick_buttons(t, case, f"{SHOW}{action}", [(name, t.pick_plain(body.name)) for name, body in bodies])

    return build


async def to_offices(context: StaffContext, t: Localizer, case: Case) -> Rows:
    """The menu of the other offices of ours."""
    others = [office for office in context.work.offices.all if office.id != case.office]
    labels = [(one.id, t.pick_plain(one.short_name)) for one in others]
    return pick_buttons(t, case, f"{SHOW}{Action.TRANSFER}", labels)


def _is_known(offices: Offices, action: Action, case: Case, to: str) -> bool:
    if ACTIONS[action].takes is Takes.OFFICE:
        return to != case.office and offices.get(OfficeId(to)) is not None
    return to in offices.other_bodies


def _to_whom(context: StaffContext, action: Action, to: str) -> Markup:
    if ACTIONS[action].takes is Takes.OFFICE:
        return office_name(context.t, context.work.offices, OfficeId(to))
    return body_name(context.t, context.work.offices, to)


# ---------------------------------------------------------------------------- what it will be, and doing it


async def _show(context: StaffContext, tap: Tap, case: Case) -> None:
    """Show what the resident will read, below the card, with the button that does it."""
    t, action, to = context.t, Action(tap.verb.removeprefix(SHOW)), tap.argument
    if not _is_known(context.work.offices, action, case, to):
        refuse(context)
        return
    if case.version != tap.version or not can(case, ACTIONS[action].transition):
        await card.refresh(context, case)
        context.toast = t.plain("The card has changed. Check it and try again.")
        return
    texts = _TEXTS[action]
    heading = t(texts.heading, reference=t.ref(case.reference), to=_to_whom(context, action, to))
    resident = await residents.by_id(context.work, case.resident_id)
    told = None
    if resident is not None:
        after, detail = await staff_actions.foresee(context.work, case, action, Inputs(to=to))
        told = await preview.as_told(context, after, resident, _event_of(action), detail=detail)
    notes = [*await preview.who_is_told(context, case, resident), *await _emergency(context, case, action, to)]
    text = preview.laid_out(heading, told, *notes)
    rows = (
        (button(t.plain(texts.confirm), action, case.id, case.version, to),),
        (button(t.plain("✖️ Cancel"), _CANCEL, case.id, case.version),),
    )
    under_card = await own_buttons(context, case, main_buttons(office_localizer(context, case.office), case))
    context.say(Markup(), under_card, edit=context.said.message)
    context.say(text, rows, subject=case_subject(case.id), reply_to=context.said.message)


async def _emergency(context: StaffContext, case: Case, action: Action, to: str) -> list[Markup]:
    """That somebody may be in danger; who hears of it at once, and whom nobody tells."""
    alert = await alerts.of_case(context.work, case.id)
    if alert is None or alert.dismissed_at is not None:
        return []
    t, whom = context.t, _to_whom(context, action, to)
    if action is Action.TRANSFER:
        text = t(
            "🚨 <b>This is an emergency.</b> The team of {office} gets the alert at once, and has to take it.",
            office=whom,
        )
    else:
        text = t("🚨 <b>This is an emergency.</b> The bot cannot alert {body}: call them.", body=whom)
    return [text]


def _event_of(action: Action) -> CaseEventKind:
    return RULES[ACTIONS[action].transition].event


async def _confirm(context: StaffContext, tap: Tap, case: Case) -> None:
    """Do it; the message that showed it then says who did."""
    t, action, to = context.t, Action(tap.verb), tap.argument
    inputs = Inputs(to=to, version=tap.version)
    result = await staff_actions.perform(context.work, context.person, action, case.id, inputs)
    match result:
        case AlreadyDone():
            context.toast = t.plain("Done. The card is updated.")
        case Applied(case=after):
            text = t(
                _TEXTS[action].done,
                name=context.person.name,
                reference=t.ref(after.reference),
                to=_to_whom(context, action, to),
                command="/reference",
            )
            context.toast = t.plain("Done. The card is updated.")
            context.say(text, subject=case_subject(after.id), edit=context.said.message)
        case Stale() | NotAllowed():
            context.toast = t.plain("The card has changed. Check it and try again.")
            text = t(
                "{reference} has changed, so we did not do this. See the card.",
                reference=t.ref(case.reference),
            )
            context.say(text, subject=case_subject(case.id), edit=context.said.message)
        case Denied():
            refuse(context)


async def was_transferred_from_here(context: StaffContext, tap: Tap) -> bool:
    """Whether a tap confirms a transfer that a colleague, or the same member, has just confirmed.

    The case is another office's by now, where the member may have no right.
    """
    if tap.verb != Action.TRANSFER:
        return False
    came_from = await rights.offices_with(context, ACTIONS[Action.TRANSFER].right)
    return await staff_actions.was_transferred(context.work, tap.case, came_from, tap.argument)


async def _cancel(context: StaffContext, _tap: Tap, case: Case) -> None:
    context.say(context.t("Cancelled. Nothing has changed."), subject=case_subject(case.id), edit=context.said.message)


BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        **{action.value: CaseButton(ACTIONS[action].right, _confirm) for action in _TEXTS},
        **{f"{SHOW}{action}": CaseButton(ACTIONS[action].right, _show) for action in _TEXTS},
        _CANCEL: CaseButton(Act.READ, _cancel),
    }
)
