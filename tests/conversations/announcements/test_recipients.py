"""What residents do with an announcement: read it, tap its buttons, stop news and have them again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.delivery.broadcast import Broadcaster
from services.announcements import reading, sending, writing
from services.announcements.model import Announcement, Button, Kind
from services.staff.permissions import Person
from services.unit_of_work import Work
from storage.ids import OfficeId
from storage.translations import Translations
from tests.conversations.whole_town import WholeTown, booked, whole_town
from tests.instants import SUNDAY

AMAL = Person("telegram", "9", "Amal")
CAPITAL = OfficeId("capital")
pytestmark = pytest.mark.starts_at(SUNDAY)  # by day: at night nothing is announced
TEXTS = Translations({"en": "The park opens on Sunday.", "ar": "تفتح الحديقة يوم الأحد."})


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


@pytest.fixture
def broadcaster(town: WholeTown) -> Broadcaster:
    return Broadcaster(town.desk, lambda message: (message,), lambda: None)


async def _owed(town: WholeTown, broadcaster: Broadcaster, *buttons: Button) -> Announcement:
    """Tell everybody who wants news; nothing is delivered yet."""
    async with town.database.transaction() as tx:
        work = replace(town.desk.work(tx), admins=frozenset({AMAL.address}))
        made = await writing.draft(work, AMAL, Kind.NEWS, OfficeId(""), texts=TEXTS, buttons=buttons)
        assert made is not None
        sent = await sending.send(work, AMAL, made.id, made.version)
        assert isinstance(sent, Announcement), sent
    for _ in range(3):
        await broadcaster.round()
    return sent


async def _announce(town: WholeTown, broadcaster: Broadcaster, *buttons: Button) -> Announcement:
    """The same, and it is delivered."""
    sent = await _owed(town, broadcaster, *buttons)
    await town.deliver()
    await broadcaster.round()
    return sent


async def _taps(town: WholeTown, announcement: Announcement) -> tuple[int, int]:
    async def look(work: Work) -> tuple[int, int]:
        ((past,), _) = await reading.past(work, (OfficeId(""),))
        return past.effect.taps, past.effect.bookings

    return await town.work(look)


def _button(link: str, label: Translations | None = None) -> Button:
    return Button.model_validate({"label": label or Translations({}), "link": link, "office": CAPITAL})


async def test_one_tap_stops_news_and_the_next_undoes_it(town, broadcaster):
    person = town.resident()
    await person.says("/menu")
    await _announce(town, broadcaster)
    announced = person.last.number

    await person.taps("Stop news")
    assert (await town.row(person)).wants_news is False
    assert "You will get no more news" in person.toast
    assert (person.last.number, person.buttons) == (announced, [["🔔 Get news again"]])
    await person.taps("Get news again")
    assert (await town.row(person)).wants_news is True
    assert person.buttons == [["🔕 Stop news"]]


async def test_switching_news_off_in_the_settings_stops_what_is_on_its_way(town, broadcaster):
    person = town.resident()
    await person.says("/settings")
    await _owed(town, broadcaster)

    await person.taps("News and announcements")

    person.does_not_see("The park opens")


async def test_a_button_opens_what_it_promises_and_is_counted_once(town, broadcaster):
    person = town.resident()
    await person.says("/menu")
    sent = await _announce(town, broadcaster, _button("complain"), _button("office"))

    await person.taps("Submit a complaint")
    await person.taps("My municipality")
    person.sees("Capital Municipality")

    assert await _taps(town, sent) == (1, 0)


async def test_an_appointment_booked_after_the_tap_is_counted(town, broadcaster):
    person = town.resident()
    await person.says("/menu")
    sent = await _announce(town, broadcaster, _button("book"))

    await person.taps("Book now")
    await booked(town, person)

    assert await _taps(town, sent) == (1, 1)


async def test_a_link_in_a_channel_leads_to_the_same_place(town, broadcaster):
    person = town.resident()
    await person.says("/menu")
    sent = await _announce(town, broadcaster, _button("office"))

    await person.says(f"/start news_{sent.id}-0")

    person.sees("Capital Municipality")


@pytest.mark.parametrize(
    "data", ["do:news:1-7:0", "do:news:99-0:0", "do:news:x:0", "do:news::0", "do:news:1-0-0:0", "do:news:٣-٠:0"]
)
async def test_a_forged_button_leads_nowhere_and_counts_nothing(town, broadcaster, data):
    person = town.resident()
    await person.says("/menu")
    sent = await _announce(town, broadcaster, _button("office"))

    await person.taps_data(data, person.last.number)

    person.does_not_see("Contact")
    assert await _taps(town, sent) == (0, 0)


@pytest.mark.parametrize("data", ["do:stop_news:1-maybe:0", "do:stop_news:x:0", "do:stop_news::0"])
async def test_a_forged_switch_changes_nothing(town, broadcaster, data):
    person = town.resident()
    await person.says("/menu")
    await _announce(town, broadcaster)

    await person.taps_data(data, person.last.number)

    assert (await town.row(person)).wants_news is True


async def test_an_arab_reads_arabic_and_its_button(town, broadcaster):
    person = town.resident(language="ar")
    await person.says("/menu")
    await _announce(town, broadcaster, _button("book", Translations({"en": "Come", "ar": "الحضور"})))

    assert "تفتح الحديقة" in person.last.text
    assert person.buttons == [["الحضور"], ["🔕 إيقاف الأخبار"]]
