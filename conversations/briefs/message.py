"""A session's brief as a message: times and subjects, no names. Its buttons open the rest."""

from __future__ import annotations

from markupsafe import Markup

from conversations.briefs.words import MARKS, counted, heading, title, when
from conversations.engine.step import Button, Responder, Rows
from conversations.staff.context import button
from locales import Localizer
from locales.html import to_plain
from services.briefs.briefs import SessionBrief, VisitorBrief
from services.notify.notices.reports import SessionBriefed
from services.unit_of_work import Work
from storage.records.sessions import Session

PDF, XLSX, WHO, OPEN = "brief_pdf", "brief_xlsx", "brief_who", "brief"
_MOST = 30  # visitors in the message; the page has all


def say(responder: Responder, brief: SessionBrief, changed: SessionBriefed | None = None) -> None:
    """The short message of one session."""
    t, work = responder.t, responder.work
    shown = brief.visitors[:_MOST]
    more = len(brief.visitors) - len(shown)
    responder.say(
        t.join_lines(
            t("📋 <b>Brief: {session}</b>", session=title(work, t, brief.session)),
            when(t, brief.session),
            counted(t, brief),
            *_changes(t, work, brief, changed),
            Markup(),
            *(_line(work, t, one) for one in shown),
            t.plural("{n} more visitor is in the PDF.", "{n} more visitors are in the PDF.", more) if more else None,
        ),
        _rows(t, work, brief.session, shown),
    )


def _line(work: Work, t: Localizer, one: VisitorBrief) -> Markup:
    marks = " ".join(MARKS[part] for part in one.preparations if part in MARKS)
    return t("{about} {marks}", about=heading(work, t, one), marks=t.own(marks)) if marks else heading(work, t, one)


def _changes(t: Localizer, work: Work, brief: SessionBrief, changed: SessionBriefed | None) -> list[Markup]:
    """What is other than in the evening."""
    if changed is None or not changed.again:
        return []
    said = [t("<b>Changed since the last brief</b>")]
    for one in brief.visitors:
        if one.booking.id in changed.added:
            said.append(t("New: {about}", about=heading(work, t, one)))
        elif one.booking.id in changed.moved:
            said.append(t("Moved: {about}", about=heading(work, t, one)))
    if changed.gone:
        n = len(changed.gone)
        said.append(t.plural("{n} appointment was cancelled or moved", "{n} appointments were cancelled or moved", n))
    return said


def _rows(t: Localizer, work: Work, session: Session, shown: tuple[VisitorBrief, ...]) -> Rows:
    files = [button(t.plain("📄 PDF"), PDF, session.id), button(t.plain("📗 Excel"), XLSX, session.id)]
    who = [_who(t, work, one) for one in shown]
    return (files if shown else [], *(who[at : at + 2] for at in range(0, len(who), 2)))


def _who(t: Localizer, work: Work, one: VisitorBrief) -> Button:
    return button(to_plain(heading(work, t, one)), WHO, one.booking.id)
