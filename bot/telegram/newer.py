"""What Telegram may show since lately, and today's way for a server or a chat that refuses it.

Telegram documents none of its refusals. Servers of older versions ignore what they do not know (a colour, whom a
message is for) or refuse it (a button that copies, a moment); a newer one refuses an ephemeral message where the bot
does not administer the group. Whatever is refused is left out at once, and for an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from bot.channel import Newer
from conversations.engine.messages import Choice, Emphasis, Outgoing
from locales.html import moments_as
from storage.ids import ChatId

REMEMBERED: Final = 3600.0  # seconds
EVERYWHERE: Final = ChatId("")
_TAG: Final = "tg-time"
_BLAMED: Final[Mapping[Newer, tuple[str, ...]]] = MappingProxyType(
    {
        Newer.READERS: ("ephemeral", "bot_not_admin", "not_admin", "receiver", "participant", "administrator rights"),
        Newer.COLOURS: ("style",),
        Newer.COPYING: ("copy_text", "text buttons are unallowed"),
        Newer.MOMENTS: (_TAG, "date_time", "date-time", "unix", "can't parse entities"),
    }
)


class Refusals:
    """What was refused, until when. Of whom a message is for: by group, since it hangs on the bot's rights there."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._until: dict[tuple[Newer, ChatId], float] = {}

    def note(self, newer: Newer, chat: ChatId) -> None:
        self._until[newer, chat] = self._monotonic() + REMEMBERED

    def of(self, chat: ChatId) -> frozenset[Newer]:
        """What is not even tried there."""
        now = self._monotonic()
        self._until = {key: until for key, until in self._until.items() if until > now}
        return frozenset(newer for newer, where in self._until if where in (chat, EVERYWHERE))


def used(message: Outgoing) -> frozenset[Newer]:
    """Which newer means a message uses."""
    choices = [choice for row in message.rows for choice in row]
    uses = {
        Newer.READERS: message.reader is not None,
        Newer.COLOURS: any(choice.emphasis is not Emphasis.NONE for choice in choices),
        Newer.COPYING: any(choice.copies for choice in choices),
        Newer.MOMENTS: "<time " in message.text,
    }
    return frozenset(newer for newer, is_used in uses.items() if is_used)


def without(message: Outgoing, left_out: frozenset[Newer]) -> Outgoing | None:
    """The message in today's way; None where it was for one person alone and for nobody else."""
    changed: dict[str, object] = {}
    if Newer.READERS in left_out and message.reader is not None:
        if not message.reader.else_all:
            return None
        changed["reader"] = None
    if Newer.MOMENTS in left_out:
        changed["text"] = moments_as(message.text, "")
    if left_out & {Newer.COLOURS, Newer.COPYING}:
        rows = (tuple(_plainer(choice, left_out) for choice in row if _stays(choice, left_out)) for row in message.rows)
        changed["rows"] = tuple(row for row in rows if row)
    return message.model_copy(update=changed) if changed else message


def _stays(choice: Choice, left_out: frozenset[Newer]) -> bool:
    return not (choice.copies and Newer.COPYING in left_out)


def _plainer(choice: Choice, left_out: frozenset[Newer]) -> Choice:
    if choice.emphasis is Emphasis.NONE or Newer.COLOURS not in left_out:
        return choice
    return choice.model_copy(update={"emphasis": Emphasis.NONE})


def blamed(error: str, uses: frozenset[Newer]) -> frozenset[Newer]:
    """Which of what a message uses was refused, by Telegram's words; all where they name none."""
    said = error.lower()
    named = frozenset(newer for newer in uses if any(phrase in said for phrase in _BLAMED[newer]))
    return named or uses


def in_telegrams_words(message: Outgoing) -> Outgoing:
    """With its moments as Telegram marks them."""
    text = moments_as(message.text, _TAG)
    return message if text == message.text else message.model_copy(update={"text": text})
