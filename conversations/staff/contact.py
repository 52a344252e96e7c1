"""A name and a phone number, shown to who may see them: a message that is gone again after ten minutes."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from conversations.staff.context import StaffContext
from locales import Localizer
from services.actors import Subject
from storage.ids import Reference
from storage.records.residents import Resident

STAYS = timedelta(minutes=10)


def _acts_for_them(t: Localizer, delegate: Resident | None) -> list[Markup]:
    """Who filed or booked it for them."""
    if delegate is None:
        return []
    name = t.own(delegate.name, 100) if delegate.name else t("No name given.")
    return [t("👥 Acts for them: {name}", name=name), *([t.phone(delegate.phone)] if delegate.phone else [])]


def say_contact(
    context: StaffContext,
    subject: Subject,
    reference: Reference,
    name: str,
    phone: str,
    remark: Markup | None = None,
    delegate: Resident | None = None,
) -> None:
    """Show them below the card that was tapped; that they were looked at was written down before."""
    t = context.t
    context.say(
        t.join_lines(
            t("👤 {reference}", reference=t.ref(reference)),
            t.own(name, 100) if name else t("No name given."),
            t.phone(phone) if phone else t("No phone number given."),
            remark,
            *_acts_for_them(context.t, delegate),
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
