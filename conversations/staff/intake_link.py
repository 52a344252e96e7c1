"""`/intake` in a group: what callers tell is not typed where everybody reads along, but in private."""

from __future__ import annotations

from conversations.engine.step import Button
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer, office_label, offices_here, refuse
from services.actors import offices_subject
from services.staff import permissions
from services.staff.permissions import Act

_MOST = 8


async def offer(context: StaffContext) -> None:
    """The link that opens the questions in the private chat, one for each office for which the member may take it."""
    offices = context.work.offices
    among = await offices_here(context) or tuple(office.id for office in offices.all)
    member = await permissions.member(context.work, context.person)
    mine = () if member is None else member.offices(Act.INTAKE, among)
    if not mine:
        permissions.deny(
            context.work, context.person, Act.INTAKE, offices_subject(among[:1] if len(among) == 1 else ())
        )
        refuse(context)
        return
    t = context.t
    rows = [
        [
            Button(
                label=t.plain("Record a request for {office}", office=office_label(t, offices, office))[:64],
                url=context.links.deep(f"intake_{office}"),
            )
        ]
        for office in mine[:_MOST]
    ]
    answer(
        context,
        t("Use the private chat with the bot to record what a caller or visitor tells you. Do not type it here."),
        rows,
    )
