"""The buttons of a card: what a tap does, and what the one who tapped is told of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Rows, localizer_of
from conversations.staff import card, handover
from conversations.staff.action_buttons import ACTION_BUTTONS, MENU, Asks, menu_of
from conversations.staff.card_buttons import (
    abuse_buttons,
    main_buttons,
    more_buttons,
    pick_buttons,
    priority_buttons,
    status_buttons,
)
from conversations.staff.contact import say_contact
from conversations.staff.context import StaffContext, Tap
from conversations.staff.office_scope import office_localizer, refuse
from conversations.staff.outcomes import say_outcome
from conversations.staff.own_buttons import own_buttons
from conversations.staff.registry import CaseButton, StaffButton
from locales import Localizer, clean
from services import residents
from services.actors import case_subject
from services.cases import staff_actions
from services.cases.actions import ACTIONS, BARRED, Action, AlreadyDone, Inputs
from services.cases.staff_actions import Denied
from services.cases.workflow import Applied, Stale
from services.staff import permissions
from services.staff.permissions import Act
from storage.records.cases import Case

# ---------------------------------------------------------------------------- actions of one tap


async def _act(context: StaffContext, tap: Tap, case: Case) -> None:
    """Do what the button says; a card that is older than the case shows itself anew."""
    action = Action(tap.verb)
    shown = ACTION_BUTTONS[action]
    inputs = Inputs(
        words=await _reason(context, case) if action is Action.ABUSE else "",
        to=tap.argument if ACTIONS[action].takes is not None else "",
        version=tap.version if shown.by_version else None,
    )
    result = await staff_actions.perform(context.work, context.person, action, case.id, inputs)
    say_outcome(context, result)
    if isinstance(result, Stale):
        await card.refresh(context, result.case)
        if action is Action.CLAIM and result.case.owner != context.person.actor:
            context.toast = await _who_was_first(context, result.case)
            context.tell_alone(context.t.own(context.toast))
    elif isinstance(result, Applied | AlreadyDone):
        context.toast = context.t.plain(shown.done)


async def _who_was_first(context: StaffContext, case: Case) -> str:
    """Of two who claim, the owner was first. The case does not record who made other changes."""
    t = context.t
    if not case.owner:
        return t.plain("Someone else has already dealt with this. See the card.")
    who = (await permissions.names(context.work)).get(case.owner, "") or t.plain("A member of staff")
    return t.plain("{name} has already taken this request. See the card.", name=who)


async def _reason(context: StaffContext, case: Case) -> str:
    """Why nothing more is taken from somebody, in their own language."""
    person = await residents.by_id(context.work, case.resident_id)
    t = localizer_of(context.catalogues, person) if person is not None else context.t
    return clean(
        t.plain(
            "This service was misused. You cannot send new requests for {span}.",
            span=t.duration(BARRED),
        )
    )


async def _contact(context: StaffContext, _tap: Tap, case: Case) -> None:
    """Name and phone, as a message that is gone again after ten minutes."""
    shown = await staff_actions.contact(context.work, context.person, case.id)
    if isinstance(shown, Denied):
        refuse(context)
        return
    asked_not = shown.anonymous and (shown.name or shown.phone)
    remark = context.t("The applicant asked not to be named. Only use these details to deal with the request.")
    about = case_subject(case.id)
    say_contact(context, about, case.reference, shown.name, shown.phone, remark if asked_not else None, shown.delegate)


# ---------------------------------------------------------------------------- menus


_Build = Callable[[StaffContext, Localizer, Case], Awaitable[Rows]]


@dataclass(frozen=True, slots=True)
class _Menu:
    """Other buttons under the card, and the right without which they are of no use."""

    right: Act
    build: _Build


def _fixed(build: Callable[[Localizer, Case], Rows]) -> _Build:
    async def built(_context: StaffContext, t: Localizer, case: Case) -> Rows:
        return build(t, case)

    return built


async def _people(context: StaffContext, t: Localizer, case: Case) -> Rows:
    people = await permissions.can_claim(context.work, case.office)
    names = await permissions.names(context.work)
    labels = [(one.address, names.get(one.actor, "") or one.name or t.plain("A member of staff")) for one in people]
    return pick_buttons(t, case, Action.ASSIGN, labels)


async def _categories(context: StaffContext, t: Localizer, case: Case) -> Rows:
    known = context.work.offices.categories_for(case.office, case.kind)
    return pick_buttons(t, case, Action.CATEGORY, [(one.id, t.pick_plain(one.name)) for one in known])


def _of(action: Action, build: _Build) -> tuple[str, _Menu]:
    """The menu of an action: whoever may not do it need not see it."""
    return menu_of(action), _Menu(ACTIONS[action].right, build)


_MENUS: Mapping[str, _Menu] = MappingProxyType(
    {
        "main": _Menu(Act.READ, _fixed(main_buttons)),
        "more": _Menu(Act.READ, _fixed(more_buttons)),
        "status": _Menu(Act.STATUS, _fixed(status_buttons)),
        **dict(
            (
                _of(Action.PRIORITY, _fixed(priority_buttons)),
                _of(Action.ABUSE, _fixed(abuse_buttons)),
                _of(Action.ASSIGN, _people),
                _of(Action.CATEGORY, _categories),
                _of(Action.REFER, handover.to_bodies(Action.REFER)),
                _of(Action.OUTSIDE, handover.to_bodies(Action.OUTSIDE)),
                _of(Action.TRANSFER, handover.to_offices),
            )
        ),
    }
)


async def _menu(context: StaffContext, tap: Tap, case: Case) -> None:
    """Show a menu in the office's language. A stale card shows itself anew."""
    if case.version != tap.version:
        await card.refresh(context, case)
        context.toast = context.t.plain("The card has changed. Check it and try again.")
        return
    menu = _MENUS.get(tap.argument)
    if menu is not None:
        rows = await menu.build(context, office_localizer(context, case.office), case)
        context.say(Markup(), await own_buttons(context, case, rows), edit=context.said.message)


def _for_menu(_context: StaffContext, tap: Tap) -> Act:
    menu = _MENUS.get(tap.argument)
    return Act.READ if menu is None else menu.right


BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        **{
            action.value: CaseButton(ACTIONS[action].right, _act)
            for action, shown in ACTION_BUTTONS.items()
            if shown.asks in {Asks.NOTHING, Asks.CHOICE}
        },
        "contact": CaseButton(Act.SEE_CONTACT, _contact),
        MENU: CaseButton(_for_menu, _menu),
    }
)
