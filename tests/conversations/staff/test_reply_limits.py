"""Replies that are too long, come in several messages, or cannot be sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.telegram.capabilities import CAPABILITIES
from bot.telegram.split import split
from conversations.engine.messages import Kind, Place
from locales.html import length, to_plain
from services.cases import resident_actions
from services.cases.resident_actions import CaseEventKind
from tests.conversations.staff_town import DeskTown
from tests.known import by_address

E = CaseEventKind


async def test_a_sticker_is_not_passed_on(town: DeskTown) -> None:
    _, case = await town.filed()
    await town.huda.does(kind=Kind.STICKER, reply_to=(await town.card(case)).number)
    assert "We cannot send this type" in town.huda.last.text


async def test_a_question_mark_alone_asks_for_the_words(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.replies(await town.card(case), "?")
    await town.huda.replies(town.huda.sees("There is no text yet. Reply"), "Which side")
    await town.huda.taps("Send")
    assert "Which side" in fatima.last.text


async def test_what_is_too_long_can_be_shortened_by_editing_it(town: DeskTown) -> None:
    fatima, case = await town.filed()
    card = await town.card(case)
    wrote = [await town.huda.replies(card, text + "long " * 800) for text in ("?", "", "", "")]
    await town.wait(timedelta(seconds=2))
    assert "It has 15999." in town.huda.last.text.replace(",", "")
    for part in wrote[1:]:
        await town.huda.edits(part, "and short")
    await town.huda.edits(wrote[0], "?Short")
    await town.wait(timedelta(seconds=2))
    await town.huda.taps("Send")
    assert "“\u2068Short and short and short and short\u2069”" in fatima.last.text


def _parts(*marks: str) -> list[str]:
    """What an app makes of a text that is too long for one message: cut between words."""
    return [f"{mark} {'word ' * 800}{mark}." if mark == "second" else f"{mark} {'word ' * 810}{mark}" for mark in marks]


@pytest.mark.parametrize("prefix", ["", "?"])
async def test_a_text_in_three_messages_is_one_with_one_question(town: DeskTown, prefix: str) -> None:
    fatima, case = await town.filed()
    card = await town.card(case)
    first, second, third = _parts("first", "second", "third")
    for part in (prefix + first, second, third):
        await town.huda.replies(card, part)
    await town.wait(timedelta(seconds=2))
    below = [shown for shown in town.huda.messages if shown.position > card.position]
    if not prefix:
        assert len(below) == 1
        await town.huda.taps("Official reply")
    else:
        assert len([shown for shown in below if "The applicant will see" in shown.text]) == 1
    seen = "\n".join(shown.text for shown in town.huda.messages if shown.position >= below[0].position)
    assert all(f"{mark} word" in seen and f"word {mark}" in seen for mark in ("first", "second", "third"))
    await town.huda.taps("Send")
    told = (await town.events(case))[-1].words
    assert told == f"{first} {second}\n{third}"
    arrived = split(fatima.last.message)
    assert all(length(one.text) <= CAPABILITIES.text_length for one in arrived)
    assert re.findall(r"\w+", to_plain("\n".join(one.text for one in arrived))).count("word") == 2420


async def test_a_part_that_is_edited_before_it_is_sent_leaves_the_others(town: DeskTown) -> None:
    _, case = await town.filed()
    card = await town.card(case)
    first, second, third = _parts("first", "second", "third")
    await town.huda.replies(card, "?" + first)
    changed = await town.huda.replies(card, second)
    await town.huda.replies(card, third)
    await town.huda.edits(changed, "Much shorter.")
    await town.wait(timedelta(seconds=2))
    await town.huda.taps("Send")
    assert (await town.events(case))[-1].words == f"{first} Much shorter.\n{third}"
    await town.huda.edits(changed, "Shorter")
    assert "This was part of a longer text, so nothing" in town.huda.last.text
    assert len(await town.said_of(case)) == 1


async def test_a_long_note_in_two_messages_asks_nothing(town: DeskTown) -> None:
    fatima, case = await town.filed()
    card = await town.card(case)
    first, second = _parts("first", "second")
    await town.huda.replies(card, "#" + first)
    await town.huda.replies(card, second)
    await town.wait(timedelta(seconds=2))
    assert [what for what, _ in await town.said_of(case)] == [E.NOTED, E.NOTED]
    assert len([shown for shown in town.huda.messages if shown.position > card.position]) == 1
    await town.wait(timedelta(seconds=30))
    await town.huda.replies(card, "We are on it")
    assert "What type of message is" in town.huda.last.text
    assert fatima.messages == []


async def test_what_follows_a_long_text_later_or_as_a_note_is_no_part_of_it(town: DeskTown) -> None:
    fatima, case = await town.filed()
    card = await town.card(case)
    [long] = _parts("long")
    await town.huda.replies(card, "?" + long)
    await town.huda.replies(card, "#He never answers")
    await town.wait(timedelta(minutes=1))
    await town.huda.replies(card, "Where is it")
    assert "What type of message is" in town.huda.last.text
    await town.huda.taps("Send")
    assert await town.said_of(case) == [(E.NOTED, "He never answers"), (E.ASKED, long)]
    assert not any("never" in shown.text for shown in fatima.messages)


async def test_a_place_goes_as_a_link_to_a_map(town: DeskTown) -> None:
    _, case = await town.filed()
    card = await town.card(case)

    await town.huda.does(kind=Kind.LOCATION, place=Place(latitude=26.2, longitude=50.5), reply_to=card.number)
    await town.huda.taps("Internal note")
    assert await town.said_of(case) == [(E.NOTED, "https://maps.google.com/?q=26.200000,50.500000")]


async def test_a_closed_case_takes_a_reply_but_no_question(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.taps_data(f"desk:reject:{case.id}:1:")
    await town.huda.replies(town.huda.sees("with the reason"), "A private plot")
    await town.huda.taps("Send")
    await town.huda.replies(await town.card(case), "?Was it yours")
    refused = town.huda.sees("You cannot do this")
    assert [label for row in refused.buttons for label in row] == ["✉️ Official reply", "📝 Internal note", "✖️ Cancel"]
    await town.huda.taps("Official reply")
    await town.huda.taps("Send")
    assert "Was it yours" in fatima.last.text


async def test_a_withdrawn_case_takes_notes_only(town: DeskTown) -> None:
    fatima, case = await town.filed()
    async with town.database.transaction() as tx:
        resident = await by_address(tx, "telegram", fatima.address)
        assert resident is not None
    await town.work(lambda work: resident_actions.withdraw(work, case.reference, resident))
    await town.huda.replies(await town.card(case), "They called: it was emptied")
    assert await town.said_of(case) == [(E.WITHDRAWN, ""), (E.NOTED, "They called: it was emptied")]


async def test_a_case_that_ended_during_the_preview_is_told(town: DeskTown) -> None:
    fatima, case = await town.filed()
    await town.huda.replies(await town.card(case), "?Which side")
    async with town.database.transaction() as tx:
        resident = await by_address(tx, "telegram", fatima.address)
        assert resident is not None
    await town.work(lambda work: resident_actions.withdraw(work, case.reference, resident))
    await town.huda.taps("Send")
    assert "You cannot do this" in town.huda.sees("Nothing was sent").text
    fatima.does_not_see("Which side")


async def test_who_has_no_chat_is_named_in_the_preview(town: DeskTown) -> None:
    _, case = await town.filed()
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET reachable = FALSE")
    await town.huda.replies(await town.card(case), "?Which side")
    assert "has stopped the bot" in town.huda.last.text


# ---------------------------------------------------------------------------- the order of parts


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
async def test_parts_that_arrive_in_another_order_are_put_in_that_of_the_chat(
    town: DeskTown, order: tuple[int, ...]
) -> None:
    _, case = await town.filed()
    card = await town.card(case)
    parts = _parts("first", "second", "third")
    for place in order:
        await town.huda.replies(card, parts[place], position=1_000 + place)
    await town.wait(timedelta(seconds=2))
    await town.huda.taps("Internal note")
    assert (await town.events(case))[-1].words == f"{parts[0]} {parts[1]}\n{parts[2]}"
