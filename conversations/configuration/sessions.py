"""The sessions ahead of an office: listed, and what can be done with each."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.configuration.field_types import Spot
from conversations.configuration.menus import OfficeMenu, spot_in
from conversations.configuration.step import (
    SessionStep,
    choose_a_button,
    deny,
    key,
    may,
    not_for_them,
    offices_of,
    page_of,
    paged,
)
from conversations.configuration.values import office_title
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Redirect, Step, Turn
from locales import N_
from services.bookings import draws, session_links
from services.bookings import sessions as booking_sessions
from services.bookings.draws import Draw
from services.bookings.meetings import Meeting, offered
from services.bookings.sessions import DayState
from services.bookings.special_sessions import is_ruled
from services.offices.changes import Present
from services.staff.permissions import Act
from storage.ids import LaneId, OfficeId, SessionId
from storage.records.sessions import Session, SessionStatus

_EXTRA = "_extra"
_PAGE, _AHEAD = 6, 60  # sessions on a page, and how many are listed
#: What can be done with a session that is open: a route, and what its button says.
_OPEN = {
    "session_change": N_("🕘 Change hours or seats"),
    "session_longer": N_("⏱ Close later"),
    "day_close": N_("🚫 Close this day"),
    "day_move": N_("🔁 Move this day"),
}


#: What can be done with some of them.
_ELSE = frozenset(
    {"day_reopen", "session_withdraw", "session_draw", "session_draw_off", "session_draw_keep", "session_link"}
)


class Sessions(SessionStep):
    """The next ones first."""

    step: Literal["sessions:list"] = "sessions:list"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    page: int = 0

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        found = await booking_sessions.upcoming(turn.work, self.spot.office, _AHEAD)
        buttons = [key(t.day(one.session.day) + _lane_mark(turn, found, one), str(one.session.id)) for one in found]
        rows = [list(row) for row in paged(turn, buttons, self.page, _PAGE)]
        rows.append([key(t.plain("➕ Extra session"), _EXTRA)])
        head = t(
            "<b>{office}</b> · {section}",
            office=office_title(turn, present, self.spot.office),
            section=t("📅 Sessions"),
        )
        shown = found[self.page * _PAGE : (self.page + 1) * _PAGE]
        lines = [session_line(turn, one) for one in shown] or [t("There are no sessions ahead.")]
        return Prompt(t.join_lines(head, Markup(), *lines), rows)

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if (page := page_of(answer.choice)) is not None:
            return self.model_copy(update={"page": page})
        if answer.choice == _EXTRA:
            return Redirect("session_extra", self.spot.office)
        session = await session_in(turn, answer.choice)
        if session is None or session.office != self.spot.office:
            return choose_a_button(turn)
        return ShowingSession(spot=self.spot, session=session.id)

    async def back(self, turn: Turn) -> Step | None:
        """To the office's menu; whoever may change only sessions, to the offices whose sessions they may change."""
        if await may(turn, self.spot.office):
            return OfficeMenu(spot=self.spot)
        return ChoosingSessions() if len(await _offices(turn)) > 1 else None


