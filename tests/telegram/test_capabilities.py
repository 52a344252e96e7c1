"""What Telegram is said to take holds what the dialogue makes, and is what the sandbox enforces."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.sandbox import markup
from bot.sandbox.limits import TELEGRAM_LIMITS
from bot.telegram.capabilities import CAPABILITIES
from bot.telegram.links import TelegramLinks
from conversations.engine.messages import Choice
from conversations.engine.step import MAX_BUTTON_VALUE


def test_every_button_of_the_dialogue_fits() -> None:
    with pytest.raises(ValidationError):
        Choice(label="x" * (CAPABILITIES.label_length + 1))
    with pytest.raises(ValidationError):
        Choice(label="x", data="x" * (CAPABILITIES.data_bytes + 1))
    assert CAPABILITIES.data_bytes > MAX_BUTTON_VALUE


def test_the_sandbox_enforces_no_more() -> None:
    limits = CAPABILITIES.limits
    assert (CAPABILITIES.buttons, CAPABILITIES.buttons_in_row, CAPABILITIES.data_bytes) == (
        markup._MAX_BUTTONS,
        markup._MAX_IN_ROW,
        markup._MAX_DATA,
    )
    assert limits.overall[0] <= TELEGRAM_LIMITS.overall_per_second
    assert limits.replies[0] <= TELEGRAM_LIMITS.replies_per_second
    assert limits.chat[0] <= TELEGRAM_LIMITS.chat_burst
    assert limits.group == (TELEGRAM_LIMITS.group_per_minute, 60.0)


def test_links_lead_to_the_bot_and_to_people() -> None:
    links = TelegramLinks("customer_day_bot")
    assert links.chat() == "https://t.me/customer_day_bot"
    assert links.deep("book_capital") == "https://t.me/customer_day_bot?start=book_capital"
    assert links.shown() == "t.me/customer_day_bot"
    assert links.mention("9003", "A <b>") == '<a href="tg://user?id=9003">A &lt;b&gt;</a>'
    assert links.mention("chat:-5", "A channel") is None
    assert links.mention("9003", "") is None
