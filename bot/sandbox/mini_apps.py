"""Mini Apps: a page of the bot's that a person opens from a button, and who they are, as Telegram signs it.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote, urlencode

import orjson

from bot.sandbox.world import Account, Chat

_VERSION = "9.0"


def is_offered(chat: Chat, url: str) -> bool:
    """Whether a button of the chat opens this page; what nobody offered is not opened with anybody's name."""
    for stored in chat.messages.values():
        for row in stored.wire.get("reply_markup", {}).get("inline_keyboard", []):
            if any(button.get("web_app", {}).get("url") == url for button in row):
                return True
    return False


def address(url: str, person: Account, token: str, now: int) -> str:
    """The page's address with all that an app hands to it, which no server sees."""
    handed = {"tgWebAppData": init_data(person, token, now), "tgWebAppVersion": _VERSION, "tgWebAppPlatform": "sandbox"}
    return f"{url}#{urlencode(handed, quote_via=quote)}"


def init_data(person: Account, token: str, now: int) -> str:
    """Who opened the page and when, signed with the bot's token."""
    user = {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "language_code": person.language_code,
    }
    fields = {"auth_date": str(now), "query_id": f"sandbox-{person.id}-{now}", "user": orjson.dumps(user).decode()}
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode({**fields, "hash": hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()}, quote_via=quote)
