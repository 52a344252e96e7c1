"""Days and times that are typed instead of tapped."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from locales import without_marks
from tests.conversations.day_town import DayTown, at_the_screen
from tests.instants import SUNDAY
from tests.known import known

pytestmark = pytest.mark.at_some_instants(6)  # what is said of days and hours


@pytest.mark.starts_at(SUNDAY)
async def test_days_and_times_may_be_typed(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.says("٢٥/١١")
    assert "Which time suits" in fatima.last.text
    await fatima.says("9.15")
    assert "This time is yours for" in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    "typed",
    [
        "25",
        "25-11-2026",
        "25 Nov",
        "Nov 25th",
        "Wed 25 Nov",
        "on Wednesday",
        "next wednesday",
        "25 November 2026",
        "الأربعاء القادم",
        "يوم الاربعاء",
        "٢٥ نوفمبر",
        "day after tomorrow",
        "بعد غد",
    ],
)
async def test_a_day_may_be_typed_as_it_is_called(town: DayTown, typed: str) -> None:
    fatima = await town.living_in()
    town.now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # a Monday
    await fatima.says("/book")
    await fatima.says(typed)
    assert town.date() in fatima.last.text
    assert "Which time suits" in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("typed", ["tomorrow", "غداً", "بكرة"])
async def test_tomorrow_is_a_day(town: DayTown, typed: str) -> None:
    fatima = await town.living_in()
    town.now = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # a Tuesday
    await fatima.says("/book")
    await fatima.says(typed)
    assert town.date() in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    "typed", ["9:15 am", "9.15am", "at 9:15", "الساعة 9:15", "الساعة ٩:١٥ صباحاً", "9:15 ص", "في الساعة 9:15"]
)
async def test_a_time_may_be_typed_as_it_is_said(town: DayTown, typed: str) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.taps(town.day())
    await fatima.says(typed)
    assert "This time is yours for" in fatima.last.text
    (booking,) = await town.bookings()
    assert known(booking.starts_at) == datetime(2026, 11, 25, 6, 15, tzinfo=UTC)


@pytest.mark.starts_at(SUNDAY)
async def test_a_short_answer_that_is_no_day_or_time_is_asked_again(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    for typed in ("tomorrow", "Friday", "25 Dec 2031", "الجمعة"):
        await fatima.says(typed)
        assert "Choose one of the days." in fatima.last.text + fatima.new[0].text
    await fatima.taps(town.day())
    for typed in ("9:17 am", "9:15 pm", "later", "بعد الظهر"):
        await fatima.says(typed)
        assert "Choose one of the available times." in fatima.last.text + fatima.new[0].text
    fatima.does_not_see("We have added this to your")
    await fatima.says("The permit for my house is late")
    fatima.sees("We have added this to your")


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("typed", ["2 December", "Wednesday 2 December", "2/12", "يوم الأربعاء 2 ديسمبر"])
async def test_another_day_typed_where_the_matter_is_asked_changes_the_day_and_is_no_part_of_it(
    town: DayTown, typed: str
) -> None:
    fatima = await at_the_screen(town)
    await fatima.says(typed)
    assert "Change the day to “" in fatima.last.text
    await fatima.taps("Change the day")
    assert town.date(1) in fatima.last.text
    await fatima.taps("10:30")
    await fatima.says("The permit is late")
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")

    booking = await town.booking(fatima.reference)
    assert booking.words == "The permit is late"
    assert known(booking.starts_at) == datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    assert await town.count("SELECT count(*) FROM bookings WHERE status IN ('held', 'confirmed')") == 1


@pytest.mark.starts_at(SUNDAY)
async def test_a_full_day_typed_where_the_matter_is_asked_is_no_part_of_it(town: DayTown) -> None:
    await town.fill_day(town.day(1))
    fatima = await at_the_screen(town)
    await fatima.says("2 December")
    await fatima.taps("Change the day")
    assert f"{town.date(1)} is full." in without_marks(fatima.last.text)
    await fatima.says("9 December")
    assert "Which time suits you?" in fatima.last.text
    await fatima.says("2 December")
    await fatima.says("next month")
    assert "Choose one of the buttons." in fatima.last.text
    await fatima.taps("Join the waiting list")
    assert "Now:" not in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("answer", ["Add to description", "no"])
async def test_a_day_that_belongs_to_the_matter_is_kept_there(town: DayTown, answer: str) -> None:
    fatima = await at_the_screen(town)
    await fatima.says("2 December")
    await (fatima.says(answer) if answer == "no" else fatima.taps(answer))
    await fatima.taps("Continue")
    await fatima.says("33123456")
    await fatima.taps("Confirm")
    booking = await town.booking(fatima.reference)
    assert booking.words == "2 December"
    assert known(booking.starts_at) == datetime(2026, 11, 25, 6, 15, tzinfo=UTC)


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("typed", ["2", "25 November", "The permit of 2 December is late"])
async def test_a_number_the_day_itself_and_a_sentence_are_the_matter(town: DayTown, typed: str) -> None:
    fatima = await at_the_screen(town)
    await fatima.says(typed)
    assert "Change the day to “" not in fatima.last.text
    await fatima.taps("Continue")
    await fatima.says("33123456")
    assert typed in without_marks(fatima.last.text)


@pytest.mark.starts_at(SUNDAY)
async def test_another_day_may_be_typed_where_a_time_is_asked(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.taps(town.day())
    await fatima.says("2 December")
    assert town.date(1) in fatima.last.text
    assert "Which time suits you?" in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    "typed", ["abi 9:15", "b9ra7a abi 9:15", "تسع وربع", "I would like quarter past nine", "9:15 please if possible"]
)
async def test_a_time_may_be_said_in_a_few_words(town: DayTown, typed: str) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.says("25/11")
    await fatima.says(typed)
    assert "09:15" in without_marks(fatima.last.text)
    assert "This time is yours for" in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    "typed", ["lala khal ma abi", "no its not a complaint", "لا خلاص ما ابي موعد", "never mind, leave it for now"]
)
async def test_a_refusal_is_no_description(town: DayTown, typed: str) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    for following in ("25/11", "9:15"):
        await fatima.says(typed)
        assert "Nothing is booked until you confirm." in fatima.last.text
        await fatima.says(following)
    assert typed not in fatima.last.text
    assert "This time is yours for" in fatima.last.text


@pytest.mark.starts_at(SUNDAY)
async def test_an_hour_that_is_said_before_the_day_is_kept_for_it(town: DayTown) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.says("الساعة 9:15")
    assert "The day comes first. For 09:15, choose" in without_marks(fatima.last.text)
    await fatima.says("25/11")
    assert "This time is yours for" in fatima.last.text
    assert "09:15" in without_marks(fatima.last.text)


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("typed", ["no street light in our road", "the garbage is here since 9:15"])
async def test_a_matter_is_kept_though_it_begins_with_no_or_tells_an_hour(town: DayTown, typed: str) -> None:
    fatima = await town.living_in()
    await fatima.says("/book")
    await fatima.says("25/11")
    await fatima.says(typed)
    await fatima.says("9:15")
    assert typed in without_marks(fatima.last.text)
