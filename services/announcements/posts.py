"""An announcement in the offices' public channels: posted once in each, corrected and taken back with the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from services.actors import announcement_subject
from services.announcements.model import Announcement
from services.notify.enqueue import NOTICE
from services.staff.permissions import TELEGRAM
from services.unit_of_work import Work
from storage import outbox, recipients
from storage.ids import ChatId, MessageId
from storage.records.outbox import OutboxKind


def channels(work: Work, announcement: Announcement) -> tuple[ChatId, ...]:
    """The public channels of the offices whose residents it is for; none where it is only for some of them."""
    if not announcement.audience.is_public:
        return ()
    chosen = announcement.audience.offices
    offices = [work.offices.get(office) for office in chosen] if chosen else list(work.offices.all)
    chats = (office.public_channel for office in offices if office is not None)
    return tuple(dict.fromkeys(chat for chat in chats if chat is not None))


async def post(work: Work, announcement: Announcement, parts: tuple[tuple[str, str], ...]) -> None:
    """Owe each channel a post, once."""
    for chat in channels(work, announcement) if parts else ():
        if await recipients.add_post(work.tx, announcement.id, chat, announcement.edition):
            for part, payload in parts:
                _owe(work, announcement, chat, part, payload)


async def correct_posts(
    work: Work, announcement: Announcement, edit: Callable[[MessageId], Awaitable[str | None]]
) -> None:
    """Owe each post the text of this edition."""
    for one in await recipients.posts(work.tx, announcement.id):
        if one.message is None or one.edition >= announcement.edition:
            continue
        payload = await edit(one.message)
        if payload is not None:
            _owe(work, announcement, one.chat, f"e{announcement.edition}", payload)
            recipients.note_post(work.tx, announcement.id, one.chat, announcement.edition)


async def recall_posts(work: Work, announcement: Announcement, too_old: datetime) -> None:
    """Owe that each post is taken away, where the channel still lets us."""
    for one in await recipients.posts(work.tx, announcement.id):
        if one.message is not None and one.sent_at is not None and one.sent_at > too_old:
            _owe(work, announcement, one.chat, "r", f'{{"delete":"{one.message}"}}')


def _owe(work: Work, announcement: Announcement, chat: ChatId, part: str, payload: str) -> None:
    outbox.add(
        work.tx,
        channel=TELEGRAM,
        chat=chat,
        kind=OutboxKind.MESSAGE,
        payload=payload,
        urgency=NOTICE,
        key=recipients.key(announcement.id, f"post:{chat}", part),
        subject=announcement_subject(announcement.id),
        at=work.now,
    )
