"""An administrator changes an office in private: shown before, made with a second tap, undone."""

from __future__ import annotations

import json

import pytest

from storage.ids import CategoryId, OfficeId
from storage.records.staff import Role
from tests.conversations.configuring_town import ConfiguringTown
from tests.conversations.staff_town import ADMIN, CAPITAL, in_arabic
from tests.conversations.town import Person
from tests.instants import SUNDAY


async def opens(person: Person, *labels: str, office: str = "Capital Municipality") -> None:
    await person.says("/offices")
    for label in (office, *labels):
        await person.taps(label)


# ---------------------------------------------------------------------------- who may


async def test_residents_hear_of_no_such_command(town: ConfiguringTown) -> None:
    fatima = await town.living()
    await fatima.says("/offices")
    fatima.sees("is not a command")


async def test_staff_without_the_right_are_refused_and_it_is_written_down(town: ConfiguringTown) -> None:
    huda = town.resident("9001", "Huda")
    await huda.says("/offices")
    huda.sees("You do not have permission to do this.")
    assert ("staff:9001", "denied.configure") in await town.audited("office:*")


async def test_who_loses_the_right_can_change_nothing_more(town: ConfiguringTown) -> None:
    await opens(town.boss, "Names", "Short name")
    await town.boss.says("العاصمة الجديدة\nNew Capital")
    town.desk.admins = frozenset()
    await town.boss.taps("Confirm")
    town.boss.sees("You do not have permission to do this.")
    assert await town.rows("SELECT * FROM configuration_changes") == []


@pytest.mark.parametrize(
    "route",
    [
        "config_undo:1",
        "config_drop:capital.rule.0",
        "config_field:capital.names..name",
        "session_extra:capital",
        "config_rules:capital",
        "config_history:",
        "config_usual:capital",
    ],
)
async def test_no_button_opens_it_for_others(town: ConfiguringTown, route: str) -> None:
    fatima = await town.living()
    await fatima.says("/start")
    await fatima.taps_data(f"do:{route}:0")
    fatima.sees("You do not have permission to do this.")


@pytest.mark.parametrize(
    "route",
    [
        "config_undo:x",
        "config_drop:capital.rule.99",
        "config_field:moon.names..name",
        "config_field:capital.rule.-1.lane",
        "config_field:capital.nothing.x.y",
        "config_entries:.moon",
        "session_change:99999",
        "session_as_was:1.x",
        "day_move_back:1.x",
        "session_extra:moon",
        "config_closures:moon",
        "config_drop:.categories.roads",
    ],
)
async def test_a_forged_button_changes_nothing(town: ConfiguringTown, route: str) -> None:
    await town.boss.says("/offices")
    await town.boss.taps_data(f"do:{route}:0")
    assert await town.rows("SELECT * FROM configuration_changes") == []
    assert town.boss.last.text


async def test_in_a_group_it_leads_to_the_private_chat(town: ConfiguringTown) -> None:
    await town.admin.says("/offices")
    town.admin.sees("in the private chat with the bot to change offices")


# ---------------------------------------------------------------------------- a value


