"""The morning of a Customer Day at the door, with the real process, which is killed in the middle."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox import MOHAMMED, STAFF_AR, STAFF_EN
from locales import Language
from services.visits import door
from storage.records.sessions import Session
from tests.e2e.customer_day import VARIABLE
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import BOTH, Resident

#: A Wednesday, 06:45 in Bahrain: the Capital receives from nine, and nine can be booked until seven.
BEFORE_SEVEN = datetime(2026, 11, 25, 3, 45, tzinfo=UTC)
VISITS = "SELECT count(*) AS n FROM session_visits"


async def _later(town: Municipality, span: timedelta) -> None:
    """A power cut; when the bot is back, it is later."""
    await town.all_sent()
    await town.process.kill()
    town.clock.advance(span)
    town.environment[VARIABLE] = str(town.clock)
    await town.process.start()


async def _entrance(town: Municipality, office: str = "capital") -> str:
    """The link that the code at the entrance holds today."""
    (row,) = await town.rows("SELECT * FROM sessions WHERE office = :office AND day = '2026-11-25'", office=office)
    return f"/start door_{door.code_of(Session.of(row))}"


async def _scans(staff: Resident, reference: str) -> None:
    await staff.says(f"/start checkin_{reference}")


@pytest.mark.starts_at(BEFORE_SEVEN)
@pytest.mark.parametrize("language", BOTH)
async def test_a_morning_at_the_door(tmp_path: Path, language: Language) -> None:
    async with municipality(tmp_path, hired=True) as town:
        first = Resident.of(town, language)
        second = Resident.of(town, Language.AR, MOHAMMED)
        third = Resident.of(town, next(one for one in BOTH if one is not language))
        at_door = [
            Resident(town, town.person(STAFF_EN), Language.EN),
            Resident(town, town.person(STAFF_AR), Language.AR),
        ]
        noora = at_door[0]
        references = [await one.books(phone=f"3312345{n}") for n, one in enumerate((first, second, third))]
        await third.taps("Reschedule")
        await third.sees("Which day suits you instead?")
        await third.person.taps(third.person.last.buttons[1][0])
        await third.sees("Which time suits you?")
        await third.taps_first()
        await third.sees("<b>Move your appointment?</b>")
        await third.taps("Confirm")
        await third.sees("Your appointment has been")

        # The page for the entrance is printed before anybody comes.
        await noora.says("/door")
        await noora.sees("Which office is this for?")
        await noora.person.taps("Capital")
        await noora.sees("To record an arrival, scan the visitor's code")
        await noora.person.taps("Wed 25 Nov")
        page = await noora.sees("Print it and put it up at the entrance. The code is valid on that day only.")
        assert page.document is not None
        assert page.document.startswith(b"%PDF")

        # Too early, forged, and somebody else's.
        await first.says(await _entrance(town))
        await first.sees("You are early. Please scan the code again from {time} to record your arrival.")
        await first.says("/start door_1-aaaaaaaaaa")
        await first.sees("This code is no longer valid. Please scan the code at the entrance again")
        await _scans(first, references[1])
        await first.sees("Appointment not found. Example of a reference: {example}")
        assert await town.count(VISITS) == 0

        await _later(town, timedelta(hours=2, minutes=5))

        # The first scans the entrance and taps twice; two of staff record the second at once.
        await first.says(await _entrance(town))
        await first.sees("Are you at the entrance? Tap the button to get your number for the queue.")
        button = first.person.last.id
        await asyncio.gather(*(first.person.taps(first.t.plain("✅ I am here"), button) for _ in range(2)))
        await first.sees("Please stay nearby. We will tell you here when your turn is near.")
        for staff in at_door:
            await _scans(staff, references[1])
            await staff.sees("The visitor is on time.")
        await asyncio.gather(*(staff.taps("✅ Arrived") for staff in at_door))
        for staff in at_door:
            await staff.sees("🎫 <b>Number {n}</b>")
        await town.all_sent()
        assert await town.rows("SELECT ticket FROM session_visits ORDER BY ticket") == [{"ticket": 1}, {"ticket": 2}]

        # Another day's appointment, and somebody without one.
        await _scans(noora, references[2])
        await noora.sees("⚠️ The appointment is on another day: {date}.")
        await noora.says("/walkin")
        await noora.sees("Which office is this for?")
        await noora.person.taps("Capital")
        await noora.sees("Who has come? Type the full name and the phone number, such as")
        await noora.says("Ali Hasan")
        await noora.sees("What is their phone number?")
        await noora.taps("No phone number")
        await noora.sees("What is it about?")
        await noora.taps_first()
        await noora.sees("Tell the visitor this number. It is called and shown on the screen.")
        assert await town.count(f"{VISITS} WHERE ticket = 3") == 1
        assert await town.count("SELECT count(*) AS n FROM bookings WHERE source = 'walk_in'") == 1

        # What is done at the command line goes the same way.
        said = await town.command("booking", references[0], "check-in")
        assert "checked_in" in said
        assert await town.count(VISITS) == 3
        await town.all_sent()
        assert town.sandbox.violations == []
