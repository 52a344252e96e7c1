"""The bot in a group: it serves residents in private, so here it says little and keeps nothing."""

from __future__ import annotations

from conversations.messages import Incoming, Kind
from conversations.step import Button, Voice


async def in_group(voice: Voice, said: Incoming) -> str:
    """Answer what happened in a group; the short answer to a tap, where it was one."""
    t = voice.t
    open_chat = ((Button(label=t.plain("Open the private chat"), url=f"https://t.me/{voice.links.bot}"),),)
    match said.kind:
        case Kind.JOINED:
            voice.say(
                t(
                    "Hello. This group's number is {chat}. Once the administrator sets it as an office's staff chat, "
                    "that office's new bookings and requests appear here. Residents are served in private.",
                    chat=t.ref(said.chat),
                ),
                open_chat,
            )
        case Kind.COMMAND:
            voice.say(t("Residents are served in a private chat, where nobody else reads along."), open_chat)
        case Kind.CHOICE:
            return t.plain("You have no permission for that")
    return ""
