"""The command line of `customer-day`: one function a command, and the parser."""

from __future__ import annotations

import argparse
import asyncio
import gc
import getpass
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import uvloop
from pydantic import ValidationError

from bot import data_folder, logs
from bot.settings import PREFIX, Settings, SettingsError, load_settings
from bot.time_source import Clock, clock_file, clock_of, now
from services.actors import Actor, console_actor
from services.offices.offices import OfficesFileError
from services.reports.periods import Named
from storage.database import Conflict, DatabaseUnavailable
from storage.ids import CategoryId, OfficeId

Command = Callable[[Settings, argparse.Namespace, Clock], Awaitable[int]]


def main(arguments: Sequence[str] | None = None, clock: Clock = now) -> int:
    """Run a command; its exit code. What is wrong with the set-up is said in words, not as a traceback."""
    options = _parser().parse_args(arguments)
    logs.set_up(human=sys.stderr.isatty())
    try:
        settings = load_settings(dotenv=options.env)
        if options.command is not check:
            data_folder.prepare(settings, new=options.new)
        return int(uvloop.run(options.command(settings, options, _clock(settings, options.command, clock))))
    except ValidationError:
        raise  # a defect, though a ValueError: what it says quotes what it was given
    except (SettingsError, OfficesFileError, DatabaseUnavailable, ValueError) as error:
        return _refuse(error)
    except Conflict:
        return _refuse("others changed the same at that moment, several times over: please run it again")
    except ExceptionGroup as group:  # while it ran
        if (refused := group.subgroup(PermissionError)) is None:
            raise
        return _refuse(f"CUSTOMER_DAY_TELEGRAM_TOKEN: {_first(refused)}")
    except PermissionError as error:
        return _refuse(f"CUSTOMER_DAY_TELEGRAM_TOKEN: {error}" if error.errno is None else error)
    except OSError as error:
        return _refuse(f"cannot listen on CUSTOMER_DAY_LISTEN or reach the data folder: {error}")


def _clock(settings: Settings, command: Command, clock: Clock) -> Clock:
    """Beside a sandbox it is as late as there. A live bot has the machine's time, and a sandbox moves its own."""
    return clock if command in {run, sandbox} else clock_of(settings.data_dir, clock)


def _first(group: BaseException) -> BaseException:
    return _first(group.exceptions[0]) if isinstance(group, BaseExceptionGroup) else group


def _refuse(error: object) -> int:
    print(error, file=sys.stderr)  # noqa: T201
    return 2


# ---------------------------------------------------------------------------- commands


async def run(settings: Settings, _: argparse.Namespace, clock: Clock) -> int:
    """Serve Telegram. Without a token it refuses: a lost environment file must not start a sandbox in its place."""
    if settings.telegram_token is None:
        return _refuse(
            f"{PREFIX}TELEGRAM_TOKEN: expected the token @BotFather gave, like 123456:ABC-DEF. "
            "To try the bot without Telegram, run `customer-day sandbox`"
        )
    # What was a sandbox's folder is none any more, so that commands do not take its moved time for the live bot's.
    clock_file(settings.data_dir).unlink(missing_ok=True)
    # Hardly anything here refers to itself, so looking for what does, every 700 objects, is a seventh of all work; of
    # the start, too.
    gc.set_threshold(50_000, 20, 50)
    from bot import app  # noqa: PLC0415 - each command loads only what it needs

    stop = asyncio.Event()
    with app.signals(stop):
        await app.run(settings, stop, clock=clock, ready=lambda _: _what_is_there_stays())
    return 0


def _what_is_there_stays() -> None:
    """What serves from now on is no garbage, and need not be looked through for it."""
    gc.collect()
    gc.freeze()


async def sandbox(settings: Settings, options: argparse.Namespace, clock: Clock) -> int:
    from bot import app  # noqa: PLC0415
    from bot.commands import sandbox as sandbox_command  # noqa: PLC0415

    stop = asyncio.Event()
    with app.signals(stop):
        await sandbox_command.serve(settings, stop, source=clock, at=options.at)
    return 0


async def check(settings: Settings, _options: argparse.Namespace, clock: Clock) -> int:
    from bot.commands.check import examine  # noqa: PLC0415

    return await examine(settings, clock)


