"""What members are in the middle of recording, in which chat."""

from __future__ import annotations

from services.staff.permissions import Person
from services.unit_of_work import Work
from storage import outcomes as rows
from storage.ids import BookingId, ChatId
from storage.outcomes import DraftRow


async def of(work: Work, person: Person, chat: ChatId) -> str | None:
    """A member's draft in a chat, as `conversations` stored it."""
    found = await rows.draft(work.tx, person.channel, chat, person.address)
    return None if found is None else found.state


def put(work: Work, person: Person, chat: ChatId, booking: BookingId, state: str) -> None:
    row = DraftRow(
        channel=person.channel,
        chat=chat,
        address=person.address,
        booking_id=booking,
        state=state,
        updated_at=work.now,
    )
    rows.put_draft(work.tx, row)


def drop(work: Work, person: Person, chat: ChatId) -> None:
    rows.drop_draft(work.tx, person.channel, chat, person.address)
