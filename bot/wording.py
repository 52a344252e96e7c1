"""Notices put into words at the moment they are sent: the messages are then owed in the notice's place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.inbox import Desk
from conversations.messages import Outgoing
from conversations.notices import put_into_words
from conversations.step import Voice, tongue_of
from locales import Language, Tongue
from services.notices import ANY_NOTICE, Notice
from storage import outbox, residents
from storage.database import Transaction
from storage.records import OutboxKind, OutboxRow, OutboxStatus, Resident

Words = Callable[[Voice, Notice, Resident | None], Awaitable[None]]
Split = Callable[[Outgoing], tuple[Outgoing, ...]]


class Wording:
    """How the desk words its notices: `words` says one, saying nothing where it is no longer true."""

    def __init__(self, desk: Desk, words: Words = put_into_words) -> None:
        self._desk = desk
        self._words = words

    async def word(self, row: OutboxRow, split: Split) -> None:
        """In one transaction. Raises where the notice cannot be put into words; it is then still owed."""
        now = self._desk.clock()
        async with self._desk.database.transaction() as tx:
            if not await outbox.pending(tx, row.id):
                return
            said = await self._say(tx, row, split, now)
            outbox.settle(tx, row.id, OutboxStatus.SENT if said else OutboxStatus.DROPPED, now)

    async def _say(self, tx: Transaction, row: OutboxRow, split: Split, now: datetime) -> bool:
        if row.expires_at is not None and row.expires_at <= now:
            return False
        resident = None if row.resident_id is None else await residents.by_id(tx, row.resident_id)
        if resident is not None and not resident.reachable:
            return False
        voice = Voice(work=self._desk.work(tx), links=self._desk.links, t=self._tongue(row, resident))
        await self._words(voice, ANY_NOTICE.validate_json(row.payload), resident)
        for said in voice.out:
            for part in split(said.message):
                outbox.add(
                    tx,
                    channel=row.channel,
                    chat=row.chat,
                    kind=OutboxKind.MESSAGE,
                    payload=part.model_dump_json(exclude_defaults=True),
                    urgency=row.urgency,
                    subject=said.subject or row.subject,
                    group=row.supersedes,
                    resident=row.resident_id,
                    expires_at=row.expires_at,
                    at=now,
                )
        return bool(voice.out)

    def _tongue(self, row: OutboxRow, resident: Resident | None) -> Tongue:
        if resident is not None:
            return tongue_of(self._desk.catalogues, resident)
        return self._desk.catalogues.tongue(Language(self._desk.offices.language_of_chat(row.chat)))
