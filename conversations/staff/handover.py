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
from conversations.staff import card, preview
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import office_tongue, refuse
from conversations.texts.case import body_name, office_name
from locales import N_, Localizer
from services.actors import case_subject
from services.cases import resident_actions, staff_actions
from services.cases.event_details import ToBody, ToOffice
from services.cases.resident_actions import Case, CaseEventKind, CaseStatus
from services.cases.staff_actions import NotAllowed, Result, Stale
from services.cases.workflow import Move, can
from services.casework import guarded_actions
from services.casework.guarded_actions import Denied
from services.offices.offices import Offices
from services.staff.permissions import Act, Person
from services.unit_of_work import Work
from storage import residents
from storage.ids import OfficeId

_CANCEL = "stays"  # the verb of the button that leaves a case where it is


async def _refer(work: Work, person: Person, case: Case, to: str, version: int) -> Result | Denied:
    return await guarded_actions.refer(work, person, case.id, to, version=version)


async def _outside(work: Work, person: Person, case: Case, to: str, version: int) -> Result | Denied:
    return await guarded_actions.outside_remit(work, person, case.id, to, version)


async def _transfer(work: Work, person: Person, case: Case, to: str, version: int) -> Result | Denied:
    return await guarded_actions.transfer(work, person, case.id, to, "", version)


@dataclass(frozen=True, slots=True)
class _Way:
    """One of the three ways: which move it is, and how it is spoken of."""

    act: Act
    move: Move
    leaves: CaseEventKind
    heading: str
    confirm: str
    done: str
    does: Callable[[Work, Person, Case, str, int], Awaitable[Result | Denied]]

    def is_done(self, case: Case, to: str) -> bool:
        """Whether that is how the case stands already."""
        if self.move is Move.TRANSFER:
            return case.office == to
        wanted = CaseStatus.REFERRED if self.move is Move.REFER else CaseStatus.OUTSIDE_REMIT
        return case.status is wanted and case.referred_to == to


#: By the verb of the button that confirms.
_WAYS: Mapping[str, _Way] = MappingProxyType(
    {
        "refer": _Way(
            Act.REFER,
            Move.REFER,
            CaseEventKind.REFERRED,
            N_("👁 <b>Refer {reference} to {to}</b>. The applicant will see:"),
            N_("✅ Refer it"),
            N_(
                "↗️ {name} referred {reference} to {to}. When you get their reference, reply to this "
                "message with {command} and the reference."
            ),
            _refer,
        ),
        "outside": _Way(
            Act.STATUS,
            Move.OUTSIDE_REMIT,
            CaseEventKind.OUTSIDE_REMIT,
            N_("👁 <b>Close {reference} as outside our remit</b>. Responsible body: {to}. The applicant will see:"),
            N_("✅ Close it"),
            N_("↪️ {name} closed {reference} as outside our remit. Responsible body: {to}."),
            _outside,
        ),
        "transfer": _Way(
            Act.TRANSFER,
            Move.TRANSFER,
            CaseEventKind.TRANSFERRED,
            N_("👁 <b>Transfer {reference} to {to}</b> with its full history. The applicant will see:"),
            N_("✅ Transfer it"),
            N_("➡️ {name} transferred {reference} to {to}."),
            _transfer,
        ),
    }
)
_PICK = "to_"  # before the verb that confirms: the button that picks to whom


def is_done(tap: Tap, case: Case | None) -> bool:
    """Whether a tap confirms what has been done already: of two taps the second asks for nothing more."""
    return case is not None and tap.verb in _WAYS and _WAYS[tap.verb].is_done(case, tap.argument)


# ---------------------------------------------------------------------------- to whom


async def to_bodies(context: StaffContext, t: Localizer, case: Case) -> Rows:
    """The bodies a case can be referred to."""
    return card.pick_buttons(t, case, f"{_PICK}refer", _body_names(context, t))


async def to_outsiders(context: StaffContext, t: Localizer, case: Case) -> Rows:
    """The bodies a case can belong to where it is outside our remit."""
    return card.pick_buttons(t, case, f"{_PICK}outside", _body_names(context, t))


