"""The Telegram channel: the only room that knows Telegram."""

import os

# python-telegram-bot's own switch to its coming default: spans of time as `timedelta`. Without it every
# RetryAfter it raises warns of deprecation; https://docs.python-telegram-bot.org, "v22.2" notes.
os.environ.setdefault("PTB_TIMEDELTA", "true")
