"""The command line as an operator meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


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
