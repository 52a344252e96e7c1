"""A log says what failed, where and why, and nothing of what people wrote, whoever writes it."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BEFORE = """
import asyncio, logging, sqlite3, sys
import structlog
from pydantic import BaseModel
from bot import logs

class Row(BaseModel):
    cpr: int

def read(words):
    try:
        Row(cpr=words)
    except ValueError as error:
        raise RuntimeError(f"cannot read {words}") from error

logs.set_up(human=HUMAN)
words = "SECRET"
"""
KINDS = {
    "our own entry": 'try: read(words)\nexcept RuntimeError: structlog.get_logger().exception("not read", row=7)',
    "a group": """
        try:
            try: read(words)
            except RuntimeError as error: raise ExceptionGroup(words, [error, ValueError(words)])
        except ExceptionGroup: structlog.get_logger().exception("not read", row=7)""",
    "a library": 'try: read(words)\nexcept RuntimeError: logging.getLogger("aiohttp.server").exception("not read 7")',
    "a task nobody waited for": """
        async def main():
            task = asyncio.create_task(asyncio.to_thread(read, words))
            await asyncio.wait([task])
            del task
        asyncio.run(main())""",
    "the end of the process": "read(words)",
}


def logged(program: str, *, human: bool) -> str:
    """What a process with our logs writes."""
    text = BEFORE.replace("HUMAN", f"{human}") + textwrap.dedent(program)
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.stdout
    return done.stderr


@pytest.mark.parametrize("human", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_an_exception_is_logged_with_its_place_and_kind_but_not_its_words(kind: str, human: bool) -> None:
    log = logged(KINDS[kind], human=human)

    assert "SECRET" not in log
    assert "cannot read" not in log.replace('f"cannot read {words}"', "")
    assert "in read" in log
    assert "builtins.RuntimeError" in log
    assert "pydantic_core._pydantic_core.ValidationError" in log


def test_it_stays_one_line_of_json() -> None:
    (line,) = logged(KINDS["our own entry"], human=False).splitlines()
    entry = json.loads(line)

    assert entry["event"] == "not read"
    assert entry["row"] == 7
    assert "which led to" in entry["exception"]


@pytest.mark.parametrize(
    ("raised", "shown"),
    [
        ('open("/nowhere/SECRET")', "FileNotFoundError: No such file or directory"),
        ('sqlite3.connect(":memory:").execute("SECRET")', "sqlite3.OperationalError: SQLITE_ERROR"),
    ],
)
def test_what_the_system_says_of_a_failure_is_said(raised: str, shown: str) -> None:
    log = logged(f'try: {raised}\nexcept Exception: structlog.get_logger().exception("x")', human=False)

    assert shown in log
    assert "SECRET" not in json.loads(log)["exception"].replace(raised, "")
