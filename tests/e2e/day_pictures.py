"""The pictures of docs/customer-day.md, beside those of `tests.e2e.screenshots`, which draws them with the rest."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser

from bot.sandbox import FATIMA, JOHN, STAFF_AR, STAFF_EN
from locales import Language
from tests.browser import opened
from tests.e2e.desk import Member
from tests.e2e.process import Municipality
from tests.e2e.talking import Resident

#: A Wednesday in the morning, a quarter of an hour before the first appointment.
MORNING = datetime.fromisoformat("2026-11-25T06:45:00+03:00")
SETTLED = 900  # milliseconds: toasts are gone, pictures are drawn
PUBLIC_URL = "https://customer-day.example"


async def draw(browser: Browser, town: Municipality, folder: Path) -> None:
    """Draw `day-card.png`, `day-queue.png` and `day-hall.png`: a morning as the team, residents and the hall see it."""
    fatima, john = Resident.of(town, Language.AR), Resident.of(town, Language.EN)
    maryam, ahmed = Member(town, STAFF_AR), Member(town, STAFF_EN)
    references = [await fatima.books("تأخر إصدار رخصة البناء"), await john.books("The market floods", phone="33123456")]
    for reference in references:
        await _presses(maryam, reference, "🟢 Arrived")
    await maryam.says("/hall")
    await town.all_sent()
    group = maryam.person.chat_id
    async with opened(browser, f"{town.sandbox.url}/?phones={STAFF_AR}:{group},{FATIMA}:{FATIMA}") as page:
        await page.wait_for_timeout(SETTLED)
        await page.screenshot(path=folder / "day-card.png")
    await maryam.person.taps(maryam.office_t.plain("📣 Call next: {n}", n=1))
    await town.all_sent()
    async with opened(browser, f"{town.sandbox.url}/?phones={FATIMA}:{FATIMA},{JOHN}:{JOHN}") as page:
        await page.wait_for_timeout(SETTLED)
        await page.screenshot(path=folder / "day-queue.png")
    await ahmed.says("/hallscreen")
    shown = await ahmed.sees("🖥 <b>The screen for the hall</b>")
    link = urlsplit(shown.keys[0][0].url)
    async with opened(browser, f"{town.process.url}{link.path}?{link.query}") as page:
        await page.wait_for_timeout(3 * SETTLED)
        await page.screenshot(path=folder / "day-hall.png")


async def _presses(staff: Member, reference: str, label: str) -> None:
    """A button of an appointment's card."""
    await staff.town.all_sent()
    (row,) = await staff.town.rows(
        """SELECT message FROM booking_cards WHERE message IS NOT NULL
           AND booking_id = (SELECT id FROM bookings WHERE reference = :reference)""",
        reference=reference,
    )
    await staff.person.taps(staff.office_t.plain(label), on=int(str(row["message"])))
    await staff.town.all_sent()
