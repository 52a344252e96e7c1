"""What was said becomes messages owed: the one way from the dialogue into the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from conversations.engine.messages import Outgoing
from conversations.engine.step import OutboundMessage
from storage import outbox
from storage.database import Transaction
from storage.ids import ChatId, ForumTopicId, ResidentId
from storage.records.outbox import OutboxKind

Split = Callable[[Outgoing], tuple[Outgoing, ...]]
"""A message as the parts a channel sends one by one."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where messages go, and what holds for those that say nothing else of themselves."""

    channel: str
    chat: ChatId
    topic: ForumTopicId | None = None  # of a forum
    resident: ResidentId | None = None
    urgency: int = 0
    subject: str = ""
    group: str | None = None  # they are superseded together
    not_before: datetime | None = None
    expires_at: datetime | None = None


def enqueue(
    tx: Transaction, messages: Iterable[OutboundMessage], recipient: Recipient, split: Split, at: datetime
) -> None:
    """Owe messages, in this order. What one of them supersedes is no longer owed."""
    for said in messages:
        if said.supersedes is not None:
            outbox.supersede(tx, said.supersedes)
        message = said.message
        if recipient.topic is not None and message.topic is None:
            message = message.model_copy(update={"topic": recipient.topic})
        parts = split(message)
        for part in parts:
            outbox.add(
                tx,
                channel=recipient.channel,
                chat=recipient.chat,
                kind=OutboxKind.MESSAGE,
                payload=part.model_dump_json(exclude_defaults=True),
                urgency=recipient.urgency,
                key=said.key if part is parts[-1] else None,  # which has the buttons
                subject=said.subject or recipient.subject,
                group=said.supersedes or recipient.group,
                resident=recipient.resident,
                not_before=recipient.not_before or said.not_before,
                expires_at=recipient.expires_at,
                delete_after=said.delete_after,
                at=at,
            )
