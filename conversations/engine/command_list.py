"""What a channel shows of the desk before anyone writes: its commands and what it says of itself, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from locales import DEFAULT, N_, Catalogues, Language, Localizer, clean

#: In the order in which they are shown; each must open a route.
COMMANDS = {
    "menu": N_("Main menu"),
    "book": N_("Book a Customer Day appointment"),
    "complain": N_("Submit a complaint"),
    "suggest": N_("Make a suggestion"),
    "ask": N_("Ask a question"),
    "my": N_("My requests"),
    "appointments": N_("My appointments"),
    "office": N_("Choose municipality"),
    "contact": N_("Contact us"),
    "settings": N_("Settings"),
    "language": N_("Language: {languages}"),
    "privacy": N_("Privacy"),
    "cancel": N_("Cancel what you are writing"),
    "about": N_("About"),
    "help": N_("Help"),
}


@dataclass(frozen=True, slots=True)
class CommandList:
    """The commands offered in one kind of chat to people whose app is in one language."""

    commands: tuple[tuple[str, str], ...]  # (name without the slash, description)
    scope: Literal["private", "groups"] = "private"  # residents are served in private, staff work in groups
    language: str | None = None  # two letters; None for every language without a list of its own


@dataclass(frozen=True, slots=True)
class SelfDescription:
    """What the desk says it is."""

    description: str  # in an empty chat with it; at most 512 characters
    short: str  # on its profile page; at most 120
    name: str  # above every chat with it, at most 64; "" where the name that its owner gave it is shown
    language: str | None = None


# Whoever's app is in none of our languages is shown the one in which they are greeted.
_SHOWN_TO: tuple[tuple[Language, str | None], ...] = ((DEFAULT, None), *((one, one.value) for one in Language))
_LANGUAGES = " / ".join(language.own_name for language in Language)


def command_menus(catalogues: Catalogues, of_staff: Mapping[str, str]) -> tuple[CommandList, ...]:
    """The residents' commands in a private chat; in groups the staff's, whose names and texts are given."""
    menus: tuple[tuple[Mapping[str, str], Literal["private", "groups"]], ...] = (
        (COMMANDS, "private"),
        (of_staff, "groups"),
    )
    lists = []
    for language, code in _SHOWN_TO:
        t = catalogues.localizer(language)
        lists += [CommandList(described(t, commands), scope, code) for commands, scope in menus]
    return tuple(lists)


def described(t: Localizer, commands: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Commands, given with texts of the catalogue, as an app lists them."""
    return tuple((name, clean(t.plain(text, languages=_LANGUAGES))) for name, text in commands.items())


def profiles(catalogues: Catalogues) -> tuple[SelfDescription, ...]:
    """What the desk says of itself."""
    shown = []
    for language, code in _SHOWN_TO:
        t = catalogues.localizer(language)
        description = t.plain(
            "Customer Day puts you in touch with the municipalities of Bahrain. Book an appointment "
            "with the Director General. Submit a complaint, suggestion, observation or service "
            "request and follow its progress. The service is free. Languages: {languages}",
            languages=_LANGUAGES,
        )
        short = t.plain("Municipalities of Bahrain: appointments, complaints, suggestions, follow-up.")
        name = t.plain("Customer Day") if code else ""
        shown.append(SelfDescription(description, short, name, code))
    return tuple(shown)
