"""The real bot, talked to through a sandbox that outlives it.

The world (people, chats, updates not yet confirmed) is a `Sandbox` in the test's own process, as Telegram is somewhere
else. The bot is `customer-day run` in a process of its own, which may be killed at any moment and started again; or,
where a test has to move its clock, the same `bot.app.run` as a task of the test (`in_process=True`).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import advance, offices_of, open_context, run
from bot.clock import Timekeeper
from bot.commands.sandbox import hire
from bot.sandbox import ADMIN, NO_LIMITS, Account, Limits, Person, Sandbox, World, shipped_world
from bot.settings import Settings, load_settings
from services.actors import Actor
from services.cases.by_name import apply_by_name
from services.cases.workflow import Applied
from storage.database import Database, Value
from storage.ids import OfficeId, Reference
from storage.open import open_database
from tests.databases import fresh_sqlite
from tests.e2e.customer_day import VARIABLE, MovableClock
from tests.instants import first_instant

ROOT = Path(__file__).absolute().parents[2]
TOKEN = "7000001:sandbox"
CUSTOMER_DAY = "tests.e2e.customer_day"  # the command, at the time of the test
RUN = (CUSTOMER_DAY, "run")
NO_RATES = {"RATE_OVERALL": "100000", "RATE_CHAT": "100000", "RATE_GROUP": "100000", "RATE_RESIDENT": "100000"}
#: What is owed by then is waited for; a reminder, or the deletion of what named a person, is not.
SOON = timedelta(seconds=90)
_FIRST_GROUP = -1001000000001
_START_SECONDS = 60.0
_STOP_SECONDS = 60.0
_LOG_SHOWN = 6000  # characters of the bot's log that a failure shows


#: Below those that systems give to outgoing connections, one of which could take a port before the bot listens there.
_PORTS = range(10_000, 32_000)
_next_port = itertools.count(os.getpid() * 101)  # the processes of a test run begin far from one another


def free_port(together: int = 1) -> int:
    """The first of so many ports in a row that nobody listens on, and that no other test of this process was given."""
    while True:
        ports = [_PORTS[next(_next_port) % len(_PORTS)] for _ in range(together)]
        if ports == list(range(ports[0], ports[0] + together)) and all(map(_is_free, ports)):
            return ports[0]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class BotDied(Exception):
    """The bot ended when it should not have."""


# ---------------------------------------------------------------------------- the bot, in two ways


class BotProcess:
    """`customer-day run` in a process of its own. Its log is kept over restarts, for when a test fails."""

    def __init__(
        self, environment: dict[str, str], log: Path, command: Sequence[str] = RUN, *, ready_at: str = "/readyz"
    ) -> None:
        self.environment = environment
        self.command = command
        self.ready_at = ready_at
        self.starts = 0
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._serving = asyncio.Event()
        self._written = asyncio.Event()

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    @property
    def url(self) -> str:
        return f"http://{self.environment['CUSTOMER_DAY_LISTEN']}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        assert self._process is not None, "the bot was not started"
        return self._process.pid

    async def start(self, *, ready: bool = True) -> None:
        """Start it, and with `ready` wait until it serves. Raises BotDied with its log where it ended instead."""
        assert not self.running, "the bot is running already"
        self._serving.clear()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *self.command, cwd=ROOT, env=self.environment, stderr=asyncio.subprocess.PIPE
        )
        self._reading = asyncio.create_task(self._read(self._process))
        self.starts += 1
        if ready:
            await self.ready()

    async def ready(self) -> None:
        """Wait until it serves, and answers."""
        assert self._reading is not None
        serving = asyncio.create_task(self._serving.wait())
        await asyncio.wait({serving, self._reading}, timeout=_START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        serving.cancel()
        if not self._serving.is_set():
            raise BotDied(f"the bot did not come to serve{self.tail()}")
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}{self.ready_at}") as answer:
            assert answer.status == 200, await answer.text()

    async def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._ended()

    async def stop(self) -> None:
        """Ask it to end, as systemd does. Raises BotDied where it does not, or not well."""
        if not self.running:
            return
        assert self._process is not None
        self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._ended()
        except TimeoutError:
            await self.kill()
            raise BotDied(f"the bot did not stop within {_STOP_SECONDS:g} s{self.tail()}") from None
        if self._process.returncode != 0:
            raise BotDied(f"the bot stopped with {self._process.returncode}{self.tail()}")

    async def logged(self, event: str, within: float = _START_SECONDS) -> None:
        """Wait until it has written an event to its log."""
        async with asyncio.timeout(within):
            while f'"{event}"' not in self.log:
                self._written.clear()
                await self._written.wait()

    def tail(self) -> str:
        return f"\nIts log ends:\n{self.log[-_LOG_SHOWN:]}"

    async def _ended(self) -> None:
        assert self._process is not None
        assert self._reading is not None
        await self._process.wait()
        await self._reading

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        with self._log.open("ab", buffering=0) as log:
            while line := await process.stderr.readline():
                log.write(line)
                self._written.set()
                if b'"serving"' in line:
                    self._serving.set()


class BotTask:
    """The same bot as a task of the test: its clock can be moved. It can be stopped, but not killed."""

    def __init__(self, settings: Settings, clock: MovableClock) -> None:
        self.clock = clock
        self._settings = settings
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._keeper: Timekeeper | None = None

    @property
    def url(self) -> str:
        return f"http://{self._settings.listen}"

    async def start(self) -> None:
        self._stop = asyncio.Event()
        ready: asyncio.Future[Timekeeper] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(run(self._settings, self._stop, clock=self.clock, ready=ready.set_result))
        either: set[asyncio.Future[Any]] = {self._task, ready}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        self._keeper = ready.result() if ready.done() else await _failed(self._task)

    async def advance(self, span: timedelta) -> None:
        """Move time on; what falls due is done at once."""
        assert self._keeper is not None, "the bot was not started"
        await advance(self.clock, self._keeper, span)  # type: ignore[arg-type]

    async def stop(self) -> None:
        if self._task is not None:
            self._stop.set()
            await self._task
            self._task = None

    def tail(self) -> str:
        return ""


async def _failed(task: asyncio.Task[None]) -> Timekeeper:
    await task
    raise BotDied("the bot ended before it served")


async def run_command(environment: dict[str, str], *arguments: str, fails: bool = False) -> str:
    """Run `customer-day …` to its end. Its output; raises AssertionError where it `fails` and should not, or not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        CUSTOMER_DAY,
        *arguments,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await process.communicate()
    assert (process.returncode != 0) is fails, f"customer-day {' '.join(arguments)}: {out.decode()}{errors.decode()}"
    return out.decode()


