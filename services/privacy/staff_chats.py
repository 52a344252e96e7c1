"""What staff chats were told of somebody who is forgotten: taken back there as far as a channel lets us.

The rows of the outbox know which messages were about whose case or booking, though no longer what they said. What has
not been sent yet is not sent; what was is to be edited, or deleted where an edit leaves something behind, by whoever
says it (`conversations.home.privacy`): a living card is not among it, it shows anew how its case stands. What no bot
may take back is left to the people of the chat (`by_hand`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import JsonValue, TypeAdapter, ValidationError

from services.actors import Subject, booking_subject, case_subject, session_subject
from services.privacy import by_hand, requests
from services.staff import permissions
from services.text.redact import Eraser
from services.unit_of_work import Work
from storage import cards, outbox, personal, staff_prompts
from storage.ids import BookingId, CaseId, ChatId, MessageId, OfficeId, SessionId
from storage.personal import Told
from storage.records.outbox import OutboxKind
from storage.records.residents import Resident

#: So many messages are taken back at most, the newest first: a group takes twenty changes a minute.
MOST = 500
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
#: How what is taken back in a chat is spread: a group takes twenty changes a minute, and while more than a few are owed
#: to it, new requests are not shown there one by one (`conversations.staff.card.FLOOD`).
_AT_ONCE = 5
_APART = timedelta(seconds=4)
_LAST = 2  # urgency: after replies and notices
#: What a message says something by; one without any of these only deletes, or changes buttons.
_CONTENT = frozenset({"text", "files", "place"})
#: So long a channel lets a bot delete. An hour less than Telegram's two days, since it is not all tried at once.
_DELETABLE_FOR = timedelta(hours=47)
#: What an edit cannot put anything else in the place of.
_NOT_REPLACED = frozenset({"voice", "place"})


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in a staff chat that is about somebody who is forgotten."""

    channel: str
    chat: ChatId
    message: MessageId
    subject: Subject
    office: OfficeId  # whose chat it is, else whose matter
    by_deleting: bool  # an edit would leave a photo, a voice note or a document behind
    sent_at: datetime | None = None
    by_hand: bool = False  # only people can delete it
    held: str = ""  # of which kind it is: `storage.outbox.held_by`
    by_others: bool = False  # typed by a member: the bot may delete it while it is new, and not change it
    has_moved: bool = False  # the group has: its messages of before have other ids now, which no bot is told


@dataclass(slots=True)
class StaffChats:
    """What is found of one person, matter by matter."""

    work: Work
    resident: Resident
    strike: Eraser
    offices: dict[tuple[str, ChatId], OfficeId] = field(default_factory=dict)  # by chat
    moved: Mapping[tuple[str, ChatId], ChatId] = field(default_factory=dict)  # by former address: what was said there
    found: dict[tuple[str, ChatId, MessageId], tuple[int, Posted]] = field(
        default_factory=dict
    )  # with the last row it has
    gone: set[tuple[str, ChatId, MessageId]] = field(default_factory=set)  # deleted by themselves

    @classmethod
    async def of(cls, work: Work, resident: Resident, strike: Eraser) -> StaffChats:
        chats = [await permissions.chat_of(work, office.id) for office in work.offices.offices_by_id.values()]
        offices = {(chat.channel, chat.chat): chat.office for chat in chats if chat is not None}
        return cls(work, resident, strike, offices, await outbox.moved_chats(work.tx))

    @property
    def posted(self) -> tuple[Posted, ...]:
        """What is to be taken back, the newest last."""
        return tuple(one for _, one in sorted(self.found.values(), key=lambda found: found[0])[-MOST:])

    async def forget_case(self, case: CaseId, office: OfficeId) -> set[OfficeId]:
        """Forget every message about a case of theirs. Returns the offices to which its card had yet to be sent."""
        living = {(card.channel, card.chat, card.message) for card in await cards.of_case(self.work.tx, case)}
        on_its_way = set()
        for told in await personal.told_about(self.work.tx, case_subject(case)):
            shown = cards.of_group(told.supersedes or "")
            if self._stops(told) and shown is not None:
                cards.shows(self.work.tx, *shown, digest="")
                on_its_way.add(shown[1])
            if (told.channel, told.chat, told.message) not in living:
                self._finds(told, case_subject(case), office)
        return on_its_way

    async def forget_booking(self, booking: BookingId, office: OfficeId) -> None:
        for told in await personal.told_about(self.work.tx, booking_subject(booking)):
            self._stops(told)
            self._finds(told, booking_subject(booking), office)

    async def forget_brief(self, session: SessionId, office: OfficeId) -> set[tuple[str, ChatId]]:
        """The documents of a session's brief, which name them: the chats that have, or were to get, any."""
        chats = set()
        for told in await personal.told_for_a_while(self.work.tx, session_subject(session)):
            stopped = self._stops(told)
            self._finds(told, session_subject(session), office)
            key = None if told.message is None else (told.channel, told.chat, told.message)
            if stopped or key in self.found:
                chats.add((told.channel, told.chat))
        return chats

    async def forget_added(self, case: CaseId, event: int, office: OfficeId, *, words: bool) -> None:
        """What they added to another's case: the files that came with it and, where they name them, the `words`."""
        for told in await personal.told_of_event(self.work.tx, case, event):
            if words or told.is_file:
                self._stops(told)
                self._finds(told, case_subject(case), office)

    async def forget_typed(self, case: CaseId, event: int, office: OfficeId, at: datetime) -> None:
        """What a member typed in a chat about a case, and names them: whose message it is, only people may change."""
        for typed in await personal.typed_for(self.work.tx, event):
            key = (typed.channel, typed.chat, typed.message)
            if key not in self.gone and key not in self.found:
                whose = self.offices.get(key[:2], office)
                too_old = self.work.now - at > _DELETABLE_FOR
                posted = Posted(
                    *key, case_subject(case), whose, by_deleting=True, sent_at=at, by_hand=too_old, by_others=True
                )
                self.found[key] = (0, posted)

    def _stops(self, told: Told) -> bool:
        """Cancel a message that was not sent yet. Whether it was so."""
        if told.status != "pending":
            personal.blank_message(self.work.tx, told.id)
            return False
        if told.kind != "message" or not self._says_something(told):
            return False
        if self._is_to_staff(told):
            personal.stop_message(self.work.tx, told.id)
            return True
        if self.strike.finds(told.payload):
            personal.drop_message(self.work.tx, told.id)
        return False

    @staticmethod
    def _says_something(told: Told) -> bool:
        try:
            payload = json.loads(told.payload)
        except ValueError:
            return True
        return not isinstance(payload, dict) or not ("delete" in payload or _CONTENT.isdisjoint(payload))

    def _finds(self, told: Told, subject: Subject, office: OfficeId) -> None:
        chat = (told.channel, told.chat)
        if told.kind != "message" or told.status != "sent" or told.message is None:
            return
        key = (*chat, told.message)
        if told.is_gone(self.work.now):
            self.gone.add(key)
        if key in self.gone or not self._is_to_staff(told):
            return
        before = self.found[key][1] if key in self.found else None
        # Where what vanishes is gone already, an edit would say something anew.
        by_deleting = told.is_file or told.delete_after is not None or told.holds not in {"", "text"}
        sent_at = told.sent_at if before is None else before.sent_at
        old = sent_at is not None and self.work.now - sent_at > _DELETABLE_FOR
        posted = Posted(
            *key,
            subject,
            self.offices.get((told.channel, self._newest(*chat)), office),
            by_deleting=by_deleting or (before is not None and before.by_deleting),
            sent_at=sent_at,
            by_hand=(old and told.holds in _NOT_REPLACED)
            or chat in self.moved
            or (before is not None and before.by_hand),
            held=told.holds if before is None or told.holds not in {"", "text"} else before.held,
            has_moved=chat in self.moved,
        )
        self.found[key] = (told.id, posted)

    def _newest(self, channel: str, chat: ChatId) -> ChatId:
        seen = {chat}
        while (new := self.moved.get((channel, chat))) is not None and new not in seen:
            chat = new
            seen.add(chat)
        return chat

    def _is_to_staff(self, told: Told) -> bool:
        own = (told.channel, told.chat) == (self.resident.channel, self.resident.address)
        return not own and (told.to_staff or told.chat in self.work.admins)


