"""For whom a list of commands is: the scopes of the Bot API, checked as Telegram's server checks them."""

from __future__ import annotations

from bot.sandbox.exchange import Exchange, check_membership
from bot.sandbox.params import Params
from bot.sandbox.wire import bad_request

_WIDE = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_OF_CHAT = frozenset({"chat", "chat_administrators", "chat_member"})


def scope_of(exchange: Exchange, params: Params) -> str:
    """The scope that a call names, as lists are kept by: "chat_member:-1001:5".

    Raises 400 for a scope that is none, or of a chat that the bot does not know, and 403 where it was removed.
    """
    scope = params.json("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if not isinstance(scope, dict) or kind not in _WIDE | _OF_CHAT:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if kind in _WIDE:
        return str(kind)
    asked = Params(scope)
    chat = exchange.chat(asked)
    group = exchange.world.groups.get(chat.id)
    if group is not None:
        check_membership(group)
    elif not exchange.knows(chat.id):
        raise bad_request("chat not found")
    elif kind != "chat":
        raise bad_request("can't use specified scope in private chats")
    if kind != "chat_member":
        return f"{kind}:{chat.id}"
    member = asked.integer("user_id")
    if member <= 0:
        raise bad_request("invalid user_id specified")
    if not exchange.knows(member):
        raise bad_request("user not found")
    return f"{kind}:{chat.id}:{member}"
