"""Undo: a step that somebody tapped by mistake is taken back. Of two who tap at once one does."""

from __future__ import annotations

from types import MappingProxyType

from conversations.line.panel_text import number_of
from conversations.promises.screens import open_button
from conversations.promises.texts import CHOICES
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, refuse
from conversations.texts.undo import CANNOT
from locales import N_
from services.actors import booking_subject
from services.promises.outcomes import OutcomeRow
from services.staff.permissions import Act
from services.visits import panels, undo
from services.visits.line import Visit, VisitStatus
from services.visits.undo import NotUndone, Undone, Why
from services.visits.visits import Denied
from storage.ids import BookingId
from storage.records.bookings import Booking

_LONGEST = 6  # digits of a version
_NOW = MappingProxyType(
    {
        VisitStatus.WAITING: N_("Undone: number {n} is waiting"),
        VisitStatus.CALLED: N_("Undone: number {n} is on the way in"),
        VisitStatus.INSIDE: N_("Undone: number {n} is inside"),
        VisitStatus.ABSENT: N_("Undone: number {n} is not here"),
    }
)


async def tapped(context: StaffContext, tap: Tap, booking: Booking) -> None:
    """A button of the panel, or the answer to whether the outcome is to be withdrawn as well."""
    agreed = tap.argument if tap.argument.isascii() and tap.argument.isdecimal() else ""
    version = int(agreed) if agreed and len(agreed) <= _LONGEST else 0
    await take_back(context, booking.id, tap.version, version)


async def take_back(context: StaffContext, booking_id: BookingId, version: int, agreed: int = 0) -> None:
    """Take back the last step of a visit, as it was shown, and say how it stands."""
    outcome = await undo.undo(context.work, context.person, booking_id, version, agreed)
    match outcome:
        case Denied():
            refuse(context, Act.RECEIVE)
            return
        case NotUndone(why=Why.OUTCOME, visit=Visit() as visit, outcome=OutcomeRow() as row):
            _ask(context, visit, row)
            return
        case NotUndone(why=why):
            text = context.t.plain(CANNOT[why])
        case Undone(visit=visit):
            text = context.t.plain(_NOW[visit.status], n=number_of(visit))
    context.toast = text
    if agreed:  # the question is answered
        context.say(context.t.own(text), edit=context.said.message)
    if outcome.visit is not None:
        await panels.owe(context.work, outcome.visit.session_id)


def _ask(context: StaffContext, visit: Visit, outcome: OutcomeRow) -> None:
    """With the end of the meeting goes what was recorded of it: whether that is meant, or rather a correction."""
    t = context.t
    withdraw = button(
        t.plain("↩️ Undo and withdraw the outcome"), "line_undo", visit.booking_id, visit.version, str(outcome.version)
    )
    answer(
        context,
        t.join_lines(
            t("Number {n} has an outcome: <b>{outcome}</b>", n=number_of(visit), outcome=t(CHOICES[outcome.kind])),
            t("If you undo the end of the meeting, this outcome is withdrawn as well."),
            t("The applicant is then told that it was a mistake."),
        ),
        ((withdraw,), (open_button(t, visit.booking_id),)),
        subject=booking_subject(visit.booking_id),
    )
