"""How many people an audience holds, and what it would cost to tell them fast."""

from __future__ import annotations

from dataclasses import dataclass

from services.announcements.model import Audience, Group
from services.unit_of_work import Work
from storage import audiences

STARS_FOR_TEN = 1  # what Telegram asks for ten messages beyond the free rate


@dataclass(frozen=True, slots=True)
class Count:
    """How many an audience holds, by office and language."""

    groups: tuple[Group, ...]

    @property
    def total(self) -> int:
        """Those who would be told."""
        return sum(group.told for group in self.groups)

    @property
    def opted_out(self) -> int:
        return sum(group.opted_out for group in self.groups)

    @property
    def unreachable(self) -> int:
        return sum(group.unreachable for group in self.groups)

    @property
    def by_language(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for group in self.groups:
            found[group.language] = found.get(group.language, 0) + group.told
        return found


async def count(work: Work, audience: Audience) -> Count:
    """Count an audience as it stands. It is looked up outside the transaction, so ask before anything is changed."""
    if audience.test:
        groups = await audiences.count(work.tx, audience)
        # Who asks for a test gets it, news wanted or not.
        return Count(tuple(g.model_copy(update={"told": g.told + g.opted_out, "opted_out": 0}) for g in groups))
    question = ("announcement audience", audience.model_dump_json())
    return await work.look_up(question, lambda work: _count(work, audience))


async def _count(work: Work, audience: Audience) -> Count:
    return Count(await audiences.count(work.tx, audience))


def cost(recipients: int) -> int:
    """Telegram's price, in Stars, of telling so many people at the paid rate."""
    return -(-recipients * STARS_FOR_TEN // 10)
