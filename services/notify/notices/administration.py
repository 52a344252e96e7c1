"""What administrators are told of the installation."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from services.notify.notices import Notice
from storage.ids import ChatId, OfficeId


class OfficeChatLost(Notice):
    """The bot cannot write in an office's group any more."""

    about: Literal["office_chat_lost"] = "office_chat_lost"
    office: OfficeId
    chat: ChatId


class MessagesByHand(Notice):
    """Messages of a staff chat are about somebody who was erased, and only the people there can delete them."""

    about: Literal["messages_by_hand"] = "messages_by_hand"
    channel: str
    chat: ChatId


class WebhookFailing(Notice):
    """Telegram cannot deliver what people write."""

    about: Literal["webhook_failing"] = "webhook_failing"
    error: str
    pending: int
    since: AwareDatetime


class ChatForbids(Notice):
    """A staff chat does not let the bot send something: an administrator is told."""

    about: Literal["chat_forbids"] = "chat_forbids"
    channel: str
    chat: ChatId
    reason: str  # in the channel's words
