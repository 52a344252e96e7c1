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
    try:
        return datetime.fromtimestamp(int(payload.get("edit_date") or payload["date"]), UTC) + KEPT
    except (KeyError, TypeError, ValueError, OverflowError, OSError):  # a test makes updates that nobody can date
        return now + KEPT


def lane_of(update: Wire) -> Lane:
    """Its queue: taps wait for each other by person, what becomes of members and reactions apart from what is said."""
    kind = next((key for key in update if key != "update_id"), "")
    payload: Wire = update.get(kind, {})
    match kind:
        case "callback_query":
            return "taps", _id_in(payload, "from")
        case "my_chat_member":
            return "bot", _id_in(payload, "chat")
        case "chat_member":
            return "members", _id_in(payload.get("new_chat_member", {}), "user")
        case "message_reaction":
            return "reactions", _id_in(payload, "chat")
    return "messages", _id_in(payload, "chat")


def _id_in(payload: Wire, whose: str) -> int:
    """0 where it has none, as an update that a test made up."""
    found = payload.get(whose)
    number = found.get("id") if isinstance(found, dict) else None
    return number if isinstance(number, int) else 0
