"""What Telegram takes and shows.

Lengths: https://core.telegram.org/bots/api#sendmessage, #sendphoto, #inlinekeyboardbutton, #sendmediagroup. Rates:
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this asks for about 30 **bulk notifications**
a second, one message a second in a chat with short bursts, and 20 a minute in a group. It names no figure for replies
to people who write: those Telegram limits by chat, and by answering 429. That a message takes 100 buttons, 8 in a row,
is known from practice. With `allow_paid_broadcast` (#sendmessage) up to 1,000 messages a second go, for 0.1 Telegram
Star each beyond the free rate.

Newer means: `style` of buttons since Bot API 9.4, `copy_text` since 7.11, the `date_time` entity since 9.5, ephemeral
messages since 10.2, under today's parameter since 10.3 (https://core.telegram.org/bots/api-changelog). A server that
somebody runs may be older; `newer.py` finds that out and falls back.
"""

from __future__ import annotations

from typing import Final

from bot.channel import Capabilities, Limits, Newer

CAPABILITIES: Final = Capabilities(
    limits=Limits(overall=(30, 1.0), replies=(500, 1.0), chat=(4, 4.0), group=(20, 60.0), paid=(1000, 1.0)),
    text_length=4096,  # UTF-16 units, after parsing
    caption_length=1024,
    buttons=100,
    buttons_in_row=8,
    rows=100,
    label_length=64,
    data_bytes=64,
    album=10,
    edits=True,
    deletes=True,
    reply_keyboard=True,
    link_buttons=True,
    copied_length=256,
    newer=frozenset(Newer),
)
