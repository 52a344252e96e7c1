"""A page in a real browser, as a phone or a wide screen, light or dark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, ViewportSize

PICTURES = Path(__file__).absolute().parents[2] / "screenshots"
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1280, "height": 720}


@asynccontextmanager
async def looking(
    browser: Browser,
    address: str,
    *,
    size: ViewportSize = WIDE,
    scheme: Literal["light", "dark"] = "light",
    language: str = "en-GB",
    still: bool = True,
) -> AsyncIterator[Page]:
    """The page at `address`. Fails where a script of it did, or asked for what its policy forbids."""
    context = await browser.new_context(
        viewport=size,
        locale=language,
        color_scheme=scheme,
        reduced_motion="reduce" if still else "no-preference",
    )
    page = await context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda said: problems.append(said.text) if said.type == "error" and "Security Policy" in said.text else None,
    )
    await page.goto(address)
    yield page
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than its window"
    await context.close()
    assert problems == []
