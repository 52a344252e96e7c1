"""A name and a phone number, shown to who may see them: a message that is gone again after ten minutes."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from conversations.staff.context import StaffContext
from services.actors import Subject
from storage.ids import Reference

STAYS = timedelta(minutes=10)


def say_contact(
    context: StaffContext, subject: Subject, reference: Reference, name: str, phone: str, remark: Markup | None = None
) -> None:
    """Show them below the card that was tapped; that they were looked at was written down before."""
    t = context.t
    context.say(
        t.join_lines(
            t("👤 {reference}", reference=t.ref(reference)),
            t.own(name, 100) if name else t("No name given."),
            t.phone(phone) if phone else t("No phone number given."),
            remark,
            "",
            t(
                "We have recorded that you viewed this. This message will be deleted in {minutes}.",
                minutes=t.duration(STAYS),
            ),
        ),
        subject=subject,
        reply_to=context.said.message,
        reader=context.alone,
        delete_after=int(STAYS.total_seconds()),
    )
    context.toast = t.plain("Contact details shown for {minutes}", minutes=t.duration(STAYS))
