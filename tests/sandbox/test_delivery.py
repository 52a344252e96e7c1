"""How updates reach the bot: polling, a webhook, repeats, and a journal that outlives the process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Conflict

from bot.sandbox import FATIMA, JOHN, JournalDamaged, LoopbackOnly, Sandbox, samples
from tests.known import known
from tests.sandbox.running import CAPITAL, eventually, ptb, running


class Hook:
    """A bot's webhook: remembers what came, and answers as told."""

    def __init__(self) -> None:
        self.updates: list[dict[str, object]] = []
        self.secrets: list[str | None] = []
        self.failures = 0
        self.deaf_to = ""  # a kind of update that fails
        self.reply: dict[str, object] | None = None
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        if self.failures:
            self.failures -= 1
            return web.Response(status=503)
        update = await request.json()
        if self.deaf_to in update:
            return web.Response(status=503)
        self.updates.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.json_response(self.reply) if self.reply else web.Response()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates if "message" in update]  # type: ignore[index]


@asynccontextmanager
async def hooked() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.add_routes([web.post("/hook", hook.handle)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield hook
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.com"])
async def test_only_this_machine_may_reach_it(sandbox: Sandbox, host: str) -> None:
    with pytest.raises(LoopbackOnly, match="can act as any resident"):
        await Sandbox(sandbox.world, token="1:x", clock=sandbox._exchange.clock).start(host, 0)


async def test_polling_returns_updates_until_they_are_confirmed(sandbox: Sandbox) -> None:
    async with ptb(sandbox) as bot:
        await sandbox.person(FATIMA).says("/start book_capital")
        first = (await bot.get_updates())[0]
        message = known(first.message)
        assert message.text == "/start book_capital"
        assert [(entity.type, entity.length) for entity in message.entities] == [("bot_command", 6)]
        assert [update.update_id for update in await bot.get_updates()] == [first.update_id]
        assert await bot.get_updates(offset=first.update_id + 1) == ()
        await sandbox.drained()


async def test_a_long_poll_ends_as_soon_as_something_happens(sandbox: Sandbox) -> None:
    async with ptb(sandbox) as bot:
        polling = asyncio.create_task(bot.get_updates(timeout=30))
        await eventually(lambda: sandbox.calls["getUpdates"] == 1)
        await sandbox.person(FATIMA).says("مرحبا")
        assert [known(update.message).text for update in await polling] == ["مرحبا"]


async def test_a_second_poll_ends_the_first(sandbox: Sandbox) -> None:
    async with ptb(sandbox) as bot, ptb(sandbox) as other:
        polling = asyncio.create_task(bot.get_updates(timeout=30))
        await eventually(lambda: sandbox.calls["getUpdates"] == 1)
        await other.get_updates()
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await polling
        assert sandbox.violations == []


async def test_polling_is_refused_while_a_webhook_is_set(sandbox: Sandbox) -> None:
    async with ptb(sandbox) as bot, hooked() as hook:
        await bot.set_webhook(hook.url)
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        await bot.delete_webhook()
        assert await bot.get_updates() == ()


async def test_only_asked_for_updates_come(sandbox: Sandbox) -> None:
    async with ptb(sandbox) as bot:
        await bot.get_updates(allowed_updates=["callback_query"])
        fatima = sandbox.person(FATIMA)
        await fatima.says("/start")
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("نعم", callback_data="y")]])
        await bot.send_message(FATIMA, "؟", reply_markup=keys)
        await fatima.taps("نعم")
        assert [known(update.callback_query).data for update in await bot.get_updates()] == ["y"]


async def test_a_webhook_gets_updates_in_order_with_its_secret(sandbox: Sandbox) -> None:
    async with ptb(sandbox) as bot, hooked() as hook:
        await sandbox.person(FATIMA).says("before")
        await bot.set_webhook(hook.url, secret_token="s3cret", max_connections=2)
        for number in range(5):
            await sandbox.person(FATIMA).says(str(number))
        await sandbox.drained()
        assert hook.texts() == ["before", "0", "1", "2", "3", "4"]
        assert set(hook.secrets) == {"s3cret"}


