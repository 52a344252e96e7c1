"""What Telegram shows of the bot itself."""

from __future__ import annotations

import pytest

from bot.channel import Delivered, SlowDown
from bot.telegram.profile import CommandMenu, Profile


@pytest.mark.parametrize(
    ("scope", "chat", "said"),
    [
        ("everywhere", "", {"type": "default"}),
        ("private", "", {"type": "all_private_chats"}),
        ("groups", "", {"type": "all_group_chats"}),
        ("administrators", "", {"type": "all_chat_administrators"}),
        ("chat", "-1001", {"type": "chat", "chat_id": -1001}),
    ],
)
async def test_a_menu_goes_where_it_belongs(channel, fake, scope, chat, said):
    menu = CommandMenu((("start", "القائمة الرئيسية"),), scope=scope, chat=chat, language_code="ar")
    assert await channel.publish([menu]) == Delivered()
    (call,) = fake.calls
    assert call.method == "setMyCommands"
    assert call.said == {
        "commands": [{"command": "start", "description": "القائمة الرئيسية"}],
        "scope": said,
        "language_code": "ar",
    }


async def test_descriptions_are_set_in_each_language(channel, fake):
    await channel.publish([], [Profile("Long", "Short"), Profile("طويل", "قصير", language_code="ar")])
    assert [(call.method, call.said) for call in fake.calls] == [
        ("setMyDescription", {"description": "Long"}),
        ("setMyShortDescription", {"short_description": "Short"}),
        ("setMyDescription", {"description": "طويل", "language_code": "ar"}),
        ("setMyShortDescription", {"short_description": "قصير", "language_code": "ar"}),
    ]


async def test_a_name_is_set_once_all_else_is_and_only_where_it_is_another(channel, fake):
    profiles = [Profile("Long", "Short", "Customer Day", "en"), Profile("طويل", "قصير", "يوم العميل", "ar")]
    fake.will_answer("getMyName", {"name": "Bot"}, {"name": "يوم العميل"})

    assert await channel.publish([], profiles) == Delivered()

    assert [(call.method, call.said) for call in fake.calls[4:]] == [
        ("getMyName", {"language_code": "en"}),
        ("setMyName", {"name": "Customer Day", "language_code": "en"}),
        ("getMyName", {"language_code": "ar"}),
    ]


async def test_a_refusal_is_the_outcome(channel, fake):
    fake.will_refuse("setMyCommands", 429, "Too Many Requests: retry after 9", retry_after=9)
    assert await channel.publish([CommandMenu((("start", "Menu"),))]) == SlowDown(9.0)
