"""The buttons of a card: what a tap does, and what the one who tapped is told of it.

A tap is untrusted: its case, its version and its argument may be anything. Whether the member may is checked by the
service that acts (`services.casework.guarded_actions`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Rows, localizer_of
from conversations.staff import card, handover, history
from conversations.staff.context import StaffContext, Tap
from conversations.staff.office_scope import office_tongue, offices_here, refuse
from locales import Localizer, clean
from services.actors import case_subject
from services.cases import resident_actions
from services.cases.staff_actions import NotAllowed, Result, Stale
from services.casework import guarded_actions
from services.casework.guarded_actions import Denied
from services.staff import permissions
from services.staff.permissions import Act
from storage import residents
from storage.records import Case

_CONTACT_STAYS = timedelta(minutes=10)


async def tapped(context: StaffContext, tap: Tap) -> bool:
    """Do what a button of a card says; False where the verb is none of a card's."""
    act = _VERBS.get(tap.verb)
    if act is None:
        return False
    if handover.is_done(tap, case := await resident_actions.by_id(context.work, tap.case)):
        context.toast = context.t.plain("Done. The card is updated.")
        return True
    if await _is_shown_elsewhere(context, case):
        permissions.deny(context.work, context.person, Act.READ, case_subject(tap.case))
        refuse(context)
        return True
    await act(context, tap)
    return True


async def _is_shown_elsewhere(context: StaffContext, case: Case | None) -> bool:
    """Whether the group is not that of the case's office: whoever taps may see it, those who read along may not."""
    return context.said.group and case is not None and case.office not in await offices_here(context)


def outcome(context: StaffContext, result: Result | Denied) -> None:
    """What came of an act, in a word. The card shows the rest by itself."""
    t = context.t
    match result:
        case Denied():
            refuse(context)
        case Stale():
            context.toast = t.plain("The card has changed. Check it and try again.")
        case NotAllowed():
            context.toast = t.plain("This is no longer possible. See the card.")
        case Case():
            context.toast = t.plain("Done. The card is updated.")


async def _outcome(context: StaffContext, result: Result | Denied) -> None:
    """The same of a button of the card, which shows itself anew where it is older than the case."""
    outcome(context, result)
    if isinstance(result, Stale):
        await card.refresh(context, result.case)


# ---------------------------------------------------------------------------- deeds of one tap


async def _claim(context: StaffContext, tap: Tap) -> None:
    result = await guarded_actions.claim(context.work, context.person, tap.case)
    await _outcome(context, result)
    if isinstance(result, Case):
        context.toast = context.t.plain("This request is now assigned to you")
    elif isinstance(result, Stale) and result.case.owner != context.person.actor:
        context.toast = await _who_was_first(context, result.case)


async def _who_was_first(context: StaffContext, case: Case) -> str:
    """Of two who claim, one has it: that is its owner. Whoever changed anything else is not known by the case."""
    t = context.t
    if not case.owner:
        return t.plain("Someone else has already dealt with this. See the card.")
    who = (await permissions.names(context.work)).get(case.owner, "") or t.plain("A member of staff")
    return t.plain("{name} has already taken this request. See the card.", name=who)


async def _assign(context: StaffContext, tap: Tap) -> None:
    await _outcome(
        context, await guarded_actions.assign(context.work, context.person, tap.case, tap.argument, tap.version)
    )


async def _start(context: StaffContext, tap: Tap) -> None:
    await _outcome(context, await guarded_actions.start_work(context.work, context.person, tap.case, tap.version))


async def _priority(context: StaffContext, tap: Tap) -> None:
    if tap.argument not in {"0", "1", "2", "3"}:
        refuse(context)
        return
    result = await guarded_actions.set_priority(context.work, context.person, tap.case, int(tap.argument), tap.version)
    await _outcome(context, result)


async def _escalate(context: StaffContext, tap: Tap) -> None:
    await _outcome(context, await guarded_actions.escalate(context.work, context.person, tap.case, tap.version))


async def _recategorise(context: StaffContext, tap: Tap) -> None:
    await _outcome(
        context, await guarded_actions.recategorise(context.work, context.person, tap.case, tap.argument, tap.version)
    )


async def _abuse(context: StaffContext, tap: Tap) -> None:
    """The person is told why in their own language."""
    case = await resident_actions.by_id(context.work, tap.case)
    person = await residents.by_id(context.work.tx, case.resident_id) if case is not None else None
    t = localizer_of(context.catalogues, person) if person is not None else context.t
    reason = clean(
        t.plain(
            "This service was misused. You cannot send new requests for {span}.",
            span=t.duration(guarded_actions.BARRED),
        )
    )
    await _outcome(context, await guarded_actions.mark_abuse(context.work, context.person, tap.case, reason))


