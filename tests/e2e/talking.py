"""Residents who know what they want, in either language. A test names a text by a piece of its English."""

from __future__ import annotations

import asyncio
import re

from babel.support import Translations

from bot.sandbox import FATIMA, JOHN, BotMessage, Person
from locales import Language, Localizer, load
from locales.html import to_plain
from tests.e2e.process import Municipality

TONGUES = {language: load().localizer(language) for language in Language}
BOTH = (Language.AR, Language.EN)
OF = {Language.AR: FATIMA, Language.EN: JOHN}  # a shipped resident for each
REFERENCE = re.compile(r"[BC]-\w{4}-\w{3}")
SECONDS = 60.0  # the longest wait for an answer; what is slow here is a machine with other things to do

MANAMA = (26.228, 50.585)
STREETS = {Language.AR: (26.2291, 50.5795), Language.EN: (26.2351, 50.5887)}  # of Manama, far from each other

_WHERE = "Where is it? Share the location or type"
_GAPS = re.compile(r"«?\{\w+\}»?|\n")  # quotation marks stand with the words inside them


def words(t: Localizer, text: str) -> str:
    """The longest part, always the same, of the one text of the catalogue that is or contains this English."""
    texts = t.texts
    assert isinstance(texts, Translations)
    known = {msgid: told for msgid, told in texts._catalog.items() if isinstance(msgid, str) and msgid}
    found = [text] if text in known else [one for one in known if text in one]
    assert len(found) == 1, f"{text!r} is {len(found)} texts of the catalogue: {found}"
    return max(_GAPS.split(to_plain(known[found[0]])), key=len).strip()


def is_full(t: Localizer, day: str) -> bool:
    return t.plain("full") in day


def is_free(t: Localizer, day: str) -> bool:
    """Whether a button is of a day with free times: today's may be under way."""
    return not is_full(t, day) and not any(t.plain(state) in day for state in ("closed", "under way"))


