"""The sandbox takes Telegram's place, so it must not know the bot it stands before."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import bot.sandbox
from bot.sandbox import Sandbox, World
from tests.sandbox.running import TOKEN, Clock, running

ROOMS = {"bot", "conversations", "services", "storage", "locales"}


def test_it_imports_none_of_our_rooms() -> None:
    imported = {name for file in Path(bot.sandbox.__file__).parent.glob("*.py") for name in _imports(file)}
    ours = {name for name in imported if name.split(".")[0] in ROOMS}
    assert {name for name in ours if not name.startswith("bot.sandbox")} == set()


def _imports(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


async def test_a_taken_port_leaves_nothing_open(tmp_path: Path) -> None:
    async with running() as first:
        port = int(first.url.rpartition(":")[2])
        second = Sandbox(World(()), token=TOKEN, clock=Clock(), journal=tmp_path / "journal.jsonl")
        with pytest.raises(OSError, match="address already in use"):
            await second.start("127.0.0.1", port)
        assert second.world.record is None
