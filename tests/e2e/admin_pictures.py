"""The pictures of docs/admins.md, beside those of `tests.e2e.screenshots`, which draws them with the rest."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser

from bot.app import open_context
from bot.sandbox import ADMIN, STAFF_AR, STAFF_EN, Person
from locales import Language
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE
from services.unit_of_work import Work
from storage import privacy_desk
from storage.records import Role
from tests.browser import opened
from tests.e2e.desk import Member
from tests.e2e.process import Municipality
from tests.e2e.talking import STREETS, TONGUES, Resident

SETTLED = 900  # milliseconds: toasts are gone, pictures are drawn


class _Administrator:
    """Somebody in their private chat with the bot. A button is named by its English, as in the code."""

    def __init__(self, town: Municipality, account: int, language: Language) -> None:
        self.person: Person = town.person(account)
        self.t = TONGUES[language]

    async def opens(self, command: str, shows: str) -> None:
        await self.person.says(command)
        await self.person.sees(self.t.plain(shows), 15)

    async def taps(self, label: str, shows: str) -> None:
        await self.person.taps(self.t.plain(label))
        await self.person.sees(self.t.plain(shows), 15)


async def draw(browser: Browser, town: Municipality, folder: Path) -> None:
    """Draw `admin-menu.png`, `admin-audit.png` and `admin-privacy.png`: Arabic on the left, English on the right."""
    await _prepare(town)
    noora, ahmed = _Administrator(town, ADMIN, Language.AR), _Administrator(town, STAFF_EN, Language.EN)
    for one in (noora, ahmed):
        await one.person.says("/start")
        await one.person.sees(one.t.plain("Main menu"), 15)
    for name, command, shows in (
        ("menu", "/admin", "Choose what you want to do."),
        ("audit", "/audit", "We have recorded that you looked at this."),
        ("privacy", "/privacydesk", "Correction"),
    ):
        for one in (noora, ahmed):
            await one.opens(command, shows)
        await town.all_sent()
        url = f"{town.sandbox.url}/?phones={ADMIN}:{ADMIN},{STAFF_EN}:{STAFF_EN}"
        async with opened(browser, url) as page:
            await page.wait_for_timeout(SETTLED)
            await page.screenshot(path=folder / f"admin-{name}.png")


async def _prepare(town: Municipality) -> None:
    """Something to look at: a request that is dealt with, somebody who has their data, and one who wrote a letter."""
    resident, ahmed = Resident.of(town, Language.AR), Member(town, STAFF_AR)
    reference = await resident.complains("الحاويات ممتلئة منذ يوم الأحد", photos=0, at=STREETS[Language.EN])
    await ahmed.presses(reference, "✋ Claim")
    await ahmed.says("#بانتظار المقاول", reply_to=(await ahmed.card(reference)).id)
    await resident.says("/mydata")
    await town.all_sent()
    async with open_context(town.settings, clock=town.clock) as desk:
        await desk.attempt(_fill)


async def _fill(work: Work) -> None:
    admin = permissions.Person(permissions.TELEGRAM, str(ADMIN), "Admin")
    made = await permissions.invite(work, admin, EVERY_OFFICE, Role.ADMIN)
    assert made is not None
    await permissions.accept(work, permissions.Person(permissions.TELEGRAM, str(STAFF_EN), "Ahmed"), made.code)
    letter = privacy_desk.RequestSource.STAFF
    due = work.calendar.add_working_days(EVERY_OFFICE, work.now, 10)
    await privacy_desk.add_request(work.tx, privacy_desk.RequestKind.CORRECTION, letter, work.now, due, None)
