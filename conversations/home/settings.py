"""Language, digits, and which messages a person wants."""

from __future__ import annotations

from typing import Literal

from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Again, Answer, Button, Next, Prompt, Step, Talk
from conversations.texts.welcome import language_button, other_language
from locales import N_, Digits, Language

# What can be switched, and what it is called; each is a field `wants_<name>` of the resident.
SWITCHES = {
    "reminders": N_("Reminders of appointments"),
    "progress": N_("Progress of requests"),
    "news": N_("News and announcements"),
}


class Settings(Step):
    step: Literal["settings:main"] = "settings:main"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        # The value says what shall be, not "the other": a tap that comes twice changes nothing more.
        rows = [
            [Button(label=_switch_label(talk, name), value=f"{name}-{'off' if _wanted(talk, name) else 'on'}")]
            for name in SWITCHES
        ]
        if t.rtl:
            rows.append([_digits_button(talk)])
        rows.append([language_button(t)])
        text = t.join_lines(
            t("🔔 <b>Notifications</b>"),
            t("A tap switches a kind of message on or off. Answers to what you ask for always come."),
        )
        return Prompt(text, rows, back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        name, _, wanted = answer.choice.partition("-")
        if name in SWITCHES and wanted in {"on", "off"}:
            talk.change(**{f"wants_{name}": wanted == "on"})
        elif name == "digits" and wanted in set(Digits):
            talk.change(digits=wanted)
        talk.toast = talk.t.plain("Saved")
        return self


def _wanted(talk: Talk, name: str) -> bool:
    match name:
        case "reminders":
            return talk.resident.wants_reminders
        case "progress":
            return talk.resident.wants_progress
    return talk.resident.wants_news


def _switch_label(talk: Talk, name: str) -> str:
    return f"{'✅' if _wanted(talk, name) else '⬜️'} {talk.t.plain(SWITCHES[name])}"


def _digits_button(talk: Talk) -> Button:
    """Only Arabic has a choice of digits; the button shows them."""
    if talk.resident.digits == Digits.ARABIC:
        return Button(label=talk.t.plain("Digits: ١٢٣, change to 123"), value=f"digits-{Digits.LATIN}")
    return Button(label=talk.t.plain("Digits: 123, change to ١٢٣"), value=f"digits-{Digits.ARABIC}")


# ---------------------------------------------------------------------------- the ways in


async def settings(_talk: Talk, _: str) -> Next:
    return Settings()


async def language(talk: Talk, argument: str) -> Next:
    """Speak the language named, or the other one; the question at hand is asked again in it."""
    wanted = Language(argument) if argument in set(Language) else other_language(talk.t)
    talk.change(language=wanted.value)
    return Again()


FLOW = Flow(
    steps=(Settings,),
    doors={"settings": settings, "language": language},
    commands={"settings": "settings", "language": "language"},
)
