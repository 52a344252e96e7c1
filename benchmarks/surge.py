"""3,000 people tap within ten seconds while an announcement goes out: `python -m benchmarks.surge`.

The bot is `customer-day run`, against the sandbox with Telegram's limits. How long each person waits for the answer to
their tap is measured, from the tap to the message that shows it. The last line is JSON:

- `reply_p99_s`: seconds that 99 of 100 waited at most;
- `too_many_requests`: how often the sandbox answered 429;
- `lost`: taps that were never answered.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import monotonic

from bot.sandbox import TELEGRAM_LIMITS, Account
from bot.sandbox.events import BotStarted, Changed, Posted
from bot.sandbox.world import Event
from storage import outbox
from storage.open import open_database
from storage.records.outbox import OutboxKind
from tests.e2e.process import Municipality, municipality

_FIRST_PERSON = 10_000_000
_FIRST_READER = 20_000_000  # of the announcement; none of them taps
_BROADCAST = 2  # the urgency of an announcement
_BUTTONS = ("My requests", "My appointments")
_SLOWEST_ANSWER = 60.0


@dataclass(slots=True)
class Answers:
    """Who waits for an answer since when, and how long the others did."""

    since: dict[int, float] = field(default_factory=dict)
    waited: list[float] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def heard(self, event: Event) -> None:
        if isinstance(event, Posted | Changed) and (began := self.since.get(event.chat)) is not None:
            if isinstance(event, Posted) and event.message["from"]["id"] == event.chat:
                return  # the person's own message
            del self.since[event.chat]
            self.waited.append(monotonic() - began)
            self.came.set()


def _accounts(count: int, first: int, name: str) -> list[Account]:
    return [Account(first + n, name, language_code="en") for n in range(count)]


async def surge(taps: int, seconds: float, backlog: int) -> None:
    people = _accounts(taps, _FIRST_PERSON, "Resident")
    readers = _accounts(backlog, _FIRST_READER, "Reader")
    with tempfile.TemporaryDirectory() as folder:
        async with municipality(Path(folder), limits=TELEGRAM_LIMITS, people=[*people, *readers], webhook=True) as town:
            answers = Answers()
            town.sandbox.world.listeners.add(answers.heard)
            await _arrive(town, people)
            for reader in readers:
                town.sandbox.world.commit(BotStarted(reader.id))
            await _announce(town, readers)
            before = sum(refusal.code == 429 for refusal in town.sandbox.refusals)
            lost = await _tap(town, people, answers, seconds)
            await _report(town, answers, lost, before)


async def _arrive(town: Municipality, people: Sequence[Account]) -> None:
    """Everybody opens the bot, a hundred at a time, and has its menu."""
    for start in range(0, len(people), 100):
        await asyncio.gather(*(town.person(one.id).says("/start") for one in people[start : start + 100]))
        await town.sandbox.drained(60)
    await town.all_sent(120)


async def _announce(town: Municipality, readers: Sequence[Account]) -> None:
    """Queue an announcement to every reader, as the outbox holds one."""
    database = await open_database(town.settings.database)
    try:
        for start in range(0, len(readers), 500):
            async with database.transaction() as tx:
                for reader in readers[start : start + 500]:
                    outbox.add(
                        tx,
                        channel="telegram",
                        chat=str(reader.id),
                        kind=OutboxKind.MESSAGE,
                        payload='{"text":"Customer Day in Muharraq: book now"}',
                        urgency=_BROADCAST,
                        at=town.clock(),
                    )
    finally:
        await database.close()


async def _tap(town: Municipality, people: Sequence[Account], answers: Answers, seconds: float) -> int:
    """Let everybody tap once, evenly over the time; how many were never answered."""
    answers.waited.clear()
    began = monotonic()
    for number, one in enumerate(people):
        await asyncio.sleep(max(0.0, began + number * seconds / len(people) - monotonic()))
        answers.since[one.id] = monotonic()
        await town.person(one.id).taps(_BUTTONS[number % len(_BUTTONS)])
    print(f"{len(people)} taps in {monotonic() - began:.1f} s")
    with suppress(TimeoutError):
        async with asyncio.timeout(_SLOWEST_ANSWER):
            while answers.since:
                answers.came.clear()
                await answers.came.wait()
    return len(answers.since)


async def _report(town: Municipality, answers: Answers, lost: int, before: int) -> None:
    refused = sum(refusal.code == 429 for refusal in town.sandbox.refusals) - before
    owed = await town.count("SELECT count(*) AS n FROM outbox WHERE status = 'pending' AND urgency = 2")
    waited = sorted(answers.waited) or [float("inf")]
    p99 = quantiles(waited, n=100)[98] if len(waited) > 1 else waited[0]
    print(f"answers: median {median(waited):.2f} s, p99 {p99:.2f} s, worst {waited[-1]:.2f} s; {lost} never came")
    print(f"429s: {refused}; of the announcement {owed} were still to be sent when the last was answered")
    print(json.dumps({"reply_p99_s": round(p99, 3), "too_many_requests": refused, "lost": lost}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--taps", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--backlog", type=int, default=10_000, help="messages of an announcement that wait meanwhile")
    options = parser.parse_args()
    asyncio.run(surge(options.taps, options.seconds, options.backlog))


if __name__ == "__main__":
    main()
