"""Shows each member of staff the commands of their role: in their private chat and in the groups of their offices.

Which lists may have changed is in the database, written with what changed them; one process brings them in step. One
that is killed in between tells the channel the same again, which changes nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Final, Protocol

import structlog

from bot.channel import Barred, Delivered, Failed, Migrated, Outcome, Refused, SlowDown, Unreachable
from bot.context import AppContext
from bot.lease_owner import holder_name
from bot.telegram.profile import CommandMenu
from bot.workers import pause, repeat
from conversations.staff.command_menu import CommandMenus, menus_for
from locales import Language
from services.staff import command_lists
from services.staff.command_lists import CommandListRow
from storage import command_lists as rows
from storage import leases, outbox
from storage import staff as staff_rows
from storage.database import Transaction

log = structlog.get_logger()

LEASE: Final = "command lists"
_LEASE_SECONDS = 60.0
_ROUND_SECONDS = 1.0
_AT_ONCE = 10
_APART_SECONDS = 0.05  # they are nobody's answer: messages go first
_LONGEST_PAUSE = 600.0

#: How a digest begins where apps in different languages are shown different lists.
_BY_LANGUAGE = "*"


class Publishes(Protocol):
    """The part of a channel that shows commands."""

    name: str

    async def publish(self, menus: list[CommandMenu]) -> Outcome: ...


class CommandLists:
    """Works off the lists that are owed, until told to stop."""

    def __init__(self, context: AppContext, channel: Publishes) -> None:
        self._context = context
        self._channel = channel
        self._holder = holder_name()
        self._began = False
        self._stop = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        self._stop = stop
        await repeat(self.round, stop, seconds=_ROUND_SECONDS)

    async def round(self) -> None:
        """Bring in step what is owed now. At its first a process looks at all of them."""
        if not self._began:
            await self._begin()
            self._began = True
        while not self._stop.is_set():
            async with self._context.read() as work:
                owed = await rows.owed(work.tx, work.now, _AT_ONCE)
            if not owed or not await self._leads():
                return
            for row in owed:
                if self._stop.is_set() or not await self._show(row):
                    return

    async def _begin(self) -> None:
        async with self._context.begin() as work:
            people = await command_lists.owe_all(work, self._channel.name)
        for start in range(0, len(people), _AT_ONCE):  # whoever writes to the bot meanwhile waits for ten at most
            async with self._context.begin() as work:
                await command_lists.owe(work, self._channel.name, people[start : start + _AT_ONCE])
            await pause(self._stop, _APART_SECONDS)

    async def _leads(self) -> bool:
        async with self._context.begin() as work:
            return await leases.take(work.tx, LEASE, self._holder, _LEASE_SECONDS)

    async def _show(self, row: CommandListRow) -> bool:
        """Have the channel show one list; False where it wants to be left alone for a while."""
        lists = await self._lists(row)
        digest = _digest(lists)
        if digest == row.shown:
            outcome: Outcome = Delivered()
        else:
            outcome = await self._channel.publish(_menus(row, lists))
            await pause(self._stop, _APART_SECONDS)
        async with self._context.begin() as work:
            self._note(work.tx, row, digest, outcome)
        return not isinstance(outcome, SlowDown | Failed)

    async def _lists(self, row: CommandListRow) -> CommandMenus:
        context = self._context
        async with context.begin() as work:
            reader = await command_lists.reader(work, row)
        return menus_for(context.catalogues, context.offices, reader, private=row.is_private)

    def _note(self, tx: Transaction, row: CommandListRow, digest: str, outcome: Outcome) -> None:
        now = self._context.clock()
        match outcome:
            case Delivered():
                rows.settle(tx, row, digest)
            case Unreachable(why) | Refused(why) | Barred(why):
                # They have stopped the bot, or the group is gone. Once they write again it is owed again.
                log.info("command list not shown", private=row.is_private, error=why)
                rows.settle(tx, row, row.shown, why)
            case Migrated(chat):
                outbox.move_chat(tx, row.channel, row.chat, chat, now)
                staff_rows.move_chat(tx, row.channel, row.chat, chat)
            case SlowDown(seconds):
                rows.postpone(tx, row, now + timedelta(seconds=seconds), "too many requests")
            case Failed(why):
                seconds = min(_LONGEST_PAUSE, 2.0 ** min(row.attempts + 1, 16))
                rows.postpone(tx, row, now + timedelta(seconds=seconds), why)


def _digest(lists: CommandMenus) -> str:
    """What tells lists from others; "" of none."""
    if not lists:
        return ""
    digest = hashlib.sha256(repr(sorted(lists.items(), key=repr)).encode()).hexdigest()[:16]
    return f"{_BY_LANGUAGE}{digest}" if len(lists) > 1 else digest


def _menus(row: CommandListRow, lists: CommandMenus) -> list[CommandMenu]:
    """What the channel is told: the lists there are, and to take away those that there are no longer.

    Where nothing was noted yet, a try that failed halfway may have left some.
    """
    codes: set[str | None] = {None, *lists}
    if not row.shown or row.shown.startswith(_BY_LANGUAGE):
        codes |= {language.value for language in Language}
    return [_menu(row, lists.get(code, ()), code) for code in sorted(codes, key=lambda code: code or "")]


def _menu(row: CommandListRow, commands: tuple[tuple[str, str], ...], language: str | None) -> CommandMenu:
    if row.is_private:
        return CommandMenu(commands, scope="chat", chat=row.chat, language_code=language)
    return CommandMenu(commands, scope="member", chat=row.chat, member=row.address, language_code=language)
