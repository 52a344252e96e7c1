"""The page for the entrance: a large code that visitors scan themselves, with what to do, in all languages.

Staff print it for each session. A new code makes the printed ones useless, where a picture of one got about.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.door import entrance
from conversations.door.words import lane_line
from conversations.engine.messages import FileKind, OutgoingFile
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import SessionButton, StaffButton
from locales import Language, Localizer
from locales.html import to_plain
from services.actors import session_subject
from services.printing import printing
from services.printing.printing import AnyBlock, Code, Document, Gap, Part, Size, Text
from services.staff.permissions import Act
from services.unit_of_work import Work
from services.visits import door
from services.visits.door import AFTER, BEFORE
from services.visits.visits import Denied
from storage.records.sessions import Session

_CODE = 105  # millimetres: read from two metres away


# ---------------------------------------------------------------------------- asked for


async def _print(context: StaffContext, _: Tap, session: Session) -> None:
    await _send(context, await door.to_print(context.work, context.person, session.id))


async def _send(context: StaffContext, session: Session | Denied | None) -> None:
    t = context.t
    if not isinstance(session, Session):
        refuse(context)
        return
    link = context.links.channel.deep(f"{entrance.PAYLOAD}{door.code_of(session)}")
    everyone = [context.catalogues.localizer(one) for one in Language]
    page = entrance_page(context.work, session, link, everyone)
    made = await context.work.prepare(("entrance page", link), lambda: printing.pdf_or_none(page))
    if made is None:
        answer(context, t("The page could not be made. Please try again."))
        return
    name = f"entrance-{session.office}-{session.day}-{session.lane}.pdf"
    context.say(
        t.join_lines(
            t("🖨 <b>Entrance page for {date}</b>", date=t.date(session.day)),
            lane_line(context.work, t, session),
            t("Print it and put it up at the entrance. The code is valid on that day only."),
        ),
        ((button(t.plain("🔄 Make a new code"), "doornew", session.id),),),
        files=(OutgoingFile(kind=FileKind.DOCUMENT, name=name, mime="application/pdf", content=made),),
        subject=session_subject(session.id),
    )


async def _ask_for_new(context: StaffContext, _: Tap, named: Session) -> None:
    """A second tap makes it: what hangs at the entrance is then useless."""
    session = await door.to_print(context.work, context.person, named.id)
    if not isinstance(session, Session):
        refuse(context)
        return
    t = context.t
    answer(
        context,
        t("Make a new code for {date}? The page that you printed will no longer work.", date=t.date(session.day)),
        ((button(t.plain("Yes, make a new code"), "doorrenew", session.id),),),
    )


async def _renew(context: StaffContext, _: Tap, session: Session) -> None:
    await _send(context, await door.renew(context.work, context.person, session.id))


# ---------------------------------------------------------------------------- the page


def entrance_page(work: Work, session: Session, link: str, everyone: list[Localizer]) -> Document:
    """One page with the code in its middle, and each language above and below it."""
    blocks: list[AnyBlock] = []
    for t in everyone:
        blocks += _head(work, t, session)
    blocks += [Gap(millimetres=3), Code(holds=link, millimetres=_CODE), Gap(millimetres=3)]
    for t in everyone:
        blocks += [*_what_to_do(t, session), Gap(millimetres=4)]
    first = everyone[0]
    title = first.plain("Entrance page")
    return Document(title=title, parts=(Part(blocks=tuple(blocks)),), rtl=first.rtl, language=first.language.value)


def _head(work: Work, t: Localizer, session: Session) -> list[AnyBlock]:
    office = work.offices.get(session.office)
    name = t.pick(office.name) if office else t.own(session.office)
    about = t.dotted(name, lane_line(work, t, session), t.date(session.day))
    return [
        Text(text=t.plain("Do you have an appointment? Scan this code"), size=Size.LARGE, bold=True, centred=True),
        Text(text=to_plain(about), centred=True),
    ]


def _what_to_do(t: Localizer, session: Session) -> list[AnyBlock]:
    steps = (
        t("{n}. Scan the code with your phone. In Telegram, tap Start.", n=1),
        t("{n}. Tap “I am here”. You get a number for the queue.", n=2),
        t("{n}. Wait nearby until your number is called.", n=3),
    )
    rest = (
        t(
            "You can do this from {before} before your appointment to {after} after it.",
            before=t.duration(BEFORE),
            after=t.duration(AFTER),
        ),
        t("No appointment, no Telegram, or late? Please go to reception."),
        t("This code is valid on {date} only.", date=t.date(session.day)),
    )
    large = [Text(text=to_plain(one), size=Size.LARGE, centred=True) for one in steps]
    return [*large, *(Text(text=to_plain(one), centred=True) for one in rest)]


BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        "doorpage": SessionButton(Act.RECEIVE, _print),
        "doornew": SessionButton(Act.RECEIVE, _ask_for_new),
        "doorrenew": SessionButton(Act.RECEIVE, _renew),
    }
)
