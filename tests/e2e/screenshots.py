"""The README's pictures: `python -m tests.e2e.screenshots docs/`."""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from pathlib import Path

from playwright.async_api import Locator, Page

from bot.sandbox import FATIMA, JOHN, STAFF_AR
from locales import Language
from tests.browser import chromium, opened
from tests.e2e.browser import Phone, sandbox
from tests.e2e.process import run_command

CAPITAL = -1001000000001
SETTLED = 900  # milliseconds: toasts are gone, pictures are drawn


async def draw(folder: Path) -> None:
    """Draw `booking-ar-en.png` and `staff.png`."""
    with tempfile.TemporaryDirectory() as data:
        async with chromium() as browser, sandbox(Path(data)) as bot:
            async with opened(browser, f"{bot.url}/?phones={FATIMA}:{FATIMA},{JOHN}:{JOHN}") as page:
                reference = await _booking_and_complaint(page, folder)
            await run_command(bot.environment, "case", reference, "take-up", "--actor", "Maryam")
            await run_command(bot.environment, "case", reference, "ask", "Which side of the road is it?")
            async with opened(browser, f"{bot.url}/?phones={STAFF_AR}:{CAPITAL},{JOHN}:{JOHN}") as page:
                await _staff(page, folder)


async def _booking_and_complaint(page: Page, folder: Path) -> str:
    fatima, john = Phone(page, Language.AR), Phone(page, Language.EN)
    await fatima.books("تأخر إصدار رخصة البناء")
    await john.complains("The bins on our road are full since Sunday")
    await page.wait_for_timeout(SETTLED)
    await _to_the_top(await fatima.sees("The appointment is confirmed."))
    received = await john.sees("Your complaint was received")
    await page.wait_for_timeout(SETTLED)
    await page.screenshot(path=folder / "booking-ar-en.png")
    found = re.search(r"C-\w{4}-\w{3}", await received.inner_text())
    assert found is not None
    return found[0]


async def _staff(page: Page, folder: Path) -> None:
    staff, john = Phone(page, Language.AR, STAFF_AR), Phone(page, Language.EN)
    await john.sees("❓ The municipality asks:")
    await john.taps("Answer")
    await page.wait_for_timeout(SETTLED)
    await john.says("The left side, beside the mosque")
    await staff.sees_words("beside the mosque")
    await page.wait_for_timeout(SETTLED)
    await page.screenshot(path=folder / "staff.png")


async def _to_the_top(message: Locator) -> None:
    await message.evaluate("message => message.scrollIntoView({ block: 'start' })")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw(options.folder))


if __name__ == "__main__":
    main()
