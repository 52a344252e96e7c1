"""What may hurt somebody now: the number at once, the team at any hour, somebody who answers for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from conversations.engine.messages import Kind
from locales import without_marks
from services.casework import daily_digest
from services.dangers import alerts
from services.notify import quiet_hours
from services.unit_of_work import Work
from storage.ids import CaseId, OfficeId
from tests.conversations.staff_town import DeskTown
from tests.conversations.town import STAFF_CHATS, Person
from tests.known import known
from tests.services import by_staff

GROUP = STAFF_CHATS[OfficeId("capital")]
ALERT = "🚨 خطر: غرفة تفتيش مفتوحة"  # the group reads Arabic
MORNING = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # 07:30 in Bahrain
MANHOLE = "There is an open manhole in block 321 road 12"


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


async def report(fatima: Person, words: str = MANHOLE) -> None:
    await fatima.says(words)
    for _ in range(4):
        if fatima.last.find("Submit"):
            break
        choice = next(label for row in fatima.buttons for label in row)
        await fatima.taps("Without my name" if fatima.last.find("Without my name") else choice)
    await fatima.taps("Submit")


def group(town: DeskTown) -> list[str]:
    return [without_marks(shown.text) for shown in town.chats[GROUP]]


async def test_the_number_to_call_comes_before_any_question(town: DeskTown, fatima: Person) -> None:
    await fatima.says(MANHOLE)

    texts = [without_marks(shown.text) for shown in fatima.new]
    number = next(at for at, text in enumerate(texts) if "Open manhole: if anyone is in danger, call 999" in text)
    assert number < next(at for at, text in enumerate(texts) if "Question" in text or "belongs to" in text)


@pytest.mark.parametrize(
    "words",
    ["fire in the dumpster", "there is a fire in our building", "gas smell in the building!!", "kid fell in a hole"],
)
async def test_of_a_danger_only_the_place_is_asked(town: DeskTown, fatima: Person, words: str) -> None:
    await fatima.says(words)
    assert "call 999 now" in without_marks(fatima.sees("🚨").text)
    assert "Where is it?" in fatima.last.text

    await fatima.says("block 321 road 12")

    await fatima.taps("Without my name")
    await fatima.taps("Submit")
    assert any(words in text for text in group(town))


async def test_whoever_mends_it_is_named_after_the_emergency_number(town: DeskTown, fatima: Person) -> None:
    await fatima.says(MANHOLE)

    texts = [without_marks(shown.text) for shown in fatima.new]
    [told] = [text.splitlines() for text in texts if "call 999 now" in text]
    assert told[1] == "To have the place made safe: Ministry of Works, +973 8000 1810"


async def test_the_team_is_alerted_and_the_case_is_an_emergency(town: DeskTown, fatima: Person) -> None:
    await report(fatima)

    [row] = await town.rows("SELECT priority FROM cases")
    assert row["priority"] == alerts.EMERGENCY
    assert any(ALERT in text and MANHOLE in text for text in group(town))


async def test_it_rings_by_night_too(town: DeskTown, fatima: Person) -> None:
    while not await town.work(_is_night):
        town.now += timedelta(hours=1)

    await report(fatima)

    assert any(ALERT in text for text in group(town))


async def _is_night(work: Work) -> bool:
    return quiet_hours.is_quiet(work, work.now)


async def test_who_takes_it_is_said_in_its_place_and_one_does(town: DeskTown, fatima: Person) -> None:
    await report(fatima)
    alert = next(shown for shown in town.chats[GROUP] if "🚨" in shown.text)
    take = known(alert.find("أتولى الأمر"))

    await town.huda.taps_data(take.data, alert.number)
    await town.maryam.taps_data(take.data, alert.number)

    assert "Huda is dealing with the danger" in without_marks(town.maryam.toast)
    assert not any("🚨" in text for text in group(town))
    [kept] = await town.rows("SELECT taken_by, look_at FROM dangers")
    assert (kept["taken_by"], kept["look_at"]) == ("staff:9001", None)
    told = [without_marks(shown.text) for shown in fatima.messages if "The team is dealing with" in shown.text]
    assert len(told) == 1, "whoever reported it hears of it, once"


async def test_the_receipt_says_the_number_again_and_that_the_team_was_alerted(town: DeskTown, fatima: Person) -> None:
    await report(fatima)

    receipt = without_marks(fatima.last.text)
    assert "call 999 now" in receipt
    assert "The team was alerted just now." in receipt


async def test_the_receipt_of_a_danger_promises_no_working_days(town: DeskTown, fatima: Person) -> None:
    await report(fatima)

    receipt = without_marks(fatima.last.text)
    assert "We have received your" in receipt
    assert "working day" not in receipt
    assert "will review it by" not in receipt
    assert receipt.index("call 999") < receipt.index("The team was alerted")


async def test_what_was_taken_still_says_where_and_what_and_leads_to_the_card(town: DeskTown, fatima: Person) -> None:
    await report(fatima)
    alert = next(shown for shown in town.chats[GROUP] if "🚨" in shown.text)

    await town.huda.taps_data(known(alert.find("أتولى الأمر")).data, alert.number)

    taken = next(shown for shown in town.chats[GROUP] if "🟢" in shown.text)
    assert MANHOLE in without_marks(taken.text)
    assert taken.find("فتح البطاقة") is not None


@pytest.mark.parametrize("how", ["left the group", "lost the rights"])
async def test_the_team_is_alerted_again_when_whoever_took_it_is_gone(town: DeskTown, fatima: Person, how: str) -> None:
    await report(fatima)
    alert = next(shown for shown in town.chats[GROUP] if "🚨" in shown.text)
    await town.huda.taps_data(known(alert.find("أتولى الأمر")).data, alert.number)
    await town.wait(timedelta(minutes=6))
    before = len(town.chats[GROUP])

    if how == "left the group":
        await town.huda.does(kind=Kind.MEMBER_LEFT)
        said = next(shown.text for shown in town.chats[GROUP][before:] if "Huda" in shown.text)
        assert "خطر واحد" in said
    else:
        rights = await town.rows("SELECT id FROM staff_roles WHERE address = '9001'")
        await town.admin.taps_data(f"desk:revoke:{rights[0]['id']}:1:", town.admin.last.number)
        town.admin.sees("They were dealing with 1 danger")

    [again] = [shown for shown in town.chats[GROUP][before:] if ALERT in without_marks(shown.text)]
    assert again.find("أتولى الأمر") is not None
    await town.wait(alerts.TAKE_WITHIN)
    await town.work(alerts.run_due)
    assert sum("لم يتولَّ أحد هذا التنبيه" in text for text in group(town)) == 1


async def test_the_manager_hears_of_what_nobody_took_in_time_once(town: DeskTown, fatima: Person) -> None:
    await town.living(town.maryam.address, "Maryam")  # who has begun a private chat
    await report(fatima)
    await town.wait(alerts.TAKE_WITHIN)

    for _ in range(2):
        await town.work(alerts.run_due)

    told = [shown for shown in town.chats[town.maryam.address] if "🚨" in shown.text]
    assert len(told) == 1
    assert "Nobody has taken this alert for 15 minutes" in without_marks(told[0].text)
    assert sum("لم يتولَّ أحد هذا التنبيه" in text for text in group(town)) == 1


async def test_what_nobody_takes_rings_on_ever_more_seldom_until_somebody_does(town: DeskTown, fatima: Person) -> None:
    await report(fatima)
    first = next(shown for shown in town.chats[GROUP] if "🚨" in shown.text)

    rings = []
    for hours in (0.25, 0.75, 1, 2, 1, 3):  # 15 minutes, 1, 2, 4, 5 and 8 hours after it was raised
        await town.wait(timedelta(hours=hours))
        rings.append(await town.work(alerts.run_due))
    assert rings == [1, 1, 0, 1, 0, 1]
    assert any("المسؤولون: Maryam" in text for text in group(town))

    await town.huda.taps_data(known(first.find("أتولى الأمر")).data, first.number)
    await town.wait(timedelta(days=1))
    assert await town.work(alerts.run_due) == 0


async def test_it_rings_no_more_after_a_month(town: DeskTown, fatima: Person) -> None:
    await report(fatima)
    await town.wait(timedelta(days=31))

    assert [await town.work(alerts.run_due) for _ in range(2)] == [1, 0]


async def test_it_does_not_ring_for_a_request_that_somebody_has(town: DeskTown, fatima: Person) -> None:
    await report(fatima)
    [row] = await town.rows("SELECT id FROM cases")
    await town.work(lambda work: by_staff.claim(work, town.huda.person, CaseId(int(str(row["id"])))))
    await town.wait(alerts.TAKE_WITHIN)

    assert [await town.work(alerts.run_due) for _ in range(2)] == [1, 0]
    assert not any("لم يتولَّ أحد هذا التنبيه" in text for text in group(town))


async def test_what_nobody_has_taken_is_named_first_in_the_queue_and_in_the_morning(
    town: DeskTown, fatima: Person
) -> None:
    await report(fatima)
    [row] = await town.rows("SELECT reference FROM cases")

    await town.maryam.says("/queue")
    lines = without_marks(town.maryam.last.text).splitlines()
    untaken, first = (next(at for at, line in enumerate(lines) if start in line) for start in ("🚨", "1."))
    assert untaken < first
    assert lines[untaken] == f"🚨 Nobody has taken this danger: {row['reference']}"

    town.now = MORNING
    await town.work(daily_digest.run_due)
    digest = next(text for text in group(town) if "☀️" in text)
    assert f"خطر لم يتولَّ أحد متابعته: {row['reference']}" in digest


async def test_what_was_taken_in_time_goes_no_higher(town: DeskTown, fatima: Person) -> None:
    await report(fatima)
    alert = next(shown for shown in town.chats[GROUP] if "🚨" in shown.text)
    await town.huda.taps_data(known(alert.find("أتولى الأمر")).data, alert.number)
    await town.wait(alerts.TAKE_WITHIN)

    assert await town.work(alerts.run_due) == 0


async def test_a_false_alarm_is_one_tap(town: DeskTown, fatima: Person) -> None:
    await report(fatima)
    alert = next(shown for shown in town.chats[GROUP] if "🚨" in shown.text)

    await town.huda.taps_data(known(alert.find("لا يوجد خطر")).data, alert.number)

    [row] = await town.rows("SELECT priority FROM cases")
    assert row["priority"] == 0
    assert any("أفاد Huda بعدم وجود خطر" in text for text in group(town))


async def test_who_sends_it_can_say_that_it_is_dangerous_and_take_that_back(town: DeskTown, fatima: Person) -> None:
    await fatima.says("The bins are full in block 321 road 12")
    while not fatima.last.find("Submit"):
        await fatima.taps("Without my name" if fatima.last.find("Without my name") else fatima.buttons[0][0])

    await fatima.taps("It is dangerous now")
    assert "call 999 now" in without_marks(fatima.last.text)
    await fatima.taps("Nobody is in danger")
    assert "Marked as dangerous" not in fatima.last.text
    await fatima.taps("It is dangerous now")
    await fatima.taps("Submit")

    assert any("بحسب مقدم الطلب" in text for text in group(town))


async def test_what_is_not_dangerous_rings_nowhere(town: DeskTown, fatima: Person) -> None:
    await report(fatima, "The bins are full in block 321 road 12")

    assert await town.rows("SELECT * FROM dangers") == []
    assert not any("🚨" in text for text in group(town))


async def test_a_transfer_says_that_it_is_an_emergency_and_alerts_the_other_team(
    town: DeskTown, fatima: Person
) -> None:
    await report(fatima)
    alert = next(shown for shown in town.chats[GROUP] if "🚨" in shown.text)
    await town.huda.taps_data(known(alert.find("أتولى الأمر")).data, alert.number)
    [row] = await town.rows("SELECT id, version FROM cases")
    confirm = f"{row['id']}:{row['version']}:muharraq"
    muharraq = STAFF_CHATS[OfficeId("muharraq")]

    await town.maryam.taps_data(f"desk:to_transfer:{confirm}", town.maryam.messages[-1].number)
    preview = town.maryam.last
    assert "This is an emergency. The team of Muharraq Municipality gets the alert" in without_marks(preview.text)
    assert muharraq not in town.chats, "nothing has happened yet"

    await town.maryam.taps_data(f"desk:transfer:{confirm}", preview.number)
    assert sum(ALERT in without_marks(shown.text) for shown in town.chats[muharraq]) == 1
    await town.wait(alerts.TAKE_WITHIN)
    assert await town.work(alerts.run_due) == 1, "nobody there has taken it"
