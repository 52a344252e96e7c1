"""The screen in the hall in a real browser: what can be read there, also while the connection is lost."""

from __future__ import annotations

import itertools
from typing import Literal

import pytest
from playwright.async_api import Locator, Page, expect

from services.visits.states import Step
from storage.database import Dialect
from tests.bot.pages.day import Day
from tests.bot.pages.looking import NARROW, PHONE, PICTURES, TELEVISION, WIDE, looking, reads_well
from tests.browser import chromium, in_browser

Scheme = Literal["light", "dark"]


@pytest.fixture
def dialect() -> Dialect:
    """A page is the same over either database: what it asks for is tried on both in `test_hall`."""
    return Dialect.SQLITE


def lane(page: Page) -> Locator:
    """The first lane that somebody came to."""
    return page.locator(".lane", has=page.locator(".tickets")).first


@in_browser
async def test_it_reads_in_both_languages_light_dark_wide_and_on_a_phone(day: Day) -> None:
    first, second, *_ = await day.come(7)
    await day.step(first, Step.CALL)
    await day.step(first, Step.ENTER)
    await day.step(second, Step.CALL)
    PICTURES.mkdir(exist_ok=True)
    async with day.serving(), chromium() as browser:
        for (name, size), scheme in itertools.product((("wide", WIDE), ("phone", PHONE)), ("light", "dark")):
            async with looking(browser, day.hall(), size=size, scheme="dark" if scheme == "dark" else "light") as page:
                await expect(lane(page).locator(".call .number")).to_have_text("2")
                await expect(lane(page).locator(".inside .number")).to_have_text("1")
                await expect(lane(page).get_by_text("Please come in")).to_be_visible()
                await expect(lane(page).get_by_text("يُرجى الدخول")).to_be_visible()
                await expect(page.locator("#clock")).to_have_text("08:50")
                assert await page.locator("html").get_attribute("dir") == "rtl"
                assert await page.evaluate("document.body.innerText.includes('Fatima')") is False
                await page.screenshot(path=PICTURES / f"hall-{name}-{scheme}.png", full_page=True)


@in_browser
async def test_a_call_is_shown_and_said_to_who_only_listens(day: Day) -> None:
    first, *_ = await day.come(1)
    async with day.serving(), chromium() as browser, looking(browser, day.hall()) as page:
        await expect(lane(page).get_by_text("Next", exact=True)).to_be_visible()
        await day.step(first, Step.CALL)
        await expect(lane(page).locator(".call .number")).to_have_text("1")
        await expect(page.locator("#spoken")).to_contain_text("Please come in 1")


@in_browser
async def test_who_only_listens_hears_a_call_in_both_languages_and_again_when_it_was_undone_and_made_again(
    day: Day,
) -> None:
    first, *_ = await day.come(2)
    async with day.serving(), chromium() as browser, looking(browser, day.hall()) as page:
        await expect(lane(page)).to_be_visible()
        spoken = page.locator("#spoken")
        await expect(spoken).to_have_attribute("aria-live", "polite")
        for _ in range(2):
            await day.step(first, Step.CALL)
            await expect(spoken.locator("[lang=ar]")).to_contain_text("يُرجى الدخول 1")
            await expect(spoken.locator("[lang=en]")).to_contain_text("Please come in 1")
            await day.step(first, Step.UNDO)
            await expect(spoken).to_be_empty()


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_reads_well_on_the_narrowest_phone_and_on_a_television(day: Day, scheme: Scheme) -> None:
    first, second, third, *_ = await day.come(8)
    for one in (first, second):
        await day.step(one, Step.ENTER)
    await day.step(third, Step.CALL)
    PICTURES.mkdir(exist_ok=True)
    async with day.serving(), chromium() as browser:
        for name, size, smallest, number in (("narrow", NARROW, 12, 72), ("television", TELEVISION, 16, 120)):
            async with looking(browser, day.hall(), size=size, scheme=scheme) as page:
                called = lane(page).locator(".call .tickets")
                await expect(called).to_be_visible()
                await reads_well(page, smallest=smallest)
                assert await called.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= number
                await page.screenshot(path=PICTURES / f"hall-{name}-{scheme}.png", full_page=True)
                if size is TELEVISION:  # nobody scrolls it
                    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@in_browser
async def test_a_lost_connection_is_said_in_both_languages_and_mends_itself(day: Day) -> None:
    first, *_ = await day.come(1)
    async with chromium() as browser:
        async with day.serving():
            context = await browser.new_context(viewport=WIDE)
            page = await context.new_page()
            await page.goto(day.hall())
            await expect(lane(page)).to_be_visible()
            await expect(page.locator("#connection")).to_be_hidden()
        await expect(page.locator("#connection")).to_contain_text("Connection lost. Trying again")
        await expect(page.locator("#connection")).to_contain_text("انقطع الاتصال")
        await expect(lane(page)).to_be_visible()  # what was last known stays
        await day.step(first, Step.CALL)
        day.feeds.closed = False
        async with day.serving():
            await expect(page.locator("#connection")).to_be_hidden()
            await expect(lane(page).locator(".call .number")).to_have_text("1")
        await context.close()


@in_browser
async def test_the_sound_is_off_until_the_keyboard_turns_it_on(day: Day) -> None:
    async with day.serving(), chromium() as browser, looking(browser, day.hall()) as page:
        await expect(page.get_by_role("button", name="Turn the sound on")).to_be_visible()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Turn the sound off")).to_be_focused()
