"""What a delivered message sets off: its case's card is recorded, or its deletion is scheduled."""

from __future__ import annotations

from datetime import datetime, timedelta

from conversations.engine.messages import Outgoing
from storage import announcements, cards, line_panels, lines, outbox
from storage.database import Transaction
from storage.ids import ChatId, MessageId
from storage.records import OutboxKind, OutboxRow


def follow_up(tx: Transaction, row: OutboxRow, chat: ChatId, messages: tuple[MessageId, ...], now: datetime) -> None:
    """It shows the card of a case, say, or is to be deleted again. `chat` is where it was sent."""
    if messages and row.supersedes is not None and (shown := cards.of_group(row.supersedes)) is not None:
        cards.sent(tx, *shown, row.channel, chat, messages[0])
    if messages and row.supersedes is not None and (told := announcements.progress_of(row.supersedes)) is not None:
        announcements.progress_shown(tx, told, messages[0])
    if messages and row.supersedes is not None and (line := line_panels.of_group(row.supersedes)) is not None:
        line_panels.sent(tx, line, row.channel, chat, messages[0], row.created_at)
    if messages and row.supersedes is not None and (waiting := lines.of_group(row.supersedes)) is not None:
        lines.change_place(tx, waiting, message=messages[0])
    for message in messages[1:]:
        outbox.note_part(tx, row.id, chat, message, now)
    if row.delete_after is None:
        return
    for message in messages:
        outbox.add(
            tx,
            channel=row.channel,
            chat=chat,
            kind=OutboxKind.MESSAGE,
            payload=Outgoing(delete=message).model_dump_json(exclude_defaults=True),
            subject=row.subject,
            not_before=now + timedelta(seconds=row.delete_after),
            at=now,
        )
