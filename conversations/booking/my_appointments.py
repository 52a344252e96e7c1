"""What a resident does about an appointment: the ways to it, and what its buttons do at once."""

from __future__ import annotations

import re

from markupsafe import Markup

from conversations.booking import changing_meeting, releasing, reschedule
from conversations.booking.adding import add_to_meeting, cut_words
from conversations.booking.cancelling import Cancelling, other_appointments
from conversations.booking.confirmation import calendar_entry, say_code, say_confirmed, say_place
from conversations.booking.own import not_found, own
from conversations.booking.showing import Listing, Showing, day_is_past
from conversations.engine.fields import vouched_number
from conversations.engine.registry import Flow
from conversations.engine.step import Button, Next, NoReply, Reask, Redirect, Turn
from conversations.requests.follow_up import hear_danger
from conversations.texts.booking import (
    CANCELLED,
    main_menu,
    subject_of,
)
from conversations.texts.meeting import in_person
from services.actors import booking_in
from services.bookings import bookings, linked_cases, waiting_list
from services.bookings.bookings import NotCancellable, NotPossible, OneAlready
from services.bookings.states import OPEN
from services.bookings.waiting_list import OfferGone
from services.text.references import parse_reference
from storage.records.bookings import Booking, BookingStatus

S = BookingStatus


# ---------------------------------------------------------------------------- about another subject


async def unlink(turn: Turn, argument: str) -> Next:
    """The appointment is about something else than the request it was linked to."""
    reference = parse_reference(argument)
    booking = await linked_cases.unlink(turn.work, reference, turn.resident) if reference else None
    if booking is None:
        return not_found(turn)
    t = turn.t
    turn.say(
        t(
            "Thank you. The team will treat appointment {reference} as a new subject.",
            reference=t.ref(booking.reference),
        ),
        ((Button(label=t.plain("View appointment"), route="appointment", value=booking.reference),),),
        subject=subject_of(booking),
    )
    return NoReply()


# ---------------------------------------------------------------------------- ways in


async def appointments(_turn: Turn, argument: str) -> Next:
    return Listing(page=int(argument) if re.fullmatch(r"\d{1,3}", argument) else 0)


async def appointment(turn: Turn, argument: str) -> Next:
    booking = await own(turn, argument)
    return Showing(reference=booking.reference) if booking else not_found(turn)


async def cancel(turn: Turn, argument: str) -> Next:
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    if booking.status not in OPEN - {S.CHECKED_IN}:
        return Showing(reference=booking.reference)
    return Cancelling(reference=booking.reference)


async def attend(turn: Turn, argument: str) -> Next:
    """I will come, says the button of a reminder."""
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    outcome = await bookings.confirm_attendance(turn.work, booking.reference, turn.resident)
    if isinstance(outcome, NotCancellable) or booking.starts_at is None:
        return Showing(reference=booking.reference)
    turn.toast = turn.t.plain("Thank you")
    turn.say(
        turn.t("👍 Thank you for confirming. See you on {time}.", time=turn.t.moment(booking.starts_at)),
        subject=subject_of(booking),
    )
    return NoReply()


async def accept(turn: Turn, argument: str) -> Next:
    """Take the seat offered to the first on the waiting list."""
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    outcome = await waiting_list.accept_offer(turn.work, booking.reference, turn.resident)
    if isinstance(outcome, OfferGone):
        if booking.status is S.CONFIRMED:
            return Showing(reference=booking.reference)
        return _offer_gone(turn, booking)
    if isinstance(outcome, OneAlready):
        return _one_already(turn, booking, outcome.booking)
    await say_confirmed(turn, outcome, turn.t("✅ <b>Your appointment is confirmed.</b>"))
    return NoReply()


def _offer_gone(turn: Turn, booking: Booking) -> Reask:
    """Why an old message's button takes no offer: what became of it."""
    t = turn.t
    if booking.status is S.CANCELLED_BY_MUNICIPALITY:
        why = t("Sorry, the municipality has cancelled this appointment since then.")
    elif booking.status is S.CANCELLED_BY_RESIDENT:
        why = t("You have already cancelled this.")
    else:
        why = t("Sorry, that offer has ended.")
    return Reask(why, Showing(reference=booking.reference))


