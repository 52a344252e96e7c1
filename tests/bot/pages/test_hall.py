"""The screen in the hall: who may open it, what it is sent and how soon, and how many screens there can be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp

from bot.pages.feeds import Feeds
from services.visits.page_links import PageLinks
from services.visits.states import Step
from storage.ids import SessionId
from storage.lines import Held
from tests.bot.pages.day import Day

SOON = 60.0  # far longer than anything here takes


class Screen:
    """What a screen is sent."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def next(self, wanted: str = "hall") -> Any:
        name = ""
        while line := (await self._answer.content.readline()).decode().strip("\n") or " ":
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: ") and name == wanted:
                return json.loads(line.removeprefix("data: "))
            if self._answer.content.at_eof():
                raise EOFError
        raise EOFError


@asynccontextmanager
async def screen(day: Day, address: str = "") -> AsyncIterator[Screen]:
    page, _, query = (address or day.hall()).partition("?")
    async with aiohttp.ClientSession() as session, session.get(f"{page}/events?{query}") as answer:
        assert answer.status == 200
        assert answer.headers["X-Accel-Buffering"] == "no"
        yield Screen(answer)


async def status(address: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status


def tickets(shown: list[dict[str, str]]) -> list[str]:
    return [one["en"] for one in shown]


async def test_a_screen_shows_each_lane_in_both_languages_and_nobodys_name(day: Day) -> None:
    first, second, *_ = await day.come(4)
    await day.step(first, Step.CALL)
    await day.step(first, Step.ENTER)
    await day.step(second, Step.CALL)
    async with day.serving(), screen(day) as one:
        hall = await one.next()

    lane = next(lane for lane in hall["lanes"] if lane["inside"])
    assert (tickets(lane["inside"]), tickets(lane["called"]), tickets(lane["next"])) == (["1"], ["2"], ["3", "4"])
    assert lane["inside"][0]["ar"] == "١"
    assert hall["office"]["en"].endswith("Capital Municipality\N{POP DIRECTIONAL ISOLATE}")
    assert [call["ticket"]["en"] for call in hall["calls"]] in (["2", "1"], ["1", "2"])
    assert len(hall["lanes"]) == 2
    assert not any(word in json.dumps(hall, ensure_ascii=False) for word in ("Fatima", "33123456", "floods", "B-"))


async def test_what_happens_comes_to_the_screen_by_itself(day: Day) -> None:
    first, *_ = await day.come(1)
    async with day.serving(), screen(day) as one:
        await one.next()
        await day.step(first, Step.CALL)
        async with asyncio.timeout(SOON):
            hall = await one.next()
    assert any(tickets(lane["called"]) == ["1"] for lane in hall["lanes"])


async def test_a_break_and_a_delay_are_shown(day: Day) -> None:
    await day.holds(day.director, Held.DELAY, timedelta(minutes=25))
    await day.holds(day.projects, Held.BREAK, None)
    async with day.serving(), screen(day) as one:
        notes = [lane["note"]["en"] for lane in (await one.next())["lanes"]]
    assert any("09:15" in note for note in notes)
    assert "Short break" in notes


async def test_a_screen_hears_the_time_so_that_its_own_clock_does_not_matter(day: Day) -> None:
    async with day.serving(), screen(day) as one:
        time = await one.next("time")
    assert time == {"now": int(day.desk.now.timestamp() * 1000), "offset": 3 * 3600 * 1000}


async def test_a_link_that_was_not_given_out_is_not_found(day: Day) -> None:
    forged = PageLinks(day.url, b"x" * 32).hall(day.director.id)
    other = day.hall().replace(f"/{day.director.id}?", f"/{day.projects.id}?")
    unknown = day.links.hall(SessionId(10**9))
    async with day.serving():
        for address in (forged, other, unknown, f"{day.url}/hall/{day.director.id}", f"{day.url}/hall/x?key=é"):
            assert await status(address) == 404
            assert await status(address.replace("?", "/events?")) == 404
        assert await status(day.hall()) == 200
    assert day.feeds.readers == 0


async def test_the_page_keeps_nothing_and_tells_nobody_where_it_is(day: Day) -> None:
    async with day.serving(), aiohttp.ClientSession() as session, session.get(day.hall()) as answer:
        page = await answer.text()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "<script src=" in page
    assert 'lang="ar" dir="rtl"' in page


async def test_screens_of_a_day_share_one_reader_which_ends_with_the_last(day: Day) -> None:
    async with day.serving():
        async with screen(day) as one, screen(day, day.links.hall(day.projects.id)) as other:
            await one.next()
            await other.next()
            assert (day.feeds.clients, day.feeds.readers) == (2, 1)
        async with asyncio.timeout(SOON):
            while day.feeds.readers:  # noqa: ASYNC110 - nobody is told that a reader has ended
                await asyncio.sleep(0.01)


async def test_only_so_many_screens_are_fed(day: Day) -> None:
    day.feeds = Feeds(each=1, in_all=5)
    events = day.hall().replace("?", "/events?")
    async with day.serving(), screen(day) as one:
        await one.next()
        async with aiohttp.ClientSession() as session, session.get(events) as answer:
            assert answer.status == 503
            assert answer.headers["Retry-After"] == "30"


async def test_screens_do_not_hold_up_the_end_of_the_process(day: Day) -> None:
    async with day.serving() as server, screen(day) as one:
        await one.next()
        async with asyncio.timeout(SOON):
            await server.stop()


async def test_the_day_before_and_the_day_after_say_so(day: Day) -> None:
    async with day.serving(), screen(day) as one:
        assert (await one.next())["state"] == "ahead"
        day.is_at("09:30")
        assert (await one.next())["state"] == "on"
        day.is_at("12:00")
        assert (await one.next())["state"] == "over"
