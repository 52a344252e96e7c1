"""The living message with a line's buttons: where one was asked for, and which message it is."""

from __future__ import annotations

from datetime import datetime

from storage.columns import columns_of, upsert_into
from storage.database import Transaction
from storage.ids import ChatId, MessageId, ResidentId, SessionId
from storage.records import Instant, Record

_PANEL = "line_panel:"


class Panel(Record):
    session_id: SessionId
    channel: str
    chat: ChatId
    resident_id: ResidentId | None  # whose private chat it is; None in an office's group
    message: MessageId | None = None  # None until it was sent
    shown: str = ""  # a digest of what it was last made to show
    asked_at: Instant


_PUT = upsert_into("line_panels", columns_of(Panel), key=("session_id", "channel", "chat"))


async def of(tx: Transaction, session: SessionId, channel: str, chat: ChatId) -> Panel | None:
    sql = "SELECT * FROM line_panels WHERE session_id = :session AND channel = :channel AND chat = :chat"
    return Panel.maybe(await tx.one(sql, session=session, channel=channel, chat=chat))


async def of_session(tx: Transaction, session: SessionId) -> tuple[Panel, ...]:
    """All that show a line."""
    rows = await tx.all("SELECT * FROM line_panels WHERE session_id = :session ORDER BY chat", session=session)
    return tuple(Panel.of(row) for row in rows)


def put(tx: Transaction, panel: Panel) -> None:
    """A panel is asked for here, in place of one that was before."""
    tx.later(_PUT, **panel.model_dump())


def shows(tx: Transaction, panel: Panel, digest: str) -> None:
    """What it is made to show now."""
    tx.later(
        "UPDATE line_panels SET shown = :digest WHERE session_id = :session AND channel = :channel AND chat = :chat",
        digest=digest,
        session=panel.session_id,
        channel=panel.channel,
        chat=panel.chat,
    )


def group(session: SessionId, chat: ChatId) -> str:
    """What messages that show a panel supersede each other by."""
    return f"{_PANEL}{session}:{chat}"


def of_group(supersedes: str) -> SessionId | None:
    """Which line a message shows; None where it shows none."""
    if not supersedes.startswith(_PANEL):
        return None
    return SessionId(int(supersedes.removeprefix(_PANEL).partition(":")[0]))


def sent(tx: Transaction, session: SessionId, channel: str, chat: ChatId, message: MessageId, at: datetime) -> None:
    """It was sent or edited: this message shows it, unless another was asked for meanwhile."""
    tx.later(
        "UPDATE line_panels SET message = :message"
        " WHERE session_id = :session AND channel = :channel AND chat = :chat AND asked_at <= :at",
        message=message,
        session=session,
        channel=channel,
        chat=chat,
        at=at,
    )
