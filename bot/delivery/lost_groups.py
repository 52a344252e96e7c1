"""What becomes of messages to a group in which the bot cannot write, and to one in which it can again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.offices.offices import Offices
from services.staff.lost_chats import TRY_AGAIN
from storage import lost_chats as rows
from storage.database import Transaction
from storage.ids import ChatId

Newest = Callable[[str, ChatId], ChatId]
"""Where a chat is now: a group may have moved."""


def lose(
    tx: Transaction, offices: Offices, newest: Newest, channel: str, chat: ChatId, reason: str, now: datetime
) -> None:
    """A message could not be delivered. What is owed to an office's group waits; elsewhere it is given up."""
    of_office = any(one.staff_chat and newest(channel, ChatId(one.staff_chat)) == chat for one in offices.all)
    rows.lose(tx, channel, chat, reason, now, of_office=of_office)
    rows.hold(tx, channel, chat, now + TRY_AGAIN)
    rows.give_up(tx, channel, chat, reason, now)


def regain(tx: Transaction, channel: str, chat: ChatId, now: datetime) -> None:
    """Something has arrived in a group that was lost: what was owed there is due."""
    rows.regain(tx, channel, chat)
    rows.release(tx, channel, chat, now)
