"""What stands under a message, in the Bot API's JSON: buttons, or a keyboard that asks for something."""

from __future__ import annotations

from conversations.engine.messages import Choice, Emphasis, Outgoing, Request

Keyboard = dict[str, object]
"""https://core.telegram.org/bots/api#inlinekeyboardmarkup, #replykeyboardmarkup, #replykeyboardremove or #forcereply"""

_STYLES = {Emphasis.MAIN: "primary", Emphasis.CONFIRM: "success", Emphasis.DANGER: "danger"}
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
    style = {} if choice.emphasis is Emphasis.NONE else {"style": _STYLES[choice.emphasis]}
    return {"text": choice.label, **_does(choice), **style}


def _does(choice: Choice) -> dict[str, object]:
    if choice.web_app:
        return {"web_app": {"url": choice.web_app}}
    if choice.url:
        return {"url": choice.url}
    if choice.copies:
        return {"copy_text": {"text": choice.copies}}
    return {"callback_data": choice.data}
