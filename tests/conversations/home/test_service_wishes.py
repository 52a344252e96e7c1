"""What people ask of the service in their own words: a person to talk to, another language, their data erased."""

from __future__ import annotations

import pytest

from tests.conversations.home.residents import at_the_phone, booked, complained, living, said
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)

HOTLINE = "8000 8188"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "I want to talk to a human"),
        ("en", "I want to talk to a person please"),
        ("en", "can I speak to an employee?"),
        ("en", "customer service"),
        ("ar", "ابي اكلم موظف"),
        ("ar", "abi akalem ensan"),
        ("ar", "لو سمحتوا أريد التحدث مع أحد الموظفين"),
        ("en", "opening hours please"),
        ("ar", "وين البلدية؟"),
    ],
)
async def test_whoever_wants_a_person_sees_how_to_reach_one(town, language, words):
    fatima = await living(town, language)

    await fatima.says(words)

    assert HOTLINE in said(fatima)
    assert ("Working hours" if language == "en" else "ساعات العمل") in said(fatima)


@pytest.mark.parametrize(
    ("language", "words", "menu"),
    [
        ("en", "change the language", "القائمة الرئيسية"),
        ("en", "switch to Arabic", "القائمة الرئيسية"),
        ("en", "كلموني بالعربي لو سمحتوا", "القائمة الرئيسية"),
        ("en", "speak English please", "Main menu"),
        ("ar", "غير اللغة", "Main menu"),
        ("ar", "can you speak English?", "Main menu"),
        ("ar", "ابي اغير اللغة", "Main menu"),
        ("ar", "English", "Main menu"),
        ("en", "عربي", "القائمة الرئيسية"),
    ],
)
async def test_a_language_is_spoken_at_once(town, language, words, menu):
    fatima = await living(town, language)

    await fatima.says(words)

    assert menu in said(fatima)


@pytest.mark.parametrize(
    "words", ["I forgot my reference", "I lost my complaint number", "نسيت رقم الشكوى", "ضيعت رقم الطلب"]
)
async def test_whoever_has_no_reference_sees_their_requests_with_theirs(town, words):
    fatima = await complained(town)
    [case] = await town.rows("SELECT reference FROM cases")

    await fatima.says(words)

    assert str(case["reference"]) in said(fatima) + str(fatima.buttons)


@pytest.mark.parametrize(
    "words", ["what's the status", "any update?", "شنو صار", "وين طلباتي", "wain 6lbi", "request mali wain"]
)
async def test_whoever_asks_for_the_status_sees_the_one_request(town, words):
    fatima = await complained(town)
    [case] = await town.rows("SELECT reference FROM cases")

    await fatima.says(words)

    assert str(case["reference"]) in said(fatima)


async def test_whoever_asks_for_the_status_of_nothing_is_told_so(town):
    fatima = await living(town)

    await fatima.says("what's the status")

    assert "You have no requests yet." in said(fatima)


async def test_whoever_has_only_an_appointment_sees_that(town):
    fatima = await booked(town)
    [booking] = await town.rows("SELECT reference FROM bookings")

    await fatima.says("I forgot my reference number")

    assert str(booking["reference"]) in said(fatima) + str(fatima.buttons)


@pytest.mark.parametrize(
    ("words", "leads_to"),
    [
        ("delete my data", "Privacy"),
        ("please erase all my personal information", "Privacy"),
        ("how do I stop the notifications", "Settings"),
        ("stop sending me messages", "Settings"),
        ("unsubscribe", "Settings"),
        ("who are you?", "This is an automated service"),
        ("is this a robot?", "This is an automated service"),
        ("is it free?", "Appointments and requests are free of charge."),
    ],
)
async def test_a_wish_leads_to_its_screen_in_english(town, words, leads_to):
    fatima = await living(town)

    await fatima.says(words)

    assert leads_to in said(fatima)


@pytest.mark.parametrize(
    ("words", "leads_to"),
    [
        ("احذفوا بياناتي", "الخصوصية"),
        ("ابي امسح كل معلوماتي", "الخصوصية"),
        ("وقف الرسايل", "الإعدادات"),
        ("كيف أوقف الإشعارات؟", "الإعدادات"),
        ("منو انت؟", "هذه خدمة آلية"),
        ("هذا روبوت؟", "هذه خدمة آلية"),
        ("هل الخدمة مجانية؟", "مجاناً"),
    ],
)
async def test_a_wish_leads_to_its_screen_in_arabic(town, words, leads_to):
    fatima = await living(town, "ar")

    await fatima.says(words)

    assert leads_to in said(fatima)


@pytest.mark.parametrize(
    "words",
    [
        "I talked to an employee yesterday and nothing happened",
        "I want to talk to a person about the garbage, nobody collects it",
        "كلمت موظف امس وما صار شي",
        "الموظف ما يرد علي",
        "delete the graffiti data sign",
        "stop the trucks dumping rubbish here",
        "they change the language of the sign every week",
        "is it free to park in block 338",
    ],
)
async def test_a_matter_with_the_same_words_is_none(town, words):
    fatima = await living(town, "en" if words.isascii() else "ar")

    await fatima.says(words)

    led = ("☎️ ", "🔒", "⚙️", "🤖", "Main menu\n", "You have no requests", "لا توجد لديكم طلبات")
    assert not said(fatima).startswith(led)


async def test_in_the_middle_of_a_booking_a_person_is_reached_and_the_draft_waits(town):
    fatima = await living(town)
    await at_the_phone(fatima)

    await fatima.says("I want to talk to a human")
    assert HOTLINE in said(fatima)
    await fatima.says("/menu")

    assert any("Appointment" in label and "Wed" in label for row in fatima.buttons for label in row)


async def test_who_answers_is_said_in_the_middle_of_a_booking_without_leaving_it(town):
    fatima = await living(town)
    await at_the_phone(fatima)

    await fatima.says("am I talking to a robot?")

    assert "This is an automated service" in said(fatima)
    assert "number can the municipality call" in said(fatima)