class Resident:
    """A person in front of their phone. What they tap and type is counted."""

    def __init__(self, town: Municipality, person: Person, language: Language) -> None:
        self.town = town
        self.person = person
        self.t: Localizer = TONGUES[language]
        self.patience = SECONDS
        self.looking_at: BotMessage | None = None
        self.tapped = 0
        self.typed = 0

    @classmethod
    def of(cls, town: Municipality, language: Language, person: int = 0) -> Resident:
        return cls(town, town.person(person or OF[language]), language)

    def words(self, text: str) -> str:
        return words(self.t, text)

    async def says(self, text: str, reply_to: int | None = None) -> None:
        self.typed += not text.startswith("/")
        await self.person.says(text, reply_to)

    async def taps(self, label: str) -> None:
        """A button, named as in the code, or as it is shown."""
        self.tapped += 1
        await self.person.taps(self.t.plain(label) if "{" not in label else self.words(label))

    async def taps_shown(self, label: str) -> None:
        """A button of the message they look at, as it is shown: another message may have one that is called alike."""
        assert self.looking_at is not None
        self.tapped += 1
        await self.person.taps(label, on=self.looking_at.id)

    async def taps_first(self) -> str:
        """The first button, in reading order, of the message they look at."""
        assert self.looking_at is not None
        row = self.looking_at.buttons[0]
        label = row[-1] if self.t.rtl else row[0]
        await self.taps_shown(label)
        return label

    async def taps_day(self, *, free: bool = True) -> None:
        """The first day of those they look at that has free times, or that has none."""
        assert self.looking_at is not None
        labels = [row[0] for row in self.looking_at.buttons]
        await self.taps_shown(next(one for one in labels if (is_free if free else is_full)(self.t, one)))

    async def sees(self, text: str, button: str = "") -> BotMessage:
        """Wait for a text of the catalogue, told since they last did something, with this button where one is named."""
        label = self.t.plain(button) if button else ""
        self.looking_at = await self.person.sees(self.words(text), self.patience, button=label)
        return self.looking_at

    async def fetches(self, label: str, text: str = "") -> BotMessage:
        """Tap a button that sends something, and wait for it."""
        await self.taps(label)
        shown = await self.sees(text) if text else await self.is_answered()
        await self.town.all_sent()
        return shown

    async def sees_one_of(self, *texts: str) -> str:
        """Wait for one of several texts, and say which."""
        waits = {asyncio.create_task(self.sees(text)): text for text in texts}
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            await next(iter(done))
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        return waits[next(iter(done))]

    async def is_answered(self) -> BotMessage:
        """Wait for whatever is told them next."""
        self.looking_at = await self.person.sees("", self.patience)
        return self.looking_at

    async def hears(self, text: str) -> None:
        await self.person.hears(self.words(text), self.patience)

    def reference(self, kind: str) -> str:
        """The newest reference that they were told."""
        for message in reversed(self.person.messages):
            if (found := REFERENCE.search(message.text)) and found[0].startswith(kind):
                return found[0]
        raise AssertionError(f"{self.person.account.name} was told no reference of the kind {kind}")

    # ------------------------------------------------------------------ whole conversations

    async def books(self, words: str = "The permit is late", *, office: str = "capital", phone: str = "") -> str:
        """Book the first free time, from the link on a poster; the reference."""
        await self.says(f"/start book_{office}-poster")
        await self.sees("people face to face. Which day suits you?")
        await self.taps_day()
        await self.sees("Which time suits you? A meeting")
        await self.taps_first()
        await self.tells_booking(words, phone)
        await self.taps("Confirm")
        await self.sees("Your appointment is confirmed.")
        await self.town.all_sent()
        return self.reference("B")

    async def waits_in_line(self) -> None:
        """Join the waiting list of the first day, which is full."""
        await self.says("/start book_capital")
        await self.sees("<b>Customer Day</b> · {office}")
        await self.taps_day(free=False)
        await self.is_answered()
        await self.taps("Join the waiting list")
        await self.tells_booking("About the market")
        await self.taps("Join the waiting list")
        await self.sees("You are on the")

    async def tells_booking(self, words: str, phone: str = "") -> None:
        """From the screen with all that is optional to the summary."""
        await self.sees("Write what the municipality should know, or send")
        await self.says(words)
        self.looking_at = await self.person.sees(words, self.patience)  # the same screen, now with the words
        on = self.t.plain("Continue")
        if not any(on in row for row in self.looking_at.buttons):
            return  # nothing else has to be asked: they look at the summary
        await self.taps_shown(on)
        asked, summary = "What number can the municipality call about", "Check the details, then confirm."
        if await self.sees_one_of(asked, summary) == asked:  # whoever booked before is not asked again
            await self.says(phone or f"3312{self.person.account.id % 10_000:04}")
            await self.sees(summary)

    async def complains(
        self,
        words: str = "The bins are full",
        *,
        photos: int = 1,
        at: tuple[float, float] = MANAMA,
        office: str = "capital",
    ) -> str:
        """From the poster's link to the reference, with a photo and a shared place."""
        await self.says(f"/start complain_{office}")
        await self.sees("When you submit a complaint, we")
        await self.taps("📢 Submit a complaint")
        await self.sees("What is it about? Choose")
        await self.taps_first()
        await self.sees("Describe the problem in your own words. A photo")
        if photos:
            await self.sends_photos(photos, words)
        else:
            await self.says(words)
        await self.sees(_WHERE)
        self.tapped += 1
        await self.person.shares_location(*at)
        await self.sees("Do you want to submit with")
        await self.taps("Without my name")
        await self.sees("Check your")
        await self.taps("✅ Submit")
        await self.sees("We have received your complaint.")
        return self.reference("C")

    async def sends_photos(self, count: int, caption: str) -> None:
        self.typed += 1
        if count == 1:
            await self.person.sends_photo(caption=caption)
        else:
            await self.person.sends_album(count, caption)
