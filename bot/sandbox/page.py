"""The page of phones: what it shows, and what its people do there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from bot.sandbox.acts import Acts
from bot.sandbox.exchange import Exchange

Advance = Callable[[timedelta], Awaitable[None]]


class Page:
    def __init__(self, exchange: Exchange, acts: Acts, advance: Advance | None) -> None:
        self.exchange = exchange
        self.acts = acts
        self.advance = advance

    def routes(self) -> list[web.RouteDef]:
        return []

    async def stop(self) -> None:
        """Close what is open."""
