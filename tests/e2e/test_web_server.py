"""The bot's web server as the network meets it: where deliveries come, and who keeps connections open."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.time_source import ShiftedClock, clock_file
from locales import Language
from tests.e2e.process import TOKEN, Municipality, free_port, municipality, run_command
from tests.e2e.talking import Resident

pytestmark = pytest.mark.at_some_instants(0)  # a connection is the same at any hour

MANY = 600
#: More than the server waits for a header, on the busiest machine.
SOON = 60.0


@pytest.mark.parametrize("path", ["/hook", "/hook/", "/a/b-c.d"])
async def test_deliveries_come_exactly_where_the_setting_says(tmp_path: Path, path: str) -> None:
    listen = f"127.0.0.1:{free_port()}"
    url = f"http://{listen}{path}"
    async with municipality(tmp_path, webhook=True, LISTEN=listen, WEBHOOK_URL=f"{url} ") as town:
        one = Resident.of(town, Language.EN)
        await one.says("/start")
        assert (await one.is_answered()).text
        assert town.sandbox.world.settings["webhook_url"] == url
        assert f"webhook at {url}" in await town.command("check")
        async with aiohttp.ClientSession() as session, session.post(f"http://{listen}/telegram") as answer:
            assert answer.status == 404


async def takes_away(town: Municipality) -> None:
    """As another program with the bot's token does."""
    call = f"{town.sandbox.url}/bot{TOKEN}/deleteWebhook"
    async with aiohttp.ClientSession() as session, session.post(call) as answer:
        assert answer.status == 200


async def test_a_webhook_that_somebody_took_away_is_set_again(tmp_path: Path) -> None:
    async with municipality(tmp_path, webhook=True) as town:
        one = Resident.of(town, Language.EN)
        await one.says("/start")
        await one.is_answered()
        await takes_away(town)
        await one.says("/help")
        async with asyncio.timeout(SOON):
            await town.sandbox.drained(SOON)
        assert town.sandbox.world.settings["webhook_url"] == town.settings.webhook_url
        await town.process.logged("the webhook was lost, setting it again")
        async with aiohttp.ClientSession() as session, session.get(f"{town.process.url}/metrics") as answer:
            shown = await answer.text()
        assert "customer_day_webhook_resets_total 1.0" in shown
        assert f"webhook at {town.settings.webhook_url}" in await town.command("check")


async def test_a_lost_webhook_and_failing_deliveries_are_named_by_the_check(tmp_path: Path) -> None:
    async with municipality(tmp_path, webhook=True) as town:
        await town.process.kill()  # else it would be quicker
        await Resident.of(town, Language.EN).says("/start")
        async with asyncio.timeout(SOON):
            while "webhook_error" not in town.sandbox.world.settings:  # noqa: ASYNC110 - the sandbox tries at once
                await asyncio.sleep(0.05)
        checked = await run_command(town.environment, "check", fails=True)
        assert "last error" in checked
        assert "Connection refused" in checked
        await takes_away(town)
        checked = await run_command(town.environment, "check", fails=True)
        assert "Telegram delivers to no address" in checked
        assert "1 waiting for delivery" in checked


Call = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def silent(port: int) -> Call:
    """A connection whose request never ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /telegram HTTP/1.1\r\nHost: b")
    await writer.drain()
    return reader, writer


async def is_hung_up_on(call: Call) -> None:
    reader, writer = call
    with suppress(ConnectionError):
        assert await reader.read() == b""
    writer.close()


async def test_six_hundred_connections_that_say_nothing_keep_nobody_out_and_are_hung_up_on(tmp_path: Path) -> None:
    async with municipality(tmp_path, webhook=True) as town:
        port = int(town.settings.listen.rpartition(":")[2])
        callers = await asyncio.gather(*(silent(port) for _ in range(MANY)))
        one = Resident.of(town, Language.EN)
        await one.says("/start")
        assert (await one.is_answered()).text
        async with asyncio.timeout(SOON):
            await asyncio.gather(*(is_hung_up_on(call) for call in callers))
        async with aiohttp.ClientSession() as session, session.get(f"{town.process.url}/readyz") as answer:
            assert answer.status == 200


async def last_at(town: Municipality) -> datetime:
    ((row,)) = await town.rows("SELECT max(at) AS at FROM case_events")
    return datetime.fromisoformat(str(row["at"])) if not isinstance(row["at"], datetime) else row["at"]


async def test_commands_beside_a_sandbox_take_its_time(tmp_path: Path) -> None:
    week = timedelta(days=7)
    async with municipality(tmp_path) as town:
        one = Resident.of(town, Language.EN)
        reference = await one.complains(photos=0)
        ShiftedClock(clock_file(town.settings.data_dir)).advance(week)  # as moving a sandbox's clock does
        await town.command("case", reference, "take-up")
        moved = await last_at(town)
        assert moved - town.clock() > week - timedelta(hours=1)


async def test_a_live_bot_has_the_machines_time_though_a_sandbox_used_its_folder(tmp_path: Path) -> None:
    async with municipality(tmp_path, started=False) as town:
        ShiftedClock(clock_file(town.settings.data_dir)).advance(timedelta(days=7))
        await town.bot.start()
        one = Resident.of(town, Language.EN)
        reference = await one.complains(photos=0)
        await town.command("case", reference, "take-up")
        assert await last_at(town) - town.clock() < timedelta(hours=1)
