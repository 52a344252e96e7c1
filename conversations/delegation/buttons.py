"""The buttons of residents' flows, where they are for somebody else: each opens the same, in the other's place."""

from __future__ import annotations

from conversations.delegation import words
from conversations.engine.messages import Choice, Outgoing
from conversations.engine.step import MAX_BUTTON_VALUE, Button, Rows
from storage.ids import DelegationId

#: The routes that a delegate can open for the other.
OPENED = frozenset(
    {
        *words.BEGINNINGS,
        *("case", "track", "add", "answer", "offer", "withdraw", "reopen", "fixed", "notfixed", "rate"),
        *("book_day", "book_again", "line", "appointment", "move", "cancel", "attend", "accept", "decline"),
        *("ics", "code", "place", "meet", "unlink"),
        *("notanswer", "answers"),
        *("line_more", "line_leave", "line_left", "line_stay", "line_here"),
        *("incident_not", "incident_again", "still_here"),
    }
)
#: What leads out of everything, and is everybody's own.
_OUT = frozenset({"menu", "privacy"})
_STANDING = "do"


def at_another(rows: Rows, delegation: DelegationId) -> Rows:
    """The rows of a question. What leads into one's own affairs is left out."""
    found = ([one for button in row if (one := _at(button, delegation)) is not None] for row in rows)
    return [row for row in found if row]


def _at(button: Button, delegation: DelegationId) -> Button | None:
    if not button.route or button.route in _OUT:
        return button
    value = f"{delegation}.{button.route}.{button.value}"
    if button.route not in OPENED or len(value) > MAX_BUTTON_VALUE:
        return None
    return button.model_copy(update={"route": words.AT, "value": value})


def shown_at_another(message: Outgoing, delegation: DelegationId) -> Outgoing:
    """A message of its own."""
    if not message.rows:
        return message
    found = (tuple(one for choice in row if (one := _chosen(choice, delegation)) is not None) for row in message.rows)
    return message.model_copy(update={"rows": tuple(row for row in found if row)})


def _chosen(choice: Choice, delegation: DelegationId) -> Choice | None:
    standing, _, rest = choice.data.partition(":")
    if standing != _STANDING:
        return choice
    route, argument, number = (*rest.split(":"), "", "", "")[:3]
    if route in _OUT or route == words.AT or route in words.OWN:
        return choice
    value = f"{delegation}.{route}.{argument}"
    if route not in OPENED or len(value) > MAX_BUTTON_VALUE:
        return None
    return choice.model_copy(update={"data": f"{_STANDING}:{words.AT}:{value}:{number or 0}"})
