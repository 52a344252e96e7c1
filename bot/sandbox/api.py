"""The Bot API over HTTP: which method a call names, what it answers, and what was refused."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import orjson
from aiohttp import hdrs, web

from bot.sandbox import methods_bot, methods_chat, methods_edit, methods_send
from bot.sandbox.exchange import Exchange
from bot.sandbox.params import Params, read_params
from bot.sandbox.wire import ApiError, Wire

Method = Callable[[Exchange, Params], Awaitable[object]]

_METHODS: Mapping[str, Method] = {
    name.lower(): method
    for name, method in {
        "getMe": methods_bot.get_me,
        "getUpdates": methods_bot.get_updates,
        "setWebhook": methods_bot.set_webhook,
        "deleteWebhook": methods_bot.delete_webhook,
        "getWebhookInfo": methods_bot.get_webhook_info,
        "logOut": methods_bot.log_out,
        "close": methods_bot.log_out,
        "setMyCommands": methods_bot.set_my_commands,
        "getMyCommands": methods_bot.get_my_commands,
        "deleteMyCommands": methods_bot.delete_my_commands,
        "setMyName": methods_bot.set_my_name,
        "getMyName": methods_bot.get_my_name,
        "setMyDescription": methods_bot.set_my_description,
        "getMyDescription": methods_bot.get_my_description,
        "setMyShortDescription": methods_bot.set_my_short_description,
        "getMyShortDescription": methods_bot.get_my_short_description,
        "setChatMenuButton": methods_bot.set_chat_menu_button,
        "getChatMenuButton": methods_bot.get_chat_menu_button,
        "sendMessage": methods_send.send_message,
        "sendPhoto": methods_send.send_photo,
        "sendDocument": methods_send.send_document,
        "sendVoice": methods_send.send_voice,
        "sendVideo": methods_send.send_video,
        "sendMediaGroup": methods_send.send_media_group,
        "sendLocation": methods_send.send_location,
        "sendVenue": methods_send.send_venue,
        "sendContact": methods_send.send_contact,
        "sendChatAction": methods_send.send_chat_action,
        "copyMessage": methods_send.copy_message,
        "forwardMessage": methods_send.forward_message,
        "editMessageText": methods_edit.edit_message_text,
        "editMessageCaption": methods_edit.edit_message_caption,
        "editMessageMedia": methods_edit.edit_message_media,
        "editMessageReplyMarkup": methods_edit.edit_message_reply_markup,
        "deleteMessage": methods_edit.delete_message,
        "deleteMessages": methods_edit.delete_messages,
        "editEphemeralMessageText": methods_edit.edit_ephemeral_message_text,
        "deleteEphemeralMessage": methods_edit.delete_ephemeral_message,
        "answerCallbackQuery": methods_edit.answer_callback_query,
        "setMessageReaction": methods_edit.set_message_reaction,
        "pinChatMessage": methods_edit.pin_chat_message,
        "unpinChatMessage": methods_edit.unpin_chat_message,
        "unpinAllChatMessages": methods_edit.unpin_all_chat_messages,
        "getChat": methods_chat.get_chat,
        "getChatMember": methods_chat.get_chat_member,
        "getChatAdministrators": methods_chat.get_chat_administrators,
        "getChatMemberCount": methods_chat.get_chat_member_count,
        "leaveChat": methods_chat.leave_chat,
        "exportChatInviteLink": methods_chat.export_chat_invite_link,
        "createForumTopic": methods_chat.create_forum_topic,
        "editForumTopic": methods_chat.edit_forum_topic,
        "closeForumTopic": methods_chat.close_forum_topic,
        "reopenForumTopic": methods_chat.reopen_forum_topic,
        "getFile": methods_chat.get_file,
    }.items()
}

# Refusals that happen to a correct bot: the world moved on between its reading and its writing.
_CIRCUMSTANCES = (
    "Bad Request: group chat was upgraded",
    "Bad Request: message is not modified",
    "Bad Request: message to edit not found",
    "Bad Request: message to delete not found",
    "Bad Request: query is too old",
    # What a chat's administrators, a resident's settings or the days that passed no longer let it do.
    "Bad Request: message can't be deleted",
    "Bad Request: VOICE_MESSAGES_FORBIDDEN",
    "Bad Request: TOPIC_CLOSED",
    "Bad Request: message thread not found",
    "Bad Request: have no write access",
    "Bad Request: not enough rights to send",
    "Bad Request: BOT_NOT_ADMIN",
    "Bad Request: USER_NOT_PARTICIPANT",
)


_AN_HOUR = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that was refused."""

    method: str
    code: int
    description: str
    chat: str = ""

    @property
    def violation(self) -> bool:
        """Whether the bot broke a rule it could have kept."""
        if self.method == "setMyCommands" and self.description.endswith("not found"):
            return False  # whether somebody is in a group is found out by asking
        return self.code not in (403, 409) and not self.description.startswith(_CIRCUMSTANCES)


