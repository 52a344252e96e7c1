"""Links that lead to people and messages on Telegram."""

from __future__ import annotations

import pytest

from bot.telegram.links import TelegramLinks
from storage.ids import ChatId, MessageId


@pytest.mark.parametrize(
    ("chat", "message", "link"),
    [
        ("-1001234567890", "55", "https://t.me/c/1234567890/55"),
        ("-1001000000001", "7", "https://t.me/c/1000000001/7"),
        ("-1001234567", "55", None),  # a basic group, whose number begins like a supergroup's
        ("-5001", "55", None),
        ("7001", "55", None),
        ("-1001234567890", "x", None),
    ],
)
def test_messages_of_supergroups_have_links(chat: str, message: str, link: str | None) -> None:
    assert TelegramLinks("desk_bot").message(ChatId(chat), MessageId(message)) == link
