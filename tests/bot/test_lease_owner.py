"""A lease whose holder was killed is free again as soon as somebody starts on the same machine."""

from __future__ import annotations

import asyncio
import sys

from bot.lease_owner import free_the_dead, holder_name, is_gone
from storage import leases
from storage.database import Database

NAME_OF_ANOTHER = "from bot.lease_owner import holder_name; print(holder_name(), flush=True); input()"


async def test_a_killed_holders_lease_is_free_at_once(database: Database) -> None:
    pipe = asyncio.subprocess.PIPE
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", NAME_OF_ANOTHER, stdin=pipe, stdout=pipe)
    assert other.stdout is not None
    dead = (await other.stdout.readline()).decode().strip()
    async with database.transaction() as tx:
        assert await leases.take(tx, "dispatcher", dead, 30)
    await free_the_dead(database)
    async with database.transaction() as tx:
        assert not await leases.take(tx, "dispatcher", "mine", 30), "its holder lives"

    other.kill()
    await other.wait()
    await free_the_dead(database)

    async with database.transaction() as tx:
        assert await leases.take(tx, "dispatcher", "mine", 30)


async def test_leases_of_the_living_and_of_other_machines_stay(database: Database) -> None:
    held = {"dispatcher": holder_name(), "clock": f"another machine|1|2|{'0' * 16}", "plan": "of no process"}
    async with database.transaction() as tx:
        for name, holder in held.items():
            await leases.take(tx, name, holder, 30)

    await free_the_dead(database)

    async with database.transaction() as tx:
        assert await leases.held(tx) == held


def test_a_number_taken_by_another_process_is_another_holder() -> None:
    place, number, started, token = holder_name().split("|")

    assert not is_gone(f"{place}|{number}|{started}|{token}")
    assert is_gone(f"{place}|{number}|1|{token}")
