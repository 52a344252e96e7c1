"""`customer-day sandbox`, and its page of phones in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from locales import Language, Localizer
from tests.browser import phone
from tests.e2e.process import BotProcess, free_port
from tests.e2e.talking import OF, TONGUES, is_free, words
from tests.instants import first_instant


@asynccontextmanager
async def sandbox(folder: Path) -> AsyncIterator[BotProcess]:
    """The whole product as `make run` starts it, its data in a new folder. Its address is the page's."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CUSTOMER_DAY_")}
    environment |= {
        "CUSTOMER_DAY_DATA_DIR": str(folder / "data"),
        "CUSTOMER_DAY_LISTEN": f"127.0.0.1:{free_port(together=2)}",  # the page's, and the bot's after it
        "CUSTOMER_DAY_CLOCK_SECONDS": "0.2",
        "CUSTOMER_DAY_RATE_CHAT": "1000",  # nobody waits here; the sandbox's own limits stay
    }
    command = ("bot.cli", "sandbox", "--at", first_instant().isoformat())
    process = BotProcess(environment, folder / "bot.log", command, ready_at="/")
    await process.start()
    try:
        yield process
    finally:
        await process.stop()


class Phone:
    """One phone on the page, held by a person who speaks one language. Texts are named in English, as in the code."""

    def __init__(self, page: Page, language: Language, person: int = 0) -> None:
        self.t: Localizer = TONGUES[language]
        self.frame: Locator = phone(page, person or OF[language])

    async def starts(self) -> None:
        await self.frame.get_by_test_id("start").click()

    async def sees(self, text: str) -> Locator:
        """Wait for a text of the catalogue in the newest message that has it."""
        return await self.sees_words(words(self.t, text))

    async def sees_words(self, shown: str) -> Locator:
        found = self.frame.get_by_test_id("message").filter(has_text=shown).last
        await expect(found).to_be_visible()
        return found

    async def taps(self, label: str) -> None:
        """The newest button that is called so, or whose label begins so."""
        await self.taps_words(self.t.plain(label))

    async def taps_words(self, label: str) -> None:
        button = self.frame.get_by_role("button", name=re.compile(re.escape(label))).last
        await button.click()

    async def taps_first(self, below: Locator) -> None:
        """The first button, in reading order, under a message."""
        row = below.get_by_test_id("inline-button")
        await row.first.wait_for()
        # All at one moment: the chat may be moving to its newest message.
        places: list[list[float]] = await row.evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(box => [box.x, box.y])"
        )
        top = places[0][1]
        same = [(x, row.nth(n)) for n, (x, y) in enumerate(places) if abs(y - top) < 2]
        ordered = sorted(same, key=lambda one: one[0], reverse=self.t.rtl)
        await ordered[0][1].click()

    async def taps_day(self, below: Locator) -> None:
        """The first day, of those under a message, that has free times."""
        rows = below.get_by_test_id("inline-button")
        labels = await rows.all_inner_texts()
        await rows.nth(next(n for n, label in enumerate(labels) if is_free(self.t, label))).click()

    async def says(self, text: str) -> None:
        await self.frame.get_by_test_id("composer").fill(text)
        await self.frame.get_by_test_id("send").click()

    async def sends_photo(self, scene: str, caption: str = "") -> None:
        await self.frame.get_by_test_id("attach").click()
        await self.frame.get_by_test_id("attach-photo").click()
        await self.frame.locator(".sheet-body input.field").fill(caption)
        await self.frame.get_by_test_id(f"sample-{scene}").click()

    async def shares_place(self) -> None:
        """By the bot's button for it."""
        await self.frame.get_by_test_id("reply-button").first.click()
        await self.frame.get_by_test_id("send-location").click()

    async def shares_number(self) -> None:
        await self.frame.get_by_test_id("reply-button").first.click()
        await self.frame.get_by_test_id("share-contact").click()

    # ------------------------------------------------------------------ whole conversations

    async def books(self, matter: str) -> None:
        """From Start to the confirmation."""
        await self.starts()
        await self.sees("<b>Main menu</b>")
        await self.taps("📅 Book a Customer Day appointment")
        await self.taps_first(await self.sees("<b>Which municipality?</b>"))
        await self.taps_day(await self.sees("people face to face. Which day suits you?"))
        await self.taps_first(await self.sees("Which time suits you? A meeting"))
        await self.sees("Write what the municipality should know, or send")
        await self.says(matter)
        said_and_shown = self.frame.get_by_test_id("message").filter(has_text=matter)
        await expect(said_and_shown).to_have_count(2)  # the buttons of the screen before are stale
        await self.taps("Continue")
        await self.sees("What number can the municipality call about")
        await self.shares_number()
        await self.sees("Check the details, then confirm.")
        await self.taps("Confirm")
        await self.sees("Your appointment is confirmed.")

    async def complains(self, words_of_it: str, scene: str = "bin") -> None:
        """From the menu to the reference, with a photo."""
        await self.starts()
        await self.sees("<b>Main menu</b>")
        await self.taps("📢 Submit a complaint")
        await self.taps_first(await self.sees("<b>Which municipality?</b>"))
        await self.taps_first(await self.sees("What is it about? Choose"))
        await self.sees("Describe the problem in your own words. A photo")
        await self.sends_photo(scene, words_of_it)
        await self.sees("Where is it? Share the location or type")
        await self.shares_place()
        await self.sees("Do you want to submit with")
        await self.taps("Without my name")
        await self.sees("Check your")
        await self.taps("✅ Submit")
        await self.sees("We have received your complaint.")
