"""The buttons of a line's panel. Of two who tap at once one acts; the other is told how it stands by now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.line import panel, undoing
from conversations.line.panel_text import lane_title, number_of
from conversations.promises import recording
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import BookingButton, SessionButton, StaffButton
from locales import N_, Localizer
from locales.html import to_plain
from services.actors import session_subject
from services.bookings import bookings
from services.staff.permissions import Act
from services.visits import holds, line, panels, transfers, visits
from services.visits.holds import NotHeld
from services.visits.line import Held, Lane, NotCalled, Visit, VisitStatus, Why
from services.visits.states import Step
from services.visits.visits import Denied, NotPossible
from storage.ids import SessionId
from storage.records.bookings import Booking, BookingStatus
from storage.records.sessions import Session

BREAKS, DELAYS = (10, 15, 20, 30, 45, 0), (10, 15, 20, 25, 30, 45, 60)  # minutes; 0 is without an end
_A_ROW = 3
_LONGEST_ID = 15  # digits

_WHY_NOT = MappingProxyType(
    {
        Why.NOBODY: N_("Nobody who is waiting can be called now."),
        Why.HELD: N_("The queue is on a break. Tap “Back on” first."),
        Why.ON_THE_WAY: N_("Someone has already been called."),
        Why.CHANGED: N_("This was done a moment ago. See the queue."),
        Why.NOT_NEXT: N_("Another number is next now. See the queue."),
        Why.UNKNOWN: N_("This queue is over."),
    }
)
#: What a ticket's state is called to those who were too late to change it.
_NOW = MappingProxyType(
    {
        VisitStatus.WAITING: N_("Number {n} is waiting."),
        VisitStatus.CALLED: N_("Number {n} has already been called."),
        VisitStatus.INSIDE: N_("Number {n} is already inside."),
        VisitStatus.DONE: N_("The meeting of number {n} is already over."),
        VisitStatus.ABSENT: N_("Number {n} is already marked as not here."),
        VisitStatus.LEFT: N_("Number {n} has left."),
    }
)


# ---------------------------------------------------------------------------- calling


async def _next(context: StaffContext, tap: Tap, session: Session) -> None:
    await _called(context, await line.call_next(context.work, context.person, session.id, tap.version), session.id)


async def _call(context: StaffContext, tap: Tap, booking: Booking) -> None:
    """One who was chosen from a list, although others are before them."""
    outcome = await line.call(context.work, context.person, booking.id, tap.version)
    await _called(context, outcome, await _session_of(context, booking))


async def _called(context: StaffContext, outcome: Visit | NotCalled | Denied, session: SessionId) -> None:
    match outcome:
        case Denied():
            refuse(context, Act.RECEIVE)
            return
        case NotCalled(why=why):
            context.toast = context.t.plain(_WHY_NOT[why])
        case Visit():
            context.toast = context.t.plain("Number {n} was called", n=outcome.ticket)
    await panels.owe(context.work, session)


def _step(step: Step, done: str) -> Callable[[StaffContext, Tap, Booking], Awaitable[None]]:
    async def act(context: StaffContext, tap: Tap, booking: Booking) -> None:
        outcome = await visits.act(context.work, context.person, booking.id, step, tap.version)
        await _said(context, outcome, done)

    return act


_finish = _step(Step.FINISH, N_("The meeting of number {n} is over"))


async def _done(context: StaffContext, tap: Tap, booking: Booking) -> None:
    """The meeting is over: what came of it is asked below the panel."""
    await _finish(context, tap, booking)
    now = await bookings.by_id(context.work, booking.id)
    if now is not None and booking.status is not now.status is BookingStatus.ATTENDED:
        await recording.open_for(context, now)


async def _said(context: StaffContext, outcome: Visit | NotPossible | Denied, done: str) -> None:
    match outcome:
        case Denied():
            refuse(context, Act.RECEIVE)
        case NotPossible(visit=None):
            context.toast = context.t.plain("This queue is over.")
        case NotPossible(visit=Visit() as visit):
            context.toast = context.t.plain(_NOW[visit.status], n=number_of(visit))
            await panels.owe(context.work, visit.session_id)
        case Visit():
            context.toast = context.t.plain(done, n=number_of(outcome))
            await panels.owe(context.work, outcome.session_id)


# ---------------------------------------------------------------------------- whom to call or send elsewhere


async def _pick(context: StaffContext, _: Tap, session: Session) -> None:
    await _list_tickets(context, session, "line_call", context.t("Which number do you want to call?"))


async def _move(context: StaffContext, _: Tap, session: Session) -> None:
    await _list_tickets(context, session, "line_to", context.t("Which number do you want to transfer?"))


async def _list_tickets(context: StaffContext, session: Session, verb: str, question: Markup) -> None:
    lane = await _lane(context, session)
    if lane is None:
        return
    people = (*(one.visit for one in lane.waiting), *lane.absent)
    buttons = [button(context.t.plain("{n}", n=one.ticket), verb, one.booking_id, one.version) for one in people]
    rows = [buttons[start : start + _A_ROW] for start in range(0, len(buttons), _A_ROW)]
    answer(context, question, rows, subject=session_subject(lane.session.id))


async def _to(context: StaffContext, tap: Tap, booking: Booking) -> None:
    """To which line; where there is but one other, to that one."""
    visit = await visits.of(context.work, booking.id)
    found = None if visit is None else await panels.look(context.work, visit.session_id)
    if visit is None or found is None:
        refuse(context)
        return
    others = [lane for lane in found[0].lanes if lane.session.id != visit.session_id]
    if tap.argument.isascii() and tap.argument.isdecimal() and len(tap.argument) <= _LONGEST_ID:
        await _transfer(context, tap, booking, SessionId(int(tap.argument)))
    elif len(others) == 1:
        await _transfer(context, tap, booking, others[0].session.id)
    else:
        rows = [
            [button(to_plain(lane_title(context, one)), "line_to", tap.case, tap.version, str(one.session.id))]
            for one in others
        ]
        context.say(context.t("To which queue?"), rows, edit=context.said.message)


async def _transfer(context: StaffContext, tap: Tap, booking: Booking, to: SessionId) -> None:
    before = await _session_of(context, booking)
    outcome = await transfers.transfer(context.work, context.person, booking.id, to, tap.version)
    await _said(context, outcome, N_("Number {n} was transferred"))
    if isinstance(outcome, Visit):
        await panels.owe(context.work, before)
        context.say(context.t("Number {n} was transferred", n=outcome.ticket), edit=context.said.message)


# ---------------------------------------------------------------------------- standing still


async def _pause(context: StaffContext, _: Tap, session: Session) -> None:
    await _ask_minutes(context, session, "line_break", BREAKS, context.t("For how long is the break?"))


async def _late(context: StaffContext, _: Tap, session: Session) -> None:
    await _ask_minutes(context, session, "line_delay", DELAYS, context.t("How long is the delay?"))


async def _ask_minutes(
    context: StaffContext, session: Session, verb: str, choices: tuple[int, ...], question: Markup
) -> None:
    lane = await _lane(context, session)
    if lane is None:
        return
    labels = [(minutes, minutes_words(context.t, minutes)) for minutes in choices]
    buttons = [button(label, verb, lane.session.id, lane.version, str(minutes)) for minutes, label in labels]
    rows = [buttons[start : start + _A_ROW] for start in range(0, len(buttons), _A_ROW)]
    answer(context, question, rows, subject=session_subject(lane.session.id))


def minutes_words(t: Localizer, minutes: int) -> str:
    """How long a break lasts; 0 is without an end."""
    return to_plain(t.duration(timedelta(minutes=minutes))) if minutes else t.plain("Until we say so")


async def _hold(context: StaffContext, tap: Tap, session: Session) -> None:
    minutes = int(tap.argument) if tap.argument.isascii() and tap.argument.isdecimal() else -1
    held = Held.BREAK if tap.verb == "line_break" else Held.DELAY
    span = None if minutes == 0 else timedelta(minutes=min(minutes, 1000))
    await _held(context, tap, session.id, held, span)


async def _on(context: StaffContext, tap: Tap, session: Session) -> None:
    await _held(context, tap, session.id, Held.NO, None)


async def _held(context: StaffContext, tap: Tap, session: SessionId, held: Held, span: timedelta | None) -> None:
    t = context.t
    outcome = await holds.hold(context.work, context.person, session, held, span, tap.version)
    if isinstance(outcome, Denied):
        refuse(context, Act.RECEIVE)
        return
    if isinstance(outcome, NotHeld):
        context.toast = t.plain(_WHY_NOT[Why.CHANGED])
    elif held is Held.NO:
        context.toast = t.plain("The queue goes on")
    else:
        said = t("The queue stands still. Everyone who has to wait longer is told.")
        context.toast = to_plain(said)
        context.say(said, edit=context.said.message)
    await panels.owe(context.work, session)


# ---------------------------------------------------------------------------- shared


async def _lane(context: StaffContext, session: Session) -> Lane | None:
    """The line of a session as it stands; a refusal where it has none."""
    found = await panels.look(context.work, session.id)
    if found is None:
        refuse(context)
        return None
    return found[1]


async def _session_of(context: StaffContext, booking: Booking) -> SessionId:
    visit = await visits.of(context.work, booking.id)
    return SessionId(0) if visit is None else visit.session_id


BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        "line_open": SessionButton(Act.RECEIVE, panel.opened),
        "line_next": SessionButton(Act.RECEIVE, _next),
        "line_call": BookingButton(Act.RECEIVE, _call),
        "line_pick": SessionButton(Act.RECEIVE, _pick),
        "line_in": BookingButton(Act.RECEIVE, _step(Step.ENTER, N_("Number {n} is inside"))),
        "line_done": BookingButton(Act.RECEIVE, _done),
        "line_absent": BookingButton(Act.RECEIVE, _step(Step.NOT_HERE, N_("Number {n} is marked as not here"))),
        "line_skip": BookingButton(Act.RECEIVE, _step(Step.PUT_BACK, N_("The next one goes before number {n}"))),
        "line_undo": BookingButton(Act.RECEIVE, undoing.tapped),
        "line_back": BookingButton(Act.RECEIVE, _step(Step.RETURN, N_("Number {n} is waiting again"))),
        "line_move": SessionButton(Act.RECEIVE, _move),
        "line_to": BookingButton(Act.RECEIVE, _to),
        "line_pause": SessionButton(Act.RECEIVE, _pause),
        "line_late": SessionButton(Act.RECEIVE, _late),
        "line_break": SessionButton(Act.RECEIVE, _hold),
        "line_delay": SessionButton(Act.RECEIVE, _hold),
        "line_on": SessionButton(Act.RECEIVE, _on),
    }
)
