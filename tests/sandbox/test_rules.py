"""Rules of Telegram's that a bot meets seldom: each is refused, or forgotten, here as it is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    KeyboardButton,
    ReplyKeyboardMarkup,
    WebAppInfo,
)
from telegram.error import BadRequest

from bot.sandbox import ADMIN, FATIMA, JOHN, STAFF_EN, BotStatus, Sandbox, samples
from bot.sandbox.keeping import lane_of
from tests.known import known
from tests.sandbox.running import CAPITAL, Clock, eventually, ptb, running
from tests.sandbox.test_delivery import hooked

TWO_DAYS = timedelta(hours=48, seconds=1)
MP3 = b"ID3\x04" + bytes(60)


def keys(label: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label)]])


# ---------------------------------------------------------------------------- what may be taken back


@pytest.mark.parametrize("status", [BotStatus.ADMINISTRATOR, BotStatus.MEMBER])
async def test_no_message_is_deleted_after_two_days(
    sandbox: Sandbox, bot: Bot, clock: Clock, status: BotStatus
) -> None:
    sandbox.bot_in_group(CAPITAL, status, by=ADMIN)
    own = await bot.send_photo(CAPITAL, samples.photo())
    theirs = await sandbox.person(STAFF_EN).in_group(CAPITAL).says("/queue")
    await clock.advance(timedelta(hours=47))
    young = await bot.send_message(CAPITAL, "young")
    await clock.advance(timedelta(hours=1, seconds=1))
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_message(CAPITAL, own.message_id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(CAPITAL, theirs)
    with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
        await bot.delete_messages(CAPITAL, [young.message_id, own.message_id])
    assert await bot.delete_message(CAPITAL, young.message_id)
    assert sandbox.violations == []


async def test_a_file_is_replaced_however_old_it_is(sandbox: Sandbox, bot: Bot, clock: Clock) -> None:
    album = await bot.send_media_group(CAPITAL, [InputMediaPhoto(samples.photo()), InputMediaVideo(samples.video())])
    document = await bot.send_document(CAPITAL, samples.document(), filename="a.pdf")
    await clock.advance(timedelta(days=30))
    for one in album:
        await bot.edit_message_media(InputMediaPhoto(samples.photo(number=5)), CAPITAL, one.message_id)
    await bot.edit_message_media(InputMediaDocument(b"-", filename="-.txt"), CAPITAL, document.message_id)
    with pytest.raises(BadRequest, match="Can't change media type in the album"):
        await bot.edit_message_media(InputMediaDocument(b"-"), CAPITAL, album[0].message_id)


async def test_a_voice_note_and_a_place_cannot_be_replaced(sandbox: Sandbox, bot: Bot) -> None:
    for sent in (await bot.send_voice(CAPITAL, samples.voice()), await bot.send_location(CAPITAL, 26.2, 50.5)):
        with pytest.raises(BadRequest, match="There is no media in the message to edit"):
            await bot.edit_message_media(InputMediaPhoto(samples.photo()), CAPITAL, sent.message_id)


# ---------------------------------------------------------------------------- what is kept for a bot that is away


async def test_a_tap_is_kept_for_150_seconds_and_a_message_for_a_day(sandbox: Sandbox, bot: Bot, clock: Clock) -> None:
    fatima = sandbox.person(FATIMA)
    await fatima.says("/start")
    await bot.send_message(FATIMA, "Sure?", reply_markup=keys("Yes"))
    await fatima.taps("Yes")
    await clock.advance(timedelta(seconds=149))
    assert [known(update.callback_query).data for update in (await bot.get_updates())[1:]] == ["Yes"]
    await clock.advance(timedelta(seconds=1))
    assert [known(update.message).text for update in await bot.get_updates()] == ["/start"]
    await clock.advance(timedelta(hours=24))
    assert await bot.get_updates() == ()
    await sandbox.drained()


async def test_a_webhook_that_is_down_for_a_day_misses_what_was_said(sandbox: Sandbox, clock: Clock) -> None:
    async with ptb(sandbox) as bot, hooked() as hook:
        hook.failures = 10_000
        await bot.set_webhook(hook.url)
        await sandbox.person(FATIMA).says("lost")
        await eventually(lambda: hook.failures < 10_000)
        await clock.advance(timedelta(days=1))
        await sandbox.drained()
        hook.failures = 0
        await sandbox.person(FATIMA).says("heard")
        await sandbox.drained()
        assert hook.texts() == ["heard"]


async def test_what_is_kept_is_kept_no_longer_after_a_restart(
    clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    journal = tmp_path_factory.mktemp("kept") / "sandbox.jsonl"
    async with running(journal=journal, clock=clock) as sandbox:
        await sandbox.person(FATIMA).says("yesterday")
    await clock.advance(timedelta(hours=25))
    async with running(journal=journal, clock=clock) as sandbox, ptb(sandbox) as bot:
        assert await bot.get_updates() == ()


# ---------------------------------------------------------------------------- in which order a webhook hears


async def test_taps_wait_for_each_other_by_person_and_membership_apart_from_messages() -> None:
    chat, fatima = {"id": CAPITAL}, {"id": FATIMA}
    said = lane_of({"update_id": 1, "message": {"chat": chat, "from": fatima}})
    edited = lane_of({"update_id": 2, "edited_message": {"chat": chat, "from": fatima}})
    tapped = lane_of({"update_id": 3, "callback_query": {"from": fatima, "message": {"chat": chat}}})
    elsewhere = lane_of({"update_id": 4, "callback_query": {"from": fatima, "message": {"chat": {"id": FATIMA}}}})
    bot_itself = lane_of({"update_id": 5, "my_chat_member": {"chat": chat, "from": fatima}})
    member = lane_of({"update_id": 6, "chat_member": {"chat": chat, "new_chat_member": {"user": fatima}}})
    reacted = lane_of({"update_id": 7, "message_reaction": {"chat": chat, "user": fatima}})
    assert said == edited
    assert tapped == elsewhere
    assert len({said, tapped, bot_itself, member, reacted}) == 5


async def test_a_message_that_fails_holds_up_no_tap_of_its_chat(sandbox: Sandbox) -> None:
    async with ptb(sandbox) as bot, hooked() as hook:
        fatima = sandbox.person(FATIMA)
        await fatima.says("/start")
        await bot.send_message(FATIMA, "Sure?", reply_markup=keys("Yes"))
        await bot.get_updates(offset=10**9)
        await bot.set_webhook(hook.url)
        hook.deaf_to = "message"
        await fatima.says("first")
        await fatima.taps("Yes")
        await eventually(lambda: len(hook.updates) == 1)
        hook.deaf_to = ""
        await sandbox.drained()
        assert ["message" if "message" in one else "tap" for one in hook.updates] == ["tap", "message"]


# ---------------------------------------------------------------------------- what it does not take


async def test_documents_and_photos_make_no_album(bot: Bot) -> None:
    mixed = (InputMediaPhoto(samples.photo()), InputMediaDocument(samples.document()))
    with pytest.raises(BadRequest, match="Document can't be mixed with other media types"):
        await bot.send_media_group(CAPITAL, mixed)


@pytest.mark.parametrize("content", [samples.voice(), MP3, b"\xff\xf3\x44\xc4" + bytes(60), b"\0\0\0\x18ftypM4A "])
async def test_a_voice_note_is_what_telegram_plays_as_one(bot: Bot, content: bytes) -> None:
    assert (await bot.send_voice(CAPITAL, content)).voice is not None


@pytest.mark.parametrize("content", [b"RIFF....WAVEfmt ", samples.document(), b"OggS" + bytes(40), b"voice"])
async def test_other_bytes_are_no_voice_note(bot: Bot, content: bytes) -> None:
    with pytest.raises(BadRequest, match="Wrong type of the voice note"):
        await bot.send_voice(CAPITAL, content)


@pytest.mark.parametrize(
    ("button", "why"),
    [
        (KeyboardButton("Share", request_contact=True), "Phone number can be requested in private chats only"),
        (KeyboardButton("Share", request_location=True), "Location can be requested in private chats only"),
    ],
)
async def test_a_group_is_not_asked_for_numbers_or_places(bot: Bot, button: KeyboardButton, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        await bot.send_message(CAPITAL, "?", reply_markup=ReplyKeyboardMarkup([[button]]))


async def test_a_page_is_opened_from_private_chats_only(bot: Bot) -> None:
    page = InlineKeyboardMarkup([[InlineKeyboardButton("Open", web_app=WebAppInfo("https://a.example/"))]])
    with pytest.raises(BadRequest, match=r"(?i)BUTTON_TYPE_INVALID"):
        await bot.send_message(CAPITAL, "?", reply_markup=page)


async def test_somebody_may_refuse_voice_notes(sandbox: Sandbox, bot: Bot) -> None:
    john = sandbox.person(JOHN)
    await john.says("/start")
    await john.refuses_voice_notes()
    with pytest.raises(BadRequest, match=r"(?i)VOICE_MESSAGES_FORBIDDEN"):
        await bot.send_voice(JOHN, samples.voice())
    await bot.send_document(JOHN, samples.voice(), filename="voice.oga")
    await john.refuses_voice_notes(refused=False)
    await bot.send_voice(JOHN, samples.voice())


async def test_a_group_may_forbid_what_members_send(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.acts.forbid(CAPITAL, "photos")
    await bot.send_photo(CAPITAL, samples.photo())  # an administrator may
    sandbox.bot_in_group(CAPITAL, BotStatus.MEMBER, by=ADMIN)
    with pytest.raises(BadRequest, match="Not enough rights to send photos to the chat"):
        await bot.send_photo(CAPITAL, samples.photo())
    await bot.send_message(CAPITAL, "words go")
    sandbox.acts.forbid(CAPITAL, "messages")
    with pytest.raises(BadRequest, match="Have no write access to the chat"):
        await bot.send_message(CAPITAL, "no words")
    assert sandbox.violations == []
