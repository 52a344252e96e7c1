"""What a delivered message sets off: its case's card is recorded, or its deletion is scheduled."""

from __future__ import annotations

from datetime import datetime, timedelta

from conversations.engine.messages import Outgoing
from storage import (
    announcements,
    booking_cards,
    cards,
    delegations,
    draft_lists,
    incident_news,
    line_panels,
    lines,
    outbox,
    releases,
    staff_prompts,
)
from storage.database import Transaction
from storage.ids import ChatId, MessageId
from storage.records.outbox import OutboxKind, OutboxRow


def follow_up(tx: Transaction, row: OutboxRow, chat: ChatId, messages: tuple[MessageId, ...], now: datetime) -> None:
    """It shows the card of a case, say, or is to be deleted again. `chat` is where it was sent."""
    if messages and row.supersedes is not None:
        _note_shown(tx, row, row.supersedes, chat, messages[0])
    for message in messages[1:]:
        outbox.note_part(tx, row.id, chat, message, now)
    if row.delete_after is None:
        return
    held = outbox.held_by(row.payload)
    remains = Outgoing.model_validate_json(row.payload).remains
    for message in messages:
        outbox.add(
            tx,
            channel=row.channel,
            chat=chat,
            kind=OutboxKind.MESSAGE,
            payload=Outgoing(delete=message, text=remains, held=held).model_dump_json(exclude_defaults=True),
            subject=row.subject,
            not_before=now + timedelta(seconds=row.delete_after),
            at=now,
        )


def _note_shown(tx: Transaction, row: OutboxRow, group: str, chat: ChatId, message: MessageId) -> None:
    """What is shown by one message, which is edited or taken away later: which message that is."""
    if staff_prompts.shown(tx, group, message):
        return
    if (case := cards.of_group(group)) is not None:
        cards.sent(tx, *case, row.channel, chat, message)
    elif (booking := booking_cards.of_group(group)) is not None:
        booking_cards.sent(tx, booking, row.channel, chat, message)
    elif (incident := incident_news.of_group(group)) is not None:
        incident_news.sent(tx, *incident, row.channel, chat, message)
    elif (told := announcements.progress_of(group)) is not None:
        announcements.progress_shown(tx, told, message)
    elif (line := line_panels.of_group(group)) is not None:
        line_panels.sent(tx, line, row.channel, chat, message, row.created_at)
    elif (waiting := lines.of_group(group)) is not None:
        lines.change_place(tx, waiting, message=message)
    elif (watched := delegations.of_line_group(group)) is not None:
        delegations.line_shown(tx, watched, message)
    elif (released := releases.of_group(group)) is not None:
        releases.sent(tx, released, message)
    elif (drafts := draft_lists.of_group(group)) is not None:
        draft_lists.shown(tx, *drafts, message)
