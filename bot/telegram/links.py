"""Links that lead to the bot on Telegram, and to people: https://core.telegram.org/api/links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from storage.ids import ChatId, MessageId

_SUPERGROUPS: Final = -1_000_000_000_000  # below it; by https://core.telegram.org/api/bots/ids


@dataclass(frozen=True, slots=True)
class TelegramLinks:
    """Implements `conversations.engine.step.ChannelLinks`. `username` is the bot's, without the @."""

    username: str

    def chat(self) -> str:
        return f"https://t.me/{self.username}"

    def deep(self, payload: str) -> str:
        return f"https://t.me/{self.username}?start={payload}"

    def shown(self) -> str:
        return f"t.me/{self.username}"

    def mention(self, address: str, name: str) -> Markup | None:
        """By the person's number: who writes as a group or a channel has none."""
        if not (address.isascii() and address.isdecimal() and name):
            return None
        return Markup('<a href="tg://user?id={}">{}</a>').format(address, name)

    def message(self, chat: ChatId, message: MessageId) -> str | None:
        """In supergroups alone: a basic group's messages have no address."""
        if not (chat.startswith("-") and (chat[1:] + message).isdecimal() and int(chat) < _SUPERGROUPS):
            return None
        return f"https://t.me/c/{_SUPERGROUPS - int(chat)}/{message}"
