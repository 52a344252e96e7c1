"""Updates brought by Telegram to an address of ours."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web

from bot.addresses import WEBHOOK_PATH
from bot.connections import read_body
from bot.telegram import json_text
from bot.telegram.api import ALLOWED_UPDATES, Api
from bot.telegram.channel import ANSWER_TAP, tap_answer
from bot.telegram.intake import Intake, chat_of
from conversations.engine.messages import TapAnswer

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
BODY_LIMIT: Final = 1024 * 1024  # bytes; Telegram's updates are far smaller


async def set_webhook(api: Api, url: str, secret: str, *, max_connections: int = 40) -> None:
    """Have updates brought to `url`; those not yet delivered still are. Raises `telegram.error.TelegramError`."""
    await api.set_webhook(
        url,
        max_connections=max_connections,
        allowed_updates=ALLOWED_UPDATES,
        drop_pending_updates=False,
        secret_token=secret,
    )


Answer = Callable[[str, TapAnswer], None]
"""Ends the spinner of a tap that came by the named channel."""


class TapAnswers:
    """Answers of taps, on their way back in the response to the delivery that brought the tap: no call of their own.

    Telegram does not say how a call made so went, and nobody asks that of a spinner. Of other taps,
    such as those polled for, `otherwise` is told.
    """

    def __init__(self, otherwise: Answer) -> None:
        self._otherwise = otherwise
        self._answers: dict[str, TapAnswer | None] = {}

    def expect(self, tap: str) -> None:
        self._answers[tap] = None

    def answer(self, channel: str, answer: TapAnswer) -> None:
        """Keep it for the response, where one is awaited."""
        if answer.tap in self._answers:
            self._answers[answer.tap] = answer
        else:
            self._otherwise(channel, answer)

    def take(self, tap: str) -> TapAnswer | None:
        """The answer, if there was one. Later ones go elsewhere."""
        return self._answers.pop(tap, None)


class Webhook:
    """Takes what Telegram brings, and only from who knows `secret`.

    An answer other than 200 makes Telegram bring the update again. The web server's own graceful
    stop (`AppRunner.cleanup`) lets what is under way finish.
    """

    def __init__(self, intake: Intake, secret: str, taps: TapAnswers, path: str = WEBHOOK_PATH) -> None:
        if not secret:
            raise ValueError("A webhook needs a secret: without one anybody could speak as anybody.")
        self._intake = intake
        self._secret = secret.encode()
        self._taps = taps
        self._path = path

    def routes(self) -> list[web.RouteDef]:
        """What the web application has to serve."""
        return [web.post(self._path, self.handle)]

    async def handle(self, request: web.Request) -> web.Response:
        """One delivery."""
        shown = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(shown, self._secret):
            return _answer(HTTPStatus.UNAUTHORIZED)
        raw = await read_body(request, BODY_LIMIT)
        if raw is None:
            return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        update = _update(raw)
        if update is None:
            return _answer(HTTPStatus.BAD_REQUEST)
        tap = _tap(update)
        async with self._intake.turns.of(chat_of(update)):
            self._taps.expect(tap)
            try:
                taken = await self._intake.take(update["update_id"], raw)
            finally:
                answer = self._taps.take(tap)
        if not taken:
            return _answer(HTTPStatus.INTERNAL_SERVER_ERROR)
        return _answer(HTTPStatus.OK) if answer is None else _call(ANSWER_TAP, tap_answer(answer))


def _answer(status: HTTPStatus) -> web.Response:
    return web.Response(status=status)


def _call(method: str, said: dict[str, object]) -> web.Response:
    """A delivery received, and a call made in the same breath.

    https://core.telegram.org/bots/api#making-requests-when-getting-updates
    """
    return web.Response(body=orjson.dumps({"method": method, **said}), content_type="application/json")


def _tap(update: dict[str, Any]) -> str:
    query = update.get("callback_query")
    return str(query.get("id", "")) if isinstance(query, dict) else ""


def _update(raw: bytes) -> dict[str, Any] | None:
    try:
        update: Any = json_text.loads(raw)
    except ValueError:
        return None
    return update if isinstance(update, dict) and type(update.get("update_id")) is int else None
