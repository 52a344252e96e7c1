"""A small and a large database beside each other: `python -m benchmarks.growth --residents 1000000`.

Each is filled as years of use would fill it, with a backlog for every duty. Then, on each:

- the real process is started: how long until it is ready, and until it has stopped;
- every duty is done to the end, and staff look everything up: how long the event loop stood still at most;
- people file complaints with the real process: updates a second, and how much memory it has.

A thread that could run while the machine's cores were busy with other programs is not counted as slow: what it waited
for a core is taken off.

The last line is JSON, of the large one:

- `ready_s`: seconds from the start of the process to the first `/readyz`;
- `longest_pause_ms`: of the event loop, by any duty or anything staff look up;
- `queue_p99_ms`, `find_p99_ms`: from a command to its answer's commit, for a queue page or `/today`, and for `/find`;
- `updates_ratio`: updates a second, large to small;
- `memory_mb`: resident memory of the process after its updates, at its highest.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import json
import os
import random
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from aiohttp import web

from benchmarks.filling import COMMON, OFFICES, Size, fill, vocabulary
from benchmarks.updates import API_PORT, BOT_PORT, ROOT, SECRET, ours
from bot.app import open_context
from bot.clock import Timekeeper
from bot.context import AppContext
from bot.duties import duties
from bot.metrics import Metrics
from bot.settings import Settings
from bot.updates.inbox import Inbox, OutboundPorts
from conversations.engine.messages import Incoming, Kind, Sender
from services.casework import daily_digest
from storage.ids import OfficeId

ADMIN = "77"
_SMALL = Size(residents=2_000, cases=2_000, messages=20_000, open=200)
_LOOKS = 60  # of each kind of look-up
_LONGEST_DUTY = 600.0  # seconds


@dataclass(slots=True)
class Figures:
    """What was measured on one database."""

    size: Size
    filled_s: float = 0.0
    megabytes: float = 0.0
    ready_s: float = 0.0
    stopped_s: float = 0.0
    per_s: float = 0.0
    cpu_ms: float = 0.0  # an update
    memory_mb: float = 0.0
    pauses: dict[str, float] = field(default_factory=dict)  # what → the longest pause of the loop, in ms
    seconds: dict[str, float] = field(default_factory=dict)  # duty → how long its backlog took
    p99: dict[str, float] = field(default_factory=dict)  # look-up → ms


def _waited_for_a_core(process: int | str = "self", thread: int | None = None) -> float:
    """Seconds that a process's threads, or one of them, could have run while other programs did (Linux)."""
    which = "*" if thread is None else str(thread)
    waited = 0.0
    for statistic in Path(f"/proc/{process}/task").glob(f"{which}/schedstat"):
        with suppress(OSError):  # it ended meanwhile
            waited += int(statistic.read_text().split()[1]) / 1e9
    return waited


class Heartbeat:
    """Notices how long the event loop does not come round."""

    def __init__(self) -> None:
        self.longest = 0.0

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        self.longest = 0.0
        beating = asyncio.create_task(self._beat())
        await asyncio.sleep(0.01)
        try:
            yield
        finally:
            await asyncio.sleep(0.005)
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def _beat(self) -> None:
        own = threading.get_native_id()
        last, waited = time.perf_counter(), _waited_for_a_core(thread=own)
        while True:
            await asyncio.sleep(0.001)
            now, waited_by_now = time.perf_counter(), _waited_for_a_core(thread=own)
            self.longest = max(self.longest, (now - last - 0.001 - (waited_by_now - waited)) * 1e3)
            last, waited = time.perf_counter(), waited_by_now


# ---------------------------------------------------------------------------- in this process


async def _measure_inside(folder: Path, figures: Figures) -> None:
    settings = Settings(data_dir=folder, admins=frozenset({ADMIN}), rate_resident=100_000)
    async with open_context(settings) as context:
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)  # as the process has it
        await _look_everything_up(context, figures)
        await _do_duties(context, figures)


