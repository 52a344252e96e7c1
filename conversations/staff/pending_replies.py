"""Staff replies that are not sent yet: of no type so far, waiting for Send, or being written again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field, ValidationError

from conversations.engine.messages import Message
from conversations.staff.context import Pending, StaffContext, Stored, button_mark, drop_pending, pending, set_pending
from services.actors import Actor, staff_actor
from services.casework import pending as pending_rows
from services.casework.replies import ReplyKind
from storage.ids import CaseId, FileId, MessageId, StoredMessageId

#: So many of one member's words wait at once; the oldest give way.
_MOST = 20
#: A text longer than a message of Telegram (4,096 characters) is cut by the one's own app, between words in the second
#: half of what a message holds, and sent as several within moments.
_CUT = 2048  # characters
MOMENTS = timedelta(seconds=15)
_ENDS = (".", "!", "?", "؟", "…", ":", "\n")  # of a sentence, or of a line


class PendingReply(Stored):
    """Words for a case that wait: for what they are, then for Send."""

    key: StoredMessageId  # the first of the member's messages, or the message in which a ready text was chosen
    case: CaseId
    kind: ReplyKind | None = Field(default=None, alias="manner")
    words: str = ""
    files: tuple[FileId, ...] = ()
    messages: tuple[StoredMessageId, ...] = ()  # the member's own, whose edits change the words
    parts: tuple[str, ...] = ()  # the text of each of these messages; "" for a photo without a caption
    positions: tuple[int, ...] = ()  # where each of these parts stands in the chat
    at: datetime | None = None  # when the last of them was sent
    album: str = ""
    template: str = ""  # a ready text, put into the reader's language when it is sent
    day: str = ""  # the day that is filled in, as ISO says it
    turn: int = 0  # grows with each preview: the buttons of those before are stale

    @property
    def mark(self) -> str:
        """What the buttons under it call it by."""
        return button_mark(self.key)

    def may_go_on(self, at: datetime) -> bool:
        """Whether what is sent `at` that time can be the rest of a text that the member's app has cut."""
        return (
            bool(self.parts)
            and not self.album
            and may_be_cut(self.parts[-1])
            and self.at is not None
            and at - self.at <= MOMENTS
        )

    def and_then(self, message: MessageId, position: int, text: str, at: datetime) -> PendingReply:
        """The same with a further message of the same text. Of two that came at once either can be taken first."""
        positions = self.positions or (0,) * len(self.messages)
        parts = self.parts or (self.words, *("" for _ in self.messages[1:]))  # as an earlier release kept an album
        said = [*zip(positions, self.messages, parts, strict=True), (position, message, text)]
        positions, messages, parts = zip(*sorted(said, key=lambda one: one[0]), strict=True)
        changes = {"messages": messages, "positions": positions, "at": at, "turn": self.turn + 1}
        return (self._told(parts) if text else self.model_copy(update={"parts": parts})).model_copy(update=changes)

    def text_of(self, message: MessageId | None) -> str:
        """What one of its messages says."""
        said = dict(zip(self.messages, self.parts, strict=False))
        return self.words if message is None else said.get(message, self.words)

    def reworded(self, message: MessageId, text: str) -> PendingReply:
        """The same after one of its messages was edited. An album of an earlier release has one text."""
        if len(self.parts) != len(self.messages):
            return self._told(()).model_copy(update={"words": text, "turn": self.turn + 1})
        said = dict(zip(self.messages, self.parts, strict=True)) | {message: text}
        return self._told(tuple(said.values())).model_copy(update={"turn": self.turn + 1})

    def _told(self, parts: tuple[str, ...]) -> PendingReply:
        words = "\n".join(filter(None, parts)) if self.album else _joined(parts)
        return self.model_copy(update={"parts": parts, "words": words, "template": ""})


def may_be_cut(text: str) -> bool:
    """Whether a message is so long that it may be the beginning of a longer text."""
    return len(text) >= _CUT


def _joined(parts: tuple[str, ...]) -> str:
    """Rejoin a text that the app split. The space or line break at the cut was lost."""
    text = ""
    for part in filter(None, parts):
        text += ("" if not text else "\n" if text.endswith(_ENDS) else " ") + part
    return text


