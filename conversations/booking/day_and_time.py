"""When: the day, the time, a seat held from the moment its time is chosen; what else there is where it can't be had."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from markupsafe import Markup
from pydantic import AwareDatetime, Field

from conversations.booking.day_buttons import (
    DAY,
    DAYS_A_PAGE,
    LINE,
    PAGE,
    SLOT,
    day_rows,
    number_after,
    slot_button,
    time_rows,
)
from conversations.booking.draft import BookingDraft, Line
from conversations.booking.step import BookingStep, keep_row, next_question, now_line, release_seat
from conversations.engine.messages import Message
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.engine.typed_date import too_short_to_keep, typed_day, typed_time
from conversations.texts.booking import besides, when, who_receives
from locales import N_
from services.bookings import availability, bookings, sessions
from services.bookings.bookings import AlreadyBooked, SlotClosed, SlotTaken
from services.bookings.sessions import DayState, Free
from storage.ids import Reference, SessionId, SlotId
from storage.records import Booking, BookingStatus

NEAREST = 3  # free times offered where the one asked for is gone
_TYPED_AHEAD = 60  # days looked at for one that was typed: more than are ever planned

# ---------------------------------------------------------------------------- the day


class ChoosingDay(BookingStep):
    step: Literal["booking:day"] = "booking:day"
    label = N_("Time")
    page: int = Field(default=0, ge=0, le=99)

    def answered(self) -> bool:
        return self.draft.seat is not None or self.draft.line is not None

    def summary(self, turn: Turn) -> Markup | None:
        seat, line = self.draft.seat, self.draft.line
        if seat is not None:
            return when(turn.t, seat.starts_at, seat.ends_at)
        return turn.t.join_lines(turn.t.full_date(line.day), turn.t("on the waiting list")) if line else None

    async def ask(self, turn: Turn) -> Prompt:
        t, office, seat = turn.t, self.office(turn), self.draft.seat
        days = await self._days(turn)
        head = t("📅 <b>Customer Day</b> · {office}", office=t.pick(office.name))
        if not days:
            body = t(
                "No times are available now. We open new days every week. You can submit a complaint or "
                "a suggestion at any time."
            )
            return Prompt(t.join_lines(head, body), [besides(t)])
        if any(day.state == "free" for day in days):
            who = who_receives(t, office, days[0].session.lane)
            body = t("The {who} meets people face to face. Which day suits you?", who=who)
        else:
            body = t("No times are available on these days. You can join the waiting list for a day that is full.")
        now = now_line(turn, t.moment(seat.starts_at) if seat else None)
        rows = day_rows(t, office, days, self.page)
        return Prompt(t.join_lines(head, body, now), [keep_row(turn, offered=seat is not None), *rows])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if (page := number_after(PAGE, answer.choice)) is not None:
            return ChoosingDay(draft=self.draft, page=min(page, 99))
        days = await self._days(turn)
        if answer.choice:
            wanted = number_after(DAY, answer.choice)
            day = next((day for day in days if day.session.id == wanted), None)
            return chosen_day(self.draft, day) if day else Reask(turn.t("You can no longer choose that day."))
        if (day := await day_typed(turn, self.draft, answer.text)) is not None:
            return chosen_day(self.draft, day)
        return (
            Reask(turn.t("Choose one of the days."))
            if too_short_to_keep(answer)
            else await self.absorb_unexpected(turn)
        )

    async def _days(self, turn: Turn) -> tuple[DayState, ...]:
        start = self.page * DAYS_A_PAGE
        return await sessions.upcoming(turn.work, self.draft.office, DAYS_A_PAGE + 1, start)


async def day_typed(turn: Turn, draft: BookingDraft, text: str) -> DayState | None:
    """The day of the office's that was typed, where nothing else was."""
    days = await sessions.upcoming(turn.work, draft.office, _TYPED_AHEAD)
    return typed_day(text, days, turn.work.now.astimezone(turn.t.zone).date())


def chosen_day(draft: BookingDraft, day: DayState) -> Step:
    """The question that follows a day: its times, or what else there is."""
    session = day.session.id
    if day.state == "free":
        return ChoosingTime(draft=draft, session=session)
    return ChoosingAlternative(draft=draft, session=session, why=Why.of(day.state))


