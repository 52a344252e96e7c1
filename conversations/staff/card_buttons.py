"""The buttons under a card: what can be done with a case in its state. Whether a member may is asked when they tap."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.engine.step import Button, Rows
from conversations.staff.action_buttons import MENU, action_button
from conversations.staff.context import button
from conversations.staff.public_summary import write_button
from conversations.staff.reused_answer import reuse_buttons
from locales import N_, Localizer
from services.cases.actions import BARRED, HIGHEST, Action
from services.cases.workflow import ENDED, Transition, can
from storage.records.cases import Case

CLOSE_UNANSWERED = "unanswered"  # the verb of the button that closes a request whose question nobody answered
PRIORITIES = (N_("Normal"), N_("High"), N_("Urgent"), N_("Emergency"))


def main_buttons(t: Localizer, case: Case) -> Rows:
    """The buttons that every card has."""
    if case.status in ENDED:
        reply = (action_button(t, case, Action.REPLY),) if can(case, Transition.REPLY) else ()
        return ((*reply, action_button(t, case, Action.NOTE)), _looks(t, case), *reuse_buttons(t, case))
    first = Action.ASSIGN if case.owner else Action.CLAIM
    return (  # two in a row: three of these are cut off on a phone
        (action_button(t, case, first), action_button(t, case, Action.REPLY)),
        (action_button(t, case, Action.ASK), action_button(t, case, Action.NOTE)),
        (_menu(t.plain("🚦 Change status"), case, "status"), _menu(t.plain("⋯ More"), case, "more")),
        *reuse_buttons(t, case),
    )


def _looks(t: Localizer, case: Case) -> tuple[Button, ...]:
    """What a member can look up of a case."""
    return (
        button(t.plain("👤 Show contact"), "contact", case.id, case.version),
        button(t.plain("🕘 View history"), "history", case.id, case.version),
    )


def _menu(label: str, case: Case, name: str) -> Button:
    return button(label, MENU, case.id, case.version, name)


def back(t: Localizer, case: Case) -> tuple[Button, ...]:
    return (_menu(t.plain("⬅️ Back"), case, "main"),)


def more_buttons(t: Localizer, case: Case) -> Rows:
    where: list[Button] = []
    if case.latitude is not None and case.longitude is not None:
        address = f"https://maps.google.com/?q={case.latitude:.6f},{case.longitude:.6f}"
        where = [Button(label=t.plain("🗺 Open map"), url=address)]
    return (
        tuple(action_button(t, case, one) for one in (Action.ASSIGN, Action.REFER, Action.TRANSFER)),
        tuple(action_button(t, case, one) for one in (Action.PRIORITY, Action.ESCALATE)),
        _looks(t, case),
        write_button(t, case),
        (*where, action_button(t, case, Action.ABUSE)),
        back(t, case),
    )


def status_buttons(t: Localizer, case: Case) -> Rows:
    start = [action_button(t, case, Action.START)] if can(case, Transition.START_WORK) else []
    return (
        (*start, action_button(t, case, Action.RESOLVE)),
        tuple(action_button(t, case, one) for one in (Action.REJECT, Action.OUTSIDE)),
        tuple(action_button(t, case, one) for one in (Action.DUPLICATE, Action.CATEGORY)),
        back(t, case),
    )


def decision_buttons(t: Localizer, case: Case) -> Rows:
    """What a team can do where a resident has not answered its question."""
    return (
        (
            button(t.plain("❓ Ask again"), Action.ASK.value, case.id, case.version),
            button(t.plain("📞 Call"), "contact", case.id, case.version),
        ),
        (button(t.plain("🚫 Close as unanswered"), CLOSE_UNANSWERED, case.id, case.version),),
    )


def priority_buttons(t: Localizer, case: Case) -> Rows:
    levels = []
    for level, name in enumerate(PRIORITIES):
        mark = "• " if level == min(case.priority, HIGHEST) else ""
        levels.append(button(mark + t.plain(name), Action.PRIORITY, case.id, case.version, str(level)))
    return tuple(levels), back(t, case)


def priority_name(level: int) -> str:
    """A priority by name; whatever is above the highest is the highest."""
    return PRIORITIES[min(level, HIGHEST)]


def abuse_buttons(t: Localizer, case: Case) -> Rows:
    label = t.plain("Close and block for {span}", span=t.duration(BARRED))
    return pick_buttons(t, case, Action.ABUSE, [("yes", label)])


def pick_buttons(t: Localizer, case: Case, verb: str, choices: Sequence[tuple[str, str]]) -> Rows:
    """Two by two: (id, label)."""
    buttons = [button(label, verb, case.id, case.version, name) for name, label in choices]
    return (*(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)), back(t, case))