# ---------------------------------------------------------------------------- the world around it


@dataclass(slots=True)
class Municipality:
    """A bot, the world it serves, and a look into its database."""

    sandbox: Sandbox
    bot: BotProcess | BotTask
    settings: Settings
    environment: dict[str, str]
    groups: dict[OfficeId, int]
    clock: MovableClock
    _database: Database | None = field(default=None, init=False)

    @property
    def process(self) -> BotProcess:
        assert isinstance(self.bot, BotProcess), "this bot is a task of the test"
        return self.bot

    @property
    def task(self) -> BotTask:
        assert isinstance(self.bot, BotTask), "this bot is a process of its own"
        return self.bot

    def person(self, person_id: int) -> Person:
        return self.sandbox.person(person_id)

    def staff(self, person_id: int, office: str = "capital") -> Person:
        """A member of staff in their office's group."""
        return self.sandbox.person(person_id).in_group(self.groups[OfficeId(office)])

    async def command(self, *arguments: str) -> str:
        """Run `customer-day …` beside the bot, as staff would. Its output; raises AssertionError where it fails."""
        return await run_command(self.environment, *arguments)

    async def moves(self, reference: str, move: str, words: str = "") -> None:
        """Move a case as `customer-day case` does, without the second that starting a process takes."""
        async with open_context(self.settings, clock=self.clock) as desk, desk.begin() as work:
            moved = await apply_by_name(work, Reference(reference), move, words, Actor("Maryam"))
        assert isinstance(moved, Applied), moved

    async def rows(self, sql: str, **values: Value) -> list[dict[str, object]]:
        """What a query finds in the bot's database."""
        if self._database is None:
            self._database = await open_database(self.settings.database)
        async with self._database.transaction() as tx:
            return [dict(row) for row in await tx.all(sql, **values)]

    async def count(self, sql: str, **values: Value) -> int:
        ((row,)) = await self.rows(sql, **values)
        return int(str(next(iter(row.values()))))

    async def eventually(self, sql: str, wanted: int = 0, within: float = 60.0, **values: Value) -> None:
        """Wait until a query that counts says `wanted`: what the bot does behind the conversation has no event."""
        last = -1
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while (last := await self.count(sql, **values)) != wanted:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        assert last == wanted, f"{sql} is {last}, not {wanted}, after {within:g} s{self.bot.tail()}"

    async def all_sent(self, within: float = 60.0) -> None:
        """Wait until every update is handled and nothing is owed any more that is not for much later."""
        await self.sandbox.drained(within)
        sql = "SELECT count(*) AS n FROM outbox WHERE status = 'pending' AND not_before <= :soon"
        try:
            await self.eventually(sql, 0, within, soon=self.clock() + SOON)
        except AssertionError as missed:
            owed = await self.rows("SELECT kind, chat, subject, payload, error FROM outbox WHERE status = 'pending'")
            raise AssertionError(f"still owed: {owed[:3]}") from missed

    async def close(self) -> None:
        if self._database is not None:
            await self._database.close()


