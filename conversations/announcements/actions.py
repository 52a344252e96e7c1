"""What can be done with an announcement that is being sent or was, as buttons that work at any time."""

from __future__ import annotations

from conversations.engine.step import Button
from locales import Localizer
from services.announcements.model import Announcement, Status

#: The doors: of an act, whose argument is `<act>.<number>.<version>`; and of a correction.
ACT, CORRECT = "announcement_act", "announcement_fix"
#: The door to the announcement of a session, whose id is the argument; without one, to the list of sessions.
ANNOUNCE_SESSION = "announcement_sessions"


def action_rows(t: Localizer, found: Announcement) -> list[list[Button]]:
    """A tap asks before anything is sent, stopped for good or taken back."""

    def act(label: str, name: str) -> Button:
        return Button(label=label, route=ACT, value=f"{name}.{found.id}.{found.version}")

    pause, resume = act(t.plain("⏸ Pause"), "pause"), act(t.plain("▶️ Resume …"), "resume")
    cancel, recall = act(t.plain("✖️ Cancel …"), "cancel"), act(t.plain("🗑 Recall …"), "recall")
    correct = Button(label=t.plain("✏️ Correct …"), route=CORRECT, value=str(found.id))
    match found.status:
        case Status.SENDING:
            return [[pause, cancel], [correct, recall]]
        case Status.PAUSED:
            return [[resume, cancel], [correct, recall]]
        case Status.SENT | Status.CORRECTING:
            return [[correct, recall]]
        case Status.CANCELLED if found.sent:
            return [[recall]]
    return []
