"""The story of a week, played on the sandbox's page against the running bot: each step finds what it looks for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import FATIMA, STAFF_EN
from tests.browser import chromium, in_browser, opened
from tests.e2e.process import municipality
from tests.instants import SUNDAY

_PLAYED = """number => {
    const kept = JSON.parse(localStorage.story);
    return kept.status != "playing" && kept.step == number || kept.failure;
}"""


async def _plays(page: Page, number: int) -> None:
    """Wait until a step was played. Fails with what the story says where it could not be."""
    await page.wait_for_function(_PLAYED, arg=number)
    failed = page.get_by_test_id("story-failed")
    assert not await failed.count(), await failed.inner_text()


@in_browser
@pytest.mark.starts_at(SUNDAY)
async def test_the_story_of_a_week_can_be_played_to_its_end(tmp_path: Path) -> None:
    async with (
        chromium() as browser,
        municipality(tmp_path, in_process=True, hired=True) as town,
        opened(browser, town.sandbox.url, patience=120_000) as page,
    ):
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.get_by_test_id("story-start").press("Enter")
        await _plays(page, 1)
        await town.all_sent()
        assert any("Appointment" in one.text for one in town.staff(STAFF_EN, "capital").messages)
        await page.get_by_test_id("story-stop").press("Enter")

        await page.get_by_test_id("page-language").click()  # in Arabic, as its first readers will
        await page.get_by_test_id("story-open").press("Enter")
        await page.get_by_test_id("story-start").press("Enter")
        await _plays(page, 1)
        await page.reload()  # in the middle, and nothing is done twice
        story = page.get_by_test_id("story")
        for number in range(2, 9):
            await story.get_by_role("button", name="التالي").press("Enter")
            await _plays(page, number)
        await expect(page.locator(".phone:visible")).to_have_count(1)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await story.get_by_role("button", name="التالي").press("Enter")
        await expect(story.get_by_role("heading", name="هكذا كان الأسبوع")).to_be_visible()

        assert {"status": "attended"} in await town.rows("SELECT status FROM bookings")
        chosen = await town.rows("SELECT after FROM configuration_changes ORDER BY version")
        assert [json.loads(str(row["after"])) for row in chosen] == ["en", "ar"]  # each time for who reads the story
        assert await town.rows("SELECT status FROM promises") == [{"status": "kept"}]
        cases = await town.rows("SELECT kind, status FROM cases ORDER BY id")
        assert [row["status"] for row in cases] == ["closed", "closed"]
        assert any(re.search(r"C-\w{4}-\w{3}", one.text) for one in town.person(FATIMA).messages)
        assert town.sandbox.violations == []
