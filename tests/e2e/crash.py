"""Kill the bot at random moments while people talk to it, and see that they never notice more than a pause.

`python -m tests.e2e.crash --kills 1000` runs for long; the test suite does a few. Everything random comes from the
seed, but for how long the machine takes.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox import Account, Trouble
from locales import Language
from storage.database import Dialect
from tests.databases import fresh_database
from tests.e2e.process import Municipality, errors_in, municipality
from tests.e2e.talking import Resident, is_free
from tests.few_seats import few_seats

AT_ONCE = 6  # people, who want the four seats there are
SLOTS, CAPACITY, WEEKS = 2, 1, 2
PATIENCE = 180.0  # seconds until somebody counts as forgotten
LONGEST_LIFE = 0.8  # seconds, from when the bot serves until it is killed
#: Or so much of what its last start took: a machine with much to do starts it slowly, and serves as slowly.
LIFE_PER_START = 0.4
METHODS = ("sendMessage", "editMessageText", "sendPhoto", "sendDocument", "sendVenue", "getUpdates", "getFile")
#: Not told to wait for an hour: the bot would, and the chat would hear nothing of it within this test.
TROUBLES = (Trouble.ERROR, Trouble.LOST, Trouble.UNHEARD)

SOLD_TWICE = """
SELECT count(*) AS n FROM (SELECT t.id FROM slots t JOIN bookings b ON b.slot_id = t.id
    WHERE b.status IN ('held', 'offered', 'confirmed', 'checked_in', 'attended', 'no_show')
    GROUP BY t.id, t.capacity HAVING count(*) > t.capacity) AS full_slots
