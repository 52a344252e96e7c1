"""Choosing day and time. A seat is held once its time is chosen; where it is taken, alternatives are offered."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup
from pydantic import AwareDatetime

from conversations.booking.day_buttons import LINE, SLOT, day_rows, number_after, slot_button, time_rows
from conversations.booking.draft import BookingDraft, Line, Wish
from conversations.booking.one_already import having_one, standing
from conversations.booking.soonest import (
    ELSEWHERE,
    SOONEST,
    another_office,
    belongs_line,
    only_place,
    seat_rows,
    soonest,
)
from conversations.booking.step import BookingStep, release_seat
from conversations.booking.time_picker import (
    NEAREST,
    DayPicker,
    TimePicker,
    Why,
    clock_typed,
    day_typed,
    declined,
    not_a_time,
    refused,
    slot_at,
    why_not,
)
from conversations.engine.form import keep_row, now_line
from conversations.engine.messages import Message
from conversations.engine.step import Answer, Button, Continue, Next, Previous, Prompt, Reask, Step, Turn
from conversations.engine.typed_date import too_short_to_keep
from conversations.texts.block import unknown_block
from conversations.texts.booking import besides, who_receives
from services.bookings import bookings, draws, fair_use, one_at_a_time, priority, sessions
from services.bookings.bookings import AlreadyBooked, SlotClosed, SlotTaken
from services.bookings.sessions import DayState, Free
from services.bookings.states import LIVE
from services.casework import block_corrections
from services.understanding.times import when_said
from storage.ids import OfficeId, Reference, SessionId, SlotId
from storage.records.bookings import Booking, BookingStatus
from storage.records.sessions import Session, Slot

# ---------------------------------------------------------------------------- the day


class ChoosingDay(BookingStep, DayPicker):
    step: Literal["booking:day"] = "booking:day"

    async def ask(self, turn: Turn) -> Prompt:
        t, office, seat = turn.t, self.office(turn), self.draft.seat
        days = await self.days(turn, self.draft.office)
        head = t("📅 <b>Customer Day</b> · {office}", office=t.pick(office.name))
        if not days:
            body = t(
                "No times are available now. We open new days every week. You can submit a complaint or "
                "a suggestion at any time."
            )
            elsewhere = await seat_rows(turn, self.draft, None)
            return Prompt(
                t.join_lines(head, await belongs_line(turn, self.draft), body),
                [*elsewhere, another_office(turn), besides(t)],
            )
        if any(day.state == "free" for day in days):
            who = who_receives(t, office, days[0].session.lane)
            body = t("The {who} meets people face to face. Which day suits you?", who=who)
        elif any(day.state == "draw" for day in days):
            body = t("The times of some days are given by a draw. Choose a day to apply for it.")
        else:
            body = t("No times are available on these days. You can join the waiting list for a day that is full.")
        now = now_line(turn, t.moment(seat.starts_at) if seat else None)
        rows = day_rows(t, office, days, self.page)
        at_once = [] if self.page else await seat_rows(turn, self.draft, await soonest(turn, office))
        text = t.join_lines(head, await belongs_line(turn, self.draft), body, now)
        return Prompt(text, [keep_row(turn, offered=seat is not None), *rows, *at_once, another_office(turn)])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if (slot := number_after(SOONEST, answer.choice)) is not None:
            return await self._at_once(turn, SlotId(slot))
        if answer.choice == ELSEWHERE:
            return self.answer(elsewhere=True)
        said = when_said(answer.text, turn.work.today)
        if None not in said:
            return self.answer(wish=Wish(day=said.day, clock=said.clock))
        picked = await self.pick_day(turn, self.draft.office, answer)
        if isinstance(picked, DayState):
            wish = self.draft.wish
            if wish is None:
                return chosen_day(self.draft, picked)
            return self.answer(wish=Wish(day=picked.session.day, clock=wish.clock))
        if picked is not None:
            return picked
        if said.clock is not None and too_short_to_keep(answer):
            clock = turn.t.time(said.clock)
            why = turn.t("The day comes first. For {clock}, choose one of these days.", clock=clock)
            return Reask(why, ChoosingDay(draft=self.draft.but(wish=Wish(clock=said.clock)), page=self.page))
        if refused(turn, answer.text):
            return Reask(declined(turn.t))
        if (moved := await self._elsewhere(turn, answer.text)) is not None:
            return moved
        if too_short_to_keep(answer):
            return Reask(turn.t("Choose one of the days."))
        return await self.absorb_unexpected(turn)

    async def _elsewhere(self, turn: Turn, text: str) -> Next | None:
        """The days of the office whose place was typed, where nothing else was; None where none was, or this one's."""
        place = None if turn.on_behalf else only_place(turn, text)
        if place is None:
            return None
        block = None if place.block is None else await block_corrections.office_of(turn.work, place.block)
        match = place.whose(block)
        if match is None:
            asked = Continue(self.draft.but(elsewhere=True))
            return (
                Reask(unknown_block(turn, place.block), asked) if place.block is not None and block is None else asked
            )
        receiving = {office.id for office in turn.work.offices.with_customer_day}
        if match.office == self.draft.office or match.office not in receiving:
            return None
        return Continue(await at_office(turn, self.draft, match.office))

    async def _at_once(self, turn: Turn, slot: SlotId) -> Next:
        """Hold a seat that was offered with its time, at whichever office: all that was told goes along."""
        found = await sessions.slot(turn.work, slot)
        session = None if found is None else await sessions.session(turn.work, found.session_id)
        if session is None:
            return self
        return await hold(turn, self.draft.but(office=session.office, wish=None), slot)


