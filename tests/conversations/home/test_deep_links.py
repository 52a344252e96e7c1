"""Deep links: what a payload says, and that following one does nothing by itself."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.home.deep_links import Link, Source, What, parse
from locales import without_marks
from services.bookings.schedule import plan_sessions
from services.text.references import new_reference
from tests.conversations.whole_town import WholeTown, booked, submitted, whole_town
from tests.shipped import OFFICES


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


@pytest.mark.parametrize(
    ("payload", "link"),
    [
        ("book_capital", Link(What.BOOK, "capital")),
        ("book_capital-poster", Link(What.BOOK, "capital", Source.POSTER)),
        ("complain_northern-website", Link(What.COMPLAIN, "northern", Source.WEBSITE)),
        ("suggest_muharraq-HOTLINE", Link(What.SUGGEST, "muharraq", Source.HOTLINE)),
        ("suggest_muharraq-balloon", Link(What.SUGGEST, "muharraq", Source.OTHER)),
        ("day_12-poster", Link(What.DAY, "12", Source.POSTER)),
        ("day_12x", None),
        ("day_capital", None),
        ("book_nowhere", None),
        ("book_", None),
        ("book", None),
        ("fly_capital", None),
        ("track_C-0000-000", None),
        ("book_capital poster", None),
    ],
)
def test_a_payload_says_what_which_and_whence(payload, link):
    assert parse(OFFICES, payload) == link


def test_an_office_may_have_a_hyphen():
    capital = OFFICES.offices_by_id["capital"].model_copy(update={"id": "old-town"})
    offices = OFFICES.model_copy(update={"offices_by_id": {"old-town": capital}})

    assert parse(offices, "book_old-town") == Link(What.BOOK, "old-town")
    assert parse(offices, "book_old-town-social") == Link(What.BOOK, "old-town", Source.SOCIAL)


def test_every_office_can_be_linked_with_every_source():
    for office in OFFICES.all:
        for source in Source:
            payload = f"{What.SUGGEST}_{office.id}-{source}"
            assert len(payload) <= 64
            assert parse(OFFICES, payload) == Link(What.SUGGEST, office.id, source)


@given(st.text(max_size=80))
def test_no_payload_is_a_trap(payload):
    link = parse(OFFICES, payload)
    assert link is None or link.what in What


async def test_a_poster_leads_straight_to_the_days_and_books_nothing(town):
    await town.work(plan_sessions)
    person = town.resident()

    await person.says("/start book_capital-poster")

    assert "Capital Municipality" in person.last.text
    assert town.day() in person.buttons[0][0]
    assert await town.rows("SELECT * FROM bookings") == []
    assert (await town.row(person)).office == ""


async def test_a_link_to_a_day_leads_to_its_times(town):
    await town.work(plan_sessions)
    [day, *_] = await town.rows("SELECT id FROM sessions WHERE office = 'muharraq' ORDER BY day")
    person = town.resident()

    await person.says(f"/start day_{day['id']}-social")

    assert "Which time suits you?" in person.last.text
    assert ":" in person.buttons[0][0]
    [visit] = await town.rows("SELECT link, source FROM visits")
    assert (visit["link"], visit["source"]) == ("day", "social")


async def test_its_button_starts_what_it_says_with_that_office(town):
    person = town.resident()
    await person.says("/start complain_northern")

    await person.taps("Submit a complaint")

    assert "Northern" in str(await town.rows("SELECT step FROM conversations")) or "northern" in str(
        await town.rows("SELECT step FROM conversations")
    )


async def test_a_visit_is_counted_by_link_source_and_day(town):
    person, other = town.resident(), town.resident(address="1002")
    await person.says("/start book_capital-poster")
    await other.says("/start book_capital-poster")
    await other.says("/start book_capital")

    counted = {(r["link"], r["source"]): r["count"] for r in await town.rows("SELECT link, source, count FROM visits")}
    assert counted == {("book_capital", "poster"): 2, ("book_capital", ""): 1}


async def test_a_source_is_remembered_for_what_is_submitted(town):
    person = town.resident()
    await person.says("/start suggest_capital-social")
    await person.says("/start suggest_capital")

    assert (await town.row(person)).source == "social"


@pytest.mark.parametrize("payload", ["book_nowhere", "nonsense", "track", "x" * 64, "checkin-../../etc"])
async def test_a_wrong_link_leads_politely_to_the_menu(town, payload):
    person = town.resident()

    await person.says(f"/start {payload}")

    assert "not valid" in person.last.text
    assert "Main menu" in person.last.text
    assert await town.rows("SELECT * FROM visits") == []


@pytest.mark.parametrize(
    "payload", ["track_C-1234-567", "track_C-7K3M", "checkin_../../etc", "checkin_B-1234-567-poster"]
)
async def test_a_wrong_reference_in_a_link_says_how_one_looks_and_where_it_is(town, payload):
    person = town.resident()

    await person.says(f"/start {payload}")

    assert "Examples: C-7K3M-2QF for a request, B-4M7K-9QA for an appointment" in without_marks(person.last.text)
    assert "/my" in person.last.text
    assert "/appointments" in person.last.text
    assert "Main menu" in person.last.text


async def test_a_wrong_link_leads_from_a_question_to_the_menu(town):
    person = town.resident()
    await person.says("/office")

    await person.says("/start nonsense")

    assert "not valid" in person.last.text
    assert "Main menu" in person.last.text
    assert "Which municipality?" not in person.last.text


async def test_a_wrong_link_loses_nothing_of_what_is_being_written(town):
    person = town.resident()
    await person.says("/complain")
    await person.taps("Capital Municipality")
    await person.says("The bins by our mosque are full")

    await person.says("/start nonsense")
    await person.taps("Continue:")

    assert "Where is it?" in person.last.text


async def test_an_office_without_customer_day_offers_a_complaint_instead(town):
    person = town.resident()

    await person.says("/start book_community")

    assert "does not have a Customer Day" in person.last.text
    assert person.buttons[0] == ["📢 Submit a complaint"]


async def test_tracking_ones_own_request_shows_it(town):
    person = town.resident()
    await person.says("/start")
    case = await submitted(town, person)

    await person.says(f"/start track_{case.reference}-website")

    assert case.reference in person.last.text


async def test_the_code_at_the_door_shows_its_owner_the_appointment(town):
    person = town.resident()
    await person.says("/start")
    booking = await booked(town, person)

    await person.says(f"/start checkin_{booking.reference}")

    assert booking.reference in person.last.text
    assert "Capital Municipality" in person.last.text


async def test_a_persons_reference_is_not_in_the_counts(town):
    person = town.resident()
    await person.says("/start")
    case = await submitted(town, person)

    await person.says(f"/start track_{case.reference}")

    assert await town.rows("SELECT link FROM visits") == [{"link": "track"}]


@pytest.mark.parametrize("payload", ["track", "checkin"])
async def test_what_is_somebody_elses_is_as_unknown_as_what_is_not_there(town, payload):
    person, stranger = town.resident(), town.resident(address="1002")
    await person.says("/start")
    await stranger.says("/start")
    mine = (await submitted(town, person) if payload == "track" else await booked(town, person)).reference
    nobodys = new_reference("C" if payload == "track" else "B", random.Random(99))

    await stranger.says(f"/start {payload}_{mine}")
    answer = stranger.last.text
    await stranger.says(f"/start {payload}_{nobodys}")

    assert "could not find" in answer or "not found" in answer
    assert answer.replace(mine, "") == stranger.last.text.replace(nobodys, "")


@pytest.mark.parametrize("typed", ["B-7K3M-2Q", "b 7k3m 2qy", "B-7K3M-2QXY", "B-1", "B-7K3M-2QX"])
async def test_tracking_a_mistyped_appointment_shows_how_its_reference_looks(town, typed):
    person = town.resident()
    await person.says("/start")

    await person.says(f"/track {typed}")

    assert "Appointment not found. Example of a reference: B-4M7K-9QA" in without_marks(person.last.text)


@pytest.mark.parametrize("typed", ["C-7K3M-2Q", "C-1", "Bins", "nonsense"])
async def test_tracking_anything_else_shows_how_a_requests_looks(town, typed):
    person = town.resident()
    await person.says("/start")

    await person.says(f"/track {typed}")

    assert "We could not find that request. A reference looks like C-7K3M-2QF" in without_marks(
        person.sees("could not find").text
    )


async def test_tracking_ones_own_appointment_shows_it(town):
    person = town.resident()
    await person.says("/start")
    booking = await booked(town, person)

    await person.says(f"/track {booking.reference.lower()}")

    assert booking.reference in person.last.text
    assert "The market" in person.last.text
