"""Which group each office works in."""

from __future__ import annotations

from conversations.staff import rights
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer, office_title
from services.staff import lost_chats, permissions
from services.staff.permissions import Act


async def groups(context: StaffContext) -> None:
    """The offices whose group somebody may link, and whether each has one."""
    t, work = context.t, context.work
    lines = []
    for office in await rights.offices_with(context, Act.LINK):
        name = office_title(t, work.offices, office)
        if await permissions.chat_of(work, office) is None:
            lines.append(t("⚪️ {office}: no group", office=name))
        elif (lost := await lost_chats.of_office(work, office)) is not None:
            moment = t.moment(lost.lost_at)
            lines.append(t("🔴 {office}: the bot cannot write there since {moment}", office=name, moment=moment))
        else:
            lines.append(t("🟢 {office}: linked to a group", office=name))
    text = t.join_lines(
        t("🔗 <b>Linked groups</b>"),
        *lines,
        "",
        t(
            "To link a group, add this service to it and send {link} there. To unlink it, send {unlink} there.",
            link="/link",
            unlink="/unlink",
        ),
    )
    answer(context, text)