async def migrate(settings: Settings, _options: argparse.Namespace, _clock: Clock) -> int:
    from storage.migrate import head  # noqa: PLC0415
    from storage.migrate import migrate as upgrade  # noqa: PLC0415
    from storage.open import open_database  # noqa: PLC0415

    database = await open_database(settings.database)
    try:
        done = await upgrade(database, settings.database)
    finally:
        await database.close()
    print(f"{'migrated to' if done else 'already at'} {head()}")  # noqa: T201
    return 0


async def export(settings: Settings, options: argparse.Namespace, _clock: Clock) -> int:
    from bot.commands.export import write, write_offices  # noqa: PLC0415

    if options.what == "offices":
        return await write_offices(settings, options.folder)
    if options.folder is not None:
        return _refuse(f"expected one folder, or `offices` and a folder; found {options.what} {options.folder}")
    return await write(settings, Path(options.what))


async def audit(settings: Settings, options: argparse.Namespace, clock: Clock) -> int:
    from bot.commands.audit import export as write  # noqa: PLC0415

    return await write(
        settings,
        reference=options.reference,
        person=options.person,
        since=options.since,
        until=options.until,
        into=options.file,
        actor=options.actor,
        clock=clock,
    )


async def report(settings: Settings, options: argparse.Namespace, clock: Clock) -> int:
    from bot.commands.report import Format, Wanted, write  # noqa: PLC0415
    from locales import Language  # noqa: PLC0415
    from services.reports.charts import ChartsFailed  # noqa: PLC0415

    formats = tuple(Format(form) for form in options.format or Format)
    offices, language = tuple(options.office or ()), Language(options.language)
    days = (options.period, options.first, options.last)
    try:
        return await write(settings, Wanted(options.folder, formats, *days, offices, options.category, language), clock)
    except ChartsFailed as failure:
        return _refuse(f"the charts could not be drawn: {failure}")


async def case(settings: Settings, options: argparse.Namespace, clock: Clock) -> int:
    from bot.commands.casework import move_case  # noqa: PLC0415

    return await move_case(settings, options.reference, options.move, " ".join(options.words), options.actor, clock)


async def booking(settings: Settings, options: argparse.Namespace, clock: Clock) -> int:
    from bot.commands.casework import move_booking  # noqa: PLC0415

    return await move_booking(settings, options.reference, options.move, " ".join(options.words), options.actor, clock)


async def day(settings: Settings, options: argparse.Namespace, clock: Clock) -> int:
    from bot.commands.casework import close_day, reopen_day  # noqa: PLC0415
    from storage.translations import Translations  # noqa: PLC0415

    if options.act == "reopen":
        return await reopen_day(settings, options.office, options.day, options.actor, clock)
    if options.yes and not (options.arabic.strip() and options.english.strip()):
        return _refuse("expected with --yes: the reason in both languages (--arabic …, --english …); residents read it")
    reason = Translations({"ar": options.arabic, "en": options.english}) if options.yes else None
    return await close_day(settings, options.office, options.day, reason, options.actor, clock)


async def block(settings: Settings, options: argparse.Namespace, clock: Clock) -> int:
    from bot.commands.casework import correct_block  # noqa: PLC0415

    return await correct_block(settings, options.block, options.office, options.actor, clock)


async def learn(settings: Settings, options: argparse.Namespace, clock: Clock) -> int:
    from bot.commands import learn as command  # noqa: PLC0415

    return await command.report(settings, options.since, clock)


async def dead_letters(settings: Settings, options: argparse.Namespace, clock: Clock) -> int:
    from bot.commands.dead_letters import discard, replay, show  # noqa: PLC0415

    if options.replay is not None:
        return await replay(settings, options.replay, options.actor, clock)
    if options.discard is not None:
        return await discard(settings, options.discard, options.actor, clock)
    return await show(settings, clock)