async def _do_duties(context: AppContext, figures: Figures) -> None:
    heartbeat = Heartbeat()
    for duty in duties():
        async with context.database.transaction() as tx:
            await tx.run("DELETE FROM leases WHERE name = 'clock'")  # each has a clock of its own
        timekeeper = Timekeeper(context, [duty], lambda: None, Metrics(), seconds=1.0)
        began = time.perf_counter()
        async with heartbeat.watch():
            # The clock leaves a duty with much to do to its next tick; one that is done waits for its hour.
            while not timekeeper.is_done(duty) and time.perf_counter() - began < _LONGEST_DUTY:
                await timekeeper.tick()
        figures.pauses[duty.name] = heartbeat.longest
        figures.seconds[duty.name] = time.perf_counter() - began


async def _look_everything_up(context: AppContext, figures: Figures) -> None:
    inbox = Inbox(context, OutboundPorts(lambda: None, lambda _, __: None, lambda _, message: (message,)))
    numbers, chance, words = itertools.count(int(time.time() * 1000)), random.Random(9), vocabulary()

    async def say(command: str, argument: str = "") -> None:
        await inbox.receive(_incoming(context, next(numbers), kind=Kind.COMMAND, command=command, argument=argument))

    async def tap(choice: str) -> None:
        await inbox.receive(_incoming(context, next(numbers), kind=Kind.CHOICE, choice=choice, tap="t", message="1"))

    async def digest(office: str) -> None:
        await context.attempt(lambda work: daily_digest.morning(work, OfficeId(office)))

    await say("start")
    pages = figures.size.open // 8 // 2
    looks: dict[str, Callable[[], Awaitable[None]]] = {
        **{f"/queue {which}": _command(say, "queue", which) for which in ("all", "unowned", "due", "overdue", "mine")},
        "a page of the queue": lambda: tap(f"desk:queue:{chance.randint(1, min(pages, 50) or 1)}:0:all"),
        "/today": lambda: say("today"),
        "/find a word": lambda: say("find", chance.choice(words)),
        "/find a part of a word": lambda: say("find", chance.choice(words)[1:]),
        "/find three words": lambda: say("find", " ".join(chance.choices(words, k=3))),
        "/find a common word": lambda: say("find", chance.choice(COMMON)),
        "/find a block": lambda: say("find", str(chance.randint(100, 999))),
        "/find a number": lambda: say("find", f"33{chance.randint(0, figures.size.cases) % 1_000_000:06d}"),
        "/looked": lambda: say("looked"),
        "30 days of /looked": lambda: tap("desk:looked:30:0:"),
        "digest": lambda: digest(chance.choice(OFFICES)),
        "/report of a month": lambda: say("report", "last month"),
        "/report of a month and an office": lambda: say("report", f"last month {chance.choice(OFFICES)}"),
    }
    heartbeat = Heartbeat()
    for name, look in looks.items():
        took = []
        async with heartbeat.watch():
            for _ in range(_LOOKS):
                began, waited = time.perf_counter(), _waited_for_a_core()
                await look()
                took.append((time.perf_counter() - began - (_waited_for_a_core() - waited)) * 1e3)
        figures.pauses[name] = heartbeat.longest
        figures.p99[name] = statistics.quantiles(took, n=100)[98]


def _command(say: Callable[[str, str], Awaitable[None]], command: str, argument: str) -> Callable[[], Awaitable[None]]:
    return lambda: say(command, argument)


def _incoming(context: AppContext, number: int, **what: object) -> Incoming:
    return Incoming.model_validate(
        {
            "update_id": str(number),
            "at": context.clock(),
            "chat": ADMIN,
            "sender": Sender(address=ADMIN, name="Amal", language="en"),
            "message": str(number),
            **what,
        }
    )


# ---------------------------------------------------------------------------- the real process


