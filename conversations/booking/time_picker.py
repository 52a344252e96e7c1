"""Choosing a day and a time, tapped or typed: the same where an appointment is booked and where it is moved."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Literal, Self

from markupsafe import Markup
from pydantic import Field

from conversations.booking.day_buttons import DAY, DAYS_A_PAGE, PAGE, SLOT, number_after
from conversations.engine.step import Answer, Reask, Step, Turn
from conversations.engine.typed_date import typed_day, typed_time
from conversations.texts.booking import office_name
from conversations.texts.draw import draw_lines
from locales import Localizer
from services.bookings import availability, draws, fair_use, priority, sessions
from services.bookings.fair_use import Cause, Slowed
from services.bookings.sessions import DayState
from services.understanding.times import when_said
from services.understanding.yes_or_no import declines
from storage.ids import OfficeId, SessionId, SlotId
from storage.records.sessions import Session, Slot

NEAREST = 3  # free times offered where the one asked for is gone
_TYPED_AHEAD = 60  # days looked at for one that was typed: more than are ever planned
_LAST_PAGE = 99
_FEW = 8  # words in which somebody says a time and nothing else


class DayPicker(Step):
    """A question that shows an office's days, a page at a time."""

    page: int = Field(default=0, ge=0, le=_LAST_PAGE)

    async def days(self, turn: Turn, office: OfficeId) -> tuple[DayState, ...]:
        """The days of this page, and one more where there are more."""
        early = await priority.has(turn.work, turn.resident)
        return await sessions.upcoming(turn.work, office, DAYS_A_PAGE + 1, self.page * DAYS_A_PAGE, early=early)

    async def pick_day(self, turn: Turn, office: OfficeId, answer: Answer) -> DayState | Self | Reask | None:
        """The day that was chosen, or the page to show; None where what was typed is no day of the office's."""
        if (page := number_after(PAGE, answer.choice)) is not None:
            return self.model_copy(update={"page": min(page, _LAST_PAGE)})
        if not answer.choice:
            return await day_typed(turn, office, answer.text)
        wanted = number_after(DAY, answer.choice)
        day = next((day for day in await self.days(turn, office) if day.session.id == wanted), None)
        return day or Reask(turn.t("You can no longer choose that day."))


class TimePicker(Step):
    """A question that shows the free times of a day, a page at a time."""

    session: SessionId
    page: int = Field(default=0, ge=0, le=_LAST_PAGE)

    async def pick_time(self, turn: Turn, office: OfficeId, answer: Answer) -> SlotId | DayState | Self | None:
        """The time that was chosen, the page to show, or another day; None where what was typed is none of these.

        A time that was tapped may have been taken since.
        """
        if (page := number_after(PAGE, answer.choice)) is not None:
            return self.model_copy(update={"page": min(page, _LAST_PAGE)})
        if (slot := number_after(SLOT, answer.choice)) is not None:
            return SlotId(slot)
        early = await priority.has(turn.work, turn.resident)
        typed = typed_time(turn.t, answer.text, await sessions.free_slots(turn.work, self.session, early=early))
        return await day_typed(turn, office, answer.text) if typed is None else typed.id


async def day_typed(turn: Turn, office: OfficeId, text: str) -> DayState | None:
    """The day of the office's that was typed, where nothing else was."""
    early = await priority.has(turn.work, turn.resident)
    days = await sessions.upcoming(turn.work, office, _TYPED_AHEAD, early=early)
    return typed_day(text, days, turn.work.now.astimezone(turn.t.zone).date())


async def day_on(turn: Turn, office: OfficeId, day: date) -> DayState | None:
    """The office's Customer Day on a date; None where it has none that is planned."""
    early = await priority.has(turn.work, turn.resident)
    days = await sessions.upcoming(turn.work, office, _TYPED_AHEAD, early=early)
    return next((one for one in days if one.session.day == day), None)


async def slot_at(turn: Turn, session: SessionId, clock: time) -> Slot | None:
    """The free slot of a day that begins at a time; None where there is none."""
    early = await priority.has(turn.work, turn.resident)
    free = await sessions.free_slots(turn.work, session, early=early)
    return next((one.slot for one in free if one.slot.starts_at.astimezone(turn.t.zone).time() == clock), None)


async def no_such_day(turn: Turn, office: OfficeId, day: date) -> Markup:
    """Say that a date is no Customer Day of the office's, and when the next one is: nothing was called off."""
    t = turn.t
    days = await sessions.upcoming(turn.work, office, _TYPED_AHEAD)
    following = next((one.session for one in days if one.state != "closed"), None)
    said = t("{office} has no Customer Day on {day}.", office=office_name(turn.work, t, office), day=t.date(day))
    if following is None:
        return said
    return t.join_lines(
        said,
        t(
            "The next one is on {day}, from {opens} to {closes}.",
            day=t.date(following.day),
            opens=t.time(following.opens_at),
            closes=t.time(following.closes_at),
        ),
    )


