"""`/door` and `/walkin`: what staff at the door need, in their group and in private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup

from conversations.door.visitor import buttons, show_named, visitor_text
from conversations.door.words import lane_line
from conversations.engine.step import Button, Rows
from conversations.staff import rights
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, office_label, office_title, refuse
from conversations.staff.registry import DeskButton, StaffButton, StaffCommand
from conversations.staff.to_private import lead_to_private, private_button
from conversations.texts.booking import subject_of
from conversations.texts.line_counts import count_words
from locales import N_
from locales.bidi import shorten
from services.staff.permissions import Act
from services.text.references import BOOKING_EXAMPLE, parse_reference
from services.visits import door, hall
from services.visits.counts import count
from services.visits.door import Elsewhere, Seen
from services.visits.hall import Lane
from services.visits.visits import Denied
from storage.ids import OfficeId
from storage.records.sessions import Session

_MOST = 8  # offices that one message offers
_PAGES = 3  # sessions whose page is offered


# ---------------------------------------------------------------------------- /door


async def at_door(context: StaffContext) -> None:
    """/door: how today stands, walk-ins, the page for the entrance. With a reference: that visitor."""
    if context.said.argument:
        await _visitor(context, context.said.argument)
        return
    offices = [one for one in await rights.offices_with(context, Act.RECEIVE) if await _has_days(context, one)]
    t = context.t
    if not offices:
        answer(context, t("No Customer Day is planned."))
    elif len(offices) == 1:
        answer(context, *await _office(context, offices[0]))
    else:
        rows = [[button(office_label(t, context.work.offices, one), "door", argument=one)] for one in offices[:_MOST]]
        answer(context, t("Which office is this for?"), rows)


async def _has_days(context: StaffContext, office: OfficeId) -> bool:
    return bool(await door.upcoming(context.work, office, 1))


async def _chosen(context: StaffContext, tap: Tap) -> None:
    office = OfficeId(tap.argument)
    if office not in await rights.offices_with(context, Act.RECEIVE):
        refuse(context)
        return
    text, rows = await _office(context, office)
    context.say(text, rows, edit=context.said.message)


async def _office(context: StaffContext, office: OfficeId) -> tuple[Markup, Rows]:
    """How an office's day stands at the door, in numbers."""
    t, work = context.t, context.work
    lanes = (await hall.positions(work, office, work.today)).lanes
    text = t.join_lines(
        t("🚪 <b>{office}</b>", office=office_title(t, work.offices, office)),
        *([_counts(context, one) for one in lanes] or [t("There is no Customer Day today.")]),
        Markup(),
        t(
            "To record an arrival, scan the visitor's code with your phone's camera or type {example}.",
            example=t.ref(f"/door {BOOKING_EXAMPLE}"),
        ),
    )
    pages = await door.upcoming(work, office, _PAGES)
    return text, (*([_walk_in_row(context, office)] if lanes else []), *_page_rows(context, pages))


def _counts(context: StaffContext, lane: Lane) -> Markup:
    t = context.t
    return t.join_lines(
        t.dotted(lane_line(context.work, t, lane.session), t.span(lane.session.opens_at, lane.session.closes_at)),
        count_words(t, count(lane), whole=True),
    )


def _walk_in_row(context: StaffContext, office: OfficeId) -> Sequence[Button]:
    """In a group others read along: there it leads to the private chat."""
    t = context.t
    if context.said.group:
        return (private_button(context, f"walkin_{office}", t.plain("🚶 Add a walk-in (private chat)")),)
    return (Button(label=t.plain("🚶 Add a walk-in"), route="walkin", value=office),)


def _page_rows(context: StaffContext, sessions: Sequence[Session]) -> Rows:
    """The page for the entrance, of each of the next sessions."""
    t = context.t
    rows = []
    for one in sessions:
        who = lane_line(context.work, t, one) or one.lane
        label = t.plain("🖨 Entrance page: {day} · {who}", day=t.day(one.day), who=who)
        rows.append([button(shorten(label, 64), "doorpage", one.id)])
    return rows


async def _visitor(context: StaffContext, typed: str) -> None:
    """One visitor by reference; a group sees no name."""
    t = context.t
    reference = parse_reference(typed)
    if reference is None:
        _not_found(context)
        return
    here = await context.offices_here()
    match await door.look(context.work, context.person, reference, here if context.said.group else None):
        case Seen() as seen if context.said.group:
            text = await visitor_text(context, seen, named=False)
            answer(context, text, buttons(context, seen, group=True), subject=subject_of(seen.booking))
        case Seen() as seen:
            show_named(context, await visitor_text(context, seen, named=True), seen)
        case Elsewhere(booking=booking):
            title = office_title(t, context.work.offices, booking.office)
            answer(context, t("This appointment is at another office: {office}", office=title))
        case Denied():
            refuse(context, Act.RECEIVE)
        case None:
            answer(
                context, t("Appointment not found. Example of a reference: {example}", example=t.ref(BOOKING_EXAMPLE))
            )


def _not_found(context: StaffContext) -> None:
    example = context.t.ref(BOOKING_EXAMPLE)
    answer(context, context.t("Appointment not found. Example of a reference: {example}", example=example))


# ---------------------------------------------------------------------------- /walkin in a group


async def _walk_in(context: StaffContext) -> None:
    """Say that it goes on in the private chat, with a link that opens its questions, for each office of this chat."""
    t, offices = context.t, await rights.offices_with(context, Act.RECEIVE)
    ways = []
    for one in offices[:_MOST]:
        label = t.plain("💬 Go on in private: {office}", office=office_label(t, context.work.offices, one))
        ways.append(private_button(context, f"walkin_{one}", label))
    text = t.join_lines(
        t("🚶 <b>Walk-ins are added in your private chat with the bot.</b> Nothing has been recorded yet."),
        t("Choose the button below, then Start. The bot will ask you there who has come."),
        t("Others can read what you typed here. Delete your message if it names a visitor.")
        if context.said.argument
        else t("Do not type names here: others can read them."),
    )
    lead_to_private(context, text, ways)


COMMANDS = (
    StaffCommand("door", N_("The door on Customer Day: arrivals, walk-ins, entrance page"), Act.RECEIVE, at_door),
    StaffCommand("walkin", N_("Add a visitor without an appointment"), Act.RECEIVE, _walk_in, in_private=False),
)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType({"door": DeskButton(Act.RECEIVE, _chosen)})
