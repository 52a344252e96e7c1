"""The sandbox: the real bot, over real HTTP, against an embedded Bot API server with a page of phones."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from pydantic import SecretStr

from bot.app import advance, offices_of, open_context, run
from bot.clock import Timekeeper
from bot.sandbox import ADMIN, STAFF_AR, STAFF_EN, Account, Sandbox, shipped_world
from bot.settings import Settings
from bot.time_source import Clock, ShiftedClock, clock_file, now
from services.staff import permissions
from services.unit_of_work import Work
from storage.ids import OfficeId
from storage.records.staff import Role

log = structlog.get_logger()

TOKEN = "7000001:sandbox"  # noqa: S105 - opens nothing but this process's own server
_FIRST_GROUP = -1001000000001
_TEAM = ((STAFF_AR, Role.MANAGER), (STAFF_EN, Role.AGENT))


async def serve(
    settings: Settings, stop: asyncio.Event, *, shown: bool = True, source: Clock = now, at: datetime | None = None
) -> None:
    """Run the bot and its world, in which it is `at` from now on.

    Raises LoopbackOnly where `LISTEN` is not a loopback address, OSError where taken, ValueError for a time gone by.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    clock = ShiftedClock(clock_file(settings.data_dir), source)
    clock.start_at(at)
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
        async with open_context(bot, clock=clock) as context:
            await context.attempt(lambda work: hire(work, world.people))
        await run(bot, stop, clock=clock, pages_url=_pages_url(host, port), ready=keeper.append)
    finally:
        await sandbox.stop()


async def hire(work: Work, people: Mapping[int, Account]) -> None:
    """Let the shipped members of staff join every office, each by an invitation of the administrator's.

    Who has ever worked at a desk is not asked again: whose right was taken in the sandbox stays without it.
    """
    known = await permissions.names(work)
    for one, role in _TEAM:
        member = _person(people[one])
        if member.actor in known:
            continue
        permissions.remember_name(work, member)
        for office in work.offices.all:
            invited = await permissions.invite(work, _person(people[ADMIN]), office.id, role)
            assert invited is not None  # noqa: S101 - the settings of the sandbox make them the administrator
            await permissions.accept(work, member, invited.code)


def _person(account: Account) -> permissions.Person:
    return permissions.Person(permissions.TELEGRAM, str(account.id), account.name)


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


def _pages_url(host: str, port: int) -> str:
    """Where the bot's own pages are; "" where its port is not known beforehand."""
    return f"http://{host}:{port + 1}" if port else ""


def _welcome(url: str, data: Path) -> None:
    print(  # noqa: T201 - said to the person who started it
        f"\n  Customer Day sandbox: open {url}\n"
        f"  Its data is kept in {data.resolve()}; Ctrl+C ends it.\n"
        "  To go live, set CUSTOMER_DAY_TELEGRAM_TOKEN (README.md says how).\n",
        flush=True,
    )
