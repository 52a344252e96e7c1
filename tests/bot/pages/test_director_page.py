"""The director's page in a real browser: both directions, a weak connection, two people at once, and the keyboard."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.sandbox.mini_apps import init_data
from bot.sandbox.world import Account
from services.bookings.bookings import Booking
from services.visits.states import Step
from storage import residents
from storage.database import Dialect
from storage.lines import Held
from tests.bot.pages.day import NOORA, TOKEN, Day
from tests.bot.pages.looking import NARROW, PHONE, PICTURES, TELEVISION, WIDE, looking, reads_well
from tests.browser import chromium, in_browser


@pytest.fixture
def dialect() -> Dialect:
    """A page is the same over either database: what it asks for is tried on both in `test_director`."""
    return Dialect.SQLITE


def address(day: Day, language: str = "en", theme: dict[str, str] | None = None) -> str:
    """The page as the app opens it for Noora."""
    account = Account(int(NOORA.address), "Noora", language_code=language)
    data = init_data(account, TOKEN, int(day.desk.now.timestamp()))
    colours = f"&tgWebAppThemeParams={quote(json.dumps(theme))}" if theme else ""
    return f"{day.url}/director#tgWebAppData={quote(data)}{colours}"


@asynccontextmanager
async def opened(day: Day, browser: Browser, language: str = "en", **how: Any) -> AsyncIterator[Page]:
    async with looking(browser, address(day, language), size=how.pop("size", PHONE), **how) as page:
        yield page


def inside(page: Page) -> Locator:
    return page.locator(".person.inside")


def step(page: Page, name: str, booking: Booking) -> Locator:
    """The button of a step for one visitor."""
    return page.locator(f'[data-focus="{name}-{booking.id}"]')


@in_browser
async def test_it_reads_in_both_directions_light_dark_wide_and_on_a_phone(day: Day) -> None:
    first, second, *_ = await day.come(7)
    await day.step(first, Step.ENTER)
    await day.step(second, Step.CALL)
    PICTURES.mkdir(exist_ok=True)
    async with day.serving(), chromium() as browser:
        for language, (name, size), scheme in itertools.product(
            ("ar", "en"), (("wide", WIDE), ("phone", PHONE)), ("light", "dark")
        ):
            dark: Any = scheme
            async with opened(day, browser, language, size=size, scheme=dark) as page:
                await expect(inside(page).locator(".ticket b")).to_have_text("1")
                await expect(inside(page).locator(".brief")).to_contain_text("Fatima Ali")
                await expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
                words = "لقاءات اليوم" if language == "ar" else "Today in the room"
                await expect(page.get_by_role("heading", level=1)).to_have_text(words)
                await page.screenshot(path=PICTURES / f"director-{language}-{name}-{scheme}.png", full_page=True)


@in_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ar", "en"])
async def test_it_reads_well_with_all_that_can_be_undone_on_a_narrow_phone_and_a_wide_screen(
    day: Day, language: str, scheme: str
) -> None:
    done, absent, entered, called, waits, *_ = await day.come(7)
    for one, steps in (
        (done, (Step.ENTER, Step.FINISH)),
        (absent, (Step.CALL, Step.NOT_HERE)),
        (entered, (Step.CALL, Step.ENTER)),
        (called, (Step.CALL,)),
    ):
        for each in steps:
            await day.step(one, each)
    await day.answers(entered, "Bring the plan of the building")
    await day.replies(await day.links_case(entered), "The road is on this month's list")
    walk_in = await day.walks_in(day.projects)
    await day.holds(day.projects, Held.BREAK, timedelta(minutes=20))
    PICTURES.mkdir(exist_ok=True)
    async with day.serving(), chromium() as browser:
        for name, size in (("narrow", NARROW), ("television", TELEVISION)):
            async with opened(day, browser, language, size=size, scheme=scheme) as page:
                await expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
                for one in (done, absent, entered, called):
                    await expect(step(page, "undo", one)).to_be_visible()
                await expect(page.locator(".brief")).to_have_count(2)
                await expect(page.locator(".brief").first).to_contain_text("The road is on this month's list")
                await expect(step(page, "in", walk_in)).to_be_visible()
                await expect(page.locator(f'[data-focus="call-{day.projects.id}"]')).to_be_visible()
                await reads_well(page, smallest=14)
                await page.screenshot(path=PICTURES / f"director-undo-{language}-{name}-{scheme}.png", full_page=True)
                button = await step(page, "in", waits).bounding_box()
                row = await page.get_by_role("listitem").filter(has=step(page, "in", waits)).bounding_box()
                assert button is not None
                assert row is not None
                at_its_end = (
                    button["x"] - row["x"]
                    if language == "ar"
                    else row["x"] + row["width"] - button["x"] - button["width"]
                )
                assert abs(at_its_end) < 1
                assert row["height"] < 2 * button["height"]  # beside the words, not below them


@in_browser
async def test_it_speaks_the_language_that_the_member_chose_in_the_chat(day: Day) -> None:
    async with day.desk.database.transaction() as tx:
        await residents.add(tx, NOORA.channel, NOORA.address, NOORA.name, "ar", day.desk.now)
    async with day.serving(), chromium() as browser, opened(day, browser, "en") as page:
        await expect(page.locator("html")).to_have_attribute("lang", "ar")
        await expect(page.get_by_role("heading", level=1)).to_have_text("لقاءات اليوم")


@in_browser
async def test_it_takes_the_colours_of_the_app(day: Day) -> None:
    theme = {"bg_color": "#101820", "text_color": "#fafafa", "button_color": "not a colour"}
    async with day.serving(), chromium() as browser, looking(browser, address(day, theme=theme), size=PHONE) as page:
        await expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
        assert await page.evaluate("getComputedStyle(document.body).color") == "rgb(250, 250, 250)"


@in_browser
async def test_a_visitor_goes_in_and_is_done_by_the_keyboard_alone(day: Day) -> None:
    await day.come(2)
    async with day.serving(), chromium() as browser, opened(day, browser) as page:
        goes_in = page.get_by_role("button", name="In: Number").first
        await goes_in.focus()
        await page.keyboard.press("Enter")
        await expect(inside(page).locator(".ticket b")).to_have_text("1")
        await expect(inside(page).locator(".queued")).to_have_count(0)
        await inside(page).get_by_role("button", name="Meeting over").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog", name="What came of the meeting?")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(inside(page).get_by_role("button", name="Meeting over")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog", name="What came of the meeting?")).to_be_visible()
        await page.keyboard.press("Enter")  # the first choice
        await expect(inside(page)).to_have_count(0)
        await goes_in.click()
        await inside(page).get_by_role("button", name="Meeting over").click()
        await page.get_by_role("dialog").get_by_role("button", name="Referred").click()
        await expect(page.get_by_role("heading", name="Which body is responsible for this?")).to_be_focused()
        await page.get_by_role("textbox", name="Name of another body").fill("The courts")
        await page.get_by_role("button", name="Record the referral").click()
        await expect(inside(page)).to_have_count(0)
    outcomes = await day.desk.rows("SELECT kind, party_words FROM meeting_outcomes ORDER BY id")
    assert [tuple(row.values()) for row in outcomes] == [("solved", ""), ("referred", "The courts")]


@in_browser
async def test_people_are_called_in_by_the_keyboard_and_the_focus_goes_on_to_the_next_step(day: Day) -> None:
    first, *_ = await day.come(2)
    async with day.serving(), chromium() as browser, opened(day, browser) as page:
        await page.get_by_role("button", name="Call next").focus()
        await page.keyboard.press("Enter")
        await expect(step(page, "in", first)).to_be_focused()
        await expect(page.get_by_role("button", name="Call next")).to_have_count(0)
        await expect(page.locator(".queued")).to_have_count(0)
        await expect(step(page, "in", first)).to_be_focused()  # drawn anew since
        await page.keyboard.press("Tab")
        await expect(step(page, "not_here", first)).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Call next")).to_be_focused()
        await expect(page.locator(".queued")).to_have_count(0)
    rows = await day.desk.rows("SELECT status FROM session_visits ORDER BY ticket")
    assert [row["status"] for row in rows] == ["absent", "waiting"]


@in_browser
async def test_a_call_without_a_connection_is_sent_later_and_a_quicker_one_is_said(day: Day) -> None:
    first, *_ = await day.come(2)
    async with day.serving(), chromium() as browser, opened(day, browser) as page:
        await expect(page.get_by_role("button", name="Call next")).to_be_visible()
        await page.route("**/director/*", lambda route: route.abort())
        await page.get_by_role("button", name="Call next").click()
        await expect(page.locator(".queued")).to_contain_text("Waiting to be sent: Called")
        await expect(page.locator("#connection")).to_contain_text("Connection lost")
        await day.step(first, Step.CALL)
        await page.unroute("**/director/*")
        alert = page.get_by_role("alert")
        await expect(alert).to_contain_text("another person was quicker")
        await expect(alert).to_contain_text("Called")
        await expect(step(page, "in", first)).to_be_visible()
    calls = await day.desk.rows("SELECT booking_id FROM booking_events WHERE what = 'called'")
    assert len(calls) == 1


@in_browser
async def test_a_wrong_tap_is_undone_on_the_page_and_the_outcome_only_when_that_is_said(day: Day) -> None:
    (first,) = await day.come(1)
    async with day.serving(), chromium() as browser, opened(day, browser) as page:
        await step(page, "in", first).click()
        await expect(page.locator(".queued")).to_have_count(0)
        await step(page, "undo", first).focus()
        await page.keyboard.press("Enter")
        await expect(step(page, "in", first)).to_be_focused()
        await step(page, "in", first).click()
        await step(page, "done", first).click()
        await page.get_by_role("button", name="Solved").click()
        finished = page.get_by_role("listitem").filter(has_text="Solved")
        await expect(finished).to_be_visible()
        await step(page, "undo", first).click()
        asked = page.get_by_role("dialog", name="Undo the end of the meeting?")
        await expect(asked).to_contain_text("Solved")
        await page.keyboard.press("Escape")
        await expect(step(page, "undo", first)).to_be_focused()
        await page.keyboard.press("Enter")
        await asked.get_by_role("button", name="Undo and withdraw").click()
        await expect(inside(page).locator(".ticket b")).to_have_text("1")
    kinds = await day.desk.rows("SELECT kind FROM meeting_outcomes ORDER BY version")
    assert [row["kind"] for row in kinds] == ["solved", "taken_back"]


@in_browser
async def test_what_waits_on_the_phone_is_undone_there(day: Day) -> None:
    first, *_ = await day.come(2)
    async with day.serving(), chromium() as browser, opened(day, browser) as page:
        await expect(step(page, "in", first)).to_be_visible()
        await page.route("**/director/*", lambda route: route.abort())
        await expect(page.locator("#connection")).to_contain_text("Connection lost")
        await step(page, "in", first).click()
        await expect(inside(page).locator(".queued")).to_contain_text("Waiting to be sent: In")
        await step(page, "undo", first).click()
        await expect(inside(page)).to_have_count(0)
        await page.unroute("**/director/*")
        await expect(page.locator("#connection")).to_be_empty()
    visit = await day.desk.rows("SELECT status, version FROM session_visits WHERE booking_id = :id", id=first.id)
    assert visit == [{"status": "waiting", "version": 1}]


@in_browser
async def test_a_promise_is_read_as_the_visitor_will_read_it_and_then_sent(day: Day) -> None:
    """The member reads Arabic and the visitor English; the connection is lost before the preview and before Send."""
    (first,) = await day.come(1)
    await day.step(first, Step.ENTER)
    await day.desk.rows("UPDATE residents SET language = 'en' WHERE id = :id RETURNING id", id=first.resident_id)
    PICTURES.mkdir(exist_ok=True)
    async with day.serving(), chromium() as browser, opened(day, browser, "ar", size=NARROW) as page:
        await expect(inside(page).locator(".brief")).to_be_visible()
        await inside(page).get_by_role("button", name="تعهد").click()
        await page.get_by_label("ما نص التعهد؟").fill("إصلاح الطريق")
        await page.get_by_role("button", name="بعد أسبوعين").click()
        await page.screenshot(path=PICTURES / "director-promise-ar.png")
        await page.route("**/director/*", lambda route: route.abort())
        await page.get_by_role("button", name="معاينة ما سيظهر للمراجع").click()
        await expect(page.get_by_role("status").filter(has_text="لا يوجد اتصال")).to_be_visible()
        await page.unroute("**/director/*")
        shown = page.get_by_role("dialog", name="سيظهر للمراجع")
        await expect(shown.locator("blockquote[lang=en][dir=ltr]")).to_contain_text("The municipality promised you:")
        await expect(shown.locator("blockquote")).to_contain_text("إصلاح الطريق")
        await expect(shown.get_by_role("heading")).to_be_focused()
        await page.screenshot(path=PICTURES / "director-preview-ar.png")
        assert await day.desk.rows("SELECT id FROM promises") == []
        await shown.get_by_role("button", name="تعديل التعهد").click()
        await expect(page.get_by_label("ما نص التعهد؟")).to_have_value("إصلاح الطريق")
        await page.get_by_role("button", name="معاينة ما سيظهر للمراجع").click()
        await page.route("**/director/*", lambda route: route.abort())
        await shown.get_by_role("button", name="إرسال").click()
        await expect(inside(page).locator(".queued")).to_be_visible()
        await page.unroute("**/director/*")
        await expect(inside(page)).to_have_count(0)
    (promise,) = await day.desk.rows("SELECT what, due FROM promises")
    assert promise["what"] == "إصلاح الطريق"


@in_browser
async def test_whoever_is_back_from_a_break_calls_the_next_with_one_tap(day: Day) -> None:
    first, *_ = await day.come(2)
    async with day.serving(), chromium() as browser, opened(day, browser) as page:
        lane = page.locator(".lane", has=step(page, "in", first))
        await lane.get_by_role("button", name="Take a break").click()
        await page.get_by_role("dialog", name="For how long is the break?").get_by_role("button", name="15").click()
        await expect(lane.locator(".note")).to_contain_text("09:15")
        await expect(page.get_by_role("button", name="Call next")).to_have_count(0)
        call = page.locator(f'[data-focus="call-{day.director.id}"]')
        await expect(call).to_be_focused()
        await page.keyboard.press("Shift+Tab")
        await expect(lane.get_by_role("button", name="Change how long")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Until we say so").click()
        await expect(lane.locator(".note")).to_have_text("Short break")
        await expect(call).to_contain_text("and end the break")
        await call.focus()
        await page.keyboard.press("Enter")
        await expect(step(page, "in", first)).to_be_focused()
        await expect(lane.locator(".note")).to_have_count(0)
        await lane.get_by_role("button", name="Announce a delay").click()
        await page.get_by_role("dialog", name="How long is the delay?").get_by_role("button", name="20").click()
        await expect(lane.locator(".note")).to_contain_text("09:20")
    (visit,) = await day.desk.rows("SELECT status FROM session_visits WHERE booking_id = :id", id=first.id)
    assert visit == {"status": "called"}


@in_browser
async def test_taps_without_a_connection_are_kept_over_a_reload_and_sent_later(day: Day) -> None:
    (first,) = await day.come(1)
    async with chromium() as browser:
        context = await browser.new_context(viewport=PHONE, locale="en-GB")
        page = await context.new_page()
        async with day.serving():
            await page.goto(address(day))
            await expect(page.get_by_role("button", name="In: Number")).to_be_visible()
        await page.get_by_role("button", name="In: Number").click()
        await expect(inside(page).locator(".queued")).to_contain_text("Waiting to be sent")
        await expect(page.locator("#connection")).to_contain_text("Connection lost")
        await step(page, "done", first).click()
        await page.get_by_role("button", name="Record it later").click()
        await expect(step(page, "done", first)).to_have_count(0)
        day.feeds.closed = False
        async with day.serving():
            await page.reload()
            await expect(page.locator("#spoken")).to_contain_text("recorded")
            await expect(page.locator(".queued")).to_have_count(0)
        await context.close()
    visit = await day.desk.rows("SELECT status, version FROM session_visits WHERE booking_id = :id", id=first.id)
    assert visit == [{"status": "done", "version": 3}]


@in_browser
async def test_a_conflict_says_what_is_now(day: Day) -> None:
    first, *_ = await day.come(2)
    async with day.serving(), chromium() as browser, opened(day, browser) as page:
        await expect(page.get_by_role("button", name="In: Number").first).to_be_visible()
        await page.route("**/director/day*", lambda route: route.abort())
        await day.step(first, Step.LEAVE)
        await page.get_by_role("button", name="In: Number").first.click()
        alert = page.get_by_role("alert")
        await expect(alert).to_contain_text("another person was quicker")
        await expect(alert).to_contain_text("Left")
        await page.unroute("**/director/day*")
        await alert.get_by_role("button", name="OK").click()
        await expect(page.locator("#day")).to_be_focused()


@in_browser
async def test_nothing_stays_on_the_screen_of_whom_the_right_was_taken(day: Day) -> None:
    (first,) = await day.come(1)
    await day.step(first, Step.ENTER)
    async with day.serving(), chromium() as browser, opened(day, browser) as page:
        await expect(inside(page).locator(".brief")).to_contain_text("Fatima Ali")
        await day.dismisses(NOORA)
        await expect(page.get_by_text("You no longer have permission")).to_be_visible()
        assert "Fatima" not in await page.locator("body").inner_text()
