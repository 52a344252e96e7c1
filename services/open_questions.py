"""What the municipality asked somebody and waits to hear, about a request or an appointment, and what they answered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.actors import Subject
from services.unit_of_work import Work
from storage import answers, asked
from storage.ids import CategoryId, Reference, ResidentId
from storage.records.files import FileRow

#: So long a question that they saw is still before their eyes.
IN_VIEW = timedelta(hours=1)
#: So long what was taken as an answer waits before the staff hear of it.
HELD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question that waits; `seen_at` is when it reached whom it is for last."""

    reference: Reference  # of the request or the appointment
    subject: Subject
    key: str  # tells it from the other questions to the same person
    words: str
    asked_at: datetime
    seen_at: datetime | None
    category: CategoryId | None = None  # of the request
    told: tuple[str, ...] = ()  # the keys of the messages by which its resident was asked

    def is_in_view(self, now: datetime, heard_before: datetime | None) -> bool:
        """Whether what they say now may be meant as its answer: they saw it lately, or have said nothing since."""
        if self.seen_at is None:
            return False
        return now - self.seen_at <= IN_VIEW or heard_before is None or heard_before <= self.seen_at


async def seen_at(work: Work, resident: ResidentId, key: str, told: Sequence[str]) -> datetime | None:
    """When a question reached them: by a message of the outbox with one of these keys, or shown to them again."""
    return _latest(await answers.sent_at(work.tx, told), await asked.last_asked(work.tx, resident, key))


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def note_shown(work: Work, resident: ResidentId, key: str) -> None:
    """They see a question now."""
    asked.note(work.tx, resident, key, work.now)


def of_words(words: str) -> str:
    """A short mark of what is asked, for a key: the same words to the same person are the same question."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


async def was_asked(work: Work, resident: ResidentId, key: str) -> bool:
    """Whether they were asked this in the last hour."""
    last = await asked.last_asked(work.tx, resident, key)
    return last is not None and work.now - last < IN_VIEW


async def may_ask(work: Work, resident: ResidentId, key: str) -> bool:
    """Whether they may be asked this unprompted, which is noted: not twice in an hour, unless they have moved on.

    That it is sent is no sign that it arrives, so it is noted apart from what they were shown.
    """
    pushed = f"pushed:{key}"
    last = _latest(*[await asked.last_asked(work.tx, resident, one) for one in (key, pushed)])
    if last is not None and work.now - last < IN_VIEW:
        heard = await asked.heard_at(work.tx, resident)
        if heard is None or heard <= last:
            return False
    note_shown(work, resident, pushed)
    return True


# ---------------------------------------------------------------------------- taking an answer back


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer said, all of it."""

    words: str = ""
    files: tuple[FileRow, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The question is open again, and nothing of this is its answer."""

    said: Said


@dataclass(frozen=True, slots=True)
class TooLate:
    """The staff have it, and it stays; what it said may be used for something else as well."""

    said: Said


@dataclass(frozen=True, slots=True)
class Nothing:
    """They gave no such answer, or have already taken it back."""
