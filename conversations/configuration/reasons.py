"""Why something is closed, as residents read it: one of a few ready reasons, or words in one language or both."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.configuration.step import in_all_languages, key
from conversations.configuration.typed import by_language, has_arabic
from conversations.engine.step import Answer, Button, Turn
from locales import N_
from services.offices.yaml_file import Data
from services.offices.yaml_file import Step as Key

#: Known in every language, so that nobody has to write one that they do not.
READY: Mapping[str, str] = MappingProxyType(
    {
        "weather": N_("Bad weather"),
        "duty": N_("The Director General is away on official duty"),
        "event": N_("An official event"),
        "building": N_("Maintenance work in the building"),
    }
)
LONGEST = 300
#: By whether it is Arabic.
_ONLY: Mapping[bool, str] = MappingProxyType(
    {
        True: N_("This text is in Arabic only. Whoever uses the bot in another language will read it as you typed it."),
        False: N_(
            "This text is in English only. Whoever uses the bot in another language will read it as you typed it."
        ),
    }
)


def buttons(turn: Turn) -> list[list[Button]]:
    return [[key(turn.t.plain(text), name)] for name, text in READY.items()]


def said(turn: Turn, answer: Answer, before: Mapping[str, str] | None = None) -> dict[str, str] | None:
    """The reason in each language; None where nothing was said. What was said before in another language stays."""
    if answer.choice in READY:
        return dict(in_all_languages(turn, READY[answer.choice]).root)
    known: dict[Key, Data] | None = dict(before.items()) if before else None
    texts = None if answer.choice else by_language(answer.text, known)
    return None if texts is None else {str(code): str(text)[:LONGEST] for code, text in texts.items()}


def one_is_enough(turn: Turn) -> Markup:
    return turn.t("Send it in Arabic, in English or in both, each on its own line. One language is enough.")


def only_in(turn: Turn, texts: Mapping[Key, Data]) -> Markup | None:
    """That readers of the other language get a text as it was typed; None where it is in both."""
    if texts.get("ar") != texts.get("en"):
        return None
    return turn.t(_ONLY[has_arabic(str(texts.get("ar")))])