def _start(folder: Path, errors: Path) -> subprocess.Popen[bytes]:
    command, environment = ours(str(folder))
    with errors.open("ab") as log:
        return subprocess.Popen(
            ["taskset", "-c", "0", *command], cwd=ROOT, env={**os.environ, **environment}, stderr=log
        )


def _listening(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise SystemExit(f"nothing listens at port {port}")


def _ready(bot: subprocess.Popen[bytes]) -> float:
    """Seconds until it says that it is."""
    began = time.perf_counter()
    while bot.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{BOT_PORT}/readyz") as answer:
            if answer.status == 200:
                return time.perf_counter() - began - _waited_for_a_core(bot.pid, bot.pid)
        time.sleep(0.01)
    raise SystemExit("the process ended")


def _start_and_stop(folder: Path, figures: Figures) -> None:
    errors = folder / "log"
    with subprocess.Popen([sys.executable, "-m", "benchmarks.growth", "--telegram"], cwd=ROOT) as telegram:
        _listening(API_PORT)
        bot = _start(folder, errors)
        figures.ready_s = _ready(bot)
        time.sleep(0.5)  # in the middle of its first duties
        began = time.perf_counter()
        bot.terminate()
        bot.wait(60)
        figures.stopped_s = time.perf_counter() - began
        telegram.terminate()


async def _telegram() -> None:
    """A stand-in for the Bot API that takes whatever it is given."""

    async def method(request: web.Request) -> web.Response:
        user = {"id": 1, "is_bot": True, "first_name": "b", "username": "b_bot"}
        message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}
        sends = request.match_info["method"].lower().startswith(("send", "edit"))
        return web.json_response({"ok": True, "result": message if sends else {**user, "name": ""}})

    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", method)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", API_PORT).start()
    await asyncio.Event().wait()


