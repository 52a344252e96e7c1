"""What several flows keep while it is being written: the words and files of whatever messages came, in any order."""

from __future__ import annotations

from typing import ClassVar, Self

from conversations.engine.messages import Message
from services.text.normalise import MAX_TOLD, clean
from storage.ids import FileId, MessageId, OfficeId, StoredMessageId


class Piece(Message):
    """The words of one message, so that an edit of the message corrects them."""

    message: StoredMessageId | None
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

    def room_beside(self, message: MessageId | None) -> int:
        """How many characters the words of a message may have beside the others."""
        others = (piece for piece in self.pieces if message is None or piece.message != message)
        return MAX_TOLD - sum(len(piece.text) + 1 for piece in others)

    def with_words(self, message: MessageId | None, text: str) -> Self:
        """With the words of a message, or those of an edited one corrected; what is over MAX_TOLD is cut."""
        room = self.room_beside(message)
        words = clean(text, room) if room > 0 else ""
        new = (Piece(message=message, text=words),) if words else ()
        at = next((i for i, piece in enumerate(self.pieces) if self._is_of(piece, message)), len(self.pieces))
        return self.but(pieces=(*self.pieces[:at], *new, *self.pieces[at + 1 :]))

    def amended(self, message: MessageId | None, text: str) -> Self | None:
        """With an earlier message's words corrected; None where nothing is of that message."""
        known = any(self._is_of(piece, message) for piece in self.pieces)
        return self.with_words(message, text) if known else None

    @staticmethod
    def _is_of(piece: Piece, message: MessageId | None) -> bool:
        return message is not None and piece.message == message


class Draft(Words):
    """Words and files, as far as they were sent."""

    max_files: ClassVar[int] = 20
    files: tuple[FileId, ...] = ()
    voice: bool = False  # a voice note is among them: it describes the subject as words do


class TypedAnswer(Message):
    """Which message answered a question, so that an edit of the message corrects the answer."""

    message: StoredMessageId
    step: str


class FormDraft(Draft):
    """What was entered in a form (`conversations.engine.form`) so far, in whatever order it came."""

    form: ClassVar[str]  # the flow whose form it is
    office: OfficeId = OfficeId("")
    asked: Piece | None = None  # a question that was answered in the middle, if it was meant for the description
    typed: tuple[TypedAnswer, ...] = ()
    reviewing: bool = False  # all was answered once: what is asked now is a correction

    def answered_by(self, message: MessageId, step: str) -> Self:
        """With a note that this message answered a step's question, in place of an earlier one."""
        others = tuple(one for one in self.typed if one.step != step)
        return self.but(typed=(*others, TypedAnswer(message=message, step=step)))
