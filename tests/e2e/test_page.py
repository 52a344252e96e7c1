"""What `make run` shows, played in a browser: a booking in Arabic beside a complaint with a photo in English."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from bot.sandbox import FATIMA, JOHN, STAFF_AR
from locales import Language
from tests.browser import chromium, in_browser, opened
from tests.e2e.browser import Phone, sandbox

PICTURES = Path(__file__).absolute().parents[1] / "screenshots"


@in_browser
async def test_a_booking_in_arabic_beside_a_complaint_in_english(tmp_path: Path) -> None:
    PICTURES.mkdir(exist_ok=True)
    async with chromium() as browser, sandbox(tmp_path) as bot:
        async with opened(browser, f"{bot.url}/?phones={FATIMA}:{FATIMA},{JOHN}:{JOHN}") as page:
            fatima, john = Phone(page, Language.AR), Phone(page, Language.EN)

            await fatima.books("تأخر إصدار رخصة البناء")
            await john.complains("The bins on our road are full since Sunday")

            await fatima.taps("📍 Map")
            await expect(fatima.frame.get_by_role("img", name="خريطة")).to_be_visible()
            await fatima.taps("Add to calendar")
            await expect(fatima.frame.get_by_role("link", name=".ics")).to_be_visible()
            assert await fatima.frame.locator(".screen").get_attribute("dir") == "rtl"
            await expect(john.frame.locator(".photo img")).to_have_count(1)
            await page.screenshot(path=PICTURES / "booking-and-complaint.png")

        async with opened(browser, f"{bot.url}/?phones={STAFF_AR}:{-1001000000001},{JOHN}:{JOHN}") as page:
            staff = Phone(page, Language.AR, STAFF_AR)
            await staff.sees("Appointment")
            await staff.sees_words("The bins on our road are full since Sunday")
            assert "فاطمة" not in await staff.frame.locator(".screen").inner_text()
            await page.screenshot(path=PICTURES / "staff.png")