# ---------------------------------------------------------------------------- the time


class ChoosingTime(BookingStep):
    step: Literal["booking:time"] = "booking:time"
    session: SessionId
    page: int = Field(default=0, ge=0, le=99)

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        session = await sessions.session(turn.work, self.session)
        free = await sessions.free_slots(turn.work, self.session)
        if session is None or not free:
            nearest = await sessions.nearest_free(turn.work, self.draft.office, limit=NEAREST)
            text = (
                t("No times are available on that day any more. The nearest times are:")
                if nearest
                else t("No times are available now.")
            )
            return Prompt(text, [[slot_button(t, slot.id, slot.starts_at)] for _, slot in nearest])
        length = free[0].slot.ends_at - free[0].slot.starts_at
        held = self.draft.seat if self.draft.seat and self.draft.seat.session == self.session else None
        text = t.join_lines(
            t("🕘 <b>{date}</b>", date=t.full_date(session.day)),
            t("Which time suits you? A meeting takes up to {minutes}.", minutes=t.duration(length)),
            now_line(turn, t.time(held.starts_at) if held else None),
        )
        return Prompt(text, [keep_row(turn, offered=held is not None), *time_rows(t, free, self.page)])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if (page := number_after(PAGE, answer.choice)) is not None:
            return ChoosingTime(draft=self.draft, session=self.session, page=min(page, 99))
        if (slot := number_after(SLOT, answer.choice)) is not None:
            return await hold(turn, self.draft, SlotId(slot))
        typed = typed_time(turn.t, answer.text, await sessions.free_slots(turn.work, self.session))
        if typed is not None:
            return await hold(turn, self.draft, typed.id)
        if (day := await day_typed(turn, self.draft, answer.text)) is not None:
            return chosen_day(self.draft, day)
        if too_short_to_keep(answer):
            return Reask(turn.t("Choose one of the available times."))
        return await self.absorb_unexpected(turn)

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingDay(draft=self.draft)


async def hold(turn: Turn, draft: BookingDraft, slot: SlotId) -> Step:
    """Hold a seat, in place of the one held before, and go on to the next question."""
    taken = await take_seat(turn, draft, slot)
    return await next_question(turn, taken) if isinstance(taken, BookingDraft) else taken


async def take_seat(turn: Turn, draft: BookingDraft, slot: SlotId) -> BookingDraft | Step:
    """The draft with a seat held for it; or what else there is."""
    outcome = await bookings.reserve_seat(turn.work, slot, turn.resident, turn.resident.source)
    match outcome:
        case Booking():
            return draft.with_seat(outcome)
        case SlotTaken():
            return ChoosingAlternative(draft=draft, why=Why.TAKEN, nearest=nearby(outcome.alternatives))
        case SlotClosed():
            return ChoosingAlternative(draft=draft, why=Why.LATE, nearest=nearby(outcome.alternatives))
        case AlreadyBooked(booking=booking):
            return AlreadyBookedStep(draft=draft, reference=booking.reference)


# ---------------------------------------------------------------------------- where it can't be had


class OtherDayStep(BookingStep):
    """Another day is to be chosen; it may be typed, and is then no part of the matter."""

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "days":
            return ChoosingDay(draft=self.draft)
        if answer.choice:
            return self
        if (day := await day_typed(turn, self.draft, answer.text)) is not None:
            return chosen_day(self.draft, day)
        return (
            Reask(turn.t("Choose one of the buttons."))
            if too_short_to_keep(answer)
            else await self.absorb_unexpected(turn)
        )

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingDay(draft=self.draft)


class Nearby(Message):
    """A free time that may do as well."""

    slot: SlotId
    starts_at: AwareDatetime


def nearby(found: Free) -> tuple[Nearby, ...]:
    return tuple(Nearby(slot=slot.id, starts_at=slot.starts_at) for _, slot in found[:NEAREST])


class Why(StrEnum):
    """Why the day or time asked for can't be had."""

    TAKEN = "taken"
    FULL = "full"
    CLOSED = "closed"
    STARTED = "started"
    LATE = "late"
    LAPSED = "lapsed"

    @classmethod
    def of(cls, state: Literal["full", "closed", "started"]) -> Why:
        """Why a day in that state can't be had."""
        return {"full": cls.FULL, "closed": cls.CLOSED, "started": cls.STARTED}[state]


