"""The draw of an extra session is switched off: shown with what happens to those who applied, undone for a while."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.configuration.effects import again
from conversations.configuration.field_types import Spot
from conversations.configuration.preview import CONFIRM
from conversations.configuration.session_draft import why_not
from conversations.configuration.sessions import ShowingSession, session_in
from conversations.configuration.step import SessionStep, choose_a_button, deny
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.on_behalf.step import person_of
from services.bookings import availability, sessions, special_sessions
from services.bookings.special_sessions import UNDO_FOR, Why
from services.offices.changes import Present
from services.staff.permissions import Act
from storage.ids import SessionId


class StoppingDraw(SessionStep):
    """Who applied has a time in the order of application, before anybody else can book one."""

    step: Literal["sessions:draw_off"] = "sessions:draw_off"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    session: SessionId
    applied: int = 0  # how many had applied when this was shown

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        session = await sessions.session(turn.work, self.session)
        if session is None:
            return Prompt(t("This is no longer there."))
        lines = [
            t.dotted(t.date(session.day), t.span(session.opens_at, session.closes_at)),
            t("Switch off the draw? Then whoever books first has a time."),
            Markup(),
        ]
        if self.applied:
            lines += [
                t.plural("{n} person has applied.", "{n} people have applied.", self.applied),
                t("They get the times in the order in which they applied. The others stay on the waiting list."),
                t("They are told after {span}. Until then you can undo this.", span=t.duration(UNDO_FOR)),
            ]
        else:
            lines.append(t("Nobody has applied so far. You can undo this for {span}.", span=t.duration(UNDO_FOR)))
        return Prompt(t.join_lines(*lines), [[Button(label=t.plain("✅ Confirm"), value=CONFIRM)]])

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if answer.choice != CONFIRM:
            return choose_a_button(turn)
        applied = await _applied(turn, self.session)
        if applied != self.applied:
            return Reask(again(turn), self.model_copy(update={"applied": applied}))
        here = ShowingSession(spot=self.spot, session=self.session)
        off_at = await special_sessions.stop_draw(turn.work, person_of(turn), self.session)
        if isinstance(off_at, Why):
            return Reask(why_not(turn, off_at), here)
        t = turn.t
        undo = Button(label=t.plain("↩️ Undo, keep the draw"), route="session_draw_keep", value=str(self.session))
        turn.say(t("🎲 <b>There will be no draw, from {time} on.</b>", time=t.time(off_at)), ((undo,),))
        return here

    async def back(self, turn: Turn) -> Step | None:
        return ShowingSession(spot=self.spot, session=self.session)


async def _applied(turn: Turn, session: SessionId) -> int:
    board = await availability.look(turn.work, session)
    return 0 if board is None else len(board.waiting())


async def stop(turn: Turn, argument: str) -> Next:
    session = await session_in(turn, argument)
    if session is None:
        return deny(turn, Act.SESSIONS)
    applied = await _applied(turn, session.id)
    return StoppingDraw(spot=Spot(office=session.office), session=session.id, applied=applied)


async def keep(turn: Turn, argument: str) -> Next:
    """Undo, says the button: the draw is held after all."""
    session = await session_in(turn, argument)
    if session is None:
        return deny(turn, Act.SESSIONS)
    refused = await special_sessions.keep_draw(turn.work, person_of(turn), session.id)
    here = ShowingSession(spot=Spot(office=session.office), session=session.id)
    if refused is Why.OVERTAKEN:
        return Reask(turn.t("The draw is not switched off, or it is too late to keep it."), here)
    return Reask(turn.t("🎲 <b>The draw is kept.</b>") if refused is None else why_not(turn, refused), here)
