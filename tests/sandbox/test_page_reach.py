"""The page for whoever has a narrow screen, a keyboard alone, a screen reader, or reads Arabic."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.sandbox import ADMIN, FATIMA, JOHN, STAFF_AR, Sandbox
from tests.browser import chromium, in_browser, phone
from tests.browser import opened as opened_page
from tests.sandbox.fake_bot import answering
from tests.sandbox.running import CAPITAL, Clock, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as launched:
        yield launched


@asynccontextmanager
async def opened(browser: Browser, query: str, *, refused: str = "(nothing)") -> AsyncIterator[tuple[Page, Sandbox]]:
    clock = Clock()
    async with (
        running(clock=clock, advance=clock.advance) as sandbox,
        answering(sandbox),
        opened_page(browser, f"{sandbox.url}/{query}", refused=refused) as page,
    ):
        yield page, sandbox


@in_browser
async def test_a_narrow_screen_reaches_everybody(browser: Browser) -> None:
    async with opened(browser, "?phones=1001,1002") as (page, sandbox):
        await page.set_viewport_size({"width": 360, "height": 740})
        for person in sandbox.world.people:
            await page.get_by_test_id("any-phone").select_option(str(person))
            await expect(phone(page, person)).to_be_visible()
            await expect(page.locator(".phone:visible")).to_have_count(1)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360


@in_browser
async def test_choosing_a_phone_that_is_open_shows_it_where_it_is(browser: Browser) -> None:
    async with opened(browser, f"?phones={FATIMA},{JOHN}") as (page, _):
        await page.set_viewport_size({"width": 360, "height": 740})
        await page.get_by_test_id("any-phone").select_option(str(JOHN))
        await expect(phone(page, JOHN)).to_be_visible()
        await expect(phone(page, FATIMA)).to_have_count(1)


@in_browser
async def test_the_focus_stays_with_the_conversation(browser: Browser) -> None:
    async with opened(browser, f"?phones={JOHN}:{JOHN}") as (page, _):
        john = phone(page, JOHN)
        await john.get_by_test_id("start").focus()
        await page.keyboard.press("Enter")
        await expect(john.get_by_role("button", name="Book")).to_be_visible()
        await expect(john.locator(":focus")).to_have_count(1)
        await john.get_by_role("button", name="Book").focus()
        await page.keyboard.press("Enter")  # the bot draws the same message with other buttons
        await john.get_by_role("button", name="Wed 12 November").focus()
        await page.keyboard.press("Enter")
        await expect(john.get_by_text("edited")).to_be_visible()
        await expect(john.locator(":focus")).to_have_count(1)


@in_browser
async def test_the_focus_stays_on_the_button_that_is_drawn_again(browser: Browser) -> None:
    async with opened(browser, f"?phones={STAFF_AR}:{CAPITAL}") as (page, sandbox):
        await sandbox.person(FATIMA).says("/complain")
        await sandbox.person(FATIMA).shares_location()
        staff = phone(page, STAFF_AR)
        await staff.get_by_test_id("inline-button").first.focus()
        name = await staff.locator(":focus").inner_text()
        await sandbox.person(FATIMA).blocks()  # everything is drawn anew
        await expect(staff.locator(":focus")).to_have_text(name)


@in_browser
async def test_every_message_says_who_spoke(browser: Browser) -> None:
    async with opened(browser, f"?phones={FATIMA}:{FATIMA}") as (page, sandbox):
        await sandbox.person(FATIMA).says("صباح الخير")
        fatima = phone(page, FATIMA)
        log = fatima.get_by_role("log")
        await expect(log).to_have_attribute("aria-live", "polite")
        await expect(log.get_by_role("article", name="أنتم، 12:00")).to_contain_text("صباح الخير")
        theirs = fatima.locator('[data-own="false"]').last
        title = await fatima.get_by_role("heading", level=2).inner_text()
        await expect(theirs).to_have_attribute("aria-label", f"{title}، 12:00")
        await expect(theirs.locator(".unseen")).to_have_text(f"{title}:")


@in_browser
async def test_only_the_day_in_view_has_its_line_at_the_top(browser: Browser) -> None:
    async with opened(browser, f"?phones={JOHN}:{JOHN}") as (page, sandbox):
        john = phone(page, JOHN)
        for day in range(3):
            for number in range(8):
                await sandbox.person(JOHN).says(f"message {number} of day {day}")
            # The bot answers before the next day begins: an answer given after it would be that day's.
            await expect(john.get_by_text(f"<message 7 of day {day}>")).to_be_visible()
            await page.get_by_role("button", name="Move the clock +1 day").click()
            await expect(page.get_by_test_id("now")).to_contain_text(f"{10 + day} Nov 2025")
        await expect(john.locator(".day")).to_have_count(3)
        await expect(john.locator(".day").last).not_to_have_text("Today")
        tops = await john.locator(".day").evaluate_all(
            "(days) => days.map((day) => Math.round(day.getBoundingClientRect().top))"
        )
        assert len(set(tops)) == len(tops)


@in_browser
async def test_the_page_around_the_phones_is_read_in_either_language(browser: Browser) -> None:
    async with opened(browser, f"?phones={ADMIN},{JOHN}") as (page, _):
        await expect(page.get_by_text("The real bot, on this machine only")).to_be_visible()
        await page.get_by_test_id("page-language").click()
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        await expect(page.get_by_text("على هذا الجهاز فقط")).to_be_visible()
        await page.get_by_role("button", name="تقديم الساعة +يوم").click()
        await expect(page.get_by_test_id("now")).to_contain_text("10 نوفمبر 2025")
        await page.reload()
        await expect(page.get_by_role("status").first).to_have_text("متصل")


CONTRAST = """(element) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[0-9.]+/g).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const back = getComputedStyle(element.closest(".bubble")).backgroundColor;
  const [low, high] = [light(getComputedStyle(element).color), light(back)].sort((a, b) => a - b);
  return [(high + 0.05) / (low + 0.05), light(back)];
}"""


@in_browser
async def test_a_dark_screen_is_dark_and_can_be_read(browser: Browser) -> None:
    async with opened(browser, f"?phones={JOHN}:{JOHN}") as (page, sandbox):
        await page.emulate_media(color_scheme="dark")
        await sandbox.person(JOHN).says("good evening")
        await expect(phone(page, JOHN).get_by_text("<good evening>")).to_be_visible()
        for text in await phone(page, JOHN).locator(".bubble .text, .own .meta").all():
            contrast, background = await text.evaluate(CONTRAST)
            assert contrast >= 4.5
            assert background < 0.1


@in_browser
async def test_whoever_is_named_twice_has_one_phone(browser: Browser) -> None:
    async with opened(browser, f"?phones={JOHN},{JOHN}:{JOHN},{STAFF_AR}") as (page, _):
        await expect(page.locator(".phone")).to_have_count(2)
        for person in (JOHN, STAFF_AR):
            await expect(phone(page, person)).to_have_count(1)


@in_browser
async def test_the_story_says_what_could_not_be_done_and_ends_at_any_time(browser: Browser) -> None:
    async with opened(browser, "", refused="409") as (page, sandbox):
        story, offered = page.get_by_test_id("story"), page.get_by_test_id("story-start")
        await expect(offered).to_be_visible()
        await page.get_by_test_id("story-later").press("Enter")
        await expect(page.get_by_test_id("story-open")).to_be_focused()
        await page.reload()
        await expect(phone(page, JOHN)).to_be_visible()
        await expect(story).to_be_hidden()  # it is offered once

        await sandbox.person(JOHN).blocks()
        await page.get_by_test_id("story-open").press("Enter")
        await expect(offered).to_be_focused()
        await page.keyboard.press("Enter")
        failed = "This step could not be done."  # first the administrator waits for this bot, which has no offices
        await expect(page.get_by_test_id("story-failed")).to_contain_text(failed)
        await expect(page.get_by_test_id("story-failed")).to_contain_text("blocked")
        await page.reload()
        await expect(page.get_by_test_id("story-failed")).to_be_visible()  # and goes on where it was
        await page.get_by_test_id("story-stop").press("Enter")
        await expect(story).to_be_hidden()
        await expect(page.get_by_test_id("story-open")).to_be_focused()
