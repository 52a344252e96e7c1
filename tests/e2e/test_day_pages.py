"""The pages of a Customer Day as the sandbox opens them: a member of staff asks for both in the chat."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from bot.sandbox import STAFF_EN
from locales import Language
from tests.browser import chromium, in_browser, opened
from tests.e2e.browser import Phone, sandbox


@in_browser
async def test_staff_open_the_hall_screen_and_their_page_from_the_chat(tmp_path: Path) -> None:
    async with (
        chromium() as browser,
        sandbox(tmp_path) as bot,
        opened(browser, f"{bot.url}/?phones={STAFF_EN}:{STAFF_EN}") as page,
    ):
        staff = Phone(page, Language.EN, STAFF_EN)
        await staff.starts()
        await staff.sees("<b>Main menu</b>")

        await staff.says("/hallscreen")
        await staff.sees("🖥 <b>The screen for the hall</b>")
        async with page.expect_popup() as popup:
            await staff.frame.get_by_role("link", name="Capital").click()
        hall = await popup.value
        await expect(hall.get_by_role("heading", level=1)).to_contain_text("Capital Municipality")
        await expect(hall.locator("#connection")).to_be_hidden()

        await staff.says("/room")
        await staff.sees("🚪 <b>Today in the room</b>")
        async with page.expect_popup() as popup:
            await staff.frame.get_by_role("link", name="Open the page").click()
        room = await popup.value
        await expect(room.get_by_label("Municipality")).to_be_visible()
        await expect(room.get_by_role("heading", level=1)).to_have_text("Today in the room")
        await expect(room.locator("#connection")).to_be_empty()
