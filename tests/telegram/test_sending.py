"""Every shape of Outgoing, and the call of the Bot API it becomes."""

from __future__ import annotations

import orjson
import pytest

from bot.channel import Delivered, Failed, Refused
from bot.telegram.channel import TelegramChannel
from conversations.engine.messages import Choice, FileKind, Outgoing, OutgoingFile, Place, Request, TapAnswer
from storage.ids import ChatId, ForumTopicId, MessageId

ROWS = ((Choice(label="Yes", data="a:b:yes:1"), Choice(label="Map", url="https://example.org/")),)
KEYBOARD = {
    "inline_keyboard": [[{"text": "Yes", "callback_data": "a:b:yes:1"}, {"text": "Map", "url": "https://example.org/"}]]
}
PHOTO = OutgoingFile(kind=FileKind.PHOTO, name="qr.png", content=b"png")
NOTE = OutgoingFile(kind=FileKind.VOICE, name="note.ogg", content=b"ogg")
CLIP = OutgoingFile(kind=FileKind.VIDEO, name="clip.mp4", content=b"mp4")
DOCUMENT = OutgoingFile(kind=FileKind.DOCUMENT, name="موعد.ics", content=b"BEGIN:VCALENDAR")
PIN = Place(latitude=26.2235, longitude=50.5876)
TEXT = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


async def test_a_text_is_sent_as_html_without_a_link_preview(channel, fake):
    outcome = await channel.send("7", Outgoing(text="<b>Received</b>"))
    assert outcome == Delivered((MessageId("101"),))
    (call,) = fake.calls
    assert call.method == "sendMessage"
    assert call.said == {"chat_id": 7, "text": "<b>Received</b>", **TEXT}


async def test_rows_are_buttons_under_the_message(channel, fake):
    await channel.send("7", Outgoing(text="Confirm?", rows=ROWS))
    assert fake.calls[0].said["reply_markup"] == KEYBOARD


