"""The first words: who we are, what one can do here, what happens to what one says."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Button, Rows, Talk
from locales import Language, Tongue


def welcome(talk: Talk) -> None:
    """Greet someone new. An album comes photo by photo, and only one answer outlives it: that one greets itself."""
    if not talk.said.album:
        talk.say(greeting(talk), welcome_rows(talk.t))


def greeting(talk: Talk) -> Markup:
    """Who we are, and the three lines of the privacy notice."""
    t = talk.t
    return t.join_lines(
        t("👋 <b>Welcome to Customer Day</b>"),
        t(
            "Reach the municipalities of Bahrain here: book a meeting with the Director General, "
            "submit a complaint or a suggestion, and follow what becomes of it."
        ),
        "",
        t("🔒 <b>Before you write</b>"),
        privacy_notice(talk),
    )


def privacy_notice(talk: Talk) -> Markup:
    """The notice that comes before any data is taken (Law 30/2018), in three lines."""
    t = talk.t
    ministry = t.pick(talk.work.offices.ministry)
    return t.join_lines(
        t("• The {ministry} keeps what you send, to deal with your request and for nothing else.", ministry=ministry),
        t("• The messenger's servers are abroad. Nothing is submitted without your consent."),
        t("• You may see or erase your data, or withdraw consent, at any time: {privacy}", privacy="/privacy"),
    )


def welcome_rows(t: Tongue) -> Rows:
    return ((language_button(t), Button(label=t.plain("Privacy"), door="privacy")),)


def other_language(t: Tongue) -> Language:
    return Language.EN if t.language is Language.AR else Language.AR


def language_button(t: Tongue) -> Button:
    """Shows the other language by its own name, so that who needs it can read it."""
    other = other_language(t)
    return Button(label=f"🌐 {other.own_name}", door="language", value=other.value)
