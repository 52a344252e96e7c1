"""A real browser for tests: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: Milliseconds after which something counts as missing: far longer than it takes, also on a machine with much to do.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

HOW_TO_GET_IT = "no Chromium here: apt-get install chromium fonts-noto-core fonts-noto-color-emoji"
#: CI skips no test: there a missing browser fails instead.
in_browser = pytest.mark.skipif(CHROMIUM is None and os.environ.get("TESTS_SKIP_NONE") != "1", reason=HOW_TO_GET_IT)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser that talks to nobody but the page under test."""
    assert CHROMIUM is not None, HOW_TO_GET_IT
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield launched
        finally:
            await launched.close()


@asynccontextmanager
async def opened(
    browser: Browser, address: str, *, patience: float = PATIENCE, refused: str = "(nothing)"
) -> AsyncIterator[Page]:
    """The page at `address`. What is looked for on it may take `patience` milliseconds.

    Fails where a script did, or where a request was refused with another status than `refused`.
    """
    context = await browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce", device_scale_factor=1
    )
    page = await context.new_page()
    page.set_default_timeout(patience)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    await page.goto(address)
    yield page
    await context.close()
    assert [one for one in problems if refused not in one] == []


def phone(page: Page, person: int) -> Locator:
    """One person's phone on the sandbox's page."""
    return page.get_by_test_id(f"phone-{person}")
