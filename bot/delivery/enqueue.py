"""What was said becomes messages owed: the one way from the dialogue into the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from conversations.engine.messages import Outgoing
from conversations.engine.step import Said
from storage import outbox
from storage.database import Transaction
from storage.ids import ResidentId
from storage.records import OutboxKind

Split = Callable[[Outgoing], tuple[Outgoing, ...]]
"""A message as the parts a channel sends one by one."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where messages go, and what holds for those that say nothing else of themselves."""

    channel: str
    chat: str
    topic: int | None = None  # of a forum
    resident: ResidentId | None = None
    urgency: int = 0
    subject: str = ""
    group: str | None = None  # they are superseded together
    not_before: datetime | None = None
    expires_at: datetime | None = None


def owe(tx: Transaction, messages: Iterable[Said], envelope: Envelope, split: Split, at: datetime) -> None:
    """Owe messages, in this order. What one of them supersedes is no longer owed."""
    for said in messages:
        if said.supersedes is not None:
            outbox.supersede(tx, said.supersedes)
        message = said.message
        if envelope.topic is not None and message.topic is None:
            message = message.model_copy(update={"topic": envelope.topic})
        for part in split(message):
            outbox.add(
                tx,
                channel=envelope.channel,
                chat=envelope.chat,
                kind=OutboxKind.MESSAGE,
                payload=part.model_dump_json(exclude_defaults=True),
                urgency=envelope.urgency,
                subject=said.subject or envelope.subject,
                group=said.supersedes or envelope.group,
                resident=envelope.resident,
                not_before=envelope.not_before or said.not_before,
                expires_at=envelope.expires_at,
                vanishes=said.vanishes,
                at=at,
            )
