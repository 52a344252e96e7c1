"""What each member of staff is in the middle of in a chat, and the words of their searches. Both are kept for a day.

What it says is for `conversations.staff` alone to read; here it is a text.
"""

from __future__ import annotations

from services.staff.permissions import Person
from services.unit_of_work import Work
from storage import staff as rows
from storage.ids import ChatId
from storage.records.staff import StaffTalk


async def of(work: Work, person: Person, chat: ChatId) -> StaffTalk | None:
    """What a member is in the middle of in a chat. Until the commit nobody else acts on it."""
    return await rows.talk(work.tx, person.channel, chat, person.address)


async def of_all(work: Work, channel: str, chat: ChatId) -> list[tuple[str, StaffTalk]]:
    """What each member (by address) is in the middle of in a chat."""
    return await rows.talks_in(work.tx, channel, chat)


def put(work: Work, person: Person, chat: ChatId, state: str) -> None:
    """The member is in the middle of this now, and of nothing else in that chat."""
    rows.put_talk(work.tx, person.channel, chat, person.address, state, work.now)


def drop(work: Work, person: Person, chat: ChatId) -> None:
    """The member is in the middle of nothing any more."""
    rows.drop_talk(work.tx, person.channel, chat, person.address)


def keep_search(work: Work, channel: str, chat: ChatId, mark: str, words: str) -> None:
    """Keep what a message searched for. `mark` is what the buttons of the answer call that message by."""
    rows.keep_search(work.tx, channel, chat, mark, words, work.now)


async def searched(work: Work, channel: str, chat: ChatId, mark: str) -> str | None:
    """What a message searched for; None where that is not kept any more."""
    return await rows.searched(work.tx, channel, chat, mark)
