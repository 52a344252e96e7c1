"""`/announce` and `/improvement` in a group: an announcement is written in private, where nobody reads along."""

from __future__ import annotations

from conversations.staff import rights
from conversations.staff.context import StaffContext
from conversations.staff.incoming_words import replied_case
from conversations.staff.registry import At, StaffCommand
from conversations.staff.to_private import lead_to_private, private_button
from locales import N_
from services.staff.permissions import Act
from services.text.references import references_in


async def announce(context: StaffContext) -> None:
    """The button that opens the announcements in private."""
    t = context.t
    office, *_ = await rights.offices_with(context, Act.ANNOUNCE, At.ANY_OFFICE)
    way = private_button(context, f"announce_{office}", t.plain("📣 Open announcements"))
    lead_to_private(context, t("Announcements are written in your private chat with the bot."), [way])


async def improvement(context: StaffContext) -> None:
    """The same for an improvement; as a reply to a card it takes that card's request along."""
    t, case = context.t, await replied_case(context)
    if case is not None and await rights.case_for(context, Act.ANNOUNCE, case.id) is None:
        return
    named = [one for one in references_in(context.said.argument) if one.startswith("C")]
    reference = case.reference if case is not None else next(iter(named), None)
    office, *_ = await rights.offices_with(context, Act.ANNOUNCE, At.ANY_OFFICE)
    payload = f"announce_{office}" if reference is None else f"improve_{reference}"
    text = t("Improvements are written in your private chat with the bot.")
    if reference is not None:
        text = t("Link {reference} to an improvement in your private chat with the bot.", reference=t.ref(reference))
    lead_to_private(context, text, [private_button(context, payload, t.plain("🌱 Open in private"))])


COMMANDS = (
    StaffCommand("announce", N_("Announcements to residents"), Act.ANNOUNCE, announce, At.ANY_OFFICE, in_private=False),
    StaffCommand(
        "improvement",
        N_("Tell residents what was improved because they asked"),
        Act.ANNOUNCE,
        improvement,
        At.ANY_OFFICE,
        in_private=False,
    ),
)