@pytest.mark.parametrize(
    ("asked", "field"), [(Request.CONTACT, "request_contact"), (Request.LOCATION, "request_location")]
)
async def test_asking_shows_the_request_first_and_the_rows_as_words(channel, fake, asked, field):
    await channel.send("7", Outgoing(text="Phone?", ask_for=asked, ask_label="Share", rows=((Choice(label="Skip"),),)))
    assert fake.calls[0].said["reply_markup"] == {
        "keyboard": [[{"text": "Share", field: True}], [{"text": "Skip"}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


async def test_a_keyboard_is_taken_away(channel, fake):
    await channel.send("7", Outgoing(text="Thanks", drop_keyboard=True))
    assert fake.calls[0].said["reply_markup"] == {"remove_keyboard": True}


async def test_whoever_is_asked_to_write_has_the_reply_opened_for_them(channel, fake):
    await channel.send("-1001", Outgoing(text="Which road?", reply_hint="A number"))
    assert fake.calls[0].said["reply_markup"] == {
        "force_reply": True,
        "selective": True,
        "input_field_placeholder": "A number",
    }


async def test_reply_topic_and_silence_are_passed_on(channel, fake):
    await channel.send("-1001", Outgoing(text="Claimed", reply_to=MessageId("5"), topic=ForumTopicId("9"), silent=True))
    assert fake.calls[0].said == {
        "chat_id": -1001,
        "text": "Claimed",
        "reply_parameters": {"message_id": 5, "allow_sending_without_reply": True},
        "message_thread_id": 9,
        "disable_notification": True,
        **TEXT,
    }


@pytest.mark.parametrize(
    ("file", "method", "field"),
    [
        (PHOTO, "sendPhoto", "photo"),
        (NOTE, "sendVoice", "voice"),
        (CLIP, "sendVideo", "video"),
        (DOCUMENT, "sendDocument", "document"),
    ],
)
async def test_one_file_carries_the_text_and_the_buttons(channel, fake, file, method, field):
    await channel.send("7", Outgoing(text="Your <i>file</i>", files=(file,), rows=ROWS))
    (call,) = fake.calls
    assert call.method == method
    assert call.files == {field: (file.name, file.content)}
    keyboard = orjson.loads(call.said.pop("reply_markup"))
    assert keyboard == KEYBOARD
    assert call.said == {"chat_id": "7", "caption": "Your <i>file</i>", "parse_mode": "HTML"}


async def test_several_files_are_an_album_with_the_text_on_the_first(channel, fake):
    outcome = await channel.send("7", Outgoing(text="Two photos", files=(PHOTO, CLIP)))
    (call,) = fake.calls
    assert outcome == Delivered((MessageId("101"), MessageId("102")))
    assert call.method == "sendMediaGroup"
    media = orjson.loads(call.said["media"])
    assert [(one["type"], one.get("caption")) for one in media] == [("photo", "Two photos"), ("video", None)]
    assert [call.files[one["media"].removeprefix("attach://")] for one in media] == [
        ("qr.png", b"png"),
        ("clip.mp4", b"mp4"),
    ]


async def test_a_stored_file_is_read_by_its_hash(channel, fake, stored):
    stored["ab" * 32] = b"jpeg"
    await channel.send("7", Outgoing(files=(OutgoingFile(kind=FileKind.PHOTO, name="1.jpg", sha256="ab" * 32),)))
    assert fake.calls[0].files == {"photo": ("1.jpg", b"jpeg")}


async def test_a_stored_file_that_is_gone_is_refused(channel, fake):
    file = OutgoingFile(kind=FileKind.PHOTO, name="1.jpg", sha256="cd" * 32)
    assert await channel.send("7", Outgoing(files=(file,))) == Refused("a stored file is gone")
    assert fake.calls == []


async def test_a_stored_file_that_cannot_be_read_is_tried_again(api):
    async def broken(sha256: str) -> bytes:
        raise PermissionError(sha256)

    file = OutgoingFile(kind=FileKind.PHOTO, name="1.jpg", sha256="cd" * 32)
    outcome = await TelegramChannel(api, broken).send(ChatId("7"), Outgoing(files=(file,)))
    assert outcome == Failed("a stored file cannot be read: PermissionError")


async def test_a_file_over_a_megabyte_is_uploaded_whole(channel, fake):
    content = bytes(range(256)) * 8192
    await channel.send("7", Outgoing(files=(PHOTO.model_copy(update={"content": content}),)))
    assert fake.calls[0].files == {"photo": ("qr.png", content)}


async def test_a_named_place_is_a_venue(channel, fake):
    await channel.send("7", Outgoing(place=PIN, place_title="Capital", place_address="Road 383", rows=ROWS))
    (call,) = fake.calls
    assert call.method == "sendVenue"
    assert call.said == {
        "chat_id": 7,
        "latitude": 26.2235,
        "longitude": 50.5876,
        "title": "Capital",
        "address": "Road 383",
        "reply_markup": KEYBOARD,
    }


async def test_a_place_without_an_address_is_a_location(channel, fake):
    await channel.send("7", Outgoing(place=PIN, place_title="Capital"))
    assert fake.methods == ["sendLocation"]


async def test_an_edit_changes_the_text_and_the_buttons(channel, fake):
    outcome = await channel.send(
        "7", Outgoing(text="Claimed by A", edit=MessageId("42"), rows=ROWS, topic=ForumTopicId("3"))
    )
    assert outcome == Delivered((MessageId("42"),))
    (call,) = fake.calls
    assert call.method == "editMessageText"
    assert call.said == {"chat_id": 7, "message_id": 42, "text": "Claimed by A", "reply_markup": KEYBOARD, **TEXT}


async def test_an_edit_without_rows_takes_the_buttons_away(channel, fake):
    await channel.send("7", Outgoing(text="Done", edit=MessageId("42")))
    assert "reply_markup" not in fake.calls[0].said


async def test_an_edit_without_a_text_changes_the_buttons_alone(channel, fake):
    await channel.send("7", Outgoing(edit=MessageId("42"), rows=ROWS))
    (call,) = fake.calls
    assert call.method == "editMessageReplyMarkup"
    assert call.said == {"chat_id": 7, "message_id": 42, "reply_markup": KEYBOARD}


async def test_an_edit_that_asks_for_something_is_a_new_message(channel, fake):
    await channel.send("7", Outgoing(text="Phone?", edit=MessageId("42"), ask_for=Request.CONTACT, ask_label="Share"))
    assert fake.methods == ["sendMessage"]


async def test_what_needs_several_calls_must_be_split_first(channel, fake):
    message = Outgoing(text="Where we are", place=PIN)
    assert isinstance(await channel.send("7", message), Refused)
    assert fake.calls == []
    for part in channel.split(message):
        await channel.send("7", part)
    assert fake.methods == ["sendLocation", "sendMessage"]


async def test_an_empty_message_is_refused(channel, fake):
    assert await channel.send("7", Outgoing()) == Refused("the message is empty")


async def test_a_tap_is_answered(channel, fake):
    assert await channel.answer(TapAnswer(tap="998")) == Delivered()
    await channel.answer(TapAnswer(tap="999", text="That step has expired", alert=True))
    assert [call.said for call in fake.calls] == [
        {"callback_query_id": "998"},
        {"callback_query_id": "999", "text": "That step has expired", "show_alert": True},
    ]


async def test_a_chat_by_its_name_is_passed_as_it_is(channel, fake):
    await channel.send("@announcements", Outgoing(text="Hello"))
    assert fake.calls[0].said["chat_id"] == "@announcements"


@pytest.mark.parametrize(
    "answered", [{"message_id": "101"}, {"message_id": 2**63}, {"message_id": 0}, {}, "sent", [], 7]
)
@pytest.mark.parametrize(
    "message",
    [Outgoing(text="Hello"), Outgoing(text="x", files=(PHOTO,)), Outgoing(place=PIN)],
    ids=["words", "photo", "pin"],
)
async def test_an_answer_that_says_something_else_is_tried_again(channel, fake, answered, message):
    for method in ("sendMessage", "sendPhoto", "sendLocation"):
        fake.will_answer(method, answered)
    outcome = await channel.send("7", message)
    assert isinstance(outcome, Failed), outcome


async def test_an_ok_without_a_result_is_tried_again(channel, fake):
    fake.will_say("sendMessage", 200, '{"ok": true}')
    assert isinstance(await channel.send("7", Outgoing(text="Hello")), Failed)