async def take_back(work: Work, messages: Iterable[tuple[Posted, str]]) -> None:
    """Have staff chats hold nothing of somebody: each message with the edit or deletion that takes it back.

    Whoever works there comes first, so it is not all owed at once. Their request is done when the last has been sent.
    """
    keys: list[str] = []
    left: list[Posted] = []
    in_chat = Counter[tuple[str, str]]()
    for posted, payload in messages:
        if posted.has_moved:
            left.append(posted)
            continue
        in_chat[posted.channel, posted.chat] += 1
        keys.append(by_hand.origin(posted.channel, posted.chat, posted.message))
        outbox.add(
            work.tx,
            channel=posted.channel,
            chat=posted.chat,
            kind=OutboxKind.MESSAGE,
            payload=payload,
            urgency=_LAST,
            key=keys[-1],
            subject=posted.subject,
            not_before=work.now + max(0, in_chat[posted.channel, posted.chat] - _AT_ONCE) * _APART,
            at=work.now,
        )
    request = await requests.erasure(work, keys, by_hand=bool(left))
    for posted in left:
        await by_hand.leave_moved(work, request, posted.channel, posted.chat, posted.message, posted.sent_at)


# ---------------------------------------------------------------------------- what members are in the middle of


async def drop_talks(work: Work, cases: Iterable[CaseId], bookings: Iterable[BookingId]) -> None:
    """What members were about to say of these cases and bookings."""
    own_cases, own_bookings = frozenset(cases), frozenset(bookings)
    for subject in (*map(case_subject, own_cases), *map(booking_subject, own_bookings)):
        staff_prompts.forget(work.tx, subject)
    about: dict[str, Collection[int]] = {"case": own_cases, "booking": own_bookings}
    for talk in await personal.talks(work.tx) if any(about.values()) else ():
        try:
            state = _JSON.validate_json(talk.state)
        except ValidationError:
            continue
        kept = _without(state, about)
        if kept == state:
            continue
        personal.keep_talk(work.tx, talk, json.dumps(kept) if isinstance(kept, dict) else "")


def _without(state: JsonValue, about: Mapping[str, Collection[int]]) -> JsonValue:
    """The same without whatever names one of them, wherever it stands; None where it does so itself."""
    if isinstance(state, dict):
        if any(state.get(kind) in ids for kind, ids in about.items() if isinstance(state.get(kind), int)):
            return None
        parts = {key: _without(value, about) for key, value in state.items()}
        return {key: kept for key, kept in parts.items() if kept is not None or state[key] is None}
    if isinstance(state, list):
        return [kept for value in state if (kept := _without(value, about)) is not None or value is None]
    return state
