"""Looks now and then whether Telegram still delivers to us.

A webhook that somebody else set, or took away, is set again. One whose deliveries fail for long is told to the
administrators: nothing that people write arrives then, and nobody else would notice.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from telegram.error import TelegramError

from bot.context import AppContext
from bot.lease_owner import holder_name
from bot.metrics import Metrics
from bot.telegram.api import ALLOWED_UPDATES, Api
from bot.telegram.errors import wait_to_hear
from bot.telegram.request import INVALID, scrub
from bot.telegram.webhook import set_webhook
from bot.workers import pause, repeat
from services.notify import administrators
from services.notify.notices.administration import WebhookFailing
from storage import leases

log = structlog.get_logger()

LEASE: Final = "webhook"
_LEASE_SECONDS: Final = 180.0
_RETRY_SECONDS: Final = 5.0
#: Telegram tries a delivery again within minutes, so an error that is older is over.
RECENT: Final = timedelta(minutes=15)
LONG: Final = timedelta(minutes=10)
_TOLD_FOR: Final = timedelta(hours=1)  # then it may be over, and is not told any more


@dataclass(frozen=True, slots=True)
class WebhookState:
    """What Telegram says about deliveries; fields that it leaves out, or sends as something else, are empty."""

    url: str
    pending: int = 0
    error: str = ""
    error_at: datetime | None = None
    kinds: frozenset[str] | None = None  # of updates that are delivered; None is Telegram's own choice

    def is_at(self, url: str) -> bool:
        """Whether Telegram delivers there all that we read."""
        return self.url == url and self.kinds == frozenset(ALLOWED_UPDATES)

    def is_failing(self, now: datetime) -> bool:
        """Whether something waits that could not be delivered of late."""
        return self.pending > 0 and self.error_at is not None and now - self.error_at < RECENT


async def look(api: Api) -> WebhookState:
    """Ask Telegram. Raises `telegram.error.TelegramError`."""
    said: Any = await api.call("getWebhookInfo", {})
    if not isinstance(said, dict):
        raise TelegramError(INVALID)
    url, pending, error = said.get("url"), said.get("pending_update_count"), said.get("last_error_message")
    kinds = said.get("allowed_updates")
    return WebhookState(
        url=url if isinstance(url, str) else "",
        pending=pending if type(pending) is int and pending > 0 else 0,
        error=scrub(error) if isinstance(error, str) else "",
        error_at=_moment(said.get("last_error_date")),
        kinds=frozenset(kind for kind in kinds if isinstance(kind, str)) if isinstance(kinds, list) else None,
    )


def _moment(seconds: object) -> datetime | None:
    if type(seconds) is not int or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


class WebhookWatch:
    """Sets the webhook at the start, and keeps it, until told to stop. Of several processes one looks."""

    def __init__(
        self, context: AppContext, api: Api, url: str, secret: str, metrics: Metrics, *, seconds: float = 60.0
    ) -> None:
        self._context = context
        self._api = api
        self._url = url
        self._secret = secret
        self._metrics = metrics
        self._seconds = seconds
        self._holder = holder_name()
        self._failing_since: datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        await self._announce(stop)
        await repeat(self.round, stop, seconds=self._seconds)

    async def _announce(self, stop: asyncio.Event) -> None:
        """Tell Telegram where to deliver, until it has understood."""
        while not stop.is_set():
            try:
                await self._set()
            except Exception as error:  # noqa: BLE001 - without it nothing arrives, so it is tried for ever
                seconds = wait_to_hear(error, _RETRY_SECONDS)
                log.warning("webhook not set, trying again", error=self._api.describe(error), seconds=seconds)
            else:
                return
            await pause(stop, seconds)

    async def round(self) -> None:
        """Look once, and mend what can be mended."""
        async with self._context.begin() as work:
            leads = await leases.take(work.tx, LEASE, self._holder, _LEASE_SECONDS)
        if not leads:
            self._metrics.forget_webhook()
            self._failing_since = None
            return
        try:
            state = await look(self._api)
            if not state.is_at(self._url):
                log.error("the webhook was lost, setting it again", pending=state.pending, elsewhere=bool(state.url))
                self._metrics.webhook_resets.inc()
                await self._set()
        except TelegramError as error:
            log.warning("the webhook could not be checked", error=self._api.describe(error))
            return
        now = self._context.clock()
        self._metrics.show_webhook(
            ours=state.is_at(self._url),
            pending=state.pending,
            error=state.error,
            error_age=None if state.error_at is None else (now - state.error_at).total_seconds(),
        )
        await self._notice(state, now)

    async def _set(self) -> None:
        await set_webhook(self._api, self._url, self._secret)

    async def _notice(self, state: WebhookState, now: datetime) -> None:
        """Deliveries that fail for long are told to the administrators, once a day."""
        if not state.is_failing(now):
            self._failing_since = None
            return
        self._failing_since = self._failing_since or now
        if now - self._failing_since < LONG:
            return
        log.error("deliveries keep failing", pending=state.pending, error=state.error, since=str(self._failing_since))
        notice = WebhookFailing(error=state.error[:200], pending=state.pending, since=self._failing_since)
        async with self._context.begin() as work:
            await administrators.tell(
                work, notice, key=f"webhook failing:{work.today}", expires_at=work.now + _TOLD_FOR
            )