"""
_WANTED_NOW = "SELECT count(*) AS n FROM files WHERE status = 'wanted' AND attempts = 0"
# What was being fetched when the bot was killed is left alone for two minutes, and a card's album waits for it.
_WAITS_FOR_A_FILE = """(payload LIKE '%"staff_files"%'
    AND EXISTS (SELECT 1 FROM files WHERE status = 'wanted' AND attempts > 0))"""
_OWED = f"SELECT count(*) AS n FROM outbox WHERE status = 'pending' AND NOT {_WAITS_FOR_A_FILE}"  # noqa: S608
ENDED_BADLY = f"""SELECT count(*) AS n FROM outbox
    WHERE status NOT IN ('sent', 'superseded', 'dropped') AND NOT {_WAITS_FOR_A_FILE}"""  # noqa: S608


@dataclass
class Figures:
    """What happened. `promised` is what people were told, `kept` what the database says."""

    kills: int = 0
    kills_while_starting: int = 0
    people: int = 0
    updates: int = 0
    messages: int = 0
    duplicates: int = 0
    troubles: int = 0
    seconds: float = 0.0
    promised: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    sold_twice: int = 0
    undelivered: int = 0
    unfetched: int = 0
    fetched_later: int = 0  # being fetched when the bot was killed: left alone for a while, then fetched
    violations: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def duplicates_allowed(self) -> int:
        """One for each chat in which a message was on its way when the bot was killed or Telegram went unheard."""
        return self.kills * AT_ONCE + self.troubles

    def check(self) -> None:
        """Raises AssertionError where people lost something, or got it twice."""
        assert self.kept == self.promised, f"promised {self.promised}, kept {self.kept}"
        assert self.sold_twice == 0, f"{self.sold_twice} times have more people than seats"
        assert self.undelivered == 0, f"{self.undelivered} messages did not arrive"
        assert self.unfetched == 0, f"{self.unfetched} files were not fetched"
        assert self.duplicates <= self.duplicates_allowed, f"{self.duplicates} messages came twice"
        assert self.violations == [], self.violations


async def crash(
    folder: Path, kills: int, seed: int, *, webhook: bool = False, database: str = "", troubles: bool = True
) -> Figures:
    """Let people talk until the bot was killed so often, and all of them are done."""
    chance, figures, began = random.Random(seed), Figures(), time.monotonic()
    offices = few_seats(folder, slots=SLOTS, capacity=CAPACITY, weeks=WEEKS)
    async with municipality(folder, webhook=webhook, database=database, offices=offices, migrated=False) as town:
        killed = asyncio.Event()
        crowd = [asyncio.create_task(_come_and_go(town, figures, chance, n, killed)) for n in range(AT_ONCE)]
        killer = asyncio.create_task(_kill(town, figures, chance, kills, killed, troubles=troubles))
        await _all_or_first_failure([killer, *crowd])
        await town.sandbox.drained(PATIENCE)
        await town.eventually(_WANTED_NOW, 0, PATIENCE)  # first: a file that has come is one more thing to send on
        await town.eventually(_OWED, 0, PATIENCE)
        await _look(town, figures)
        figures.errors = Counter(_named(line) for line in errors_in(town.process.log))
    figures.seconds = round(time.monotonic() - began, 1)
    return figures


async def _all_or_first_failure(tasks: list[asyncio.Task[None]]) -> None:
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _kill(
    town: Municipality, figures: Figures, chance: random.Random, kills: int, killed: asyncio.Event, *, troubles: bool
) -> None:
    bot, longest = town.process, LONGEST_LIFE
    while figures.kills < kills:
        if troubles and chance.random() < 0.3:
            town.sandbox.trouble(chance.choice(METHODS), chance.choice(TROUBLES))
            figures.troubles += 1
        await asyncio.sleep(chance.uniform(0, longest))
        await bot.kill()
        figures.kills += 1
        starting = chance.random() < 0.2 and figures.kills < kills
        began = time.monotonic()
        await bot.start(ready=not starting)
        if not starting:
            longest = max(LONGEST_LIFE, LIFE_PER_START * (time.monotonic() - began))
        figures.kills_while_starting += starting
    killed.set()


# ---------------------------------------------------------------------------- what people do meanwhile


async def _come_and_go(
    town: Municipality, figures: Figures, chance: random.Random, lane: int, killed: asyncio.Event
) -> None:
    """One person after another, until the bot is left alone."""
    for visit in itertools.count():
        if killed.is_set() and visit:
            return
        language = chance.choice(list(Language))
        number = 10_000 + visit * AT_ONCE + lane
        town.sandbox.world.refresh(Account(number, f"Visitor{number}", "Of Bahrain", "", language))
        resident = Resident.of(town, language, number)
        resident.patience = PATIENCE
        figures.people += 1
        await _book(resident, figures, chance)
        await _complain(resident, figures, chance)


async def _book(resident: Resident, figures: Figures, chance: random.Random) -> None:
    await resident.says("/start book_capital")
    if await resident.sees_one_of(_DAYS, _ALL_FULL, _NO_DAYS) != _DAYS:  # right after the start no day is planned yet
        return
    await resident.taps_shown(_free_day(resident))
    if await resident.sees_one_of(_TIMES, _ALL_TAKEN, _NEAREST, _NONE) != _TIMES:
        return
    await resident.taps_first()
    asked = "Write what the municipality should know, or send"
    if await resident.sees_one_of(asked, _TAKEN, _ALL_TAKEN, _NEAREST, _NONE) != asked:
        return
    await resident.tells_booking("About the road")
    await resident.taps("Confirm")
    await resident.sees("Your appointment is confirmed.")
    figures.promised["booked"] += 1
    await resident.taps("Cancel")
    await resident.sees("Cancel the appointment? You can give a")
    await resident.taps(chance.choice(("The problem was solved", "Cancel without a reason")))
    await resident.sees("Your appointment is cancelled.")
    figures.promised["cancelled"] += 1


async def _complain(resident: Resident, figures: Figures, chance: random.Random) -> None:
    await resident.says("/start complain_capital")
    await resident.sees("When you submit a complaint, we")
    await resident.taps("📢 Submit a complaint")
    await resident.sees("What is it about? Choose")
    await resident.taps_first()
    await resident.sees("Describe the problem in your own words. A photo")
    await resident.person.sends_photo(caption="Full again")
    await resident.sees("Where is it? Share the location or type")
    await resident.person.shares_location(26.2285 + chance.uniform(-0.005, 0.005), 50.585)
    if await resident.sees_one_of("Do you want to submit with", _SIMILAR) == _SIMILAR:
        await resident.taps("Mine is different")
        await resident.sees("Do you want to submit with")
    await resident.taps("Without my name")
    await resident.sees("Check your", button="✅ Submit")  # what asked for the name begins with the same words
    await resident.taps("✅ Submit")
    await resident.sees("We have received your complaint.")
    figures.promised["complained"] += 1


_DAYS = "people face to face. Which day suits you?"
_ALL_FULL = "No times are available on these days."
_NO_DAYS = "No times are available now. We open new days every week."
_TIMES = "Which time suits you? A meeting"
_ALL_TAKEN = "No times are available on that day any more. The nearest times are:"
_NEAREST = "The nearest available times:"
_NONE = "No times are available now."
_TAKEN = "Sorry, someone else has just booked that time."
_SIMILAR = "Someone has already reported something like this here."


def _free_day(resident: Resident) -> str:
    """The button of the first day that has free times."""
    assert resident.looking_at is not None
    labels = [row[0] for row in resident.looking_at.buttons]
    return next((label for label in labels if is_free(resident.t, label)), labels[0])


# ---------------------------------------------------------------------------- what came of it


async def _look(town: Municipality, figures: Figures) -> None:
    counts = {
        "booked": "SELECT count(*) AS n FROM booking_events WHERE what = 'confirmed'",
        "cancelled": "SELECT count(*) AS n FROM bookings WHERE status = 'cancelled_by_resident'",
        "complained": "SELECT count(*) AS n FROM cases",
    }
    figures.kept = Counter({what: await town.count(sql) for what, sql in counts.items()})
    figures.sold_twice = await town.count(SOLD_TWICE)
    figures.undelivered = await town.count(ENDED_BADLY)
    figures.fetched_later = await town.count("SELECT count(*) AS n FROM files WHERE status = 'wanted'")
    figures.unfetched = await town.count("SELECT count(*) AS n FROM files WHERE status NOT IN ('stored', 'wanted')")
    figures.updates = await town.count("SELECT count(*) AS n FROM updates")
    noted = {(str(row["chat"]), row["message"]) for row in await town.rows("SELECT chat, message FROM outbox")}
    shown = {
        (str(chat.id), str(number))
        for chat in town.sandbox.world.chats.values()
        for number, message in chat.messages.items()
        if message.by_bot
    }
    figures.messages = len(shown)
    figures.duplicates = len(shown - noted)
    figures.violations = [str(refusal) for refusal in town.sandbox.violations]


def _named(line: str) -> str:
    return line[:120] if not line.startswith("{") else line[line.find('"event"') :][:60]


async def _run(kills: int, seed: int, dialect: Dialect, *, webhook: bool) -> Figures:
    async with fresh_database(dialect) as url:
        database = url if dialect is Dialect.POSTGRES else ""  # a SQLite file the bot makes itself
        with tempfile.TemporaryDirectory() as folder:
            return await crash(Path(folder), kills, seed, webhook=webhook, database=database)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--webhook", action="store_true")
    parser.add_argument("--database", type=Dialect, choices=list(Dialect), default=Dialect.SQLITE)
    options = parser.parse_args()
    figures = asyncio.run(_run(options.kills, options.seed, options.database, webhook=options.webhook))
    for name, value in vars(figures).items():
        shown = dict(value) if isinstance(value, Counter) else value
        sys.stdout.write(f"{name:>22}  {shown}\n")
    figures.check()


if __name__ == "__main__":
    main()
