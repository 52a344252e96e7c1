"""Thousands of random things done to the dialogue: nothing breaks it, and everything is answered.

`CUSTOMER_DAY_RANDOM_TALKS=200` plays that many talks, of other seeds each time; by default a few of always the same.
"""

from __future__ import annotations

import os
import random
from datetime import timedelta
from pathlib import Path

import pytest

from conversations.engine.messages import Choice, Outgoing
from services.offices.offices import load_offices
from storage.open import open_database
from tests.conversations.random_talks import Broken, RandomTalks, WatchedTown, examine
from tests.conversations.town import STAFF_CHATS
from tests.conversations.whole_town import submitted
from tests.databases import fresh_sqlite
from tests.few_seats import few_seats
from tests.services import by_staff

MANY = int(os.environ.get("CUSTOMER_DAY_RANDOM_TALKS", "0"))
SEEDS = [random.SystemRandom().randrange(10**9) for _ in range(MANY)] or list(range(1, 9))
STEPS = 300


@pytest.mark.at_some_instants(1)  # they move the clock themselves
@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_is_done_is_answered_and_breaks_nothing(seed: int, tmp_path: Path) -> None:
    database = await open_database(await fresh_sqlite(tmp_path / "town.db"))
    # In every other talk there is one seat a week, which all three want.
    offices = load_offices(few_seats(tmp_path)).with_staff_chats(STAFF_CHATS) if seed % 2 else None
    try:
        await RandomTalks(database, seed, offices).play(STEPS)
    finally:
        await database.close()


@pytest.mark.parametrize("seed", range(1, 6))
async def test_nobody_is_asked_the_same_thing_twice_in_an_hour(seed: int, tmp_path: Path) -> None:
    """A team that asks much, a resident who comes and goes, at any times."""
    database, chance = await open_database(await fresh_sqlite(tmp_path / "town.db")), random.Random(seed)
    town = WatchedTown(database)
    fatima = town.resident()
    await fatima.says("/start")
    cases = [await submitted(town, fatima) for _ in range(2)]

    async def ask() -> None:
        case, words = chance.choice(cases), chance.choice(("Which lamp?", "Which house?"))
        await town.work(lambda work: by_staff.ask(work, case.id, "staff:1", words))

    async def act() -> None:
        town.heard[fatima.address] = town.now
        await fatima.says(chance.choice(("/menu", "/start", "hello", "ok", "The one by the gate")))

    async def wait() -> None:
        await town.wait(timedelta(minutes=chance.choice((1, 5, 20, 45, 70))))

    try:
        for _ in range(80):
            await chance.choices((ask, act, wait), (5, 1, 3))[0]()
    finally:
        await database.close()
    assert len(town.asked) == 4


BAD = {
    "too long": (Outgoing(text="x" * 4097), "", "characters"),
    "empty": (Outgoing(), "", "empty"),
    "a tag left open": (Outgoing(text="<b>x"), "", "never closed"),
    "a tag that closes nothing": (Outgoing(text="x</i>"), "", "closes nothing"),
    "a foreign tag": (Outgoing(text="<div>x</div>"), "", "does not know"),
    "a bare ampersand": (Outgoing(text="fish & chips"), "", "bare &"),
    "a placeholder": (Outgoing(text="Until {moment}"), "", "placeholder"),
    "English in Arabic": (Outgoing(text="<b>تم</b> The appointment is confirmed"), "ar", "English in Arabic"),
    "a command not set apart": (Outgoing(text="للمزيد: /privacy"), "ar", "slash behind"),
    "an override": (Outgoing(text="\u202eabc"), "", "marks of direction"),
    "data of other letters": (Outgoing(text="x", rows=((Choice(label="x", data="نعم"),),)), "", "no button"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_message_that_must_not_be_is_noticed(name: str) -> None:
    message, language, complaint = BAD[name]
    with pytest.raises(Broken, match=complaint):
        examine(message, language)


def test_names_and_references_in_arabic_are_no_english() -> None:
    examine(Outgoing(text="تم استلام طلب \u2068John Peter Smith\u2069، \u2066C-7K3M-2QX\u2069"), "ar")
