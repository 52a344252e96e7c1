"""Language, digits, and which messages a person wants."""

from __future__ import annotations

from typing import Literal

from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.texts.welcome import language_buttons
from locales import N_, Digits, Language
from services.announcements.taps import opt_out

# What can be switched, and what it is called; each is a field `wants_<name>` of the resident.
SWITCHES = {
    "reminders": N_("Appointment reminders"),
    "progress": N_("Request updates"),
    "news": N_("News and announcements"),
}
_SHOWN = {Digits.LATIN: "123", Digits.ARABIC: "١٢٣"}


class Settings(Step):
    step: Literal["settings:main"] = "settings:main"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        # The value says what shall be, not "the other": a tap that comes twice changes nothing more.
        rows = [
            [Button(label=_switch_label(turn, name), value=f"{name}-{'off' if _wanted(turn, name) else 'on'}")]
            for name in SWITCHES
        ]
        if t.language is Language.AR:
            rows.append([_digits_button(turn)])
        rows.append([number_button(turn)])
        rows.append([*language_buttons(t)])
        text = t.join_lines(
            t("⚙️ <b>Settings</b>"),
            t("Tap a type of message to turn it on or off. You will always get replies to your own requests."),
        )
        return Prompt(text, rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        name, _, wanted = answer.choice.partition("-")
        if name in SWITCHES and wanted in {"on", "off"}:
            turn.change(**{f"wants_{name}": wanted == "on"})
            if name == "news" and wanted == "off":
                opt_out(turn.work, turn.resident.id)
        elif name == "digits" and wanted in set(Digits):
            turn.change(digits=wanted)
        turn.toast = turn.t.plain("Saved")
        return self


def number_button(turn: Turn) -> Button:
    """The way to one's phone number, with the number on it."""
    t, phone = turn.t, turn.resident.phone
    label = t.plain("📱 My number: {phone}", phone=t.phone(phone)) if phone else t.plain("📱 Give a phone number")
    return Button(label=label, route="number")


def _wanted(turn: Turn, name: str) -> bool:
    match name:
        case "reminders":
            return turn.resident.wants_reminders
        case "progress":
            return turn.resident.wants_progress
    return turn.resident.wants_news


def _switch_label(turn: Turn, name: str) -> str:
    return f"{'✅' if _wanted(turn, name) else '⬜️'} {turn.t.plain(SWITCHES[name])}"


def _digits_button(turn: Turn) -> Button:
    """Only Arabic has a choice of digits; the button shows them."""
    now = Digits(turn.resident.digits)
    other = Digits.LATIN if now is Digits.ARABIC else Digits.ARABIC
    label = turn.t.plain("Digits: {shown}, change to {other}", shown=_SHOWN[now], other=_SHOWN[other])
    return Button(label=label, value=f"digits-{other}")


# ---------------------------------------------------------------------------- the ways in


async def settings(_turn: Turn, _: str) -> Next:
    return Settings()


async def language(turn: Turn, argument: str) -> Next:
    """Speak the language named, or the next one; the question at hand is asked again in it."""
    wanted = Language(argument) if argument in set(Language) else turn.t.language.others[0]
    turn.change(language=wanted.value)
    return Reask()


FLOW = Flow(
    steps=(Settings,),
    routes={"settings": settings, "language": language},
    commands={"settings": "settings", "language": "language"},
)
