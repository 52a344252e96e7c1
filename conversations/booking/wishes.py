"""A day and a time that somebody said before they were asked: the seat at that time, or what there is instead."""

from __future__ import annotations

from conversations.booking.day_and_time import ChoosingDay, ChoosingTime, chosen_day, take_seat
from conversations.booking.draft import BookingDraft
from conversations.booking.time_picker import day_on, no_such_day, slot_at
from conversations.engine.step import Step, Turn
from services.bookings.sessions import DayState


async def granted(turn: Turn, draft: BookingDraft) -> Step | BookingDraft:
    """The draft with a seat at the time that was wished for, or the question that is open about it."""
    wish, settled = draft.wish, draft.but(wish=None)
    if wish is None:
        return settled
    if wish.day is None:
        return ChoosingDay(draft=draft)  # which keeps the time
    day = await day_on(turn, draft.office, wish.day)
    if day is None:
        turn.say(await no_such_day(turn, draft.office, wish.day))
        return ChoosingDay(draft=settled)
    return await at_wished_time(turn, draft, day)


async def at_wished_time(turn: Turn, draft: BookingDraft, day: DayState) -> Step | BookingDraft:
    """The draft with a seat on a day, at the time that was wished for; or what is to be asked about that day."""
    wish, settled = draft.wish, draft.but(wish=None)
    if wish is None or wish.clock is None or day.state != "free":
        return chosen_day(settled, day)
    at = await slot_at(turn, day.session.id, wish.clock)
    if at is None:
        turn.say(turn.t("{time} is not available on that day.", time=turn.t.clock(wish.clock)))
        return ChoosingTime(draft=settled, session=day.session.id)
    return await take_seat(turn, settled, at.id)
