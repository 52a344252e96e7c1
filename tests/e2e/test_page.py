"""What `make run` shows, played in a browser: a booking in Arabic beside a complaint with a photo in English."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.sandbox import FATIMA, JOHN, STAFF_AR
from locales import Language
from tests.e2e.browser import CHROMIUM, HOW_TO_GET_IT, Phone, chromium, opened, sandbox

PICTURES = Path(__file__).absolute().parents[1] / "screenshots"
SKIP_NONE = os.environ.get("CUSTOMER_DAY_TESTS_SKIP_NONE") == "1"


@pytest.mark.skipif(CHROMIUM is None and not SKIP_NONE, reason=HOW_TO_GET_IT)
async def test_a_booking_in_arabic_beside_a_complaint_in_english(tmp_path: Path) -> None:
    assert CHROMIUM is not None, HOW_TO_GET_IT
    PICTURES.mkdir(exist_ok=True)
    async with chromium() as browser, sandbox(tmp_path) as bot:
        async with opened(browser, f"{bot.url}/?phones={FATIMA}:{FATIMA},{JOHN}:{JOHN}") as page:
            fatima, john = Phone(page, Language.AR), Phone(page, Language.EN)

            await fatima.books("تأخر إصدار رخصة البناء")
            await john.complains("The bins on our road are full since Sunday")

            await expect(fatima.frame.get_by_role("img", name="خريطة")).to_be_visible()
            await expect(fatima.frame.get_by_role("link", name=".ics")).to_be_visible()
            assert await fatima.frame.locator(".screen").get_attribute("dir") == "rtl"
            await expect(john.frame.locator(".photo img")).to_have_count(1)
            await page.screenshot(path=PICTURES / "booking-and-complaint.png")

        async with opened(browser, f"{bot.url}/?phones={STAFF_AR}:{-1001000000001},{JOHN}:{JOHN}") as page:
            staff = Phone(page, Language.AR, STAFF_AR)
            await staff.sees("📅 New appointment")
            await staff.sees_words("The bins on our road are full since Sunday")
            assert "فاطمة" not in await staff.frame.locator(".screen").inner_text()
            await page.screenshot(path=PICTURES / "staff.png")
