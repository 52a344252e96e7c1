"""The picture of the story: the promise in writing, on the phones of the team and of the resident."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser import opened
from tests.e2e.process import Municipality

_SHOWN = 4  # the step in which the promise is made
_SETTLED = 900  # milliseconds
_PLAYED = (
    "number => JSON.parse(localStorage.story).status != 'playing' && JSON.parse(localStorage.story).step == number"
)


async def draw(browser: Browser, town: Municipality, folder: Path) -> None:
    """Draw `story.png`."""
    async with opened(browser, town.sandbox.url, patience=120_000) as page:
        await page.set_viewport_size({"width": 1280, "height": 800})
        await page.get_by_test_id("story-start").press("Enter")
        for number in range(1, _SHOWN + 1):
            await page.wait_for_function(_PLAYED, arg=number)
            if number < _SHOWN:
                await page.get_by_test_id("story").get_by_role("button", name="Next").press("Enter")
        await town.all_sent()
        await expect(page.get_by_test_id("toast")).to_have_count(0)
        await page.wait_for_timeout(_SETTLED)
        await page.screenshot(path=folder / "story.png")