def world_of(settings: Settings, people: Sequence[Account] = ()) -> tuple[World, dict[OfficeId, int]]:
    """The shipped people, more residents, and a staff group for every office."""
    offices = offices_of(settings).all
    groups = {office.id: _FIRST_GROUP - number for number, office in enumerate(offices)}
    shipped = shipped_world([(office.id, office.name.ar, groups[office.id]) for office in offices])
    return World([*shipped.people.values(), *people], shipped.groups.values()), groups


@asynccontextmanager
async def municipality(
    folder: Path,
    *,
    database: str = "",
    webhook: bool = False,
    in_process: bool = False,
    at: datetime | None = None,
    clock: MovableClock | None = None,
    started: bool = True,
    migrated: bool = True,
    limits: Limits = NO_LIMITS,
    repeat: int = 1,
    offices: Path | None = None,
    people: Sequence[Account] = (),
    hired: bool = False,
    **settings: str,
) -> AsyncIterator[Municipality]:
    """A bot and its world. `database` is a URL ("": a SQLite file in `folder`); `settings` are named as in `.env`.

    A new SQLite file is at the newest schema unless `migrated` is false: then the bot finds none.
    It is `at` in all of it, or what `clock` says, or else when tests start. The bot keeps no rates of its own unless
    `limits` are given, so that a test need not wait for them. With `hired` the shipped members of staff work at every
    office, and the shipped administrator may do everything.
    """
    data = folder / "data"
    given = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API": "http://127.0.0.1",
        "DATA_DIR": str(data),
        "LISTEN": f"127.0.0.1:{free_port()}",
        "CLOCK_SECONDS": "0.2",
    }
    given |= {"DATABASE_URL": database} if database else {}
    given |= {"OFFICES": str(offices)} if offices else {}
    given |= {} if limits.enabled else NO_RATES
    given |= {"WEBHOOK_URL": f"http://{given['LISTEN']}", "WEBHOOK_SECRET": "e2e"} if webhook else {}
    given |= {"ADMINS": str(ADMIN)} if hired else {}
    given |= settings
    world, groups = world_of(load_settings(_named(given), dotenv=None), people)
    given["STAFF_CHATS"] = ",".join(f"{office}={chat}" for office, chat in groups.items())
    clock = clock or MovableClock(at or first_instant())
    town: Municipality | None = None

    async def forward(span: timedelta) -> None:
        assert town is not None
        await town.task.advance(span)

    sandbox = Sandbox(
        world,
        token=TOKEN,
        limits=limits,
        clock=clock,
        repeat=repeat,
        webhook_pauses=(0.02, 0.1, 0.2),
        advance=forward if in_process else None,
    )
    await sandbox.start()
    try:
        named = _named(given | {"TELEGRAM_API": sandbox.url})
        ready = load_settings(named, dotenv=None)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CUSTOMER_DAY_")} | named
        environment[VARIABLE] = str(clock)
        folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240
        if migrated and not database:
            data.mkdir(exist_ok=True)
            await fresh_sqlite(data / "customer-day.db")
        bot = BotTask(ready, clock) if in_process else BotProcess(environment, folder / "bot.log")
        town = Municipality(sandbox, bot, ready, environment, groups, clock)
        if started:
            await bot.start()
        if hired:
            async with open_context(ready, clock=clock) as desk:
                await desk.attempt(lambda work: hire(work, world.people))
        yield town
    finally:
        if town is not None:
            await town.close()
            sys.stderr.write(town.bot.tail())  # shown with a test that failed
            await town.bot.stop()
        await sandbox.stop()


def _named(settings: dict[str, str]) -> dict[str, str]:
    return {f"CUSTOMER_DAY_{name}": value for name, value in settings.items()}


def errors_in(log: str) -> list[str]:
    """The log's lines that tell of a failure, and those that are no log lines at all (a traceback on its own)."""
    found = []
    for line in log.splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            found.append(line)
            continue
        if entry.get("level") in {"error", "critical"} or "exception" in entry:
            found.append(line)
    return found


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
