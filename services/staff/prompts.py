"""What a member of staff was asked to write in a chat: one prompt at a time, for an hour."""

from __future__ import annotations

from datetime import timedelta

from services.actors import Subject
from services.staff.permissions import Person
from services.unit_of_work import Work
from storage import outbox
from storage import staff_prompts as rows
from storage.ids import ChatId, ForumTopicId
from storage.staff_prompts import StaffPrompt, WordsFor, offer_group, prompt_group

__all__ = [
    "OPEN_FOR",
    "StaffPrompt",
    "WordsFor",
    "close",
    "current",
    "keep",
    "marked",
    "offer_group",
    "open_one",
    "prompt_group",
]

#: What is typed so long after it was asked for is meant for something else.
OPEN_FOR = timedelta(hours=1)
_MARK = 1 << 59  # a button has room for 18 digits


async def current(work: Work, person: Person, chat: ChatId) -> StaffPrompt | None:
    """What a member was asked to write in a chat, where that is still open."""
    found = await rows.of(work.tx, person.channel, chat, person.address)
    return found if found is not None and work.now - found.asked_at <= OPEN_FOR else None


async def marked(work: Work, mark: int) -> StaffPrompt | None:
    """The prompt that a button names: somebody's, or nobody's any more."""
    return await rows.marked(work.tx, mark)


def open_one(
    work: Work, person: Person, chat: ChatId, topic: ForumTopicId | None, words_for: WordsFor, subject: Subject
) -> StaffPrompt:
    """Ask a member for words about something, and for nothing else in that chat."""
    prompt = StaffPrompt(
        channel=person.channel,
        chat=chat,
        address=person.address,
        mark=work.random.randrange(1, _MARK),
        topic=topic,
        words_for=words_for,
        subject=subject,
        asked_at=work.now,
    )
    rows.put(work.tx, prompt)
    return prompt


def keep(work: Work, prompt: StaffPrompt) -> None:
    rows.put(work.tx, prompt)


async def close(work: Work, person: Person, chat: ChatId, about: Subject | None = None) -> StaffPrompt | None:
    """Ask nothing of the member any more, or nothing `about` this; what was asked. What waits to be sent is not."""
    found = await rows.of(work.tx, person.channel, chat, person.address)
    if found is None or about not in {None, found.subject}:
        return None
    rows.drop(work.tx, found)
    outbox.supersede(work.tx, prompt_group(found.mark))
    outbox.supersede(work.tx, offer_group(found.mark))
    return found
