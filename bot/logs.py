"""Logs: structured, in English, without personal data; references and ids are enough.

What an exception says may quote what a person wrote (a validator quotes its input, a database the row it refused),
and so may the variables around it. So of exceptions the log holds where they came from and of which kind they are, in
our own entries and in those of libraries alike.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import structlog

_ROOT = Path(__file__).parents[1]
_ROOMS = frozenset({"bot", "conversations", "locales", "services", "storage"})


def set_up(*, human: bool) -> None:
    """JSON lines, or readable ones where a person looks on."""
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if human:
        plain = structlog.dev.plain_traceback  # what it is given is a text already
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_exception),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(_LibraryFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[libraries])
    logging.getLogger("httpx").setLevel(logging.ERROR)
    sys.excepthook = _ended


def without_words(error: BaseException) -> str:
    """An exception, and those that led to it: where each came from and of which kind it is."""
    return "\n".join(_lines(error, set()))


def place(error: BaseException) -> str:
    """The innermost line of ours that an exception came through ("bot/updates/inbox.py:42"), or ""."""
    ours = [
        f"{'/'.join(parts)}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if (parts := _within(frame.f_code.co_filename)) and parts[0] in _ROOMS
    ]
    return ours[-1] if ours else ""


def _within(file: str) -> tuple[str, ...]:
    path = Path(file)
    return path.relative_to(_ROOT).parts if path.is_relative_to(_ROOT) else ()


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        yield "which led to"
    yield from "".join(traceback.format_tb(error.__traceback__)).splitlines()
    yield f"{type(error).__module__}.{type(error).__qualname__}{_reason(error)}"
    if isinstance(error, BaseExceptionGroup):
        for number, one in enumerate(error.exceptions, 1):
            yield f"  {number} of {len(error.exceptions)}:"
            yield from (f"  {line}" for line in _lines(one, seen))


def _reason(error: BaseException) -> str:
    """What the system says of a failure: "No space left on device", "SQLITE_FULL". It quotes nothing."""
    if isinstance(error, OSError) and error.errno is not None:
        return f": {error.strerror}"
    if isinstance(error, sqlite3.Error):
        return f": {getattr(error, 'sqlite_errorname', '')}"
    return ""


def _exception(exc_info: structlog.typing.ExcInfo) -> str:
    return without_words(exc_info[1])


class _LibraryFormatter(logging.Formatter):
    """For what libraries log: their exceptions, too, without words, and the first line of what they say."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # as another handler may have written it
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name for it
        # asyncio's further lines show the futures and tasks that failed, with their exceptions' words.
        record.message = record.message.partition("\n")[0]
        return super().formatMessage(record)

    def formatException(  # noqa: N802 - logging's name for it
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return "" if ei[1] is None else without_words(ei[1])


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The last word of a process that ends by a defect."""
    if isinstance(error, KeyboardInterrupt):
        return
    structlog.get_logger().critical("ended by a defect", exc_info=(kind, error, trace))