async def at_office(turn: Turn, draft: BookingDraft, office: OfficeId) -> BookingDraft:
    """The draft at an office, with all that was told: a seat or a place in a line elsewhere is given up."""
    if office == draft.office:
        return draft.but(elsewhere=False)
    await release_seat(turn, draft)
    return draft.but(office=office, elsewhere=False, seat=None, line=None)


def chosen_day(draft: BookingDraft, day: DayState) -> Step:
    """The question that follows a day: its times, or what else there is."""
    session = day.session.id
    if day.state == "free":
        return ChoosingTime(draft=draft, session=session)
    return ChoosingAlternative(draft=draft, session=session, why=Why.of(day.state))


# ---------------------------------------------------------------------------- the time


class ChoosingTime(BookingStep, TimePicker):
    step: Literal["booking:time"] = "booking:time"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        session = await sessions.session(turn.work, self.session)
        early = await priority.has(turn.work, turn.resident)
        free = await sessions.free_slots(turn.work, self.session, early=early)
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
            t.pick(self.office(turn).name),
            t("Which time suits you? A meeting takes up to {minutes}.", minutes=t.duration(length)),
            now_line(turn, t.time(held.starts_at) if held else None),
        )
        return Prompt(text, [keep_row(turn, offered=held is not None), *time_rows(t, free, self.page)])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        picked = await self.pick_time(turn, self.draft.office, answer)
        if isinstance(picked, DayState):
            return chosen_day(self.draft, picked)
        if isinstance(picked, Step):
            return picked
        if picked is not None:
            return await hold(turn, self.draft, picked)
        session = await sessions.session(turn.work, self.session)
        if session is not None and (clock := clock_typed(turn, session, answer.text)) is not None:
            slot = await slot_at(turn, session.id, clock)
            return (
                Reask(await not_a_time(turn, self.session)) if slot is None else await hold(turn, self.draft, slot.id)
            )
        if refused(turn, answer.text):
            return Reask(declined(turn.t))
        if too_short_to_keep(answer):
            return Reask(await not_a_time(turn, self.session))
        return await self.absorb_unexpected(turn)

    async def back(self, turn: Turn) -> Step | Previous | None:
        return ChoosingDay(draft=self.draft)


async def hold(turn: Turn, draft: BookingDraft, slot: SlotId) -> Next:
    """Hold a seat, in place of the one held before, and go on."""
    taken = await take_seat(turn, draft, slot)
    return Continue(taken) if isinstance(taken, BookingDraft) else taken


async def take_seat(turn: Turn, draft: BookingDraft, slot: SlotId) -> BookingDraft | Step:
    """The draft with a seat held for it; or what else there is."""
    wanted = await sessions.slot(turn.work, slot)
    if wanted is not None and (refused := await _not_for_them(turn, draft, wanted)) is not None:
        return refused
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


async def _not_for_them(turn: Turn, draft: BookingDraft, wanted: Slot) -> Step | None:
    """What there is instead, for one who has an appointment at the office, or is slowed down. Staff are asked why."""
    session = await sessions.session(turn.work, wanted.session_id)
    if session is None or turn.on_behalf:
        return None
    other = await standing(turn, session.office)
    if other is not None and other.session_id != wanted.session_id:
        return having_one(turn, draft, other)
    there = await one_at_a_time.elsewhere(turn.work, session.office, turn.resident.id, wanted.starts_at, wanted.ends_at)
    if there is not None:
        return having_one(turn, draft.but(office=session.office), there)
    return await _too_far_ahead(turn, draft, session)