class Prompt(Stored):
    """The member was asked to write: their next words for the case are this."""

    case: CaseId
    kind: ReplyKind = Field(alias="manner")
    instead_of: StoredMessageId | None = None  # the key of the words that these take the place of
    until: datetime | None = None  # only what was sent by then


class Album(Message):
    """An album's first part was said; the others belong to it."""

    album: str
    case: CaseId
    event: int


class Waiting(Pending):
    """All that waits for a member in a chat."""

    about: Literal["words"] = "words"
    replies: tuple[PendingReply, ...] = Field(default=(), alias="sayings")
    prompt: Prompt | None = None
    album: Album | None = None
    summarising: CaseId | None = None  # the case of which they were asked for a summary that neighbours read
    merging: CaseId | None = None  # the case of which they were asked which earlier one it repeats

    def find(self, key: MessageId) -> PendingReply | None:
        return next((one for one in self.replies if one.key == key), None)

    def marked(self, mark: str) -> PendingReply | None:
        return next((one for one in self.replies if one.mark == mark), None)

    def of_album(self, album: str) -> PendingReply | None:
        return next((one for one in self.replies if album and one.album == album), None)

    def cut(self, case: CaseId, at: datetime) -> PendingReply | None:
        """The words that what is said of a case `at` that time may be the rest of."""
        found = [one for one in self.replies if one.case == case and one.may_go_on(at)]
        return found[-1] if found else None

    def continued(self, at: datetime) -> CaseId | None:
        """The case of the words that a text sent `at` that time may be the rest of, whatever it replies to."""
        found = [one.case for one in self.replies if one.may_go_on(at)]
        if found:
            return found[-1]
        asked = self.prompt
        return asked.case if asked is not None and asked.until is not None and at <= asked.until else None

    def prompted(self, case: CaseId, at: datetime) -> Prompt | None:
        """What the member was asked to write about the case."""
        asked = self.prompt
        return asked if asked and asked.case == case and (asked.until is None or at <= asked.until) else None

    def of_message(self, message: MessageId | None) -> PendingReply | None:
        return next((one for one in self.replies if message in one.messages), None)

    def put(self, reply: PendingReply) -> Waiting:
        others = tuple(one for one in self.replies if one.key != reply.key)
        return self.model_copy(update={"replies": (*others, reply)[-_MOST:]})

    def without(self, reply: PendingReply) -> Waiting:
        """Without these words, and what was asked for in their place."""
        left = tuple(one for one in self.replies if one.key != reply.key)
        prompt = None if self.prompt is not None and self.prompt.instead_of == reply.key else self.prompt
        return self.model_copy(update={"replies": left, "prompt": prompt})

    def answered(self, case: CaseId) -> Waiting:
        """With nothing to be written about this case any more."""
        return self.ask(None) if self.prompt is not None and self.prompt.case == case else self

    def ask(self, prompt: Prompt | None) -> Waiting:
        return self.model_copy(update={"prompt": prompt, "merging": None})


async def waiting(context: StaffContext) -> Waiting:
    """What waits for the member here."""
    return await pending(context, Waiting) or Waiting()


def rest_of_note(case: CaseId, at: datetime) -> Prompt:
    """A long note is kept at once: what follows it within moments is a note too."""
    return Prompt(case=case, kind=ReplyKind.NOTE, until=at + MOMENTS)


def save(context: StaffContext, state: Waiting) -> None:
    """Let it wait; nothing that is empty does."""
    if state == Waiting():
        drop_pending(context)
    else:
        set_pending(context, state)


async def whose(context: StaffContext, mark: str, case: CaseId) -> Actor | None:
    """The actor whose words wait here, with buttons that call them by this mark; None where nobody's do."""
    for address, turn in await pending_rows.of_all(context.work, context.said.channel, context.said.chat):
        try:
            reply = Waiting.model_validate_json(turn.state).marked(mark)
        except ValidationError:
            continue  # they are in the middle of something else
        if reply is not None and reply.case == case:
            return staff_actor(address)
    return None
