"""An announcement to many residents, with the bot killed in the middle: `python -m benchmarks.announcement`.

The bot is `customer-day run`, against the sandbox with Telegram's limits. At its 30 bulk messages a second 50,000
recipients take 28 minutes; `--rate` sets another rate for both the sandbox and the bot.
Meanwhile some people talk to the bot, and wait for its answers. The last line is JSON:

- `violations`: calls that the sandbox refused because the bot broke a rule of Telegram's;
- `rate_ratio`: messages a second while the bot ran, as a part of the rate. Those of a second may go at once, so between
  two kills it is right to within one second's messages;
- `reply_p99_s`: seconds that 99 of 100 who talked waited at most, while the bot ran;
- `missed`: recipients who never got it;
- `doubled`: recipients who got it more than once;
- `memory_mb`: of the bot, when 10, 50 and 90 of 100 recipients had it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import quantiles
from time import monotonic

from bot.app import open_context
from bot.sandbox import TELEGRAM_LIMITS, Account
from bot.sandbox.events import BotStarted, Changed, Posted
from bot.sandbox.world import Event
from services.announcements import sending, writing
from services.announcements.model import Announcement, Kind
from services.staff.permissions import Person
from services.unit_of_work import Work
from storage.ids import OfficeId
from storage.translations import Translations
from tests.e2e.process import Municipality, municipality
from tests.instants import SUNDAY

_FIRST_READER, _FIRST_TALKER = 20_000_000, 10_000_000
_AUTHOR = "9"
_WORDS = "The municipality announces a thing"
_TALKERS = 40
_FIRST_SECOND = 1.0  # after a start, in which a whole second's messages may go at once: it would flatter the rate
_PAUSE = 0.1  # seconds between two who ask
_QUESTIONS = ("/my", "/appointments", "/contact")


@dataclass(slots=True)
class Seen:
    """What the people's phones showed."""

    got: Counter[int] = field(default_factory=Counter)
    first_at: float = 0.0
    spans: list[tuple[int, float]] = field(default_factory=list)  # messages, and in how many seconds, between kills
    since: dict[int, float] = field(default_factory=dict)  # who waits for an answer
    waited: list[float] = field(default_factory=list)
    serving: bool = True
    _woke: float = 0.0  # the first message since a start
    _began: float = 0.0
    _last: float = 0.0
    _count: int = 0

    def heard(self, event: Event) -> None:
        if not isinstance(event, Posted | Changed):
            return
        if event.chat >= _FIRST_READER:
            if isinstance(event, Posted) and _WORDS in str(event.message.get("text", "")):
                self._delivered(event.chat)
        elif (began := self.since.get(event.chat)) is not None and event.message["from"]["id"] != event.chat:
            del self.since[event.chat]
            self.waited.append(monotonic() - began)

    def _delivered(self, chat: int) -> None:
        now = monotonic()
        self.got[chat] += 1
        self.first_at = self.first_at or now
        self._woke = self._woke or now
        if now - self._woke < _FIRST_SECOND:
            return
        self._began = self._began or now
        self._last = now
        self._count += 1

    def end_span(self) -> None:
        """The bot is killed: until it serves again nothing is measured."""
        if self._count > 1:
            self.spans.append((self._count - 1, self._last - self._began))
        self._woke, self._began, self._count = 0.0, 0.0, 0
        self.since.clear()

    @property
    def rate(self) -> float:
        """Messages a second while the bot ran."""
        return sum(count for count, _ in self.spans) / max(sum(seconds for _, seconds in self.spans), 1e-9)


@dataclass(frozen=True, slots=True)
class Figures:
    """How it went."""

    violations: int
    rate_ratio: float
    reply_p99_s: float
    missed: int
    doubled: int
    memory_mb: tuple[int, ...]


async def announcement(folder: Path, recipients: int, kills: int, rate: int) -> Figures:
    readers = [Account(_FIRST_READER + n, "Reader", language_code="en") for n in range(recipients)]
    talkers = [Account(_FIRST_TALKER + n, "Resident", language_code="en") for n in range(_TALKERS)]
    limits = replace(TELEGRAM_LIMITS, overall_per_second=rate)
    async with municipality(
        folder,
        limits=limits,
        people=[*readers, *talkers],
        webhook=True,
        at=SUNDAY,
        RATE_OVERALL=f"{rate}",
        ADMINS=_AUTHOR,
        APPROVAL_ABOVE="10000000",
    ) as town:
        seen = Seen()
        town.sandbox.world.listeners.add(seen.heard)
        await _arrive(town, talkers, readers)
        began = monotonic()
        await _announce(town)
        talking = asyncio.create_task(_talk(town, talkers, seen))
        memory = await _follow(town, seen, recipients, kills)
        talking.cancel()
        with suppress(asyncio.CancelledError):
            await talking
        return await _figures(town, seen, memory, recipients, rate, seen.first_at - began)