class ChoosingSessions(SessionStep):
    """Which office's, for one who may change the sessions of several."""

    step: Literal["sessions:choose"] = "sessions:choose"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, offices = turn.t, turn.work.offices.offices_by_id
        rows = [[key(t.pick_plain(offices[one].name), one)] for one in await _offices(turn)]
        return Prompt(t.join_lines(t("<b>Sessions</b>"), t("Which office’s sessions do you want to change?")), rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        office = OfficeId(answer.choice)
        return Sessions(spot=Spot(office=office)) if office in await _offices(turn) else self


async def _offices(turn: Turn) -> tuple[OfficeId, ...]:
    """Where the person may open, change, move and close sessions."""
    return tuple(office for office in await offices_of(turn, Act.SESSIONS) if office)


def _lane_mark(turn: Turn, found: tuple[DayState, ...], one: DayState) -> str:
    """Who receives people, where a day has several sessions."""
    if sum(other.session.day == one.session.day for other in found) < 2:
        return ""
    return f" · {who(turn, one.session.office, one.session.lane)}"


def who(turn: Turn, office_id: OfficeId, lane: LaneId) -> str:
    """Who receives people in a lane; its id where no rule has it any more."""
    office = turn.work.offices.get(office_id)
    rule = next((rule for rule in office.customer_day if rule.lane == lane), None) if office else None
    return str(lane) if rule is None else turn.t.pick_plain(rule.name)


def session_line(turn: Turn, one: DayState) -> Markup:
    """A session and how full it is."""
    t, session = turn.t, one.session
    seats = (
        t("closed")
        if session.status is SessionStatus.CLOSED
        else t("{free} of {total} free", free=one.free, total=one.total)
    )
    return t.dotted(
        t.date(session.day),
        t.span(session.opens_at, session.closes_at),
        t.own(who(turn, session.office, session.lane)),
        seats,
        t("draw: {moment}", moment=t.moment(one.draws_at)) if one.draws_at else None,
        t("{n} waiting", n=one.waiting) if one.waiting else None,
        t("set by hand") if session.by_hand else None,
    )


class ShowingSession(SessionStep):
    """One session, and what can be done with it or with its day."""

    step: Literal["sessions:one"] = "sessions:one"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    session: SessionId

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        session = await booking_sessions.session(turn.work, self.session)
        if session is None:
            return Prompt(t("This is no longer there."))
        found = await booking_sessions.upcoming(turn.work, session.office, _AHEAD)
        state = next((one for one in found if one.session.id == session.id), None)
        head = t(
            "<b>{office}</b> · {date}", office=office_title(turn, present, session.office), date=t.date(session.day)
        )
        if state is None:
            return Prompt(t.join_lines(head, t("This session is over or was removed.")))
        reason = session.closed_reason.get(t.language.value)
        draw = await draws.of(turn.work, session.id)
        link = await session_links.newest(turn.work, session.id)
        text = t.join_lines(
            head,
            session_line(turn, state),
            t("Reason: {reason}", reason=t.own(reason)) if reason else None,
            t("🎥 Video link of this session: {link}", link=t.own(link.link)) if link and link.link else None,
            t("The draw is switched off at {time}.", time=t.time(draw.off_at)) if draw and draw.off_at else None,
        )
        return Prompt(text, self._rows(turn, session, draw, video=self._meets_by_video(present, session) or bool(link)))

    def _meets_by_video(self, present: Present, session: Session) -> bool:
        office = present.offices.get(session.office)
        return office is not None and Meeting.VIDEO in offered(office, session.day)

    def _rows(self, turn: Turn, session: Session, draw: Draw | None, *, video: bool) -> list[list[Button]]:
        t = turn.t
        if session.status is SessionStatus.CLOSED:
            return [[key(t.plain("🔓 Reopen this day"), "day_reopen")]]
        rows = [[key(t.plain(title), route)] for route, title in _OPEN.items()]
        if session.by_hand and not is_ruled(turn.work, session):
            rows.append([key(t.plain("🗑 Remove this session"), "session_withdraw")])
        if video:
            rows.append([key(t.plain("🎥 Change the video link"), "session_link")])
        if session.by_hand:
            rows += [[key(t.plain(title), route)] for route, title in _draw_acts(draw)]
        return rows

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if answer.choice not in {*_OPEN, *_ELSE}:
            return choose_a_button(turn)
        return Redirect(answer.choice, str(self.session))

    async def back(self, turn: Turn) -> Step | None:
        return Sessions(spot=self.spot)


def _draw_acts(draw: Draw | None) -> list[tuple[str, str]]:
    """What can be done with the draw of an extra session: a route, and what its button says."""
    if draw is None:
        return [("session_draw", N_("🎲 Give the times by a draw"))]
    if draw.drawn_at is not None:
        return []
    if draw.off_at is None:
        return [("session_draw_off", N_("🎲 Switch off the draw"))]
    return [("session_draw_keep", N_("↩️ Undo, keep the draw"))]


async def session_in(turn: Turn, text: str) -> Session | None:
    """The session that a button or a route names, where the person may change it."""
    if not (text.isascii() and text.isdecimal() and len(text) < 15):
        return None
    found = await booking_sessions.session(turn.work, SessionId(int(text)))
    return found if found is not None and await may(turn, found.office, Act.SESSIONS) else None


async def sessions(turn: Turn, argument: str) -> Next:
    """Open the list."""
    spot, _ = spot_in(argument)
    if turn.work.offices.get(spot.office) is None or not await may(turn, spot.office, Act.SESSIONS):
        return deny(turn, Act.SESSIONS)
    return Sessions(spot=Spot(office=spot.office))


async def of_mine(turn: Turn, _: str) -> Next:
    """`/sessions`: the list of the person's office, or the offices to choose from."""
    mine = await _offices(turn)
    if mine:
        return Sessions(spot=Spot(office=mine[0])) if len(mine) == 1 else ChoosingSessions()
    return await not_for_them(turn, "/sessions", Act.SESSIONS)