async def test_a_value_is_shown_typed_previewed_and_confirmed(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Contact details", "Phone")
    assert "Now: not set" in boss.last.text

    await boss.says("١٧٦٨١٢٣٤")
    assert "Check the change" in boss.last.text
    assert "+973 1768 1234" in boss.last.text
    assert await town.value("offices", "capital", "contacts", "phone") is None

    await boss.taps("Confirm")
    boss.sees("Changed.")
    assert town.desk.offices.offices_by_id[CAPITAL].contacts.phone == "+97317681234"
    assert ("staff:9000", "office.configured") in await town.audited("office:capital")


async def test_the_whole_of_it_in_arabic(town: ConfiguringTown) -> None:
    salman = town.rival
    await salman.says("/offices")
    await salman.taps("أمانة العاصمة")
    await salman.taps("بيانات التواصل")
    await salman.taps("الخط الساخن")
    await salman.says("12")
    salman.sees("لا يمكن حفظ هذه القيمة")
    salman.sees("رقم هاتف في البحرين")
    await salman.says("80001234")
    await salman.taps("تأكيد")
    assert all(in_arabic(shown.text) for shown in salman.messages)
    assert town.desk.offices.offices_by_id[CAPITAL].contacts.hotline == "+97380001234"


async def test_a_language_that_is_not_sent_again_stays(town: ConfiguringTown) -> None:
    await opens(town.boss, "Names", "Short name")
    await town.boss.says("Manama")
    await town.boss.taps("Confirm")
    assert town.desk.offices.offices_by_id[CAPITAL].short_name.by_language == {"ar": "العاصمة", "en": "Manama"}


async def test_a_first_notice_in_one_language_says_who_will_read_it_as_it_was_typed(town: ConfiguringTown) -> None:
    await opens(town.boss, "Notice to residents", "Notice beside")
    await town.boss.says("12")
    town.boss.sees("in Arabic, in English or in both")
    await town.boss.says("Use the side door")
    town.boss.sees("This text is in English only.")
    await town.boss.taps("Confirm")
    salma = town.resident("1009", "Salma", "ar")
    await salma.says("/contact")
    assert "Use the side door" in salma.last.text

    await opens(town.boss, "Notice to residents", "Notice beside")
    await town.boss.says("يُرجى استخدام الباب الجانبي")
    assert "This text is in" not in town.boss.last.text
    await town.boss.taps("Confirm")

    fatima = await town.living()
    await fatima.says("/contact")
    fatima.sees("Use the side door")


@pytest.mark.parametrize(
    ("section", "field", "typed", "words"),
    [
        ("Contact details", "Phone", "12", "a phone number of Bahrain"),
        ("Contact details", "Email", "nobody", "an email address"),
        ("Contact details", "Website", "www", "an address that begins with"),
        ("Working hours", "Sunday", "14:00-07:00", "Send the opening and closing time"),
        ("Working hours", "Sunday", "25:00-26:00", "Send the opening and closing time"),
        ("Working hours", "Sunday", "always", "Send the opening and closing time"),
        ("Public channel", "Channel", "@news", "Send the number of the channel"),
        ("Names", "Name", "x" * 400, "characters"),
        ("Place", "Point", "somewhere", "or send its coordinates"),
        ("Place", "Point", "126.2, 50.5", "at most"),
    ],
)
async def test_a_wrong_value_is_refused_with_the_rule(
    town: ConfiguringTown, section: str, field: str, typed: str, words: str
) -> None:
    await opens(town.boss, section, field)
    await town.boss.says(typed)
    town.boss.sees(words)
    assert await town.rows("SELECT * FROM configuration_changes") == []


async def test_a_value_that_stands_already_changes_nothing(town: ConfiguringTown) -> None:
    await opens(town.boss, "Names", "Short name")
    await town.boss.says("Capital")
    town.boss.sees("It already says that.")


async def test_a_pin_moves_the_place(town: ConfiguringTown) -> None:
    await opens(town.boss, "Place", "Point")
    await town.boss.shares_place(26.21, 50.59)
    await town.boss.taps("Confirm")
    place = town.desk.offices.offices_by_id[CAPITAL].place
    assert place is not None
    assert (place.latitude, place.longitude, place.title.en) == (26.21, 50.59, "Capital Municipality building")


async def test_the_first_pin_of_an_office_takes_its_name(town: ConfiguringTown) -> None:
    await opens(town.boss, "Place", "Address", office="Community Service Unit")
    await town.boss.says("سار\nSaar")
    town.boss.sees("First set the point on the map.")
    await town.boss.taps("Point")
    await town.boss.says("26.2285, 50.5860")
    await town.boss.taps("Confirm")
    place = town.desk.offices.offices_by_id[OfficeId("community")].place
    assert place is not None
    assert place.title.en == "Community Service Unit"


async def test_an_office_gets_hours_of_its_own_and_the_usual_ones_back(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Working hours")
    boss.sees("These are the usual hours of all offices.")
    await boss.taps("Sunday")
    await boss.says("8-12")
    await boss.taps("Confirm")
    hours = town.desk.offices.offices_by_id[CAPITAL].hours
    assert hours.sunday is not None
    assert (f"{hours.sunday.opens:%H:%M}", hours.monday == town.desk.offices.hours.monday) == ("08:00", True)

    await boss.taps("Use the usual hours")
    await boss.taps("Confirm")
    assert town.desk.offices.offices_by_id[CAPITAL].hours == town.desk.offices.hours


async def test_categories_are_picked_and_saved(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "What it deals with", "Types of request")
    await boss.taps("Service request")
    await boss.taps("Save")
    await boss.taps("Confirm")
    kinds = town.desk.offices.offices_by_id[CAPITAL].kinds
    assert [kind.value for kind in kinds] == ["service_request"]


async def test_what_all_offices_share_is_changed_once(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Usual deadlines", "Working days until the first answer", office="All offices")
    await boss.says("20")
    boss.sees("not fewer days than the earlier deadline")
    await boss.says("6")
    await boss.taps("Confirm")
    assert town.desk.offices.targets.update == 6


async def test_a_category_is_changed(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Categories", office="All offices")
    first = town.desk.offices.categories[0]
    await boss.taps(first.name.en)
    await boss.taps("Location")
    await boss.taps("Not asked for")
    await boss.taps("Confirm")
    assert town.desk.offices.categories[0].place.value == "none"


async def test_a_category_is_added_used_retired_and_its_adding_undone(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Categories", "Add a category", office="All offices")
    await boss.says("النخيل\nPalm trees")
    await boss.taps(next(iter(town.desk.offices.bodies_by_id.values())).name.en)
    await boss.says("palm")
    boss.sees("Send one emoji")
    await boss.says("🌴")
    await boss.taps("Confirm")
    added = town.desk.offices.category(CategoryId("own1"))
    assert added is not None
    assert (added.name.ar, added.emoji) == ("النخيل", "🌴")
    assert added in town.desk.offices.categories_for(CAPITAL)
    boss.sees("Palm trees")

    await boss.taps("Closed to new requests")
    await boss.taps("Yes")
    await boss.taps("Confirm")
    assert added.id not in [one.id for one in town.desk.offices.categories_for(CAPITAL)]
    assert town.desk.offices.category(added.id) is not None

    await boss.taps_data("do:config_undo:2:0")
    await boss.taps("Confirm")
    await boss.taps_data("do:config_undo:1:0")
    await boss.taps("Confirm")
    assert town.desk.offices.category(added.id) is None
    changes = await town.rows("SELECT * FROM configuration_changes")
    assert len(changes) == 4


async def test_a_ready_text_is_added_changed_and_removed(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Ready texts", "Add a ready text", office="All offices")
    await boss.says("شكر\nThanks")
    await boss.says("شكراً لكم {nobody}\nThank you {nobody}")
    boss.sees("only these in braces:")
    await boss.says("شكراً لكم\nبشأن {reference}\nThank you\nfor {reference}")
    await boss.taps("Confirm")
    added = town.desk.templates.get("own1")
    assert added is not None
    assert added.text.en == "Thank you\nfor {reference}"

    await boss.taps("Remove this text")
    await boss.taps("Confirm")
    assert town.desk.templates.get("own1") is None


# ---------------------------------------------------------------------------- undo, and two at once


async def test_a_change_is_undone_from_its_message(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Names", "Short name")
    await boss.says("Manama")
    await boss.taps("Confirm")

    await boss.taps("Undo")
    boss.sees("Check the undo")
    await boss.taps("Confirm")
    boss.sees("Undone.")
    assert town.desk.offices.offices_by_id[CAPITAL].short_name.en == "Capital"

    await boss.taps_data("do:config_undo:1:0")
    boss.sees("This was undone already.")


async def test_a_change_is_undone_later_from_the_list(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Names", "Short name")
    await boss.says("Manama")
    await boss.taps("Confirm")
    await opens(town.boss, "Recent changes")
    boss.sees("➕")
    await boss.taps("Undo 1")
    await boss.taps("Confirm")
    assert town.desk.offices.offices_by_id[CAPITAL].short_name.en == "Capital"


async def test_the_second_of_two_is_told_what_stands_there(town: ConfiguringTown) -> None:
    for person, labels, name in (
        (town.boss, ("Capital Municipality", "Names", "Short name"), "Manama"),
        (town.rival, ("أمانة العاصمة", "الأسماء", "الاسم المختصر"), "City"),
    ):
        await person.says("/offices")
        for label in labels:
            await person.taps(label)
        await person.says(name)
    await town.boss.taps("Confirm")
    await town.rival.taps("تأكيد")

    shown = town.rival.sees("ولم يتم حفظ تعديلكم")
    assert "Manama" in shown.text
    assert town.desk.offices.offices_by_id[CAPITAL].short_name.en == "Manama"


async def test_nothing_acts_without_a_second_tap_or_twice(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Names", "Short name")
    await boss.says("Manama")
    await boss.taps("Confirm", repeat=2)
    assert len(await town.rows("SELECT * FROM configuration_changes")) == 1
    await boss.says("/offices")
    assert json.loads(await town.value("offices", "capital", "short_name") or "")["en"] == "Manama"


# ---------------------------------------------------------------------------- weekly rules and closed days


async def test_a_weekly_rule_is_changed_with_its_effect_shown(town: ConfiguringTown) -> None:
    boss, fatima = town.boss, town.resident()
    booking = await town.booked(fatima)
    await opens(boss, "Weekly Customer Day", "Change 1", "Hours")
    await boss.says("09:30-12:30")
    shown = boss.sees("Check the change")
    assert "sessions change" in shown.text
    assert "1 booked resident is affected:" in shown.text
    assert booking.reference in shown.text
    assert "Fatima" not in shown.text

    await boss.taps("Confirm")
    boss.sees("We are telling 1 resident now.")
    await town.by_day()
    fatima.sees("the municipality has moved your appointment")


async def test_who_books_while_a_change_is_looked_at_is_shown_first(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Weekly Customer Day", "Change 1", "Hours")
    await boss.says("09:30-12:30")
    boss.sees("No resident is affected.")
    booking = await town.booked(town.resident())

    await boss.taps("Confirm")
    shown = boss.sees("The appointments have changed in the meantime.")
    assert booking.reference in shown.text
    assert await town.rows("SELECT * FROM configuration_changes") == []
    await boss.taps("Confirm")
    boss.sees("We are telling 1 resident now.")


async def test_a_weekly_rule_is_added_for_somebody_new_and_removed(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Weekly Customer Day", "Add a weekly sitting", "Someone else")
    await boss.says("نائب المدير العام\nDeputy Director General")
    await boss.taps("Monday")
    await boss.says("10-11")
    boss.sees("sessions are added")
    await boss.taps("Confirm")
    rules = town.desk.offices.offices_by_id[CAPITAL].customer_day
    assert [(rule.lane, rule.name.en) for rule in rules][1:] == [("lane2", "Deputy Director General")]

    await boss.taps("Weekly Customer Day")
    await boss.taps("Change 2")
    await boss.taps("Remove this sitting")
    boss.sees("sessions are cancelled")
    await boss.taps("Confirm")
    assert len(town.desk.offices.offices_by_id[CAPITAL].customer_day) == 1


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize("typed", ["16-18 Dec", "من ١٦ إلى ١٨ ديسمبر", "16/12 18/12", "2026‑12‑16 2026‑12‑18"])
async def test_days_to_close_are_typed_in_any_spelling(town: ConfiguringTown, typed: str) -> None:
    await opens(town.boss, "Closed days and holidays", "Close days")
    await town.boss.says(typed)
    asked = town.boss.sees("What is the reason?").text
    assert "Wednesday 16 December" in asked
    assert "Friday 18 December" in asked


@pytest.mark.starts_at(SUNDAY)
async def test_days_are_closed_told_and_opened_again(town: ConfiguringTown) -> None:
    boss, fatima = town.boss, town.resident()
    await town.booked(fatima)
    day = (await town.days())[0].day
    await opens(boss, "Closed days and holidays", "Close days")
    await boss.says("soon")
    boss.sees("This is not a date.")
    await boss.says("yesterday")
    boss.sees("Choose days from today on")
    await boss.says(f"{day:%d/%m/%Y}")
    await boss.says("عاصفة\nA storm")
    boss.sees("1 booked resident is affected:")
    await boss.taps("Confirm")
    await town.by_day()
    fatima.sees("A storm")

    await boss.taps("Closed days and holidays")
    await boss.taps("Remove 1")
    await boss.taps("Confirm")
    assert (await town.days())[0].status.value == "open"


async def test_who_configures_one_office_sees_no_other(town: ConfiguringTown) -> None:
    await town.joins(town.yusuf, Role.ADMIN)
    yusuf = town.resident("9002", "Yusuf")
    await yusuf.says("/offices")
    yusuf.sees("Capital Municipality")
    await yusuf.taps_data("do:config_field:muharraq.names..name:0")
    yusuf.sees("You do not have permission to do this.")
    await yusuf.taps_data("do:config_field:.targets..update:0")
    yusuf.sees("You do not have permission to do this.")
    assert yusuf.address != ADMIN