def _one_already(turn: Turn, offered: Booking, other: Booking) -> Next:
    """The offer stands until its end: whoever wants it more gives up the other appointment first."""
    t, rows = turn.t, [(Button(label=turn.t.plain("View the offer"), route="appointment", value=offered.reference),)]
    if other.resident_id != turn.resident.id:
        why = t("Your phone number is in use for another appointment here. The office can help you.")
        rows.append((Button(label=t.plain("Contact us"), route="contact"),))
    else:
        why = t(
            "To take the time that we offer, first cancel your other appointment: {ref}",
            ref=t.ref(other.reference),
        )
        rows.insert(0, (Button(label=t.plain("View appointment"), route="appointment", value=other.reference),))
    turn.say(why, rows, subject=subject_of(offered))
    return NoReply()


async def decline(turn: Turn, argument: str) -> Next:
    """Let the offered seat go to the next on the waiting list."""
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    outcome = await waiting_list.decline_offer(turn.work, booking.reference, turn.resident)
    if isinstance(outcome, OfferGone):
        return _offer_gone(turn, booking)
    t = turn.t
    turn.say(
        t("Thank you. We will offer the time to someone else. You are no longer on the waiting list."),
        other_appointments(t, booking),
        subject=subject_of(booking),
    )
    return NoReply()


async def send_calendar_file(turn: Turn, argument: str) -> Next:
    booking = await own(turn, argument)
    entry = calendar_entry(turn, booking) if booking else None
    if booking is None or entry is None:
        return not_found(turn)
    text = turn.t("Open this file to add the appointment to your calendar.")
    if booking.status in CANCELLED:
        text = turn.t("Open this file to remove the appointment from your calendar.")
    turn.say(text, files=(entry,), subject=subject_of(booking))
    return NoReply()


async def send_code(turn: Turn, argument: str) -> Next:
    """The pin on the map and the code for the door, once more."""
    booking = await own(turn, argument)
    if booking is None:
        return not_found(turn)
    if (why := _why_no_code(turn, booking)) is not None:
        return Reask(why, Showing(reference=booking.reference))
    say_place(turn, booking)
    say_code(turn, booking)
    return NoReply()


def _why_no_code(turn: Turn, booking: Booking) -> Markup | None:
    """Why an old message's button brings no code; None while it is of use."""
    t = turn.t
    if booking.status in CANCELLED:
        return t("This appointment was cancelled. Its code is no longer valid.")
    if booking.status in {S.ATTENDED, S.NO_SHOW} or day_is_past(turn, booking):
        return t("This appointment is over. Its code is no longer valid.")
    if booking.status is S.CHECKED_IN:
        return t("We have recorded your arrival. You do not need the code again.")
    if not in_person(booking):
        return t("This meeting is not in person, so you do not need a code.")
    return None if booking.status is S.CONFIRMED else t("We will send you the code when the appointment is confirmed.")


async def send_place(turn: Turn, argument: str) -> Next:
    booking = await own(turn, argument)
    return NoReply() if booking is not None and say_place(turn, booking) else not_found(turn)


# ---------------------------------------------------------------------------- replies


async def replied(turn: Turn) -> Next:
    """A reply to a message of ours about an appointment is added to it, as long as the meeting is ahead."""
    number = booking_in(turn.about)
    booking = None if number is None else await bookings.by_id(turn.work, number)
    if booking is None or booking.resident_id != turn.resident.id or vouched_number(turn.said) is not None:
        return Redirect("anything")
    if hear_danger(turn, turn.said.text) is not None:  # no meeting waits for that: it is a request at once
        return Redirect("anything")
    added = await add_to_meeting(turn, booking)
    if isinstance(added, Reask):
        return added
    if isinstance(added, NotPossible):
        return Redirect("anything")
    t, ref = turn.t, booking.reference
    turn.say(
        t.join_lines(
            t("✅ We have added this to appointment {reference} for the meeting.", reference=t.ref(ref)),
            cut_words(turn, whole=added.whole),
        ),
        ((Button(label=t.plain("View appointment"), route="appointment", value=ref),), (main_menu(t),)),
        subject=turn.about,
    )
    return NoReply()


FLOW = Flow(
    steps=(Listing, Showing, Cancelling, *reschedule.STEPS, *changing_meeting.STEPS),
    routes={
        "appointments": appointments,
        "appointment": appointment,
        "move": reschedule.move,
        "cancel": cancel,
        "attend": attend,
        "unlink": unlink,
        "accept": accept,
        "decline": decline,
        "ics": send_calendar_file,
        "code": send_code,
        "place": send_place,
        **releasing.ROUTES,
        **changing_meeting.ROUTES,
    },
    commands={"appointments": "appointments"},
)
