"""The buttons of a card: what a tap does, and what the one who tapped is told of it.

A tap is untrusted: its case, its version and its argument may be anything. Whether the member may is checked by the
service that acts (`services.casework.guarded_actions`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Rows, tongue_of
from conversations.staff import card, handover, history
from conversations.staff.context import Desk, Tap
from conversations.staff.office_scope import office_tongue, offices_here, refuse
from locales import Tongue
from services.cases import resident_actions
from services.cases.staff_actions import NotAllowed, Result, Stale
from services.cases.workflow import subject
from services.casework import guarded_actions
from services.casework.guarded_actions import Denied
from services.staff import permissions
from services.staff.permissions import Act
from storage import residents
from storage.records import Case

_CONTACT_STAYS = 600  # seconds


async def tapped(desk: Desk, tap: Tap) -> bool:
    """Do what a button of a card says; False where the verb is none of a card's."""
    act = _VERBS.get(tap.verb)
    if act is None:
        return False
    if handover.is_done(tap, case := await resident_actions.by_id(desk.work, tap.case)):
        desk.toast = desk.t.plain("Done: the card shows it")
        return True
    if await _is_shown_elsewhere(desk, case):
        permissions.deny(desk.work, desk.person, Act.READ, subject(tap.case))
        refuse(desk)
        return True
    await act(desk, tap)
    return True


async def _is_shown_elsewhere(desk: Desk, case: Case | None) -> bool:
    """Whether the group is not that of the case's office: whoever taps may see it, those who read along may not."""
    return desk.said.group and case is not None and case.office not in await offices_here(desk)


def outcome(desk: Desk, result: Result | Denied) -> None:
    """What came of an act, in a word. The card shows the rest by itself."""
    t = desk.t
    match result:
        case Denied():
            refuse(desk)
        case Stale():
            desk.toast = t.plain("The card has changed meanwhile")
        case NotAllowed():
            desk.toast = t.plain("Not possible any more: the card shows how it stands.")
        case Case():
            desk.toast = t.plain("Done: the card shows it")


async def _outcome(desk: Desk, result: Result | Denied) -> None:
    """The same of a button of the card, which shows itself anew where it is older than the case."""
    outcome(desk, result)
    if isinstance(result, Stale):
        await card.refresh(desk, result.case)


# ---------------------------------------------------------------------------- deeds of one tap


async def _claim(desk: Desk, tap: Tap) -> None:
    result = await guarded_actions.claim(desk.work, desk.person, tap.case)
    await _outcome(desk, result)
    if isinstance(result, Case):
        desk.toast = desk.t.plain("It is yours")
    elif isinstance(result, Stale) and result.case.owner != desk.person.actor:
        desk.toast = await _who_was_first(desk, result.case)


async def _who_was_first(desk: Desk, case: Case) -> str:
    """Of two who claim, one has it: that is its owner. Whoever changed anything else is not known by the case."""
    t = desk.t
    if not case.owner:
        return t.plain("Somebody was first. The card shows how it stands.")
    who = (await permissions.names(desk.work)).get(case.owner, "") or t.plain("A member of staff")
    return t.plain("{name} was first. The card shows how it stands.", name=who)


async def _assign(desk: Desk, tap: Tap) -> None:
    await _outcome(desk, await guarded_actions.assign(desk.work, desk.person, tap.case, tap.argument, tap.version))


async def _start(desk: Desk, tap: Tap) -> None:
    await _outcome(desk, await guarded_actions.start_work(desk.work, desk.person, tap.case, tap.version))


async def _priority(desk: Desk, tap: Tap) -> None:
    if tap.argument not in {"0", "1", "2", "3"}:
        refuse(desk)
        return
    result = await guarded_actions.set_priority(desk.work, desk.person, tap.case, int(tap.argument), tap.version)
    await _outcome(desk, result)


async def _escalate(desk: Desk, tap: Tap) -> None:
    await _outcome(desk, await guarded_actions.escalate(desk.work, desk.person, tap.case, tap.version))


async def _recategorise(desk: Desk, tap: Tap) -> None:
    await _outcome(
        desk, await guarded_actions.recategorise(desk.work, desk.person, tap.case, tap.argument, tap.version)
    )


