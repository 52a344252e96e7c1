"""What a resident taps under an announcement: a button of its own, or the one that stops news."""

from __future__ import annotations

import re

from markupsafe import Markup

from conversations.announcements.message import STOP, STOPPED, TAP, WANTED, rows
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Next, NoReply, Reask, Redirect, Turn
from services.actors import session_in
from services.announcements import reading, taps
from services.announcements.model import AnnouncementId, Occasion
from services.announcements.model import Kind as AnnouncementKind
from storage.ids import SessionId

#: What a link under a post in a public channel carries before the numbers.
PAYLOAD = "news_"
_BUTTON = re.compile(r"(\d{1,12})-(\d{1,2})", re.ASCII)
_SWITCH = re.compile(rf"(\d{{1,12}})-({STOPPED}|{WANTED})", re.ASCII)
_DOORS = {"book": "book", "complain": "complain", "suggest": "suggest", "office": "contact"}


async def tapped(turn: Turn, argument: str) -> Next:
    """Count the tap and open what the button promises; what names no button leads nowhere."""
    match = _BUTTON.fullmatch(argument)
    button = None
    if match is not None:
        button = await taps.tap(turn.work, turn.resident.id, AnnouncementId(int(match[1])), int(match[2]))
    if match is None or button is None:
        return Reask(turn.t("This link is not valid or is no longer in use."))
    if button.link == "book" and (session := await _announced(turn, AnnouncementId(int(match[1])))) is not None:
        return Redirect("book_day", str(session))
    return Redirect(_DOORS[button.link], button.office)


async def _announced(turn: Turn, announcement: AnnouncementId) -> SessionId | None:
    """The session that can be booked, where it was announced; not where it was called off."""
    found = await reading.by_id(turn.work, announcement)
    if found is None or found.kind is not AnnouncementKind.SESSION or found.occasion is Occasion.CALLED_OFF:
        return None
    return session_in(found.subject)


async def switched(turn: Turn, argument: str) -> Next:
    """Stop news or resume it; the button then offers the opposite."""
    match = _SWITCH.fullmatch(argument)
    if match is None:
        return NoReply()
    t, stopped = turn.t, match[2] == STOPPED
    turn.change(wants_news=not stopped)
    taps.count_opt_out(turn.work, turn.resident.id, AnnouncementId(int(match[1])), stopped=stopped)
    if stopped:
        taps.opt_out(turn.work, turn.resident.id)
        turn.toast = t.plain("You will get no more news. To undo, tap the button again.")
    else:
        turn.toast = t.plain("You will get news again.")
    announcement = await reading.by_id(turn.work, AnnouncementId(int(match[1])))
    if announcement is not None and turn.said.kind is Kind.CHOICE and turn.said.message is not None:
        turn.say(Markup(), rows(t, announcement, stopped=stopped), edit=turn.said.message)
    return NoReply()


FLOW = Flow(routes={TAP: tapped, STOP: switched})
