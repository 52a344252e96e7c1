"""The first words: who we are, what one can do here, what happens to what one says."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Button, Turn
from locales import Localizer


def welcome(turn: Turn) -> None:
    """Greet someone new. An album comes photo by photo, and only one answer outlives it: that one greets itself."""
    if not turn.said.album:
        turn.say(greeting(turn))


def greeting(turn: Turn) -> Markup:
    """Who we are, and the three lines of the privacy notice."""
    t = turn.t
    return t.join_lines(
        t("👋 <b>Welcome to Customer Day</b>"),
        t(
            "Use this service to reach the municipalities of Bahrain. You can book an appointment "
            "with the Director General, submit a complaint or a suggestion, and follow its progress."
        ),
        "",
        t("🔒 <b>Before you write</b>"),
        privacy_notice(turn),
    )


def privacy_notice(turn: Turn) -> Markup:
    """The notice that comes before any data is taken (Law 30/2018), in three lines."""
    t = turn.t
    ministry = t.pick(turn.work.offices.ministry)
    return t.join_lines(
        t("• The {ministry} keeps what you send to deal with your request, and for nothing else.", ministry=ministry),
        t(
            "• Messages pass through Telegram servers outside Bahrain. We will not submit anything "
            "without your consent."
        ),
        t("• You can see or erase your data, or withdraw your consent, at any time: {privacy}", privacy="/privacy"),
    )


def language_buttons(t: Localizer) -> tuple[Button, ...]:
    """The other languages, each by its own name, so that who needs it can read it."""
    return tuple(
        Button(label=f"🌐 {other.own_name}", route="language", value=other.value) for other in t.language.others
    )
