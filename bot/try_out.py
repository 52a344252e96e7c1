"""The sandbox: the real bot, over real HTTP, against an embedded Bot API server with a page of phones."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import structlog
from pydantic import SecretStr

from bot.app import advance, offices_of, run
from bot.clock import ShiftedClock, Timekeeper
from bot.sandbox import ADMIN, Sandbox, shipped_world
from bot.settings import Settings
from storage.ids import OfficeId

log = structlog.get_logger()

TOKEN = "7000001:sandbox"  # noqa: S105 - opens nothing but this process's own server
_FIRST_GROUP = -1001000000001


async def serve(settings: Settings, stop: asyncio.Event, *, shown: bool = True) -> None:
    """Run the bot and its world. Raises LoopbackOnly where `LISTEN` is not a loopback address, OSError where taken."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    clock = ShiftedClock(settings.data_dir / "sandbox-clock.json")
    offices = offices_of(settings)
    groups = {office.id: str(_FIRST_GROUP - number) for number, office in enumerate(offices.all)}
    groups |= {office: chat for office, chat in settings.staff_chats.items() if office in groups}
    world = shipped_world([(office.id, office.name.ar, int(groups[office.id])) for office in offices.all])
    keeper: list[Timekeeper] = []

    async def forward(span: timedelta) -> None:
        if keeper:
            await advance(clock, keeper[0], span)

    sandbox = Sandbox(world, token=TOKEN, journal=settings.data_dir / "sandbox.jsonl", clock=clock, advance=forward)
    host, port = settings.address
    await sandbox.start(host, port)
    try:
        if shown:
            _welcome(sandbox.url, settings.data_dir)
        bot = settings.model_copy(update=_for_the_bot(sandbox.url, groups, host, port))
        await run(bot, stop, clock=clock, ready=keeper.append)
    finally:
        await sandbox.stop()


def _for_the_bot(url: str, groups: dict[OfficeId, str], host: str, port: int) -> dict[str, object]:
    """What differs from going live: whom it talks to, and its own port beside the page's."""
    return {
        "telegram_token": SecretStr(TOKEN),
        "telegram_api": url,
        "staff_chats": groups,
        "admins": frozenset({str(ADMIN)}),
        "listen": f"{host}:{port + 1 if port else 0}",
        "webhook_url": None,
    }


def _welcome(url: str, data: Path) -> None:
    print(  # noqa: T201 - said to the person who started it
        f"\n  Customer Day sandbox: open {url}\n"
        f"  Its data is kept in {data.resolve()}; Ctrl+C ends it.\n"
        "  To go live, set CUSTOMER_DAY_TELEGRAM_TOKEN (README.md says how).\n",
        flush=True,
    )
