"""Bot API methods about the bot itself: who it is, its commands, names and webhook."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pydantic import JsonValue

from bot.sandbox.command_scopes import scope_of
from bot.sandbox.events import SettingChanged
from bot.sandbox.exchange import Exchange
from bot.sandbox.params import Params
from bot.sandbox.wire import Wire, bad_request

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


async def get_me(exchange: Exchange, params: Params) -> Wire:  # noqa: ARG001 - every method takes both
    return {
        **exchange.bot_wire,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


# ---------------------------------------------------------------------------- updates


async def get_updates(exchange: Exchange, params: Params) -> list[Wire]:
    if params.has("allowed_updates"):
        _set_allowed(exchange, params)
    timeout = min(params.integer("timeout"), 50)
    return await exchange.delivery.poll(params.integer("offset"), params.integer("limit", 100), timeout)


async def set_webhook(exchange: Exchange, params: Params) -> bool:
    url, secret = params.text("url"), params.text("secret_token")
    if url and urlsplit(url).scheme not in ("https", "http"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not _SECRET.fullmatch(secret):
        too_long = len(secret) > 256
        raise bad_request("secret token is too long" if too_long else "secret token contains unallowed characters")
    connections = params.integer("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad_request("bad webhook: max_connections must be between 1 and 100")
    if params.has("allowed_updates"):
        _set_allowed(exchange, params)
    if params.flag("drop_pending_updates"):
        exchange.delivery.drop_pending()
    _set_webhook(exchange, url, secret, connections)
    return True


async def delete_webhook(exchange: Exchange, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        exchange.delivery.drop_pending()
    _set_webhook(exchange, "", "", 40)
    return True


def _set_webhook(exchange: Exchange, url: str, secret: str, connections: int) -> None:
    wanted = {
        "webhook_url": url or None,
        "webhook_secret": secret or None,
        "webhook_max_connections": connections,
        "webhook_error": None,
        "webhook_error_date": None,
    }
    for key, value in wanted.items():
        exchange.world.commit(SettingChanged(key, value))
    exchange.delivery.restart()


def _set_allowed(exchange: Exchange, params: Params) -> None:
    allowed = params.json("allowed_updates")
    if not isinstance(allowed, list):
        raise bad_request("allowed_updates must be an Array of String")
    if exchange.world.setting("allowed_updates", []) != allowed:
        exchange.world.commit(SettingChanged("allowed_updates", allowed))


async def get_webhook_info(exchange: Exchange, params: Params) -> Wire:  # noqa: ARG001 - every method takes both
    settings = exchange.world.settings
    info: Wire = {
        "url": settings.get("webhook_url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(exchange.world.pending),
    }
    if info["url"]:
        info["max_connections"] = settings.get("webhook_max_connections", 40)
        info["ip_address"] = "127.0.0.1"
    if settings.get("allowed_updates"):
        info["allowed_updates"] = settings["allowed_updates"]
    if "webhook_error" in settings:
        info["last_error_message"] = settings["webhook_error"]
        info["last_error_date"] = settings["webhook_error_date"]
    return info


async def log_out(exchange: Exchange, params: Params) -> bool:  # noqa: ARG001 - every method takes both
    return True


# ---------------------------------------------------------------------------- commands


async def set_my_commands(exchange: Exchange, params: Params) -> bool:
    commands = params.json("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands JSON object")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict):
            raise bad_request("can't parse BotCommand: expected an Object")
        if not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    kept: list[JsonValue] = [
        {"command": str(one["command"]).removeprefix("/"), "description": str(one["description"])} for one in commands
    ]
    exchange.world.commit(SettingChanged(_commands_key(exchange, params), kept or None))
    return True


async def get_my_commands(exchange: Exchange, params: Params) -> object:
    return exchange.world.setting(_commands_key(exchange, params), [])


async def delete_my_commands(exchange: Exchange, params: Params) -> bool:
    exchange.world.commit(SettingChanged(_commands_key(exchange, params), None))
    return True


def _commands_key(exchange: Exchange, params: Params) -> str:
    return commands_key(scope_of(exchange, params), params.text("language_code"))


def commands_key(scope: str, language: str) -> str:
    return f"commands/{scope}/{language}"


# ---------------------------------------------------------------------------- names


async def set_my_name(exchange: Exchange, params: Params) -> bool:
    return _set_words(exchange, params, "name", 64)


async def get_my_name(exchange: Exchange, params: Params) -> Wire:
    return {"name": _words(exchange, params, "name") or exchange.world.bot.first_name}


async def set_my_description(exchange: Exchange, params: Params) -> bool:
    return _set_words(exchange, params, "description", 512)


async def get_my_description(exchange: Exchange, params: Params) -> Wire:
    return {"description": _words(exchange, params, "description")}


async def set_my_short_description(exchange: Exchange, params: Params) -> bool:
    return _set_words(exchange, params, "short_description", 120)


async def get_my_short_description(exchange: Exchange, params: Params) -> Wire:
    return {"short_description": _words(exchange, params, "short_description")}


def _set_words(exchange: Exchange, params: Params, what: str, limit: int) -> bool:
    words = params.text(what)
    if len(words) > limit:
        raise bad_request(f"{what.replace('_', ' ')} is too long")
    exchange.world.commit(SettingChanged(f"{what}/{params.text('language_code')}", words or None))
    return True


def _words(exchange: Exchange, params: Params, what: str) -> str:
    settings = exchange.world.settings
    return str(settings.get(f"{what}/{params.text('language_code')}") or settings.get(f"{what}/") or "")


async def set_chat_menu_button(exchange: Exchange, params: Params) -> bool:
    button = params.json("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    exchange.world.commit(SettingChanged(f"menu_button/{params.text('chat_id')}", button))
    return True


async def get_chat_menu_button(exchange: Exchange, params: Params) -> object:
    settings = exchange.world.settings
    default = settings.get("menu_button/", {"type": "commands"})
    return settings.get(f"menu_button/{params.text('chat_id')}", default)
