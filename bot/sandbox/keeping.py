"""How long Telegram keeps an update for a bot that is away, and which updates it brings one after the other.

Both are by the source of its server (tdlib/telegram-bot-api, `Client::add_update` and its callers).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.sandbox.wire import Wire

TAPS_KEPT = timedelta(seconds=150)
KEPT = timedelta(hours=24)

Lane = tuple[str, int]
"""What a webhook's updates are queued by: a kind of queue, and a chat's id or a person's."""


def kept_until(kind: str, payload: Wire, now: datetime) -> datetime:
    """When an update is forgotten: a tap so long after it was made, anything else a day after what it tells of."""
    if kind == "callback_query":
        return now + TAPS_KEPT
    return datetime.fromtimestamp(int(payload.get("edit_date") or payload["date"]), UTC) + KEPT


def lane_of(update: Wire) -> Lane:
    """Its queue: taps wait for each other by person, and what becomes of members apart from what is said."""
    kind, payload = next((key, value) for key, value in update.items() if key != "update_id")
    match kind:
        case "callback_query":
            return "taps", int(payload["from"]["id"])
        case "my_chat_member":
            return "bot", int(payload["chat"]["id"])
        case "chat_member":
            return "members", int(payload["new_chat_member"]["user"]["id"])
    return "messages", int(payload["chat"]["id"])
