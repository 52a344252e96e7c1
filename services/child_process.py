"""Runs one of our modules in a process of its own, for what takes much time or memory, or reads what strangers send."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")


class ChildFailed(Exception):
    """The process took too long, or ended without success: by its limits, or by a defect."""


class ChildTooSlow(ChildFailed):
    """Its time was over."""


async def run_child(
    module: str, given: bytes, *, seconds: float, environment: Mapping[str, str] | None = None
) -> bytes:
    """What `python -m <module>` answers on its output to `given` on its input. Raises ChildFailed.

    It gets none of the settings, of which some are secret, and is killed when its time is over.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**{name: os.environ[name] for name in _KEPT if name in os.environ}, **(environment or {})},
        cwd=_ROOT,
    )
    try:
        async with asyncio.timeout(seconds):
            answer, said = await child.communicate(given)
    except TimeoutError:
        raise ChildTooSlow(f"not done within {seconds:g} s") from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode:
        last = said.decode(errors="replace").strip().rpartition("\n")[2]
        raise ChildFailed(f"the process ended with {child.returncode}: {last}")
    return answer