async def _abuse(desk: Desk, tap: Tap) -> None:
    """The person is told why in their own language."""
    case = await resident_actions.by_id(desk.work, tap.case)
    person = await residents.by_id(desk.work.tx, case.resident_id) if case is not None else None
    t = tongue_of(desk.catalogues, person) if person is not None else desk.t
    reason = t.plain("The desk was misused. New requests are not accepted for a month.")
    await _outcome(desk, await guarded_actions.mark_abuse(desk.work, desk.person, tap.case, reason))


async def _contact(desk: Desk, tap: Tap) -> None:
    """Name and phone, as a message that is gone again after ten minutes."""
    shown = await guarded_actions.contact(desk.work, desk.person, tap.case)
    case = await resident_actions.by_id(desk.work, tap.case)
    if isinstance(shown, Denied) or case is None:
        refuse(desk)
        return
    t = desk.t
    desk.say(
        t.join_lines(
            t("👤 {reference}", reference=t.ref(case.reference)),
            t.own(shown.name, 100) if shown.name else t("No name was given."),
            t.phone(shown.phone) if shown.phone else t("No number was given."),
            t("They asked not to be named: use this only to settle the matter.")
            if shown.anonymous and (shown.name or shown.phone) else None,
            "",
            t("That you looked was recorded. This message is deleted after 10 minutes."),
        ),
        subject=subject(case.id),
        reply_to=desk.said.message,
        vanishes=_CONTACT_STAYS,
    )  # fmt: skip
    desk.toast = t.plain("Shown for 10 minutes")


# ---------------------------------------------------------------------------- menus


async def _menu(desk: Desk, tap: Tap) -> None:
    """Other buttons under the card, in the office's language. A stale card shows itself anew."""
    needed = _NEEDED.get(tap.argument, Act.READ)
    found = await guarded_actions.allowed(desk.work, desk.person, needed, tap.case)
    if isinstance(found, Denied):
        refuse(desk)
        return
    _, case = found
    if case.version != tap.version:
        await card.refresh(desk, case)
        desk.toast = desk.t.plain("The card has changed meanwhile")
        return
    t = office_tongue(desk, case.office)
    fixed, looked_up = _FIXED.get(tap.argument), _MENUS.get(tap.argument)
    if fixed is not None:
        desk.say(Markup(), fixed(t, case), edit=desk.said.message)
    elif looked_up is not None:
        desk.say(Markup(), await looked_up(desk, t, case), edit=desk.said.message)


async def _people(desk: Desk, t: Tongue, case: Case) -> Rows:
    people = await permissions.can_claim(desk.work, case.office)
    names = await permissions.names(desk.work)
    labels = [(one.address, names.get(one.actor, "") or one.name or t.plain("A member of staff")) for one in people]
    return card.pick_buttons(t, case, "assign", labels)


async def _categories(desk: Desk, t: Tongue, case: Case) -> Rows:
    known = desk.work.offices.categories_for(case.office, case.kind)
    return card.pick_buttons(t, case, "category", [(one.id, t.pick_plain(one.name)) for one in known])


_Build = Callable[[Desk, Tongue, Case], Awaitable[Rows]]
#: The menus that know what they show, and those that look it up.
_FIXED: Mapping[str, Callable[[Tongue, Case], Rows]] = MappingProxyType(
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
)  # fmt: skip
_NEEDED: Mapping[str, Act] = MappingProxyType(
    {
        "status": Act.STATUS, "priority": Act.PRIORITY, "assign": Act.ASSIGN, "refer": Act.REFER, "out": Act.STATUS,
        "transfer": Act.TRANSFER, "category": Act.STATUS, "abuse": Act.MARK_ABUSE,
    }
)  # fmt: skip
_VERBS: Mapping[str, Callable[[Desk, Tap], Awaitable[None]]] = MappingProxyType(
    {
        "claim": _claim, "assign": _assign, "start": _start, "priority": _priority, "escalate": _escalate,
        "category": _recategorise, "abuse": _abuse, "contact": _contact, "history": history.show, "menu": _menu,
    }
    | dict(handover.VERBS)
)  # fmt: skip
