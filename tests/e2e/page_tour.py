"""A walk through the product on the sandbox's page: what a person who has never seen it would do."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from playwright.async_api import Browser, Locator, Page, expect

from bot.sandbox import FATIMA, JOHN
from tests.browser import phone
from tests.e2e.process import ROOT, free_port

Look = Callable[[str], Awaitable[None]]
_START_SECONDS = 30


@asynccontextmanager
async def sandbox_process(folder: Path) -> AsyncIterator[str]:
    """`make run` without a token; the page's address."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CUSTOMER_DAY_")}
    environment |= {"CUSTOMER_DAY_DATA_DIR": str(folder), "CUSTOMER_DAY_LISTEN": f"127.0.0.1:{port}"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "run", cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await _ready(f"http://127.0.0.1:{port + 1}/readyz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _ready(url: str, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(_START_SECONDS), aiohttp.ClientSession() as session:
        while process.returncode is None:
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
    raise AssertionError(f"the sandbox ended with {process.returncode}")


@asynccontextmanager
async def page_at(browser: Browser, url: str, *, height: int = 900) -> AsyncIterator[Page]:
    """The page with both residents' phones; a script's error on it fails."""
    context = await browser.new_context(viewport={"width": 1280, "height": height}, reduced_motion="reduce")
    page = await context.new_page()
    page.set_default_timeout(15_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(f"{url}/?phones={FATIMA}:{FATIMA},{JOHN}:{JOHN}")
    yield page
    await context.close()
    assert problems == []


async def book_in_arabic(page: Page, look: Look) -> None:
    """فاطمة books the first free time; her screens are looked at on the way."""
    fatima = phone(page, FATIMA)
    await fatima.get_by_test_id("start").click()
    await expect(fatima.get_by_text("القائمة الرئيسية").first).to_be_visible()
    await look("ar-1-welcome")
    await _tap(fatima, "حجز موعد في يوم العميل")
    await _tap(fatima, "أمانة العاصمة")
    await look("ar-2-days")
    await fatima.get_by_test_id("inline-button").filter(has_text="متاح").nth(1).click()
    await _tap(fatima, "09:15")
    await look("ar-3-topic")
    await fatima.get_by_test_id("inline-button").filter(has_text="شهادة السكن").last.click()
    await _say(fatima, "تأخر إصدار شهادة السكن منذ شهرين")
    await fatima.get_by_test_id("inline-button").filter(has_text="بلا مرافقين").last.click()
    await _say(fatima, "33123456")
    await look("ar-4-summary")
    await _tap(fatima, "تأكيد")
    await expect(fatima.get_by_role("link", name=".ics")).to_be_visible()
    await expect(fatima.get_by_text("تم تأكيد").last).to_be_attached()
    await look("ar-5-confirmed")


async def complain_in_english(page: Page, look: Look) -> None:
    """John complains with a photo and a place."""
    john = phone(page, JOHN)
    await john.get_by_test_id("start").click()
    await _tap(john, "Submit a complaint")
    await _tap(john, "Capital Municipality")
    await look("en-1-categories")
    await _tap(john, "Bins and refuse bags")
    await expect(john.get_by_text("describe", exact=False).last).to_be_visible()
    await john.get_by_test_id("attach").click()
    await john.get_by_test_id("attach-photo").click()
    await john.get_by_label("Caption").fill("The bin has been full for three days")
    await john.get_by_test_id("sample-bin").click()
    await expect(john.get_by_test_id("reply-button").first).to_be_visible()
    await look("en-2-place")
    await _say(john, "Block 338 Road 12")
    await john.get_by_test_id("inline-button").filter(has_text="With my name").last.click()
    await look("en-3-summary")
    await _tap(john, "Submit")
    await expect(john.get_by_text("C-").last).to_be_visible()
    await look("en-4-submitted")


async def _tap(person: Locator, label: str) -> None:
    await person.get_by_test_id("inline-button").filter(has_text=label).last.click()


async def _say(person: Locator, text: str) -> None:
    await person.get_by_test_id("composer").fill(text)
    await person.get_by_test_id("send").click()
