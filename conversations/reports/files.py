"""What is sent of a report beside its message: charts, a spreadsheet, open data, and what people wrote."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from markupsafe import Markup

from conversations.engine.messages import FileKind, OutgoingFile
from conversations.reports.pictures import charts
from conversations.reports.scopes import Want
from conversations.reports.sheets import sheets
from conversations.reports.words import scope_words
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer
from services.reports import open_data
from services.reports.access import Shown
from services.reports.charts import draw_or_none
from services.reports.figures import Scope
from services.reports.sheet import Sheet
from services.reports.suppression import LEAST

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORDS = 300  # of a comment
_STAYS = timedelta(minutes=10)


async def send(context: StaffContext, want: Want, shown: Shown) -> None:
    if want is Want.CHARTS:
        await _charts(context, shown)
    elif want is Want.SPREADSHEET:
        await _spreadsheet(context, shown)
    else:
        _open_data(context, want, shown)


async def _charts(context: StaffContext, shown: Shown) -> None:
    t, scope = context.t, shown.report.scope
    drawn = charts(t, context.work.offices, shown.report, shown.view)
    if not drawn:
        answer(context, t("There is nothing to show in a chart for this period."))
        return
    pictures = await context.work.prepare(("charts", drawn), lambda: draw_or_none(drawn))
    if not pictures:
        answer(context, t("The charts could not be drawn. Please try again later."))
        return
    name = file_name(scope)
    photos = tuple(
        OutgoingFile(kind=FileKind.PHOTO, name=f"{name}-{number}.png", mime="image/png", content=picture)
        for number, picture in enumerate(pictures, start=1)
    )
    context.say(t("📈 {about}", about=scope_words(t, context.work.offices, scope)), files=photos)


def written(pages: tuple[Sheet, ...], *, rtl: bool) -> bytes:
    # Only who is asked for one loads what it takes: 30 MB.
    from services.reports.workbook import workbook  # noqa: PLC0415

    return workbook(pages, rtl=rtl)


async def _spreadsheet(context: StaffContext, shown: Shown) -> None:
    t, report = context.t, shown.report
    pages = sheets(t, context.work.offices, report, shown.view)
    content = await context.work.prepare(("workbook", pages), lambda: asyncio.to_thread(written, pages, rtl=t.rtl))
    name = f"{file_name(report.scope)}.xlsx"
    file = OutgoingFile(kind=FileKind.DOCUMENT, name=name, mime=XLSX, content=content)
    context.say(t("📗 {about}", about=scope_words(t, context.work.offices, report.scope)), files=(file,))


def _open_data(context: StaffContext, want: Want, shown: Shown) -> None:
    t, report = context.t, shown.report
    suffix, mime, write = (
        ("json", "application/json", open_data.as_json) if want is Want.JSON else ("csv", "text/csv", open_data.as_csv)
    )
    name = f"{file_name(report.scope)}.{suffix}"
    file = OutgoingFile(kind=FileKind.DOCUMENT, name=name, mime=mime, content=write(report))
    text = t.join_lines(
        scope_words(t, context.work.offices, report.scope),
        t("This file names nobody. Numbers below {n} are hidden, so it can be published.", n=LEAST),
    )
    context.say(text, files=(file,))


def say_comments(context: StaffContext, shown: Shown) -> None:
    """What people wrote to their ratings, to the office's staff only; like all that is personal it goes again."""
    t, report = context.t, shown.report
    if not shown.view.comments or not report.comments:
        answer(context, t("There are no comments to show."))
        return
    lines = [t("💬 <b>Comments</b>"), scope_words(t, context.work.offices, report.scope)]
    for one in report.comments:
        head = t.dotted(t.own("★" * one.stars), t.own(t.day(one.at)), t.ref(one.reference))
        lines += [t.join_lines("", head, t("“{words}”", words=t.own(" ".join(one.words.split()), _WORDS)))]
    lines += [Markup(), t("This message will be deleted in {minutes}.", minutes=t.duration(_STAYS))]
    answer(context, t.join_lines(*lines), delete_after=int(_STAYS.total_seconds()))


def file_name(scope: Scope) -> str:
    """What a report is about, in letters that every computer takes for a name."""
    office = scope.offices[0] if len(scope.offices) == 1 else "all"
    parts = ("report", office, scope.category, scope.period.first.isoformat(), scope.period.last.isoformat())
    return "-".join(part for part in parts if part)
