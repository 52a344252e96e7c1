"""A new phone number: given in Settings or in words, and what is open follows it."""

from __future__ import annotations

import pytest

from conversations.engine.messages import Contact, Kind
from tests.conversations.home.residents import booked, complained, said
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)


async def phones(town, table: str) -> list[str]:
    return [str(row["phone"]) for row in await town.rows(f"SELECT phone FROM {table} ORDER BY id")]  # noqa: S608


@pytest.mark.parametrize(
    ("language", "words", "number", "yes"),
    [
        ("ar", "غيرت رقم تلفوني صار 36607080", "+97336607080", "✅"),
        ("en", "i got a new number 33778899 can u update", "+97333778899", "✅ Yes, keep it"),
    ],
)
async def test_a_number_said_is_confirmed_in_one_tap_and_the_appointment_has_it(town, language, words, number, yes):
    fatima = await booked(town, language)

    await fatima.says(words)
    assert await phones(town, "bookings") == ["+97333123456"], "nothing is done before they tap"
    await fatima.taps(yes)

    assert await phones(town, "bookings") == [number]
    assert (await town.row(fatima)).phone == number
    [booking] = await town.rows("SELECT reference FROM bookings")
    assert str(booking["reference"]) in said(fatima)


@pytest.mark.parametrize("words", ["change my phone number", "ابي اغير رقم تلفوني", "my number changed"])
async def test_whoever_says_that_it_changed_is_asked_for_it_and_may_share_it(town, words):
    fatima = await booked(town)

    await fatima.says(words)
    assert "📱 Your phone number" in said(fatima)
    await fatima.shares_phone("+97336607080")

    known = await town.row(fatima)
    assert (known.phone, known.phone_own) == ("+97336607080", True)
    assert await phones(town, "bookings") == ["+97336607080"]


async def test_settings_and_privacy_lead_to_the_number_and_a_bad_one_is_asked_again(town):
    fatima = await booked(town)
    for page in ("/settings", "/privacy"):
        await fatima.says(page)
        await fatima.taps("📱 My number")
        assert "+973 3312 3456" in said(fatima)

    await fatima.says("12345")
    assert "not valid" in said(fatima)
    await fatima.says("36607080 after 5pm")
    await fatima.taps("✅ Yes, keep it")

    assert (await town.row(fatima)).phone == "+97336607080"


async def test_a_number_removed_is_gone_from_requests_and_stays_with_the_appointment(town):
    fatima = await booked(town)
    await complained(town)
    await town.rows("UPDATE cases SET phone = '+97333123456', anonymous = FALSE RETURNING id")

    await fatima.says("/settings")
    await fatima.taps("📱 My number")
    await fatima.taps("🗑 Remove my number")
    assert (await phones(town, "cases"), (await town.row(fatima)).phone) == (["+97333123456"], "+97333123456")
    await fatima.taps("Yes, remove it")

    assert (await town.row(fatima)).phone == ""
    assert await phones(town, "cases") == [""]
    assert await phones(town, "bookings") == ["+97333123456"]


async def test_a_number_under_which_somebody_else_comes_is_not_given_to_the_appointment(town):
    fatima = await booked(town)
    maryam = town.resident(address="1002", name="Maryam Ahmed")
    await maryam.says("/start")
    await town.rows("UPDATE residents SET office = 'capital' RETURNING id")
    await maryam.says("/book")
    await maryam.taps(maryam.buttons[0][0])
    await maryam.taps(maryam.buttons[0][0])
    await maryam.taps("Continue")
    await maryam.says("36607080")
    await maryam.taps("Confirm")

    await fatima.says("my new number is 36607080")
    await fatima.taps("✅ Yes, keep it")

    assert await phones(town, "bookings") == ["+97333123456", "+97336607080"]
    assert "keeps the earlier number" in said(fatima)


async def test_a_number_shared_without_being_asked_is_used_for_what_is_open(town):
    fatima = await booked(town)

    await fatima.does(kind=Kind.CONTACT, contact=Contact(phone="+97336607080", own=True))

    assert await phones(town, "bookings") == ["+97336607080"]
    assert "The office will also use it for" in said(fatima)


async def test_a_draft_that_was_begun_before_takes_the_new_number(town):
    fatima = await booked(town)
    await fatima.says("The bin in block 338 road 12 is overflowing")

    await fatima.says("my new number is 36607080")
    await fatima.taps("✅ Yes, keep it")

    [kept] = await town.rows("SELECT saved FROM conversations")
    assert "+97336607080" in str(kept["saved"])
    assert "+97333123456" not in str(kept["saved"])


async def test_the_history_for_staff_says_that_the_number_changed_and_not_to_which(town):
    fatima = await complained(town)
    await town.rows("UPDATE cases SET phone = '+97333123456' RETURNING id")
    await fatima.says("my new number is 36607080")
    await fatima.taps("✅ Yes, keep it")

    [event] = await town.rows("SELECT public, words, detail FROM case_events WHERE what = 'number'")
    assert (bool(event["public"]), event["words"], event["detail"]) == (False, "", "")
