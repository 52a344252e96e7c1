"""`customer-day learn`: where people's words were misunderstood. It names requests by reference, and nobody."""

from __future__ import annotations

from datetime import date, timedelta

from bot.app import open_context
from bot.settings import Settings
from bot.time_source import Clock, now
from services.casework.lessons import EXAMPLES, Lessons, learn

_DAYS = 90  # looked back, where no day is given
_LINES, _WORDS = 20, 12  # printed at most: mistakes, and words of a category


async def report(settings: Settings, since: date | None, clock: Clock = now) -> int:
    """Print what the rules of the offices file make of the requests since a day."""
    async with open_context(settings, clock=clock) as context, context.read() as work:
        first = since or work.today - timedelta(days=_DAYS)
        lessons = await learn(work, first)
    for line in _lines(lessons, first):
        print(line)  # noqa: T201
    return 0


def _lines(lessons: Lessons, first: date) -> list[str]:
    total = lessons.requests
    if not total:
        return [f"no requests with words since {first}"]
    return [
        f"{total} requests with words since {first}; staff gave {lessons.corrected} another category or office",
        "category: likeliest right {}, among three {}, not recognised {}".format(
            *(_share(count, total) for count in (lessons.first, lessons.among_three, lessons.unknown))
        ),
        f"office: recognised {lessons.offices}, wrong {len(lessons.wrong_offices)}"
        + (f" ({', '.join(lessons.wrong_offices[:EXAMPLES])})" if lessons.wrong_offices else ""),
        *(
            f"taken for {taken}, was {was}: {len(found)} ({', '.join(found[:EXAMPLES])})"
            for (taken, was), found in lessons.worst()[:_LINES]
        ),
        *(
            f"not understood in {category}: {' '.join(words[:_WORDS])}"
            for category in sorted(lessons.unheard)
            if (words := lessons.words_of(category))
        ),
    ]


def _share(count: int, total: int) -> str:
    return f"{count} ({100 * count / total:.0f} %)"
