"""Every way Telegram can refuse or fail, and what the dispatcher is told."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import unused_port

from bot.channel import Barred, Delivered, Failed, Gone, Identity, Migrated, Refused, SlowDown, TooLarge, Unreachable
from bot.telegram.api import Api
from bot.telegram.channel import TelegramChannel
from bot.telegram.links import TelegramLinks
from conversations.engine.messages import Choice, Outgoing, TapAnswer
from storage.ids import ChatId, ForumTopicId, MessageId

HELLO = Outgoing(text="Hello")
EDIT = Outgoing(text="Claimed", edit=MessageId("42"), rows=((Choice(label="Open", data="x:y:z:1"),),))


async def no_files(sha256: str) -> bytes:
    raise FileNotFoundError(sha256)


@pytest.mark.parametrize(
    ("code", "description", "outcome"),
    [
        (403, "Forbidden: bot was blocked by the user", Unreachable),
        (403, "Forbidden: user is deactivated", Unreachable),
        (403, "Forbidden: bot was kicked from the supergroup chat", Unreachable),
        (400, "Bad Request: chat not found", Unreachable),
        (400, "Bad Request: user is deactivated", Unreachable),
        (400, "Bad Request: PEER_ID_INVALID", Unreachable),
        (400, "Bad Request: not enough rights to send text messages to the chat", Unreachable),
        (400, "Bad Request: have no write access to the chat", Unreachable),
        (400, "Bad Request: have no rights to send a message", Unreachable),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", Unreachable),
        (400, "Bad Request: CHAT_RESTRICTED", Unreachable),
        (400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", Unreachable),
        (400, "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN", Barred),
        (400, "Bad Request: CHAT_SEND_VOICES_FORBIDDEN", Barred),
        (400, "Bad Request: VOICE_MESSAGES_FORBIDDEN", Barred),
        (400, "Bad Request: TOPIC_CLOSED", Barred),
        (400, "Bad Request: not enough rights to send photos to the chat", Barred),
        (400, "Bad Request: can't parse entities: Unsupported start tag", Refused),
        (400, "Bad Request: BUTTON_DATA_INVALID", Refused),
        (400, "Bad Request: message is too long", Refused),
        (413, "Request Entity Too Large", Refused),
        (401, "Unauthorized", Failed),
        (404, "Not Found", Failed),
        (409, "Conflict: terminated by other getUpdates request", Failed),
        (500, "Internal Server Error", Failed),
        (502, "Bad Gateway", Failed),
    ],
)
async def test_an_error_becomes_its_outcome(channel, fake, code, description, outcome):
    fake.will_refuse("sendMessage", code, description)
    assert isinstance(await channel.send("7", HELLO), outcome)


async def test_a_flood_says_how_long_to_wait(channel, fake):
    fake.will_refuse("sendMessage", 429, "Too Many Requests: retry after 17", retry_after=17)
    assert await channel.send("7", HELLO) == SlowDown(17.0)


async def test_a_flood_without_a_time_waits_a_little(channel, fake):
    fake.will_refuse("sendMessage", 429, "Too Many Requests")
    assert await channel.send("7", HELLO) == SlowDown(5.0)


async def test_a_migrated_group_has_its_new_address(channel, fake):
    fake.will_refuse("sendMessage", 400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001234567890)
    assert await channel.send("-7", HELLO) == Migrated(ChatId("-1001234567890"))


async def test_the_word_of_a_refusal_is_kept_for_who_repairs_it(channel, fake):
    fake.will_refuse("sendMessage", 400, "Bad Request: can't parse entities")
    assert await channel.send("7", HELLO) == Refused("Can't parse entities")


async def test_a_proxys_error_page_is_a_failure(channel, fake):
    fake.will_say("sendMessage", 502, "<html>Bad gateway</html>")
    assert isinstance(await channel.send("7", HELLO), Failed)


async def test_an_answer_that_is_not_json_is_a_failure(channel, fake):
    fake.will_say("sendMessage", 200, "<html>Sign in to the network</html>")
    assert await channel.send("7", HELLO) == Failed("Invalid server response")


async def test_a_connection_cut_off_is_a_failure_and_the_next_call_works(channel, fake):
    fake.will_break("sendMessage")
    assert isinstance(await channel.send("7", HELLO), Failed)
    assert isinstance(await channel.send("7", HELLO), Delivered)


async def test_nobody_listening_is_a_failure_without_the_token(token):
    async with Api(token, f"http://127.0.0.1:{unused_port()}") as api:
        outcome = await TelegramChannel(api, no_files).send(ChatId("7"), HELLO)
    assert isinstance(outcome, Failed)
    assert "secret" not in outcome.error
    assert "127.0.0.1" in outcome.error


async def test_a_wrong_token_is_a_failure_that_says_so(base):
    async with Api("999:WRONG-secret", base) as api:
        outcome = await TelegramChannel(api, no_files).send(ChatId("7"), HELLO)
    assert isinstance(outcome, Failed)
    assert "token" in outcome.error
    assert "secret" not in outcome.error


# ---------------------------------------------------------------------------- edits


async def test_an_edit_that_changes_nothing_is_delivered(channel, fake):
    fake.will_refuse(
        "editMessageText",
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
    )
    assert await channel.send("7", EDIT) == Delivered((MessageId("42"),))


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
        "Bad Request: MESSAGE_ID_INVALID",
    ],
)
async def test_an_edit_of_what_is_gone_sends_it_anew(channel, fake, description):
    fake.will_refuse("editMessageText", 400, description)
    assert await channel.send("7", EDIT) == Delivered((MessageId("101"),))
    assert fake.methods == ["editMessageText", "sendMessage"]
    assert fake.calls[1].said["text"] == "Claimed"
    assert fake.calls[1].said["reply_markup"] == fake.calls[0].said["reply_markup"]


async def test_taking_buttons_from_what_is_gone_has_nothing_left_to_do(channel, fake):
    fake.will_refuse("editMessageReplyMarkup", 400, "Bad Request: message to edit not found")
    assert await channel.send("7", Outgoing(edit=MessageId("42"))) == Delivered()


async def test_an_edit_of_a_photo_changes_its_caption(channel, fake):
    fake.will_refuse("editMessageText", 400, "Bad Request: there is no text in the message to edit")
    assert await channel.send("7", EDIT) == Delivered((MessageId("42"),))
    assert fake.methods == ["editMessageText", "editMessageCaption"]
    assert fake.calls[1].said["caption"] == "Claimed"


async def test_an_edit_of_a_map_pin_sends_it_anew(channel, fake):
    fake.will_refuse("editMessageText", 400, "Bad Request: there is no text in the message to edit")
    fake.will_refuse("editMessageCaption", 400, "Bad Request: there is no caption in the message to edit")
    assert await channel.send("7", EDIT) == Delivered((MessageId("101"),))


async def test_an_edit_refused_for_another_reason_is_refused(channel, fake):
    fake.will_refuse("editMessageText", 400, "Bad Request: can't parse entities")
    assert isinstance(await channel.send("7", EDIT), Refused)
    assert fake.methods == ["editMessageText"]


async def test_a_deleted_topic_gets_the_message_in_the_group_itself(channel, fake):
    fake.will_refuse("sendMessage", 400, "Bad Request: message thread not found")
    assert await channel.send("-1001", Outgoing(text="Overdue", topic=ForumTopicId("9"))) == Delivered(
        (MessageId("101"),)
    )
    assert "message_thread_id" not in fake.calls[1].said


# ---------------------------------------------------------------------------- reactions

REACTION = Outgoing(react="🙏", reply_to=MessageId("7"))


async def test_a_reaction_is_put_under_the_message(channel, fake):
    assert await channel.send("1001", REACTION) == Delivered()
    assert fake.calls[0].method == "setMessageReaction"
    assert "🙏" in str(fake.calls[0].said["reaction"])


@pytest.mark.parametrize("why", ["REACTION_INVALID", "message to react not found"])
async def test_where_no_reaction_can_be_nothing_is_owed(channel, fake, why):
    fake.will_refuse("setMessageReaction", 400, f"Bad Request: {why}")
    assert await channel.send("1001", REACTION) == Delivered()
    assert [call.method for call in fake.calls] == ["setMessageReaction"]


# ---------------------------------------------------------------------------- deletions


@pytest.mark.parametrize(
    ("description", "undone"),
    [
        ("Bad Request: message to delete not found", ""),
        ("Bad Request: message can't be deleted for everyone", "the message can't be deleted"),
    ],
)
async def test_a_deletion_that_telegram_will_never_do_is_done_with_and_says_what_is_left(
    channel, fake, description, undone
):
    fake.will_refuse("deleteMessage", 400, description)
    assert await channel.send("7", Outgoing(delete=MessageId("42"))) == Delivered(undone=undone)


# ---------------------------------------------------------------------------- taps, files, the bot itself


async def test_a_tap_too_old_to_be_answered_is_done_with(channel, fake):
    fake.will_refuse(
        "answerCallbackQuery",
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    assert await channel.answer(TapAnswer(tap="1")) == Delivered()


async def test_a_taps_other_errors_are_outcomes_too(channel, fake):
    fake.will_refuse("answerCallbackQuery", 400, "Bad Request: MESSAGE_TOO_LONG")
    fake.will_refuse("answerCallbackQuery", 500, "Internal Server Error")
    assert isinstance(await channel.answer(TapAnswer(tap="1")), Refused)
    assert isinstance(await channel.answer(TapAnswer(tap="1")), Failed)


def held(size: int | None, path: str = "photos/file 1.jpg") -> dict[str, object]:
    file: dict[str, object] = {"file_id": "A", "file_unique_id": "u", "file_path": path}
    return file if size is None else file | {"file_size": size}


async def test_a_file_is_fetched(channel, fake):
    fake.files["photos/file 1.jpg"] = b"jpeg"
    fake.will_answer("getFile", held(4))
    assert await channel.fetch("A", 100) == b"jpeg"
    assert fake.calls[0].said == {"file_id": "A"}


async def test_a_file_over_the_limit_is_not_fetched(channel, fake):
    fake.will_answer("getFile", held(101))
    with pytest.raises(TooLarge):
        await channel.fetch("A", 100)


async def test_a_file_longer_than_telegram_said_is_not_kept(channel, fake):
    fake.files["photos/file 1.jpg"] = b"x" * 101
    fake.will_answer("getFile", held(None))
    with pytest.raises(TooLarge):
        await channel.fetch("A", 100)


@pytest.mark.parametrize(
    ("description", "raised"),
    [
        ("Bad Request: file is too big", TooLarge),
        ("Bad Request: invalid file_id", Gone),
        ("Bad Request: wrong file_id or the file is temporarily unavailable", OSError),
    ],
)
async def test_a_file_telegram_refuses(channel, fake, description, raised):
    fake.will_refuse("getFile", 400, description)
    with pytest.raises(raised):
        await channel.fetch("A", 100)


async def test_a_file_gone_between_asking_and_fetching_is_gone(channel, fake):
    fake.will_answer("getFile", held(4))
    with pytest.raises(Gone):
        await channel.fetch("A", 100)


async def test_a_file_without_a_way_to_it_is_gone(channel, fake):
    fake.will_answer("getFile", {"file_id": "A", "file_unique_id": "u"})
    with pytest.raises(Gone):
        await channel.fetch("A", 100)


async def test_a_file_behind_a_broken_network_can_be_tried_again(channel, fake):
    fake.will_break("getFile")
    with pytest.raises(OSError, match="Disconnected"):
        await channel.fetch("A", 100)


async def test_the_bot_describes_itself(channel):
    assert await channel.describe() == Identity(
        address="12345", username="desk_bot", name="Customer Day", links=TelegramLinks("desk_bot")
    )


async def test_the_bot_describes_itself_by_what_a_server_tells(channel, fake):
    fake.will_answer("getMe", {"id": 12345, "username": "desk_bot"})  # without is_bot, say
    found = await channel.describe()
    assert (found.address, found.username, found.name) == ("12345", "desk_bot", "")
    fake.will_answer("getMe", {"username": "desk_bot"})
    with pytest.raises(OSError, match="Invalid server response"):
        await channel.describe()


async def test_a_wrong_token_is_told_apart_from_a_broken_network(base, token):
    async with Api("999:WRONG-secret", base) as api:
        with pytest.raises(PermissionError):
            await TelegramChannel(api, no_files).describe()
    async with Api(token, f"http://127.0.0.1:{unused_port()}") as api:
        with pytest.raises(OSError, match="Cannot connect") as caught:
            await TelegramChannel(api, no_files).describe()
    assert "secret" not in str(caught.value)
