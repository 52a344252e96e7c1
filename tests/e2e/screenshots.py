"""`python -m tests.e2e.screenshots docs`: the pictures of the README, made from the running product."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.sandbox import FATIMA, STAFF_AR
from tests.browser import chromium, phone
from tests.e2e.page_tour import book_in_arabic, complain_in_english, page_at, sandbox_process

_CAPITAL = -1001000000001


async def make(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        async with sandbox_process(Path(data)) as url, chromium() as browser:
            async with page_at(browser, url) as page:
                await book_in_arabic(page, _nothing)
                await complain_in_english(page, _nothing)
                await page.wait_for_timeout(1500)
                await page.screenshot(path=folder / "booking-ar-en.png")
            async with page_at(browser, url) as page:
                await page.goto(f"{url}/?phones={STAFF_AR}:{_CAPITAL},{FATIMA}:{FATIMA}")
                await phone(page, STAFF_AR).get_by_text("B-").first.wait_for()
                await page.wait_for_timeout(500)
                await page.screenshot(path=folder / "staff.png")


async def _nothing(_: str) -> None:
    """These screens are not kept."""


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))
