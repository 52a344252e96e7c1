"""The Bot API's answers, asked for with python-telegram-bot's real client."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    Message,
    MessageOriginUser,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from bot.sandbox import (
    ADMIN,
    FATIMA,
    JOHN,
    STAFF_AR,
    STAFF_EN,
    BotStatus,
    Impossible,
    Limits,
    Sandbox,
    Trouble,
    samples,
)
from bot.sandbox.world import ForcedReply
from tests.known import known
from tests.sandbox.running import BASIC, CAPITAL, FORUM, TOKEN, Clock, ptb, running


def keys(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=f"d:{label}")] for label in labels])


async def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (7_000_001, True, "customer_day_bot")


async def test_a_wrong_token_is_unauthorized(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidToken):
        async with ptb(sandbox, "1:wrong"):
            pass


async def test_an_unknown_method_is_not_found(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        response = await session.post(f"{sandbox.url}/bot{TOKEN}/sendTelepathy")
        assert response.status == 404
        assert await response.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert [refusal.method for refusal in sandbox.violations] == ["sendTelepathy"]


async def test_parameters_come_as_json_form_or_query(sandbox: Sandbox) -> None:
    await sandbox.person(FATIMA).says("/start")
    url = f"{sandbox.url}/bot{TOKEN}/sendMessage"
    wanted = {"chat_id": str(FATIMA), "text": "a"}
    async with aiohttp.ClientSession() as session:
        answers = (
            await session.post(url, json=wanted),
            await session.post(url, data=wanted),
            await session.get(url, params=wanted),
            await session.post(url, data=aiohttp.FormData(wanted, default_to_multipart=True)),
        )
        assert [(await answer.json())["result"]["text"] for answer in answers] == ["a"] * 4


async def test_a_message_carries_its_entities_in_utf16(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    sent = await bot.send_message(FATIMA, "🌴 <b>أهلاً</b> &amp; <a href='https://a.bh/x'>هنا</a>", parse_mode="HTML")
    assert sent.text == "🌴 أهلاً & هنا"
    assert [(one.type, one.offset, one.length) for one in sent.entities] == [("bold", 3, 5), ("text_link", 11, 3)]
    assert (await fatima.sees("أهلاً")).html == '🌴 <b>أهلاً</b> &amp; <a href="https://a.bh/x">هنا</a>'


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a <div>x</div>", 'Unsupported start tag "div" at byte offset 2'),
        ("ا < ب", 'Unsupported start tag "" at byte offset 3'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_broken_html_is_refused_as_telegram_does(sandbox: Sandbox, bot: Bot, text: str, error: str) -> None:
    await sandbox.person(FATIMA).says("/start")
    with pytest.raises(BadRequest) as raised:
        await bot.send_message(FATIMA, text, parse_mode="HTML")
    assert raised.value.message.lower() == f"can't parse entities: {error}".lower()
    assert len(sandbox.violations) == 1


async def test_length_is_counted_after_parsing(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.person(FATIMA).says("/start")
    await bot.send_message(FATIMA, "<b>" + "ب" * 4096 + "</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(FATIMA, "ب" * 4097)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(FATIMA, "🌴" * 2049)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(FATIMA, samples.photo(), caption="ب" * 1025)
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(FATIMA, "")
    with pytest.raises(BadRequest, match="Text must be non-empty"):
        await bot.send_message(FATIMA, "<b> </b>", parse_mode="HTML")


async def test_nobody_is_written_to_who_never_started_the_bot(sandbox: Sandbox, bot: Bot) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(JOHN, "hello")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(424242, "hello")
    assert [refusal.code for refusal in sandbox.violations] == [400]


async def test_a_blocked_bot_is_refused_until_unblocked(sandbox: Sandbox, bot: Bot) -> None:
    john = sandbox.person(JOHN)
    await john.says("/start")
    await john.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(JOHN, "hello")
    with pytest.raises(Impossible, match="has blocked the bot"):
        await john.says("are you there?")
    await john.unblocks()
    await bot.send_message(JOHN, "hello")
    updates = await bot.get_updates()
    changes = [update.my_chat_member for update in updates if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]
    assert sandbox.violations == []


async def test_a_kicked_bot_and_a_migrated_group_say_so(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.bot_in_group(CAPITAL, BotStatus.KICKED, by=ADMIN)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(CAPITAL, "hello")
    sandbox.migrate(BASIC, -1001000005001, by=ADMIN)
    with pytest.raises(ChatMigrated) as raised:
        await bot.send_message(BASIC, "hello")
    assert raised.value.new_chat_id == -1001000005001
    await bot.send_message(-1001000005001, "hello")
    updates = await bot.get_updates()
    assert [u.message.migrate_to_chat_id for u in updates if u.message and u.message.migrate_to_chat_id] == [
        -1001000005001
    ]


async def test_buttons_are_checked(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.person(FATIMA).says("/start")

    async def send(*rows: list[InlineKeyboardButton]) -> None:
        await bot.send_message(FATIMA, "x", reply_markup=InlineKeyboardMarkup(rows))

    one = InlineKeyboardButton("a", callback_data="b")
    await send(*[[one] * 8] * 12)
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await send([one] * 9)
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await send(*[[one]] * 101)
    with pytest.raises(BadRequest, match=r"(?i)BUTTON_DATA_INVALID"):
        await send([InlineKeyboardButton("a", callback_data="ب" * 33)])
    with pytest.raises(BadRequest, match=r"(?i)text buttons are unallowed"):
        await send([InlineKeyboardButton("a")])
    with pytest.raises(BadRequest, match=r"(?i)unsupported URL protocol"):
        await send([InlineKeyboardButton("a", url="ftp://a.bh")])


async def test_edits_of_unchanged_unknown_and_foreign_messages_are_refused(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    own = await fatima.says("/start")
    sent = await bot.send_message(FATIMA, "one", reply_markup=keys("Yes"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("one", FATIMA, sent.message_id, reply_markup=keys("Yes"))
    edited = await bot.edit_message_text("two", FATIMA, sent.message_id)
    assert isinstance(edited, Message)
    assert edited.edit_date is not None
    assert fatima.last.text == "two"
    assert fatima.last.buttons == []
    assert fatima.last.edited
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", FATIMA, 999)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", FATIMA, own)
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(FATIMA, sent.message_id, caption="x")
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(FATIMA, 999)


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(sandbox: Sandbox, bot: Bot) -> None:
    john = sandbox.person(JOHN)
    await john.says("/start")
    ask = ReplyKeyboardMarkup([[KeyboardButton("My number", request_contact=True)], ["Skip"]])
    sent = await bot.send_message(JOHN, "Your phone?", reply_markup=ask)
    assert john.keyboard == [["My number"], ["Skip"]]
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", JOHN, sent.message_id)
    await john.taps("My number")
    contact = known(known((await bot.get_updates())[-1].message).contact)
    assert (contact.phone_number, contact.user_id) == ("+97336123456", JOHN)
    await bot.send_message(JOHN, "thanks", reply_markup=ReplyKeyboardRemove())
    assert john.keyboard == []


async def test_a_forced_reply_opens_on_the_phone_of_who_is_meant_until_they_write(sandbox: Sandbox, bot: Bot) -> None:
    john = sandbox.person(JOHN)
    await john.says("/start")
    asked = await bot.send_message(JOHN, "Which road?", reply_markup=ForceReply(input_field_placeholder="A number"))
    assert john.forced == ForcedReply(asked.message_id, "A number")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", JOHN, asked.message_id)
    await john.writes("Road 12")
    answer = known((await bot.get_updates())[-1].message)
    assert known(answer.reply_to_message).message_id == asked.message_id
    assert john.forced is None
    with pytest.raises(BadRequest, match="Input field placeholder is too long"):
        await bot.send_message(JOHN, "?", reply_markup=ForceReply(input_field_placeholder="x" * 65))

    staff, colleague = (sandbox.person(who).in_group(CAPITAL) for who in (STAFF_EN, STAFF_AR))
    forced = ForceReply(selective=True)
    meant = await bot.send_message(
        CAPITAL, f'<a href="tg://user?id={STAFF_EN}">You</a>: why?', parse_mode="HTML", reply_markup=forced
    )
    assert (staff.forced, colleague.forced) == (ForcedReply(meant.message_id), None)
    await bot.delete_message(CAPITAL, meant.message_id)
    assert staff.forced is None
    wrote = await colleague.says("/why")
    await bot.send_message(CAPITAL, "Why?", reply_markup=forced, reply_parameters=ReplyParameters(wrote))
    assert staff.forced is None
    assert colleague.forced is not None


async def test_deleted_messages_are_gone_and_old_ones_stay(sandbox: Sandbox, bot: Bot, clock: Clock) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    old = await bot.send_message(FATIMA, "one")
    clock.now = clock.now.replace(day=12)
    new = await bot.send_message(FATIMA, "two")
    await bot.delete_message(FATIMA, new.message_id)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(FATIMA, old.message_id)
    assert [message.text for message in fatima.messages] == ["one"]


async def test_too_many_messages_are_told_when_to_come_back() -> None:
    async with running(limits=Limits(chat_burst=2)) as sandbox, ptb(sandbox) as bot:
        await sandbox.person(FATIMA).says("/start")
        for number in range(2):
            await bot.send_message(FATIMA, f"{number}")
        with pytest.raises(RetryAfter) as raised:
            await bot.send_message(FATIMA, "three")
        assert raised.value.retry_after == timedelta(seconds=1)
        for number in range(20):
            await bot.send_message(CAPITAL, f"{number}")
        with pytest.raises(RetryAfter):
            await bot.send_message(CAPITAL, "21st")
        await bot.send_chat_action(CAPITAL, "typing")
        assert [refusal.code for refusal in sandbox.violations] == [429, 429]


async def test_edits_count_in_groups_only() -> None:
    limits = Limits(chat_burst=1, chat_per_second=0.001, group_per_minute=1)
    async with running(limits=limits) as sandbox, ptb(sandbox) as bot:
        await sandbox.person(FATIMA).says("/start")
        private = await bot.send_message(FATIMA, "one")
        await bot.edit_message_text("two", FATIMA, private.message_id)
        group = await bot.send_message(CAPITAL, "one")
        with pytest.raises(RetryAfter):
            await bot.edit_message_text("two", CAPITAL, group.message_id)


async def test_an_album_is_one_group_of_messages(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    media = [
        InputMediaPhoto(samples.photo(), caption="<b>Two</b>", parse_mode="HTML"),
        InputMediaPhoto(samples.photo()),
    ]
    sent = await bot.send_media_group(FATIMA, media)
    assert len({message.media_group_id for message in sent}) == 1
    assert fatima.messages[0].html == "<b>Two</b>"
    with pytest.raises(BadRequest, match="album holds 2-10 items"):
        await bot.send_media_group(FATIMA, [InputMediaDocument(b"x")])


async def test_files_travel_both_ways(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    await fatima.sends_document("مخطط.pdf", "application/pdf", b"%PDF-1.4 x", "المخطط")
    await fatima.sends_photo(caption="صورة")
    await fatima.sends_voice()
    _, document, photo, voice = [known(update.message) for update in await bot.get_updates()]
    held = known(document.document)
    assert (held.file_name, document.caption) == ("مخطط.pdf", "المخطط")
    assert bytes(await (await held.get_file()).download_as_bytearray()) == b"%PDF-1.4 x"
    assert 2 <= len(photo.photo) <= 3
    large = await (await photo.photo[-1].get_file()).download_as_bytearray()
    assert large[:3] == b"\xff\xd8\xff"
    assert known(voice.voice).mime_type == "audio/ogg"
    sent = await bot.send_document(FATIMA, b"BEGIN:VCALENDAR", filename="visit.ics")
    file = known(sent.document)
    assert file.file_name == "visit.ics"
    assert fatima.last.document == b"BEGIN:VCALENDAR"
    again = await bot.send_document(FATIMA, file.file_id)
    assert known(again.document).file_unique_id == file.file_unique_id
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_document(FATIMA, "nonsense")
    with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await bot.send_photo(FATIMA, b"not a picture")


async def test_large_files_are_refused() -> None:
    limits = Limits(enabled=False, photo_bytes=1000, upload_bytes=2000, download_bytes=1500)
    async with running(limits=limits) as sandbox, ptb(sandbox) as bot:
        fatima = sandbox.person(FATIMA)
        await fatima.says("/start")
        with pytest.raises(BadRequest, match="File is too big"):
            await bot.send_photo(FATIMA, b"x" * 1001)
        with pytest.raises(Exception, match="Request Entity Too Large"):
            await bot.send_document(FATIMA, b"x" * 2001)
        await fatima.sends_document("big.bin", "application/octet-stream", b"x" * 1600)
        received = known((await bot.get_updates())[-1].message)
        with pytest.raises(BadRequest, match="File is too big"):
            await known(received.document).get_file()


async def test_a_venue_and_a_location_are_seen_as_such(sandbox: Sandbox, bot: Bot) -> None:
    john = sandbox.person(JOHN)
    await john.says("/start")
    await bot.send_venue(JOHN, 26.2235, 50.5876, "Capital Municipality", "Manama")
    assert john.last.location is not None
    assert (john.last.location.title, john.last.location.latitude) == ("Capital Municipality", 26.2235)
    with pytest.raises(BadRequest, match="Wrong latitude or longitude specified"):
        await bot.send_location(JOHN, 126.0, 50.0)


async def test_commands_are_kept_by_scope_and_language(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("start", "البداية")], BotCommandScopeAllPrivateChats(), "ar")
    await bot.set_my_commands([BotCommand("start", "Start")])
    assert (await bot.get_my_commands())[0].description == "Start"
    private = await bot.get_my_commands(BotCommandScopeAllPrivateChats(), "ar")
    assert private[0].description == "البداية"
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand("Start!", "x")])


async def test_a_list_is_kept_for_one_chat_and_for_one_member_of_it(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.person(JOHN).says("/start")
    await bot.set_my_commands([BotCommand("queue", "Queue")], BotCommandScopeChat(JOHN))
    await bot.set_my_commands([BotCommand("case", "Case")], BotCommandScopeChatMember(CAPITAL, STAFF_EN))
    assert [one.command for one in await bot.get_my_commands(BotCommandScopeChat(JOHN))] == ["queue"]
    assert await bot.get_my_commands(BotCommandScopeChat(CAPITAL)) == ()
    await bot.delete_my_commands(BotCommandScopeChatMember(CAPITAL, STAFF_EN))
    assert await bot.get_my_commands(BotCommandScopeChatMember(CAPITAL, STAFF_EN)) == ()
    assert await bot.get_my_commands(BotCommandScopeChat(JOHN)) != ()


@pytest.mark.parametrize(
    ("scope", "why"),
    [
        (BotCommandScopeChat(FATIMA), "Chat not found"),  # they have never written
        (BotCommandScopeChat(404), "Chat not found"),
        (BotCommandScopeChatMember(CAPITAL, FATIMA), "User not found"),
        (BotCommandScopeChatMember(CAPITAL, 0), "Invalid user_id specified"),
        (BotCommandScopeChatMember(STAFF_EN, STAFF_EN), "Can't use specified scope in private chats"),
        (BotCommandScopeChatAdministrators(STAFF_EN), "Can't use specified scope in private chats"),
    ],
)
async def test_scopes_are_refused_as_telegram_refuses_them(bot: Bot, scope: BotCommandScope, why: str) -> None:
    for call in (bot.set_my_commands([BotCommand("a", "A")], scope), bot.get_my_commands(scope)):
        with pytest.raises(BadRequest, match=f"(?i){why}"):
            await call


async def test_a_bot_that_was_removed_shows_no_commands_in_a_group(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.bot_in_group(CAPITAL, BotStatus.KICKED, by=ADMIN)
    with pytest.raises(Forbidden, match="bot was kicked"):
        await bot.set_my_commands([BotCommand("a", "A")], BotCommandScopeChatMember(CAPITAL, STAFF_EN))


async def test_the_bot_describes_itself(bot: Bot) -> None:
    await bot.set_my_description("وصف", language_code="ar")
    await bot.set_my_short_description("short")
    await bot.set_my_name("Office")
    assert (await bot.get_my_description("ar")).description == "وصف"
    assert (await bot.get_my_short_description("ar")).short_description == "short"
    assert (await bot.get_my_name()).name == "Office"


async def test_chats_and_members_are_known(sandbox: Sandbox, bot: Bot) -> None:
    chat = await bot.get_chat(CAPITAL)
    assert (chat.title, chat.type) == ("أمانة العاصمة", "supergroup")
    assert await bot.get_chat_member_count(CAPITAL) == 4
    assert (await bot.get_chat_member(CAPITAL, ADMIN)).status == "creator"
    assert (await bot.get_chat_member(CAPITAL, STAFF_EN)).status == "member"
    assert (await bot.get_chat_member(CAPITAL, JOHN)).status == "left"
    assert (await bot.get_chat_member(CAPITAL, bot.id)).status == "administrator"
    assert {member.user.id for member in await bot.get_chat_administrators(CAPITAL)} == {ADMIN, bot.id}


async def test_topics_hold_messages(sandbox: Sandbox, bot: Bot) -> None:
    topic = await bot.create_forum_topic(FORUM, "C-7K3M-2QX")
    sent = await bot.send_message(FORUM, "card", message_thread_id=topic.message_thread_id)
    assert sent.message_thread_id == topic.message_thread_id
    await bot.close_forum_topic(FORUM, topic.message_thread_id)
    await bot.send_message(FORUM, "as an administrator", message_thread_id=topic.message_thread_id)
    sandbox.bot_in_group(FORUM, BotStatus.MEMBER, by=ADMIN)
    with pytest.raises(BadRequest, match=r"(?i)TOPIC_CLOSED"):
        await bot.send_message(FORUM, "x", message_thread_id=topic.message_thread_id)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(FORUM, "x", message_thread_id=999)
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(CAPITAL, "x")


async def test_taps_are_answered_once_and_in_time(sandbox: Sandbox, bot: Bot, clock: Clock) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    await bot.send_message(FATIMA, "Sure?", reply_markup=keys("Yes", "No"))
    await fatima.taps("Yes")
    query = known((await bot.get_updates())[-1].callback_query)
    assert isinstance(query.message, Message)
    assert (query.data, query.message.text, query.from_user.id) == ("d:Yes", "Sure?", FATIMA)
    await query.answer("Done", show_alert=True)
    await query.answer("Done again")
    toast = await fatima.hears("Done")
    assert (toast.alert, len(fatima.toasts)) == (True, 1)
    await fatima.taps("No")
    late = known((await bot.get_updates(offset=-1))[-1].callback_query)
    clock.now = clock.now.replace(hour=12)
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
        await late.answer("too late")


async def test_a_reply_quotes_its_message(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    question = await fatima.says("سؤال")
    await bot.send_message(FATIMA, "جواب", reply_to_message_id=question)
    assert fatima.last.reply_to == question
    answered = await fatima.says("شكراً", reply_to=fatima.last.id)
    message = known((await bot.get_updates())[-1].message)
    assert message.message_id == answered
    assert known(message.reply_to_message).text == "جواب"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(FATIMA, "x", reply_to_message_id=999)


async def test_messages_are_copied_and_forwarded(sandbox: Sandbox, bot: Bot) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    complaint = await fatima.sends_photo(caption="حاوية ممتلئة")
    await bot.copy_message(CAPITAL, FATIMA, complaint)
    forwarded = await bot.forward_message(CAPITAL, FATIMA, complaint)
    copied = sandbox.person(STAFF_EN).in_group(CAPITAL).messages[0]
    assert copied.text == "حاوية ممتلئة"
    assert copied.photo is not None
    origin = forwarded.forward_origin
    assert isinstance(origin, MessageOriginUser)
    assert origin.sender_user.id == FATIMA


async def test_pins_and_reactions_are_kept(sandbox: Sandbox, bot: Bot) -> None:
    sent = await bot.send_message(CAPITAL, "card")
    await bot.pin_chat_message(CAPITAL, sent.message_id)
    await bot.set_message_reaction(CAPITAL, sent.message_id, "👀")
    assert known((await bot.get_chat(CAPITAL)).pinned_message).message_id == sent.message_id
    assert sandbox.person(STAFF_EN).in_group(CAPITAL).last.reactions == ("👀",)
    await bot.unpin_chat_message(CAPITAL, sent.message_id)
    with pytest.raises(BadRequest, match="Message to unpin not found"):
        await bot.unpin_chat_message(CAPITAL, sent.message_id)


async def test_a_call_can_be_made_to_fail_before_or_after_it_is_done(sandbox: Sandbox) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    sandbox.trouble("sendMessage", Trouble.ERROR, Trouble.LOST, Trouble.UNHEARD)
    url, data = f"{sandbox.url}/bot{TOKEN}/sendMessage", {"chat_id": FATIMA, "text": "a"}
    async with aiohttp.ClientSession() as session:
        assert (await session.post(url, data=data)).status == 500
        with pytest.raises(aiohttp.ClientError):
            await session.post(url, data=data)
        assert fatima.messages == []
        with pytest.raises(aiohttp.ClientError):
            await session.post(url, data=data)
        assert len(fatima.messages) == 1
        assert (await session.post(url, data=data)).status == 200
