"""What stands under a message: buttons, or a keyboard that asks for something."""

from __future__ import annotations

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from conversations.messages import Choice, Outgoing, Request

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


def under(message: Outgoing) -> Keyboard | None:
    """What goes under a new message: a keyboard that asks for something, buttons, or a keyboard's end."""
    if message.ask_for is not None:
        asking = KeyboardButton(
            message.ask_label,
            request_contact=True if message.ask_for is Request.CONTACT else None,
            request_location=True if message.ask_for is Request.LOCATION else None,
        )
        words = [[KeyboardButton(choice.label) for choice in row] for row in message.rows]
        return ReplyKeyboardMarkup([[asking], *words], resize_keyboard=True, one_time_keyboard=True)
    if message.rows:
        return buttons(message.rows)
    return ReplyKeyboardRemove() if message.drop_keyboard else None


def buttons(rows: tuple[tuple[Choice, ...], ...]) -> InlineKeyboardMarkup:
    """The buttons of one message."""
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(choice.label, url=choice.url)
                if choice.url
                else InlineKeyboardButton(choice.label, callback_data=choice.data)
                for choice in row
            ]
            for row in rows
        ]
    )
