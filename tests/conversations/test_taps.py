"""How much people tap and type until they have their reference, in both languages.

Counted is everything from the first tap on: Telegram's Start button, each button of ours, a place or number that is
shared, each photo that is sent. What is typed is counted apart. Nothing asks for the language or for the privacy
notice by itself: the first answer shows the notice, and submitting or confirming agrees to it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from locales import Language
from services.bookings.schedule import plan_sessions
from tests.conversations.town import CATALOGUES, Person
from tests.conversations.whole_town import MANAMA, WholeTown, whole_town
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)
BOTH = pytest.mark.parametrize("language", ["ar", "en"])


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        await open_town.work(plan_sessions)
        yield open_town


@dataclass
class Thumb:
    """A person who finds every button by its English, and what they have done so far."""

    town: WholeTown
    person: Person
    taps: int = 0
    typed: int = 0
    seen: int = 0

    @classmethod
    def of(cls, town: WholeTown, language: str) -> Thumb:
        return cls(town, town.resident(language=language, name="Fatima Ali" if language == "en" else "فاطمة علي"))

    @property
    def counted(self) -> tuple[int, int]:
        return self.taps, self.typed

    async def starts(self, payload: str = "") -> None:
        """Tap Start, plain or behind a poster's code."""
        self.taps += 1
        await self.person.says(f"/start {payload}".rstrip())

    async def tap(self, label: str) -> None:
        """A button that is called so in the catalogue, up to what is filled in."""
        self.taps += 1
        filled_in = dict.fromkeys(re.findall(r"\{(\w+)\}", label), "")
        shown = CATALOGUES.localizer(Language(self.person.language)).plain(label, **filled_in)
        await self.person.taps(shown.rstrip("\u2068\u2069 "))

    async def tap_first(self) -> None:
        """The first button in reading order."""
        self.taps += 1
        row = self.person.buttons[0]
        await self.person.taps(row[-1] if self.person.language == "ar" else row[0])

    async def types(self, text: str) -> None:
        self.typed += 1
        await self.person.says(text)

    async def shares_place(self) -> None:
        self.taps += 1
        await self.person.shares_place(*MANAMA)

    async def sends_photo(self, caption: str) -> None:
        self.taps += 1
        await self.person.sends(caption=caption)

    async def booked(self) -> bool:
        return bool(await self.town.rows("SELECT id FROM bookings WHERE status = 'confirmed'"))

    async def filed(self) -> bool:
        return bool(await self.town.rows("SELECT id FROM cases"))


async def known(town: WholeTown, language: str) -> Thumb:
    """Somebody who came before: office, number and consent are known."""
    thumb = Thumb.of(town, language)
    await thumb.person.says("/start")
    await town.rows(
        "UPDATE residents SET office = 'capital', phone = '+97333123456', consented_at = :now RETURNING id",
        now=town.now,
    )
    return thumb


@BOTH
async def test_who_came_before_books_the_soonest_time_in_four_taps(town, language):
    thumb = await known(town, language)

    await thumb.starts()
    await thumb.tap("📅 Book a Customer Day appointment")
    await thumb.tap("⚡ Soonest: {moment}")
    await thumb.tap("Confirm")

    assert await thumb.booked()
    assert thumb.counted == (4, 0)


@BOTH
async def test_who_came_before_chooses_day_and_time_and_writes_in_five_taps(town, language):
    thumb = await known(town, language)

    await thumb.starts()
    await thumb.tap("📅 Book a Customer Day appointment")
    await thumb.tap_first()
    await thumb.tap_first()
    await thumb.types("The permit is late" if language == "en" else "تأخر إصدار الرخصة")
    await thumb.tap("Confirm")

    [booking] = await town.rows("SELECT words FROM bookings WHERE status = 'confirmed'")
    assert str(booking["words"]) in {"The permit is late", "تأخر إصدار الرخصة"}
    assert thumb.counted == (5, 1)


@BOTH
async def test_a_newcomer_books_from_a_poster_in_five_taps_and_types_the_number(town, language):
    thumb = Thumb.of(town, language)

    await thumb.starts("book_capital-poster")
    await thumb.tap_first()
    await thumb.tap_first()
    await thumb.tap("Continue")
    await thumb.types("33123456")
    await thumb.tap("Confirm")

    assert await thumb.booked()
    assert thumb.counted == (5, 1)


@BOTH
async def test_one_sentence_that_says_all_is_a_complaint_in_two_taps(town, language):
    thumb = Thumb.of(town, language)

    await thumb.types(
        "Garbage at block 321 road 3831, three days now"
        if language == "en"
        else "الزبالة متكومة مجمع ٣٢١ طريق ٣٨٣١ من ثلاثة أيام"
    )
    await thumb.tap("Without my name")
    await thumb.tap("✅ Submit")

    assert await thumb.filed()
    assert thumb.counted == (2, 1)


@BOTH
async def test_a_complaint_with_a_photo_takes_six_steps_from_the_menu(town, language):
    thumb = await known(town, language)
    await thumb.person.says("/menu")

    await thumb.tap("📢 Submit a complaint")
    await thumb.tap_first()
    await thumb.sends_photo("It is full" if language == "en" else "ممتلئة")
    await thumb.shares_place()
    await thumb.tap("Without my name")
    await thumb.tap("✅ Submit")

    assert await thumb.filed()
    assert sum(thumb.counted) == 6
