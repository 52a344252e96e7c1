"""What residents and staff are told of the queue on Customer Day."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from services.notify.notices import Notice
from storage.ids import BookingId, ChatId, SessionId


class TicketGiven(Notice):
    """Staff added them on Customer Day, without an appointment: which ticket they have."""

    about: Literal["ticket_given"] = "ticket_given"
    booking: BookingId


class Changed(StrEnum):
    """Why somebody is further back in the queue than they were told."""

    NO = ""
    MOVED = "moved"  # they were transferred themselves
    LET_GO = "let_go"  # they let others go first, or were asked to
    UNDONE = "undone"  # what they were shown before was a mistake of the staff's
    CAME_BACK = "came_back"  # they were away, or had left
    LATE = "late"  # somebody came late whose appointment is before theirs
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    PUT_BACK = "put_back"
    OTHERS = "others"  # appointments before theirs were made or moved


class LinePlace(Notice):
    """How the queue stands for somebody who is here: one message, which is edited."""

    about: Literal["line_place"] = "line_place"
    booking: BookingId
    session: SessionId
    state: str  # the visit's
    position: int | None = None
    low: AwareDatetime | None = None
    high: AwareDatetime | None = None
    inside: tuple[int, ...] = ()  # tickets
    held: str = ""  # a break or a delay
    held_until: AwareDatetime | None = None
    away_until: AwareDatetime | None = None  # they asked for more time
    more: int = 0  # how often they did
    changed: Changed = Changed.NO


class LinePush(Notice):
    """Somebody's turn comes nearer, and their phone rings. `at` is the position that rings."""

    about: Literal["line_push"] = "line_push"
    booking: BookingId
    at: int
    position: int
    low: AwareDatetime | None = None
    high: AwareDatetime | None = None


class LineCalled(Notice):
    """Somebody is called in. `call` counts the calls."""

    about: Literal["line_called"] = "line_called"
    booking: BookingId
    call: int


class CallUndone(Notice):
    """Somebody was called by mistake. `call` counts the calls."""

    about: Literal["call_undone"] = "call_undone"
    booking: BookingId
    call: int


class LineShifted(Notice):
    """Somebody who is still at home is expected later than they know; or, unless it is `later`, earlier again."""

    about: Literal["line_shifted"] = "line_shifted"
    booking: BookingId
    session: SessionId
    low: AwareDatetime
    high: AwareDatetime
    later: bool
    held: str = ""  # the break or delay that it comes from
    held_until: AwareDatetime | None = None


class LinePanel(Notice):
    """Update the message with a queue's buttons, in an office's chat or a member's own."""

    about: Literal["line_panel"] = "line_panel"
    session: SessionId
    chat: ChatId
