"""Groups as a team works in them: members, taps, replies, topics, comings and goings, mentions, limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    ChatMember,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, RetryAfter

from bot.sandbox import ADMIN, FATIMA, JOHN, STAFF_AR, STAFF_EN, BotStatus, Impossible, Limits, Sandbox, samples
from bot.sandbox.views import commands_for
from tests.known import known
from tests.sandbox.running import BASIC, CAPITAL, FORUM, Clock, ptb, running

EVERYTHING = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]
CLAIM = InlineKeyboardMarkup([[InlineKeyboardButton("Claim", callback_data="claim")]])


async def updates(bot: Bot) -> tuple[Update, ...]:
    """What waits for the bot, taken."""
    waiting = await bot.get_updates(allowed_updates=EVERYTHING)
    if waiting:
        await bot.get_updates(offset=waiting[-1].update_id + 1)
    return waiting


async def last_message(bot: Bot) -> Message:
    return known((await updates(bot))[-1].message)


async def changes(bot: Bot) -> list[ChatMemberUpdated]:
    return [update.chat_member for update in await updates(bot) if update.chat_member]


# ---------------------------------------------------------------------------- taps


async def test_two_members_tap_the_same_card_and_each_is_answered(sandbox: Sandbox, bot: Bot) -> None:
    first, second = (sandbox.person(one).in_group(CAPITAL) for one in (STAFF_AR, STAFF_EN))
    older = await bot.send_message(CAPITAL, "card 1", reply_markup=CLAIM)
    await bot.send_message(CAPITAL, "card 2", reply_markup=CLAIM)
    await first.taps("Claim", on=older.message_id)
    await second.taps("Claim", on=older.message_id)
    queries = [known(update.callback_query) for update in await updates(bot)]
    assert [(query.from_user.id, known(query.message).message_id) for query in queries] == [
        (STAFF_AR, older.message_id),
        (STAFF_EN, older.message_id),
    ]
    await queries[0].answer("Yours")
    await queries[1].answer("Maryam was first")
    assert (await first.hears("Yours")).text == "Yours"
    assert (await second.hears("first")).text == "Maryam was first"
    assert [toast.text for toast in first.toasts] == ["Yours"]


async def test_somebody_outside_can_only_forge_a_tap(sandbox: Sandbox, bot: Bot) -> None:
    card = await bot.send_message(CAPITAL, "card", reply_markup=CLAIM)
    outsider = sandbox.person(JOHN).in_group(CAPITAL)
    with pytest.raises(Impossible, match="not a member"):
        await outsider.says("let me in")
    with pytest.raises(Impossible, match="not a member"):
        await outsider.taps("Claim")
    await outsider.taps_data("claim", card.message_id)
    query = known((await updates(bot))[-1].callback_query)
    assert (query.from_user.id, known(query.message).chat.id, query.data) == (JOHN, CAPITAL, "claim")
    await query.answer("No")
    assert (await outsider.hears("No")).text == "No"


# ---------------------------------------------------------------------------- writing


async def test_everything_can_be_sent_in_reply_to_a_card(sandbox: Sandbox, bot: Bot) -> None:
    staff = sandbox.person(STAFF_EN).in_group(CAPITAL)
    card = (await bot.send_message(CAPITAL, "card")).message_id
    await staff.says("?Which bin", reply_to=card)
    await staff.sends_photo(caption="solved", reply_to=card)
    await staff.sends_voice(reply_to=card)
    await staff.sends_document(reply_to=card)
    await staff.sends_video(reply_to=card)
    await staff.sends_album(3, "before and after", reply_to=card)
    messages = [known(update.message) for update in await updates(bot)]
    assert len(messages) == 8
    assert {known(message.reply_to_message).message_id for message in messages} == {card}
    assert len({message.media_group_id for message in messages[5:]}) == 1


async def test_a_chain_of_replies_is_no_topic(sandbox: Sandbox, bot: Bot) -> None:
    staff = sandbox.person(STAFF_EN).in_group(CAPITAL)
    card = (await bot.send_message(CAPITAL, "card")).message_id
    answer = await staff.says("one", reply_to=card)
    await staff.says("two", reply_to=answer)
    one, two = [known(update.message) for update in await updates(bot)]
    assert (one.message_thread_id, two.message_thread_id) == (card, card)
    assert not one.is_topic_message
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(CAPITAL, "x", message_thread_id=card)


async def test_one_edits_and_deletes_what_one_wrote(sandbox: Sandbox, bot: Bot, clock: Clock) -> None:
    staff, other, admin = (sandbox.person(one).in_group(CAPITAL) for one in (STAFF_EN, STAFF_AR, ADMIN))
    card = (await bot.send_message(CAPITAL, "card")).message_id
    text = await staff.says("A truk comes", reply_to=card)
    photo = await staff.sends_photo(caption="hear", reply_to=card)
    await staff.edits(text, "A truck comes")
    await staff.edits(photo, "here")
    edited = [known(update.edited_message) for update in await updates(bot) if update.edited_message]
    assert [message.text or message.caption for message in edited] == ["A truck comes", "here"]
    assert {known(message.reply_to_message).message_id for message in edited} == {card}
    with pytest.raises(Impossible, match="not one this person wrote"):
        await other.edits(text, "x")
    with pytest.raises(Impossible, match="not one this person wrote"):
        await other.deletes(text)
    await staff.deletes(text)
    await admin.deletes(card)
    assert await updates(bot) == ()
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("card, later", CAPITAL, card)
    clock.now += timedelta(hours=49)
    with pytest.raises(Impossible, match="older than 48 hours"):
        await staff.edits(photo, "too late")


async def test_the_bot_edits_and_takes_away_its_own(sandbox: Sandbox, bot: Bot) -> None:
    staff = sandbox.person(STAFF_EN).in_group(CAPITAL)
    card = await bot.send_message(CAPITAL, "card", reply_markup=CLAIM)
    await bot.edit_message_reply_markup(CAPITAL, card.message_id)
    assert (staff.last.buttons, staff.last.text) == ([], "card")
    await bot.edit_message_text("owned", CAPITAL, card.message_id, reply_markup=CLAIM)
    photo = await bot.send_photo(CAPITAL, samples.photo(), caption="before")
    await bot.edit_message_caption(CAPITAL, photo.message_id, caption="after")
    assert staff.last.text == "after"
    await bot.delete_message(CAPITAL, photo.message_id)
    await staff.misses(photo.message_id)
    assert staff.last.text == "owned"


async def test_a_plain_member_bot_takes_away_only_its_own(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.bot_in_group(CAPITAL, BotStatus.MEMBER, by=ADMIN)
    staff = sandbox.person(STAFF_EN).in_group(CAPITAL)
    card = (await bot.send_message(CAPITAL, "card")).message_id
    said = await staff.says("a reply", reply_to=card)
    await staff.says("chatter among colleagues")
    assert (await last_message(bot)).text == "a reply"
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(CAPITAL, said)
    await bot.delete_message(CAPITAL, card)


# ---------------------------------------------------------------------------- topics


async def test_a_forum_keeps_what_is_said_in_its_topics(sandbox: Sandbox, bot: Bot) -> None:
    topic = sandbox.acts.open_topic(ADMIN, FORUM, "Roads")
    opened = await last_message(bot)
    assert (opened.message_thread_id, opened.is_topic_message) == (topic, True)
    assert known(opened.forum_topic_created).name == "Roads"

    staff = sandbox.person(STAFF_EN).in_group(FORUM, topic)
    await staff.says("in the topic")
    said = await last_message(bot)
    assert known(said.chat.is_forum)
    assert (said.message_thread_id, said.is_topic_message) == (topic, True)
    assert known(said.reply_to_message).message_id == topic
    card = await bot.send_message(FORUM, "card", message_thread_id=topic, reply_markup=CLAIM)
    assert card.is_topic_message
    assert staff.last.reply_to is None
    await sandbox.person(STAFF_EN).in_group(FORUM).says("from anywhere", reply_to=card.message_id)
    replied = await last_message(bot)
    assert (replied.message_thread_id, known(replied.reply_to_message).message_id) == (topic, card.message_id)
    await staff.taps("Claim")
    query = known((await updates(bot))[-1].callback_query)
    assert isinstance(query.message, Message)
    assert query.message.message_thread_id == topic
    answer = await bot.send_message(FORUM, "below", reply_parameters=ReplyParameters(card.message_id))
    assert answer.message_thread_id == topic
    await sandbox.person(STAFF_EN).in_group(FORUM).says("in General")
    assert (await last_message(bot)).is_topic_message is None


async def test_topics_are_of_supergroups(sandbox: Sandbox) -> None:
    with pytest.raises(Impossible, match="no forum"):
        sandbox.acts.open_topic(ADMIN, CAPITAL, "x")
    with pytest.raises(Impossible, match="no supergroup"):
        sandbox.acts.set_forum(BASIC, forum=True)
    sandbox.acts.set_forum(CAPITAL, forum=True)
    assert sandbox.acts.open_topic(ADMIN, CAPITAL, "x")


# ---------------------------------------------------------------------------- coming and going


async def test_who_leaves_or_is_removed_is_told_of_twice(sandbox: Sandbox, bot: Bot) -> None:
    await updates(bot)
    staff = sandbox.person(STAFF_EN).in_group(CAPITAL)
    await staff.leaves()
    sandbox.acts.remove(ADMIN, CAPITAL, STAFF_AR)
    seen = await updates(bot)
    left = [message.left_chat_member for update in seen if (message := update.message)]
    assert [known(user).id for user in left] == [STAFF_EN, STAFF_AR]
    told = [update.chat_member for update in seen if update.chat_member]
    assert [(one.from_user.id, one.new_chat_member.user.id, one.new_chat_member.status) for one in told] == [
        (STAFF_EN, STAFF_EN, ChatMember.LEFT),
        (ADMIN, STAFF_AR, ChatMember.BANNED),
    ]
    assert {one.old_chat_member.status for one in told} == {ChatMember.MEMBER}
    assert (await bot.get_chat_member(CAPITAL, STAFF_AR)).status == ChatMember.BANNED
    with pytest.raises(Impossible, match="not a member"):
        await staff.says("still here?")
    with pytest.raises(Impossible, match="not a member"):
        await staff.leaves()


async def test_who_is_added_again_is_a_member_again(sandbox: Sandbox, bot: Bot) -> None:
    await updates(bot)
    sandbox.acts.remove(ADMIN, CAPITAL, STAFF_AR, silently=True)
    sandbox.acts.add(ADMIN, CAPITAL, [STAFF_AR])
    sandbox.acts.promote(ADMIN, CAPITAL, STAFF_AR)
    seen = await changes(bot)
    assert [one.new_chat_member.status for one in seen] == ["kicked", "member", "administrator"]
    with pytest.raises(Impossible, match="no administrator"):
        sandbox.acts.remove(STAFF_EN, CAPITAL, STAFF_AR)


async def test_only_an_administrator_bot_hears_who_comes_and_goes(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.bot_in_group(CAPITAL, BotStatus.MEMBER, by=ADMIN)
    await updates(bot)
    await sandbox.person(STAFF_EN).in_group(CAPITAL).leaves()
    seen = await updates(bot)
    assert [known(known(update.message).left_chat_member).id for update in seen] == [STAFF_EN]


async def test_chat_members_come_only_when_asked_for(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.person(STAFF_EN).in_group(CAPITAL).leaves()
    assert [update.chat_member for update in await bot.get_updates()] == [None]


async def test_a_group_becomes_a_supergroup_with_its_people(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.migrate(BASIC, -1001000005001, by=ADMIN)
    seen = [known(update.message) for update in await updates(bot)]
    assert [(one.chat.id, one.migrate_to_chat_id, one.migrate_from_chat_id) for one in seen] == [
        (BASIC, -1001000005001, None),
        (-1001000005001, None, BASIC),
    ]
    staff = sandbox.person(STAFF_EN).in_group(-1001000005001)
    card = await bot.send_message(-1001000005001, "card", reply_markup=CLAIM)
    await staff.taps("Claim", on=card.message_id)
    assert known((await updates(bot))[-1].callback_query).from_user.id == STAFF_EN
    with pytest.raises(ChatMigrated):
        await bot.edit_message_text("x", BASIC, 1)


# ---------------------------------------------------------------------------- mentions, commands, limits


async def test_members_are_mentioned_by_their_id(sandbox: Sandbox, bot: Bot) -> None:
    sent = await bot.send_message(
        CAPITAL,
        f"<a href='tg://user?id={STAFF_EN}'>Ahmed</a>, <a href='tg://user?id={FATIMA}'>a stranger</a>",
        parse_mode="HTML",
    )
    assert sent.text == "Ahmed, a stranger"
    assert [(one.type, known(one.user).id) for one in sent.entities] == [("text_mention", STAFF_EN)]
    shown = sandbox.person(STAFF_EN).in_group(CAPITAL).last
    assert shown.html == f'<a href="tg://user?id={STAFF_EN}">Ahmed</a>, a stranger'
    await sandbox.person(FATIMA).says("/start")
    again = await bot.send_message(CAPITAL, f"<a href='tg://user?id={FATIMA}'>x</a>", parse_mode="HTML")
    assert known(again.entities[0].user).first_name == "فاطمة"


async def test_the_narrowest_scope_of_commands_wins(sandbox: Sandbox, bot: Bot) -> None:
    world = sandbox.world
    scopes = (
        ("all", BotCommandScopeAllGroupChats()),
        ("chat", BotCommandScopeChat(CAPITAL)),
        ("admins", BotCommandScopeChatAdministrators(CAPITAL)),
        ("ahmed", BotCommandScopeChatMember(CAPITAL, STAFF_EN)),
    )
    for name, scope in scopes:
        await bot.set_my_commands([BotCommand(name, name)], scope)

    def menu(person: int, group: int) -> list[str]:
        chat = known(world.chat(group))
        found = commands_for(world, world.people[person], chat)
        assert isinstance(found, list)
        return [one["command"] for one in found]

    assert [menu(one, CAPITAL) for one in (STAFF_AR, STAFF_EN, ADMIN)] == [["chat"], ["ahmed"], ["admins"]]
    assert menu(STAFF_EN, BASIC) == ["all"]
    assert menu(STAFF_EN, STAFF_EN) == []


async def test_no_minute_holds_more_than_twenty_messages_to_a_group() -> None:
    async with running(limits=Limits()) as sandbox, ptb(sandbox) as bot:
        first = await bot.send_message(CAPITAL, "1")
        for number in range(2, 20):
            await bot.send_message(CAPITAL, f"{number}")
        await bot.edit_message_text("an edit counts", CAPITAL, first.message_id)
        with pytest.raises(RetryAfter) as raised:
            await bot.edit_message_text("one too many", CAPITAL, first.message_id)
        seconds = raised.value.retry_after
        assert isinstance(seconds, timedelta)
        assert timedelta(seconds=55) < seconds <= timedelta(seconds=60)
        await bot.delete_message(CAPITAL, first.message_id)
        await bot.send_message(FORUM, "another group has a count of its own")
        assert len(sandbox.violations) == 1
