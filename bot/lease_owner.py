"""Who holds a lease: named so that whoever starts next on the same machine knows when the holder is no more.

A lease outlives a process that was killed, for as long as it was taken. Nobody would send meanwhile; so
a process that starts gives back at once what the dead of its own machine held. Of other machines
nothing can be known: there the lease runs out by itself.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import structlog

from storage import leases
from storage.database import Database

log = structlog.get_logger()

_PROC = Path("/proc")  # Linux; elsewhere nothing is known of others, and leases run out


def holder_name() -> str:
    """Unique to this process: where it runs, its id and start, and a random number."""
    return f"{_place()}|{os.getpid()}|{_started(os.getpid())}|{secrets.token_hex(8)}"


async def free_the_dead(database: Database) -> None:
    """Give back the leases of processes of this machine that ended without doing so."""
    async with database.transaction() as tx:
        for name, holder in (await leases.held(tx)).items():
            if is_gone(holder):
                leases.release(tx, name, holder)
                log.info("released the lease of a process that has ended", lease=name)


def is_gone(holder: str) -> bool:
    """Whether the holder ran on this machine and has ended."""
    place, _, process = holder.partition("|")
    if not place or place != _place() or process.count("|") != 2:
        return False
    number, started, _ = process.split("|")
    return not number.isdigit() or _started(int(number)) != started


def _place() -> str:
    """Which machine, since which start, and which numbering of its processes (a container's own); "" if unknown."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(process: int) -> str:
    """When a process started, in ticks since the machine did; "" where there is none, so that a reused number shows."""
    try:
        status = (_PROC / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The name in brackets may hold anything; after it come the state and, 19 fields on, the start.
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] in {"Z", "X"} else fields[19]
