"""The director's page over HTTP: who is let in, what they may, and that a tap has its effect once."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
import pytest

from bot.sandbox.mini_apps import init_data
from bot.sandbox.world import Account
from services.bookings import sessions
from services.briefs import summaries
from services.staff.permissions import Person
from services.visits import holds
from services.visits.line import Held
from services.visits.states import UNDO_FOR, Step
from storage.ids import BookingId
from storage.records.staff import Role
from storage.translations import Translations
from tests.bot.pages.day import COUNCILLOR, NOORA, TOKEN, Day
from tests.services.booking_builders import CAPITAL, FIRST_DAY

Answer = tuple[int, Any, str]  # status, what it says, the pass


class Phone:
    """A page that somebody has opened, without its script."""

    def __init__(self, day: Day, session: aiohttp.ClientSession, authorization: str) -> None:
        self._day, self._session = day, session
        self.authorization = authorization

    async def ask(self, path: str, body: object = None, tag: str = "") -> Answer:
        headers = {"Authorization": self.authorization, **({"If-None-Match": tag} if tag else {})}
        method = "GET" if body is None else "POST"
        url = f"{self._day.url}/director/{path}"
        async with self._session.request(method, url, json=body, headers=headers) as answer:
            said = await answer.json() if answer.status == 200 else None
            return answer.status, said, answer.headers.get("X-Pass", "")

    async def taps(self, booking: int, act: str, version: int, key: str = "", **more: object) -> Answer:
        key = key or secrets.token_hex(16)
        return await self.ask("tap", {"key": key, "booking": booking, "act": act, "version": version, **more})


def signed(day: Day, person: Person = NOORA, *, token: str = TOKEN, ago: timedelta = timedelta()) -> str:
    account = Account(int(person.address), person.name, language_code="en")
    return init_data(account, token, int((day.desk.now - ago).timestamp()))


@asynccontextmanager
async def phone(day: Day, authorization: str = "") -> AsyncIterator[Phone]:
    async with day.serving(), aiohttp.ClientSession() as session:
        yield Phone(day, session, authorization or f"tma {signed(day)}")


def tickets(day: Any, kind: str) -> list[str]:
    return [one["ticket"] for lane in day["lanes"] for one in lane[kind]]


async def test_a_member_sees_todays_queue_and_nobodys_name(day: Day) -> None:
    first, *_ = await day.come(3)
    await day.step(first, Step.ENTER)
    async with phone(day) as page:
        status, shown, _ = await page.ask("day")
    assert status == 200
    assert (tickets(shown, "inside"), tickets(shown, "waiting")) == (["1"], ["2", "3"])
    assert "Fatima" not in str(shown)


async def test_the_days_offered_for_a_promise_are_working_days(day: Day) -> None:
    reason = Translations({"ar": "العيد الوطني", "en": "National Day"})
    async with day.desk.database.transaction() as tx:
        work = day.context.work(tx)
        await sessions.close_day(work, CAPITAL, FIRST_DAY + timedelta(weeks=2), reason, NOORA.actor)
    async with phone(day) as page:
        _, shown, _ = await page.ask("day")
    offered = [week["date"] for week in shown["weeks"]]
    assert offered == ["2026-12-02", "2026-12-10", "2026-12-23"]


async def test_what_telegram_did_not_sign_is_refused(day: Day) -> None:
    good = dict(parse_qsl(signed(day)))
    other = urlencode({**good, "user": good["user"].replace('"id":2', '"id":3')})
    twice = f"{signed(day)}&auth_date=1"
    for data in (signed(day, token="1:other"), other, twice, "", "hash=", urlencode({**good, "hash": ""}), "x" * 5000):
        async with phone(day, f"tma {data}") as page:
            for path, body in (("day", None), ("brief", {"booking": 1}), ("tap", {})):
                assert (await page.ask(path, body))[0] == 401


@pytest.mark.parametrize("ago", [timedelta(hours=1, seconds=1), -timedelta(minutes=3)])
async def test_what_was_signed_too_long_ago_or_is_ahead_is_refused(day: Day, ago: timedelta) -> None:
    async with phone(day, f"tma {signed(day, ago=ago)}") as page:
        assert (await page.ask("day"))[0] == 401


async def test_a_pass_lasts_while_the_page_is_used_and_half_a_day_at_most(day: Day) -> None:
    async with phone(day) as page:
        _, _, given = await page.ask("day")
        page.authorization = f"pass {given}"
        day.desk.now += timedelta(minutes=59)
        status, _, newer = await page.ask("day")
        assert status == 200
        day.desk.now += timedelta(minutes=59)
        assert (await page.ask("day"))[0] == 401  # the first pass is over
        for _ in range(13):
            page.authorization = f"pass {newer}"
            status, _, newer = await page.ask("day")
            day.desk.now += timedelta(minutes=55)
        assert status == 401


async def test_a_pass_that_was_made_up_is_refused(day: Day) -> None:
    async with phone(day) as page:
        _, _, given = await page.ask("day")
        for made_up in (given.replace("2.", "3.", 1), given[:-1], "....", ""):
            page.authorization = f"pass {made_up}"
            assert (await page.ask("day"))[0] == 401


async def test_rights_are_asked_at_each_request_and_a_refusal_is_written_down(day: Day) -> None:
    (first,) = await day.come(1)
    async with phone(day) as page:
        assert (await page.ask("day"))[0] == 200
        await day.dismisses(NOORA)
        assert (await page.ask("day"))[0] == 403
        assert (await page.taps(first.id, "in", 1))[0] == 403
        assert (await page.ask("brief", {"booking": first.id}))[0] == 403
    denied = await day.desk.rows("SELECT action FROM audit WHERE action LIKE 'denied%' ORDER BY id")
    assert [row["action"] for row in denied] == ["denied.brief", "denied.receive", "denied.brief"]


async def test_who_only_reads_has_no_page(day: Day) -> None:
    await day.hires(COUNCILLOR, Role.COUNCIL)
    async with phone(day, f"tma {signed(day, COUNCILLOR)}") as page:
        assert (await page.ask("day"))[0] == 403


async def test_a_tap_that_is_sent_again_has_its_effect_once(day: Day) -> None:
    (first,) = await day.come(1)
    key = secrets.token_hex(16)
    async with phone(day) as page:
        answers = await asyncio.gather(*(page.taps(first.id, "in", 1, key) for _ in range(4)))
        later = await page.taps(first.id, "in", 1, key)
    assert {(status, said["result"], said["version"]) for status, said, _ in (*answers, later)} == {(200, "done", 2)}
    events = await day.desk.rows(
        "SELECT id FROM booking_events WHERE booking_id = :id AND what = 'entered'", id=first.id
    )
    assert len(events) == 1


async def test_whoever_is_second_is_told_what_is_now(day: Day) -> None:
    (first,) = await day.come(1)
    await day.step(first, Step.ENTER)
    async with phone(day) as page:
        _, said, _ = await page.taps(first.id, "in", 1)
    assert said == {"result": "changed", "status": "inside", "version": 2}


async def test_whoever_is_next_is_called_once_whoever_taps(day: Day) -> None:
    first, second, *_ = await day.come(3)
    key = secrets.token_hex(16)
    async with phone(day) as page, aiohttp.ClientSession() as session:
        other = Phone(day, session, page.authorization)
        answers = await asyncio.gather(*(one.taps(first.id, "call", 1, key) for one in (page, page)))
        third = await other.taps(first.id, "call", 1)
        ahead = await other.taps(second.id, "call", 1)
    assert [(said["result"], said["version"]) for _, said, _ in answers] == [("done", 2)] * 2
    assert third[1] == {"result": "changed", "status": "called", "version": 2}
    assert ahead[1] == {"result": "on_the_way", "status": "waiting", "version": 1}
    calls = await day.desk.rows("SELECT booking_id FROM booking_events WHERE what = 'called'")
    assert [row["booking_id"] for row in calls] == [first.id]
    owed = await day.desk.rows("SELECT key FROM outbox WHERE key LIKE 'line_called:%'")
    assert len(owed) == 1


async def test_nobody_is_called_before_whoever_came_in_between(day: Day) -> None:
    first, second, *_ = await day.come(2)
    await day.step(first, Step.LEAVE)
    async with phone(day) as page:
        _, shown, _ = await page.ask("day")
        assert tickets(shown, "waiting") == ["2"]
        await day.step(first, Step.RETURN)
        _, said, _ = await page.taps(second.id, "call", 1)
    assert said == {"result": "not_next", "status": "waiting", "version": 1}


async def test_nobody_is_called_while_the_queue_stands_still(day: Day) -> None:
    (first,) = await day.come(1)
    await day.desk.do(holds.hold, NOORA, day.director.id, Held.BREAK, None)
    async with phone(day) as page:
        _, shown, _ = await page.ask("day")
        assert [lane["held"] for lane in shown["lanes"]].count(True) == 1
        _, said, _ = await page.taps(first.id, "call", 1)
    assert said["result"] == "held"


async def test_who_does_not_come_when_called_is_marked_once(day: Day) -> None:
    first, *_ = await day.come(2)
    await day.step(first, Step.CALL)
    key = secrets.token_hex(16)
    async with phone(day) as page:
        for _ in range(2):
            _, said, _ = await page.taps(first.id, "not_here", 2, key)
            assert said == {"result": "done", "status": "absent", "version": 3}
        _, late, _ = await page.taps(first.id, "not_here", 2)
        _, shown, _ = await page.ask("day")
    assert late == {"result": "changed", "status": "absent", "version": 3}
    assert (tickets(shown, "absent"), tickets(shown, "waiting")) == (["1"], ["2"])


async def test_a_wrong_tap_is_taken_back_once(day: Day) -> None:
    (first,) = await day.come(1)
    key = secrets.token_hex(16)
    async with phone(day) as page:
        await page.taps(first.id, "in", 1)
        _, shown, _ = await page.ask("day")
        assert [one["undo"] for lane in shown["lanes"] for one in lane["inside"]] == ["enter"]
        answers = await asyncio.gather(*(page.taps(first.id, "undo", 2, key) for _ in range(3)))
        _, again, _ = await page.taps(first.id, "undo", 2)
    assert [said for _, said, _ in answers] == [{"result": "done", "status": "waiting", "version": 3}] * 3
    assert again == {"result": "changed", "status": "waiting", "version": 3}


async def test_the_end_of_a_meeting_is_undone_with_the_outcome_that_was_seen(day: Day) -> None:
    (first,) = await day.come(1)
    async with phone(day) as page:
        await page.taps(first.id, "outcome", 0, kind="solved")
        _, shown, _ = await page.ask("day")
        (finished,) = [one for lane in shown["lanes"] for one in lane["finished"]]
        assert (finished["undo"], finished["outcome"]) == ("finish", 1)
        _, asked, _ = await page.taps(first.id, "undo", finished["version"])
        assert asked["result"] == "outcome_stands"
        _, said, _ = await page.taps(first.id, "undo", finished["version"], withdraws=1)
        assert (said["result"], said["status"]) == ("done", "waiting")
        await page.taps(first.id, "in", said["version"])
        day.desk.now += UNDO_FOR
        _, late, _ = await page.taps(first.id, "undo", said["version"] + 1)
    assert late["result"] == "too_late"
    kinds = await day.desk.rows("SELECT kind FROM meeting_outcomes ORDER BY version")
    assert [row["kind"] for row in kinds] == ["solved", "taken_back"]


async def test_a_promise_is_recorded_with_the_end_of_the_meeting(day: Day) -> None:
    (first,) = await day.come(1)
    await day.step(first, Step.ENTER)
    due = (day.desk.now + timedelta(days=7)).date().isoformat()
    promise = {"what": "The road is mended", "party": "lane:director", "due": due}
    async with phone(day) as page:
        _, unsaid, _ = await page.taps(first.id, "outcome", 0, kind="promised")
        assert unsaid["result"] == "incomplete"
        _, said, _ = await page.taps(first.id, "outcome", 0, kind="promised", promise=promise)
        assert (said["result"], said["status"]) == ("done", "done")
        _, again, _ = await page.taps(first.id, "outcome", 0, kind="solved")
        assert again["result"] == "changed"
    (kept,) = await day.desk.rows("SELECT what, party FROM promises")
    assert (kept["what"], kept["party"]) == ("The road is mended", "lane:director")


async def test_a_referral_names_the_body_that_has_the_matter_now(day: Day) -> None:
    first, second = await day.come(2)
    for booking in (first, second):
        await day.step(booking, Step.ENTER)
    async with phone(day) as page:
        _, brief, _ = await page.ask("brief", {"booking": first.id})
        (body,) = brief["bodies"]
        _, nobody, _ = await page.taps(first.id, "outcome", 0, kind="referred")
        assert nobody["result"] == "incomplete"
        _, unknown, _ = await page.taps(first.id, "outcome", 0, kind="referred", party="body:nobody")
        assert unknown["result"] == "incomplete"
        _, said, _ = await page.taps(first.id, "outcome", 0, kind="referred", party=body["key"])
        assert said["result"] == "done"
        _, typed, _ = await page.taps(second.id, "outcome", 0, kind="referred", party_words="The courts")
        assert typed["result"] == "done"
    kept = await day.desk.rows("SELECT party, party_words FROM meeting_outcomes ORDER BY id")
    assert [tuple(row.values()) for row in kept] == [(body["key"], ""), ("", "The courts")]

    assert (await day.desk.do(summaries.count, day.director)).referred == {body["key"]: 1, "": 1}


async def test_a_promise_is_shown_before_it_is_sent_in_the_visitors_language_and_records_nothing(day: Day) -> None:
    (first,) = await day.come(1)
    await day.step(first, Step.ENTER)
    due = (day.desk.now + timedelta(days=7)).date().isoformat()
    promise = {"what": "The road is mended", "party": "lane:director", "due": due}
    asked = {"booking": first.id, "version": 0, "promise": promise}
    async with phone(day) as page:
        _, seen, _ = await page.ask("preview", asked)
        _, again, _ = await page.ask("preview", asked)
        assert seen == again
        assert seen["result"] == "shown"
        assert "The visitor will see:" in seen["heading"]
        assert "The road is mended" in seen["text"]
        _, unknown, _ = await page.ask("preview", {**asked, "promise": {**promise, "party": "lane:nobody"}})
        assert unknown == {"result": "incomplete"}
        _, other, _ = await page.ask("preview", {**asked, "version": 4})
        assert other == {"result": "changed"}
        assert await day.desk.rows("SELECT booking_id FROM meeting_outcomes") == []
        await day.dismisses(NOORA)
        assert (await page.ask("preview", asked))[0] == 403


async def test_the_page_asks_for_a_brief_again_when_something_of_the_visitor_has_changed(day: Day) -> None:
    """An answer before the visit, and the linked request with what was said of it, are in the brief."""
    (first,) = await day.come(1)
    await day.step(first, Step.CALL)
    async with phone(day) as page:
        marks = [await brief_mark(page)]
        await day.answers(first, "Bring the plan")
        marks.append(await brief_mark(page))
        case = await day.links_case(first)
        marks.append(await brief_mark(page))
        await day.replies(case, "The road is on the list")
        marks.append(await brief_mark(page))
        _, said, _ = await page.ask("brief", {"booking": first.id})
    assert len(set(marks)) == len(marks)
    lines = {one["label"]: one["text"] for one in said["lines"]}
    assert "Bring the plan" in lines["Answered before the visit"]
    assert "Received" in lines["About the request"]
    assert "The road is on the list" in lines["About the request"]


async def test_a_break_is_begun_and_ended_once_and_whoever_is_second_is_told(day: Day) -> None:
    first, second, *_ = await day.come(2)
    key = secrets.token_hex(16)
    async with phone(day) as page:
        begin = {"key": key, "session": day.director.id, "act": "hold", "seen": "", "minutes": 15}
        answers = await asyncio.gather(*(page.ask("lane", begin) for _ in range(2)))
        assert [said for _, said, _ in answers] == [{"result": "done"}] * 2
        _, late, _ = await page.ask("lane", {**begin, "key": secrets.token_hex(16), "minutes": 30})
        assert late == {"result": "changed"}
        _, shown, _ = await page.ask("day")
        held = next(one for one in shown["lanes"] if one["session"] == day.director.id)
        assert (held["held"], held["hold"]) == (True, "break")
        _, unheld, _ = await page.taps(first.id, "call", 1)
        assert unheld["result"] == "held"
        _, behind, _ = await page.taps(second.id, "call", 1, resumes=True)
        assert behind["result"] == "not_next"
        assert held["stands"] == await stands(page, day)
        _, called, _ = await page.taps(first.id, "call", 1, resumes=True)
        assert (called["result"], called["status"]) == ("done", "called")
        assert await stands(page, day) == ""
        _, gone, _ = await page.ask("lane", {**begin, "key": secrets.token_hex(16), "act": "go_on", "seen": "break "})
        assert gone == {"result": "done"}  # it goes on already
        await day.dismisses(NOORA)
        assert (await page.ask("lane", {**begin, "key": secrets.token_hex(16)}))[0] == 403
    deeds = await day.desk.rows("SELECT action FROM audit WHERE action LIKE 'line.%' ORDER BY id")
    assert [row["action"] for row in deeds] == ["line.break", "line.resumed"]


async def test_a_delay_is_announced_with_its_minutes_and_changed(day: Day) -> None:
    async with phone(day) as page:
        tap = {"session": day.director.id, "act": "hold", "held": "delay", "minutes": 25}
        _, said, _ = await page.ask("lane", {**tap, "key": secrets.token_hex(16), "seen": ""})
        assert said == {"result": "done"}
        lane = next(one for one in (await page.ask("day"))[1]["lanes"] if one["session"] == day.director.id)
        assert (lane["hold"], "09:25" in lane["note"]) == ("delay", True)
        endless = {**tap, "key": secrets.token_hex(16), "seen": lane["stands"], "minutes": 0}
        assert (await page.ask("lane", endless))[1] == {"result": "changed"}
        longer = {**tap, "key": secrets.token_hex(16), "seen": lane["stands"], "minutes": 45}
        assert (await page.ask("lane", longer))[1] == {"result": "done"}
        assert "09:45" in await stands(page, day) or "06:45" in await stands(page, day)
        assert (await page.ask("lane", {**tap, "key": secrets.token_hex(16), "seen": "", "held": "no"}))[0] == 400
    deeds = await day.desk.rows("SELECT action, detail FROM audit WHERE action LIKE 'line.%' ORDER BY id")
    assert [(row["action"], row["detail"]) for row in deeds] == [("line.delay", "25"), ("line.delay", "45")]


async def stands(page: Phone, day: Day) -> str:
    _, shown, _ = await page.ask("day")
    return str(next(one["stands"] for one in shown["lanes"] if one["session"] == day.director.id))


async def brief_mark(page: Phone) -> str:
    _, shown, _ = await page.ask("day")
    return str(next(one["brief"] for lane in shown["lanes"] for one in lane["called"]))


async def test_the_brief_of_a_visitor_is_for_those_who_may_and_is_audited(day: Day) -> None:
    (first,) = await day.come(1)
    async with phone(day) as page:
        _, said, _ = await page.ask("brief", {"booking": first.id})
    assert {"label": "Name", "text": "Fatima Ali"} in said["lines"] or "Fatima Ali" in str(said["lines"])
    assert said["parties"][0]["key"] == "lane:director"
    looks = await day.desk.rows("SELECT actor FROM audit WHERE action = 'brief.visitor'")
    assert [row["actor"] for row in looks] == [NOORA.actor]


async def test_what_no_page_sends_is_refused(day: Day) -> None:
    (first,) = await day.come(1)
    async with phone(day) as page:
        bodies: tuple[object, ...] = (
            {},
            [],
            {"booking": "1"},
            {"booking": first.id, "key": "short", "act": "in", "version": 1},
        )
        for body in bodies:
            assert (await page.ask("tap", body))[0] == 400
        assert (await page.taps(BookingId(10**9), "in", 1))[1]["result"] == "changed"
        assert (await page.taps(first.id, "leave", 1))[0] == 400


async def test_a_page_that_has_the_newest_is_told_no_more(day: Day) -> None:
    await day.come(1)
    async with phone(day) as page, aiohttp.ClientSession() as session:
        headers = {"Authorization": page.authorization}
        async with session.get(f"{day.url}/director/day", headers=headers) as answer:
            tag = answer.headers["ETag"]
        assert (await page.ask("day", tag=tag))[0] == 304
        await day.come(0)
        day.is_at("09:30")
        assert (await page.ask("day", tag=tag))[0] in {200, 304}


async def test_the_page_may_be_shown_by_telegram_alone_and_keeps_nothing(day: Day) -> None:
    async with day.serving(), aiohttp.ClientSession() as session, session.get(f"{day.url}/director") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors https://web.telegram.org https://*.telegram.org" in policy
    assert "script-src 'self';" in policy
    assert answer.headers["Cache-Control"] == "no-store"