class ChoosingAlternative(OtherDayStep):
    """The nearest free times, where the one asked for is gone; for a full day its waiting list too."""

    step: Literal["booking:instead"] = "booking:instead"
    why: Why
    session: SessionId | None = None  # of the day asked for
    nearest: tuple[Nearby, ...] = ()

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        nearest = self.nearest or nearby(await sessions.nearest_free(turn.work, self.draft.office, limit=NEAREST))
        rows = [[slot_button(t, one.slot, one.starts_at)] for one in nearest]
        if self.why is Why.FULL:
            rows.append([Button(label=t.plain("Join the waiting list"), value=f"{LINE}{self.session}")])
        rows.append([Button(label=t.plain("Choose another day"), value="days")])
        found = t("The nearest available times:") if nearest else t("No times are available now.")
        return Prompt(t.join_lines(await why_not(turn, self.why, self.session), found), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if (slot := number_after(SLOT, answer.choice)) is not None:
            return await hold(turn, self.draft, SlotId(slot))
        if (session := number_after(LINE, answer.choice)) is not None:
            return await stand_in_line(turn, self.draft, SessionId(session))
        return await OtherDayStep.on_answer(self, turn, answer)


async def why_not(turn: Turn, why: Why, asked: SessionId | None) -> Markup:
    """Say why the time, or the day that was asked for, can't be had."""
    t = turn.t
    session = None if asked is None else await sessions.session(turn.work, asked)
    day = t.date(session.day) if session else Markup()
    match why:
        case Why.TAKEN:
            return t("Sorry, someone else has just booked that time.")
        case Why.LAPSED:
            return t(
                "Sorry, we are no longer holding the time and someone else has booked it. We have kept "
                "everything you entered."
            )
        case Why.LATE:
            return t("You can no longer book that time.")
        case Why.FULL:
            return await _full(turn, asked, day)
        case Why.STARTED:
            return t("The Customer Day on {day} has already started.", day=day)
        case Why.CLOSED:
            reason = session and (session.closed_reason_ar if t.rtl else session.closed_reason_en)
            if reason:
                return t("There is no Customer Day on {day}. Reason: {reason}", day=day, reason=reason)
            return t("There is no Customer Day on {day}.", day=day)


async def _full(turn: Turn, asked: SessionId | None, day: Markup) -> Markup:
    """How long the line is helps to choose between waiting and another day."""
    t = turn.t
    board = None if asked is None else await availability.look(turn.work, asked)
    if board is None or not board.waiting():
        return t("{day} is full.", day=day)
    return t.plural(
        "{day} is full. {n} person is waiting.", "{day} is full. {n} people are waiting.", len(board.waiting()), day=day
    )


class AlreadyBookedStep(OtherDayStep):
    """A resident has one appointment a day; the one there is can be moved."""

    step: Literal["booking:already"] = "booking:already"
    reference: Reference

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = (
            (Button(label=t.plain("View appointment"), route="appointment", value=self.reference),),
            (Button(label=t.plain("Choose another day"), value="days"),),
        )
        return Prompt(t("You already have an appointment on that day: {ref}", ref=t.ref(self.reference)), rows)


async def _own_of(turn: Turn, session: SessionId) -> Booking | None:
    """The appointment, or place in the line, that the resident has on that day; one being booked does not count."""
    mine = await bookings.of_resident(turn.work, turn.resident.id)
    live = availability.LIVE - {BookingStatus.HELD}
    return next((one for one in mine if one.session_id == session and one.status in live), None)


async def stand_in_line(turn: Turn, draft: BookingDraft, session_id: SessionId) -> Step:
    """Go on towards a full day's waiting list; the place in it is taken when the summary is confirmed."""
    session = await sessions.session(turn.work, session_id)
    if session is None:
        return ChoosingDay(draft=draft)
    if await sessions.free_slots(turn.work, session_id):
        return ChoosingTime(draft=draft, session=session_id)  # one was freed in between
    if (mine := await _own_of(turn, session_id)) is not None:
        return AlreadyBookedStep(draft=draft, reference=mine.reference)
    await release_seat(turn, draft)
    return await next_question(turn, draft.but(seat=None, line=Line(session=session.id, day=session.day)))