async def _contact(context: StaffContext, tap: Tap) -> None:
    """Name and phone, as a message that is gone again after ten minutes."""
    shown = await guarded_actions.contact(context.work, context.person, tap.case)
    case = await resident_actions.by_id(context.work, tap.case)
    if isinstance(shown, Denied) or case is None:
        refuse(context)
        return
    t = context.t
    context.say(
        t.join_lines(
            t("👤 {reference}", reference=t.ref(case.reference)),
            t.own(shown.name, 100) if shown.name else t("No name given."),
            t.phone(shown.phone) if shown.phone else t("No phone number given."),
            t("The applicant asked not to be named. Only use these details to deal with the request.")
            if shown.anonymous and (shown.name or shown.phone)
            else None,
            "",
            t(
                "We have recorded that you viewed this. This message will be deleted in {minutes}.",
                minutes=t.duration(_CONTACT_STAYS),
            ),
        ),
        subject=case_subject(case.id),
        reply_to=context.said.message,
        delete_after=int(_CONTACT_STAYS.total_seconds()),
    )
    context.toast = t.plain("Contact details shown for {minutes}", minutes=t.duration(_CONTACT_STAYS))


# ---------------------------------------------------------------------------- menus


async def _menu(context: StaffContext, tap: Tap) -> None:
    """Other buttons under the card, in the office's language. A stale card shows itself anew."""
    needed = _NEEDED.get(tap.argument, Act.READ)
    found = await guarded_actions.allowed(context.work, context.person, needed, tap.case)
    if isinstance(found, Denied):
        refuse(context)
        return
    _, case = found
    if case.version != tap.version:
        await card.refresh(context, case)
        context.toast = context.t.plain("The card has changed. Check it and try again.")
        return
    t = office_tongue(context, case.office)
    fixed, looked_up = _FIXED.get(tap.argument), _MENUS.get(tap.argument)
    if fixed is not None:
        context.say(Markup(), fixed(t, case), edit=context.said.message)
    elif looked_up is not None:
        context.say(Markup(), await looked_up(context, t, case), edit=context.said.message)


async def _people(context: StaffContext, t: Localizer, case: Case) -> Rows:
    people = await permissions.can_claim(context.work, case.office)
    names = await permissions.names(context.work)
    labels = [(one.address, names.get(one.actor, "") or one.name or t.plain("A member of staff")) for one in people]
    return card.pick_buttons(t, case, "assign", labels)


async def _categories(context: StaffContext, t: Localizer, case: Case) -> Rows:
    known = context.work.offices.categories_for(case.office, case.kind)
    return card.pick_buttons(t, case, "category", [(one.id, t.pick_plain(one.name)) for one in known])


_Build = Callable[[StaffContext, Localizer, Case], Awaitable[Rows]]
#: The menus that know what they show, and those that look it up.
_FIXED: Mapping[str, Callable[[Localizer, Case], Rows]] = MappingProxyType(
    {
        "main": card.main_buttons,
        "more": card.more_buttons,
        "status": card.status_buttons,
        "priority": card.priority_buttons,
        "abuse": card.abuse_buttons,
    }
)
_MENUS: Mapping[str, _Build] = MappingProxyType(
    {
        "assign": _people,
        "refer": handover.to_bodies,
        "out": handover.to_outsiders,
        "transfer": handover.to_offices,
        "category": _categories,
    }
)
_NEEDED: Mapping[str, Act] = MappingProxyType(
    {
        "status": Act.STATUS,
        "priority": Act.PRIORITY,
        "assign": Act.ASSIGN,
        "refer": Act.REFER,
        "out": Act.STATUS,
        "transfer": Act.TRANSFER,
        "category": Act.STATUS,
        "abuse": Act.MARK_ABUSE,
    }
)
_VERBS: Mapping[str, Callable[[StaffContext, Tap], Awaitable[None]]] = MappingProxyType(
    {
        "claim": _claim,
        "assign": _assign,
        "start": _start,
        "priority": _priority,
        "escalate": _escalate,
        "category": _recategorise,
        "abuse": _abuse,
        "contact": _contact,
        "history": history.show,
        "menu": _menu,
    }
    | dict(handover.VERBS)
)
