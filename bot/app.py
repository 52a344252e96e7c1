"""The running process, wired once, here."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial

import structlog
from aiohttp import web

from bot import addresses
from bot.calendar_route import CalendarFile
from bot.channel import Delivered, Identity, Limits
from bot.clock import Timekeeper
from bot.command_lists import CommandLists
from bot.context import AppContext
from bot.delivery.broadcast import Broadcaster
from bot.delivery.dispatcher import Dispatcher
from bot.duties import duties
from bot.fetcher import Fetcher
from bot.lease_owner import free_the_dead
from bot.metrics import Metrics
from bot.pages.director import DirectorPage
from bot.pages.feeds import Feeds
from bot.pages.hall import HallScreen
from bot.pages.ledger import PublicLedger
from bot.pages.passes import Passes
from bot.pages.responses import files
from bot.pulse import Pulse
from bot.settings import Settings
from bot.telegram.api import Api
from bot.telegram.capabilities import CAPABILITIES
from bot.telegram.channel import TelegramChannel
from bot.telegram.errors import LONGEST_WAIT
from bot.telegram.intake import Intake
from bot.telegram.links import TelegramLinks
from bot.telegram.polling import Polling
from bot.telegram.profile import CommandMenu, Profile
from bot.telegram.webhook import TapAnswers, Webhook
from bot.telegram.webhook_watch import WebhookWatch
from bot.time_source import Clock, ShiftedClock, now
from bot.updates.inbox import Inbox, OutboundPorts
from bot.updates.replay import Replay
from bot.updates.throttle import PersonRateLimiter
from bot.web import Web
from bot.workers import pause, repeat
from conversations.dialogue import dialogue
from conversations.engine.command_list import command_menus, profiles
from conversations.engine.step import ChannelLinks, Links
from conversations.staff import commands as staff_commands
from locales import Language, load
from services.announcements.policy import Policy
from services.bookings.calendar_links import CalendarLinks, kept_key
from services.casework.templates import load_templates
from services.files.attachments import Store
from services.offices.offices import Offices, load_offices
from services.offices.working_days import WorkingCalendar
from services.visits.page_links import PageLinks
from storage import languages
from storage.database import Database
from storage.migrate import migrate
from storage.open import open_database

log = structlog.get_logger()

_RETRY_SECONDS = 5.0
_TICKS_OF_A_MINUTE = 20  # of the clock: between two looks at the webhook, and at most until Telegram is asked again
_FOLLOW_SECONDS = 0.5  # how late a change made on another worker is seen
_TELEGRAM = "telegram"
_NOWHERE = TelegramLinks("")  # for commands that tell nobody anything


def offices_of(settings: Settings) -> Offices:
    """The offices file, with the staff chats of the settings. Raises OfficesFileError, ValueError."""
    offices = load_offices(settings.offices, languages=tuple(Language))
    return offices.with_staff_chats(settings.staff_chats).with_ministry_chat(settings.ministry_chat)


@asynccontextmanager
async def open_context(
    settings: Settings, *, clock: Clock = now, links: ChannelLinks = _NOWHERE, pages_url: str = ""
) -> AsyncIterator[AppContext]:
    """Everything but the network: an open, migrated database and what the desk knows.

    `pages_url` is where the pages of a Customer Day are, if not at the public address.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    offices = offices_of(settings)
    templates = load_templates(offices, settings.templates)
    database = await open_database(settings.database)
    try:
        if await bring_up_to_date(database, settings.database):
            log.info("database migrated")
        context = AppContext(
            database=database,
            registry=dialogue(),
            catalogues=load(),
            offices=offices,
            calendar=WorkingCalendar(offices),
            templates=templates,
            announcing=_announcing(settings),
            links=Links(links, _calendar_links(settings), _page_links(settings, pages_url or settings.public_url)),
            clock=clock,
            random=random.SystemRandom(),
            pace=PersonRateLimiter(settings.rate_resident),
            admins=settings.admins,
        )
        await context.catch_up()
        yield context
    finally:
        await database.close()


def _announcing(settings: Settings) -> Policy:
    return Policy(
        approval_above=settings.approval_above,
        paid_broadcast=settings.paid_broadcast,
        rate=settings.rate_overall or CAPABILITIES.limits.overall[0],
        paid_rate=CAPABILITIES.limits.paid[0],
    )


