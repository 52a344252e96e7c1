"""Moving an appointment to another day or time. It keeps its reference, and its seat until the new one is taken."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup
from pydantic import AwareDatetime, Field

from conversations.booking.confirmation import say_confirmed
from conversations.booking.day_and_time import Why, why_not
from conversations.booking.day_buttons import (
    DAY,
    DAYS_A_PAGE,
    PAGE,
    SLOT,
    day_rows,
    number_after,
    slot_button,
    time_rows,
)
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Reask, Redirect, Step, Turn
from conversations.engine.typed_date import typed_day, typed_time
from conversations.texts.booking import subject_of
from services.bookings import bookings, sessions
from services.bookings.bookings import NotMovable, SlotTaken
from services.bookings.sessions import DayState, Free
from services.text.references import parse_reference
from storage.ids import Reference, SessionId, SlotId
from storage.records import Booking, BookingStatus, Slot

NEAREST = 3


async def move(turn: Turn, argument: str) -> Next:
    """Ask for the day that an appointment is to be moved to."""
    reference = parse_reference(argument)
    booking = reference and await bookings.own(turn.work, reference, turn.resident)
    if not booking:
        return Redirect("appointment", argument)  # which says that there is none
    if booking.status is not BookingStatus.CONFIRMED:
        return Redirect("appointment", booking.reference)
    return MovingDay(reference=booking.reference)


class MovingStep(Step):
    reference: Reference

    async def booking(self, turn: Turn) -> Booking | None:
        """The appointment, while it may still be moved."""
        booking = await bookings.own(turn.work, self.reference, turn.resident)
        return booking if booking and booking.status is BookingStatus.CONFIRMED else None

    def unmoved(self, turn: Turn) -> list[Button]:
        return [Button(label=turn.t.plain("Back to the appointment"), route="appointment", value=self.reference)]


class MovingDay(MovingStep):
    step: Literal["moving:day"] = "moving:day"
    page: int = Field(default=0, ge=0, le=99)
    nearest: bool = False  # a day or time could not be had: the nearest ones are shown first

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        booking = await self.booking(turn)
        office = turn.work.offices.get(booking.office) if booking else None
        if booking is None or office is None:
            return Prompt(t("You can no longer move this appointment."), [self.unmoved(turn)], back=False)
        days = await self._days(turn, booking)
        if not days:
            return Prompt(
                t("No times are available now. Your appointment stays as it is."), [self.unmoved(turn)], back=False
            )
        text = t.join_lines(
            t("Now: {value}", value=t.moment(booking.starts_at or turn.work.now)),
            t("Which day suits you instead? We will keep your current time until you confirm the new one."),
        )
        near: Free = ()
        if self.nearest:
            near = await sessions.nearest_free(turn.work, booking.office, limit=NEAREST)
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
        if (page := number_after(PAGE, answer.choice)) is not None:
            return MovingDay(reference=self.reference, page=min(page, 99))
        if (slot := number_after(SLOT, answer.choice)) is not None:
            near = await sessions.nearest_free(turn.work, booking.office, limit=NEAREST)
            found = next((one for _, one in near if one.id == slot), None)
            return MovingConfirm.to(self.reference, found) if found else self
        days = await self._days(turn, booking)
        wanted = number_after(DAY, answer.choice)
        today = turn.work.now.astimezone(turn.t.zone).date()
        day = next((day for day in days if day.session.id == wanted), None) or typed_day(answer.text, days, today)
        if day is None:
            return Reask(turn.t("Choose one of the days."))
        return await self._chosen(turn, day)

    async def _chosen(self, turn: Turn, day: DayState) -> Next:
        if day.state == "free":
            return MovingTime(reference=self.reference, session=day.session.id)
        why = await why_not(turn, Why.of(day.state), day.session.id)
        return Reask(why, MovingDay(reference=self.reference, nearest=True))

    async def _days(self, turn: Turn, booking: Booking) -> tuple[DayState, ...]:
        return await sessions.upcoming(turn.work, booking.office, DAYS_A_PAGE + 1, self.page * DAYS_A_PAGE)


class MovingTime(MovingStep):
    step: Literal["moving:time"] = "moving:time"
    session: SessionId
    page: int = Field(default=0, ge=0, le=99)

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        session = await sessions.session(turn.work, self.session)
        free = await sessions.free_slots(turn.work, self.session)
        if session is None or not free:
            return Prompt(t("No times are available on that day any more."))
        text = t.join_lines(t("🕘 <b>{date}</b>", date=t.full_date(session.day)), t("Which time suits you?"))
        return Prompt(text, time_rows(t, free, self.page))

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if (page := number_after(PAGE, answer.choice)) is not None:
            return MovingTime(reference=self.reference, session=self.session, page=min(page, 99))
        free = await sessions.free_slots(turn.work, self.session)
        wanted = number_after(SLOT, answer.choice)
        slot = next((one.slot for one in free if one.slot.id == wanted), None) or typed_time(turn.t, answer.text, free)
        if slot is None:
            return Reask(turn.t("Choose one of the available times."))
        return MovingConfirm.to(self.reference, slot)

    async def back(self, turn: Turn) -> Step | None:
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
        return Prompt(text, [[Button(label=t.plain("Confirm"), value="confirm")], [absorb_unexpected]])

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
                say_confirmed(turn, outcome, t("✅ <b>Your appointment has been moved.</b>"))
                return EndFlow()
            case SlotTaken():
                return Reask(
                    t("Sorry, someone else has just booked that time."),
                    MovingDay(reference=self.reference, nearest=True),
                )
            case NotMovable(booking=other) if other is not None and other.reference != self.reference:
                why = t("You already have an appointment on that day: {ref}", ref=t.ref(other.reference))
                return Reask(why, MovingDay(reference=self.reference))
            case NotMovable():
                return Redirect("appointment", self.reference)

    async def back(self, turn: Turn) -> Step | None:
        return MovingTime(reference=self.reference, session=self.session)


STEPS = (MovingDay, MovingTime, MovingConfirm)
