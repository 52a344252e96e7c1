"""The page of phones, in a real browser, with the fake bot behind it; and what the page's server refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, Route, expect

from bot.sandbox import ADMIN, FATIMA, JOHN, STAFF_AR, STAFF_EN, Sandbox, samples
from bot.sandbox.events import Removed
from tests.browser import chromium, in_browser, phone
from tests.browser import opened as opened_page
from tests.sandbox.fake_bot import answering
from tests.sandbox.running import CAPITAL, Clock, eventually, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as launched:
        yield launched


# A toast is shown for some seconds only: on a machine with much to do, it may be gone before it is looked for.
REMEMBER_TOASTS = """() => {
  window.toasts = [];
  const isToast = (node) => node.dataset?.testid === "toast";
  const added = (changes) => changes.flatMap((change) => [...change.addedNodes]).filter(isToast);
  const remember = (changes) => window.toasts.push(...added(changes).map((toast) => toast.textContent));
  new MutationObserver(remember).observe(document.body, { childList: true, subtree: true });
}"""


@asynccontextmanager
async def opened(
    browser: Browser, query: str = "", *, clock: Clock | None = None
) -> AsyncIterator[tuple[Page, Sandbox]]:
    """The page before a running bot. Fails when a script on it did."""
    clock = clock or Clock()
    async with (
        running(clock=clock, advance=clock.advance) as sandbox,
        answering(sandbox),
        opened_page(browser, f"{sandbox.url}/{query}") as page,
    ):
        yield page, sandbox


@in_browser
async def test_a_resident_starts_and_books_in_arabic(browser: Browser) -> None:
    async with opened(browser) as (page, sandbox):
        fatima = phone(page, FATIMA)
        await expect(fatima.get_by_text("احجزوا موعداً")).to_be_visible()
        await page.evaluate(REMEMBER_TOASTS)
        await fatima.get_by_test_id("start").click()
        await fatima.get_by_role("button", name="حجز موعد").click()
        await fatima.get_by_role("button", name="الأربعاء 12 نوفمبر").click()
        await expect(fatima.get_by_text("تم تأكيد موعدكم")).to_be_visible()
        await page.wait_for_function("window.toasts.includes('تم الحجز')")
        await expect(fatima.get_by_text("معدّلة")).to_be_visible()
        await expect(fatima.get_by_role("img", name="خريطة")).to_be_visible()
        async with page.expect_download() as download:
            await fatima.get_by_role("link", name="customer-day.ics").click()
        assert (await download.value).suggested_filename == "customer-day.ics"
        assert await fatima.locator(".screen").get_attribute("dir") == "rtl"
        assert await phone(page, JOHN).locator(".screen").get_attribute("dir") == "ltr"
        assert sandbox.violations == []


@in_browser
async def test_a_deep_link_prepares_start_with_its_payload(browser: Browser) -> None:
    async with opened(browser, "?person=1002&start=book_capital") as (page, _):
        john = phone(page, JOHN)
        await expect(john.get_by_test_id("payload")).to_have_value("book_capital")
        await john.get_by_test_id("start").click()
        await expect(john.get_by_text("/start book_capital")).to_be_visible()
        await expect(john.get_by_text("Welcome to Customer Day")).to_be_visible()
        await expect(john.get_by_test_id("composer")).to_be_visible()


@in_browser
async def test_the_keyboard_alone_is_enough_to_write_reply_and_edit(browser: Browser) -> None:
    async with opened(browser, "?phones=1002:1002") as (page, sandbox):
        await sandbox.person(JOHN).says("/start")
        john = phone(page, JOHN)
        await john.get_by_test_id("composer").focus()
        await page.keyboard.type("The bin is full")
        await page.keyboard.press("Enter")
        await expect(john.get_by_text("<The bin is full>")).to_be_visible()
        mine = john.locator('[data-own="true"]').last
        await mine.get_by_test_id("message-actions").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(john.get_by_test_id("composer")).to_have_value("The bin is full")
        await page.keyboard.type(" again")
        await page.keyboard.press("Enter")
        await expect(mine.get_by_text("The bin is full again")).to_be_visible()
        await expect(mine.get_by_text("edited")).to_be_visible()
        await john.locator('[data-own="false"]').last.get_by_test_id("message-actions").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await page.keyboard.type("thanks")
        await page.keyboard.press("Enter")
        thanks = john.locator('[data-own="true"]').filter(has_text="thanks")
        await expect(thanks.locator(".quote-text")).to_have_text("<The bin is full>")
        theirs = john.locator('[data-own="false"]').filter(has_text="<thanks>")
        await theirs.get_by_test_id("message-actions").focus()
        await page.keyboard.press("Enter")
        await page.get_by_role("menuitemcheckbox", name="React: 👍").click()
        await expect(theirs.locator(".reactions")).to_have_text("👍")


@in_browser
async def test_what_is_begun_while_a_message_is_on_its_way_goes_on(browser: Browser) -> None:
    async with opened(browser, f"?phones={JOHN}:{JOHN}") as (page, sandbox):
        await sandbox.person(JOHN).says("/start")
        john = phone(page, JOHN)
        reply = john.get_by_test_id("message-reply")
        await expect(reply).to_have_count(2)
        begun = asyncio.Event()

        async def answered_late(route: Route) -> None:
            done = await route.fetch()
            if _says(route.request):
                await begun.wait()
            await route.fulfill(response=done)

        await page.route("**/phones/act", answered_late)
        await john.get_by_test_id("composer").fill("The bin is full")
        async with page.expect_response(lambda response: _says(response.request)) as answer:
            await page.keyboard.press("Enter")
            theirs = john.locator('[data-own="false"]').filter(has_text="<The bin is full>")
            await theirs.get_by_test_id("message-reply").press("Enter")
            await theirs.get_by_test_id("message-actions").focus()
            begun.set()
        await (await answer.value).finished()
        await page.evaluate("fetch('/phones/state').then((state) => state.text())")  # the page has taken that answer
        await expect(john.get_by_test_id("reply-bar")).to_contain_text("<The bin is full>")
        await expect(theirs.get_by_test_id("message-actions")).to_be_focused()


def _says(request: Request) -> bool:
    return '"act":"say"' in (request.post_data or "")


@in_browser
async def test_the_list_of_chats_shows_whole_words(browser: Browser) -> None:
    async with opened(browser, "?phones=1001,1002") as (page, sandbox):
        await sandbox.person(JOHN).says("The container in front of our house has been overflowing since Thursday")
        await sandbox.person(FATIMA).says("الحاوية أمام منزلنا في الطريق 1208 ممتلئة منذ يوم الخميس")
        await expect(phone(page, JOHN).locator(".chat-row-last")).to_have_text("<The container in front of our…")
        await expect(phone(page, FATIMA).locator(".chat-row-last")).to_have_text("<الحاوية أمام منزلنا في الطريق…")


@in_browser
async def test_everything_can_be_attached(browser: Browser) -> None:
    async with opened(browser, "?phones=1002:1002") as (page, sandbox):
        await sandbox.person(JOHN).says("/start")
        john = phone(page, JOHN)

        async def attach(what: str) -> None:
            await john.get_by_test_id("attach").click()
            await john.get_by_test_id(f"attach-{what}").click()

        await attach("photo")
        await john.get_by_label("Caption").fill("Look")
        await john.get_by_test_id("sample-pothole").click()
        await expect(john.locator(".photo img")).to_have_count(1)
        await attach("album")
        await john.get_by_test_id("sample-bin").click()
        await expect(john.locator(".album img")).to_have_count(3)
        await attach("photo")
        await john.locator('input[type="file"]').set_input_files(
            {"name": "mine.jpg", "mimeType": "image/jpeg", "buffer": samples.photo(samples.Scene.TREE)}
        )
        await expect(john.locator(".photo img")).to_have_count(5)
        await john.get_by_test_id("attach").click()
        await john.locator('input[type="file"]').set_input_files(
            {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": samples.document()}
        )
        await expect(john.get_by_role("link", name="plan.pdf")).to_be_visible()
        for what, sign in (("voice", ".voice"), ("sticker", ".sticker"), ("sample-document", ".document")):
            await attach(what)
            await expect(john.locator(sign).last).to_be_visible()
        await attach("location")
        await john.get_by_role("button", name="Muharraq Souq").click()
        await john.get_by_test_id("send-location").click()
        await expect(john.get_by_text("26.2572, 50.6119")).to_be_visible()
        await attach("contact")
        await john.get_by_test_id("share-contact").click()
        await expect(john.locator(".contact-card")).to_contain_text("+97336123456")
        assert sandbox.refusals == []


@in_browser
async def test_a_reply_keyboard_asks_for_the_location(browser: Browser) -> None:
    async with opened(browser, "?phones=1002:1002") as (page, _):
        john = phone(page, JOHN)
        await john.get_by_test_id("start").click()
        await john.get_by_test_id("commands").click()
        await john.get_by_test_id("command").filter(has_text="/complain").click()
        await expect(john.get_by_test_id("reply-button")).to_have_count(2)
        await john.get_by_test_id("reply-button").first.click()
        await john.get_by_test_id("send-location").click()
        await expect(john.get_by_text("We have your complaint")).to_be_visible()
        await expect(john.get_by_test_id("reply-button")).to_have_count(0)


@in_browser
async def test_a_forced_reply_opens_by_itself_and_can_be_closed(browser: Browser) -> None:
    async with opened(browser, f"?phones={FATIMA}:{FATIMA},{STAFF_EN}:{CAPITAL}") as (page, sandbox):
        staff, fatima = phone(page, STAFF_EN), phone(page, FATIMA)
        field = staff.get_by_test_id("composer")
        await field.click()
        await _forced(sandbox, CAPITAL, STAFF_EN, "Your reply")
        await expect(staff.get_by_test_id("reply-bar")).to_contain_text("Which road?")
        await expect(field).to_have_attribute("placeholder", "Your reply")
        await expect(field).to_be_focused()
        await expect(fatima.get_by_test_id("reply-bar")).to_have_count(0)
        await page.keyboard.type("Road 12")
        await page.keyboard.press("Enter")
        own = staff.locator('[data-own="true"]').last
        await expect(own.locator(".quote")).to_contain_text("Which road?")
        await expect(staff.get_by_test_id("reply-bar")).to_have_count(0)

        await _forced(sandbox, CAPITAL, STAFF_EN, "Your reply")
        await staff.get_by_test_id("reply-bar").get_by_role("button").click()
        await expect(staff.get_by_test_id("reply-bar")).to_have_count(0)
        await expect(field).to_have_attribute("placeholder", "Message")
        await sandbox.person(STAFF_AR).in_group(CAPITAL).says("Good morning")
        await expect(staff.get_by_text("Good morning")).to_be_visible()
        await expect(staff.get_by_test_id("reply-bar")).to_have_count(0)  # not again
        await page.keyboard.type("Who has lunch")
        await page.keyboard.press("Enter")
        await expect(staff.locator('[data-own="true"]').last.locator(".quote")).to_have_count(0)

        asked = await _forced(sandbox, CAPITAL, STAFF_EN, "Your reply")
        await expect(staff.get_by_test_id("reply-bar")).to_be_visible()
        sandbox.world.commit(Removed(CAPITAL, [asked]))
        await expect(staff.get_by_test_id("reply-bar")).to_have_count(0)


async def _forced(sandbox: Sandbox, chat: int, person: int, hint: str) -> int:
    """What a bot sends that wants an answer of somebody."""
    markup = {"force_reply": True, "selective": True, "input_field_placeholder": hint}
    text = f'<a href="tg://user?id={person}">You</a>: Which road?'
    call = {"chat_id": chat, "text": text, "parse_mode": "HTML", "reply_markup": markup}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.url}/bot{sandbox.token}/sendMessage", json=call) as sent,
    ):
        return int((await sent.json())["result"]["message_id"])


@in_browser
async def test_the_staff_phone_counts_shows_and_claims(browser: Browser) -> None:
    async with opened(browser, "?phones=1001:1001,2001") as (page, sandbox):
        staff = phone(page, STAFF_AR)
        await sandbox.person(FATIMA).says("/complain")
        await sandbox.person(FATIMA).shares_location()
        row = staff.get_by_test_id("chat-row").filter(has_text="أمانة العاصمة")
        await expect(row.locator(".badge")).to_have_text("1")
        await row.click()
        await staff.get_by_role("button", name="استلام المهمة").click()
        await expect(staff.get_by_text("مريم يوسف")).to_be_visible()
        await staff.get_by_test_id("back").click()
        await expect(row.locator(".badge")).to_have_count(0)
        assert sandbox.world.chats[CAPITAL].seen[STAFF_AR] == 1


@in_browser
async def test_a_team_works_in_its_group_from_one_phone(browser: Browser) -> None:
    async with opened(browser, f"?phones=1001:1001,{STAFF_AR}:{CAPITAL}") as (page, sandbox):
        await sandbox.person(FATIMA).says("/complain")
        await sandbox.person(FATIMA).shares_location()
        card = (await sandbox.person(STAFF_AR).in_group(CAPITAL).sees("")).id
        await phone(page, STAFF_AR).get_by_test_id("acting").filter(has_text="Ahmed").click()
        staff = phone(page, STAFF_EN)
        await staff.locator(f'[data-message-id="{card}"] .body').dblclick(position={"x": 4, "y": 4})
        await staff.get_by_test_id("attach").click()
        await staff.get_by_test_id("attach-voice").click()
        await expect(staff.locator('[data-own="true"] .voice')).to_be_visible()
        await expect(staff.locator('[data-own="true"] .quote')).to_be_visible()
        await staff.locator(f'[data-message-id="{card}"]').hover()
        await staff.locator(f'[data-message-id="{card}"]').get_by_test_id("message-reply").click()
        await staff.get_by_test_id("composer").fill("A truck comes")
        await page.keyboard.press("Enter")
        own = staff.locator('[data-own="true"]').filter(has_text="A truck comes")
        await expect(own.locator(".quote")).to_be_visible()
        await own.get_by_test_id("message-actions").focus()
        await page.keyboard.press("Enter")
        await staff.get_by_role("menuitem", name="Delete").click()
        await expect(staff.get_by_text("A truck comes")).to_have_count(0)
        await staff.get_by_test_id("chat-menu").click()
        await staff.get_by_role("menuitem", name="Leave the group").click()
        await expect(staff.get_by_test_id("chat-row").first).to_be_visible()
        await expect(staff.get_by_test_id("chat-row").filter(has_text="أمانة العاصمة")).to_have_count(0)
        assert STAFF_EN not in sandbox.world.groups[CAPITAL].members


@in_browser
async def test_an_administrator_adds_removes_and_opens_topics(browser: Browser) -> None:
    async with opened(browser, f"?phones={ADMIN}:{CAPITAL},1001") as (page, sandbox):
        admin = phone(page, ADMIN)
        for act, whom in (("remove", STAFF_EN), ("add", JOHN)):
            await admin.get_by_test_id("chat-menu").click()
            await admin.get_by_role("menuitem", name="الأعضاء").click()
            await admin.get_by_test_id(f"{act}-{whom}").click()
            await expect(admin.get_by_role("dialog")).to_have_count(0)
        assert sandbox.world.groups[CAPITAL].members == (STAFF_AR, ADMIN, JOHN)
        await admin.get_by_test_id("chat-menu").click()
        await admin.get_by_role("menuitem", name="فتح موضوع").click()
        await admin.get_by_test_id("topic-name").fill("الطرق")
        await admin.get_by_test_id("open-topic").click()
        await admin.get_by_test_id("topic").filter(has_text="الطرق").click()
        await admin.get_by_test_id("composer").fill("في الموضوع")
        await page.keyboard.press("Enter")
        await expect(admin.get_by_text("في الموضوع")).to_be_visible()
        await admin.get_by_test_id("topic").filter(has_text="عام").click()
        await expect(admin.get_by_text("في الموضوع")).to_have_count(0)
        (said,) = [one.wire for one in sandbox.world.chats[CAPITAL].messages.values() if "text" in one.wire]
        assert said["is_topic_message"]


@in_browser
async def test_alerts_blocking_language_and_the_clock(browser: Browser) -> None:
    clock = Clock()
    async with opened(browser, "?phones=1002:1002", clock=clock) as (page, sandbox):
        john = phone(page, JOHN)
        await john.get_by_test_id("start").click()
        await john.get_by_role("button", name="Help").click()
        await expect(john.get_by_role("alertdialog")).to_contain_text("Help")
        await john.get_by_role("button", name="OK", exact=True).click()
        await john.get_by_test_id("chat-menu").click()
        await john.get_by_role("menuitem", name="Stop and block the bot").click()
        await john.get_by_test_id("restart").click()
        await expect(john.get_by_test_id("composer")).to_be_visible()
        await john.get_by_test_id("chat-menu").click()
        await john.get_by_role("menuitem", name="العربية").click()
        await expect(john.get_by_role("button", name="إرسال")).to_be_visible()
        assert sandbox.person(JOHN).account.language_code == "ar"
        await expect(page.get_by_test_id("now")).to_contain_text("Sun, 9 Nov 2025")  # where time goes on
        await page.get_by_role("button", name="Move the clock +1 week").click()
        await expect(page.get_by_test_id("now")).to_contain_text("Sun, 16 Nov 2025")


@in_browser
async def test_a_phone_changes_hands_and_a_narrow_screen_shows_one(browser: Browser) -> None:
    async with opened(browser, "?phones=1001,1002") as (page, _):
        await page.get_by_test_id("holder").first.select_option(str(STAFF_AR))
        await expect(phone(page, STAFF_AR)).to_be_visible()
        await page.get_by_test_id("holder").first.select_option(str(JOHN))
        await expect(phone(page, STAFF_AR)).to_have_count(1)
        await page.set_viewport_size({"width": 390, "height": 844})
        await expect(page.locator(".phone:visible")).to_have_count(1)
        await page.get_by_role("button", name="مريم يوسف").click()
        await expect(phone(page, STAFF_AR)).to_be_visible()
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390


async def test_foreign_pages_cannot_act() -> None:
    async with running() as sandbox, aiohttp.ClientSession() as session:
        act = {"person": FATIMA, "chat": FATIMA, "act": "say", "text": "x"}
        own = {"X-Sandbox": "1"}
        assert (await session.post(f"{sandbox.url}/phones/act", json=act)).status == 403
        rebound = {"Host": "127.0.0.1.example.com", **own}
        assert (await session.post(f"{sandbox.url}/phones/act", json=act, headers=rebound)).status == 403
        assert (await session.post(f"{sandbox.url}/phones/act", json=act, headers=own)).status == 200
        wrong = await session.post(f"{sandbox.url}/phones/act", json=act | {"chat": JOHN}, headers=own)
        assert (wrong.status, (await wrong.json())["error"]) == (409, "person 1001 has no chat 1002")
        assert (await session.post(f"{sandbox.url}/phones/act", json={"act": "fly"}, headers=own)).status == 400
        page = await session.get(f"{sandbox.url}/")
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        for path in ("/page/../server.py", "/page/%2e%2e%2fserver.py", "/page/nothing.js", "/phones/media/none"):
            assert (await session.get(f"{sandbox.url}{path}")).status in (403, 404)


async def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    import bot.sandbox.page as page  # noqa: PLC0415, PLR0402 - only its place is wanted

    for file in (Path(page.__file__).parent / "page").iterdir():
        text = file.read_text().replace("http://www.w3.org/", "")
        assert 'src="http' not in text
        assert 'url("http' not in text
        assert 'fetch("http' not in text


async def test_a_closed_page_leaves_no_listener() -> None:
    async with running() as sandbox:
        before = len(sandbox.world.listeners)
        async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/phones/events") as stream:
            assert (await stream.content.readline()).startswith(b"data:")
            assert len(sandbox.world.listeners) == before + 1
        await sandbox.person(FATIMA).says("wakes the stream")
        person_listener = 1
        await sandbox.person(FATIMA).says("and again")
        await eventually(lambda: len(sandbox.world.listeners) == before + person_listener)
