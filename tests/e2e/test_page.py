"""The sandbox's page before the real bot, in a real browser: `make run`, open it, do it."""

from __future__ import annotations

from pathlib import Path

from tests.browser import chromium, in_browser
from tests.e2e.page_tour import book_in_arabic, complain_in_english, page_at, sandbox_process

SHOTS = Path(__file__).parents[1] / "screenshots"


@in_browser
async def test_a_booking_in_arabic_and_a_complaint_with_photo_in_english(tmp_path: Path) -> None:
    SHOTS.mkdir(exist_ok=True)
    async with sandbox_process(tmp_path) as url, chromium() as browser, page_at(browser, url) as page:

        async def look(name: str) -> None:
            await page.screenshot(path=SHOTS / f"{name}.png")

        await book_in_arabic(page, look)
        await complain_in_english(page, look)
