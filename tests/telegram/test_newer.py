"""What Telegram shows since lately, and today's way where a server or a chat refuses it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from telegram.error import BadRequest

from bot.channel import Delivered, Newer
from bot.sandbox import ADMIN, FATIMA, NO_LIMITS, STAFF_AR, STAFF_EN, BotStatus, Sandbox, shipped_world
from bot.telegram import ids
from bot.telegram.api import Api
from bot.telegram.channel import TelegramChannel
from bot.telegram.incoming import parse, to_incoming
from bot.telegram.newer import REMEMBERED
from conversations.engine.messages import Choice, Emphasis, Outgoing, Reader
from storage.ids import ChatId

TOKEN = "7000001:sandbox"
GROUP = ChatId("-1001000000001")
NOON = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
TEXT = '<b><time unix="1772614800">Wednesday</time></b> C-7K3M-2QF'
NEW = Outgoing(
    text=TEXT,
    rows=(
        (Choice(label="Withdraw", data="a", emphasis=Emphasis.DANGER),),
        (Choice(label="Copy", copies="C-7K3M-2QF"),),
    ),
)


class Watch:
    """A monotonic clock that a test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


async def no_file(_: str) -> bytes:
    raise FileNotFoundError


@pytest.fixture
def told(api: Api, watch: Watch) -> TelegramChannel:
    """A channel of a Bot API that answers what it is told to."""
    return TelegramChannel(api, no_file, monotonic=watch)


def keys(call: Any) -> list[dict[str, object]]:
    return [button for row in call.said["reply_markup"]["inline_keyboard"] for button in row]


async def test_colours_copying_and_moments_are_in_telegrams_words(told, fake) -> None:
    assert isinstance(await told.send(ChatId("7"), NEW), Delivered)
    (call,) = fake.calls
    assert call.said["text"] == '<b><tg-time unix="1772614800">Wednesday</tg-time></b> C-7K3M-2QF'
    assert keys(call) == [
        {"text": "Withdraw", "callback_data": "a", "style": "danger"},
        {"text": "Copy", "copy_text": {"text": "C-7K3M-2QF"}},
    ]


@pytest.mark.parametrize(
    ("refusal", "left"),
    [
        ("can't parse inline keyboard button: Invalid button style specified", {Newer.COPYING, Newer.MOMENTS}),
        (
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            {Newer.COLOURS, Newer.MOMENTS},
        ),
        ('can\'t parse entities: Unsupported start tag "tg-time" at byte offset 3', {Newer.COLOURS, Newer.COPYING}),
        ("Unsupported", set()),
    ],
)
async def test_what_a_server_refuses_is_left_out_at_once_and_for_an_hour(told, fake, watch, refusal, left) -> None:
    def meant(call: Any) -> set[Newer]:
        found = {
            Newer.COLOURS: any("style" in key for key in keys(call)),
            Newer.COPYING: any("copy_text" in key for key in keys(call)),
            Newer.MOMENTS: "tg-time" in call.said["text"],
        }
        return {newer for newer, there in found.items() if there}

    fake.will_refuse("sendMessage", 400, f"Bad Request: {refusal}")
    assert isinstance(await told.send(ChatId("7"), NEW), Delivered)
    assert len(fake.calls) == 2
    assert meant(fake.calls[1]) == left
    assert "Wednesday" in fake.calls[1].said["text"]

    await told.send(ChatId("8"), NEW)
    assert meant(fake.calls[2]) == left  # it is not even tried
    watch.seconds = REMEMBERED + 1
    await told.send(ChatId("8"), NEW)
    assert meant(fake.calls[3]) == {Newer.COLOURS, Newer.COPYING, Newer.MOMENTS}


async def test_a_message_that_is_wrong_in_itself_stays_refused_and_blames_nothing(told, fake) -> None:
    for _ in range(2):
        fake.will_refuse("sendMessage", 400, "Bad Request: BUTTON_DATA_INVALID")
    assert not isinstance(await told.send(ChatId("7"), NEW), Delivered)
    await told.send(ChatId("7"), NEW)
    assert "tg-time" in fake.calls[-1].said["text"]


