"""Who somebody is that staff act for, and how they can be called: name and number, in one message or in two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from conversations.engine.fields import shared_number, take_name
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Turn
from conversations.on_behalf.no_number import without_number
from conversations.on_behalf.step import Call, IntakeStep, for_whom
from services.casework.intake import Source
from services.text.normalise import clean, latin_digits, without_bidi
from services.text.phones import parse_phone

_NUMBER = re.compile(r"[+(]?\d[\d\s().\-/]{3,}\d")
KEEP = "keep"
EXAMPLE_PHONE = "33123456"
_AROUND = " ,،;:-–.\n\t"

# ---------------------------------------------------------------------------- name and number


@dataclass(frozen=True, slots=True)
class Told:
    """A name and a number in one line. `wrong` is what looks like a number and is none; `has_none`: they have none."""

    name: str
    phone: str
    wrong: bool = False
    has_none: bool = False


def read_caller(text: str) -> Told:
    """What somebody typed about a person: their name, their number, or both in any order."""
    plain = latin_digits(without_bidi(clean(text, 200)))
    match = _NUMBER.search(plain)
    if match is None:
        name, has_none = without_number(plain.strip(_AROUND))
        return Told(name, "", has_none=has_none)
    name = f"{plain[: match.start()]} {plain[match.end() :]}".strip(_AROUND)
    phone = parse_phone(match[0])
    return Told(name, phone or "", wrong=phone is None)


def told_in(answer: Answer) -> Told:
    """What an answer says about a person, typed or shared as a contact."""
    contact = answer.said.contact
    if contact is None:
        return read_caller(answer.text)
    phone = shared_number(contact) or ""
    return Told(clean(contact.name, 80), phone, wrong=not phone)


def wrong_number(turn: Turn) -> Markup:
    t = turn.t
    return t(
        "This phone number is not valid. Enter a Bahrain phone number, or include the country code, such as {example}.",
        example=t.phone("+97333123456"),
    )


class Who(IntakeStep):
    """Name and number, in one message or in two."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.CONTACT})
    name: str = ""  # what was told so far
    phone: str = ""
    no_phone: bool = False

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        none = Button(label=t.plain("Skip phone number"), value="none")
        rows = [[none]] if self.call.source is Source.VISIT and not self.no_phone else []
        if self.name and (self.phone or self.no_phone):
            rows.insert(0, [Button(label=t.plain("Keep as it is"), value=KEEP)])
            text = t("What do you want to correct? Type the name, the phone number or both.")
        elif self.name:
            text = t.join_lines(
                t("Name: {name}", name=t.own(self.name)),
                t("What is their phone number? They can use it to follow the request in this bot."),
            )
        elif self.phone:
            text = t.join_lines(t("Phone: {phone}", phone=t.phone(self.phone)), t("What is their full name?"))
        elif self.no_phone:
            text = t("What is their full name?")
        else:
            example = t.own(t.plain("Fatima Ali {phone}", phone=EXAMPLE_PHONE))
            text = t("Who is it for? Type the full name and the phone number, such as “{example}”.", example=example)
        if self.call.identified:
            text = t.join_lines(t("Current details: {who}", who=for_whom(turn, self.call)), text)
        return Prompt(text, rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == KEEP:
            return await self.identified(turn, self.call) if self.call.identified else self
        if answer.choice:
            return await self._with(turn, phone="", no_phone=True)
        told, name = told_in(answer), self.name
        if told.name:
            taken = take_name(turn, told.name)
            if isinstance(taken, Reask):
                return taken
            name = taken
        if told.wrong:
            return Reask(wrong_number(turn), self.model_copy(update={"name": name}))
        if told.has_none and self.call.source is Source.VISIT:
            return await self._with(turn, name=name, phone="", no_phone=True)
        return await self._with(turn, name=name, phone=told.phone or self.phone)

    async def _with(self, turn: Turn, **told: object) -> Next:
        step = self.model_copy(update=told)
        if not (step.name and (step.phone or step.no_phone)):
            return step
        no_phone = step.no_phone and not step.phone
        return await self.identified(turn, self.call.but(name=step.name, phone=step.phone, no_phone=no_phone))

    async def identified(self, turn: Turn, call: Call) -> Next:
        """Go on with who it is."""
        raise NotImplementedError
