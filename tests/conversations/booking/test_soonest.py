"""The soonest seat in one tap: here, and at another municipality within reach."""

from __future__ import annotations

import pytest

from locales import without_marks
from services.offices.offices import Office
from services.offices.texts import LocalizedText
from storage.database import Dialect
from storage.ids import OfficeId
from tests.conversations.day_town import DayTown
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)


@pytest.fixture
def dialect() -> Dialect:
    return Dialect.SQLITE


def at_once(labels: list[str]) -> list[str]:
    """The buttons of seats that are named with their time."""
    return [without_marks(label) for label in labels if " at " in label]


async def test_the_soonest_time_is_held_by_one_tap(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    assert at_once(fatima.labels)[0] == "⚡ Soonest: Wed 25 Nov at 09:00"
    await fatima.taps("Soonest")
    assert "This time is yours for 10 minutes" in fatima.last.text
    [held] = await town.bookings()
    assert (held.office, held.status) == ("capital", "held")


async def test_no_other_municipality_is_offered_where_it_is_not_sooner(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    assert at_once(fatima.labels) == ["⚡ Soonest: Wed 25 Nov at 09:00"]


async def test_one_other_municipality_is_offered_quietly_where_it_is_sooner(town: DayTown) -> None:
    await town.run(
        """
        UPDATE slots SET capacity = 0 WHERE id =
            (SELECT min(slots.id) FROM slots JOIN sessions ON sessions.id = session_id WHERE office = 'capital')
        """
    )
    fatima = await town.living_in()
    await fatima.says("/book")
    assert at_once(fatima.labels) == ["⚡ Soonest: Wed 25 Nov at 09:15", "Sooner: Muharraq, Wed 25 Nov at 09:00"]


async def test_where_the_days_are_full_more_are_and_all_that_was_told_goes_along(town: DayTown) -> None:
    await town.run(
        "UPDATE slots SET capacity = 0 WHERE session_id IN (SELECT id FROM sessions WHERE office = 'capital')"
    )
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.says("My building permit is late since the summer")
    assert [one.split(", ")[0].split(": ")[1] for one in at_once(fatima.labels)] == ["Muharraq", "Northern", "Southern"]
    await fatima.taps("Northern")
    assert "Northern Area Municipality" in fatima.last.text
    assert "My building permit is late" in fatima.last.text
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")

    [booking] = await town.bookings()
    assert (booking.office, booking.status) == ("northern", "confirmed")


async def test_the_municipality_to_which_the_place_belongs_is_named_and_comes_first(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.says("The neighbour builds without a permit in Block 718 Road 12")
    assert "The place you named belongs to Southern Area Municipality." in without_marks(fatima.last.text)
    [_, other] = at_once(fatima.labels)
    assert other.startswith("Change municipality: Southern,")


async def test_the_investors_office_has_no_neighbours(town: DayTown) -> None:
    ahmed = await town.living_in("investors", name="Ahmed Hasan")
    await ahmed.says("/book")
    assert [one.partition(":")[0] for one in at_once(ahmed.labels)] == ["⚡ Soonest"]


async def test_a_seat_that_was_taken_meanwhile_is_answered_with_the_nearest(town: DayTown) -> None:
    fatima, ali = await town.living_in(), await town.living_in(address="1002", name="Ali Hasan")
    for person in (fatima, ali):
        await person.says("/book")
    await fatima.taps("Soonest")
    await ali.taps("Soonest")
    ali.sees("Sorry, someone else has just booked that")


# ---------------------------------------------------------------------------- what the confirmation says


def told(office: Office, **more: LocalizedText) -> Office:
    return office.model_copy(update={"customer_day": (office.customer_day[0].model_copy(update=more),)})


async def test_the_confirmation_says_with_whom(town: DayTown) -> None:
    fatima = await town.living_in()
    await town.book(fatima)
    assert "With: Director General" in without_marks(fatima.last.text)
    assert "Bring your identity card" in fatima.last.text


async def test_it_says_the_name_and_what_to_bring_where_the_office_does(town: DayTown) -> None:
    capital = told(
        town.offices.offices_by_id[OfficeId("capital")],
        person=LocalizedText.model_validate({"ar": "م. علي حسن", "en": "Eng. Ali Hasan"}),
        bring=LocalizedText.model_validate({"ar": "خريطة الموقع", "en": "the site map"}),
    )
    town.desk.offices = town.offices.model_copy(
        update={"offices_by_id": {**town.offices.offices_by_id, capital.id: capital}}
    )
    fatima = await town.living_in()
    await town.book(fatima)
    card = without_marks(fatima.last.text)
    assert "With: Director General, Eng. Ali Hasan" in card
    assert "Please bring: the site map" in card


# ---------------------------------------------------------------------------- another municipality


async def test_a_button_leads_to_the_list_of_municipalities_and_back(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.says("My building permit is late since the summer")
    await fatima.taps("Another municipality")
    assert "Which municipality or office is it for?" in fatima.last.text
    await fatima.taps("Back")
    assert "Capital" in fatima.last.text
    await fatima.taps("Another municipality")
    await fatima.taps("Northern")
    assert "Northern Area Municipality" in fatima.last.text
    await fatima.taps("Soonest")
    assert "My building permit is late" in fatima.last.text
    [booking] = await town.bookings()
    assert booking.office == "northern"


@pytest.mark.parametrize(
    ("typed", "office"),
    [
        ("block 225", "Muharraq Municipality"),
        ("مجمع ٢٢٥", "Muharraq Municipality"),
        ("Muharraq", "Muharraq Municipality"),
        ("بلدية المحرق", "Muharraq Municipality"),
        ("7amad town", "Northern Area Municipality"),
        ("مدينة حمد", "Northern Area Municipality"),
    ],
)
async def test_a_place_typed_at_the_days_switches_to_its_municipality(town: DayTown, typed: str, office: str) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.says(typed)
    assert office in fatima.last.text
    assert "Which day suits you?" in fatima.last.text


async def test_a_block_that_nobody_knows_leads_to_the_list(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.says("block 428")
    assert "We do not know which municipality serves block 428." in without_marks(fatima.new[-1].text)
    await fatima.taps("Northern")
    assert "Northern Area Municipality" in fatima.last.text


async def test_another_municipality_gives_up_the_time_that_was_held(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.taps("Soonest")
    await fatima.taps("Back")
    await fatima.taps("Back")
    await fatima.taps("Another municipality")
    await fatima.taps("Northern")
    assert "Northern Area Municipality" in fatima.last.text
    assert [one.status for one in await town.bookings() if one.status == "held"] == []
