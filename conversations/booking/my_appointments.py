"""A resident's appointments: all of them, one of them, and what can be done about it."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from markupsafe import Markup
from pydantic import Field

from conversations.booking import changing_meeting, releasing, reschedule
from conversations.booking.adding import add_to_meeting, cut_words
from conversations.booking.confirmation import calendar_entry, say_code, say_confirmed, say_place
from conversations.booking.day_buttons import PAGE, number_after
from conversations.booking.fields import detail_lines
from conversations.booking.own import not_found, own
from conversations.engine.fields import left_as_it_is, vouched_number
from conversations.engine.messages import Emphasis, Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, EndFlow, Next, NoReply, Prompt, Reask, Redirect, Rows, Step, Turn
from conversations.engine.typed_yes_no import refuses
from conversations.promises.texts import seen_later
from conversations.requests.follow_up import hear_danger
from conversations.texts.booking import (
    CANCELLED,
    MARK,
    REASONS,
    SHORT_WORDS,
    booked_time,
    calendar_button,
    event_words,
    field,
    main_menu,
    offer_buttons,
    only_waited,
    reason_words,
    short_time,
    star_buttons,
    status_words,
    subject_of,
)
from conversations.texts.draw import draw_lines
from conversations.texts.meeting import in_person, where_to_meet
from conversations.texts.phone_records_button import by_phone_row
from locales import N_, Localizer
from services.actors import booking_in
from services.bookings import bookings, draws, linked_cases, meeting_changes, releases, waiting_list
from services.bookings.bookings import NotCancellable, NotPossible, OneAlready
from services.bookings.waiting_list import OfferGone
from services.text.normalise import clean
from services.text.references import parse_reference
from storage.ids import Reference
from storage.records import Booking, BookingStatus

A_PAGE = 6
MAX_REASON = 500
MAX_COMMENT = 1000
TYPED = "typed"
S = BookingStatus

OPEN = frozenset({S.OFFERED, S.CONFIRMED, S.CHECKED_IN, S.WAITING})


# ---------------------------------------------------------------------------- all of them


class Listing(Step):
    """What is ahead, the soonest first; then what is past, the latest first."""

    step: Literal["appointments:list"] = "appointments:list"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    page: int = Field(default=0, ge=0, le=999)

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await bookings.of_resident(turn.work, turn.resident.id)
        mine = [booking for booking in found if booking.status is not S.HELD]
        book = [Button(label=t.plain("Book an appointment"), route="book")]
        if not mine:
            return Prompt(t("You have no appointments yet."), [book, by_phone_row(turn)], back=False)
        start = self.page * A_PAGE
        rows = [[_button(turn, booking)] for booking in mine[start : start + A_PAGE]]
        pages = []
        if self.page > 0:
            pages.append(Button(label=t.plain("Newer"), value=f"{PAGE}{self.page - 1}"))
        if start + A_PAGE < len(mine):
            pages.append(Button(label=t.plain("Older"), value=f"{PAGE}{self.page + 1}"))
        open_ones = sum(booking.status in OPEN and not bookings.has_passed(turn.work, booking) for booking in mine)
        text = t.join_lines(
            t("<b>My appointments</b>"),
            t.plural("You have {n} upcoming appointment.", "You have {n} upcoming appointments.", open_ones)
            if open_ones
            else t("You have no upcoming appointments."),
        )
        return Prompt(text, [*rows, pages, book, by_phone_row(turn)], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        page = number_after(PAGE, answer.choice)
        return self if page is None else Listing(page=min(page, 999))


def _button(turn: Turn, booking: Booking) -> Button:
    t = turn.t
    office = turn.work.offices.get(booking.office)
    name = t.pick_plain(office.short_name) if office else booking.office
    label = f"{MARK[booking.status]} {short_time(t, booking)} · {name}"
    return Button(label=label[:64], route="appointment", value=booking.reference)


# ---------------------------------------------------------------------------- one of them


class Showing(Step):
    """One appointment: how it stands, what happened, what can be done."""

    step: Literal["appointments:one"] = "appointments:one"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    reference: Reference

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        booking = await bookings.own(turn.work, self.reference, turn.resident)
        if booking is None:
            return Prompt(t("Appointment not found."))
        history = await bookings.history(turn.work, booking.id)
        files = await bookings.files_of(turn.work, booking.id)
        told = [words for event in history if (words := event_words(t, booking, event)) is not None]
        released = await releases.pending(turn.work, booking)
        text = t.join_lines(
            t("{mark} <b>{status}</b>", mark=MARK[booking.status], status=status_words(t, booking)),
            field(t, N_("Reference"), t.ref(booking.reference)),
            *await _details(turn, booking, len(files)),
            *([] if released is None else ["", releasing.released_words(t), releasing.kept_words(t, released)]),
            *await seen_later(turn.work, t, booking),
            Markup(),
            *told,
        )
        undo = () if released is None else (releasing.undo_row(t, booking.reference),)
        ways = await meeting_changes.for_resident(turn.work, booking)
        change = Button(label=t.plain("Change the way to meet"), route="meet", value=booking.reference)
        return Prompt(text, (*undo, *_actions(turn, booking), *([(change,)] if ways else [])))

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self

    async def back(self, turn: Turn) -> Step | None:
        return Listing()


async def _details(turn: Turn, booking: Booking, files: int) -> list[Markup]:
    t, work = turn.t, turn.work
    lines = [booked_time(t, booking), await where_to_meet(turn, booking)]
    if booking.status is S.WAITING:
        if (draw := await draws.to_come(work, booking.session_id)) is not None:
            lines += draw_lines(t, draw)
        else:
            place = await waiting_list.place_in_line(work, booking)
            lines.append(field(t, N_("Your position in the waiting list"), t.number(place)))
    if booking.status is S.OFFERED and booking.deadline is not None:
        lines.append(field(t, N_("Accept by"), t.moment(booking.deadline)))
    told = [t.own(booking.words, SHORT_WORDS)] if booking.words else []
    told += [t.plural("{n} file", "{n} files", files)] if files else []
    description = [field(t, N_("Description"), t.dotted(*told))] if told else []
    lines += detail_lines(turn, booking, description)
    if (case := await linked_cases.case_of(work, booking)) is not None:
        lines.append(field(t, N_("About request"), t.ref(case.reference)))
    if (reason := await reason_words(work, t, booking)) is not None:
        lines.append(field(t, N_("Reason"), reason))
    return lines


def _actions(turn: Turn, booking: Booking) -> Rows:
    t, ref = turn.t, booking.reference
    another = (Button(label=t.plain("Book an appointment"), route="book", value=booking.office),)
    if _day_is_past(turn, booking) and booking.status is not S.ATTENDED:
        return (another,)
    match booking.status:
        case S.CONFIRMED:
            return (
                (calendar_button(turn, ref), Button(label=t.plain("Show code and map"), route="code", value=ref)),
                (
                    Button(label=t.plain("Reschedule"), route="move", value=ref),
                    Button(label=t.plain("Cancel"), route="cancel", value=ref, emphasis=Emphasis.DANGER),
                ),
            )
        case S.OFFERED:
            return offer_buttons(t, ref)
        case S.WAITING:
            return ((Button(label=t.plain("Leave the waiting list"), route="cancel", value=ref),),)
        case S.ATTENDED:
            return star_buttons(t, ref), another
        case S.CHECKED_IN:
            return ()
        case _:
            return (another,)


# ---------------------------------------------------------------------------- cancelling


class Cancelling(Step):
    """A reason is asked, not demanded. Its buttons cancel; words alone never do: they may be a "no"."""

    step: Literal["appointments:cancel"] = "appointments:cancel"
    reference: Reference
    reason: str = ""  # as it was typed, and not confirmed yet

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        booking = await bookings.own(turn.work, self.reference, turn.resident)
        if booking is None:
            return Prompt(t("Appointment not found."))
        if self.reason:
            return self._ask_again(turn, booking)
        question = t("Cancel the appointment? You can give a reason, but you do not have to.")
        none = t.plain("Cancel without a reason")
        if only_waited(booking):
            question = t("Leave the waiting list? You can give a reason, but you do not have to.")
            none = t.plain("Leave without a reason")
        reasons = [[Button(label=t.plain(text), value=reason)] for reason, text in REASONS.items()]
        rows = [
            *reasons,
            [Button(label=none, value="none")],
            self._keep_row(turn, booking),
        ]
        return Prompt(t.join_lines(question, booked_time(t, booking)), rows, back=False)

    def _ask_again(self, turn: Turn, booking: Booking) -> Prompt:
        t = turn.t
        question, yes = t("Cancel the appointment for this reason?"), t.plain("Cancel for this reason")
        if only_waited(booking):
            question, yes = t("Leave the waiting list for this reason?"), t.plain("Leave for this reason")
        quoted = t("“{words}”", words=t.own(self.reason))
        rows = [[Button(label=yes, value=TYPED)], self._keep_row(turn, booking)]
        return Prompt(t.join_lines(question, booked_time(t, booking), quoted), rows, back=False)

    def _keep_row(self, turn: Turn, booking: Booking) -> list[Button]:
        label = turn.t.plain("Stay on the waiting list") if only_waited(booking) else turn.t.plain("Keep it")
        return [Button(label=label, route="appointment", value=self.reference)]

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        t = turn.t
        if not answer.choice:
            if refuses(answer.text):
                return Reask(left_as_it_is(turn), Showing(reference=self.reference))
            return self.model_copy(update={"reason": clean(answer.text, MAX_REASON)})
        reason = {"none": "", TYPED: self.reason}.get(answer.choice, answer.choice)
        outcome = await bookings.cancel(turn.work, self.reference, turn.resident, reason)
        if isinstance(outcome, NotCancellable):
            return Reask(t("You can no longer cancel this appointment."), Showing(reference=self.reference))
        _say_cancelled(turn, outcome)
        return EndFlow()


def _say_cancelled(turn: Turn, booking: Booking) -> None:
    t, waited = turn.t, only_waited(booking)
    if waited:
        head, thanks = (
            t("✖️ <b>You have left the waiting list.</b>"),
            t("Thank you for telling us. The next person on the waiting list will move up."),
        )
    else:
        head, thanks = (
            t("✖️ <b>Your appointment is cancelled.</b>"),
            t("Thank you for telling us. Someone else can now have the time."),
        )
    reference = field(t, N_("Reference"), t.ref(booking.reference))
    time = t.full_date(booking.day) if waited else booked_time(t, booking)
    forget = Button(label=t.plain("Remove from calendar"), route="ics", value=booking.reference)
    turn.say(
        t.join_lines(head, reference, time, thanks),
        (
            () if waited else (forget,),
            *_other_appointments(t, booking),
        ),
        subject=subject_of(booking),
    )


def _other_appointments(t: Localizer, booking: Booking) -> tuple[tuple[Button, ...], ...]:
    return (
        (Button(label=t.plain("Book another appointment"), route="book", value=booking.office),),
        (Button(label=t.plain("My appointments"), route="appointments"), main_menu(t)),
    )


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


async def appointments(_talk: Turn, argument: str) -> Next:
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
        return Reask(turn.t("Sorry, that offer has ended."), Showing(reference=booking.reference))
    if isinstance(outcome, OneAlready):
        return _one_already(turn, booking, outcome.booking)
    await say_confirmed(turn, outcome, turn.t("✅ <b>Your appointment is confirmed.</b>"))
    return NoReply()


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
        return Reask(turn.t("Sorry, that offer has ended."), Showing(reference=booking.reference))
    t = turn.t
    turn.say(
        t("Thank you. We will offer the time to someone else. You are no longer on the waiting list."),
        _other_appointments(t, booking),
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
    if booking.status in {S.ATTENDED, S.NO_SHOW} or _day_is_past(turn, booking):
        return t("This appointment is over. Its code is no longer valid.")
    if booking.status is S.CHECKED_IN:
        return t("We have recorded your arrival. You do not need the code again.")
    if not in_person(booking):
        return t("This meeting is not in person, so you do not need a code.")
    return None if booking.status is S.CONFIRMED else t("We will send you the code when the appointment is confirmed.")


def _day_is_past(turn: Turn, booking: Booking) -> bool:
    """Whether it can no longer take place: on its day, a meeting may be late."""
    return booking.day < turn.work.today


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
