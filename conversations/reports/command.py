"""/report: the figures of a period, of an office, of a category; and what is opened from there.

It is one message that its buttons turn into another period, office or category, with files below it on request. Who is
shown what is decided where the report is read (`services.reports.access`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Rows
from conversations.reports import choices, files, inquiries
from conversations.reports.scopes import VERB, Asked, Want, asked_by, to, typed
from conversations.reports.summary import summary
from conversations.staff.case_list import list_group
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import At, DeskButton, StaffButton, StaffCommand
from locales import N_, Localizer
from services.actors import FORGED_BUTTON, chat_subject, offices_subject
from services.reports import access
from services.reports.access import Place, Shown, Where
from services.staff import permissions
from services.staff.permissions import Act

_FILES = frozenset({Want.CHARTS, Want.SPREADSHEET, Want.JSON, Want.CSV})


async def report(context: StaffContext) -> None:
    """/report, with or without a period, an office and a category."""
    place, t, work = await _place(context), context.t, context.work
    if place is None:
        return
    allowed = await access.allowed(work, context.person, place)
    asked = typed(work.offices, allowed, context.said.argument, work.today)
    if asked is None:
        answer(
            context,
            t.join_lines(
                t("This is not a period, an office or a category that a report can be about."),
                t("Examples:"),
                t.own(f"/report {t.plain('Last month')}"),
                t.own("/report 2026-11-01 2026-11-30"),
            ),
            _back(t, place),
        )
        return
    shown = await access.read(work, context.person, place, asked.scope(allowed))
    if shown is None:
        refuse(context)
        return
    answer(context, summary(t, work.offices, shown.report, shown.view), _buttons(t, place, asked, shown))


async def _tapped(context: StaffContext, tap: Tap) -> None:
    place = await _place(context)
    if place is None:
        return
    asked = asked_by(tap, context.work.offices)
    if asked is None:
        permissions.deny(context.work, context.person, Act.REPORT, FORGED_BUTTON)
        refuse(context)
        return
    want, about = asked
    allowed = await access.allowed(context.work, context.person, place)
    if want in {Want.PERIODS, Want.OFFICES, Want.CATEGORIES}:
        _show(context, *choices.of(context.t, context.work, want, about, allowed))
        return
    quote = want is Want.COMMENTS
    shown = await access.read(context.work, context.person, place, about.scope(allowed), quote=quote)
    if shown is None:
        refuse(context)
    elif want is Want.INQUIRIES:
        await inquiries.send(context, shown)
    elif want in _FILES:
        await files.send(context, want, shown)
    elif quote:
        files.say_comments(context, shown)
    else:
        text = summary(context.t, context.work.offices, shown.report, shown.view)
        rows = _buttons(context.t, place, about, shown)
        if want is Want.OPEN:
            answer(context, text, rows)
        else:
            _show(context, text, rows)


def _show(context: StaffContext, text: Markup, rows: Rows) -> None:
    """In the place of what the message said before."""
    context.say(text, rows, edit=context.said.message, supersedes=list_group(context))


async def _place(context: StaffContext) -> Where | None:
    """Where it is asked; in a group in which no report is shown they are told so, and it is written down."""
    said = context.said
    place = await access.where(context.work, said.channel, said.chat, said.topic, group=said.group)
    if place is None or not await access.allowed(context.work, context.person, place):
        subject = chat_subject(said.chat) if place is None else offices_subject(place.offices)
        permissions.deny(context.work, context.person, Act.REPORT, subject)
        refuse(context)
        return None
    return place


def _buttons(t: Localizer, place: Where, asked: Asked, shown: Shown) -> Rows:
    narrow = [to(t.plain("📅 Period"), Want.PERIODS, asked)]
    if len(place.offices) > 1:
        narrow.append(to(t.plain("🏛 Office"), Want.OFFICES, asked))
    narrow.append(to(t.plain("🏷 Category"), Want.CATEGORIES, asked))
    more = [to(t.plain("📈 Charts"), Want.CHARTS, asked), to(t.plain("📗 Excel"), Want.SPREADSHEET, asked)]
    rows = [
        narrow,
        more,
        [to(t.plain("Open data (JSON)"), Want.JSON, asked), to(t.plain("Open data (CSV)"), Want.CSV, asked)],
    ]
    if asked.category is None:
        rows.append([to(t.plain("❓ What people asked"), Want.INQUIRIES, asked)])
    if shown.view.comments and shown.report.satisfaction.comments:
        rows.append([to(t.plain("💬 Comments"), Want.COMMENTS, asked)])
    return (*rows, *_back(t, place))


def _back(t: Localizer, place: Where) -> Rows:
    """To the administration menu. In a group there is none: others would read along."""
    return ((button(t.plain("Back"), "admin"),),) if place.place is Place.PRIVATE else ()


COMMANDS = (StaffCommand("report", N_("Figures of a week, a month or a year"), Act.REPORT, report, At.ANY_OFFICE),)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType({VERB: DeskButton(Act.REPORT, _tapped, At.ANY_OFFICE)})
