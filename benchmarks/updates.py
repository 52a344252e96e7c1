"""Updates per second of the real process, beside python-telegram-bot's and aiogram's in-memory conversations.

All three play the same complaint, a message for a message; the peers keep it in memory and give a made-up reference.
The peers play a form of five messages too, each answered by one short message.
The bot under test has one core, the load the other. Ours is `customer-day run` by webhook on a SQLite
file with `synchronous=FULL`: each update is durable before it is acknowledged. Rounds alternate, so that a
machine that slows down slows all of them; the ratios of the medians are what counts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
API_PORT, BOT_PORT, SECRET = 9101, 9102, "benchmark"
API = f"http://127.0.0.1:{API_PORT}"
ARMS = (
    ("customer-day", "complaint"),
    ("aiogram", "complaint"),
    ("ptb", "complaint"),
    ("aiogram", "form"),
    ("ptb", "form"),
)


def ours(folder: str) -> tuple[list[str], dict[str, str]]:
    settings = {
        "TELEGRAM_TOKEN": "1:a",
        "TELEGRAM_API": API,
        "WEBHOOK_URL": f"http://127.0.0.1:{BOT_PORT}",
        "WEBHOOK_SECRET": SECRET,
        "LISTEN": f"127.0.0.1:{BOT_PORT}",
        "DATA_DIR": folder,
        # The stand-in has no limits, and the peers keep none.
        "RATE_OVERALL": "100000",
        "RATE_REPLIES": "100000",
        "RATE_CHAT": "100000",
        "RATE_GROUP": "100000",
        "RATE_RESIDENT": "100000",
    }
    return [sys.executable, "-m", "bot.cli", "run"], {f"CUSTOMER_DAY_{name}": value for name, value in settings.items()}


def peer(module: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", f"benchmarks.peers.{module}", API, str(BOT_PORT), SECRET]


def measure(name: str, script: str, people: int, at_once: int) -> dict[str, float]:
    """One round of one bot."""
    folder = tempfile.mkdtemp()
    environment: dict[str, str] = {}
    if name == "customer-day":
        command, environment = ours(folder)
    else:
        command = peer({"aiogram": "aiogram_fsm", "ptb": "ptb_conversation"}[name])
    log = Path(folder) / "log"
    try:
        with log.open("w") as errors:
            bot = subprocess.Popen(
                ["taskset", "-c", "0", *command], cwd=ROOT, env={**os.environ, **environment}, stderr=errors
            )
            load = subprocess.run(
                [
                    "taskset",
                    "-c",
                    "1",
                    sys.executable,
                    "-m",
                    "benchmarks.load",
                    str(API_PORT),
                    f"http://127.0.0.1:{BOT_PORT}/telegram",
                    SECRET,
                    str(people),
                    str(at_once),
                    script,
                    str(bot.pid),
                ],
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            bot.terminate()
            bot.wait(20)
        if load.returncode:
            raise SystemExit(f"{name}: {load.stderr[-2000:]}\n{log.read_text()[-2000:]}")
        return json.loads(load.stdout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["customer-day", "aiogram", "ptb"])
    options = parser.parse_args()
    arms = [arm for arm in ARMS if options.only in {None, arm[0]}]
    seen: dict[tuple[str, str], list[dict[str, float]]] = {arm: [] for arm in arms}
    for number in range(options.rounds):
        for name, script in arms:
            figures = measure(name, script, options.people, options.at_once)
            seen[name, script].append(figures)
            print(f"round {number + 1}  {name:<13} {script:<9} {figures}", flush=True)
    median = {
        arm: {key: statistics.median(figures[key] for figures in rounds) for key in rounds[0]}
        for arm, rounds in seen.items()
    }
    print("\n| bot | plays | updates/s, one core | ratio | CPU ms an update | ratio | p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|---|---|")
    base = median.get(("aiogram", "complaint"))
    for name, script in arms:
        figures = median[name, script]
        faster = f"{figures['per_s'] / base['per_s']:.2f}" if base else "-"
        cheaper = f"{base['cpu_ms'] / figures['cpu_ms']:.2f}" if base else "-"
        print(
            f"| {name} | {script} | {figures['per_s']:.0f} | {faster} | {figures['cpu_ms']:.2f} | {cheaper} "
            f"| {figures['p50_ms']:.1f} | {figures['p99_ms']:.1f} |"
        )


if __name__ == "__main__":
    main()