def clock_typed(turn: Turn, session: Session, text: str) -> time | None:
    """The time that a few words ask for on this day: "I want 10:30", «عشر ونص». More words may be about the subject."""
    said = when_said(text, turn.work.today)
    if said.clock is None or said.day not in {None, session.day} or len(text.split()) > _FEW:
        return None
    return None if _tells_a_matter(turn, text) else said.clock


def refused(turn: Turn, text: str) -> bool:
    """Whether a few words want none of what is offered: "no, leave it", but not "no water in our street"."""
    return declines(text) and not _tells_a_matter(turn, text)


def _tells_a_matter(turn: Turn, text: str) -> bool:
    return bool(turn.work.understanding.of(text, turn.work.today).about.categories)


def declined(t: Localizer) -> Markup:
    """Whoever wants none of what is offered is told how to stop, and that nothing has been booked."""
    return t("Nothing is booked until you confirm. To stop, choose “Main menu”.")


async def not_a_time(turn: Turn, session: SessionId) -> Markup:
    """Say that what was typed is no free time of the day, and between which times they are."""
    t, free = turn.t, await sessions.free_slots(turn.work, session)
    if not free:
        return t("Choose one of the available times.")
    return t.join_lines(
        t("Choose one of the available times."),
        t(
            "On this day they are between {first} and {last}.",
            first=t.time(free[0].slot.starts_at),
            last=t.time(free[-1].slot.ends_at),
        ),
    )


# ---------------------------------------------------------------------------- why it can't be had


class Why(StrEnum):
    """Why the day or time asked for can't be had."""

    TAKEN = "taken"
    FULL = "full"
    DRAW = "draw"
    CLOSED = "closed"
    STARTED = "started"
    LATE = "late"
    LAPSED = "lapsed"
    SLOWED = "slowed"

    @classmethod
    def of(cls, state: Literal["full", "closed", "started", "draw"]) -> Why:
        """Why a day in that state can't be had."""
        return {"full": cls.FULL, "draw": cls.DRAW, "closed": cls.CLOSED, "started": cls.STARTED}[state]


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
        case Why.SLOWED:
            return Markup() if session is None else await _slowed(turn, session.office)
        case Why.LATE:
            return t("You can no longer book that time.")
        case Why.FULL:
            return await _full(turn, asked, day)
        case Why.DRAW:
            return await _by_draw(turn, asked, day)
        case Why.STARTED:
            return t("The Customer Day on {day} has already started.", day=day)
        case Why.CLOSED:
            if session is not None and session.closed_reason:
                reason = t.pick(session.closed_reason)
                return t("There is no Customer Day on {day}. Reason: {reason}", day=day, reason=reason)
            return t("There is no Customer Day on {day}.", day=day)


async def _slowed(turn: Turn, office: OfficeId) -> Markup:
    """Why only near times can be booked for now, and from when on all can be again."""
    t, limit = turn.t, await fair_use.slowed(turn.work, turn.resident, office)
    if limit is None:
        return t("You can book every time again.")
    return slowed_line(t, limit)


def slowed_line(t: Localizer, limit: Slowed) -> Markup:
    if limit.cause is Cause.MOVED:
        return t(
            "You have moved appointments several times. So that everyone finds a time, you can now choose only times "
            "before {before}. From {until}, you can choose every time again.",
            before=t.date(limit.before),
            until=t.date(limit.until),
        )
    return t(
        "You have cancelled several appointments. So that everyone finds a time, you can now book only times before "
        "{before}. From {until}, you can book every time again.",
        before=t.date(limit.before),
        until=t.date(limit.until),
    )


async def _by_draw(turn: Turn, asked: SessionId | None, day: Markup) -> Markup:
    """When the day is drawn, and what makes the draw one that can be checked."""
    t = turn.t
    draw = None if asked is None else await draws.to_come(turn.work, asked)
    if draw is None:
        return t("The draw for {day} has taken place.", day=day)
    return t.join_lines(
        t("The times on {day} are given by a draw, not first come, first served.", day=day), *draw_lines(t, draw)
    )


async def _full(turn: Turn, asked: SessionId | None, day: Markup) -> Markup:
    """How long the line is helps to choose between waiting and another day."""
    t = turn.t
    board = None if asked is None else await availability.look(turn.work, asked)
    if board is None or not board.waiting():
        return t("{day} is full.", day=day)
    return t.plural(
        "{day} is full. {n} person is waiting.", "{day} is full. {n} people are waiting.", len(board.waiting()), day=day
    )
