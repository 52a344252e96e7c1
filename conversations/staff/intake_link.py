"""`/intake` in a group: what callers tell is not typed where everybody reads along, but in private."""

from __future__ import annotations

from conversations.staff import rights
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import office_label
from conversations.staff.registry import At, StaffCommand
from conversations.staff.to_private import lead_to_private, private_button
from locales import N_
from services.staff.permissions import Act

_MOST = 8


async def offer(context: StaffContext) -> None:
    """The link that opens the questions in the private chat, one for each office for which the member may take it."""
    offices = context.work.offices
    here = await context.offices_here()
    among = here or tuple(office.id for office in offices.all)
    mine = [office for office in await rights.offices_with(context, Act.INTAKE, At.ANY_OFFICE) if office in among]
    t = context.t
    labels = {one: t.plain("Record a request for {office}", office=office_label(t, offices, one)) for one in mine}
    lead_to_private(
        context,
        t("Use the private chat with the bot to record what a caller or visitor tells you. Do not type it here."),
        [private_button(context, f"intake_{one}", labels[one]) for one in mine[:_MOST]],
    )


COMMANDS = (
    StaffCommand(
        "intake",
        N_("Record a request or appointment for a caller or visitor"),
        Act.INTAKE,
        offer,
        At.ANY_OFFICE,
        in_private=False,
    ),
)
