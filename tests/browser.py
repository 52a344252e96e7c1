"""A real browser for tests: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: CI skips no test: there a missing browser fails instead.
in_browser = pytest.mark.skipif(
    CHROMIUM is None and "CUSTOMER_DAY_TESTS_SKIP_NONE" not in os.environ,
    reason="no Chromium here: apt-get install chromium fonts-noto-core fonts-noto-color-emoji",
)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser that talks to nobody but the page under test."""
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield launched
        await launched.close()


def phone(page: Page, person: int) -> Locator:
    """One person's phone on the sandbox's page."""
    return page.get_by_test_id(f"phone-{person}")
