"""When things go wrong on the way: nothing is lost, nothing happens twice, no seat is sold twice."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from pathlib import Path

import pytest

from bot.sandbox import TELEGRAM_LIMITS, Account, Person, Trouble
from locales import Language
from tests.databases import fresh_postgres
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import Resident
from tests.few_seats import few_seats

SEATS, PEOPLE = 8, 60


def people(count: int) -> list[Account]:
    return [Account(3001 + n, f"Person{n}", "Of Bahrain", "", ("ar", "en")[n % 2]) for n in range(count)]


def resident(town: Municipality, account: Account) -> Resident:
    return Resident.of(town, Language(account.language_code), account.id)


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_updates_delivered_five_times_have_one_effect(tmp_path: Path, webhook: bool) -> None:
    (someone,) = people(1)
    async with municipality(tmp_path, webhook=webhook, repeat=5, people=[someone]) as town:
        one = resident(town, someone)
        await one.books()
        await one.complains()
        await town.all_sent()

        assert await town.count("SELECT count(*) AS n FROM bookings") == 1
        assert await town.count("SELECT count(*) AS n FROM cases") == 1
        assert twice(one.person) == []
        assert town.sandbox.violations == []


async def test_telegram_in_trouble_costs_no_message(tmp_path: Path) -> None:
    """What Telegram did not do is done again; what it did, and could not say so, comes twice."""
    (someone,) = people(1)
    async with municipality(tmp_path, people=[someone]) as town:
        for method, trouble in (
            ("sendMessage", Trouble.ERROR),
            ("editMessageText", Trouble.LOST),
            ("sendPhoto", Trouble.UNHEARD),
            ("getUpdates", Trouble.UNHEARD),
            ("getUpdates", Trouble.LOST),
            ("getUpdates", Trouble.ERROR),
            ("answerCallbackQuery", Trouble.LOST),
        ):
            town.sandbox.trouble(method, trouble)
        one = resident(town, someone)
        await one.books()
        await town.all_sent()
        confirmed = one.person.last.text
        await one.fetches("📍 Map")
        await one.fetches("Add to calendar")

        assert await town.rows("SELECT status FROM bookings") == [{"status": "confirmed"}]
        told = Counter(kind_of(message.wire) for message in one.person.messages)
        assert (told["photo"], told["document"], told["venue"]) == (2, 1, 1)
        assert twice(one.person) == [confirmed]  # the code with all about the appointment
        assert town.sandbox.violations == []


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_sixty_race_for_eight_seats(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    database = await fresh_postgres(request.getfixturevalue("postgres_url")) if kind == "postgres" else ""
    crowd = people(PEOPLE)
    offices = few_seats(tmp_path, slots=1, capacity=SEATS, weeks=1)
    async with municipality(tmp_path, database=database, webhook=True, offices=offices, people=crowd) as town:
        racers = [resident(town, account) for account in crowd]
        await town.eventually("SELECT count(*) AS n FROM (SELECT 1 FROM sessions LIMIT 1) AS planned", 1)
        for racer in racers:
            await racer.says("/start book_capital")
        await all_see(racers, "people face to face. Which day suits you?")
        for racer in racers:
            await racer.taps_day()
        await all_see(racers, "Which time suits you? A meeting")

        for racer in racers:
            await racer.taps_first()
        told = [(await racer.is_answered()).text for racer in racers]

        asked = [
            racer.words("Write what the municipality should know, or send") in text
            for racer, text in zip(racers, told, strict=True)
        ]
        won = [racer for racer, is_asked in zip(racers, asked, strict=True) if is_asked]
        lost = [racer for racer in racers if racer not in won]
        assert (len(won), len(lost)) == (SEATS, PEOPLE - SEATS)
        for racer in lost:
            assert racer.words("Sorry, someone else has just booked that time.") in racer.person.last.text
            offered = [label for row in racer.person.last.buttons for label in row]
            assert racer.t.plain("Choose another day") in offered
        assert await town.count("SELECT count(*) AS n FROM bookings WHERE status = 'held'") == SEATS
        assert await town.count("SELECT count(DISTINCT seat) AS n FROM bookings WHERE status = 'held'") == SEATS
        assert town.sandbox.violations == []


async def all_see(residents: list[Resident], text: str) -> None:
    await asyncio.gather(*(one.sees(text) for one in residents))


async def test_telegrams_limits_are_kept_by_a_crowd_and_a_busy_staff_group(tmp_path: Path) -> None:
    crowd = people(12)
    async with municipality(tmp_path, limits=TELEGRAM_LIMITS, people=crowd, webhook=True) as town:
        for account in crowd:
            await town.person(account.id).says("/start")
            await town.person(account.id).says("The bins are full since Sunday")
        await town.all_sent()
        category = {"ar": "الحاويات وأكياس القمامة", "en": "Bins and refuse bags"}
        for account in crowd:
            assert category[account.language_code] in town.person(account.id).last.text
        assert town.sandbox.violations == []


def twice(person: Person) -> list[str]:
    """What was told twice in the same words, one right after the other."""
    texts = [message.text for message in person.messages if message.text]
    return [text for text, following in itertools.pairwise(texts) if text == following]


def kind_of(wire: dict[str, object]) -> str:
    return next((kind for kind in ("venue", "photo", "document") if kind in wire), "text")
