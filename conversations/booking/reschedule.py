"""Moving an appointment to another day or time. It keeps its reference, and its seat until the new one is taken."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup
from pydantic import AwareDatetime

from conversations.booking.confirmation import say_confirmed
from conversations.booking.day_buttons import SLOT, day_rows, number_after, slot_button, time_rows
from conversations.booking.time_picker import (
    NEAREST,
    DayPicker,
    TimePicker,
    Why,
    day_on,
    no_such_day,
    not_a_time,
    slot_at,
    slowed_line,
    why_not,
)
from conversations.engine.messages import Emphasis
from conversations.engine.step import Answer, Button, EndFlow, Next, Previous, Prompt, Reask, Redirect, Step, Turn
from conversations.texts.booking import subject_of
from services.bookings import bookings, fair_use, sessions
from services.bookings.bookings import NotMovable, SlotTaken
from services.bookings.fair_use import Slowed
from services.bookings.sessions import DayState, Free
from services.text.references import parse_reference
from services.text.typed_times import Moment
from storage.ids import Reference, SessionId, SlotId
from storage.records.bookings import Booking, BookingStatus
from storage.records.sessions import Slot


async def move(turn: Turn, argument: str) -> Next:
    """Ask for the day that an appointment is to be moved to."""
    reference = parse_reference(argument)
    booking = reference and await bookings.own(turn.work, reference, turn.resident)
    if not booking:
        return Redirect("appointment", argument)  # which says that there is none
    if booking.status is not BookingStatus.CONFIRMED:
        return Redirect("appointment", booking.reference)
    return MovingDay(reference=booking.reference)


async def move_to(turn: Turn, booking: Booking, when: Moment) -> Next:
    """Ask whether to move it to the day, the time or both that were said; for what was not said, or can't be had."""
    day = when.day or (booking.day if when.clock is not None else None)
    if day is None:
        return MovingDay(reference=booking.reference)
    state = await day_on(turn, booking.office, day)
    if state is None:
        return Reask(await no_such_day(turn, booking.office, day), MovingDay(reference=booking.reference))
    if when.clock is None or state.state != "free":
        return await _to_day(turn, booking.reference, state)
    slot = await slot_at(turn, state.session.id, when.clock)
    if slot is None:
        why = turn.t("{time} is not available on that day.", time=turn.t.clock(when.clock))
        return Reask(why, MovingTime(reference=booking.reference, session=state.session.id))
    return MovingConfirm.to(booking.reference, slot)


class MovingStep(Step):
    reference: Reference

    async def booking(self, turn: Turn) -> Booking | None:
        """The appointment, while it may still be moved."""
        booking = await bookings.own(turn.work, self.reference, turn.resident)
        return booking if booking and booking.status is BookingStatus.CONFIRMED else None

    def unmoved(self, turn: Turn) -> list[Button]:
        return [Button(label=turn.t.plain("Back to the appointment"), route="appointment", value=self.reference)]


