"""What members' words wait for: to be told what they are, to be sent, to be written."""

from __future__ import annotations

from typing import Literal

from pydantic import ValidationError

from conversations.desk.desk import Desk, Pending, drop_pending, pending, set_pending
from conversations.messages import Message
from services.staff_words import Manner
from storage import staff as rows
from storage.ids import CaseId, FileId

#: So many of one member's words wait at once; the oldest give way.
_MOST = 20


class Saying(Message):
    """Words for a case that wait: for what they are, then for Send."""

    key: int  # the first of the member's messages, or the message in which a ready text was chosen
    case: CaseId
    manner: Manner | None = None
    words: str = ""
    files: tuple[FileId, ...] = ()
    messages: tuple[int, ...] = ()  # the member's own, whose edits change the words
    album: str = ""
    template: str = ""  # a ready text, put into the reader's language when it is sent
    day: str = ""  # the day that is filled in, as ISO says it
    turn: int = 0  # grows with each preview: the buttons of those before are stale


class Prompt(Message):
    """The member was asked to write: their next words for the case are this."""

    case: CaseId
    manner: Manner
    instead_of: int | None = None  # the key of the words that these take the place of


class Album(Message):
    """An album's first part was said; the others belong to it."""

    album: str
    case: CaseId
    event: int


class Waiting(Pending):
    about: Literal["words"] = "words"
    sayings: tuple[Saying, ...] = ()
    prompt: Prompt | None = None
    album: Album | None = None

    def find(self, key: int) -> Saying | None:
        return next((one for one in self.sayings if one.key == key), None)

    def of_album(self, album: str) -> Saying | None:
        return next((one for one in self.sayings if album and one.album == album), None)

    def of_message(self, message: int | None) -> Saying | None:
        return next((one for one in self.sayings if message in one.messages), None)

    def put(self, saying: Saying) -> Waiting:
        others = tuple(one for one in self.sayings if one.key != saying.key)
        return self.model_copy(update={"sayings": (*others, saying)[-_MOST:]})

    def without(self, saying: Saying) -> Waiting:
        return self.model_copy(update={"sayings": tuple(one for one in self.sayings if one.key != saying.key)})

    def ask(self, prompt: Prompt | None) -> Waiting:
        return self.model_copy(update={"prompt": prompt})


async def waiting(desk: Desk) -> Waiting:
    """What waits for the member here."""
    return await pending(desk, Waiting) or Waiting()


def keep(desk: Desk, state: Waiting) -> None:
    """Let it wait; nothing that is empty does."""
    if state == Waiting():
        drop_pending(desk)
    else:
        set_pending(desk, state)


async def whose(desk: Desk, key: int, case: CaseId) -> str | None:
    """The actor whose words wait here under a key; None where nobody's do."""
    for address, talk in await rows.talks_in(desk.work.tx, desk.said.channel, desk.said.chat):
        try:
            saying = Waiting.model_validate_json(talk.state).find(key)
        except ValidationError:
            continue  # they are in the middle of something else
        if saying is not None and saying.case == case:
            return f"staff:{address}"
    return None
