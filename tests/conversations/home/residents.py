"""Residents of a municipality, and what they already have there."""

from __future__ import annotations

from locales import clean
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown


async def living(town: WholeTown, language: str = "en", name: str = "Fatima Ali") -> Person:
    """Somebody who has chosen the capital."""
    person = town.resident(language=language, name=name)
    await person.says("/start")
    await town.settles(person)
    return person


async def booked(town: WholeTown, language: str = "en") -> Person:
    """Somebody who has one appointment, at the first time of the first day, and has gone back to the menu."""
    person = await living(town, language)
    await at_the_phone(person)
    await person.says("33123456")
    await person.taps("Confirm" if language == "en" else "تأكيد")
    await person.says("/menu")
    return person


async def at_the_phone(person: Person) -> None:
    """Booking that time, where the phone number is asked."""
    await person.says("/book")
    for _ in range(2):
        await person.taps(person.buttons[0][0])
    await person.taps("Continue" if person.language == "en" else "استكمال")


async def complained(town: WholeTown, words: str = "The bin in block 338 road 12 is overflowing") -> Person:
    """Somebody who has one open request, and has gone back to the menu."""
    person = await living(town)
    await person.says(words)
    await submits(person)
    return person


async def submits(person: Person) -> None:
    await person.taps("Without my name")
    await person.taps("✅ Submit")
    await person.says("/menu")


def said(person: Person) -> str:
    """All that was said last."""
    return clean("\n".join(shown.text for shown in person.new))