def _play(folder: Path, people: int) -> tuple[float, float, float]:
    """Updates a second, CPU ms for each, and the most memory in MB."""
    errors = folder / "log"
    bot = _start(folder, errors)
    hook = f"http://127.0.0.1:{BOT_PORT}/telegram"
    load = ["taskset", "-c", "1", sys.executable, "-m", "benchmarks.load", str(API_PORT), hook, SECRET]
    load += [str(people), "64", "complaint", str(bot.pid)]
    played = subprocess.run(load, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    status = Path(f"/proc/{bot.pid}/status").read_text()
    memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
    bot.terminate()
    bot.wait(60)
    if played.returncode:
        raise SystemExit(f"{played.stderr[-2000:]}\n{errors.read_text()[-2000:]}")
    rate = json.loads(played.stdout)
    return rate["per_s"], rate["cpu_ms"], memory


def _make_room(database: Path, cases: int) -> None:
    """The next round's people are newcomers too, and their cases at places of their own."""
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM updates WHERE CAST(update_id AS INTEGER) < 1000000")
        connection.execute("UPDATE residents SET address = 'played:' || id WHERE length(address) < 8")
        connection.execute("UPDATE cases SET road = 'played' WHERE id > ? AND road <> 'played'", (cases,))
    connection.close()


# ---------------------------------------------------------------------------- both


def _prepare(name: str, folder: Path, size: Size) -> Figures:
    figures = Figures(size)
    database = folder / "customer-day.db"
    began = time.perf_counter()
    if not database.exists():
        fill(database, size, datetime.now(UTC))
        os.sync()  # else the machine writes it out meanwhile, and whoever writes a page waits for that
    figures.filled_s = time.perf_counter() - began
    figures.megabytes = database.stat().st_size / 1e6
    print(f"{name}: {size}, {figures.megabytes:.0f} MB, filled in {figures.filled_s:.0f} s", flush=True)
    _start_and_stop(folder, figures)
    print(f"{name}: ready after {figures.ready_s:.2f} s, stopped after {figures.stopped_s:.2f} s", flush=True)
    uvloop.run(_measure_inside(folder, figures))
    return figures


def _print(small: Figures, large: Figures) -> None:
    print("\n| | small | large |\n|---|---|---|")
    for label, of in (
        ("residents", lambda f: f"{f.size.residents:,}"),
        ("cases (open)", lambda f: f"{f.size.cases:,} ({f.size.open:,})"),
        ("sent messages", lambda f: f"{f.size.messages:,}"),
        ("database, MB", lambda f: f"{f.megabytes:,.0f}"),
        ("ready after, s", lambda f: f"{f.ready_s:.2f}"),
        ("stopped after, s", lambda f: f"{f.stopped_s:.2f}"),
        ("updates/s", lambda f: f"{f.per_s:.0f}"),
        ("CPU ms an update", lambda f: f"{f.cpu_ms:.2f}"),
        ("memory, MB", lambda f: f"{f.memory_mb:.0f}"),
    ):
        print(f"| {label} | {of(small)} | {of(large)} |")
    print("\n| longest pause of the loop, ms | small | large | backlog done in, s |\n|---|---|---|---|")
    for duty in large.seconds:
        print(f"| {duty} | {small.pauses[duty]:.1f} | {large.pauses[duty]:.1f} | {large.seconds[duty]:.1f} |")
    print("\n| look-up | pause, small | pause, large | p99, small, ms | p99, large, ms |\n|---|---|---|---|---|")
    for look in large.p99:
        print(
            f"| {look} | {small.pauses[look]:.1f} | {large.pauses[look]:.1f} | {small.p99[look]:.1f} "
            f"| {large.p99[look]:.1f} |"
        )


def main() -> None:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--residents", type=int, default=20_000)
    parser.add_argument("--cases", type=int, help="as many as there are residents")
    parser.add_argument("--messages", type=int, help="ten for each resident")
    parser.add_argument("--open", type=int, help="one case in a hundred")
    parser.add_argument("--people", type=int, default=300, help="who file a complaint in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a folder for the databases: used again where they are there")
    parser.add_argument("--telegram", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.telegram:
        asyncio.run(_telegram())
        return
    cases = options.cases or options.residents
    size = Size(options.residents, cases, options.messages or 10 * options.residents, options.open or cases // 100)
    root = options.keep or Path(tempfile.mkdtemp(prefix="customer-day-growth-"))
    try:
        run(root, size, options.people, options.rounds)
    finally:
        if options.keep is None:
            shutil.rmtree(root)


def run(root: Path, size: Size, people: int, rounds: int) -> None:
    figures: dict[str, Figures] = {}
    for name, wanted in (("small", _SMALL), ("large", size)):
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        figures[name] = _prepare(name, folder, wanted)
    rates: dict[str, list[tuple[float, float]]] = {"small": [], "large": []}
    for number in range(rounds):  # they alternate: a machine that slows down slows both
        for name, measured in figures.items():
            rate, cpu, memory = _play(root / name, people)
            print(f"round {number + 1}, {name}: {rate} updates/s, {cpu} ms each", flush=True)
            rates[name].append((rate, cpu))
            measured.memory_mb = max(measured.memory_mb, memory)
            _make_room(root / name / "customer-day.db", measured.size.cases)
    small, large = figures["small"], figures["large"]
    for name, measured in figures.items():
        measured.per_s, measured.cpu_ms = map(statistics.median, zip(*rates[name], strict=True))
    _print(small, large)
    queues = [took for look, took in large.p99.items() if "queue" in look or look == "/today"]
    finds = [took for look, took in large.p99.items() if look.startswith("/find")]
    summary = {
        "ready_s": round(large.ready_s, 2),
        "longest_pause_ms": round(max(large.pauses.values()), 1),
        "queue_p99_ms": round(max(queues), 1),
        "find_p99_ms": round(max(finds), 1),
        "updates_ratio": round(large.per_s / small.per_s, 3),
        "memory_mb": round(large.memory_mb, 1),
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