async def test_a_failing_webhook_is_tried_again_without_holding_up_other_chats(sandbox: Sandbox) -> None:
    async with ptb(sandbox) as bot, hooked() as hook:
        await bot.set_webhook(hook.url)
        hook.failures = 3
        await sandbox.person(FATIMA).says("one")
        await sandbox.person(FATIMA).says("two")
        await sandbox.person(JOHN).says("other")
        await sandbox.drained()
        assert [text for text in hook.texts() if text != "other"] == ["one", "two"]
        assert "other" in hook.texts()
        assert "503" in known((await bot.get_webhook_info()).last_error_message)


async def test_a_method_in_the_webhooks_answer_is_carried_out(sandbox: Sandbox) -> None:
    async with ptb(sandbox) as bot, hooked() as hook:
        await bot.set_webhook(hook.url)
        hook.reply = {"method": "sendMessage", "chat_id": FATIMA, "text": "from the answer"}
        fatima = sandbox.person(FATIMA)
        await fatima.says("hello")
        assert (await fatima.sees("from the answer")).text == "from the answer"


async def test_repeats_reach_a_webhook_and_a_poll() -> None:
    async with running(repeat=2) as sandbox, ptb(sandbox) as bot, hooked() as hook:
        await sandbox.person(FATIMA).says("one")
        seen: list[int] = []
        offset = 0
        for _ in range(4):
            for update in await bot.get_updates(offset=offset):
                seen.append(update.update_id)
                offset = update.update_id + 1
        assert len(seen) == 2
        assert len(set(seen)) == 1
        await bot.set_webhook(hook.url)
        await sandbox.person(FATIMA).says("two")
        await sandbox.drained()
        assert hook.texts() == ["two", "two"]


async def test_pending_updates_can_be_dropped(sandbox: Sandbox) -> None:
    async with ptb(sandbox) as bot:
        await sandbox.person(FATIMA).says("one")
        await bot.delete_webhook(drop_pending_updates=True)
        assert await bot.get_updates() == ()


async def test_in_a_group_an_ordinary_member_hears_only_what_is_meant_for_it(sandbox: Sandbox) -> None:
    from bot.sandbox import ADMIN, STAFF_EN, BotStatus  # noqa: PLC0415 - only here

    sandbox.bot_in_group(CAPITAL, BotStatus.MEMBER, by=ADMIN)
    staff = sandbox.person(STAFF_EN).in_group(CAPITAL)
    async with ptb(sandbox) as bot:
        card = await bot.send_message(CAPITAL, "card")
        await staff.says("chatter")
        await staff.says("/queue")
        await staff.says("answer", reply_to=card.message_id)
        texts = [update.message.text for update in await bot.get_updates() if update.message]
        assert texts == ["/queue", "answer"]


async def test_everything_survives_in_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "sandbox.jsonl"
    async with running(journal=journal) as sandbox, ptb(sandbox) as bot:
        fatima = sandbox.person(FATIMA)
        await fatima.says("/start")
        await bot.send_document(FATIMA, b"BEGIN:VCALENDAR", filename="visit.ics")
        sent = await bot.send_message(FATIMA, "one")
        await bot.edit_message_text("two", FATIMA, sent.message_id)
        await fatima.sends_photo(samples.photo(), "صورة")
        await bot.set_my_description("وصف")
        taken = await bot.get_updates(limit=1)
        await bot.get_updates(offset=taken[0].update_id + 1)
        last_update, last_message = sandbox.world.last_update, sandbox.world.last_message
    with journal.open("ab") as torn:
        torn.write(b'{"op":"posted","chat":1001,"mess')
    async with running(journal=journal) as sandbox, ptb(sandbox) as bot:
        fatima = sandbox.person(FATIMA)
        assert [message.text for message in fatima.messages] == ["", "two"]
        assert fatima.messages[0].document == b"BEGIN:VCALENDAR"
        assert (await bot.get_my_description()).description == "وصف"
        assert [known(update.message).caption for update in await bot.get_updates()] == ["صورة"]
        assert await fatima.says("again") == last_message + 1
        assert sandbox.world.last_update == last_update + 1
        await bot.send_message(FATIMA, "still allowed")
    assert all(json.loads(line)["op"] for line in journal.read_text().splitlines())


async def test_a_journal_damaged_in_the_middle_is_not_guessed_at(tmp_path: Path) -> None:
    journal = tmp_path / "sandbox.jsonl"
    journal.write_text('{"op":"nonsense"}\n{"op":"started","person":1001}\n')
    with pytest.raises(JournalDamaged, match="line 1"):
        async with running(journal=journal):
            pass
