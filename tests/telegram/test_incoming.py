"""Every kind of update as Telegram sends it, and what a person did by it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from bot.telegram.incoming import NotAnUpdate, parse, to_incoming
from bot.telegram.plain import plain
from conversations.engine.messages import Contact, FileKind, Incoming, IncomingFile, Kind, Place, Sender
from storage.ids import MessageId, UpdateId
from tests.known import known

RECEIVED = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
SENT = 1772614800  # 2026-03-04 09:00 UTC
ALI = {
    "id": 7001,
    "is_bot": False,
    "first_name": "علي",
    "last_name": "حسن",
    "username": "ali",
    "language_code": "ar",
}
SALEM = {"id": 7002, "is_bot": False, "first_name": "Salem"}
BOT = {"id": 12345, "is_bot": True, "first_name": "Customer Day", "username": "desk_bot"}
PRIVATE = {"id": 7001, "first_name": "علي", "last_name": "حسن", "username": "ali", "type": "private"}
GROUP = {"id": -1001234567890, "title": "Follow-up team", "type": "supergroup", "is_forum": True}
SENDER = Sender(address="7001", name="علي حسن", language="ar")


def read(update: dict[str, Any], received_at: datetime = RECEIVED) -> Incoming | None:
    raw = orjson.dumps({"update_id": 900, **update})
    whole, short = to_incoming(parse(raw), "desk_bot", received_at), plain(raw, received_at)
    assert short in {None, whole}, "the short way reads it differently"
    return whole


def message(chat: dict[str, Any] = PRIVATE, *, kind: str = "message", **content: Any) -> dict[str, Any]:
    return {kind: {"message_id": 55, "from": ALI, "chat": chat, "date": SENT, **content}}


def wrote(chat: dict[str, Any] = PRIVATE, **content: Any) -> Incoming:
    return known(read(message(chat, **content)))


def command(text: str, length: int | None = None) -> dict[str, Any]:
    first = length or len(text.split(maxsplit=1)[0])
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": first}]}


# ---------------------------------------------------------------------------- words


def test_a_text():
    assert wrote(text="السلام عليكم") == Incoming(
        update_id=UpdateId("900"),
        at=RECEIVED,
        kind=Kind.TEXT,
        chat="7001",
        sender=SENDER,
        message=MessageId("55"),
        position=55,
        text="السلام عليكم",
    )


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/start", "start", ""),
        ("/start case_K7M3QX", "start", "case_K7M3QX"),
        ("/Start@Desk_Bot  hello there ", "start", "hello there"),
        ("/find\nnext line", "find", "next line"),
    ],
)
def test_a_command(text, name, argument):
    said = wrote(**command(text))
    assert (said.kind, said.command, said.argument, said.text) == (Kind.COMMAND, name, argument, text)


def test_a_command_in_the_middle_of_a_text_is_text():
    said = wrote(text="see /help", entities=[{"type": "bot_command", "offset": 4, "length": 5}])
    assert (said.kind, said.command) == (Kind.TEXT, "")


def test_another_bots_command_in_a_group_concerns_nobody():
    assert read(message(GROUP, **command("/start@other_bot"))) is None
    assert wrote(GROUP, **command("/start@desk_bot")).command == "start"
    assert wrote(GROUP, **command("/start")).command == "start"


def test_an_edited_message():
    said = wrote(kind="edited_message", text="Corrected", edit_date=SENT + 60)
    assert (said.edited, said.text, said.at) == (True, "Corrected", datetime(2026, 3, 4, 9, 1, tzinfo=UTC))


def test_a_forwarded_message():
    origin = {"type": "hidden_user", "sender_user_name": "Someone", "date": SENT - 100}
    assert wrote(text="See this", forward_origin=origin).forwarded


def test_a_reply():
    replied = {"message_id": 40, "from": BOT, "chat": PRIVATE, "date": SENT - 5, "text": "…"}
    assert wrote(text="Yes", reply_to_message=replied).reply_to == "40"


def test_a_reply_to_a_bot_says_what_it_replies_to_and_one_to_a_person_does_not():
    ours = {"message_id": 40, "from": BOT, "chat": PRIVATE, "date": SENT - 5}
    assert wrote(text="Yes", reply_to_message={**ours, "text": "C-7K3M-2QX"}).reply_text == "C-7K3M-2QX"
    assert wrote(text="Yes", reply_to_message={**ours, "caption": "A map"}).reply_text == "A map"
    assert wrote(text="Yes", reply_to_message={**ours, "from": SALEM, "text": "C-7K3M-2QX"}).reply_text == ""


# ---------------------------------------------------------------------------- reactions


def a_reaction(*now: dict[str, Any], chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    change = {"chat": chat, "message_id": 55, "user": ALI, "date": SENT, "old_reaction": [], "new_reaction": now}
    return {"update_id": 7, "message_reaction": change | more}


THUMB = {"type": "emoji", "emoji": "👍"}


def test_a_reaction_names_the_message_and_the_emoji():
    said = read(a_reaction({"type": "paid"}, THUMB))
    assert said is not None
    assert (said.kind, said.chat, said.message, said.text) == (Kind.REACTION, "7001", "55", "👍")
    assert (said.sender, said.group) == (SENDER, False)


@pytest.mark.parametrize(
    "update",
    [
        a_reaction(),
        a_reaction({"type": "custom_emoji", "custom_emoji_id": "1"}),
        a_reaction(THUMB, chat=GROUP),
        a_reaction(THUMB, user=None, actor_chat=GROUP),
        a_reaction(THUMB, user=BOT),
    ],
)
def test_what_was_taken_away_or_is_nobodys_or_of_a_group_concerns_nobody(update):
    assert read(update) is None


# ---------------------------------------------------------------------------- files


def a_photo(name: str, side: int) -> dict[str, Any]:
    return {"file_id": name, "file_unique_id": f"u{name}", "file_size": side * 10, "width": side, "height": side}


def test_a_photo_is_its_largest_size():
    said = wrote(photo=[a_photo("S", 90), a_photo("L", 1280), a_photo("M", 320)], caption="حفرة")
    assert (said.kind, said.text) == (Kind.MEDIA, "حفرة")
    assert said.files == (
        IncomingFile(kind=FileKind.PHOTO, remote_id="L", unique_id="uL", mime="image/jpeg", size=12800),
    )


def test_photos_of_one_album_say_so():
    assert wrote(photo=[a_photo("L", 1280)], media_group_id="13579").album == "13579"


HELD = {"file_id": "F", "file_unique_id": "uF", "file_size": 5000}


@pytest.mark.parametrize(
    ("content", "kind", "name", "mime"),
    [
        ({"voice": {**HELD, "duration": 4, "mime_type": "audio/ogg"}}, FileKind.VOICE, "", "audio/ogg"),
        (
            {"audio": {**HELD, "duration": 4, "file_name": "a.mp3", "mime_type": "audio/mpeg"}},
            FileKind.VOICE,
            "a.mp3",
            "audio/mpeg",
        ),
        (
            {"video": {**HELD, "duration": 4, "width": 9, "height": 9, "mime_type": "video/mp4"}},
            FileKind.VIDEO,
            "",
            "video/mp4",
        ),
        ({"video_note": {**HELD, "duration": 4, "length": 240}}, FileKind.VIDEO, "", "video/mp4"),
        (
            {
                "animation": {**HELD, "duration": 4, "width": 9, "height": 9, "file_name": "g.mp4"},
                "document": {**HELD, "file_name": "g.mp4"},
            },
            FileKind.VIDEO,
            "g.mp4",
            "video/mp4",
        ),
        (
            {"document": {**HELD, "file_name": "خطاب.pdf", "mime_type": "application/pdf"}},
            FileKind.DOCUMENT,
            "خطاب.pdf",
            "application/pdf",
        ),
        ({"document": HELD}, FileKind.DOCUMENT, "", "application/octet-stream"),
    ],
)
def test_a_file(content, kind, name, mime):
    said = wrote(**content)
    assert said.kind is Kind.MEDIA
    assert said.files == (IncomingFile(kind=kind, remote_id="F", unique_id="uF", name=name, mime=mime, size=5000),)


# ---------------------------------------------------------------------------- places, contacts, the rest


def test_a_location():
    said = wrote(location={"latitude": 26.2235, "longitude": 50.5876})
    assert (said.kind, said.place, said.text) == (Kind.LOCATION, Place(latitude=26.2235, longitude=50.5876), "")


def test_a_venue_keeps_its_name():
    where = {"latitude": 26.2, "longitude": 50.5}
    said = wrote(location=where, venue={"location": where, "title": "Park", "address": "Road 5"})
    assert (said.kind, said.text) == (Kind.LOCATION, "Park\nRoad 5")


def test_a_live_position_counts_once():
    moving = {"latitude": 26.2, "longitude": 50.5, "live_period": 900}
    assert wrote(location=moving).kind is Kind.LOCATION
    assert read(message(kind="edited_message", location=moving, edit_date=SENT + 5)) is None


@pytest.mark.parametrize(("user_id", "own"), [(7001, True), (7002, False), (None, False)])
def test_a_contact_is_own_only_with_the_senders_id(user_id, own):
    shared = {"phone_number": "+97333123456", "first_name": "Ali", "last_name": "H"}
    said = wrote(contact=shared if user_id is None else shared | {"user_id": user_id})
    assert (said.kind, said.contact) == (Kind.CONTACT, Contact(phone="+97333123456", name="Ali H", own=own))


STICKER = {
    "file_id": "s",
    "file_unique_id": "us",
    "type": "regular",
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
}
POLL = {
    "id": "1",
    "question": "?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": STICKER},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"story": {"chat": PRIVATE, "id": 3}},
    ],
)
def test_amusements_are_told_apart(content):
    assert wrote(**content).kind is Kind.STICKER


def test_what_is_newer_than_this_bot_is_answered_in_private_only():
    assert wrote(hologram={"id": "h"}).kind is Kind.OTHER
    assert read(message(GROUP, hologram={"id": "h"})) is None


@pytest.mark.parametrize(
    "content",
    [
        {"new_chat_members": [ALI]},
        {"left_chat_member": BOT},  # `my_chat_member` tells of it
        {"new_chat_title": "Team"},
        {"pinned_message": {"message_id": 1, "chat": GROUP, "date": 0}},
        {"forum_topic_created": {"name": "Capital", "icon_color": 7322096}},
        {"migrate_from_chat_id": -77},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    ],
)
def test_service_messages_concern_nobody(content):
    assert read(message(GROUP, **content)) is None


# ---------------------------------------------------------------------------- taps


def tapped(**fields: Any) -> Incoming:
    return known(read({"callback_query": {"id": "4382", "from": ALI, "chat_instance": "-9", **fields}}))


def under(chat: dict[str, Any], **more: Any) -> dict[str, Any]:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "b:day:2:1"}]]}
    return {
        "message_id": 60,
        "from": BOT,
        "chat": chat,
        "date": SENT,
        "text": "?",
        "reply_markup": keyboard,
        **more,
    }


def test_a_tap_is_dated_when_it_came():
    assert tapped(message=under(PRIVATE), data="b:day:2:1") == Incoming(
        update_id=UpdateId("900"),
        at=RECEIVED,
        kind=Kind.CHOICE,
        chat="7001",
        sender=SENDER,
        message=MessageId("60"),
        choice="b:day:2:1",
        tap="4382",
    )


def test_a_tap_in_a_topic_of_the_staff_group():
    said = tapped(message=under(GROUP, message_thread_id=9, is_topic_message=True), data="x")
    assert (said.group, said.chat, said.topic) == (True, "-1001234567890", "9")


def test_a_tap_on_a_message_telegram_no_longer_shows():
    said = tapped(message={"message_id": 60, "chat": PRIVATE, "date": 0}, data="x")
    assert (said.message, said.chat, said.choice, said.at) == ("60", "7001", "x", RECEIVED)


def test_a_tap_without_data_can_still_be_answered():
    said = tapped(message=under(PRIVATE), game_short_name="g")
    assert (said.kind, said.choice, said.tap) == (Kind.CHOICE, "", "4382")


def test_a_tap_without_a_message_is_answered_to_the_person():
    said = tapped(inline_message_id="i", data="x")
    assert (said.chat, said.message, said.group) == ("7001", None, False)


# ---------------------------------------------------------------------------- groups


def test_a_message_in_a_topic():
    opened = {"message_id": 9, "from": ALI, "chat": GROUP, "date": SENT, "forum_topic_created": {"name": "x"}}
    said = wrote(GROUP, text="Done", message_thread_id=9, is_topic_message=True, reply_to_message=opened)
    assert (said.group, said.topic, said.reply_to) == (True, "9", None)


def test_a_chain_of_replies_is_not_a_topic():
    assert wrote(GROUP | {"is_forum": False}, text="Done", message_thread_id=9).topic is None


def test_an_anonymous_administrator_writes_as_the_group():
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    by_nobody: dict[str, Any] = {"from": anonymous, "sender_chat": GROUP, "text": "Approved"}
    said = wrote(GROUP, **by_nobody)
    assert said.sender == Sender(address="chat:-1001234567890", name="Follow-up team")


def test_a_channels_post_in_its_discussion_group_concerns_nobody():
    channel = {"id": -100777, "title": "News", "type": "channel"}
    assert read(message(GROUP, sender_chat=channel, is_automatic_forward=True, text="News")) is None


def test_a_channels_own_posts_concern_nobody():
    post = {"message_id": 1, "chat": {"id": -100777, "title": "News", "type": "channel"}, "date": SENT, "text": "x"}
    assert read({"channel_post": post}) is None


def test_other_bots_concern_nobody():
    by_a_bot: dict[str, Any] = {"from": BOT, "text": "beep"}
    assert read(message(GROUP, **by_a_bot)) is None


def test_a_migrated_group_says_where_to():
    said = wrote({"id": -77, "title": "Team", "type": "group"}, migrate_to_chat_id=-100999)
    assert (said.kind, said.chat, said.new_chat) == (Kind.MIGRATED, "-77", "-100999")


def member(status: str) -> dict[str, Any]:
    rest: dict[str, Any] = {}
    if status == "kicked":
        rest = {"until_date": 0}
    elif status == "restricted-out":
        status, rest = "restricted", {"is_member": False, "until_date": 0, **dict.fromkeys(RIGHTS, False)}
    elif status == "administrator":
        rest = dict.fromkeys(ADMIN_RIGHTS, False)
    return {"user": BOT, "status": status, **rest}


RIGHTS = (
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_send_messages",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_manage_topics",
    "can_send_audios",
    "can_edit_tag",
    "can_react_to_messages",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
)
ADMIN_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def change(chat: dict[str, Any], old: str, new: str) -> Incoming | None:
    changed = {"chat": chat, "from": ALI, "date": SENT, "old_chat_member": member(old), "new_chat_member": member(new)}
    return read({"my_chat_member": changed})


@pytest.mark.parametrize(
    ("chat", "old", "new", "kind"),
    [
        (PRIVATE, "member", "kicked", Kind.BLOCKED),
        (PRIVATE, "kicked", "member", Kind.UNBLOCKED),
        (GROUP, "left", "member", Kind.JOINED),
        (GROUP, "left", "administrator", Kind.JOINED),
        (GROUP, "administrator", "kicked", Kind.LEFT),
        (GROUP, "member", "left", Kind.LEFT),
        (GROUP, "member", "restricted-out", Kind.LEFT),
    ],
)
def test_the_bot_comes_and_goes(chat, old, new, kind):
    said = known(change(chat, old, new))
    assert (said.kind, said.chat, said.group, said.sender) == (kind, str(chat["id"]), chat is GROUP, SENDER)


def test_who_leaves_the_group_is_told_by_the_message_that_says_so():
    said = wrote(GROUP, left_chat_member=SALEM)
    assert (said.kind, said.chat, said.group) == (Kind.MEMBER_LEFT, str(GROUP["id"]), True)
    assert (said.sender.address, said.sender.name) == ("7002", "Salem")  # not who removed them


def others(old: str, new: str, who: dict[str, Any]) -> Incoming | None:
    members = {"old_chat_member": {**member(old), "user": who}, "new_chat_member": {**member(new), "user": who}}
    return read({"chat_member": {"chat": GROUP, "from": ALI, "date": SENT, **members}})


@pytest.mark.parametrize(
    ("old", "new"), [("member", "left"), ("administrator", "kicked"), ("member", "restricted-out")]
)
def test_who_leaves_or_is_removed_is_told_by_a_change_of_membership(old, new):
    said = known(others(old, new, SALEM))
    assert (said.kind, said.sender.address, said.group) == (Kind.MEMBER_LEFT, "7002", True)


@pytest.mark.parametrize(
    ("old", "new", "who"),
    [
        ("left", "member", "salem"),
        ("member", "administrator", "salem"),
        ("left", "kicked", "salem"),
        ("member", "left", "bot"),
    ],
)
def test_other_changes_of_membership_concern_nobody(old, new, who):
    assert others(old, new, SALEM if who == "salem" else BOT) is None


def test_other_rights_are_no_coming_and_going():
    assert change(GROUP, "member", "administrator") is None


def test_channels_it_is_put_in_concern_nobody():
    assert change({"id": -100777, "title": "News", "type": "channel"}, "left", "administrator") is None


# ---------------------------------------------------------------------------- bytes


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b"\xff"])
def test_what_is_no_update_is_said_to_be_none(raw):
    with pytest.raises(NotAnUpdate):
        parse(raw)


def test_an_update_of_a_kind_nobody_asked_for_concerns_nobody():
    assert read({"chat_boost": {"chat": GROUP, "boost": {}}, "hologram": {}} | {"chat_boost": None}) is None


# ---------------------------------------------------------------------------- the short way

WORDS = {"message_id": 55, "from": ALI, "chat": PRIVATE, "date": SENT, "text": "السلام عليكم"}
UNDER = {"message_id": 54, "from": BOT, "chat": PRIVATE, "date": SENT, "text": "Where?", "reply_markup": {}}
TAP = {"id": "77", "from": ALI, "chat_instance": "-3", "data": "office:choose:muharraq:4", "message": UNDER}


@pytest.mark.parametrize(
    "update",
    [
        {"message": WORDS},
        {"message": {**WORDS, "from": {"id": 7001, "is_bot": False, "first_name": " علي "}}},
        {"message": {**WORDS, "text": "9" * 10_000}},
        {"message": {**WORDS, **command("/complain")}},
        {"message": {**WORDS, **command("/Start@other_bot  case_K7M3QX ")}},
        {"callback_query": TAP},
    ],
)
def test_words_commands_and_taps_in_private_go_the_short_way(update: dict[str, Any]) -> None:
    short = plain(orjson.dumps({"update_id": 900, **update}), RECEIVED)

    assert short is not None
    assert short == read(update)


@pytest.mark.parametrize(
    "update",
    [
        {"message": {**WORDS, "chat": GROUP}},
        {"message": {**WORDS, "chat": GROUP, **command("/start")}},
        {"message": {**WORDS, "entities": [{"type": "bot_command", "offset": 4, "length": 5}]}},
        {"message": {**WORDS, "entities": [{"type": "bold", "offset": 0, "length": 3}]}},
        {"message": {**WORDS, "entities": [*command("/start")["entities"], *command("/start")["entities"]]}},
        {"message": {**WORDS, "reply_to_message": UNDER}},
        {"message": {**WORDS, "from": BOT}},
        {"message": {**WORDS, "sender_chat": GROUP}},
        {"edited_message": WORDS},
        {"callback_query": {**TAP, "message": {**UNDER, "chat": GROUP}}},
        {"callback_query": {key: value for key, value in TAP.items() if key != "message"}},
        {},
    ],
)
def test_anything_else_goes_the_long_way(update: dict[str, Any]) -> None:
    assert plain(orjson.dumps({"update_id": 900, **update}), RECEIVED) is None
