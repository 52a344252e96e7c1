"""Telegram's numbers become text and come back as they were; nothing else passes for one of them."""

from __future__ import annotations

import pytest

from bot.channel import Refused
from bot.telegram import ids
from conversations.engine.messages import Outgoing
from storage.ids import ChatId, ForumTopicId, MessageId

FOREIGN = ("", "0", "-5", "+5", "05", "5.0", " 5", "5\n", "٥", "²", "1e3", "9" * 20, "wamid.HBgLOTcz==", "None")


@pytest.mark.parametrize("number", [1, 42, 2**53])
def test_a_number_comes_back_as_it_was(number: int) -> None:
    assert ids.message_number(ids.message_id(number)) == number
    assert ids.topic_number(ids.topic_id(number)) == number
    assert ids.chat_number(ids.chat_id(-number)) == -number
    assert ids.parse_update_id(ids.update_id(number)) == ids.update_id(number)


@pytest.mark.parametrize("foreign", FOREIGN)
def test_what_telegram_cannot_have_given_is_no_number(foreign: str) -> None:
    with pytest.raises(ids.NotTelegrams):
        ids.message_number(MessageId(foreign))
    with pytest.raises(ids.NotTelegrams):
        ids.topic_number(ForumTopicId(foreign))


@pytest.mark.parametrize("foreign", ["", "-", "--5", "office:capital", "BH.1234", "97333123456@s.whatsapp.net", "@a b"])
def test_a_chat_of_another_channel_is_none(foreign: str) -> None:
    with pytest.raises(ids.NotTelegrams):
        ids.chat_number(ChatId(foreign))


def test_a_public_chat_has_a_name() -> None:
    assert ids.chat_number(ChatId("@customer_day")) == "@customer_day"


@pytest.mark.parametrize(
    ("chat", "message"),
    [
        ("7", Outgoing(text="x", edit=MessageId("wamid.A"))),
        ("7", Outgoing(delete=MessageId("wamid.A"))),
        ("7", Outgoing(text="x", reply_to=MessageId("wamid.A"))),
        ("-7", Outgoing(text="x", topic=ForumTopicId("general"))),
        ("BH.1234", Outgoing(text="x")),
    ],
)
async def test_a_message_with_another_channels_ids_is_refused_and_not_sent(channel, fake, chat, message):
    assert isinstance(await channel.send(ChatId(chat), message), Refused)
    assert fake.calls == []


@pytest.mark.parametrize(("chat", "group"), [("7001", False), ("-5", True), ("-1001234567890", True)])
def test_a_group_is_known_by_its_id(channel, chat: str, group: bool) -> None:
    assert channel.is_group(ChatId(chat)) is group
