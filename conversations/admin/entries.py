"""What the menu of /admin offers: one row for each thing there is."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.staff.registry import At
from locales import N_
from services.staff.permissions import EVERY_OFFICE, Act, Member

#: The route that opens the menu, and the payload of the link that does.
DOOR = "admin"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of the menu: what it is called, who may, and what opens it."""

    name: str  # in a button's data; at most 24 characters
    label: str  # a text of the catalogue, with its icon
    right: Act
    route: str = ""  # of the dialogue; without one `menu.ANSWERS` has what answers
    at: At = At.ANY_OFFICE


ENTRIES = (
    Entry("announce", N_("📣 Announcements"), Act.ANNOUNCE, route="announce"),
    Entry("improvement", N_("🌱 You said, we did"), Act.ANNOUNCE, route="improvement"),
    Entry("incidents", N_("🌧 Incidents"), Act.INCIDENT, route="incidents"),
    Entry("offices", N_("🏛 Offices and sessions"), Act.CONFIGURE, route="offices"),
    Entry("report", N_("📊 Reports"), Act.REPORT),
    Entry("staff", N_("👥 Staff"), Act.LIST_STAFF),
    Entry("invite", N_("✉️ Invite someone"), Act.INVITE),
    Entry("groups", N_("🔗 Linked groups"), Act.LINK),
    Entry("looked", N_("👁 Who saw contact details"), Act.LOOKED),
    Entry("audit", N_("🧾 Audit"), Act.AUDIT),
    Entry("privacy", N_("🔒 Data requests"), Act.PRIVACY, at=At.EVERY_OFFICE),
)


def entries_for(member: Member) -> tuple[Entry, ...]:
    """What somebody may open."""
    return tuple(one for one in ENTRIES if _may(member, one))


def _may(member: Member, entry: Entry) -> bool:
    if entry.at is At.EVERY_OFFICE:
        return member.may(entry.right, EVERY_OFFICE)
    return any(member.may(entry.right, office) for office, _ in member.roles)
