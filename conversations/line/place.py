"""What those who wait are told on their own phones, and what they can say themselves."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from conversations.booking.own import not_found, own
from conversations.engine.notices import Rendering
from conversations.engine.registry import Flow
from conversations.engine.step import Button, Next, NoReply, NotYet, Reask, Responder, Turn
from conversations.line.place_text import held_words, place_buttons, place_text, where_to
from conversations.texts.meeting import in_person
from services.actors import booking_subject
from services.bookings import bookings, sessions
from services.bookings.meetings import Meeting, meeting_of
from services.notify.notices.line import CallUndone, LineCalled, LinePlace, LinePush, LineShifted
from services.visits import by_residents, pushes, visits
from services.visits.by_residents import AskedOften, LetGo
from services.visits.states import Step, can
from services.visits.visits import NotPossible
from storage.ids import MessageId
from storage.records.bookings import Booking, BookingStatus
from storage.records.residents import Resident

#: What ends the argument of a button that asked somebody who had come.
_HERE = ".here"

# ---------------------------------------------------------------------------- told


async def shown(responder: Responder, notice: LinePlace, resident: Resident) -> None:
    """Their one message: sent once and edited from then on."""
    work = responder.work
    visit = await visits.of(work, notice.booking)
    booking = await bookings.by_id(work, notice.booking)
    session = await sessions.session(work, notice.session)
    if visit is None or booking is None or session is None or booking.resident_id != resident.id:
        return
    if visit.status != notice.state:
        return  # it has changed since: that is told as well
    message = await pushes.message_of(work, notice.booking)
    if message is None and await pushes.is_on_its_way(work, notice.booking):
        raise NotYet  # which message it is, is known once it was sent
    responder.say(
        place_text(responder, notice, session, visit.ticket),
        place_buttons(responder.t, notice, booking.reference),
        edit=message,
        subject=booking_subject(booking.id),
        supersedes=pushes.group(notice.booking),
    )


async def near(responder: Responder, notice: LinePush, _: Resident) -> None:
    """Their turn comes nearer: their phone rings."""
    visit = await visits.of(responder.work, notice.booking)
    if visit is None or visit.status != "waiting":
        return
    t = responder.t
    span = None if notice.low is None or notice.high is None else t.span(notice.low, notice.high)
    responder.say(
        t.join_lines(
            t("🔔 Number {n}: your position is <b>{position}</b>.", n=visit.ticket, position=notice.position),
            t("Please come to the waiting area.") if notice.at == 2 else t("Please stay nearby."),
            t("Expected time: {times}", times=span) if span is not None else None,
        ),
        subject=booking_subject(notice.booking),
    )


async def called(responder: Responder, notice: LineCalled, _: Resident) -> None:
    """They are called: their phone rings."""
    visit = await visits.of(responder.work, notice.booking)
    if visit is None or visit.status != "called" or visit.calls != notice.call:
        return
    session = await sessions.session(responder.work, visit.session_id)
    if session is None:
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t("📣 <b>Number {n}: please come in now.</b>", n=visit.ticket),
            where_to(responder, session),
        ),
        subject=booking_subject(notice.booking),
    )


async def call_undone(responder: Responder, notice: CallUndone, _: Resident) -> None:
    """They were called by mistake: their phone rings, unless it has not for the call, or they were called again."""
    visit = await visits.of(responder.work, notice.booking)
    if visit is None or visit.calls != notice.call or visit.status not in {"waiting", "absent"}:
        return
    if not await pushes.heard_call(responder.work, notice.booking, notice.call):
        return
    t = responder.t
    responder.say(
        t.join_lines(
            t("↩️ <b>Number {n}: please do not come in yet.</b>", n=visit.ticket),
            t("Sorry, you were called by mistake. We will call you again when it is your turn."),
        ),
        subject=booking_subject(notice.booking),
    )


async def shifted(responder: Responder, notice: LineShifted, _: Resident) -> None:
    """They are still at home, and expected later than they know, or earlier again."""
    booking = await bookings.by_id(responder.work, notice.booking)
    if booking is None or booking.status is not BookingStatus.CONFIRMED or booking.starts_at is None:
        return
    t = responder.t
    if not in_person(booking):
        _say_when_called(responder, notice, booking, booking.starts_at)
        return
    responder.say(
        t.join_lines(
            t("🕘 <b>Your appointment at {time}</b>", time=t.time(booking.starts_at)),
            t("Sorry, we are running late.") if notice.later else t("The queue is moving faster again."),
            held_words(t, notice.held, notice.held_until),
            t("Expected time: {times}", times=t.span(notice.low, notice.high)),
            t("Please be here at {time}. We keep your place.", time=t.time(notice.low)),
        ),
        ((Button(label=t.plain("I cannot come"), route="line_leave", value=booking.reference),),),
        subject=booking_subject(booking.id),
    )


def _say_when_called(responder: Responder, notice: LineShifted, booking: Booking, starts_at: datetime) -> None:
    t, times = responder.t, responder.t.span(notice.low, notice.high)
    by_video = meeting_of(booking) is Meeting.VIDEO
    when = (
        t("🎥 We will meet you by video: {times}", times=times)
        if by_video
        else t("📞 We will call you: {times}", times=times)
    )
    responder.say(
        t.join_lines(
            t("🕘 <b>Your appointment at {time}</b>", time=t.time(starts_at)),
            t("Sorry, we are running late.") if notice.later else None,
            held_words(t, notice.held, notice.held_until),
            when,
            t("You do not need to come to the office."),
        ),
        ((Button(label=t.plain("I cannot talk then"), route="line_leave", value=booking.reference),),),
        subject=booking_subject(booking.id),
    )


# ---------------------------------------------------------------------------- said


async def more_time(turn: Turn, argument: str) -> Next:
    """Others go first for some minutes; what becomes of their own place is said."""
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    outcome = await by_residents.more_time(turn.work, booking.reference, turn.resident)
    t = turn.t
    match outcome:
        case LetGo():
            turn.toast = t.plain("Others go first")
            _say_what_becomes_of_their_place(turn, booking, outcome)
        case AskedOften():
            turn.toast = t.plain(
                "You have let others go first as often as possible. You keep your place: "
                "please come in when you are called."
            )
        case NotPossible():
            return _no_longer(turn)
    return NoReply()


def _say_what_becomes_of_their_place(turn: Turn, booking: Booking, let: LetGo) -> None:
    t = turn.t
    again = (
        t.plural("You can do this {n} more time.", "You can do this {n} more times.", let.left) if let.left else None
    )
    turn.say(
        t.join_lines(
            t("Those who are here go first. We will not call you before {time}.", time=t.time(let.until)),
            t(
                "You stay in the queue with number {n}. If you are ready earlier, tap “I am here”.",
                n=let.visit.ticket,
            ),
            again,
        ),
        ((Button(label=t.plain("🙋 I am here"), route="line_here", value=booking.reference),),),
        subject=booking_subject(booking.id),
    )


async def cannot_come(turn: Turn, argument: str) -> Next:
    """They cannot come, or have to leave: are they sure? What happens then is said before."""
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    visit = await visits.of(turn.work, booking.id)
    if visit is not None and not can(visit, Step.LEAVE):
        return _no_longer(turn)
    _ask_if_sure(turn, booking, here=visit is not None)
    return NoReply()


def _ask_if_sure(turn: Turn, booking: Booking, *, here: bool, edit: MessageId | None = None) -> None:
    t, ref = turn.t, booking.reference
    if here:
        text = t(
            "Leave the queue? The next person takes your place. If you come back today, your turn is after those "
            "who are waiting then."
        )
        yes, no = t.plain("Yes, I have to leave"), t.plain("No, keep my place")
    else:
        text = t("Cancel your appointment? Someone else can then have your time.")
        if booking.starts_at is not None:
            text = t.join_lines(text, t.moment(booking.starts_at))
        yes = t.plain("Yes, I cannot come") if in_person(booking) else t.plain("Yes, cancel the appointment")
        no = t.plain("No, keep my appointment")
    turn.say(
        text,
        (
            (Button(label=yes, route="line_left", value=f"{ref}{_HERE if here else ''}"),),
            (Button(label=no, route="line_stay", value=ref),),
        ),
        subject=booking_subject(booking.id),
        edit=edit,
    )


async def left(turn: Turn, argument: str) -> Next:
    """They are sure. Who was asked at home, and has come since, is asked anew: now it is about their place."""
    booking = await own(turn, argument.removesuffix(_HERE))
    if booking is None:
        return not_found(turn)
    if not argument.endswith(_HERE) and await visits.of(turn.work, booking.id) is not None:
        _ask_if_sure(turn, booking, here=True, edit=turn.said.message)
        return NoReply()
    outcome = await by_residents.leave(turn.work, booking.reference, turn.resident)
    t = turn.t
    match outcome:
        case NotPossible():
            return _no_longer(turn)
        case Booking():
            text: Markup = t("Thank you for telling us. We have cancelled the appointment.")
            back = Button(label=t.plain("Book another appointment"), route="book", value=booking.office)
        case _:
            text = t("Thank you for telling us. You have left the queue, and the staff know.")
            back = Button(label=t.plain("I am back"), route="line_here", value=booking.reference)
    turn.say(text, ((back,),), edit=turn.said.message, subject=booking_subject(booking.id))
    return NoReply()


async def stay(turn: Turn, argument: str) -> Next:
    """They keep their place after all."""
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    here = await visits.of(turn.work, booking.id) is not None
    text = turn.t("You keep your place.") if here else turn.t("Your appointment stays as it is.")
    turn.say(text, edit=turn.said.message, subject=booking_subject(booking.id))
    return NoReply()


async def here(turn: Turn, argument: str) -> Next:
    """They are here: after a call that they missed, before the time they asked for, or although they had left."""
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    outcome = await by_residents.come_back(turn.work, booking.reference, turn.resident)
    if isinstance(outcome, NotPossible):
        return _no_longer(turn)
    turn.toast = turn.t.plain("You are in the queue")
    turn.say(turn.t("You are in the queue. We will call number {n}.", n=outcome.ticket))
    return NoReply()


def _no_longer(turn: Turn) -> Next:
    return Reask(turn.t("This is no longer possible. Please speak to the staff."))


FLOW = Flow(
    routes={
        "line_more": more_time,
        "line_leave": cannot_come,
        "line_left": left,
        "line_stay": stay,
        "line_here": here,
    },
)
RENDERINGS = (
    Rendering(LinePlace, shown),
    Rendering(LinePush, near),
    Rendering(LineCalled, called),
    Rendering(CallUndone, call_undone),
    Rendering(LineShifted, shifted),
)
