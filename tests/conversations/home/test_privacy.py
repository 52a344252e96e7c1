"""What is kept of a person, and their rights over it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from locales import clean
from storage.residents import by_id
from tests.conversations.whole_town import WholeTown, booked, submitted, whole_town


@pytest.fixture
async def town(tmp_path) -> AsyncIterator[WholeTown]:
    async with whole_town(tmp_path) as open_town:
        yield open_town


async def known(town: WholeTown, person) -> None:
    """Someone who has consented and left their number."""
    await person.says("/start")
    await town.work(
        lambda work: work.tx.run(
            "UPDATE residents SET phone = '+97333123456', office = 'capital', consented_at = :at",
            at=datetime(2026, 11, 1, tzinfo=UTC),
        )
    )


@pytest.mark.parametrize(
    ("language", "points"),
    [
        (
            "en",
            [
                "What we keep: your",
                "/my",
                "Who can see it:",
                "outside Bahrain",
                "How long we keep it:\n• Drafts: for 1 day.",
                "Appointments: your name and phone number for 90 days after the day",
                "12 months",
                "6 months",
                "Your rights:",
                "Law No. 30 of 2018",
            ],
        ),
        (
            "ar",
            [
                "البيانات المحفوظة: الاسم ورقم",
                "عند اتصالكم",
                "/my",
                "من يطّلع عليه",
                "خارج مملكة البحرين",
                "مدة الحفظ:",
                "12 شهراً",
                "6 أشهر",
                "حقوقكم",
                "رقم (30) لسنة 2018",
            ],
        ),
    ],
)
async def test_the_page_says_what_who_where_and_how_long(town, language, points):
    person = town.resident(language=language)

    await person.says("/privacy")

    for point in points:
        assert point in clean(person.last.text)


async def test_consent_can_be_withdrawn_only_where_it_was_given(town):
    person = town.resident()
    await person.says("/privacy")
    assert ["Withdraw consent"] not in person.buttons

    await known(town, person)
    await person.says("/privacy")
    assert ["Withdraw consent"] in person.buttons


async def test_withdrawing_consent_asks_first_then_lets_go(town):
    person = town.resident()
    await known(town, person)
    await person.says("/privacy")

    await person.taps("Withdraw consent")
    assert (await town.row(person)).consented_at is not None
    await person.taps("Withdraw consent")

    kept = await town.row(person)
    assert (kept.consented_at, kept.phone, kept.office, kept.wants_news) == (None, "", "", False)
    assert "You have withdrawn" in person.last.text
    assert person.buttons == [["My requests", "My appointments"], ["🗑 Erase my data", "Main menu"]]
    await person.taps("My requests")
    assert "You have no requests yet." in person.last.text


async def test_withdrawing_consent_lets_a_name_that_was_typed_go(town):
    person = town.resident(name="Fatima")
    await known(town, person)
    await town.work(lambda work: work.tx.run("UPDATE residents SET name = 'Fatima Ali Alkhalifa'"))
    await person.says("/privacy")
    await person.taps("Withdraw consent")
    await person.taps("Withdraw consent")

    assert (await town.row(person)).name == "Fatima"


async def test_ones_data_comes_as_a_readable_file(town):
    person = town.resident(name="فاطمة علي")
    await known(town, person)
    case = await submitted(town, person)

    await person.says("/mydata")

    (file,) = person.last.message.files
    data = json.loads(file.content)
    assert file.name.endswith(".json")
    assert data["person"]["name"] == "فاطمة علي"
    assert data["cases"][0]["reference"] == case.reference


async def test_the_file_holds_what_was_begun_and_not_submitted(town):
    person = town.resident()
    await known(town, person)
    await person.says("/complain")
    await person.taps("Bins")
    await person.says("Half a complaint")
    await person.says("/privacy")

    await person.taps("My data")

    (file,) = person.last.message.files
    (draft,) = json.loads(file.content)["unfinished"]
    assert draft["question"] == "request:place"
    assert draft["entered"]["draft"]["pieces"][0]["text"] == "Half a complaint"


async def test_asking_for_the_file_leaves_the_question_at_hand(town):
    person = town.resident()
    await person.says("/office")

    await person.says("/mydata")
    await person.taps("Capital Municipality")

    assert (await town.row(person)).office == "capital"


async def test_being_forgotten_needs_a_tap_after_being_told_what_it_means(town):
    person = town.resident()
    await known(town, person)
    await submitted(town, person)
    await booked(town, person)

    await person.says("/forget")

    assert "1 open request" in person.last.text
    assert "1 appointment" in person.last.text
    assert (
        "The office will keep what you wrote in open requests, and their locations. We will remove" in person.last.text
    )
    assert "joined" not in person.last.text
    assert (await town.row(person)).phone


async def test_being_forgotten_can_be_called_off(town):
    person = town.resident()
    await known(town, person)
    await person.says("/forget")

    await person.taps("Back")

    assert (await town.row(person)).phone


async def test_the_forgotten_are_gone_and_hear_so(town):
    person = town.resident()
    await known(town, person)
    await submitted(town, person, "Call me, Fatima Ali, on 33123456")
    await person.says("My unfinished words")
    await person.says("/forget")

    await person.taps("Yes, erase everything")

    assert "erased" in person.last.text
    assert person.buttons == [["Main menu"]]
    everything = str(
        [
            await town.rows(sql)
            for sql in ("SELECT * FROM residents", "SELECT * FROM conversations", "SELECT * FROM cases")
        ]
    )
    for trace in ("Fatima", "33123456", "1001'", "My unfinished words"):
        assert trace not in everything, trace


async def test_being_forgotten_frees_the_seat(town):
    person = town.resident()
    await known(town, person)
    booking = await booked(town, person)
    await person.says("/forget")

    await person.taps("Yes, erase everything")

    (row,) = await town.rows("SELECT status, name, phone, words FROM bookings WHERE id = :id", id=booking.id)
    assert row == {"status": "cancelled_by_resident", "name": "", "phone": "", "words": ""}
    assert "erased" in person.last.text  # the cancellation says nothing after the farewell


async def test_who_comes_back_is_a_newcomer(town):
    person = town.resident()
    await known(town, person)
    await person.says("/forget")
    await person.taps("Yes, erase everything")

    await person.taps("Main menu")

    assert sum("Welcome to Customer Day" in shown.text for shown in person.messages) == 2
    assert len(await town.rows("SELECT id FROM residents")) == 2
    assert (await town.row(person)).phone == ""


async def test_a_second_tap_on_erase_harms_nobody(town):
    person = town.resident()
    await known(town, person)
    await person.says("/forget")
    choice, shown = person.last.find("Yes, erase everything"), person.last.number

    await person.taps_data(choice.data, shown)
    await person.taps_data(choice.data, shown)

    forgotten = await town.rows("SELECT id FROM residents WHERE forgotten_at IS NOT NULL")
    assert len(forgotten) == 1
    first = await town.work(lambda work: by_id(work.tx, forgotten[0]["id"]))
    assert first is not None
    assert first.name == ""
