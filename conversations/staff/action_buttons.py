"""How staff ask for each action (`services.cases.actions.ACTIONS`): its button, and what comes before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from conversations.engine.messages import Emphasis
from conversations.engine.step import Button
from conversations.staff.context import button
from locales import N_, Localizer
from services.cases.actions import Action
from storage.records.cases import Case


class Asks(Enum):
    """What comes between the button on the card and the action."""

    NOTHING = auto()
    CHOICE = auto()  # a menu under the card
    CHOICE_SHOWN = auto()  # a menu, then what the resident will read, to be confirmed
    WORDS = auto()  # the member writes them; what goes to the resident is shown before
    EARLIER_CASE = auto()  # those nearby, or a command


_DONE = N_("Done. The card is updated.")


@dataclass(frozen=True, slots=True)
class ActionButton:
    label: str  # a text of the catalogue
    asks: Asks = Asks.NOTHING
    menu: str = ""  # the menu's name in a button, where it is not the action's
    by_version: bool = True  # whether an older card's button is stale
    done: str = _DONE
    emphasis: Emphasis = Emphasis.NONE


ACTION_BUTTONS: Mapping[Action, ActionButton] = MappingProxyType(
    {
        Action.CLAIM: ActionButton(
            N_("✋ Claim"), by_version=False, done=N_("This request is now assigned to you"), emphasis=Emphasis.MAIN
        ),
        Action.ASSIGN: ActionButton(N_("👥 Assign"), Asks.CHOICE),
        Action.START: ActionButton(N_("🛠 Start work")),
        Action.ASK: ActionButton(N_("❓ Ask"), Asks.WORDS),
        Action.REPLY: ActionButton(N_("💬 Reply"), Asks.WORDS),
        Action.NOTE: ActionButton(N_("📝 Note"), Asks.WORDS),
        Action.RESOLVE: ActionButton(N_("☑️ Mark as solved"), Asks.WORDS, emphasis=Emphasis.CONFIRM),
        Action.REJECT: ActionButton(N_("🚫 Reject"), Asks.WORDS, emphasis=Emphasis.DANGER),
        Action.OUTSIDE: ActionButton(N_("↪️ Outside our remit"), Asks.CHOICE_SHOWN, menu="out"),
        Action.DUPLICATE: ActionButton(N_("🔗 Mark as duplicate"), Asks.EARLIER_CASE),
        Action.CATEGORY: ActionButton(N_("🗂 Change category"), Asks.CHOICE),
        Action.REFER: ActionButton(N_("↗️ Refer"), Asks.CHOICE_SHOWN),
        Action.TRANSFER: ActionButton(N_("➡️ Transfer"), Asks.CHOICE_SHOWN),
        Action.PRIORITY: ActionButton(N_("🔺 Set priority"), Asks.CHOICE),
        Action.ESCALATE: ActionButton(N_("⬆️ Escalate")),
        Action.ABUSE: ActionButton(N_("⛔️ Mark as abuse"), Asks.CHOICE, by_version=False, emphasis=Emphasis.DANGER),
    }
)

#: The verbs of the buttons that show more first: a menu, the earlier cases nearby, what the resident will read.
MENU, NEARBY, SHOW = "menu", "duplicate", "to_"
MERGE, SEPARATE = "merge", "separate"  # two requests that are about one thing, and back again


def menu_of(action: Action) -> str:
    """By which name a button opens the action's menu."""
    return ACTION_BUTTONS[action].menu or action.value


def action_button(t: Localizer, case: Case, action: Action) -> Button:
    """The button of an action on the card of a case."""
    shown = ACTION_BUTTONS[action]
    label = t.plain(shown.label)
    match shown.asks:
        case Asks.NOTHING | Asks.WORDS:
            return button(label, action.value, case.id, case.version, emphasis=shown.emphasis)
        case Asks.EARLIER_CASE:
            return button(label, NEARBY, case.id, case.version)
        case Asks.CHOICE | Asks.CHOICE_SHOWN:
            return button(label, MENU, case.id, case.version, menu_of(action), shown.emphasis)
