"""500 cases in a minute into one group, at Telegram's own pace: `python -m benchmarks.flood`.

The bot is `customer-day run`, the group has Telegram's 20 messages a minute. Two members work meanwhile: one claims
what is shown, one opens the queue; how long the group lets them wait is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path
from statistics import median
from time import monotonic

from bot.sandbox import STAFF_AR, STAFF_EN, TELEGRAM_LIMITS
from tests.e2e.desk import Member, many_cases
from tests.e2e.process import Municipality, municipality

_STEP = 2.0  # seconds between two batches


async def flood(count: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with municipality(Path(folder), hired=True, limits=TELEGRAM_LIMITS) as town:
            began = monotonic()
            taps = asyncio.create_task(_work(town, began + seconds))
            at_once = max(1, round(count / (seconds / _STEP)))
            filed = 0
            while filed < count:
                await many_cases(town, min(at_once, count - filed), first=filed)
                filed += min(at_once, count - filed)
                await asyncio.sleep(max(0.0, began + filed / at_once * _STEP - monotonic()))
            print(f"{count} cases filed in {monotonic() - began:.0f} s")
            waits = await taps
            await town.eventually("SELECT count(*) AS n FROM outbox WHERE status = 'pending'", 0, 300)
            print(f"nothing owed any more after {monotonic() - began:.0f} s")
            await _report(town, waits)


async def _work(town: Municipality, until: float) -> list[float]:
    """Tap and ask as people do; how long each answer took."""
    maryam, ahmed = Member(town, STAFF_AR), Member(town, STAFF_EN)
    waits = []
    while monotonic() < until:
        await asyncio.sleep(8)
        began = monotonic()
        await ahmed.says("/queue unowned")
        await ahmed.person.sees("📋", 120)
        waits.append(monotonic() - began)
        cards = [one for one in maryam.person.messages if maryam.office_t.plain("✋ Claim") in str(one.buttons)]
        if cards:
            await maryam.person.taps(maryam.office_t.plain("✋ Claim"), on=cards[0].id)
    return waits


async def _report(town: Municipality, waits: list[float]) -> None:
    group = town.person(STAFF_AR).in_group(town.staff(STAFF_AR).chat_id)
    shown = await town.count("SELECT count(*) AS n FROM cards WHERE message IS NOT NULL")
    kept = await town.count("SELECT count(*) AS n FROM cards")
    print(f"429s: {sum(refusal.code == 429 for refusal in town.sandbox.refusals)}")
    print(f"messages in the group: {len(group.messages)}; cards shown {shown}, in the queue alone {kept - shown}")
    print(f"/queue in the group: median {median(waits):.1f} s, worst {max(waits):.1f} s, of {len(waits)}")
    print("\n".join(f"  #{one.id} {one.text.splitlines()[0]}" for one in group.messages[-6:]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    asyncio.run(flood(options.cases, options.seconds))


if __name__ == "__main__":
    main()
