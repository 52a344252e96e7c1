"""The command line as an operator meets it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands.sandbox import serve
from bot.settings import load_settings
from tests.bot.counter import START

ROOT = Path(__file__).parents[2]
YEAR = timedelta(days=365)


def test_run_without_a_token_fails_and_names_the_setting(tmp_path: Path) -> None:
    """As on a server that lost its environment file."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CUSTOMER_DAY_")}
    ended = subprocess.run(
        [sys.executable, "-m", "bot.cli", "run"],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert "CUSTOMER_DAY_TELEGRAM_TOKEN: expected the token @BotFather gave" in ended.stderr
    assert "customer-day sandbox" in ended.stderr, "and what to do without one"
    assert not list(tmp_path.rglob("*.db")), "nothing was begun"


@pytest.mark.parametrize("at", ["tomorrow", "2026-12-16", "2026-12-16T10:00"])
def test_a_sandbox_starts_at_no_time_without_an_offset(at: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sandbox", "--at", at])
    assert "--at" in capsys.readouterr().err


async def test_a_sandbox_is_not_turned_back(tmp_path: Path) -> None:
    settings = load_settings({"CUSTOMER_DAY_DATA_DIR": str(tmp_path), "CUSTOMER_DAY_LISTEN": "127.0.0.1:0"}, None)
    stop = asyncio.Event()
    stop.set()
    await serve(settings, stop, shown=False, source=lambda: START, at=START - YEAR)  # a new one may start in the past

    with pytest.raises(ValueError, match="time only moves on"):
        await serve(settings, stop, shown=False, source=lambda: START, at=START - 2 * YEAR)
