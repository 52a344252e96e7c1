"""What is needed less often, and the invitation to say it in one's own words."""

from __future__ import annotations

from typing import Literal

from conversations.delegation.words import people_button
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, Prompt, Step, Turn
from locales.bidi import shorten

_NAME = 40  # characters of an office's name on its button


class MoreMenu(Step):
    """What is needed less often."""

    step: Literal["menu:more"] = "menu:more"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = [
            [Button(label=t.plain("❓ Ask a question"), route="ask")],
            [
                Button(label=t.plain("Make a suggestion"), route="suggest"),
                Button(label=t.plain("Share an observation"), route="observe"),
            ],
            [Button(label=t.plain("🛠 Request a service"), route="request")],
            [people_button(t)],
            [Button(label=_office_label(turn), route="office")],
            [
                Button(label=t.plain("Contact us"), route="contact"),
                Button(label=t.plain("Settings"), route="settings"),
            ],
            [Button(label=t.plain("Privacy"), route="privacy"), Button(label=t.plain("About"), route="about")],
            [Button(label=t.plain("Help"), route="help")],
        ]
        return Prompt(t("<b>More services</b>"), rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self  # all its buttons open routes


class Telling(Step):
    """Asked to say it in one's own words; what is said is taken as anything said at any time."""

    step: Literal["menu:tell"] = "menu:tell"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        return Prompt(
            t.join_lines(
                t("✍️ Write what you need, as you would say it. You can also send a photo, a voice note or a location."),
                t(
                    "For example: “{example}”",
                    example=t.own(
                        t.plain("The bin has not been emptied, block {block}, road {road}", block="338", road="12")
                    ),
                ),
                t("Nothing is submitted before you confirm it."),
            ),
            back=False,
        )

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self


def _office_label(turn: Turn) -> str:
    t, office = turn.t, turn.work.offices.get(turn.resident.office)
    if office is None or office.retired:
        return t.plain("🏛 Choose municipality")
    return t.plain("🏛 Office: {office}", office=shorten(t.pick_plain(office.short_name), _NAME))


async def more(_turn: Turn, _: str) -> Next:
    return MoreMenu()


async def tell(_turn: Turn, _: str) -> Next:
    return Telling()


FLOW = Flow(steps=(MoreMenu, Telling), routes={"more": more, "tell": tell})