# ---------------------------------------------------------------------------- the parser


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="customer-day", description="The municipality's Customer Day bot.")
    parser.add_argument("--env", type=Path, default=Path(".env"), help="file of settings (default: .env)")
    parser.add_argument("--new", action="store_true", help="begin with an empty database though its files are there")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, what: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=what, description=what)
        sub.set_defaults(command=command)
        return sub

    add("run", run, "serve Telegram; needs CUSTOMER_DAY_TELEGRAM_TOKEN")
    add("sandbox", sandbox, "serve a page of phones on this machine, without Telegram").add_argument(
        "--at", type=_moment, metavar="TIME", help="let it be that time there, like 2026-12-16T10:00+03:00"
    )
    add("check", check, "examine settings, offices file, database, catalogues and token, and say what to fix")
    add("migrate", migrate, "bring the database to the newest schema")
    exporting = add("export", export, "write cases, bookings and ratings as CSV, or the offices as they are configured")
    exporting.add_argument("what", help="a folder for the CSV files (without names or phones), or `offices`")
    exporting.add_argument("folder", type=Path, nargs="?", help="with `offices`: where to write them; else printed")
    looking = add("audit", audit, "write who did what as CSV, by reference, person and period; this is recorded too")
    looking.add_argument("file", type=Path, nargs="?", help="where to (default: the screen)")
    which = looking.add_mutually_exclusive_group()
    which.add_argument("--reference", default="", help="of a request or an appointment")
    which.add_argument("--person", default="", help="the name or number of a member of staff, or console:NAME")
    looking.add_argument("--since", type=_date, metavar="YYYY-MM-DD", help="the first day")
    looking.add_argument("--until", type=_date, metavar="YYYY-MM-DD", help="the last day")
    reporting = add("report", report, "write the figures of a period as files, like /report: they name nobody")
    _of_figures(reporting)
    learning = add("learn", learn, "show where people's words were misunderstood, so that keywords can be put right")
    _of_lessons(learning)
    moves = add("case", case, "move a case, as staff would: take-up, start-work, ask, reply, resolve, reject …")
    meeting = add("booking", booking, "record what became of a booking: check-in, attended, no-show, cancel")
    for sub in (moves, meeting):
        sub.add_argument("reference")
        sub.add_argument("move")
        sub.add_argument("words", nargs="*")
    closing = add("day", day, "close a day of an office, or open it again; who is affected is shown first")
    closing.add_argument("act", choices=("close", "reopen"))
    closing.add_argument("office")
    closing.add_argument("day", help="YYYY-MM-DD")
    closing.add_argument("--arabic", default="", help="the reason residents are told, in Arabic")
    closing.add_argument("--english", default="", help="the reason residents are told, in English")
    closing.add_argument("--yes", action="store_true", help="do it; without this only who is affected is shown")
    correcting = add("block", block, "say which office serves a block, where the blocks file does not know or is wrong")
    correcting.add_argument("block", type=int)
    correcting.add_argument("office")
    dead = add("dead-letters", dead_letters, "list updates that could not be handled; replay or discard them")
    what = dead.add_mutually_exclusive_group()
    what.add_argument("--replay", metavar="ID|all", help="have the running bot handle it once more")
    what.add_argument("--discard", metavar="ID", help="delete it for good")
    for sub in (looking, moves, meeting, closing, correcting, dead):
        sub.add_argument(
            "--actor", type=Actor, default=_operator(), help="who does it, for the audit log (default: %(default)s)"
        )
    return parser


def _of_figures(reporting: argparse.ArgumentParser) -> None:
    reporting.add_argument("folder", type=Path)
    reporting.add_argument("--period", type=Named, choices=tuple(Named), help="default: last-month")
    reporting.add_argument("--from", dest="first", type=date.fromisoformat, metavar="YYYY-MM-DD")
    reporting.add_argument("--to", dest="last", type=date.fromisoformat, metavar="YYYY-MM-DD")
    reporting.add_argument("--office", action="append", type=OfficeId, help="may be given several times; default: all")
    reporting.add_argument("--category", type=CategoryId)
    reporting.add_argument(
        "--format",
        action="append",
        choices=("json", "csv", "xlsx", "png"),
        help="may be given several times; default: all",
    )
    reporting.add_argument("--language", default="en", choices=("ar", "en"), help="of spreadsheet and charts")


def _of_lessons(learning: argparse.ArgumentParser) -> None:
    learning.add_argument("--report", action="store_true", help="print it, which is all that this does")
    learning.add_argument("--since", type=_date, metavar="YYYY-MM-DD", help="the first day (default: 90 days ago)")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("expected a time with its offset, like 2026-12-16T10:00+03:00")
    return moment


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; one looks like 2026-12-02") from None


def _operator() -> Actor:
    """Whoever runs this, as the operating system knows them."""
    try:
        return console_actor(getpass.getuser())
    except (KeyError, OSError):  # a user without a name, as in containers
        return console_actor()


if __name__ == "__main__":
    sys.exit(main())
