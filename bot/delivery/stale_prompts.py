"""Prompts that a member of staff has not answered for an hour are taken out of the chat."""

from __future__ import annotations

from conversations.engine.messages import Outgoing
from services.staff.prompts import OPEN_FOR
from services.unit_of_work import Work
from storage import outbox, staff_prompts
from storage.records.outbox import OutboxKind


async def run_due(work: Work, limit: int) -> int:
    """Delete what asked and what offered, so that no app opens a reply to it any more; how many there were."""
    found = await staff_prompts.asked_before(work.tx, work.now - OPEN_FOR, limit)
    for prompt in found:
        staff_prompts.drop(work.tx, prompt)
        for message in (prompt.message, prompt.offer):
            if message is not None:
                outbox.add(
                    work.tx,
                    channel=prompt.channel,
                    chat=prompt.chat,
                    kind=OutboxKind.MESSAGE,
                    payload=Outgoing(delete=message).model_dump_json(exclude_defaults=True),
                    urgency=1,
                    subject=prompt.subject,
                    at=work.now,
                )
    return len(found)
