"""Notices put into words at the moment they are sent: the messages are then owed in the notice's place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.context import AppContext
from bot.delivery.enqueue import Recipient, Split, enqueue
from conversations.engine.step import NotYet, OutboundMessage, Responder, localizer_of
from conversations.notice_texts import render_notice
from locales import DEFAULT, Language, Localizer
from services import open_questions
from services.notify.enqueue import office_addressed
from services.notify.notices import Notice
from services.notify.notices.kinds import ANY_NOTICE
from services.staff import lost_chats, permissions
from services.unit_of_work import Work
from storage import outbox, residents
from storage.ids import OfficeId
from storage.records.outbox import OutboxRow, OutboxStatus
from storage.records.residents import Resident

Words = Callable[[Responder, Notice, Resident | None], Awaitable[None]]
# For what a notice follows upon, a card, files that are fetched: as long as the dispatcher tries to send that.
_LONGEST_WAIT = timedelta(hours=24)
_LONGEST_PAUSE = timedelta(minutes=1)


class _HeldBack(Exception):
    """Its office's group is lost: it waits."""


class NoticeRenderer:
    """How the desk words its notices: `words` says one, saying nothing where it is no longer true."""

    def __init__(self, context: AppContext, words: Words = render_notice) -> None:
        self._context = context
        self._words = words

    async def word(self, row: OutboxRow, split: Split) -> timedelta | None:
        """Render a notice in a transaction of its own. Returns when to retry, where another message must be sent first.

        Raises where the notice cannot be rendered. It is then still owed.
        """
        return await self._context.attempt(lambda work: self._word(work, row, split))

    async def _word(self, work: Work, row: OutboxRow, split: Split) -> timedelta | None:
        tx, now = work.tx, work.now
        if not await outbox.pending(tx, row.id, now):
            return None
        try:
            said = await self._say(work, row, split)
        except _HeldBack:
            return None
        except NotYet as wait:
            waited = now - (row.failing_since or now)
            if waited <= _LONGEST_WAIT:
                pause = max(wait.pause, min(waited / 10, _LONGEST_PAUSE))
                outbox.delay(tx, row.id, now + pause, now)
                return pause
            outbox.settle(tx, row.id, OutboxStatus.DROPPED, now, error="what it waited for never came")
        else:
            outbox.settle(tx, row.id, OutboxStatus.SENT if said else OutboxStatus.DROPPED, now)
        return None

    async def _say(self, work: Work, row: OutboxRow, split: Split) -> bool:
        tx, now = work.tx, work.now
        if row.expires_at is not None and row.expires_at <= now:
            return False
        resident = None if row.resident_id is None else await residents.by_id(tx, row.resident_id)
        if resident is not None and not resident.reachable:
            return False
        office = office_addressed(row.chat)
        team = await permissions.chat_of(work, office) if office is not None else None
        if office is not None and team is None:
            return False
        if team is not None and await lost_chats.holds_back(work, team, row.id):
            raise _HeldBack
        channel, chat = (row.channel, row.chat) if team is None else (team.channel, team.chat)
        responder = Responder(work=work, links=self._context.links, t=self._localizer(office, resident))
        await self._words(responder, ANY_NOTICE.validate_json(row.payload), resident)
        if resident is not None:
            responder.out = [one for one in responder.out if await _may_be_said(work, resident, one)]
        recipient = Recipient(
            channel,
            chat,
            topic=None if team is None else team.topic,
            resident=row.resident_id,
            urgency=row.urgency,
            subject=row.subject,
            group=row.supersedes,
            expires_at=row.expires_at,
        )
        enqueue(tx, responder.out, recipient, split, now)
        return bool(responder.out)

    def _localizer(self, office: OfficeId | None, resident: Resident | None) -> Localizer:
        if resident is not None:
            return localizer_of(self._context.catalogues, resident)
        context = None if office is None else self._context.offices.get(office)
        return self._context.catalogues.localizer(DEFAULT if context is None else Language(context.staff_language))


async def _may_be_said(work: Work, resident: Resident, said: OutboundMessage) -> bool:
    """Not a question that they were asked within the hour, unless they have done something since."""
    return not said.asks or await open_questions.may_ask(work, resident.id, said.asks)
