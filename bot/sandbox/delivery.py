"""Updates on their way to the bot: long polling or a webhook, at least once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import islice

import aiohttp
import orjson

from bot.sandbox.events import Confirmed, Expired, Queued, SettingChanged
from bot.sandbox.keeping import Lane, kept_until, lane_of
from bot.sandbox.wire import ApiError, Wire
from bot.sandbox.world import World

# What a bot gets without asking, by the documentation of getUpdates: all but these.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_PAUSES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0)  # seconds between tries of a webhook
_WEBHOOK_TIMEOUT = aiohttp.ClientTimeout(total=60)

MethodInReply = Callable[[Wire], Awaitable[None]]


class Delivery:
    """Hands the world's pending updates to the bot.

    `repeat` delivers each update that many times, as Telegram may after a crash. `pauses` are the
    seconds between tries of a webhook; the last is used for all further ones.
    """

    def __init__(
        self,
        world: World,
        *,
        clock: Callable[[], datetime],
        repeat: int = 1,
        pauses: Sequence[float] = DEFAULT_PAUSES,
        on_method: MethodInReply,
    ) -> None:
        self.world = world
        self.repeat = repeat
        self.pauses = tuple(pauses)
        self._clock = clock
        self._on_method = on_method
        self._poll: asyncio.Future[None] | None = None
        self._again: dict[int, int] = {}  # polled update: how many more times it goes out
        self._session: aiohttp.ClientSession | None = None
        self._lanes: dict[Lane, deque[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(40)
        self._idle = asyncio.Event()
        self._idle.set()

    # ------------------------------------------------------------------ what happens

    def enqueue(self, kind: str, payload: Wire) -> None:
        """Queue an update for the bot, where it asked for this kind."""
        allowed = self.world.setting("allowed_updates")
        if (kind not in allowed) if isinstance(allowed, list) and allowed else (kind in _ON_REQUEST):
            return
        update: Wire = {"update_id": self.world.last_update + 1, kind: payload}
        self.world.commit(Queued(update, kept_until(kind, payload, self._clock())))
        self._idle.clear()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        if self.webhook_url:
            self._dispatch(update["update_id"])

    async def drained(self) -> None:
        """Wait until the bot has confirmed every update."""
        if self.world.pending:
            await self._idle.wait()

    def _confirm(self, updates: list[int]) -> None:
        if updates:
            self.world.commit(Confirmed(updates))
        self._rest()

    def _forget_old(self) -> None:
        """Let go of what has waited for longer than Telegram keeps it."""
        now = self._clock()
        if old := [update_id for update_id, until in self.world.kept_until.items() if until <= now]:
            self.world.commit(Expired(old))
            self._rest()

    def _rest(self) -> None:
        if not self.world.pending:
            self._idle.set()

    # ------------------------------------------------------------------ polling

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Wire]:  # noqa: ASYNC109 - Telegram's parameter
        """What getUpdates returns: at once where something waits, else within `timeout` seconds."""
        if self.webhook_url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(
                ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            )
        self._poll = None
        self._confirm_below(offset)
        self._forget_old()
        if not self.world.pending and timeout > 0:
            waiting = self._poll = asyncio.get_running_loop().create_future()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(waiting, timeout)
            self._forget_old()
        return list(islice(self.world.pending.values(), max(1, min(limit or 100, 100))))

    def _confirm_below(self, offset: int) -> None:
        if offset < 0:
            confirmed = list(self.world.pending)[:offset]
        else:
            confirmed = [update_id for update_id in self.world.pending if update_id < offset]
        if self.repeat > 1:
            confirmed = [update_id for update_id in confirmed if not self._goes_again(update_id)]
        self._confirm(confirmed)

    def _goes_again(self, update_id: int) -> bool:
        left = self._again.pop(update_id, self.repeat - 1)
        if left > 0:
            self._again[update_id] = left - 1
        return left > 0

    # ------------------------------------------------------------------ webhook

    @property
    def webhook_url(self) -> str:
        return str(self.world.settings.get("webhook_url", ""))

    def restart(self) -> None:
        """Begin again after a change of the webhook, or after a start of the sandbox."""
        self._cancel()
        if self._poll is not None and not self._poll.done() and self.webhook_url:
            self._poll.set_exception(ApiError(409, "Conflict: terminated by setWebhook request"))
        if self.webhook_url:
            connections = self.world.setting("webhook_max_connections", 40)
            self._gate = asyncio.Semaphore(connections if isinstance(connections, int) else 40)
            for update_id in tuple(self.world.pending):
                self._dispatch(update_id)

    def drop_pending(self) -> None:
        self._confirm(list(self.world.pending))

    async def stop(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        tasks = tuple(self._tasks)
        self._cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._lanes.clear()

    def _dispatch(self, update_id: int) -> None:
        """Put an update into its lane: those of one lane arrive in order, lanes in parallel."""
        name = lane_of(self.world.pending[update_id])
        lane = self._lanes.get(name)
        if lane is not None:
            lane.append(update_id)
            return
        self._lanes[name] = deque([update_id])
        task = asyncio.get_running_loop().create_task(self._drive(name))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, name: Lane) -> None:
        lane = self._lanes[name]
        while lane:
            for _ in range(self.repeat):
                await self._push(lane[0])
            self._confirm([lane[0]])
            lane.popleft()
        if self._lanes.get(name) is lane:
            del self._lanes[name]

    async def _push(self, update_id: int) -> None:
        """Post one update until it is taken, or forgotten."""
        attempt = 0
        while True:
            self._forget_old()
            update = self.world.pending.get(update_id)
            if update is None:
                return
            body = orjson.dumps(update)
            async with self._gate:
                problem = await self._post(body)
            if problem is None:
                return
            self.world.commit(SettingChanged("webhook_error", problem))
            self.world.commit(SettingChanged("webhook_error_date", int(self._clock().timestamp())))
            await asyncio.sleep(self.pauses[min(attempt, len(self.pauses) - 1)])
            attempt += 1

    async def _post(self, body: bytes) -> str | None:
        """Post once. Returns what went wrong, as getWebhookInfo words it."""
        headers = {"Content-Type": "application/json"}
        if secret := self.world.settings.get("webhook_secret"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = str(secret)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_WEBHOOK_TIMEOUT)
        try:
            async with self._session.post(self.webhook_url, data=body, headers=headers) as response:
                answer = await response.read()
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientError:
            return "Connection refused"
        if not 200 <= response.status < 300:
            return f"Wrong response from the webhook: {response.status} {response.reason}"
        if answer.startswith(b"{"):
            await self._execute(answer)
        return None

    async def _execute(self, answer: bytes) -> None:
        try:
            call = orjson.loads(answer)
        except orjson.JSONDecodeError:
            return
        if isinstance(call, dict) and isinstance(call.get("method"), str):
            await self._on_method(call)
