"""What members of staff were asked to write in a chat, and what they wrote there without replying to it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from storage.columns import columns_of, upsert_into
from storage.database import Dialect, Transaction
from storage.ids import ChatId, ForumTopicId, MessageId, Subject
from storage.records import Instant, Record

_PROMPT, _OFFER = "staff_prompt:", "staff_offer:"


class WordsFor(StrEnum):
    """What the words are for."""

    CASE = "case"
    APPOINTMENT = "appointment"
    OUTCOME = "outcome"


class StaffPrompt(Record):
    """A member was asked to write. `held` is JSON that `conversations.staff` reads."""

    channel: str
    chat: ChatId
    address: str
    mark: int  # what buttons call it by
    topic: ForumTopicId | None
    words_for: WordsFor
    subject: Subject
    message: MessageId | None = None  # which asks; None until it is sent, or where a message with buttons asks
    offer: MessageId | None = None  # which offers to take what was written without replying
    held: str = "[]"
    quiet: bool = False  # the member said that what they write there is not meant
    asked_at: Instant


_PUT = upsert_into("staff_prompts", columns_of(StaffPrompt), {"channel", "chat", "address"})


def prompt_group(mark: int) -> str:
    """What the outbox calls the message that asks."""
    return f"{_PROMPT}{mark}"


def offer_group(mark: int) -> str:
    """What the outbox calls the message that offers to take what was written without replying."""
    return f"{_OFFER}{mark}"


async def of(tx: Transaction, channel: str, chat: ChatId, address: str) -> StaffPrompt | None:
    """What a member was asked to write in a chat. Until the commit nobody else acts on it."""
    sql = "SELECT * FROM staff_prompts WHERE channel = :channel AND chat = :chat AND address = :address"
    if tx.dialect is Dialect.POSTGRES:
        sql += " FOR UPDATE"
    return StaffPrompt.maybe(await tx.one(sql, channel=channel, chat=chat, address=address))


async def marked(tx: Transaction, mark: int) -> StaffPrompt | None:
    """The prompt that buttons call so, whoever's it is."""
    return StaffPrompt.maybe(await tx.one("SELECT * FROM staff_prompts WHERE mark = :mark", mark=mark))


def put(tx: Transaction, prompt: StaffPrompt) -> None:
    """Ask this of the member, in place of anything else there."""
    tx.later(_PUT, **prompt.model_dump())


def drop(tx: Transaction, prompt: StaffPrompt) -> None:
    tx.later("DELETE FROM staff_prompts WHERE mark = :mark", mark=prompt.mark)


def shown(tx: Transaction, group: str, message: MessageId) -> bool:
    """Record which message asks or offers; False where the outbox's group is another's."""
    for prefix, column in ((_PROMPT, "message"), (_OFFER, "offer")):
        if group.startswith(prefix):
            mark = int(group.removeprefix(prefix))
            tx.later(f"UPDATE staff_prompts SET {column} = :message WHERE mark = :mark", message=message, mark=mark)
            return True
    return False


async def asked_before(tx: Transaction, before: datetime, limit: int) -> list[StaffPrompt]:
    """Prompts that nobody has answered since, the oldest first."""
    sql = "SELECT * FROM staff_prompts WHERE asked_at < :before ORDER BY asked_at LIMIT :limit"
    return [StaffPrompt.of(row) for row in await tx.all(sql, before=before, limit=limit)]


def forget(tx: Transaction, subject: Subject) -> None:
    """Close every prompt about this, and delete what was typed for it."""
    tx.later("DELETE FROM staff_prompts WHERE subject = :subject", subject=subject)
