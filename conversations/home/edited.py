"""An edited message that is in nothing being written: its new words can be added to what was submitted, in one tap."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.engine.draft_step import words_of
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.home.kept import QUOTED, add_to
from conversations.home.keywords import is_reaction, only_wish
from conversations.home.main_menu import MainMenu
from conversations.home.sent import Kept
from conversations.texts.case import category_name, kind_name
from locales.bidi import shorten
from locales.html import to_plain
from services.bookings import bookings
from services.cases import resident_actions
from services.text.references import parse_reference
from storage.ids import Reference

_LISTED = 3  # requests, and appointments, that it may belong to
_WIDTH = 64  # characters of a button
_LEAVE = "leave"


class Corrected(Kept):
    """Where do the new words belong?"""

    step: Literal["edited:where"] = "edited:where"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("✏️ You edited a message that we had received before. The municipality has the earlier words."),
            Markup("<blockquote>{}</blockquote>").format(t.own(self.words, QUOTED)),
            t("Do you want to add the new words?"),
        )
        rows = [
            [Button(label=shorten(t.plain("➕ Add to: {what}", what=label), _WIDTH), value=reference)]
            for reference, label in await _submitted(turn)
        ]
        return Prompt(text, [*rows, [Button(label=t.plain("Leave it as it was"), value=_LEAVE)]], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        turn.handed_over = True
        reference = parse_reference(answer.choice)
        if reference is None:
            return Reask(turn.t("OK. Nothing was changed."), MainMenu())
        return await add_to(turn, self, reference)

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        return None

    def draft_title(self, turn: Turn) -> str:
        return ""


async def _submitted(turn: Turn) -> list[tuple[Reference, str]]:
    """What is still open, the newest first, and what it is called."""
    t, work = turn.t, turn.work
    cases = await resident_actions.open_of(work, turn.resident.id)
    coming = await bookings.open_of(work, turn.resident.id)
    about = [
        (one.reference, f"{to_plain(kind_name(t, one.kind))}: {to_plain(category_name(t, work.offices, one.category))}")
        for one in cases[:_LISTED]
    ]
    meetings = [(one.reference, t.plain("📅 Customer Day appointment")) for one in coming[:_LISTED]]
    return [(reference, f"{reference} {label}") for reference, label in (*about, *meetings)]


async def edited(turn: Turn) -> Next | None:
    """Ask what a correction is for; None where there is nothing that it could be for, or it says nothing."""
    text = turn.said.text
    if not text or is_reaction(text) or only_wish(text) is not None or not await _submitted(turn):
        return None
    return Corrected().with_words(turn.said.message, words_of(turn))


FLOW = Flow(steps=(Corrected,))
