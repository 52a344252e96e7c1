"""The buttons of an appointment's card. Of two who tap at once one acts; the other is told how it stands by now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from itertools import groupby
from types import MappingProxyType

from markupsafe import Markup

from conversations.appointments import card
from conversations.appointments.own import RIGHTS
from conversations.line import undoing
from conversations.promises import recording
from conversations.requests.notices import SHOWN_FILES, outgoing
from conversations.staff.contact import say_contact
from conversations.staff.context import StaffContext, Tap
from conversations.staff.office_scope import refuse
from conversations.staff.registry import BookingButton, StaffButton
from conversations.texts.booking import HISTORY, SHORT_WORDS, STAFF_HISTORY
from conversations.texts.undo import CANNOT
from conversations.texts.whole_text import whole_text
from locales import N_
from services.actors import booking_subject, is_resident, is_staff
from services.bookings import bookings, desk_actions
from services.bookings.desk_actions import NotPossible as NotDone
from services.staff import permissions
from services.visits import undo, visits
from services.visits.line import Visit
from services.visits.states import Step
from services.visits.undo import NotUndone
from services.visits.visits import Denied, NotPossible
from storage.records.bookings import Booking, BookingEvent, BookingStatus
from storage.records.files import FileStatus

_NEWEST = 25


async def _after(context: StaffContext, booking: Booking, toast: str) -> None:
    """What was done; in private the card that was tapped shows it, in the group the living one does."""
    context.toast = toast
    now = await bookings.by_id(context.work, booking.id)
    if now is not None and not context.said.group:
        await card.refresh(context, now)


async def _refused(context: StaffContext, booking: Booking, outcome: object, why: str) -> None:
    if isinstance(outcome, Denied):
        refuse(context, RIGHTS["bk_arrived"])
        return
    context.toast = why
    await card.refresh(context, booking)


# ---------------------------------------------------------------------------- the day


async def _arrived(context: StaffContext, tap: Tap, booking: Booking) -> None:
    if await card.seen_now(context, tap, booking) is None:
        return
    t = context.t
    outcome = await visits.receive(context.work, context.person, booking.reference)
    if isinstance(outcome, Visit):
        await _after(context, booking, t.plain("Arrived. The number is {n}.", n=outcome.ticket))
        return
    not_today = booking.day != context.work.today
    why = (
        t.plain("This appointment is on another day: {day}.", day=t.day(booking.day))
        if not_today
        else t.plain(card.CHANGED)
    )
    await _refused(context, booking, outcome, why)


async def _call(context: StaffContext, tap: Tap, booking: Booking) -> None:
    """A meeting by phone or video begins: nobody arrives, they are inside at once."""
    if await card.seen_now(context, tap, booking) is None:
        return
    t = context.t
    outcome = await desk_actions.begin_call(context.work, context.person, booking)
    if isinstance(outcome, Visit):
        await _after(context, booking, t.plain("The meeting has begun."))
        return
    await _refused(context, booking, outcome, t.plain(card.CHANGED))


def _step(step: Step, done: str) -> Callable[[StaffContext, Tap, Booking], Awaitable[None]]:
    async def act(context: StaffContext, tap: Tap, booking: Booking) -> None:
        if await card.seen_now(context, tap, booking) is None:
            return
        outcome = await desk_actions.step(context.work, context.person, booking, step)
        if isinstance(outcome, Denied | NotPossible | NotDone):
            await _refused(context, booking, outcome, context.t.plain(card.CHANGED))
            return
        await _after(context, booking, context.t.plain(done))

    return act


_finish = _step(Step.FINISH, N_("Recorded: the meeting is over"))


async def _done(context: StaffContext, tap: Tap, booking: Booking) -> None:
    """The meeting is over: what came of it is asked below the card."""
    await _finish(context, tap, booking)
    now = await bookings.by_id(context.work, booking.id)
    if now is not None and now.status is BookingStatus.ATTENDED and booking.status is not BookingStatus.ATTENDED:
        await recording.open_for(context, now)


async def _no_show(context: StaffContext, tap: Tap, booking: Booking) -> None:
    if await card.seen_now(context, tap, booking) is None:
        return
    outcome = await desk_actions.no_show(context.work, context.person, booking)
    if isinstance(outcome, Booking):
        await _after(context, booking, context.t.plain("Recorded: they did not come"))
        return
    early = booking.starts_at is not None and booking.starts_at > context.work.now
    why = context.t.plain("The time of this appointment has not come yet.") if early else context.t.plain(card.CHANGED)
    await _refused(context, booking, outcome, why)


async def _came(context: StaffContext, tap: Tap, booking: Booking) -> None:
    """They came after all."""
    if await card.seen_now(context, tap, booking) is None:
        return
    outcome = await desk_actions.came_after_all(context.work, context.person, booking)
    if isinstance(outcome, Booking):
        await _after(context, booking, context.t.plain("Recorded: they came"))
        return
    await _refused(context, booking, outcome, context.t.plain(card.CHANGED))


async def _undo(context: StaffContext, tap: Tap, booking: Booking) -> None:
    """What was tapped last was a mistake."""
    if await card.seen_now(context, tap, booking) is None:
        return
    visit = await visits.of(context.work, booking.id)
    if visit is not None:
        await undoing.take_back(context, booking.id, visit.version)
        await _after(context, booking, context.toast)
        return
    outcome = await undo.no_show(context.work, context.person, booking)
    if isinstance(outcome, Booking):
        await _after(context, booking, context.t.plain("Undone: the visitor is expected"))
    else:
        why = context.t.plain(CANNOT[outcome.why]) if isinstance(outcome, NotUndone) else ""
        await _refused(context, booking, outcome, why)


# ---------------------------------------------------------------------------- looking


async def _open(context: StaffContext, _tap: Tap, booking: Booking) -> None:
    await card.show_here(context, booking)


async def _contact(context: StaffContext, _tap: Tap, booking: Booking) -> None:
    """Name and phone, as a message that is gone again after ten minutes."""
    shown = await desk_actions.contact(context.work, context.person, booking)
    if isinstance(shown, Denied):
        refuse(context, RIGHTS["bk_contact"])
        return
    about = booking_subject(booking.id)
    say_contact(context, about, booking.reference, shown.name, shown.phone, delegate=shown.delegate)


async def _files(context: StaffContext, _tap: Tap, booking: Booking) -> None:
    """The photos, voice notes and documents of an appointment, below its card."""
    found = await bookings.files_of(context.work, booking.id)
    good = [file for file in found if file.status is FileStatus.STORED][:SHOWN_FILES]
    subject = booking_subject(booking.id)
    if len(booking.words) > SHORT_WORDS:
        whole = whole_text(booking.reference, booking.words)
        context.say(Markup(), files=(whole,), subject=subject, reply_to=context.said.message)
    elif not good:
        context.toast = context.t.plain("The files are not ready yet. Try again in a minute.")
    for file in good:
        context.say(Markup(), files=(outgoing(file),), subject=subject, reply_to=context.said.message)


async def _history(context: StaffContext, _tap: Tap, booking: Booking) -> None:
    """Post the history of an appointment below its card."""
    t, work = context.t, context.work
    events = [one for one in await bookings.history(work, booking.id) if one.what in {**HISTORY, **STAFF_HISTORY}]
    names = await permissions.names(work)
    zone = work.offices.zone
    lines: list[Markup] = []
    for day, of_day in groupby(events[-_NEWEST:], key=lambda event: event.at.astimezone(zone).date()):
        lines += [Markup(), Markup("<b>{}</b>").format(t.near_date(day, work.today))]
        lines += [_line(context, event, names) for event in of_day]
    heading = t("🕘 <b>History of {reference}</b>", reference=t.ref(booking.reference))
    subject = booking_subject(booking.id)
    context.say(t.join_lines(heading, *lines), subject=subject, reply_to=context.said.message)


def _line(context: StaffContext, event: BookingEvent, names: Mapping[str, str]) -> Markup:
    t, what = context.t, context.t({**HISTORY, **STAFF_HISTORY}[event.what])
    if is_staff(event.actor):
        who = t.own(names.get(event.actor, "") or t.plain("a member of staff"), 40)
    elif is_resident(event.actor):
        who = t("the visitor")
    else:
        return t("{time} · {what}", time=t.time(event.at), what=what)
    return t("{time} · {who} – {what}", time=t.time(event.at), who=who, what=what)


_ANSWERS: Mapping[str, Callable[[StaffContext, Tap, Booking], Awaitable[None]]] = MappingProxyType(
    {
        "bk_open": _open,
        "bk_arrived": _arrived,
        "bk_call": _call,
        "bk_in": _step(Step.ENTER, N_("Inside")),
        "bk_done": _done,
        "bk_no_show": _no_show,
        "bk_undo": _undo,
        "bk_came": _came,
        "bk_contact": _contact,
        "bk_files": _files,
        "bk_history": _history,
    }
)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {verb: BookingButton(RIGHTS[verb], answer) for verb, answer in _ANSWERS.items()}
)
