"""100,000 updates like those that have gone wrong somewhere: `python -m benchmarks.intake --database postgres`.

Container brands, kinds of entities, spellings of MIME types, invisible characters, broken Unicode, every kind of
update, fields left out or of another type (`tests/telegram/neighbours.py`). They are thrown at the intake over a
database of the kind that is named.
The last line is JSON; the exit code is 1 where anything crashed, came for ever, was set aside though it should have
been answered, or was lost without a word.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import tempfile
from pathlib import Path
from random import Random
from time import monotonic

import structlog

from storage.database import Dialect
from storage.open import open_database
from tests.conversations.staff_town import DeskTown
from tests.databases import fresh_database
from tests.telegram.neighbours import draw
from tests.telegram.throwing import Thrower

_BETWEEN = 500  # updates, after which what is owed is delivered
_GOING_ON = 0.6  # how often somebody taps what they were offered, between two updates


async def throw(count: int, seed: int, files: int, dialect: Dialect) -> dict[str, object]:
    async with fresh_database(dialect) as url:
        database = await open_database(url)
        try:
            thrower = Thrower(await DeskTown(database).opens())
            began, random, numbers = monotonic(), Random(seed), itertools.count(1)
            for thrown in range(1, count + 1):
                await thrower.throw(draw(random, next(numbers)))
                if random.random() < _GOING_ON:
                    await thrower.go_on(random, next(numbers))
                if thrown % _BETWEEN == 0:
                    await thrower.deliver()
            await thrower.deliver()
            seconds = monotonic() - began
            with tempfile.TemporaryDirectory() as folder:
                fetched = await thrower.fetch(Path(folder), files)
        finally:
            await database.close()
    for what, raws in thrower.examples.items():
        print(f"{thrower.faults[what]} {what}")
        for raw in raws:
            print(f"    {raw.decode(errors='replace')}")
    return {
        "database": dialect,
        "updates": count,
        "taps_between": thrower.thrown - count,
        "seed": seed,
        "seconds": round(seconds, 1),
        "set_aside_of_nobody": thrower.parked - sum(n for what, n in thrower.faults.items() if "set aside" in what),
        "files_looked_through": fetched,
        "faults": dict(thrower.faults),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--database", type=Dialect, choices=list(Dialect), default=Dialect.SQLITE)
    parser.add_argument("--files", type=int, default=200, help="how many of the files sent are fetched and decoded")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))  # what is set aside is logged
    found = asyncio.run(throw(options.updates, options.seed, options.files, options.database))
    print(json.dumps(found, sort_keys=True))
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
