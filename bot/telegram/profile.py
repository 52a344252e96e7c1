"""What Telegram shows of the bot itself: its menus of commands, its descriptions and its name, in each language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from telegram import (
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
    BotCommandScopeDefault,
)

from bot.telegram import ids
from bot.telegram.api import Api
from storage.ids import ChatId


@dataclass(frozen=True, slots=True)
class CommandMenu:
    """The commands offered in one kind of chat, or in one `chat`, to people whose app is in one language.

    Without commands those that were offered there are taken away, and the wider ones show again.
    """

    commands: tuple[tuple[str, str], ...]  # (name without the slash, description)
    scope: Literal["everywhere", "private", "groups", "administrators", "chat", "member"] = "everywhere"
    chat: ChatId = ids.NO_CHAT  # for the scopes "chat" and "member"
    member: str = ""  # for the scope "member": whose list it is, by their address
    language_code: str | None = None  # two letters; None for every language without a menu of its own


@dataclass(frozen=True, slots=True)
class Profile:
    """What the bot says it is, to people whose app is in one language."""

    description: str  # in an empty chat with the bot; at most 512 characters
    short_description: str  # on its profile page; at most 120
    name: str = ""  # above every chat with it; at most 64. "" leaves the name as it is
    language_code: str | None = None


async def publish(api: Api, menus: Iterable[CommandMenu], profiles: Iterable[Profile]) -> None:
    """Set all of it. Raises `telegram.error.TelegramError` at the first that is refused."""
    for menu in menus:
        if menu.commands:
            await api.set_my_commands(menu.commands, scope=_scope(menu), language_code=menu.language_code)
        else:
            await api.delete_my_commands(scope=_scope(menu), language_code=menu.language_code)
    told = tuple(profiles)
    for profile in told:
        await api.set_my_description(profile.description, language_code=profile.language_code)
        await api.set_my_short_description(profile.short_description, language_code=profile.language_code)
    for profile in told:
        await _name(api, profile)


async def _name(api: Api, profile: Profile) -> None:
    """Set the name where it is another: Telegram takes few changes a day, and refuses more for hours."""
    if not profile.name or (await api.get_my_name(profile.language_code)).name == profile.name:
        return
    await api.set_my_name(profile.name, language_code=profile.language_code)


def _scope(menu: CommandMenu) -> BotCommandScope:
    match menu.scope:
        case "everywhere":
            return BotCommandScopeDefault()
        case "private":
            return BotCommandScopeAllPrivateChats()
        case "groups":
            return BotCommandScopeAllGroupChats()
        case "administrators":
            return BotCommandScopeAllChatAdministrators()
        case "chat":
            return BotCommandScopeChat(ids.chat_number(menu.chat))
        case "member":
            return BotCommandScopeChatMember(ids.chat_number(menu.chat), ids.person_number(menu.member))
