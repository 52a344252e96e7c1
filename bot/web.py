"""The bot's own small web server: is it alive, is it ready, what does it count, and Telegram's webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from bot.connections import DEFAULT_PATIENCE, Connections, Patience
from bot.metrics import Metrics
from storage import outbox, updates
from storage.database import Database

_PATIENCE_SECONDS = 3.0  # for the database, before it counts as away


async def _tell_no_versions(_: web.Request, response: web.StreamResponse) -> None:
    """Which server and language answer is nobody's business."""
    response.headers.pop("Server", None)


def _closer(close: Callable[[], Awaitable[None]]) -> Callable[[web.Application], Awaitable[None]]:
    async def run(_: web.Application) -> None:
        await close()

    return run


class Web:
    """Serves `/healthz`, `/readyz`, `/metrics`, and what channels add."""

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        more: Iterable[web.RouteDef] = (),
        *,
        closing: Iterable[Callable[[], Awaitable[None]]] = (),
        patience: float = _PATIENCE_SECONDS,
        clients: Patience = DEFAULT_PATIENCE,
    ) -> None:
        self._database = database
        self._patience = patience
        self._metrics = metrics
        self._connections = Connections(clients)
        self._listening: asyncio.Server | None = None
        app = web.Application(middlewares=[self._connections.middleware])
        app.on_response_prepare.append(_tell_no_versions)
        app.add_routes(
            [
                web.get("/healthz", self._alive),
                web.get("/readyz", self._ready),
                web.get("/metrics", self._page),
                *more,
            ]
        )
        for close in closing:  # what holds connections open, before they are waited for
            app.on_shutdown.append(_closer(close))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=10, keepalive_timeout=clients.idle)

    async def start(self, host: str, port: int) -> None:
        """Listen. Raises OSError where the address is taken."""
        await self._runner.setup()
        assert self._runner.server is not None  # noqa: S101 - it is set up
        self._listening = await self._connections.listen(self._runner.server, host, port)

    async def stop(self) -> None:
        if self._listening is not None:
            self._listening.close()
        await self._runner.cleanup()

    async def _alive(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def _ready(self, _: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(self._patience), self._database.transaction() as tx:
                await tx.one("SELECT 1")
        except Exception as error:  # noqa: BLE001 - any failure means not ready
            return web.json_response({"status": "not ready", "error": type(error).__name__}, status=503)
        return web.json_response({"status": "ready"})

    async def _page(self, _: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(self._patience), self._database.read() as tx:
                self._metrics.owed.set(await outbox.count_pending(tx))
                self._metrics.dead_letters.set(await updates.count_dead_letters(tx))
            self._metrics.database.set(1)
        except Exception:  # noqa: BLE001 - whatever it is, that is when metrics are wanted most
            self._metrics.database.set(0)
        return web.Response(body=self._metrics.page(), content_type="text/plain", charset="utf-8")
