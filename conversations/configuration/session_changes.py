"""Ways into an extra session, and into other hours and seats for one; an extra session is taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from conversations.configuration.field_types import Spot
from conversations.configuration.preview import CONFIRM
from conversations.configuration.session_draft import TIMES_ASKED, WHY, Drafting, draft_of, rules_of, why_not
from conversations.configuration.sessions import Sessions, ShowingSession, session_in
from conversations.configuration.step import SessionStep, choose_a_button, deny, may
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.on_behalf.step import person_of
from services.bookings import sessions, special_sessions
from services.bookings.special_sessions import Why
from services.offices.changes import Present
from services.offices.schema import DRAW_AT
from services.staff.permissions import Act
from storage.ids import OfficeId, SessionId

_DAY = 24 * 60  # minutes
_DRAWN = (1, 2, 3, 7)  # days before a session


async def extra(turn: Turn, argument: str) -> Next:
    """An extra session of an office."""
    office = OfficeId(argument)
    if turn.work.offices.get(office) is None or not await may(turn, office, Act.SESSIONS):
        return deny(turn, Act.SESSIONS)
    spot = Spot(office=office)
    return Drafting(spot=spot) if rules_of(turn, office) else Reask(turn.t(WHY[Why.NO_LANE]), Sessions(spot=spot))


async def change(turn: Turn, argument: str) -> Next:
    """Other hours or seats for a session."""
    session = await session_in(turn, argument)
    if session is None:
        return deny(turn, Act.SESSIONS)
    spot = Spot(office=session.office)
    was = await special_sessions.standing(turn.work, session)
    if was is None:
        return Reask(turn.t(WHY[Why.NOT_THERE]), Sessions(spot=spot))
    return await draft_of(spot, was).shown_with(turn)


async def longer(turn: Turn, argument: str) -> Next:
    """A session goes on for two more appointments: shown with what that does, as every change is."""
    session = await session_in(turn, argument)
    if session is None:
        return deny(turn, Act.SESSIONS)
    spot = Spot(office=session.office)
    was = await special_sessions.standing(turn.work, session)
    if was is None:
        return Reask(turn.t(WHY[Why.NOT_THERE]), Sessions(spot=spot))
    hours, minutes = map(int, was.closes.split(":"))
    closes = hours * 60 + minutes + 2 * was.slot_minutes
    draft = draft_of(spot, was)
    if closes >= _DAY:
        return draft.asked_for(TIMES_ASKED)
    return await draft.shown_with(turn, times=f"{was.opens}–{closes // 60:02}:{closes % 60:02}")


async def as_was(turn: Turn, argument: str) -> Next:
    """The hours and numbers that a session had before: shown with what going back does."""
    number, *numbers = argument.split(".")
    session = await session_in(turn, number)
    if session is None:
        return deny(turn, Act.SESSIONS)
    spot = Spot(office=session.office)
    now = await special_sessions.standing(turn.work, session)
    wellformed = len(numbers) >= 3 and all(one.isascii() and one.isdecimal() and len(one) <= 8 for one in numbers)
    if now is None or not wellformed:
        return Reask(turn.t(WHY[Why.NOT_THERE]), Sessions(spot=spot))
    hours, slot, seats, *breaks = numbers
    told = {"times": _span_of(hours), "slot": int(slot), "seats": int(seats), "breaks": tuple(map(_span_of, breaks))}
    return await draft_of(spot, now).shown_with(turn, **told)


def _span_of(digits: str) -> str:
    """`09001200` as the offices file writes it."""
    return f"{digits[:2]}:{digits[2:4]}–{digits[4:6]}:{digits[6:8]}"


async def by_draw(turn: Turn, argument: str) -> Next:
    """Give the times of an extra session by a draw, as the weekly ones can be."""
    session = await session_in(turn, argument)
    if session is None:
        return deny(turn, Act.SESSIONS)
    return Drawing(spot=Spot(office=session.office), session=session.id)


class Drawing(SessionStep):
    """How long before its day an extra session is drawn. Nobody has a time in it yet."""

    step: Literal["sessions:draw"] = "sessions:draw"
    session: SessionId

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        session = await sessions.session(turn.work, self.session)
        if session is None:
            return Prompt(t("This is no longer there."))
        what = t.dotted(t.date(session.day), t.span(session.opens_at, session.closes_at))
        ask = t(
            "How many days before it are the times drawn? Until then residents apply. The draw is at {time}.",
            time=t.clock(datetime.combine(session.day, DRAW_AT, tzinfo=turn.work.offices.zone)),
        )
        days = [Button(label=t.plain_plural("{n} day before", "{n} days before", n), value=str(n)) for n in _DRAWN]
        return Prompt(t.join_lines(what, ask), [days[:2], days[2:]])

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if answer.choice not in set(map(str, _DRAWN)):
            return choose_a_button(turn)
        done = await special_sessions.draw_by_lot(turn.work, person_of(turn), self.session, int(answer.choice))
        if isinstance(done, Why):
            return Reask(why_not(turn, done), ShowingSession(spot=self.spot, session=self.session))
        said = turn.t("🎲 <b>The times are given by a draw: {moment}</b>", moment=turn.t.moment(done))
        return Reask(said, ShowingSession(spot=self.spot, session=self.session))

    async def back(self, turn: Turn) -> Step | None:
        return ShowingSession(spot=self.spot, session=self.session)


async def withdraw(turn: Turn, argument: str) -> Next:
    """Ask whether to take an extra session back."""
    session = await session_in(turn, argument)
    if session is None:
        return deny(turn, Act.SESSIONS)
    return Withdrawing(spot=Spot(office=session.office), session=session.id)


class Withdrawing(SessionStep):
    """An extra session that nobody has booked is taken back."""

    step: Literal["sessions:withdraw"] = "sessions:withdraw"
    session: SessionId

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        session = await sessions.session(turn.work, self.session)
        if session is None:
            return Prompt(t("This is no longer there."))
        what = t.dotted(t.date(session.day), t.span(session.opens_at, session.closes_at))
        ask = t("Remove this session? Nobody can book it then.")
        return Prompt(t.join_lines(what, ask), [[Button(label=t.plain("✅ Confirm"), value=CONFIRM)]])

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if answer.choice != CONFIRM:
            return choose_a_button(turn)
        done = await special_sessions.withdraw(turn.work, person_of(turn), self.session)
        if isinstance(done, Why):
            return Reask(why_not(turn, done), Sessions(spot=self.spot))
        return Reask(turn.t("✅ <b>The session is removed.</b>"), Sessions(spot=self.spot))

    async def back(self, turn: Turn) -> Step | None:
        return ShowingSession(spot=self.spot, session=self.session)
