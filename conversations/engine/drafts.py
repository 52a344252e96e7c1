"""What several flows keep while it is being written: the words and files of whatever messages came, in any order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar

from markupsafe import Markup

from conversations.engine.fields import keep_files
from conversations.engine.messages import FileKind, Message
from conversations.engine.step import Step, Turn
from services.text.normalise import MAX_WORDS, clean
from storage.ids import FileId


class Piece(Message):
    """The words of one message, so that an edit of the message corrects them."""

    message: int | None
    text: str


class Words(Message):
    """Words from several messages."""

    pieces: tuple[Piece, ...] = ()

    @property
    def words(self) -> str:
        return "\n".join(piece.text for piece in self.pieces)

    def but(self, **changes: object) -> Self:
        """The same, validated, with changes."""
        return self.model_validate({**dict(self), **changes})

    def room_beside(self, message: int | None) -> int:
        """How many characters the words of a message may have beside the others."""
        others = (piece for piece in self.pieces if message is None or piece.message != message)
        return MAX_WORDS - sum(len(piece.text) + 1 for piece in others)

    def with_words(self, message: int | None, text: str) -> Self:
        """With the words of a message, or those of an edited one corrected; what is over MAX_WORDS is cut."""
        room = self.room_beside(message)
        words = clean(text, room) if room > 0 else ""
        new = (Piece(message=message, text=words),) if words else ()
        at = next((i for i, piece in enumerate(self.pieces) if self._is_of(piece, message)), len(self.pieces))
        return self.but(pieces=(*self.pieces[:at], *new, *self.pieces[at + 1 :]))

    def amended(self, message: int | None, text: str) -> Self | None:
        """With an earlier message's words corrected; None where nothing is of that message."""
        known = any(self._is_of(piece, message) for piece in self.pieces)
        return self.with_words(message, text) if known else None

    @staticmethod
    def _is_of(piece: Piece, message: int | None) -> bool:
        return message is not None and piece.message == message


class Draft(Words):
    """Words and files, as far as they were sent."""

    max_files: ClassVar[int] = 20
    files: tuple[FileId, ...] = ()
    voice: bool = False  # a voice note is among them: it tells the matter as words do


W = TypeVar("W", bound=Words)
D = TypeVar("D", bound=Draft)


@dataclass(frozen=True, slots=True)
class Added(Generic[W]):
    """The draft with what a message brought. `trouble` is what could not be kept, and why."""

    draft: W
    trouble: Markup | None = None


async def add_files(turn: Turn, draft: D) -> Added[D]:
    """The draft with the files of what was just said."""
    if not turn.said.files:
        return Added(draft)
    if len(draft.files) + len(turn.said.files) > draft.max_files:
        return Added(draft, too_many_files(turn, draft.max_files))
    kept = await keep_files(turn)
    spoken = bool(kept.files) and any(file.kind is FileKind.VOICE for file in turn.said.files)
    files = tuple(dict.fromkeys((*draft.files, *kept.files)))
    return Added(draft.but(files=files, voice=draft.voice or spoken), kept.trouble)


def too_many_files(turn: Turn, limit: int) -> Markup:
    return turn.t.plural("You can attach up to {n} file.", "You can attach up to {n} files.", limit)


def add_words(turn: Turn, added: Added[W]) -> Added[W]:
    """The draft with the words, or the caption, of what was just said."""
    message, text = turn.said.message, turn.said.text
    draft = added.draft.with_words(message, text)
    if len(clean(text, MAX_WORDS + 1)) <= added.draft.room_beside(message):
        return Added(draft, added.trouble)
    return Added(draft, turn.t("Your description is too long. We kept the first {n} characters.", n=MAX_WORDS))


class DraftStep(Step):
    """A question about a draft. Whatever comes beside its answer is kept there too."""

    draft: Draft

    @classmethod
    def about(cls, draft: Draft) -> Self:
        """The question, asked about a draft."""
        return cls.model_validate({"draft": draft})

    def with_draft(self, draft: Draft) -> Self:
        """The same question about a draft that has changed."""
        return self.model_copy(update={"draft": draft})

    def amend(self, turn: Turn) -> Step | None:
        amended = self.draft.amended(turn.said.message, turn.said.text)
        return None if amended is None else self.with_draft(amended)
