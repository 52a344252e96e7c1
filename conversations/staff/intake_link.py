"""`/intake` in a group: what callers tell is not typed where everybody reads along, but in private."""

from __future__ import annotations

from conversations.engine.step import Button
from conversations.staff.context import Desk
from conversations.staff.office_scope import answer, office_label, offices_here, refuse
from services.staff import permissions
from services.staff.permissions import Act

_MOST = 8


async def offer(desk: Desk) -> None:
    """The link that opens the questions in the private chat, one for each office for which the member may take it."""
    offices = desk.work.offices
    among = await offices_here(desk) or tuple(office.id for office in offices.all)
    member = await permissions.member(desk.work, desk.person)
    mine = () if member is None else member.offices(Act.INTAKE, among)
    if not mine:
        permissions.deny(desk.work, desk.person, Act.INTAKE, f"office:{among[0] if len(among) == 1 else '*'}")
        refuse(desk)
        return
    t = desk.t
    rows = [
        [
            Button(
                label=t.plain("Take a request for {office}", office=office_label(t, offices, office))[:64],
                url=desk.links.deep(f"intake_{office}"),
            )
        ]
        for office in mine[:_MOST]
    ]
    answer(desk, t("What a caller or visitor tells is written in the private chat with the bot, not here."), rows)
