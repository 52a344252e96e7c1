"""What stands under a message, in the Bot API's JSON: buttons, or a keyboard that asks for something."""

from __future__ import annotations

from conversations.engine.messages import Choice, Outgoing, Request

Keyboard = dict[str, object]
"""https://core.telegram.org/bots/api#inlinekeyboardmarkup, #replykeyboardmarkup, #replykeyboardremove or #forcereply"""

_ASKS = {Request.CONTACT: "request_contact", Request.LOCATION: "request_location"}


def under(message: Outgoing) -> Keyboard | None:
    """What goes under a new message: a keyboard or a field that asks for something, buttons, or a keyboard's end."""
    if message.ask_for is not None:
        asking = {"text": message.ask_label, _ASKS[message.ask_for]: True}
        words = [[{"text": choice.label} for choice in row] for row in message.rows]
        return {"keyboard": [[asking], *words], "resize_keyboard": True, "one_time_keyboard": True}
    if message.rows:
        return buttons(message.rows)
    if message.reply_hint:
        return {"force_reply": True, "selective": True, "input_field_placeholder": message.reply_hint}
    return {"remove_keyboard": True} if message.drop_keyboard else None


def buttons(rows: tuple[tuple[Choice, ...], ...]) -> Keyboard:
    """The buttons of one message."""
    return {"inline_keyboard": [[_button(choice) for choice in row] for row in rows]}


def _button(choice: Choice) -> dict[str, object]:
    if choice.web_app:
        return {"text": choice.label, "web_app": {"url": choice.web_app}}
    if choice.url:
        return {"text": choice.label, "url": choice.url}
    return {"text": choice.label, "callback_data": choice.data}