async def test_an_older_server_that_shows_all_what_is_for_one_loses_nothing(told, fake) -> None:
    """It knows no such parameter: contact details are shown in today's way, what a toast has said is taken back."""
    contact = Outgoing(text="👤", reader=Reader(address="9", tap="1"))
    sent = await told.send(GROUP, contact)
    assert isinstance(sent, Delivered)
    assert ids.sent_to_one(sent.messages[0]) is None
    assert (await told.send(GROUP, contact.model_copy(update={"text": "again"}))).messages
    assert "ephemeral_message_parameters" not in fake.calls[1].said


async def test_what_was_only_for_one_is_taken_back_where_all_saw_it(told, fake) -> None:
    for_one = Outgoing(text="Huda was first", reader=Reader(address="9", tap="1", else_all=False))
    assert await told.send(GROUP, for_one) == Delivered()
    assert fake.methods == ["sendMessage", "deleteMessage"]
    assert await told.send(GROUP, for_one) == Delivered()
    assert fake.methods == ["sendMessage", "deleteMessage"]


async def test_a_reply_to_a_message_for_one_names_it(told) -> None:
    group = {"id": int(GROUP), "type": "supergroup", "title": "Team"}
    person, bot = ({"id": 9, "is_bot": False, "first_name": "H"}, {"id": 5, "is_bot": True, "first_name": "B"})
    shown = {"message_id": 0, "ephemeral_message_id": 3, "receiver_user": person, "from": bot, "date": 1, "chat": group}
    message = {"message_id": 0, "ephemeral_message_id": 4, "from": person, "date": 1, "chat": group}
    raw = orjson.dumps({"update_id": 1, "message": {**message, "text": "hi", "reply_to_message": shown}})
    said = to_incoming(parse(raw), "desk_bot", NOON)
    assert said is not None
    assert said.reply_to == ids.to_one(9, 3)
    assert said.message == ids.to_one(9, 4)
    assert isinstance(await told.send(GROUP, Outgoing(text="Noted", reply_to=said.message)), Delivered)


# ---------------------------------------------------------------------------- against the server that enforces it


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    world = shipped_world([("capital", "أمانة العاصمة", int(GROUP))])
    async with Sandbox(world, token=TOKEN, limits=NO_LIMITS, clock=clock) as started:
        yield started


@pytest.fixture
async def channel(sandbox: Sandbox, watch: Watch) -> AsyncIterator[TelegramChannel]:
    async with Api(TOKEN, sandbox.url) as api:
        yield TelegramChannel(api, no_file, monotonic=watch)


async def test_telegram_takes_them(sandbox: Sandbox, channel: TelegramChannel) -> None:
    await sandbox.person(FATIMA).says("/start")
    sent = await channel.send(ChatId(str(FATIMA)), NEW)
    assert isinstance(sent, Delivered)
    shown = sandbox.person(FATIMA).last
    assert '<tg-time unix="1772614800" format="">' in shown.html
    assert shown.buttons == [["Withdraw"], ["Copy"]]
    assert sandbox.refusals == []


async def test_one_member_sees_it_and_it_can_be_changed_and_taken_back(
    sandbox: Sandbox, channel: TelegramChannel
) -> None:
    huda, yusuf = (sandbox.person(one).in_group(int(GROUP)) for one in (STAFF_EN, STAFF_AR))
    sent = await channel.send(GROUP, Outgoing(text="33 12 34 56", reader=Reader(address=str(STAFF_EN))))
    assert isinstance(sent, Delivered)
    assert ids.sent_to_one(sent.messages[0]) == (STAFF_EN, 1)
    assert [one.text for one in huda.messages] == ["33 12 34 56"]
    assert yusuf.messages == []
    await channel.send(GROUP, Outgoing(text="erased", edit=sent.messages[0]))
    assert [one.text for one in huda.messages] == ["erased"]
    await channel.send(GROUP, Outgoing(delete=sent.messages[0]))
    assert huda.messages == []
    assert await channel.send(GROUP, Outgoing(delete=sent.messages[0])) == Delivered()  # it is gone already


