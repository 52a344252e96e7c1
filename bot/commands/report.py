"""`customer-day report`: the figures that /report shows, as files; nobody is named in them and nobody quoted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot.app import open_context
from bot.context import AppContext
from bot.settings import Settings
from bot.time_source import Clock, now
from conversations.reports.files import file_name
from conversations.reports.pictures import charts
from conversations.reports.sheets import sheets
from locales import Language
from services.reports import counting, open_data
from services.reports.access import View
from services.reports.charts import draw
from services.reports.figures import Report, Scope
from services.reports.periods import Named, Period, named
from services.reports.workbook import workbook
from storage.ids import CategoryId, OfficeId

_VIEW = View(whole=True)


class Format(StrEnum):
    """The kinds of file; open data hides small counts, the others do not."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PNG = "png"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for on the command line."""

    folder: Path
    formats: tuple[Format, ...]
    period: Named | None
    first: date | None
    last: date | None
    offices: tuple[OfficeId, ...]
    category: CategoryId | None
    language: Language


async def write(settings: Settings, wanted: Wanted, clock: Clock = now) -> int:
    """Write the files into the folder. Raises ValueError for what is not there, ChartsFailed."""
    async with open_context(settings, clock=clock) as context:
        async with context.read() as work:
            scope = Scope(_period(wanted, work.today), _offices(context, wanted), _category(context, wanted))
            report = await counting.count(work, scope, staff=False, comments=False)
        await asyncio.to_thread(wanted.folder.mkdir, parents=True, exist_ok=True)
        for form in wanted.formats:
            for name, content in await _files(context, wanted, report, form):
                await asyncio.to_thread((wanted.folder / name).write_bytes, content)
                print(wanted.folder / name)  # noqa: T201
    return 0


def _period(wanted: Wanted, today: date) -> Period:
    if wanted.first is not None and wanted.last is not None:
        return Period(wanted.first, wanted.last)
    if wanted.first is not None or wanted.last is not None:
        raise ValueError("expected --from with --to, like --from 2026-11-01 --to 2026-11-30")
    return named(wanted.period or Named.LAST_MONTH, today)


def _offices(context: AppContext, wanted: Wanted) -> tuple[OfficeId, ...]:
    known = tuple(context.offices.offices_by_id)
    unknown = [office for office in wanted.offices if office not in known]
    if unknown:
        raise ValueError(f"no office {', '.join(unknown)}; there are: {', '.join(known)}")
    return wanted.offices or tuple(OfficeId(office) for office in known)


def _category(context: AppContext, wanted: Wanted) -> CategoryId | None:
    if wanted.category is not None and context.offices.category(wanted.category) is None:
        raise ValueError(f"no category {wanted.category}; there are: {', '.join(context.offices.categories_by_id)}")
    return wanted.category


async def _files(context: AppContext, wanted: Wanted, report: Report, form: Format) -> Sequence[tuple[str, bytes]]:
    t, name = context.catalogues.localizer(wanted.language), file_name(report.scope)
    match form:
        case Format.JSON:
            return [(f"{name}.json", open_data.as_json(report))]
        case Format.CSV:
            return [(f"{name}.csv", open_data.as_csv(report))]
        case Format.XLSX:
            return [(f"{name}.xlsx", workbook(sheets(t, context.offices, report, _VIEW), rtl=t.rtl))]
        case Format.PNG:
            drawn = charts(t, context.offices, report, _VIEW)
            pictures = await draw(drawn) if drawn else ()
            return [(f"{name}-{number}.png", picture) for number, picture in enumerate(pictures, start=1)]
