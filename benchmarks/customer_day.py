"""A Customer Day from the first arrival to the last no-show: `python -m benchmarks.customer_day`.

60 people have appointments in two lines, 9 of them do not come, 7 come without one. The first line begins 25 minutes
late, the second has a break, the bot is killed in the middle, and two members of staff tap at once each time, in the
group or on the director's page. Seventeen taps are wrong and are undone, three of them the end of a meeting with a
recorded outcome. The bot is `customer-day run`, and time is moved by
its clock. How far it is goes to stderr. The last line is JSON; where there is none, stderr says why, and it exits with
another code than 0:

- `called_twice`: calls of somebody who had been called, and had not been away since;
- `forgotten`: who came and was neither received nor left, who was called and got no message, who never came and is not
  marked, and who came and is;
- `seats_doubled`: seats that two people have;
- `pushes_doubled`: messages that ring and came more often than they were owed, or were owed twice;
- `worse_unsaid`: messages in which somebody stood further back than before and did not learn why;
- `estimate_error_min`: minutes between when people were called and the middle of the time they were given when they
  came; the median.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median, quantiles

import aiohttp

from benchmarks.ending import Progress, run
from benchmarks.morning import CAPITAL, Morning, Plan, Tell
from benchmarks.residents import FIRST
from benchmarks.room import Room
from bot.app import open_context
from bot.sandbox import Account
from tests.e2e.customer_day import SharedClock
from tests.e2e.process import Municipality, errors_in, municipality
from tests.few_seats import two_lines
from tests.instants import SUNDAY

_EARLY = timedelta(hours=68)  # from Sunday 09:00 to Wednesday 05:00, when seats can still be booked

_URL = "https://customer-day.example"  # the director's page is offered where there is one
_NEVER = datetime.max.replace(tzinfo=UTC)

_SEATS = """SELECT count(*) AS n FROM (
    SELECT slot_id, seat FROM bookings
    WHERE status IN ('held', 'offered', 'confirmed', 'checked_in', 'attended', 'no_show')
    GROUP BY slot_id, seat HAVING count(*) > 1) AS twice"""
_EVENTS = "SELECT booking_id, what FROM booking_events WHERE what <> 'confirmed' ORDER BY id"
_SHOWN = """SELECT payload, created_at FROM outbox
    WHERE kind = 'notice' AND status = 'sent' AND payload LIKE '%"about":"line_place"%' ORDER BY id"""
_RINGS = """SELECT resident_id, payload, status FROM outbox
    WHERE kind = 'notice' AND payload LIKE '%"about":"line_{what}"%'"""


@dataclass(frozen=True, slots=True)
class Figures:
    """How it went."""

    called_twice: int
    forgotten: int
    seats_doubled: int
    pushes_doubled: int
    worse_unsaid: int
    estimate_error_min: float


async def customer_day(
    folder: Path, plan: Plan, *, slots: int = 30, slot_minutes: int = 10, tell: Tell | None = None
) -> Figures:
    tell = tell or Progress()
    tell(f"the bot starts, seed {plan.seed}")
    people = [Account(FIRST + n, f"Visitor{n}", language_code="en") for n in range(plan.booked)]
    clock = SharedClock(SUNDAY + _EARLY, folder / "clock")
    offices = two_lines(folder, slots=slots, slot_minutes=slot_minutes)
    async with (
        municipality(
            folder, clock=clock, offices=offices, people=people, hired=True, CLOCK_SECONDS="0.05", PUBLIC_URL=_URL
        ) as town,
        aiohttp.ClientSession() as web,
    ):
        async with open_context(town.settings, clock=town.clock) as desk:
            morning = Morning(town, desk, Room(town, web, CAPITAL, Random(plan.seed)), plan, tell)
            tell("people book")
            await morning.prepare()
            await morning.play()
        tell("the figures are counted")
        return await _figures(town, morning)


async def _figures(town: Municipality, morning: Morning) -> Figures:
    for error in errors_in(town.process.log)[:3]:
        print(error[:300])
    shown = await _shown(town)
    called = await _called(town)
    given = {booking: views[0] for booking, views in shown.items() if booking in called}
    at_arrival = [abs((called[one] - _middle(view)).total_seconds()) / 60 for one, view in given.items()]
    late = [(called[one] - _middle(view)).total_seconds() / 60 for one, view in given.items()]
    inside = [_instant(view["low"]) <= called[one] <= _instant(view["high"]) for one, view in given.items()]
    print(
        f"{len(morning.came)} came, {len(called)} were called in their turn; {morning.seen.edits} edits on their phones"
    )
    print(f"undone: {dict(sorted(morning.undone.items()))}; on the page: ", end="")
    print(dict(sorted(morning.room.answers.items())))
    if len(at_arrival) > 1:
        print(f"they were called {median(late):+.1f} min from the middle of their first range; the median")
        print(f"90 of 100 estimates were at most {quantiles(at_arrival, n=10)[8]:.0f} min off")
    print(f"{sum(inside)} of {len(inside)} were called within the range that they were given when they came")
    return Figures(
        called_twice=await _called_twice(town),
        forgotten=await _forgotten(town, morning),
        seats_doubled=await town.count(_SEATS),
        pushes_doubled=await _pushes_doubled(town, morning),
        worse_unsaid=sum(_worse_unsaid(views) for views in shown.values()),
        estimate_error_min=round(median(at_arrival), 1) if at_arrival else 0.0,
    )


async def _called(town: Municipality) -> Mapping[int, datetime]:
    """When each was called first and not by mistake, of those who did not ask for more time."""
    found: dict[int, datetime] = {}
    last: dict[int, object] = {}
    for row in await town.rows("SELECT booking_id, at, actor, what FROM booking_events ORDER BY id"):
        booking = int(str(row["booking_id"]))
        if row["what"] == "called":
            found.setdefault(booking, _instant(row["at"]))
        if row["what"] == "put_back" and str(row["actor"]).startswith("resident:"):
            found[booking] = _NEVER
        if row["what"] == "undone" and last.get(booking) == "called" and found.get(booking) != _NEVER:
            found.pop(booking, None)
        last[booking] = row["what"]
    return {booking: at for booking, at in found.items() if at != _NEVER}


async def _shown(town: Municipality) -> Mapping[int, list[dict[str, str]]]:
    """What each who came was shown of the line while they waited, in order."""
    found: dict[int, list[dict[str, str]]] = {}
    for row in await town.rows(_SHOWN):
        view = json.loads(str(row["payload"]))
        if view.get("position") is not None:
            found.setdefault(view["booking"], []).append(view)
    return found


def _worse_unsaid(views: list[dict[str, str]]) -> int:
    found = [pair for pair in pairwise(views) if pair[1]["position"] > pair[0]["position"] and not pair[1]["changed"]]
    for before, after in found:
        print(f"further back without a word: {before} and then {after}")
    return len(found)


def _middle(view: dict[str, str]) -> datetime:
    low, high = _instant(view["low"]), _instant(view["high"])
    return low + (high - low) / 2


def _instant(value: object) -> datetime:
    return datetime.fromisoformat(str(value))


async def _called_twice(town: Municipality) -> int:
    said: dict[object, list[str]] = {}
    for row in await town.rows(_EVENTS):
        said.setdefault(row["booking_id"], []).append(str(row["what"]))
    calls = {booking: [one for one in events if one in _AROUND_A_CALL] for booking, events in said.items()}
    return sum(pair[1] == "called" and pair[0] in _SETTLED for events in calls.values() for pair in pairwise(events))


_SETTLED = frozenset({"called", "entered", "attended"})
_AROUND_A_CALL = _SETTLED | {"not_here", "put_back", "returned", "undone"}


async def _forgotten(town: Municipality, morning: Morning) -> int:
    left = await town.count("SELECT count(*) AS n FROM session_visits WHERE status NOT IN ('done', 'left')")
    unmarked = await town.count("SELECT count(*) AS n FROM bookings WHERE status = 'confirmed'")
    marked = {row["id"] for row in await town.rows("SELECT id FROM bookings WHERE status = 'no_show'")}
    calls = {row["booking_id"]: row["calls"] for row in await town.rows("SELECT booking_id, calls FROM session_visits")}
    rang = morning.seen.count("📣")
    unheard = sum(int(str(calls.get(booking, 0))) > rang.get(account, 0) for booking, account in morning.people.items())
    print(f"not received {left}, not marked {unmarked}, marked although they came {len(marked & morning.came)},")
    print(f"called without a message {unheard}; did not come {len(marked)}")
    return left + unmarked + len(marked & morning.came) + unheard


async def _pushes_doubled(town: Municipality, morning: Morning) -> int:
    doubled = 0
    for sign, what in (("🔔", "push"), ("📣", "called")):
        owed: Counter[str] = Counter()
        for row in await town.rows(_RINGS.format(what=what)):
            owed[str(row["resident_id"])] += 1
        accounts = {
            str(row["id"]): int(str(row["address"]))
            for row in await town.rows("SELECT id, address FROM residents WHERE channel = 'telegram'")
            if str(row["address"]).isdecimal()
        }
        came = morning.seen.count(sign)
        doubled += sum(max(0, came.get(account, 0) - owed[one]) for one, account in accounts.items())
        print(f"{sign} {sum(came.values())} came, {sum(owed.values())} were owed")
    rows = await town.rows(_RINGS.format(what="push"))
    rung = Counter((json.loads(str(row["payload"]))["booking"], json.loads(str(row["payload"]))["at"]) for row in rows)
    return doubled + sum(count - 1 for count in rung.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deadline", type=float, default=900, help="seconds after which it gives up; %(default)g")
    options = parser.parse_args()
    progress = Progress()
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(seed=options.seed)
        figures = run(customer_day(Path(folder), plan, tell=progress), progress, options.deadline)
    print(f"a day in {progress.seconds:.0f} s")
    print(json.dumps(asdict(figures)), flush=True)


if __name__ == "__main__":
    main()