async def test_a_tap_is_answered_to_one_alone_for_15_seconds(
    sandbox: Sandbox, channel: TelegramChannel, clock: Clock
) -> None:
    sandbox.bot_in_group(int(GROUP), BotStatus.MEMBER, by=ADMIN)
    await channel.send(GROUP, Outgoing(text="card", rows=((Choice(label="Contact", data="c"),),)))
    huda, yusuf = (sandbox.person(one).in_group(int(GROUP)) for one in (STAFF_EN, STAFF_AR))
    tap = await huda.taps_data("c", huda.last.id)
    early = await channel.send(GROUP, Outgoing(text="early", reader=Reader(address=str(STAFF_EN), tap=tap)))
    clock.now += timedelta(seconds=16)
    late = await channel.send(GROUP, Outgoing(text="late", reader=Reader(address=str(STAFF_EN), tap=tap)))
    assert isinstance(early, Delivered)
    assert isinstance(late, Delivered)
    assert [one.text for one in yusuf.messages] == ["card", "late"]  # a bot that is no administrator: today's way
    tap = await huda.taps_data("c", huda.messages[0].id)
    await channel.send(GROUP, Outgoing(text="again", reader=Reader(address=str(STAFF_EN), tap=tap)))
    assert [one.text for one in yusuf.messages] == ["card", "late"]  # and the next tap is tried again
    assert [one.text for one in huda.messages] == ["card", "early", "late", "again"]


async def test_a_private_chat_needs_nobody_alone(sandbox: Sandbox, channel: TelegramChannel) -> None:
    await sandbox.person(FATIMA).says("/start")
    await channel.send(ChatId(str(FATIMA)), Outgoing(text="x", reader=Reader(address=str(FATIMA))))
    assert sandbox.person(FATIMA).last.text == "x"
    assert sandbox.refusals == []


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "a", "callback_data": "a", "style": "red"}, "Invalid button style"),
        ({"text": "a", "copy_text": {"text": "x" * 257}}, "Button_copy_text_invalid"),
        ({"text": "a", "copy_text": {"text": ""}}, "Button_copy_text_invalid"),
        ({"text": "a", "copy_text": "x"}, "copy_text"),
        ({"text": "a", "callback_data": "a", "colour": "red"}, ""),
        ({"text": "a", "copy_text": {"text": "x" * 256}, "style": "primary"}, ""),
    ],
)
async def test_wrong_values_are_refused_and_unknown_fields_ignored(
    sandbox: Sandbox, channel: TelegramChannel, button: dict[str, object], refusal: str
) -> None:
    await sandbox.person(FATIMA).says("/start")
    said = {"chat_id": FATIMA, "text": "x", "reply_markup": {"inline_keyboard": [[button]]}, "unknown": 1}
    await _calls(channel, said, refusal)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ('<tg-time unix="1">a</tg-time>', ""),
        ('<tg-time unix="1" format="wDT">a</tg-time>', ""),
        ('<tg-time unix="1" format="rt">a</tg-time>', "tg-time"),
        ('<tg-time unix="soon">a</tg-time>', "tg-time"),
        ("<tg-time>a</tg-time>", "tg-time"),
    ],
)
async def test_a_moment_is_marked_as_telegram_reads_it(
    sandbox: Sandbox, channel: TelegramChannel, text: str, refusal: str
) -> None:
    await sandbox.person(FATIMA).says("/start")
    await _calls(channel, {"chat_id": FATIMA, "text": text, "parse_mode": "HTML"}, refusal)


async def _calls(channel: TelegramChannel, said: dict[str, object], refusal: str) -> None:
    if not refusal:
        await channel._api.call("sendMessage", said)
        return
    with pytest.raises(BadRequest, match=f"(?i){refusal}"):
        await channel._api.call("sendMessage", said)