async def _arrive(town: Municipality, talkers: Sequence[Account], readers: Sequence[Account]) -> None:
    """Those who talk open the bot; those who only read did so long ago."""
    for one in talkers:
        await town.person(one.id).says("/start")
    for reader in readers:
        town.sandbox.world.commit(BotStarted(reader.id))
    async with open_context(town.settings, clock=town.clock) as desk:
        for start in range(0, len(readers), 1000):
            async with desk.begin() as work:
                for reader in readers[start : start + 1000]:
                    work.tx.later(
                        "INSERT INTO residents (channel, address, language, office, created_at, seen_at)"
                        " VALUES ('telegram', :address, :language, 'capital', :at, :at)",
                        address=f"{reader.id}",
                        language="ar" if reader.id % 2 else "en",
                        at=town.clock(),
                    )
    await town.all_sent(120)


async def _announce(town: Municipality) -> None:
    """Write an announcement and send it, as its author's dialogue does."""
    author = Person("telegram", _AUTHOR, "Amal")

    async def send(work: Work) -> None:
        texts = Translations({"en": f"{_WORDS}.", "ar": f"{_WORDS} بالعربية."})  # not a text: what readers are told by
        made = await writing.draft(work, author, Kind.NEWS, OfficeId("capital"), texts=texts)
        assert made is not None
        sent = await sending.send(work, author, made.id, made.version)
        assert isinstance(sent, Announcement), sent

    async with open_context(town.settings, clock=town.clock) as desk:
        await desk.attempt(send)


async def _talk(town: Municipality, talkers: Sequence[Account], seen: Seen) -> None:
    """Somebody asks something, again and again, while the bot runs."""
    number = 0
    while True:
        await asyncio.sleep(_PAUSE)
        if not seen.serving or not seen.got:
            continue
        who = talkers[number % len(talkers)].id
        if who not in seen.since:
            seen.since[who] = monotonic()
            await town.person(who).says(_QUESTIONS[number % len(_QUESTIONS)])
        number += 1


async def _follow(town: Municipality, seen: Seen, recipients: int, kills: int) -> list[float]:
    """Wait until everybody has it, or nobody more gets it; kill the bot on the way. What memory it had."""
    kills_at = [round(recipients * (one + 1) / (kills + 1)) for one in range(kills)]
    looks_at = [round(recipients * share) for share in (0.1, 0.5, 0.9)]
    memory: list[float] = []
    last = (0, monotonic())
    while len(seen.got) < recipients:
        await asyncio.sleep(0.01)
        count = len(seen.got)
        if looks_at and count >= looks_at[0]:
            looks_at.pop(0)
            memory.append(_memory_mb(town))
            print(f"{count} have it; the bot's memory is {memory[-1]:.0f} MB")
        if kills_at and count >= kills_at[0]:
            kills_at.pop(0)
            seen.serving = False
            await town.process.kill()
            seen.end_span()
            await town.process.start()
            seen.serving = True
            print(f"killed after {count} and started again")
        if count != last[0]:
            last = (count, monotonic())
        elif monotonic() - last[1] > 60:
            break  # nobody gets it any more
    seen.end_span()
    await town.all_sent(30)
    return memory


def _memory_mb(town: Municipality) -> float:
    process = town.process.pid
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


async def _figures(
    town: Municipality, seen: Seen, memory: Sequence[float], recipients: int, rate: int, first: float
) -> Figures:
    waited = sorted(seen.waited) or [float("inf")]
    for refusal in town.sandbox.violations[:5]:
        print(refusal)
    (row,) = await town.rows("SELECT status, total, sent, skipped, unreachable FROM announcements WHERE total > 0")
    print(f"first message after {first:.2f} s, then {seen.rate:.1f} a second")
    print(f"{len(waited)} answers, the slowest after {waited[-1]:.2f} s; the bot says {row}")
    return Figures(
        violations=len(town.sandbox.violations),
        rate_ratio=round(seen.rate / rate, 4),
        reply_p99_s=round(quantiles(waited, n=100)[98] if len(waited) > 1 else waited[0], 3),
        missed=recipients - len(seen.got),
        doubled=sum(count > 1 for count in seen.got.values()),
        memory_mb=tuple(round(one) for one in memory),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--rate", type=int, default=30, help="bulk messages a second, of sandbox and bot")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(announcement(Path(folder), options.recipients, options.kills, options.rate))
    print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main()