async def _too_far_ahead(turn: Turn, draft: BookingDraft, session: Session) -> Step | None:
    """What there is instead, for one who cancelled so often that only near times are given to them."""
    limit = await fair_use.slowed(turn.work, turn.resident, session.office)
    if limit is None or session.opens_at < limit.before:
        return None
    nearest = await sessions.nearest_free(turn.work, session.office, limit=NEAREST)
    near = tuple((day, slot) for day, slot in nearest if day.opens_at < limit.before)
    return ChoosingAlternative(draft=draft, why=Why.SLOWED, session=session.id, nearest=nearby(near))


async def hold_again(turn: Turn, step: Step) -> Next:
    """Go on with a booking that was set aside: its seat is held again, where it is still free."""
    if not isinstance(step, BookingStep) or step.draft.seat is None:
        return step
    taken = await take_seat(turn, step.draft.but(seat=None), step.draft.seat.slot)
    return step.with_draft(taken) if isinstance(taken, BookingDraft) else taken


# ---------------------------------------------------------------------------- where it can't be had


class OtherDayStep(BookingStep):
    """Another day is to be chosen; it may be typed, and is then no part of the subject."""

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "days":
            return ChoosingDay(draft=self.draft)
        if answer.choice:
            return self
        if (day := await day_typed(turn, self.draft.office, answer.text)) is not None:
            return chosen_day(self.draft, day)
        if too_short_to_keep(answer):
            return Reask(turn.t("Choose one of the buttons."))
        return await self.absorb_unexpected(turn)

    async def back(self, turn: Turn) -> Step | Previous | None:
        return ChoosingDay(draft=self.draft)


class Nearby(Message):
    """A free time that may do as well."""

    slot: SlotId
    starts_at: AwareDatetime


def nearby(found: Free) -> tuple[Nearby, ...]:
    return tuple(Nearby(slot=slot.id, starts_at=slot.starts_at) for _, slot in found[:NEAREST])


class ChoosingAlternative(OtherDayStep):
    """The nearest free times, where the one asked for is gone; for a full day its waiting list too."""

    step: Literal["booking:instead"] = "booking:instead"
    why: Why
    session: SessionId | None = None  # of the day asked for
    nearest: tuple[Nearby, ...] = ()

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        nearest = self.nearest
        if not nearest and self.why is not Why.SLOWED:  # then none is near enough
            nearest = nearby(await sessions.nearest_free(turn.work, self.draft.office, limit=NEAREST))
        rows = [[slot_button(t, one.slot, one.starts_at)] for one in nearest]
        if self.why is Why.FULL and not turn.on_behalf:  # a caller can't be offered a seat an hour long
            rows.append([Button(label=t.plain("Join the waiting list"), value=f"{LINE}{self.session}")])
        if self.why is Why.DRAW:
            rows.append([Button(label=t.plain("Apply for the draw"), value=f"{LINE}{self.session}")])
        rows.append([Button(label=t.plain("Choose another day"), value="days")])
        found = t("The nearest available times:") if nearest else t("No times are available now.")
        if self.why is Why.DRAW and not nearest:
            found = Markup()
        return Prompt(t.join_lines(await why_not(turn, self.why, self.session), found), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if (slot := number_after(SLOT, answer.choice)) is not None:
            return await hold(turn, self.draft, SlotId(slot))
        if (session := number_after(LINE, answer.choice)) is not None:
            return await stand_in_line(turn, self.draft, SessionId(session))
        return await OtherDayStep.on_answer(self, turn, answer)


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
    live = LIVE - {BookingStatus.HELD}
    return next((one for one in mine if one.session_id == session and one.status in live), None)


async def stand_in_line(turn: Turn, draft: BookingDraft, session_id: SessionId) -> Next:
    """Go on towards a full day's waiting list, or a draw; the place in it is taken when the summary is confirmed."""
    session = await sessions.session(turn.work, session_id)
    if session is None:
        return ChoosingDay(draft=draft)
    if await sessions.free_slots(turn.work, session_id):
        return ChoosingTime(draft=draft, session=session_id)  # one was freed in between
    if not turn.on_behalf and (refused := await _too_far_ahead(turn, draft, session)) is not None:
        return refused
    if (mine := await _own_of(turn, session_id)) is not None:
        return AlreadyBookedStep(draft=draft, reference=mine.reference)
    await release_seat(turn, draft)
    draw = await draws.to_come(turn.work, session.id)
    if draw is None and turn.on_behalf:
        return ChoosingDay(draft=draft)
    line = Line(session=session.id, day=session.day, draws_at=None if draw is None else draw.draws_at)
    return Continue(draft.but(seat=None, line=line))
