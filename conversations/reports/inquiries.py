"""What residents asked in a period, and what no answer was found for: as a message and as a spreadsheet."""

from __future__ import annotations

import asyncio

from markupsafe import Markup

from conversations.engine.messages import FileKind, OutgoingFile
from conversations.reports.files import XLSX, file_name, written
from conversations.reports.words import scope_words
from conversations.staff.context import StaffContext
from locales import Localizer, clean
from services.inquiries import figures
from services.inquiries.figures import InquiryFigures
from services.offices.answers import AnswerId
from services.offices.offices import Offices
from services.reports.access import Shown
from services.reports.figures import Scope
from services.reports.sheet import Sheet

_LISTED = 5  # of each in the message; the spreadsheet has all
_SHORT = 60  # characters of a question in the message, which is the caption of a file


async def send(context: StaffContext, shown: Shown) -> None:
    """Whoever is shown sums only reads no words that residents wrote."""
    scope = shown.report.scope
    found = await context.work.look_up(("inquiries", scope), lambda reading: figures.count(reading, scope))
    t, offices = context.t, context.work.offices
    pages = _sheets(t, offices, scope, found, words=shown.view.whole)
    content = await context.work.prepare(("workbook", pages), lambda: asyncio.to_thread(written, pages, rtl=t.rtl))
    file = OutgoingFile(kind=FileKind.DOCUMENT, name=f"inquiries-{file_name(scope)}.xlsx", mime=XLSX, content=content)
    context.say(_text(t, offices, scope, found, words=shown.view.whole), files=(file,))


def _text(t: Localizer, offices: Offices, scope: Scope, found: InquiryFigures, *, words: bool) -> Markup:
    lines = [
        t("❓ <b>Inquiries</b>"),
        scope_words(t, offices, scope),
        t("Asked: {n}", n=found.asked),
        t("Without a ready answer: {n}", n=found.unknown),
    ]
    if found.answers:
        lines += [Markup(), t("<b>Asked most often</b>")]
        lines += [
            t("• {question}: {n}", question=t.own(_title(t, offices, scope, one.answer), _SHORT), n=one.shown)
            for one in found.answers[:_LISTED]
        ]
    if found.unanswered and words:
        lines += [Markup(), t("<b>Not answered</b>")]
        lines += [
            t("• “{question}”: {n}", question=t.own(one.words, _SHORT), n=one.n) for one in found.unanswered[:_LISTED]
        ]
    return t.join_lines(*lines)


def _title(t: Localizer, offices: Offices, scope: Scope, answer: AnswerId) -> str:
    """An answer's question; its id where it was removed. Of several offices it may be one's own."""
    for office in scope.offices:
        known = offices.answers_of(office).get(answer)
        if known is not None:
            return t.pick_plain(known.question)
    return answer


def _sheets(t: Localizer, offices: Offices, scope: Scope, found: InquiryFigures, *, words: bool) -> tuple[Sheet, ...]:
    def head(*texts: str) -> tuple[str, ...]:
        return tuple(clean(text) for text in texts)

    answers = Sheet(
        clean(t.plain("Ready answers")),
        head(t.plain("Answer"), t.plain("Shown"), t.plain("It was the answer"), t.plain("It was not")),
        tuple(
            (clean(_title(t, offices, scope, one.answer)), one.shown, one.answered, one.not_answered)
            for one in found.answers
        ),
    )
    if not words:
        return (answers,)
    unanswered = Sheet(
        clean(t.plain("Not answered")),
        head(t.plain("What was asked"), t.plain("How often"), t.plain("Answer that was shown"), t.plain("Last asked")),
        tuple(
            (
                one.words,
                one.n,
                clean(_title(t, offices, scope, AnswerId(one.answer))) if one.answer else None,
                one.last_at.astimezone(offices.zone).date(),
            )
            for one in found.unanswered
        ),
    )
    return answers, unanswered
