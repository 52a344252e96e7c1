"""What the staff's side is made of: commands and buttons, each with the right that is asked before anything else.

Every module lists its own (`COMMANDS`, `BUTTONS`); `commands` and `taps` gather them. The command list that the
channel shows, and /help, derive from the same rows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

from conversations.staff.context import StaffContext, Tap
from services.staff.permissions import Act, Member
from storage.records.bookings import Booking
from storage.records.cases import Case
from storage.records.sessions import Session


class At(Enum):
    """Where a member has to have a right."""

    THIS_CHAT = auto()  # at an office whose group this is; in private at any
    ANY_OFFICE = auto()  # also in a group that is no office's (yet)
    EVERY_OFFICE = auto()  # over all of them at once


@dataclass(frozen=True, slots=True)
class StaffCommand:
    """A command of the staff, in their group and in private."""

    name: str
    description: str  # a text of the catalogue, for the command list and /help
    right: Act | None  # None: for whoever is there
    answer: Callable[[StaffContext], Awaitable[None]]
    at: At = At.THIS_CHAT
    in_private: bool = True  # else it is a flow of the dialogue there
    listed: bool = False  # a flow that is listed in private, as no menu offers it
    alone: bool = False  # others are not to read along: in a group it leads to the private chat
    for_strangers: bool = False  # in private it is answered, or refused, also to who has no role at all
    offered_to: Callable[[Member], bool] | None = None  # where that depends on more than one right


@dataclass(frozen=True, slots=True)
class CaseButton:
    """A button that is about one case: the right is asked at the office that has it."""

    right: Act | Callable[[StaffContext, Tap], Act]
    answer: Callable[[StaffContext, Tap, Case], Awaitable[None]]

    def needs(self, context: StaffContext, tap: Tap) -> Act:
        return self.right if isinstance(self.right, Act) else self.right(context, tap)


@dataclass(frozen=True, slots=True)
class DeskButton:
    """A button that is about no case in particular."""

    right: Act | None  # None: the answer asks
    answer: Callable[[StaffContext, Tap], Awaitable[None]]
    at: At = At.THIS_CHAT
    alone: bool = False  # in a private chat only


@dataclass(frozen=True, slots=True)
class BookingButton:
    """A button that is about one appointment: the right is asked at its office."""

    right: Act
    answer: Callable[[StaffContext, Tap, Booking], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SessionButton:
    """A button that is about one session of a Customer Day: the right is asked at its office."""

    right: Act
    answer: Callable[[StaffContext, Tap, Session], Awaitable[None]]


StaffButton = CaseButton | BookingButton | SessionButton | DeskButton
