"""`customer-day check`: examines what the bot runs on, and says what to fix."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import SecretStr
from telegram.error import TelegramError

from bot.settings import Settings
from bot.telegram import webhook_watch
from bot.telegram.api import Api
from bot.telegram.channel import TelegramChannel
from bot.time_source import Clock, now
from locales import load
from locales.languages import Language
from services.casework.templates import TemplatesFileError, load_templates
from services.offices import changes
from services.offices.offices import Offices, OfficesFileError, load_offices
from storage import configuration, lost_chats, outbox, staff, updates
from storage.configuration import ChangeRow
from storage.database import Database, DatabaseUnavailable, Transaction
from storage.ids import ChatId, OfficeId
from storage.lost_chats import LostChat
from storage.migrate import head, revision
from storage.open import open_database

_SHOWN = 10  # dead letters


class State(StrEnum):
    OK = "ok"
    NOTE = "note"  # works, and somebody should know
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    state: State
    what: str
    text: str


async def examine(settings: Settings, clock: Clock = now) -> int:
    """Print a line for each thing examined; the exit code is 1 where something is wrong."""
    found = [finding async for finding in findings(settings, clock)]
    for finding in found:
        print(f"{finding.state:<5}  {finding.what}: {finding.text}")  # noqa: T201
    return 1 if any(finding.state is State.WRONG for finding in found) else 0


async def findings(settings: Settings, clock: Clock = now) -> AsyncIterator[Finding]:
    yield _folder(settings)
    offices, finding = _offices(settings)
    yield finding
    if offices is not None:
        yield _templates(settings, offices)
    yield _catalogues()
    for finding in await _database(settings, offices):
        yield finding
    if _shared(settings):
        yield Finding(
            State.NOTE,
            "files",
            f"in {settings.data_dir / 'files'}; where several machines serve one database, that folder is one for all",
        )
    if settings.public_url:
        yield _links(settings)
    for finding in await _token(settings, clock):
        yield finding


def _folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    if folder.exists() and not (folder.is_dir() and os.access(folder, os.W_OK)):
        return Finding(State.WRONG, "data folder", f"{folder} is no folder this user can write to (DATA_DIR)")
    return Finding(State.OK, "data folder", f"{folder}" if folder.exists() else f"{folder}, to be made at start")


def _offices(settings: Settings) -> tuple[Offices | None, Finding]:
    try:
        offices = load_offices(settings.offices, languages=tuple(Language))
    except (OfficesFileError, OSError) as error:
        return None, Finding(State.WRONG, "offices", str(error))
    days = len(offices.with_customer_day)
    return offices, Finding(State.OK, "offices", f"{len(offices.all)}, of which {days} hold a Customer Day")


def _staff_chats(settings: Settings, offices: Offices | None, linked: Collection[OfficeId] = ()) -> list[Finding]:
    """Whether each office has its chat, from the settings, the offices file or a `/link` in the chat itself."""
    return [] if offices is None else [_staff_chats_of(settings, offices, linked)]


def _staff_chats_of(settings: Settings, offices: Offices, linked: Collection[OfficeId]) -> Finding:
    try:
        given = offices.with_staff_chats(settings.staff_chats)
    except ValueError as error:
        return Finding(State.WRONG, "staff chats", f"{error} (CUSTOMER_DAY_STAFF_CHATS)")
    without = [office.id for office in given.all if office.staff_chat is None and office.id not in linked]
    if without:
        return Finding(
            State.NOTE,
            "staff chats",
            f"none for {', '.join(without)}: nobody there is told of new requests. Add the bot to the office's group, "
            "where an administrator sends /link",
        )
    return Finding(State.OK, "staff chats", "one for each office")


def _templates(settings: Settings, offices: Offices) -> Finding:
    try:
        templates = load_templates(offices, settings.templates)
    except TemplatesFileError as error:
        return Finding(State.WRONG, "templates", f"{error} (CUSTOMER_DAY_TEMPLATES)")
    return Finding(State.OK, "templates", f"{len(templates.all)} ready texts for staff")


def _catalogues() -> Finding:
    catalogues = load()
    empty = [language for language in Language if catalogues.localizer(language)("Main menu") == ""]
    if empty:
        return Finding(State.WRONG, "catalogues", f"no texts in {', '.join(empty)}; run `make setup`")
    return Finding(State.OK, "catalogues", ", ".join(language.value for language in Language))


def _links(settings: Settings) -> Finding:
    wanting = [f"CUSTOMER_DAY_{name}" for name, secret in _secrets(settings).items() if secret is None]
    if _shared(settings) and wanting:
        return Finding(
            State.NOTE,
            "links",
            f"signed with keys in {settings.data_dir}; where several machines serve one database, give them all the "
            f"same {' and '.join(wanting)}, or a link of one is unknown to the other",
        )
    return Finding(State.OK, "links", f"at {settings.public_url}")


def _secrets(settings: Settings) -> dict[str, SecretStr | None]:
    return {"CALENDAR_SECRET": settings.calendar_secret, "PAGES_SECRET": settings.pages_secret}


def _shared(settings: Settings) -> bool:
    return settings.database.startswith("postgres")


async def _database(settings: Settings, offices: Offices | None) -> list[Finding]:
    """The database, what the bot could not do, and whether each office has its chat: staff may have linked it there."""
    file = settings.database.removeprefix("sqlite:///")
    if file != settings.database and not await asyncio.to_thread(Path(file).exists):
        return [Finding(State.OK, "database", f"{file}, to be made at start"), *_staff_chats(settings, offices)]
    try:
        database = await open_database(settings.database)
    except (DatabaseUnavailable, OSError) as error:
        away = Finding(State.WRONG, "database", f"{error} (CUSTOMER_DAY_DATABASE_URL)")
        return [away, *_staff_chats(settings, offices)]
    try:
        return await _opened(database, settings, offices)
    finally:
        await database.close()


async def _opened(database: Database, settings: Settings, offices: Offices | None) -> list[Finding]:
    at = await revision(database)
    if at != head():
        return [_behind(at), *_staff_chats(settings, offices)]
    async with database.transaction() as tx:
        chats = {chat.office: chat.chat for chat in await staff.chats(tx)}
        lost = await lost_chats.every(tx)
        troubles = await _troubles(tx)
        made = await configuration.since(tx, 0)
    found = [Finding(State.OK, "database", f"at {at}"), *troubles]
    if offices is not None:
        found += _changes(settings, offices, made)
    return [*found, *_lost_groups(offices, settings.staff_chats | chats, lost), *_staff_chats(settings, offices, chats)]


def _lost_groups(offices: Offices | None, linked: Mapping[OfficeId, ChatId], lost: list[LostChat]) -> list[Finding]:
    """Groups in which a team works and the bot cannot write."""
    given = {} if offices is None else {one.id: one.staff_chat for one in offices.all if one.staff_chat is not None}
    return [
        Finding(
            State.WRONG,
            "staff chats",
            f"the bot cannot write in the group of {office} since {one.lost_at:%Y-%m-%d %H:%M} UTC ({one.reason}): "
            "what is for its team waits. Add the bot to the group again, or send /link in another one",
        )
        for one in lost
        for office, chat in {**given, **linked}.items()
        if chat == one.chat
    ]


def _changes(settings: Settings, offices: Offices, made: list[ChangeRow]) -> list[Finding]:
    """What administrators changed in chat, and where that meets what the files say by now."""
    try:
        start = changes.start(offices, load_templates(offices, settings.templates), tuple(Language))
    except TemplatesFileError:
        return []  # said already
    if not made:
        return [Finding(State.OK, "changes in chat", "none: all is as the files say")]
    found = [Finding(State.OK, "changes in chat", f"{len(made)}; what was changed there wins over the files")]
    left_out = changes.catch_up(start, made).left_out
    for change in left_out:
        text = f"change {change.version} of {'.'.join(change.path)} does not fit the files, and is left out"
        found.append(Finding(State.NOTE, "changes in chat", text))
    for path in changes.contested(start, [one for one in made if one not in left_out]):
        text = (
            f"{'.'.join(path)} was edited in the file after it was changed in chat, which wins. "
            "`customer-day export offices` writes what holds"
        )
        found.append(Finding(State.NOTE, "changes in chat", text))
    return found


def _behind(at: str | None) -> Finding:
    if at is None:
        return Finding(State.OK, "database", f"empty; the schema {head()} is made at start")
    if at > head():
        return Finding(State.WRONG, "database", f"at {at}, and this release knows only {head()}: update it")
    return Finding(State.NOTE, "database", f"at {at}, brought to {head()} at start or by `customer-day migrate`")


async def _troubles(tx: Transaction) -> list[Finding]:
    """What the running bot could not do, and what it still has to."""
    found = [
        Finding(
            State.WRONG,
            "dead letter",
            f"{update.channel}:{update.update_id}, {update.tries} tries since {update.first_at:%Y-%m-%d %H:%M} UTC: "
            f"{update.what}",
        )
        for update in await updates.newest_dead_letters(tx, _SHOWN)
    ]
    if dead_letters := await updates.count_dead_letters(tx):
        text = f"{dead_letters} in all; `customer-day dead-letters` lists them, gives back and lets go"
        found.append(Finding(State.WRONG, "dead letters", text))
    if failed := await outbox.count_failed(tx):
        text = f"{failed} in 90 days; why is in `error` of table outbox"
        found.append(Finding(State.WRONG, "messages refused", text))
    if barred := await outbox.count_barred(tx):
        text = f"{barred} in 90 days were of a kind that their chat does not allow; why is in `error` of table outbox"
        found.append(Finding(State.NOTE, "messages not allowed", text))
    return [*found, Finding(State.OK, "messages owed", str(await outbox.count_pending(tx)))]


async def _token(settings: Settings, clock: Clock) -> list[Finding]:
    """Whether Telegram knows the bot, and how it delivers to it."""
    if settings.telegram_token is None:
        none = "CUSTOMER_DAY_TELEGRAM_TOKEN is not set: only `customer-day sandbox` runs"
        return [Finding(State.NOTE, "token", none)]
    async with Api(settings.telegram_token.get_secret_value(), settings.telegram_api) as api:
        try:
            identity = await TelegramChannel(api, _no_file).describe()
        except PermissionError:
            return [Finding(State.WRONG, "token", "Telegram refuses it; take the one @BotFather shows")]
        except OSError as error:
            away = f"Telegram cannot be reached: {error} (CUSTOMER_DAY_TELEGRAM_API)"
            return [Finding(State.WRONG, "token", away)]
        intake = "polling" if settings.webhook_url is None else f"webhook at {settings.webhook_url}"
        return [Finding(State.OK, "token", f"@{identity.username}, {intake}"), await _webhook(settings, api, clock)]


async def _webhook(settings: Settings, api: Api, clock: Clock) -> Finding:
    """Where Telegram delivers to, what waits there, and what went wrong last."""
    try:
        found = await webhook_watch.look(api)
    except TelegramError as error:
        return Finding(State.NOTE, "webhook", f"Telegram does not say how it stands: {api.describe(error)}")
    ours, is_set = settings.webhook_url, bool(found.url)
    if ours is None:
        elsewhere = "one is set, which the bot takes away when it starts to poll"
        return Finding(State.NOTE, "webhook", elsewhere) if is_set else Finding(State.OK, "webhook", "none: polling")
    stands = f"{found.pending} waiting for delivery"
    if found.error_at is not None:
        age = max(0, round((clock() - found.error_at).total_seconds()))
        stands += f", last error {age} seconds ago: {found.error}"
    if found.url != ours:
        where = "another address" if is_set else "no address"
        return Finding(State.WRONG, "webhook", f"Telegram delivers to {where}; the running bot sets {ours} ({stands})")
    return Finding(State.WRONG if found.is_failing(clock()) else State.OK, "webhook", f"{ours}, {stands}")


async def _no_file(sha256: str) -> bytes:
    raise FileNotFoundError(sha256)
