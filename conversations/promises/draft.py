"""What a member is in the middle of recording: kept in a row, so that it survives a restart."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import ValidationError

from conversations.engine.messages import Message
from conversations.staff.context import StaffContext
from services.promises import drafts
from services.promises.outcomes import NewPromise, Outcome, OutcomeKind, Party
from services.staff.prompts import OPEN_FOR
from storage.ids import BookingId

_MARK = 1 << 30


class Asks(StrEnum):
    """What the member is to type."""

    NOTHING = ""
    WORDS = "words"
    PARTY = "party"
    UNTIL = "until"


class OutcomeDraft(Message):
    """What was entered so far. `mark` is in the buttons of the newest screen alone: those of earlier ones are stale."""

    booking: BookingId
    seen: int  # the version of the outcome that the member saw; 0 where there was none
    mark: int
    kind: OutcomeKind | None = None
    words: str = ""
    party: str = ""
    party_words: str = ""
    due: date | None = None
    options: tuple[str, ...] = ()  # the parties that the buttons name by their number
    asks: Asks = Asks.NOTHING
    asked_at: datetime | None = None

    @property
    def who(self) -> Party:
        return Party(self.party, self.party_words)

    @property
    def outcome(self) -> Outcome | None:
        """What would be recorded; None while something is missing."""
        if self.kind is None:
            return None
        if self.kind is OutcomeKind.PROMISED:
            if not self.words or not self.who.named or self.due is None:
                return None
            return Outcome(self.kind, promise=NewPromise(what=self.words, party=self.who, due=self.due))
        if self.kind is OutcomeKind.REFERRED:
            return Outcome(self.kind, self.words, party=self.who) if self.who.named else None
        return Outcome(self.kind, self.words)

    def then(self, **changes: object) -> OutcomeDraft:
        """The same with what was entered, for the next screen."""
        return self.model_copy(update={"asks": Asks.NOTHING, "asked_at": None, **changes, "mark": self.mark + 1})

    def expects(self, now: datetime) -> bool:
        """Whether what is typed now is meant for it."""
        return bool(self.asks) and self.asked_at is not None and now - self.asked_at <= OPEN_FOR


def begin(context: StaffContext, booking: BookingId, seen: int) -> OutcomeDraft:
    """Nothing entered yet. Two members' screens never take each other's taps."""
    return OutcomeDraft(booking=booking, seen=seen, mark=context.work.random.randrange(1, _MARK))


async def load(context: StaffContext) -> OutcomeDraft | None:
    """What the member is in the middle of here."""
    state = await drafts.of(context.work, context.person, context.said.chat)
    if state is None:
        return None
    try:
        return OutcomeDraft.model_validate_json(state)
    except ValidationError:
        return None  # of another release


def save(context: StaffContext, draft: OutcomeDraft) -> None:
    drafts.put(context.work, context.person, context.said.chat, draft.booking, draft.model_dump_json())


def drop(context: StaffContext) -> None:
    drafts.drop(context.work, context.person, context.said.chat)
