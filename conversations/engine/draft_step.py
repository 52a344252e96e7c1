"""Questions about a draft: whatever a message brings is added to it, an edited message corrects it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from markupsafe import Markup

from conversations.engine.drafts import Draft, Words
from conversations.engine.fields import keep_files
from conversations.engine.messages import FileKind
from conversations.engine.spoken import spoken
from conversations.engine.step import Step, Turn
from services.text.normalise import MAX_TOLD, clean

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


def words_of(turn: Turn, *, contact: bool = False, place: bool = False) -> str:
    """The words of what was just said, for a draft that keeps shared numbers and places by themselves, unless told not.

    Of a photo without a caption it is "", whoever took it: the matter is still to be described.
    """
    said = turn.said
    voice = any(file.kind is FileKind.VOICE for file in said.files)
    shared = (contact and said.contact is not None) or (place and said.place is not None)
    if not (said.text or said.quoted or voice or shared):
        return ""
    return spoken(turn.t, said, contact=contact, place=place)


def add_words(turn: Turn, added: Added[W], *, contact: bool = False, place: bool = False) -> Added[W]:
    """The draft with the words, or the caption, of what was just said."""
    message, text = turn.said.message, words_of(turn, contact=contact, place=place)
    if not text:
        return added
    draft = added.draft.with_words(message, text)
    if len(clean(text, MAX_TOLD + 1)) <= added.draft.room_beside(message):
        return Added(draft, added.trouble)
    return Added(draft, turn.t("Your description is too long. We kept the first {n} characters.", n=MAX_TOLD))


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
        amended = self.draft.amended(turn.said.message, words_of(turn))
        return None if amended is None else self.with_draft(amended)
