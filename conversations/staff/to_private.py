"""From a group to the private chat: there each step is shown to one member only, and nobody reads along."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from conversations.engine.step import Button, Responder
from conversations.staff.context import StaffContext
from conversations.staff.office_scope import answer
from locales.bidi import shorten

_WIDTH = 64  # of a button


def private_button(responder: Responder, payload: str = "", label: str = "") -> Button:
    """The way there: to what the link's `payload` opens, or just into the chat."""
    links = responder.links.channel
    shown = shorten(label, _WIDTH) if label else responder.t.plain("Open the private chat")
    return Button(label=shown, url=links.deep(payload) if payload else links.chat())


def lead_to_private(context: StaffContext, text: Markup, ways: Sequence[Button] = ()) -> None:
    """Answer what was typed in a group with the way to do it in private, or with several."""
    answer(context, text, [[way] for way in ways or (private_button(context),)])
