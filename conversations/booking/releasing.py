"""Releasing an appointment that was answered before the day: one tap, and for some minutes a tap that undoes it."""

from __future__ import annotations

from markupsafe import Markup

from conversations.booking.own import not_found, own
from conversations.engine.notices import Rendering
from conversations.engine.step import Button, Next, NoReply, Redirect, Responder, Rows, Turn
from conversations.requests.view import fixed_row
from conversations.texts.booking import booked_time, field, main_menu, subject_of
from locales import N_, Localizer
from services.actors import case_in
from services.bookings import bookings, fair_use, releases
from services.bookings.bookings import NotCancellable
from services.bookings.releases import Release
from services.cases import resident_actions
from services.notify.notices.bookings import BookingReleased
from services.notify.reply_subject import replied_subject
from storage.ids import Reference
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import CaseStatus
from storage.records.residents import Resident

S = BookingStatus


async def release(turn: Turn, argument: str) -> Next:
    """What the appointment was about was answered: somebody else may have the seat."""
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    await _show_what_holds(turn, booking)
    outcome = await releases.release(turn.work, booking.reference, turn.resident)
    if isinstance(outcome, NotCancellable):
        return _no_longer(turn, outcome.booking or booking)
    turn.toast = turn.t.plain("Released")
    _say_released(turn, booking, outcome)
    return NoReply()


async def take_back(turn: Turn, argument: str) -> Next:
    """Undo, says the button below: they keep the appointment."""
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    outcome = await releases.take_back(turn.work, booking.reference, turn.resident)
    if isinstance(outcome, NotCancellable):
        turn.say(Markup(), _view_row(turn.t, booking), edit=turn.said.message)
        return _no_longer(turn, outcome.booking or booking)
    t = turn.t
    turn.toast = t.plain("You keep the appointment")
    turn.say(
        t.join_lines(
            t("✅ <b>You keep your appointment.</b>"),
            field(t, N_("Reference"), t.ref(outcome.reference)),
            booked_time(t, outcome),
        ),
        (*_view_row(t, outcome), (main_menu(t),)),
        edit=turn.said.message,
        subject=subject_of(outcome),
    )
    return NoReply()


def _no_longer(turn: Turn, booking: Booking) -> Next:
    """Why a button of an old message does nothing any more, and how the appointment stands."""
    t = turn.t
    match booking.status:
        case S.CANCELLED_BY_RESIDENT if booking.reason == fair_use.RELEASED:
            why = t("You released this appointment, and the time to undo that is over.")
        case S.CANCELLED_BY_RESIDENT | S.CANCELLED_BY_MUNICIPALITY:
            why = t("This appointment was cancelled before.")
        case _:
            why = t("You can no longer release this appointment.")
    turn.say(why, subject=subject_of(booking))
    return Redirect("appointment", booking.reference)


# ---------------------------------------------------------------------------- said


def _say_released(turn: Turn, booking: Booking, release: Release) -> None:
    t = turn.t
    turn.say(
        t.join_lines(
            released_words(t),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            "",
            kept_words(t, release),
        ),
        (
            undo_row(t, booking.reference),
            (Button(label=t.plain("My appointments"), route="appointments"), main_menu(t)),
        ),
        subject=subject_of(booking),
        supersedes=releases.group(booking.id),
    )


def released_words(t: Localizer) -> Markup:
    return t("✖️ <b>You have released your appointment.</b>")


def kept_words(t: Localizer, release: Release) -> Markup:
    """Until when it can be undone."""
    return t(
        "Nobody else gets the time before {time}. Until then you can undo this and keep your appointment.",
        time=t.time(release.due_at),
    )


def undo_row(t: Localizer, reference: Reference) -> tuple[Button, ...]:
    return (Button(label=t.plain("↩️ Undo, keep my appointment"), route="unrelease", value=reference),)


async def _show_what_holds(turn: Turn, booking: Booking) -> None:
    """The message that offered the release has other buttons now; what else it asked can still be answered."""
    said, rows = turn.said, list(_view_row(turn.t, booking))
    if said.message is None:
        return
    about = case_in(await replied_subject(turn.work, said.channel, said.chat, said.message, ""))
    case = None if about is None else await resident_actions.by_id(turn.work, about)
    if case is not None and case.resident_id == turn.resident.id:
        view = Button(label=turn.t.plain("View request"), route="case", value=case.reference)
        asked = [fixed_row(turn.t, case)] if case.status is CaseStatus.RESOLVED else []
        rows = [*asked, (view, *rows[0])]
    turn.say(Markup(), rows, edit=said.message)


def _view_row(t: Localizer, booking: Booking) -> Rows:
    return ((Button(label=t.plain("View appointment"), route="appointment", value=booking.reference),),)


# ---------------------------------------------------------------------------- told


async def released(responder: Responder, notice: BookingReleased, _resident: Resident) -> None:
    """It can no longer be undone: the message that offered it says so."""
    booking = await bookings.by_id(responder.work, notice.booking)
    if booking is None or booking.status is not S.CANCELLED_BY_RESIDENT:
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t("✖️ <b>Your appointment is released and cancelled.</b>"),
            field(t, N_("Reference"), t.ref(booking.reference)),
            booked_time(t, booking),
            "",
            t("Thank you. Someone else can have the time now."),
        ),
        (
            (Button(label=t.plain("Remove from calendar"), route="ics", value=booking.reference),),
            (Button(label=t.plain("Book another appointment"), route="book", value=booking.office),),
            (Button(label=t.plain("My appointments"), route="appointments"), main_menu(t)),
        ),
        edit=notice.message,
        subject=subject_of(booking),
        silent=True,
    )


ROUTES = {"release": release, "unrelease": take_back}
RENDERINGS = (Rendering(BookingReleased, released),)
