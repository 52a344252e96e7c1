"""The documentation's pictures: `python -m tests.e2e.screenshots docs/`."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from functools import partial
from pathlib import Path

from playwright.async_api import Browser, Locator, Page

from bot.app import open_context
from bot.sandbox import FATIMA, JOHN, STAFF_AR, STAFF_EN, samples
from locales import Language
from services.cases import resident_actions
from services.cases.resident_actions import NewCase
from services.unit_of_work import Work
from storage import residents
from storage.ids import CategoryId, OfficeId
from storage.records.cases import CaseKind
from tests.browser import chromium, opened
from tests.e2e import admin_pictures, day_pictures, story_pictures
from tests.e2e.browser import Phone, sandbox
from tests.e2e.desk import Member
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import STREETS, Resident
from tests.few_seats import few_seats
from tests.instants import SUNDAY

MUHARRAQ = (26.2572, 50.6119)
_MORE = (
    ("debris", 305, "مخلفات بناء متروكة أمام المدرسة منذ أسبوع"),
    ("rainwater", 318, "تجمّع مياه الأمطار عند مدخل المجمع"),
    ("parks", 321, "مقعد مكسور في الحديقة قرب ألعاب الأطفال"),
)
SETTLED = 900  # milliseconds: toasts are gone, pictures are drawn


async def draw(folder: Path) -> None:
    """Draw `booking-ar-en.png`; of the staff's desk `staff-cards.png`, `staff-question.png`, `staff-queue.png`; and
    what `admin_pictures`, `day_pictures` and `story_pictures` draw.
    """
    with tempfile.TemporaryDirectory() as data:
        async with chromium() as browser:
            async with (
                sandbox(Path(data)) as bot,
                opened(browser, _phones(bot.url, FATIMA, FATIMA, JOHN, JOHN)) as page,
            ):
                await _booking_and_complaint(page, folder)
            offices = _one_english_group(Path(data))
            async with municipality(Path(data) / "desk", hired=True, offices=offices) as town:
                await _desk(browser, town, folder)
            async with municipality(Path(data) / "admins", hired=True) as town:
                await admin_pictures.draw(browser, town, folder)
            at, url = day_pictures.MORNING, day_pictures.PUBLIC_URL
            async with municipality(Path(data) / "day", hired=True, at=at, PUBLIC_URL=url) as town:
                await day_pictures.draw(browser, town, folder)
            async with municipality(Path(data) / "story", hired=True, in_process=True, at=SUNDAY) as town:
                await story_pictures.draw(browser, town, folder)


def _phones(url: str, first: int, first_chat: int, second: int, second_chat: int) -> str:
    """The page's address with two people's phones, each with a chat open."""
    return f"{url}/?phones={first}:{first_chat},{second}:{second_chat}"


def _one_english_group(folder: Path) -> Path:
    """The shipped offices, where the cards of Muharraq's team are in English."""
    path = few_seats(folder / "offices", slots=12)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n  muharraq:\n", "\n  muharraq:\n    staff_language: en\n"), encoding="utf-8")
    return path


async def _booking_and_complaint(page: Page, folder: Path) -> None:
    fatima, john = Phone(page, Language.AR), Phone(page, Language.EN)
    await fatima.books("تأخر إصدار رخصة البناء")
    await john.complains("The bins on our road are full since Sunday")
    await page.wait_for_timeout(SETTLED)
    await _to_the_top(await fatima.sees("Your appointment is confirmed."))
    await john.sees("We have received your complaint.")
    await page.wait_for_timeout(SETTLED)
    await page.screenshot(path=folder / "booking-ar-en.png")


# ---------------------------------------------------------------------------- the staff's desk


async def _desk(browser: Browser, town: Municipality, folder: Path) -> None:
    """Two offices' groups, one in Arabic and one in English, and a resident who is asked something."""
    maryam, ahmed = Member(town, STAFF_AR), Member(town, STAFF_EN, "muharraq", office_language=Language.EN)
    fatima, john = Resident.of(town, Language.AR), Resident.of(town, Language.EN)
    theirs = await fatima.complains("الحاويات في شارعنا ممتلئة منذ يوم الأحد", photos=2, at=STREETS[Language.AR])
    his = await john.complains("The bins on our road are full since Sunday", office="muharraq", at=MUHARRAQ)
    await maryam.presses(theirs, "✋ Claim")
    await ahmed.presses(his, "✋ Claim")
    await ahmed.presses(his, "⋯ More")
    groups = maryam.person.chat_id, ahmed.person.chat_id
    async with opened(browser, _phones(town.sandbox.url, STAFF_AR, groups[0], STAFF_EN, groups[1])) as page:
        await _to_the_top(page.get_by_test_id(f"phone-{STAFF_AR}").get_by_test_id("message").first)
        await _taken(page, folder / "staff-cards.png")

    await _question(browser, town, folder, maryam, fatima, theirs)

    for member, office in ((maryam, "capital"), (ahmed, "muharraq")):
        await _more_cases(town, office)
        await member.says("/queue")
        await member.person.sees("📋")
    await town.all_sent()
    async with opened(browser, _phones(town.sandbox.url, STAFF_AR, groups[0], STAFF_EN, groups[1])) as page:
        await _taken(page, folder / "staff-queue.png")


async def _question(
    browser: Browser, town: Municipality, folder: Path, member: Member, resident: Resident, reference: str
) -> None:
    """A question as a reply to the card, the resident's answer with a photo, and both phones."""
    card = await member.card(reference)
    await member.asks("أي حاوية هي المقصودة؟", card.id)
    asked = await resident.sees("❓ The municipality asks:")
    await town.all_sent()
    await resident.person.sends_photo(samples.photo(number=9), caption="التي بجانب المسجد", reply_to=asked.id)
    await member.person.sees("التي بجانب المسجد")
    await town.all_sent()
    shown = _phones(town.sandbox.url, STAFF_AR, member.person.chat_id, resident.person.id, resident.person.id)
    async with opened(browser, shown) as page:
        await _taken(page, folder / "staff-question.png")


async def _more_cases(town: Municipality, office: str) -> None:
    """What else an office has to do."""
    async with open_context(town.settings, clock=town.clock) as desk:
        await desk.attempt(partial(_file_more, office=OfficeId(office)))
    await town.all_sent()


async def _file_more(work: Work, office: OfficeId) -> None:
    for number, (category, block, said) in enumerate(_MORE):
        person = await residents.add(work.tx, "telegram", f"7{number}{len(office)}", "", "ar", work.now)
        new = NewCase(kind=CaseKind.COMPLAINT, category=CategoryId(category), office=office, words=said, block=block)
        await resident_actions.submit(work, person, new)


async def _taken(page: Page, path: Path) -> None:
    await page.wait_for_timeout(SETTLED)
    await page.screenshot(path=path)


async def _to_the_top(message: Locator) -> None:
    await message.evaluate("message => message.scrollIntoView({ block: 'start' })")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw(options.folder))


if __name__ == "__main__":
    main()