class MovingDay(MovingStep, DayPicker):
    step: Literal["moving:day"] = "moving:day"
    nearest: bool = False  # a day or time could not be had: the nearest ones are shown first

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        booking = await self.booking(turn)
        office = turn.work.offices.get(booking.office) if booking else None
        if booking is None or office is None:
            return Prompt(t("You can no longer move this appointment."), [self.unmoved(turn)], back=False)
        days = await self.days(turn, booking.office)
        if not days:
            return Prompt(
                t("No times are available now. Your appointment stays as it is."), [self.unmoved(turn)], back=False
            )
        limit = await fair_use.slowed(turn.work, turn.resident, booking.office)
        text = t.join_lines(
            None if limit is None else slowed_line(t, limit),
            t("Now: {value}", value=t.moment(booking.starts_at or turn.work.now)),
            t("Which day suits you instead? We will keep your current time until you confirm the new one."),
        )
        near: Free = ()
        if self.nearest:
            near = await sessions.nearest_free(turn.work, booking.office, limit=NEAREST)
            near = tuple(one for one in near if limit is None or one[1].starts_at < limit.before)
        rows = [
            *([slot_button(t, slot.id, slot.starts_at)] for _, slot in near),
            *day_rows(t, office, days, self.page),
            self.unmoved(turn),
        ]
        return Prompt(text, rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        booking = await self.booking(turn)
        if booking is None:
            return Redirect("appointment", self.reference)
        if (slot := number_after(SLOT, answer.choice)) is not None:
            near = await sessions.nearest_free(turn.work, booking.office, limit=NEAREST)
            found = next((one for _, one in near if one.id == slot), None)
            return MovingConfirm.to(self.reference, found) if found else self
        picked = await self.pick_day(turn, booking.office, answer)
        if isinstance(picked, DayState):
            return await _to_day(turn, self.reference, picked)
        if isinstance(picked, MovingDay):
            return picked.model_copy(update={"nearest": False})
        return picked or Reask(turn.t("Choose one of the days."))


async def _to_day(turn: Turn, reference: Reference, day: DayState) -> Next:
    """The times of a day; or why it can't be had, with the nearest ones that can."""
    if day.state == "free":
        return MovingTime(reference=reference, session=day.session.id)
    why = await why_not(turn, Why.of(day.state), day.session.id)
    return Reask(why, MovingDay(reference=reference, nearest=True))


class MovingTime(MovingStep, TimePicker):
    step: Literal["moving:time"] = "moving:time"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        session = await sessions.session(turn.work, self.session)
        free = await sessions.free_slots(turn.work, self.session)
        if session is None or not free:
            return Prompt(t("No times are available on that day any more."))
        text = t.join_lines(t("🕘 <b>{date}</b>", date=t.full_date(session.day)), t("Which time suits you?"))
        return Prompt(text, time_rows(t, free, self.page))

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        booking = await self.booking(turn)
        if booking is None:
            return Redirect("appointment", self.reference)
        picked = await self.pick_time(turn, booking.office, answer)
        if isinstance(picked, DayState):
            return await _to_day(turn, self.reference, picked)
        if isinstance(picked, MovingTime):
            return picked
        free = await sessions.free_slots(turn.work, self.session)
        slot = next((one.slot for one in free if one.slot.id == picked), None)
        if slot is None:
            return Reask(await not_a_time(turn, self.session))
        return MovingConfirm.to(self.reference, slot)

    async def back(self, turn: Turn) -> Step | Previous | None:
        return MovingDay(reference=self.reference)


class MovingConfirm(MovingStep):
    """The old and the new time side by side: one tap too many must not cost a good seat."""

    step: Literal["moving:confirm"] = "moving:confirm"
    slot: SlotId
    session: SessionId
    starts_at: AwareDatetime

    @classmethod
    def to(cls, reference: Reference, slot: Slot) -> MovingConfirm:
        return cls(reference=reference, slot=slot.id, session=slot.session_id, starts_at=slot.starts_at)

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        booking = await self.booking(turn)
        text = t.join_lines(t("<b>Move your appointment?</b>"), self._from_to(turn, booking))
        absorb_unexpected = Button(label=t.plain("Keep the current time"), route="appointment", value=self.reference)
        return Prompt(
            text, [[Button(label=t.plain("Confirm"), value="confirm", emphasis=Emphasis.CONFIRM)], [absorb_unexpected]]
        )

    def _from_to(self, turn: Turn, booking: Booking | None) -> Markup:
        t, former = turn.t, booking.starts_at if booking else None
        return t.join_lines(
            t("From: {time}", time=t.moment(former)) if former else None,
            t("To: {time}", time=t.moment(self.starts_at)),
        )

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        t = turn.t
        if answer.choice != "confirm":
            return Reask(t("Choose one of the buttons."))
        before = await self.booking(turn)
        outcome = await bookings.reschedule(turn.work, self.reference, turn.resident, self.slot)
        match outcome:
            case Booking():
                if before is not None:
                    turn.say(self._from_to(turn, before), subject=subject_of(outcome))
                await say_confirmed(turn, outcome, t("✅ <b>Your appointment has been moved.</b>"))
                return EndFlow()
            case SlotTaken():
                return Reask(
                    t("Sorry, someone else has just booked that time."),
                    MovingDay(reference=self.reference, nearest=True),
                )
            case NotMovable(booking=other) if other is not None and other.reference != self.reference:
                why = t("You already have an appointment on that day: {ref}", ref=t.ref(other.reference))
                if before is not None and other.office != before.office:
                    why = t("You have another appointment at that hour: {ref}", ref=t.ref(other.reference))
                return Reask(why, MovingDay(reference=self.reference))
            case NotMovable():
                return Redirect("appointment", self.reference)
            case Slowed():
                return Reask(t("That time is too far ahead."), MovingDay(reference=self.reference, nearest=True))

    async def back(self, turn: Turn) -> Step | Previous | None:
        return MovingTime(reference=self.reference, session=self.session)


STEPS = (MovingDay, MovingTime, MovingConfirm)