class Trouble(StrEnum):
    """A way for the next call of a method to go wrong."""

    ERROR = "error"  # 500, nothing is done
    LOST = "lost"  # the connection breaks before anything is done
    UNHEARD = "unheard"  # it is done, and the connection breaks before the answer
    FLOOD = "flood"  # 429, nothing is done, and the bot is to wait for an hour


class Api:
    """The Bot API's HTTP side for one token."""

    def __init__(self, exchange: Exchange, token: str) -> None:
        self.exchange = exchange
        self.token = token
        self.calls: Counter[str] = Counter()
        self.refusals: list[Refusal] = []
        self.troubles: dict[str, deque[Trouble]] = {}

    @property
    def violations(self) -> list[Refusal]:
        return [refusal for refusal in self.refusals if refusal.violation]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route(hdrs.METH_ANY, f"/bot{self.token}/{{method}}", self.handle),
            web.get(f"/file/bot{self.token}/{{path:.+}}", self.download),
            web.route(hdrs.METH_ANY, "/bot{token}/{method}", self.unauthorized),
            web.get("/file/bot{token}/{path:.+}", self.unauthorized),
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        trouble = self._trouble(name) if self.troubles else None
        if trouble is Trouble.LOST:
            return _broken(request)
        if trouble is Trouble.ERROR:
            return _answer(500, ApiError(500, "Internal Server Error").wire())
        if trouble is Trouble.FLOOD:
            return _answer(
                429, ApiError(429, f"Too Many Requests: retry after {_AN_HOUR}", {"retry_after": _AN_HOUR}).wire()
            )
        status, body = await self._answered(name, request)
        return _broken(request) if trouble is Trouble.UNHEARD else _answer(status, body)

    async def _answered(self, name: str, request: web.Request) -> tuple[int, Wire]:
        params = Params({})
        try:
            params = await read_params(request)
            return 200, {"ok": True, "result": await self.call(name, params)}
        except ApiError as error:
            self._refused(name, params, error)
            return error.code, error.wire()
        except web.HTTPRequestEntityTooLarge:
            too_large = ApiError(413, "Request Entity Too Large")
            self._refused(name, params, too_large)
            return too_large.code, too_large.wire()

    async def call(self, name: str, params: Params) -> object:
        """Run a method by its name, in any case. Raises ApiError."""
        method = _METHODS.get(name.lower())
        self.calls[name] += 1
        if method is None:
            raise ApiError(404, "Not Found")
        return await method(self.exchange, params)

    async def run_reply(self, call: Wire) -> None:
        """Run the method a webhook's reply names; its result is told to nobody."""
        params = Params({key: value for key, value in call.items() if key != "method"})
        try:
            await self.call(str(call["method"]), params)
        except ApiError as error:
            self._refused(str(call["method"]), params, error)

    async def download(self, request: web.Request) -> web.Response:
        record = self.exchange.files.by_path(request.match_info["path"])
        content = await asyncio.to_thread(self.exchange.files.content, record) if record else None
        if content is None:
            return _answer(404, ApiError(404, "Not Found").wire())
        return web.Response(body=content, content_type="application/octet-stream")

    async def unauthorized(self, request: web.Request) -> web.Response:
        error = ApiError(401, "Unauthorized")
        self._refused(request.match_info.get("method", "file"), Params({}), error)
        return _answer(401, error.wire())

    def _refused(self, name: str, params: Params, error: ApiError) -> None:
        self.refusals.append(Refusal(name, error.code, error.description, params.text("chat_id")))

    def _trouble(self, name: str) -> Trouble | None:
        waiting = self.troubles.get(name.lower())
        return waiting.popleft() if waiting else None


def _answer(status: int, body: Wire) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def _broken(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    with contextlib.suppress(ConnectionError):
        request.protocol.force_close()
    return web.Response()
