"""What a member's message says, and which case it is about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.engine.spoken import spoken
from conversations.staff.context import StaffContext
from services.actors import case_in
from services.cases import resident_actions
from services.cases.resident_actions import Case
from services.casework import cards
from services.casework.replies import ReplyKind
from services.notify.reply_subject import replied_subject
from services.text.normalise import clean

_PREFIXES: Mapping[str, ReplyKind] = MappingProxyType({"?": ReplyKind.ASK, "؟": ReplyKind.ASK, "#": ReplyKind.NOTE})
_MESSAGE = 4096  # characters, the longest of Telegram


async def replied_case(context: StaffContext) -> Case | None:
    """The case whose card, or whose message below it, this is a reply to."""
    said = context.said
    if said.reply_to is None:
        return None
    found = await cards.shown_by(context.work, said.channel, said.chat, said.reply_to)
    if found is None:
        about = await replied_subject(context.work, said.channel, said.chat, said.reply_to, said.reply_text)
        found = case_in(about)
    return None if found is None else await resident_actions.by_id(context.work, found)


def read_words(context: StaffContext) -> tuple[str, ReplyKind | None]:
    """What a member says, without its prefix, and what the prefix says it is.

    A place comes as a link that opens a map.
    """
    said, place = context.said, context.said.place
    text = clean(said.text, _MESSAGE)
    kind = _PREFIXES.get(text[:1])
    bare = said.model_copy(update={"text": text if kind is None else text[1:].strip()})
    words = clean(spoken(context.t, bare, place=False), 2 * _MESSAGE)
    link = "" if place is None else f"https://maps.google.com/?q={place.latitude:.6f},{place.longitude:.6f}"
    return "\n".join(part for part in (words, link) if part), kind