async def bring_up_to_date(database: Database, url: str) -> bool:
    """Bring the schema to this release, and the table of languages in step. True where the schema changed."""
    migrated = await migrate(database, url)
    async with database.transaction() as tx:
        await languages.keep(tx, [_as_row(language) for language in Language])
    return migrated


def _as_row(language: Language) -> languages.LanguageRow:
    place = list(Language).index(language)
    return languages.LanguageRow(
        code=language.value, name=language.own_name, direction=language.direction, position=place
    )


def _calendar_links(settings: Settings) -> CalendarLinks | None:
    """None where nobody could open them. Raises OSError."""
    if not settings.public_url:
        return None
    if settings.calendar_secret is not None:
        return CalendarLinks(settings.public_url, settings.calendar_secret.get_secret_value().encode())
    return CalendarLinks(settings.public_url, kept_key(settings.data_dir / "calendar.key"))


def _page_links(settings: Settings, url: str) -> PageLinks | None:
    """None where nobody could open them. Raises OSError."""
    if not url:
        return None
    if settings.pages_secret is not None:
        return PageLinks(url, settings.pages_secret.get_secret_value().encode())
    return PageLinks(url, kept_key(settings.data_dir / "pages.key"))


async def run(
    settings: Settings,
    stop: asyncio.Event,
    *,
    clock: Clock = now,
    pages_url: str = "",
    ready: Callable[[Timekeeper], None] = lambda _: None,
) -> None:
    """Serve until `stop`. Raises PermissionError for a token refused, OSError for an address taken."""
    assert settings.telegram_token is not None  # noqa: S101 - the command line refuses otherwise
    async with AsyncExitStack() as stack:
        store = Store(settings.data_dir / "files")
        api = Api(settings.telegram_token.get_secret_value(), settings.telegram_api)
        await stack.enter_async_context(api)
        channel = TelegramChannel(api, lambda sha256: asyncio.to_thread(store.open, sha256), _limits(settings))
        identity = await _who_we_are(channel, stop)
        if identity is None:
            return
        context = await stack.enter_async_context(
            open_context(settings, clock=clock, links=identity.links, pages_url=pages_url)
        )
        await _serve(settings, stop, context, store, api, channel, identity, ready)


def _limits(settings: Settings) -> Limits:
    """Telegram's own, where the settings say nothing else."""
    theirs = CAPABILITIES.limits
    chat = settings.rate_chat or theirs.chat[0]
    return Limits(
        overall=(settings.rate_overall or theirs.overall[0], 1.0),
        replies=(settings.rate_replies or theirs.replies[0], 1.0),
        chat=(chat, float(chat)),
        group=(settings.rate_group or theirs.group[0], 60.0),
        paid=theirs.paid,
    )


async def _who_we_are(channel: TelegramChannel, stop: asyncio.Event) -> Identity | None:
    """Ask Telegram until it answers; a machine may start before its network does. None once told to stop."""
    while not stop.is_set():
        try:
            return await channel.describe()
        except OSError as error:
            if isinstance(error, PermissionError):
                raise
            log.warning("Telegram cannot be reached, trying again", error=str(error), seconds=_RETRY_SECONDS)
        await pause(stop, _RETRY_SECONDS)
    return None


