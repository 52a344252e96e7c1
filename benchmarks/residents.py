"""The residents of a simulated Customer Day: they book, and this is what comes to their phones."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.events import Changed, Posted
from bot.sandbox.world import Event
from services.bookings import bookings, sessions
from services.bookings.bookings import Booking, Details
from services.staff.permissions import TELEGRAM
from services.unit_of_work import Work
from storage import residents
from storage.ids import SessionId

FIRST = 30_000  # the account of the first resident


@dataclass(slots=True)
class Seen:
    """What came to the residents' phones: new messages, by chat."""

    posted: dict[int, list[str]] = field(default_factory=dict)
    edits: int = 0

    def heard(self, event: Event) -> None:
        if isinstance(event, Posted) and event.chat >= FIRST and event.message["from"]["id"] != event.chat:
            self.posted.setdefault(event.chat, []).append(str(event.message.get("text", "")))
        elif isinstance(event, Changed) and event.chat >= FIRST:
            self.edits += 1

    def count(self, sign: str) -> dict[int, int]:
        """How many messages that begin with a sign came to each chat."""
        return {chat: sum(text.startswith(sign) for text in texts) for chat, texts in self.posted.items()}


async def book(work: Work, n: int, line: SessionId) -> Booking:
    who = await residents.add(work.tx, TELEGRAM, str(FIRST + n), f"Visitor {n}", "en", work.now)
    free = await sessions.free_slots(work, line)
    held = await bookings.reserve_seat(work, free[0].slot.id, who)
    assert isinstance(held, Booking), held
    details = Details(topic="other", words="The road", name=f"Visitor {n}", phone=f"+9733300{n:04}")
    made = await bookings.confirm_seat(work, held.id, who, details)
    assert isinstance(made, Booking), made
    return made
