"""What a member's message says, and which case it is about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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


def text_of(context: StaffContext) -> str:
    """What was written, or the place that was sent, as a link that opens a map."""
    place = context.said.place
    if place is not None:
        return f"https://maps.google.com/?q={place.latitude:.6f},{place.longitude:.6f}"
    return clean(context.said.text, _MESSAGE)


def split_prefix(text: str) -> tuple[str, ReplyKind | None]:
    """The words without their prefix, and what it says they are."""
    kind = _PREFIXES.get(text[:1])
    return (text, None) if kind is None else (text[1:].strip(), kind)
