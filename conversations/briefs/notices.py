"""The brief and the summary that come by themselves, put into words when they are sent, to who may still read them."""

from __future__ import annotations

from conversations.briefs import message, summary
from conversations.engine.messages import FileKind, OutgoingFile
from conversations.engine.notices import Rendering
from conversations.engine.step import Responder
from conversations.staff.context import button
from services.actors import session_subject
from services.briefs import briefs, summaries, telling
from services.notify.notices.reports import SessionBriefed, SessionSummed
from services.reports.charts import draw_or_none
from storage.records.residents import Resident


async def brief(responder: Responder, notice: SessionBriefed, resident: Resident) -> None:
    """Who comes; nothing where there is nothing to say any more."""
    session = await telling.reads(responder.work, resident, notice.session)
    if session is None:
        return
    found = await briefs.told(responder.work, session)
    if found.visitors or notice.again:
        message.say(responder, found, notice)


async def summed(responder: Responder, notice: SessionSummed, resident: Resident) -> None:
    """What came of it, with pictures where they could be drawn."""
    work, t = responder.work, responder.t
    session = await telling.reads(work, resident, notice.session)
    if session is None:
        return
    counted = await summaries.count(work, session)
    drawn = summary.charts(work, t, counted)
    pictures = await work.prepare(("summary", drawn), lambda: draw_or_none(drawn))
    files = tuple(
        OutgoingFile(kind=FileKind.PHOTO, name=f"summary-{number}.png", mime="image/png", content=picture)
        for number, picture in enumerate(pictures, start=1)
    )
    subject = session_subject(session.id)
    rows = ((button(t.plain("📋 Open the brief"), message.OPEN, session.id),),)
    responder.say(summary.text(work, t, counted), rows, files=files, subject=subject)


RENDERINGS = (Rendering(SessionBriefed, to_resident=brief), Rendering(SessionSummed, to_resident=summed))
