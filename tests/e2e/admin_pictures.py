"""The pictures of docs/admins.md, beside those of `tests.e2e.screenshots`, which draws them with the rest."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser

from bot.app import open_context
from bot.sandbox import ADMIN, STAFF_AR, STAFF_EN
from locales import Language
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE
from services.unit_of_work import Work
from storage import privacy_desk
from storage.records.staff import Role
from tests.browser import opened
from tests.e2e.desk import Member
from tests.e2e.process import Municipality
from tests.e2e.talking import STREETS, Resident

SETTLED = 900  # milliseconds: toasts are gone, pictures are drawn


_CHANGE = "What do you want to change? Every change is shown with its effect before it is made."
#: The name of each picture, the command that opens what is on it, what that shows, and what is tapped then.
PICTURES = (
    ("menu", "/admin", "Choose what you want to do.", ()),
    ("audit", "/audit", "We have recorded that you looked at this.", ()),
    ("privacy", "/privacydesk", "Correction", ()),
    (
        "announcement",
        "/announce",
        "📣 <b>Announcements</b>",
        (
            (
                "📅 Announce a session",
                "Which Customer Day do you want to announce? Choose one, or type a day or an office.",
            ),
            ("", "To: {audience}"),
        ),
    ),
    ("offices", "/offices", "Which office do you want to change?", (("", _CHANGE),)),
    ("report", "/report", "📊 <b>Report: {office}</b>", ()),
)


async def draw(browser: Browser, town: Municipality, folder: Path) -> None:
    """Draw `admin-<name>.png` for each of `PICTURES`: Arabic on the left, English on the right."""
    await _prepare(town)
    noora = Resident(town, town.person(ADMIN), Language.AR)
    ahmed = Resident(town, town.person(STAFF_EN), Language.EN)
    for one in (noora, ahmed):
        await one.says("/start")
        await one.sees("Main menu")
    for name, command, shows, taps in PICTURES:
        for one in (noora, ahmed):
            await one.says(command)
            await one.sees(shows)
            for label, then in taps:
                await (one.taps(label) if label else one.taps_first())
                await one.sees(then)
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
