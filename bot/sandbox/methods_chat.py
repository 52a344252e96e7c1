"""Bot API methods about chats, their members and topics, and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.sandbox.events import GroupChanged, TopicChanged
from bot.sandbox.exchange import Exchange, Placement
from bot.sandbox.params import Params
from bot.sandbox.wire import Wire, bad_request
from bot.sandbox.world import Account, BotStatus, Chat, Group

_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
_NO_GIFTS: Mapping[str, bool] = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}
_TOPIC_COLOUR = 7322096


async def get_chat(exchange: Exchange, params: Params) -> Wire:
    chat = exchange.chat(params)
    full: Wire = {
        **chat.wire,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict(_NO_GIFTS),
    }
    if chat.pinned and (stored := chat.messages.get(chat.pinned[-1])):
        full["pinned_message"] = stored.wire
    group = exchange.world.groups.get(chat.id)
    if group is not None:
        full["permissions"] = {"can_send_messages": True, "can_invite_users": True}
    return full


async def get_chat_member(exchange: Exchange, params: Params) -> Wire:
    chat, account = exchange.chat(params), exchange.world.account(params.integer("user_id"))
    if account is None:
        raise bad_request("user not found")
    group = exchange.world.groups.get(chat.id)
    if group is None:
        return {"status": "member", "user": account.wire()}
    return member_wire(group, account)


async def get_chat_administrators(exchange: Exchange, params: Params) -> list[Wire]:
    group = _group(exchange, params, "there are no administrators in the private chat")
    known = [account for one in group.administrators if (account := exchange.world.account(one))]
    members = [member_wire(group, account) for account in known]
    if group.bot is BotStatus.ADMINISTRATOR:
        members.append(member_wire(group, exchange.world.bot))
    return members


async def get_chat_member_count(exchange: Exchange, params: Params) -> int:
    chat = exchange.chat(params)
    group = exchange.world.groups.get(chat.id)
    return 2 if group is None else len(group.members) + group.bot.inside


def member_wire(group: Group, account: Account) -> Wire:
    """A `ChatMember`: what `account` is in `group`."""
    user = account.wire()
    if account.is_bot:
        return status_wire(group.bot, user)
    if account.id in group.banned:
        return status_wire(BotStatus.KICKED, user)
    if account.id not in group.members:
        return status_wire(BotStatus.LEFT, user)
    if group.administrators[:1] == (account.id,):
        return {"status": "creator", "user": user, "is_anonymous": False}
    if account.id in group.administrators:
        return status_wire(BotStatus.ADMINISTRATOR, user)
    return {"status": "member", "user": user}


def status_wire(status: BotStatus, user: Wire) -> Wire:
    member: Wire = {"status": status.value, "user": user}
    if status is BotStatus.ADMINISTRATOR:
        member |= {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(_RIGHTS, True)
    elif status is BotStatus.KICKED:
        member["until_date"] = 0
    return member


def membership_wire(chat: Wire, by: Account, at: int, old: Wire, new: Wire) -> Wire:
    """A `ChatMemberUpdated`: whose status in a chat changed from what to what, and by whom."""
    return {"chat": chat, "from": by.wire(), "date": at, "old_chat_member": old, "new_chat_member": new}


def _group(exchange: Exchange, params: Params, otherwise: str) -> Group:
    group = exchange.world.groups.get(exchange.chat(params).id)
    if group is None:
        raise bad_request(otherwise)
    return group


async def leave_chat(exchange: Exchange, params: Params) -> bool:
    exchange.reachable(params)
    group = _group(exchange, params, "chat member status can't be changed in private chats")
    exchange.world.commit(GroupChanged(replace(group, bot=BotStatus.LEFT)))
    return True


async def export_chat_invite_link(exchange: Exchange, params: Params) -> str:
    exchange.reachable(params)
    group = _group(exchange, params, "chat invite link can't be created in private chats")
    if group.bot is not BotStatus.ADMINISTRATOR:
        raise bad_request("not enough rights to manage chat invite link")
    return f"https://t.me/+sandbox{abs(group.id):x}"


async def create_forum_topic(exchange: Exchange, params: Params) -> Wire:
    chat = _forum(exchange, params)
    name = params.text("name")
    if not 1 <= len(name) <= 128:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    colour = params.integer("icon_color", _TOPIC_COLOUR)
    exchange.admit(chat)
    thread = exchange.world.next_message_id(chat)
    exchange.post(Placement(chat), topic_opened(thread, name, colour))
    exchange.world.commit(TopicChanged(chat.id, thread, name))
    return {"message_thread_id": thread, "name": name, "icon_color": colour}


def topic_opened(thread: int, name: str, colour: int = _TOPIC_COLOUR) -> Wire:
    """The content of the message that opens a topic, which has the topic's id."""
    created: Wire = {"name": name, "icon_color": colour}
    return {"message_thread_id": thread, "is_topic_message": True, "forum_topic_created": created}


async def edit_forum_topic(exchange: Exchange, params: Params) -> bool:
    chat, thread = _topic(exchange, params)
    topic = chat.topics[thread]
    name = params.text("name") or topic.name
    if name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    exchange.world.commit(TopicChanged(chat.id, thread, name, topic.closed))
    return True


async def close_forum_topic(exchange: Exchange, params: Params) -> bool:
    return _close(exchange, params, closed=True)


async def reopen_forum_topic(exchange: Exchange, params: Params) -> bool:
    return _close(exchange, params, closed=False)


def _close(exchange: Exchange, params: Params, *, closed: bool) -> bool:
    chat, thread = _topic(exchange, params)
    topic = chat.topics[thread]
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    exchange.world.commit(TopicChanged(chat.id, thread, topic.name, closed))
    return True


def _forum(exchange: Exchange, params: Params) -> Chat:
    chat = exchange.reachable(params)
    group = exchange.world.groups.get(chat.id)
    if group is None or not group.forum:
        raise bad_request("the chat is not a forum")
    if group.bot is not BotStatus.ADMINISTRATOR:
        raise bad_request("not enough rights to create a topic")
    return chat


def _topic(exchange: Exchange, params: Params) -> tuple[Chat, int]:
    chat, thread = _forum(exchange, params), params.integer("message_thread_id")
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    return chat, thread


async def get_file(exchange: Exchange, params: Params) -> Wire:
    record = exchange.world.files.get(params.text("file_id"))
    if record is None:
        missing = not params.text("file_id")
        raise bad_request(
            "file_id not specified" if missing else "wrong file_id or the file is temporarily unavailable"
        )
    if record.size > exchange.limits.download_bytes:
        raise bad_request("file is too big")
    return {
        "file_id": record.file_id,
        "file_unique_id": record.unique_id,
        "file_size": record.size,
        "file_path": record.path,
    }
