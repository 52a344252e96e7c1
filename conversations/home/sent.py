"""What a person sent, in whatever order and kind it came, until it is known what it is for."""

from __future__ import annotations

from typing import Self

from markupsafe import Markup

from conversations.engine.draft_step import Added, add_words, too_many_files, words_of
from conversations.engine.drafts import Draft, Words
from conversations.engine.fields import refusal_words, vouched_number
from conversations.engine.messages import Contact, FileKind, IncomingFile, Kind, Place
from conversations.engine.spoken import contact_words, place_words
from conversations.engine.step import Step, Turn
from conversations.home.keywords import only_wish
from locales import Localizer
from locales.bidi import shorten
from locales.html import to_plain
from services.files import attachments
from storage.ids import BookingId, FileId

TITLE = 40


class Kept(Words, Step):
    """What was sent, in whatever order and kind it came."""

    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA, Kind.LOCATION, Kind.CONTACT})
    files: tuple[IncomingFile, ...] = ()
    place: Place | None = None
    contact: Contact | None = None
    forwarded: bool = False
    greets: bool = False  # the first contact, by an album: the answer to its last photo greets
    about: BookingId | None = None  # it replied to a message of ours about this appointment

    def with_said(self, turn: Turn) -> Added[Self]:
        """With what a message brings."""
        said, added = turn.said, add_words(turn, Added(self))
        kept = added.draft.but(
            files=tuple({file.unique_id: file for file in (*self.files, *said.files)}.values()),
            place=said.place or self.place,
            contact=self.contact if vouched_number(said) else said.contact or self.contact,  # one's own is kept as such
            forwarded=self.forwarded or said.forwarded,
        )
        return Added(kept, added.trouble)

    def with_earlier(self, earlier: Kept) -> Self:
        """With what was set aside before, which comes first."""
        return self.model_copy(
            update={
                "pieces": (*earlier.pieces, *self.pieces),
                "files": tuple({file.unique_id: file for file in (*earlier.files, *self.files)}.values()),
                "place": self.place or earlier.place,
                "contact": self.contact or earlier.contact,
            }
        )

    def amend(self, turn: Turn) -> Step | None:
        return self.amended(turn.said.message, words_of(turn))

    def draft_title(self, turn: Turn) -> str:
        words = " ".join(self.words.split())
        if words and (self.files or only_wish(words) is None):
            return shorten(words, TITLE)
        return to_plain(received(turn.t, self)) if self.files or self.place or self.contact else ""


def received(t: Localizer, kept: Kept) -> Markup:
    """Say "your message, 2 photos and a location"."""
    count = {kind: sum(file.kind is kind for file in kept.files) for kind in FileKind}
    photos, voices = count[FileKind.PHOTO], count[FileKind.VOICE]
    videos, documents = count[FileKind.VIDEO], count[FileKind.DOCUMENT]
    parts = [
        (t("a forwarded message") if kept.forwarded else t("your message")) if kept.pieces else None,
        t.plural("{n} photo", "{n} photos", photos) if photos else None,
        t.plural("{n} voice note", "{n} voice notes", voices) if voices else None,
        t.plural("{n} video", "{n} videos", videos) if videos else None,
        t.plural("{n} document", "{n} documents", documents) if documents else None,
        t("a location") if kept.place else None,
        t("the number {phone}", phone=t.phone(kept.contact.phone)) if kept.contact else None,
    ]
    return t.join([part for part in parts if part is not None])


async def as_draft(turn: Turn, kept: Kept, *, limit: int, place: bool) -> Draft:
    """All of it as words and files, also what came as a contact or (with `place`) as a place."""
    sent = Draft(pieces=() if only_wish(kept.words) is not None else kept.pieces)
    if kept.contact is not None:
        sent = sent.with_words(None, contact_words(kept.contact))
    if place and kept.place is not None:
        sent = sent.with_words(None, place_words(kept.place))
    return await _with_files(turn, sent, kept.files, limit)


async def _with_files(turn: Turn, draft: Draft, files: tuple[IncomingFile, ...], limit: int) -> Draft:
    """The files, to be fetched; each that is not taken is named with the reason."""
    ids: list[FileId] = []
    voice = False
    for file in files[:limit]:
        outcome = await attachments.keep(turn.work, turn.resident, (file,))
        if isinstance(outcome, attachments.Refused):
            turn.say(refusal_words(turn.t, outcome.reason, outcome.limit))
        else:
            ids += outcome
            voice = voice or file.kind is FileKind.VOICE
    if len(files) > limit:
        turn.say(too_many_files(turn, limit))
    return draft.but(files=ids, voice=voice)
