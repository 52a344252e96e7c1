"""Where the living card of each case is, and what is still on its way to a staff chat."""

from __future__ import annotations

from datetime import datetime

from services.unit_of_work import Work
from storage import cards as rows
from storage import outbox
from storage.cards import group
from storage.ids import CaseId, ChatId, MessageId, OfficeId
from storage.records.staff import Card, StaffChat

__all__ = [
    "count_owed",
    "first_owed",
    "group",
    "is_on_its_way",
    "lift",
    "of",
    "place",
    "shown_by",
    "shows",
    "unshown",
]


async def of(work: Work, case: CaseId, office: OfficeId) -> Card | None:
    """A case's card at an office."""
    return await rows.of(work.tx, case, office)


async def shown_by(work: Work, channel: str, chat: ChatId, message: MessageId) -> CaseId | None:
    """Whose card a message is."""
    return await rows.case_at(work.tx, channel, chat, message)


async def place(work: Work, case: CaseId, chat: StaffChat) -> Card:
    """The card belongs in this chat. One that was elsewhere is shown anew."""
    return await rows.place(work.tx, case, chat, work.now)


def lift(work: Work, case: CaseId, office: OfficeId) -> None:
    """The card is shown anew: which message it is, is known once that was sent."""
    rows.lift(work.tx, case, office)


def shows(work: Work, case: CaseId, office: OfficeId, digest: str) -> None:
    """What the card is made to show now."""
    rows.shows(work.tx, case, office, digest)


async def is_on_its_way(work: Work, case: CaseId, office: OfficeId) -> bool:
    """Whether a message that shows the card waits to be sent."""
    return await outbox.is_under_way(work.tx, group(case, office))


async def unshown(work: Work, office: OfficeId) -> int:
    """How many open cases of an office have no card in its chat, nor one on its way there."""
    return await rows.unshown(work.tx, office)


async def count_owed(work: Work, chat: StaffChat | Card) -> int:
    """How many messages wait for their turn to be sent to a chat."""
    return await outbox.count_owed(work.tx, chat.channel, chat.chat, work.now)


async def first_owed(work: Work, supersedes: str) -> datetime | None:
    """When the oldest message of a group that is still owed goes out; None where none is."""
    waiting = await outbox.first_of(work.tx, supersedes)
    return None if waiting is None else waiting.not_before
