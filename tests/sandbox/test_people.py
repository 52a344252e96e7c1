"""What people do for tests, and what they are told when the bot does not do what they expect."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageOriginHiddenUser

from bot.sandbox import ADMIN, FATIMA, STAFF_AR, STAFF_EN, Sandbox
from tests.known import known
from tests.sandbox.running import CAPITAL


async def test_waiting_ends_with_the_message(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    waiting = asyncio.create_task(fatima.sees("أهلاً"))
    await bot.send_message(FATIMA, "أهلاً بكم")
    assert (await waiting).text == "أهلاً بكم"


async def test_only_what_came_after_the_last_act_is_seen(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    first = await bot.send_message(FATIMA, "welcome")
    await fatima.says("next")
    with pytest.raises(AssertionError, match=r"did not see 'welcome' within 0.05 s(.|\n)*bot: #2 'welcome'"):
        await fatima.sees("welcome", within=0.05)
    await bot.edit_message_text("welcome again", FATIMA, first.message_id)
    assert (await fatima.sees("welcome")).edited


async def test_a_label_may_be_given_in_part_but_not_in_doubt(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    rows = [[InlineKeyboardButton(label, callback_data=label)] for label in ("Wed 12 Nov", "Wed 19 Nov", "Back")]
    await bot.send_message(FATIMA, "Day?", reply_markup=InlineKeyboardMarkup(rows))
    await fatima.taps("19 Nov")
    assert known((await bot.get_updates())[-1].callback_query).data == "Wed 19 Nov"
    with pytest.raises(AssertionError, match=r"no button 'Wed' to tap; there are .*'Wed 12 Nov', 'Wed 19 Nov', 'Back'"):
        await fatima.taps("Wed")


async def test_a_forged_tap_reaches_the_bot(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    await fatima.taps_data("x:y:z", 12345)
    query = known((await bot.get_updates())[-1].callback_query)
    assert (query.data, known(query.message).is_accessible) == ("x:y:z", False)


async def test_people_meet_in_a_group(sandbox: Sandbox, bot: Bot) -> None:
    staff, other = (sandbox.person(one).in_group(CAPITAL) for one in (STAFF_AR, STAFF_EN))
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Claim", callback_data="claim")]])
    await bot.send_message(CAPITAL, "card", reply_markup=keys)
    assert (await staff.sees("card")).id == (await other.sees("card")).id == 1
    await staff.taps("Claim")
    query = known((await bot.get_updates())[-1].callback_query)
    await query.answer("Yours")
    assert (await staff.hears("Yours")).text == "Yours"
    assert other.toasts == []


async def test_quiet_fails_when_something_is_said(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    await fatima.quiet(0.02)
    quiet = asyncio.create_task(fatima.quiet(60))  # which ends with the message
    await bot.send_message(FATIMA, "oops")
    with pytest.raises(AssertionError, match="should have been quiet"):
        await quiet


async def test_everything_a_person_sends_parses_as_an_update(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    first = await fatima.says("مرحبا")
    await fatima.sends_album(3, "ثلاث صور")
    await fatima.sends_voice()
    await fatima.sends_video()
    await fatima.sends_document()
    await fatima.sends_sticker()
    await fatima.shares_location(26.2, 50.5)
    await fatima.shares_contact()
    await fatima.shares_contact("+97317000000", own=False)
    await fatima.forwards("خبر")
    await fatima.edits(first, "السلام عليكم")
    updates = await bot.get_updates()
    messages = [update.message for update in updates if update.message]
    assert len({message.media_group_id for message in messages[1:4]}) == 1
    assert [bool(message.caption) for message in messages[1:4]] == [True, False, False]
    assert [contact.user_id for message in messages if (contact := message.contact)] == [FATIMA, None]
    origin = messages[-1].forward_origin
    assert isinstance(origin, MessageOriginHiddenUser)
    assert origin.sender_user_name == "Neighbour"
    assert known(updates[-1].edited_message).text == "السلام عليكم"
    assert len(messages) == 12


async def test_reactions_reach_a_bot_that_asks_for_them_also_of_a_group_that_it_administers(
    sandbox: Sandbox, bot: Bot
) -> None:
    fatima, group = sandbox.person(FATIMA), sandbox.person(STAFF_EN).in_group(CAPITAL)
    await fatima.says("/start")
    news, card = await bot.send_message(FATIMA, "News"), await bot.send_message(CAPITAL, "Card")
    await fatima.reacts("👍", news.message_id)
    await bot.get_updates(offset=10**9, allowed_updates=["message_reaction"])
    for emoji in ("👎", "👎", ""):
        await fatima.reacts(emoji, news.message_id)
    await group.reacts("👍", card.message_id)

    changes = [known(update.message_reaction) for update in await bot.get_updates()]

    told = [[[getattr(one, "emoji", "") for one in side] for side in (c.old_reaction, c.new_reaction)] for c in changes]
    assert told == [[["👍"], ["👎"]], [["👎"], []], [[], ["👍"]]]
    assert fatima.last.reactions == ()
    assert group.last.reactions == ("👍",)


async def test_a_long_text_arrives_in_parts(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.person(FATIMA).says("ب" * 5000)
    assert [len(known(known(update.message).text)) for update in await bot.get_updates()] == [4096, 904]


async def test_the_same_person_is_always_the_same_object(sandbox: Sandbox) -> None:
    assert sandbox.person(ADMIN) is sandbox.person(ADMIN)
    with pytest.raises(KeyError):
        sandbox.person(5)
