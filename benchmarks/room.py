"""The director's page of a simulated Customer Day, without its script: what it asks for and what it taps."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp
from pydantic import BaseModel

from bot.sandbox.mini_apps import init_data
from storage.ids import BookingId, OfficeId, SessionId
from tests.e2e.process import TOKEN, Municipality


class _Visit(BaseModel):
    booking: int
    version: int
    undo: str
    outcome: int = 0
    away: str | None = None


class _Lane(BaseModel):
    session: int
    held: bool
    inside: tuple[_Visit, ...]
    called: tuple[_Visit, ...]
    waiting: tuple[_Visit, ...]
    absent: tuple[_Visit, ...]
    finished: tuple[_Visit, ...]

    def visit(self, booking: BookingId) -> _Visit:
        shown = (*self.inside, *self.called, *self.waiting, *self.absent, *self.finished)
        return next(one for one in shown if one.booking == booking)

    @property
    def next(self) -> _Visit | None:
        """Whom the page offers to call."""
        offered = not self.called and not self.held
        return next((one for one in self.waiting if not one.away), None) if offered else None


class _Day(BaseModel):
    lanes: tuple[_Lane, ...]


class _Answer(BaseModel):
    result: str


@dataclass(slots=True)
class Room:
    """The page on the phones of members of staff. What each tap was answered with is counted."""

    town: Municipality
    web: aiohttp.ClientSession
    office: OfficeId
    chance: random.Random
    answers: Counter[str] = field(default_factory=Counter)

    async def calls_next(self, session: SessionId, staff: Sequence[int]) -> None:
        """Each looks who is next; then all tap at the same moment. Where the page offers no call, nobody does."""
        seen = [(one, (await self._lane(one, session)).next) for one in staff]
        await asyncio.gather(*(self._tap(one, "call", visit) for one, visit in seen if visit is not None))

    async def undoes(self, session: SessionId, booking: BookingId, staff: Sequence[int]) -> None:
        """Undo the last step of a visitor. Of those who tap at the same moment, one does."""
        seen = [(one, (await self._lane(one, session)).visit(booking)) for one in staff]
        assert all(visit.undo for _, visit in seen), f"the page offers no undo of {seen}"
        taps = (self._tap(one, "undo", visit, withdraws=visit.outcome) for one, visit in seen)
        results = await asyncio.gather(*taps)
        assert results.count("done") == 1, f"an undo was answered {results}"

    async def records(self, session: SessionId, booking: BookingId, staff: Sequence[int], outcome: int) -> None:
        """Record that a visitor's matter is solved, which ends the meeting. Of those who tap at once, one does.

        `outcome` is the version of what is recorded so far.
        """
        visit = (await self._lane(staff[0], session)).visit(booking).model_copy(update={"version": outcome})
        results = await asyncio.gather(*(self._tap(one, "outcome", visit, kind="solved") for one in staff))
        assert results.count("done") == 1, f"an outcome was answered {results}"

    async def _lane(self, member: int, session: SessionId) -> _Lane:
        day = _Day.model_validate_json(await self._ask(member, f"day?office={self.office}"))
        return next(lane for lane in day.lanes if lane.session == session)

    async def _tap(self, member: int, act: str, visit: _Visit, **more: object) -> str:
        key = f"{self.chance.getrandbits(128):032x}"
        tap = {"key": key, "booking": visit.booking, "act": act, "version": visit.version, **more}
        answer = _Answer.model_validate_json(await self._ask(member, "tap", tap))
        self.answers[f"{act}: {answer.result}"] += 1
        return answer.result

    async def _ask(self, member: int, path: str, body: object = None) -> str:
        account = self.town.sandbox.world.people[member]
        signed = init_data(account, TOKEN, int(self.town.clock().timestamp()))
        method, url = ("GET" if body is None else "POST"), f"{self.town.process.url}/director/{path}"
        async with self.web.request(method, url, json=body, headers={"Authorization": f"tma {signed}"}) as answer:
            assert answer.status == 200, f"the page's {path} was answered {answer.status}"
            return await answer.text()
