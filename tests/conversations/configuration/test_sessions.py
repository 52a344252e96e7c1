"""An administrator opens, changes, closes and moves sessions; residents are shown before and told after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from locales import Language
from storage.ids import OfficeId
from storage.records.staff import Role
from tests.conversations.configuring_town import ConfiguringTown
from tests.conversations.staff_town import CAPITAL, Colleague, in_arabic
from tests.conversations.town import CATALOGUES, Person
from tests.instants import SUNDAY


async def opens(person: Person, *labels: str, office: str = "Capital Municipality", menu: str = "📅 Sessions") -> None:
    await person.says("/offices")
    for label in (office, menu, *labels):
        await person.taps(label)


async def first_day(town: ConfiguringTown, person: Person) -> None:
    await opens(person, town.day())


async def test_an_extra_session_is_opened_and_booked(town: ConfiguringTown) -> None:
    boss, day = town.boss, town.weekday_off()
    await opens(boss, "Extra session")
    await boss.says("soon")
    boss.sees("This is not a date.")
    await boss.says(f"{day}")
    await boss.says("10-11")
    boss.sees("A new session:")
    boss.sees("No resident is affected.")
    await boss.taps("Change the places")
    await boss.taps("2")
    boss.sees("8 places in all")
    assert day not in [one.day for one in await town.days()]

    await boss.taps("Confirm", repeat=2)
    boss.sees("The session is open.")
    [extra] = [one for one in await town.days() if one.day == day]
    assert extra.by_hand

    fatima = town.resident()
    await fatima.says("/book")
    await fatima.taps("Capital")
    assert any(label.startswith(str(day.day)) or f" {day.day} " in label for row in fatima.buttons for label in row)

    await boss.taps("📣 Announce it")
    assert "Customer Day session" in boss.last.text


async def test_an_extra_session_is_undone(town: ConfiguringTown) -> None:
    boss, day = town.boss, town.weekday_off()
    await opens(boss, "Extra session")
    await boss.says(f"{day}")
    await boss.says("10-11")
    await boss.taps("Confirm")
    await boss.taps("Undo")
    await boss.taps("Confirm")
    boss.sees("The session is removed.")
    assert day not in [one.day for one in await town.days()]


@pytest.mark.starts_at(SUNDAY)
@pytest.mark.parametrize(
    ("typed", "why"), [("2020-01-01", "already past"), ("2099-01-01", "too far ahead"), ("2026-12-16", "is closed")]
)
async def test_a_day_that_cannot_be_is_refused_at_once(town: ConfiguringTown, typed: str, why: str) -> None:
    await opens(town.boss, "Extra session")
    await town.boss.says(typed)
    town.boss.sees(why)


async def test_what_the_rules_refuse_is_said_beside_what_can_be_corrected(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Extra session")
    await boss.says(f"{town.weekday_off()}")
    await boss.says("10:00-10:50")
    boss.sees("without a rest: change the hours, or the minutes")
    assert not any("Confirm" in label for row in boss.buttons for label in row)
    await boss.taps("Change the minutes")
    await boss.taps("10")
    await boss.taps("Confirm")
    boss.sees("The session is open.")


async def test_hours_change_and_whoever_loses_their_time_is_told(town: ConfiguringTown) -> None:
    boss, fatima = town.boss, town.resident()
    booking = await town.booked(fatima)
    await first_day(town, boss)
    await boss.taps("Change hours")
    await boss.taps("Change the hours")
    await boss.says("10-12")
    shown = boss.sees("1 booked resident is affected:")
    assert booking.reference in shown.text
    assert "Fatima" not in shown.text

    await boss.taps("Confirm")
    await town.by_day()
    fatima.sees("the municipality has moved your appointment")

    await boss.taps("Undo")
    await boss.taps("Confirm")
    boss.sees("The session is changed.")
    assert f"{(await town.days())[0].opens_at.astimezone(town.offices.zone):%H:%M}" == "09:00"


@pytest.mark.starts_at(SUNDAY)
async def test_a_day_is_closed_told_and_reopened_in_arabic(town: ConfiguringTown) -> None:
    salman, fatima = town.rival, town.resident()
    await town.booked(fatima)
    await opens(salman, office="أمانة العاصمة", menu="جلسات يوم العميل")
    await salman.taps(salman.buttons[0][0])
    await salman.taps("إغلاق هذا اليوم")
    await salman.says("عاصفة")
    salman.sees("هذا النص بالعربية وحدها")
    await salman.says("A storm")
    assert "وحدها" not in salman.last.text
    salman.sees("يتأثر موعد واحد")
    await salman.taps("تأكيد")
    salman.sees("تم إغلاق اليوم")
    assert all(in_arabic(shown.text) for shown in salman.messages)
    await town.by_day()
    fatima.sees("A storm")

    await salman.taps("إعادة فتح هذا اليوم")
    salman.sees("الجلسات التي ستعود:")
    await salman.taps("تأكيد")
    assert (await town.days())[0].status.value == "open"


@pytest.mark.parametrize(("says", "reads"), [("عاصفة", "عاصفة"), ("", "Bad weather")])
async def test_a_day_is_closed_with_a_reason_in_one_language_or_a_ready_one(
    town: ConfiguringTown, says: str, reads: str
) -> None:
    boss, fatima = town.boss, town.resident()
    await town.booked(fatima)
    await first_day(town, boss)
    await boss.taps("Close this day")
    if says:
        await boss.says(says)
        boss.sees("This text is in Arabic only.")
    else:
        await boss.taps("Bad weather")
        assert "will read it as you typed it" not in boss.last.text
    await boss.taps("Confirm")
    await town.by_day()
    fatima.sees(reads)


async def test_an_extra_session_removed_after_its_day_was_closed_does_not_come_back(town: ConfiguringTown) -> None:
    boss, day = town.boss, town.weekday_off()
    await opens(boss, "Extra session")
    await boss.says(f"{day}")
    await boss.says("10-11")
    await boss.taps("Confirm")
    await opens(boss, CATALOGUES.localizer(Language.EN).day(day), "Close this day")
    await boss.says("عاصفة\nA storm")
    await boss.taps("Confirm")
    boss.sees("The day is closed.")
    await boss.taps("Undo this change")
    await boss.taps("Confirm")
    boss.sees("The session is removed.")
    assert day not in [one.day for one in await town.days()]
    await boss.taps("Reopen this day")
    boss.sees("No session comes back")


async def test_who_books_while_a_closing_is_looked_at_is_shown_first(town: ConfiguringTown) -> None:
    boss = town.boss
    await first_day(town, boss)
    await boss.taps("Close this day")
    await boss.says("عاصفة\nA storm")
    boss.sees("No resident is affected.")
    await town.booked(town.resident())

    await boss.taps("Confirm")
    boss.sees("The appointments have changed in the meantime.")
    assert (await town.days())[0].status.value == "open"
    await boss.taps("Confirm")
    boss.sees("The day is closed.")


@pytest.mark.starts_at(SUNDAY)
async def test_an_undo_brings_back_the_break(town: ConfiguringTown) -> None:
    boss = town.boss
    await first_day(town, boss)
    for breaks in ("10:00-10:30", "11:00-11:15"):
        await boss.taps("Change hours")
        await boss.taps("Change the breaks")
        await boss.says(breaks)
        await boss.taps("Confirm")
    await boss.taps("Undo")
    shown = boss.sees("The session will be:")
    assert "10:00" in shown.text
    assert "11:15" not in shown.text


async def test_a_day_is_moved_told_and_moved_back(town: ConfiguringTown) -> None:
    boss, fatima, to = town.boss, town.resident(), town.weekday_off()
    await town.booked(fatima)
    await first_day(town, boss)
    await boss.taps("Move this day")
    await boss.says(f"{to}")
    boss.sees("1 booked resident is affected:")
    await boss.taps("Confirm")
    boss.sees("1 resident has a new time.")
    await town.by_day()
    fatima.sees("the municipality has moved your appointment")
    [row] = await town.rows("SELECT s.day FROM bookings b JOIN sessions s ON s.id = b.session_id")
    assert str(row["day"]) == str(to)

    await boss.taps("Undo")
    await boss.taps("Confirm")
    [row] = await town.rows("SELECT s.day FROM bookings b JOIN sessions s ON s.id = b.session_id")
    assert str(row["day"]) == str(town.customer_days[0])


@pytest.mark.starts_at(SUNDAY)
async def test_two_administrators_change_one_session(town: ConfiguringTown) -> None:
    boss, salman = town.boss, town.rival
    await first_day(town, boss)
    await opens(salman, office="أمانة العاصمة", menu="جلسات يوم العميل")
    await salman.taps(salman.buttons[0][0])
    for person, change, hours in (
        (boss, "Change hours", "Change the hours"),
        (salman, "تعديل الساعات أو", "تعديل الساعات"),
    ):
        await person.taps(change)
        await person.taps(hours)
    await boss.says("10-12")
    await salman.says("9-11")
    await boss.taps("Confirm")
    await salman.taps("تأكيد")
    salman.sees("ولم يتم حفظ تعديلكم")
    assert f"{(await town.days())[0].opens_at.astimezone(town.offices.zone):%H:%M}" == "10:00"


async def test_an_office_without_sittings_says_what_comes_first(town: ConfiguringTown) -> None:
    await opens(town.boss, "Extra session", office="Community Service Unit")
    town.boss.sees("First add a weekly sitting.")


async def test_a_session_of_another_office_is_not_opened(town: ConfiguringTown) -> None:
    fatima = await town.living()
    session = (await town.days())[0]
    for route in ("session_change", "session_withdraw", "day_close", "day_reopen", "day_move"):
        await fatima.taps_data(f"do:{route}:{session.id}:0")
        fatima.sees("You do not have permission to do this.")
    assert session.office == CAPITAL


async def test_who_leads_an_office_changes_its_sessions_and_nothing_else(town: ConfiguringTown) -> None:
    lead, fatima, to = town.resident("9003", "Maryam", "en"), town.resident(), town.weekday_off()
    await town.booked(fatima)
    await lead.says("/sessions")
    lead.sees("📅 Sessions")
    await lead.taps(town.day())
    await lead.taps("Move this day")
    await lead.says(f"{to}")
    lead.sees("1 booked resident is affected:")
    await lead.taps("Confirm")
    lead.sees("1 resident has a new time.")
    await town.by_day()
    fatima.sees("the municipality has moved your appointment")

    await lead.says("/offices")
    lead.sees("You do not have permission to do this.")
    await lead.taps_data("do:config_rules:capital:0")
    lead.sees("You do not have permission to do this.")
    await lead.taps_data("do:config_sessions:northern:0")
    lead.sees("You do not have permission to do this.")
    denied = await town.rows("SELECT action FROM audit WHERE action LIKE 'denied.%'")
    assert [row["action"] for row in denied] == ["denied.configure", "denied.configure", "denied.sessions"]


async def test_a_director_of_two_offices_chooses_one_in_arabic(town: ConfiguringTown) -> None:
    for office in (CAPITAL, OfficeId("northern")):
        await town.joins(Colleague(town, "9050", "Jassim", "ar", "-1"), Role.DIRECTOR, office)
    jassim = town.resident("9050", "Jassim", "ar")
    await jassim.says("/sessions")
    assert len(jassim.buttons) >= 2
    await jassim.taps("أمانة العاصمة")
    jassim.sees("جلسات يوم العميل")
    await jassim.taps("رجوع")
    jassim.sees("جلسات")
    assert all(in_arabic(shown.text) for shown in jassim.messages)


async def test_agents_and_residents_do_not_open_sessions(town: ConfiguringTown) -> None:
    agent, fatima = town.resident("9001", "Huda", "en"), await town.living()
    await agent.says("/sessions")
    agent.sees("You do not have permission to do this.")
    await fatima.says("/sessions")
    fatima.sees(" is not a command.")


async def test_a_group_leads_to_the_private_chat_for_its_sessions(town: ConfiguringTown) -> None:
    await town.maryam.says("/sessions")
    town.maryam.sees("in the private chat with the bot to open, change or close sessions.")
    await town.huda.says("/sessions")
    town.huda.sees("You do not have permission to do this")


async def test_todays_session_goes_on_longer_with_more_seats_while_it_runs(town: ConfiguringTown) -> None:
    lead, fatima = town.resident("9003", "Maryam", "en"), town.resident()
    booking = await town.booked(fatima)
    before = (await town.days())[0]
    town.now = before.opens_at + timedelta(minutes=70)
    await lead.says("/sessions")
    await lead.taps(town.day())
    await lead.taps("Close later")
    lead.sees("No resident is affected.")
    await lead.taps("Change the places")
    await lead.taps("2")
    await lead.taps("Confirm")
    lead.sees("The session is changed.")
    after = (await town.days())[0]
    assert after.closes_at - before.closes_at == timedelta(minutes=30)
    assert (await town.again_booked(booking))["status"] == "confirmed"
    last = await town.rows(
        "SELECT capacity FROM slots WHERE session_id = :id ORDER BY starts_at DESC LIMIT 1", id=after.id
    )
    assert last == [{"capacity": 2}]