async def to_offices(context: StaffContext, t: Localizer, case: Case) -> Rows:
    """The other offices of ours."""
    others = [office for office in context.work.offices.all if office.id != case.office]
    return card.pick_buttons(t, case, f"{_PICK}transfer", [(one.id, t.pick_plain(one.short_name)) for one in others])


def _body_names(context: StaffContext, t: Localizer) -> list[tuple[str, str]]:
    """Those to which cases go by themselves come first: they are chosen most."""
    bodies = sorted(context.work.offices.other_bodies.items(), key=lambda one: not one[1].refers)
    return [(name, t.pick_plain(body.name)) for name, body in bodies]


def _is_known(offices: Offices, way: _Way, case: Case, to: str) -> bool:
    if way.move is Move.TRANSFER:
        return to != case.office and offices.get(OfficeId(to)) is not None
    return to in offices.other_bodies


def _to_whom(context: StaffContext, way: _Way, to: str) -> Markup:
    if way.move is Move.TRANSFER:
        return office_name(context.t, context.work.offices, OfficeId(to))
    return body_name(context.t, context.work.offices, to)


# ---------------------------------------------------------------------------- what it will be, and doing it


async def _shown(context: StaffContext, tap: Tap) -> None:
    """Show what the resident will read, below the card, with the button that does it."""
    t, verb, to = context.t, tap.verb.removeprefix(_PICK), tap.argument
    way = _WAYS[verb]
    found = await guarded_actions.allowed(context.work, context.person, way.act, tap.case)
    if isinstance(found, Denied) or not _is_known(context.work.offices, way, found[1], to):
        refuse(context)
        return
    _, case = found
    if case.version != tap.version or not can(case, way.move):
        await card.refresh(context, case)
        context.toast = t.plain("The card has changed. Check it and try again.")
        return
    resident = await residents.by_id(context.work.tx, case.resident_id)
    heading = t(way.heading, reference=t.ref(case.reference), to=_to_whom(context, way, to))
    after = await staff_actions.handed_on(context.work, case, way.move, to)
    detail = ToOffice(OfficeId(to)) if way.move is Move.TRANSFER else ToBody(to)
    told = await preview.as_told(context, after, resident, way.leaves, detail=detail) if resident is not None else None
    text = preview.laid_out(heading, told, *await preview.who_is_told(context, case, resident))
    rows = (
        (button(t.plain(way.confirm), verb, case.id, case.version, to),),
        (button(t.plain("✖️ Cancel"), _CANCEL, case.id, case.version),),
    )
    context.say(Markup(), card.main_buttons(office_tongue(context, case.office), case), edit=context.said.message)
    context.say(text, rows, subject=case_subject(case.id), reply_to=context.said.message)


async def _confirmed(context: StaffContext, tap: Tap) -> None:
    """Do it; the message that showed it then says who did."""
    t, way, to = context.t, _WAYS[tap.verb], tap.argument
    case = await resident_actions.by_id(context.work, tap.case)
    result = Denied() if case is None else await way.does(context.work, context.person, case, to, tap.version)
    match result:
        case Case():
            text = t(
                way.done,
                name=context.person.name,
                reference=t.ref(result.reference),
                to=_to_whom(context, way, to),
                command="/reference",
            )
            context.toast = t.plain("Done. The card is updated.")
            context.say(text, subject=case_subject(result.id), edit=context.said.message)
        case Stale() | NotAllowed() if case is not None:
            context.toast = t.plain("The card has changed. Check it and try again.")
            text = t(
                "{reference} has changed, so we did not do this. See the card.",
                reference=t.ref(case.reference),
            )
            context.say(text, subject=case_subject(case.id), edit=context.said.message)
        case _:
            refuse(context)


async def _cancelled(context: StaffContext, tap: Tap) -> None:
    if isinstance(await guarded_actions.allowed(context.work, context.person, Act.READ, tap.case), Denied):
        refuse(context)
        return
    context.say(context.t("Cancelled. Nothing has changed."), subject=case_subject(tap.case), edit=context.said.message)


#: What the buttons of all this do, by their verbs.
VERBS: Mapping[str, Callable[[StaffContext, Tap], Awaitable[None]]] = MappingProxyType(
    dict.fromkeys(_WAYS, _confirmed) | {f"{_PICK}{verb}": _shown for verb in _WAYS} | {_CANCEL: _cancelled}
)
