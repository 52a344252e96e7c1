"""What several flows ask in the same way: a name, a phone number."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from conversations.messages import Incoming, Request
from conversations.step import Again, Prompt, Rows, Talk
from services.phones import parse_phone
from services.words import clean

MAX_NAME = 80


def take_name(talk: Talk, text: str) -> str | Again:
    """A person's name as they write it; it must have two letters."""
    name = " ".join(clean(text, MAX_NAME).split())
    if sum(character.isalpha() for character in name) < 2:
        return Again(talk.t("A name has at least two letters."))
    return name


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164, and whether the channel vouched that it is the sender's own."""

    number: str
    own: bool


def take_phone(talk: Talk, said: Incoming) -> Phone | Again:
    """A phone number, typed or shared as a contact."""
    if said.contact is not None:
        shared = said.contact.phone if said.contact.phone.startswith(("+", "00")) else f"+{said.contact.phone}"
        number = parse_phone(shared) or parse_phone(said.contact.phone)
        if number is not None:
            return Phone(number, own=said.contact.own)
    elif number := parse_phone(said.text):
        # Typed again, the number the channel vouched for stays vouched for.
        return Phone(number, own=talk.resident.phone_own and number == talk.resident.phone)
    return Again(
        talk.t("That phone number is not valid. Eight digits, or with the country code: {example}",
               example=talk.t.phone("+97333123456"))
    )  # fmt: skip


def phone_prompt(talk: Talk, text: Markup, rows: Rows = ()) -> Prompt:
    """Ask for a phone number: a button shares the person's own, `rows` are shown beside it as plain words."""
    return Prompt(text, rows, ask_for=Request.CONTACT, ask_label=talk.t.plain("Share phone number"))
