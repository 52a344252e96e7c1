"""An emoji under what somebody was told counts as seen; one of despair is offered a next step, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.engine.messages import Kind
from services.cases.resident_actions import CaseEventKind
from storage.database import Database
from tests.conversations.appointments.test_card import books, card_of
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import Person, Shown


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


async def reacts(person: Person, to: Shown, emoji: str = "👍", *, repeat: int = 1) -> None:
    await person.does(kind=Kind.REACTION, text=emoji, message=to.number, repeat=repeat)


async def test_a_thumbs_up_under_news_is_shown_to_the_team_and_answered_by_nothing(
    town: DeskTown, fatima: Person
) -> None:
    await fatima.says("/start")
    case = await town.case_of(fatima)
    await town.huda.replies(await town.card(case), "We emptied them")
    await town.huda.taps("Official reply")
    await town.huda.taps("Send")
    before, step = len(fatima.messages), await town.rows("SELECT step, turn, updated_at FROM conversations")

    await reacts(fatima, fatima.sees("We emptied them"), repeat=2)
    await reacts(fatima, fatima.sees("We emptied them"), "❤")

    assert [event.words for event in await town.events(case) if event.what is CaseEventKind.SEEN] == ["👍"]
    assert "اطّلع على آخر رسالة" in (await town.card(case)).text
    assert len(fatima.messages) == before
    assert await town.rows("SELECT step, turn, updated_at FROM conversations") == step


async def test_despair_is_offered_a_next_step_once(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    await town.huda.replies(await town.card(case), "It takes longer")
    await town.huda.taps("Official reply")
    await town.huda.taps("Send")
    news = fatima.sees("It takes longer")

    for _ in range(2):
        await reacts(fatima, news, "😡")
        await town.wait(timedelta(hours=2))

    offers = [shown for shown in fatima.messages if "not what you hoped for" in shown.text]
    assert len(offers) == 1
    assert "80001810" in offers[0].text.replace(" ", "") or "hotline" in offers[0].text
    await fatima.taps("Tell the team what is wrong")
    await fatima.says("Nobody came")
    assert [event.words for event in await town.events(case)][-1] == "Nobody came"


async def test_an_appointment_shows_that_its_visitor_saw_the_answer(town: DeskTown, fatima: Person) -> None:
    booking = await books(town, fatima)
    await town.huda.replies(await card_of(town, booking), "Bring your lease")
    await town.huda.taps("✅ Send")

    await reacts(fatima, fatima.sees("Bring your lease"), "👎")

    assert "اطّلع على آخر رسالة" in (await card_of(town, booking)).text
    assert "This is how appointment" in fatima.last.text


async def test_anything_else_that_is_reacted_to_does_nothing(town: DeskTown, fatima: Person) -> None:
    await fatima.says("/start")
    case = await town.case_of(fatima)
    other = await town.living("1002", "Ali")
    await other.says("/start")
    before = len(fatima.messages) + len(other.messages)

    await reacts(fatima, fatima.last, "😡")  # the main menu
    await reacts(other, fatima.last, "😡")  # a message of another chat
    await town.resident("1003").does(kind=Kind.REACTION, text="👍", message=fatima.last.number)

    assert len(fatima.messages) + len(other.messages) == before
    assert [event.what for event in await town.events(case)] == [CaseEventKind.RECEIVED]
    assert not await town.rows("SELECT * FROM residents WHERE address = '1003'")
