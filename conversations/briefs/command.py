"""/brief: who comes today and on the next Customer Day, and what is opened from there. In private chats only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.briefs import message
from conversations.briefs.pages import document
from conversations.briefs.sheets import sheet
from conversations.briefs.words import counted, heading, lines, title, when
from conversations.engine.messages import FileKind, OutgoingFile
from conversations.reports.files import written
from conversations.staff.context import StaffContext, Tap
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import At, DeskButton, StaffButton, StaffCommand
from locales import N_
from services.actors import booking_subject, session_subject
from services.briefs import briefs
from services.briefs.briefs import SessionBrief
from services.printing.printing import pdf_or_none
from services.staff.permissions import Act
from storage.ids import BookingId, SessionId

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What names somebody does not stay: one visitor as long as a contact does, a file for the day of the session.
_STAYS, _FILE_STAYS = timedelta(minutes=10), timedelta(hours=24)
_WORDS = 1000


async def brief(context: StaffContext) -> None:
    """Today's sessions and the next day's, a message each."""
    everywhere = tuple(office.id for office in context.work.offices.all)
    sessions = await briefs.sessions_of(context.work, context.person, everywhere)
    if not sessions:
        answer(context, context.t("There is no Customer Day ahead."))
        return
    for session in sessions[:6]:
        found = await briefs.of_session(context.work, context.person, session.id)
        if found is not None:
            message.say(context, found)


async def _opened(context: StaffContext, tap: Tap) -> None:
    found = await _session(context, tap)
    if found is not None:
        message.say(context, found)


async def _session(context: StaffContext, tap: Tap) -> SessionBrief | None:
    found = await briefs.of_session(context.work, context.person, SessionId(tap.case))
    if found is None:
        refuse(context)
    return found


async def _pdf(context: StaffContext, tap: Tap) -> None:
    found = await _session(context, tap)
    if found is None:
        return
    t, pages = context.t, document(context.work, context.t, found)
    made = await context.work.prepare(("brief pdf", pages), lambda: pdf_or_none(pages))
    if made is None:
        answer(context, t("The PDF could not be made. Please try again later."))
        return
    _send(context, found, "pdf", "application/pdf", made)


async def _spreadsheet(context: StaffContext, tap: Tap) -> None:
    found = await _session(context, tap)
    if found is None:
        return
    page, rtl = sheet(context.work, context.t, found), context.t.rtl
    made = await context.work.prepare(("brief xlsx", page), lambda: asyncio.to_thread(written, (page,), rtl=rtl))
    _send(context, found, "xlsx", _XLSX, made)


def _send(context: StaffContext, found: SessionBrief, suffix: str, mime: str, content: bytes) -> None:
    t, session = context.t, found.session
    name = f"brief-{session.office}-{session.lane}-{session.day}.{suffix}"
    text = t.join_lines(
        title(context.work, t, session),
        t.dotted(when(t, session), counted(t, found)),
        t("This message will be deleted in {hours}.", hours=t.duration(_FILE_STAYS)),
    )
    context.say(
        text,
        files=(OutgoingFile(kind=FileKind.DOCUMENT, name=name, mime=mime, content=content),),
        subject=session_subject(session.id),
        delete_after=int(_FILE_STAYS.total_seconds()),
    )


async def _visitor(context: StaffContext, tap: Tap) -> None:
    work, t = context.work, context.t
    found = await briefs.of_booking(work, context.person, BookingId(tap.case))
    if found is None:
        refuse(context)
        return
    said = [
        t("<b>{label}</b>: {value}", label=label, value=_below(value)) for label, value in lines(work, t, found, _WORDS)
    ]
    text = t.join_lines(
        t("👤 <b>{about}</b>", about=heading(work, t, found)),
        *said,
        Markup(),
        t(
            "We have recorded that you viewed this. This message will be deleted in {minutes}.",
            minutes=t.duration(_STAYS),
        ),
    )
    subject = booking_subject(found.booking.id)
    context.say(text, subject=subject, delete_after=int(_STAYS.total_seconds()))


def _below(value: Markup) -> Markup:
    """Several lines stand below their label."""
    return Markup("\n") + value if "\n" in value else value


COMMANDS = (
    StaffCommand("brief", N_("Who comes to the next Customer Day"), Act.BRIEF, brief, At.ANY_OFFICE, alone=True),
)
BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        message.OPEN: DeskButton(Act.BRIEF, _opened, At.ANY_OFFICE, alone=True),
        message.PDF: DeskButton(Act.BRIEF, _pdf, At.ANY_OFFICE, alone=True),
        message.XLSX: DeskButton(Act.BRIEF, _spreadsheet, At.ANY_OFFICE, alone=True),
        message.WHO: DeskButton(Act.BRIEF, _visitor, At.ANY_OFFICE, alone=True),
    }
)
