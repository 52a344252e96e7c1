"""The living message by which staff call people in: asked for with /hall, and edited with each change of its line."""

from __future__ import annotations

import hashlib

from markupsafe import Markup

from conversations.engine.notices import Rendering
from conversations.engine.step import NotYet, Responder, Rows
from conversations.line.panel_text import lane_title, panel_buttons, panel_text
from conversations.staff import rights
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import answer, refuse
from conversations.staff.registry import StaffCommand
from locales import N_
from locales.html import to_plain
from services.actors import session_subject
from services.notify.notices.line import LinePanel
from services.staff.permissions import TELEGRAM, Act, Person, member
from services.visits import panels
from services.visits.panels import Panel
from services.visits.visits import Denied
from storage.ids import SessionId
from storage.records.residents import Resident
from storage.records.sessions import Session

_AT_ONCE = 3  # panels that are sent without asking which one is wanted


# ---------------------------------------------------------------------------- as notices


async def in_group(responder: Responder, notice: LinePanel) -> None:
    """In the office's group, while the team works there."""
    panel = await panels.of(responder.work, notice.session, TELEGRAM, notice.chat)
    if panel is None or panel.resident_id is not None:
        return
    found = await panels.look(responder.work, notice.session)
    if found is not None and await panels.is_of_team(responder.work, panel, found[0].office):
        await _say(responder, panel)


async def in_private(responder: Responder, notice: LinePanel, resident: Resident) -> None:
    """In a member's own chat, while they have the right."""
    panel = await panels.of(responder.work, notice.session, resident.channel, notice.chat)
    found = None if panel is None else await panels.look(responder.work, notice.session)
    if panel is None or found is None or panel.resident_id != resident.id:
        return
    who = await member(responder.work, Person(resident.channel, resident.address))
    if who is not None and who.may(Act.RECEIVE, found[0].office):
        await _say(responder, panel)


async def _say(responder: Responder, panel: Panel) -> None:
    work = responder.work
    if panel.message is None and await panels.is_on_its_way(work, panel):
        raise NotYet  # it would be sent twice: which message it is, is known once it was sent
    found = await panels.look(work, panel.session_id)
    if found is None:
        return
    hall, lane = found
    text = panel_text(responder, lane)
    buttons = panel_buttons(responder.t, lane, others=len(hall.lanes) > 1)
    digest = _digest(text, buttons)
    if panel.message is not None and panel.shown == digest:
        return  # an edit that changes nothing would cost the group one of its twenty messages
    panels.shows(work, panel, digest)
    responder.say(
        text,
        buttons,
        edit=panel.message,
        subject=session_subject(panel.session_id),
        supersedes=panels.group(panel),
        silent=True,
    )


def _digest(text: Markup, buttons: Rows) -> str:
    shown = "\n".join([text, *(f"{one.label} {one.data}" for row in buttons for one in row)])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


# ---------------------------------------------------------------------------- asked for


async def hall(context: StaffContext) -> None:
    """/hall: the panels of today's lines; where there are many, which one."""
    sessions: list[Session] = []
    for office in await rights.offices_with(context, Act.RECEIVE):
        sessions += await panels.sessions_today(context.work, office)
    if not sessions:
        answer(context, context.t("There is no Customer Day today."))
    elif len(sessions) > _AT_ONCE:
        await _choose(context, sessions)
    else:
        for session in sessions:
            await _open(context, session.id)


async def _choose(context: StaffContext, sessions: list[Session]) -> None:
    t, rows = context.t, []
    for session in sessions:
        found = await panels.look(context.work, session.id)
        if found is not None:
            label = to_plain(lane_title(context, found[1]))
            rows.append([button(label, "line_open", session.id)])
    answer(context, t("Which queue do you want to open?"), rows)


async def opened(context: StaffContext, _: Tap, session: Session) -> None:
    """A line that was chosen from several."""
    if await panels.look(context.work, session.id) is None:
        refuse(context)
        return
    await _open(context, session.id)


async def _open(context: StaffContext, session: SessionId) -> None:
    """Show the panel below; the one that was before stays above without its buttons."""
    said = context.said
    before = await panels.ask(context.work, session, context.person, said.chat, private=not said.group)
    if isinstance(before, Denied):
        refuse(context)
    elif before is not None:
        context.say(context.t("The queue is shown below."), edit=before)


COMMANDS = (StaffCommand("hall", N_("Call people in on Customer Day"), Act.RECEIVE, hall),)
RENDERINGS = (Rendering(LinePanel, in_private, in_group),)