async def _serve(
    settings: Settings,
    stop: asyncio.Event,
    context: AppContext,
    store: Store,
    api: Api,
    channel: TelegramChannel,
    identity: Identity,
    ready: Callable[[Timekeeper], None],
) -> None:
    metrics = Metrics()
    dispatcher = Dispatcher(context, {_TELEGRAM: channel}, metrics, follows=True)
    fetcher = Fetcher(context, channel, store)
    broadcaster = Broadcaster(context, channel.split, dispatcher.wake)
    taps = TapAnswers(dispatcher.answer)
    inbox = Inbox(
        context,
        OutboundPorts(wake=dispatcher.wake, answer=taps.answer, split=lambda _, message: channel.split(message)),
        metrics,
        fetch=fetcher.wake,
    )
    intake = Intake(inbox.receive, partial(inbox.count_failure, _TELEGRAM), identity.username, context.clock)
    again = Replay(context, inbox, _TELEGRAM, intake.again, seconds=settings.clock_seconds)
    timekeeper = Timekeeper(context, duties(), dispatcher.wake, metrics, seconds=settings.clock_seconds)
    webhook = _webhook(settings, intake, taps)
    pulse = Pulse(context, asks=webhook is None)
    feeds = Feeds()
    routes = [
        *(webhook.routes() if webhook else ()),
        *_calendar_routes(context),
        *_page_routes(settings, context, feeds),
    ]
    server = Web(context.database, metrics, routes, closing=(feeds.stop,))
    # Else the first message would wait for it, and everybody with it.
    await asyncio.to_thread(context.rulebook.of, context.offices)
    await free_the_dead(context.database)
    await pulse.beat()  # before anybody is heard
    await again.round()  # before anything newer of the same chats
    await server.start(*settings.address)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_publish(context, channel, stop))
            follow = repeat(context.catch_up, stop, seconds=_FOLLOW_SECONDS, awake=context.reconfigured)
            tasks.create_task(follow)
            for part in (dispatcher, fetcher, timekeeper, again, broadcaster, CommandLists(context, channel), pulse):
                tasks.create_task(part.run(stop))
            watch = _webhook_watch(settings, context, api, metrics)
            polling = Polling(api, intake, longest_wait=min(LONGEST_WAIT, _a_minute(settings)), heard=pulse.heard)
            tasks.create_task(polling.run(stop) if watch is None else watch.run(stop))
            ready(timekeeper)
            log.info("serving", bot=identity.username, intake="webhook" if webhook else "polling")
            await stop.wait()
            await server.stop()
    finally:
        await server.stop()


def _webhook(settings: Settings, intake: Intake, taps: TapAnswers) -> Webhook | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    path = addresses.path_of(settings.webhook_url)
    return Webhook(intake, settings.webhook_secret.get_secret_value(), taps, path)


def _calendar_routes(context: AppContext) -> tuple[web.RouteDef, ...]:
    return CalendarFile(context, context.links.calendar).routes() if context.links.calendar else ()


def _page_routes(settings: Settings, context: AppContext, feeds: Feeds) -> tuple[web.RouteDef, ...]:
    links, token = context.links.pages, settings.telegram_token
    if links is None or token is None:
        return ()
    director = DirectorPage(context, Passes(token.get_secret_value(), links.pass_key()))
    return (*HallScreen(context, links, feeds).routes(), *director.routes(), *PublicLedger(context).routes(), *files())


def _webhook_watch(settings: Settings, context: AppContext, api: Api, metrics: Metrics) -> WebhookWatch | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    secret, seconds = settings.webhook_secret.get_secret_value(), _a_minute(settings)
    return WebhookWatch(context, api, settings.webhook_url, secret, metrics, seconds=seconds)


def _a_minute(settings: Settings) -> float:
    """So many seconds, where the clock's ticks are as long as they usually are."""
    return settings.clock_seconds * _TICKS_OF_A_MINUTE


async def _publish(context: AppContext, channel: TelegramChannel, stop: asyncio.Event) -> None:
    """Show the command menus, descriptions and name in both languages. Cosmetic, so a failure only waits."""
    menus = [
        CommandMenu(menu.commands, scope=menu.scope, language_code=menu.language)
        for menu in command_menus(context.catalogues, staff_commands.descriptions())
    ]
    about = [
        Profile(description=p.description, short_description=p.short, name=p.name, language_code=p.language)
        for p in profiles(context.catalogues)
    ]
    for seconds in (1, 10, 60, 600):
        try:
            outcome: object = await channel.publish(menus, about)
        except Exception as error:  # noqa: BLE001 - an answer nobody foresaw must not stop the desk
            outcome = error
        if isinstance(outcome, Delivered):
            log.info("commands and descriptions published")
            return
        log.info("command menu not published", outcome=type(outcome).__name__)
        await pause(stop, seconds)
        if stop.is_set():
            return


@contextmanager
def signals(stop: asyncio.Event) -> Iterator[None]:
    """SIGINT and SIGTERM ask for an orderly end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def advance(clock: ShiftedClock, timekeeper: Timekeeper, span: timedelta) -> None:
    """Move the sandbox's time on, and do at once what has fallen due."""
    clock.advance(span)
    await timekeeper.tick(everything=True)
