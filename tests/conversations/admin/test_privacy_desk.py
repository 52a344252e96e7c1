"""The privacy desk: requests against the ten working days of the law, what is left to do, what was erased, consents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from locales import Language
from services.privacy import requests
from services.privacy.retention import Retention, apply_retention
from services.unit_of_work import Work
from storage import outbox
from storage.database import Database
from storage.ids import MessageId, OfficeId
from storage.records.outbox import OutboxKind, OutboxStatus
from storage.records.staff import Role
from tests.conversations.admin.test_audit import private
from tests.conversations.staff_town import CAPITAL, DeskTown, in_arabic, is_refusal
from tests.conversations.town import STAFF_CHATS, Person
from tests.instants import SUNDAY


@pytest.fixture
async def town(database: Database) -> DeskTown:
    return await DeskTown(database).opens()


@pytest.fixture
def admin(town: DeskTown) -> Person:
    return private(town.admin)


async def _requests(town: DeskTown) -> list[dict[str, object]]:
    return await town.rows("SELECT * FROM privacy_requests ORDER BY id")


async def test_a_copy_of_the_data_is_a_request_that_is_done_at_once(town: DeskTown, admin: Person) -> None:
    fatima = await town.living()
    await fatima.says("/mydata")
    (row,) = await _requests(town)
    assert (row["kind"], row["source"], row["made_at"]) == ("copy", "chat", row["done_at"])
    await admin.says("/privacydesk")
    assert "Copy of the data: received 1, done 1, late 0" in _plain(admin.last.text)
    assert "Fatima" not in admin.last.text
    assert fatima.address not in admin.last.text


async def test_an_erasure_is_done_when_the_staff_chats_have_let_go(town: DeskTown, admin: Person) -> None:
    fatima = await town.living()
    case = await town.case_of(fatima)
    await town.deliver()
    await town.huda.taps_data(f"desk:contact:{case.id}:{case.version}:", (await town.card(case)).number)
    await fatima.says("/forget")
    await fatima.taps("Yes, erase everything")
    (row,) = await _requests(town)
    assert (row["kind"], row["done_at"]) == ("erasure", None)
    await town.wait(timedelta(minutes=15))
    await town.deliver()
    await town.work(lambda work: requests.run_due(work, 10))
    (row,) = await _requests(town)
    assert row["done_at"] is not None
    assert row["left_over"] == 0


async def test_what_the_channel_would_not_take_back_is_left_to_be_done_by_hand(town: DeskTown, admin: Person) -> None:
    chat, later = STAFF_CHATS[CAPITAL], town.now + timedelta(days=1)

    async def begun(work: Work) -> None:
        for key, not_before in ((None, None), (f"erased:telegram:{chat}:7", later)):  # the message, and its end
            outbox.add(
                work.tx,
                channel="telegram",
                chat=chat,
                kind=OutboxKind.MESSAGE,
                payload="{}",
                at=town.now,
                not_before=not_before,
                key=key,
            )
        (row,) = await work.tx.all("SELECT id FROM outbox WHERE status = 'pending' AND key IS NULL")
        outbox.settle(work.tx, int(str(row["id"])), OutboxStatus.SENT, town.now, message=MessageId("7"))
        await requests.erasure(work, [f"erased:telegram:{chat}:7"])

    async def refused(work: Work) -> None:
        (row,) = await work.tx.all("SELECT id FROM outbox WHERE key LIKE 'erased:%'")
        outbox.settle(work.tx, int(str(row["id"])), OutboxStatus.SENT, town.now, error="the message can't be deleted")

    await town.work(begun)
    assert await town.work(lambda work: requests.run_due(work, 10)) == 0
    await town.work(refused)
    assert await town.work(lambda work: requests.run_due(work, 10)) == 2  # left to the team, who are asked
    assert await town.work(lambda work: requests.run_due(work, 10)) == 0, "nothing is left for the clock"
    await admin.says("/privacydesk")
    assert "1 message in the offices’ groups must be deleted by hand" in admin.last.text
    moment = town.desk.catalogues.localizer(Language.EN).near_moment(town.now, town.now.date())
    assert _plain(f"• Capital: {moment}") in _plain(admin.last.text)
    await admin.taps("✅ Done: no. 1")
    await admin.taps("✅ Yes, it is done")
    await admin.taps("Back")
    assert "must be deleted by hand" not in admin.last.text
    (row,) = await _requests(town)
    assert row["done_at"] is not None


@pytest.mark.starts_at(SUNDAY)
async def test_a_request_made_in_another_way_is_due_in_ten_working_days(town: DeskTown, admin: Person) -> None:
    await admin.says("/privacydesk")
    await admin.taps("➕ Record a request")
    await admin.taps("Correction")
    (row,) = await _requests(town)
    made = town.now.astimezone(town.desk.offices.zone).date()
    due = date.fromisoformat(str(row["due"]))
    days = [made + timedelta(days=n) for n in range(1, (due - made).days + 1)]
    assert sum(town.desk.calendar.is_working_day(OfficeId(""), day) for day in days) == 10
    assert town.desk.calendar.is_working_day(OfficeId(""), due)
    assert "Recorded: no. 1" in _plain(admin.last.text)
    await admin.taps("Back")
    assert "No. 1 · Correction · recorded by staff" in _plain(admin.last.text)


async def test_of_two_who_mark_a_request_as_done_the_second_is_told_so(town: DeskTown, admin: Person) -> None:
    await admin.says("/privacydesk")
    await admin.taps("➕ Record a request")
    await admin.taps("Erasure")
    await admin.taps("Back")
    await admin.taps("✅ Done: no. 1")
    number = admin.last.number
    await admin.taps_data("desk:privacy_done:1:1:", number)
    assert admin.toast == "Marked as done"
    done = (await _requests(town))[0]["done_at"]
    await admin.taps_data("desk:privacy_done:1:1:", number)
    assert admin.toast == "This has already been done."
    assert (await _requests(town))[0]["done_at"] == done
    assert [one for one in await town.audited("office:*") if one[1] == "privacy.done"] == [
        ("staff:9000", "privacy.done")
    ]


async def test_a_late_request_says_so_and_counts_as_late(town: DeskTown, admin: Person) -> None:
    await admin.says("/privacydesk")
    await admin.taps("➕ Record a request")
    await admin.taps("Copy of the data")
    town.now += timedelta(days=30)
    await admin.says("/privacydesk")
    assert "overdue since" in admin.last.text
    await admin.taps_data("desk:privacy_done:1:1:", admin.last.number)
    await admin.taps("Back")
    assert "Copy of the data: received 1, done 1, late 1" in _plain(admin.last.text)


async def test_what_retention_erased_is_counted_by_step_and_day(town: DeskTown, admin: Person) -> None:
    await town.work(lambda work: apply_retention(work, Retention(audit=timedelta(0))))
    first = await town.rows("SELECT erased FROM retention_sums WHERE step = 'audit'")
    assert first == []  # what is of this moment stays
    town.now += timedelta(seconds=1)
    count = len(await town.rows("SELECT 1 FROM audit"))
    await town.work(lambda work: apply_retention(work, Retention(audit=timedelta(0))))
    assert await town.rows("SELECT erased FROM retention_sums WHERE step = 'audit'") == [{"erased": count}]
    await admin.says("/privacydesk")
    await admin.taps("🗑 What was erased")
    assert f"Lines of the audit: {count}" in _plain(admin.last.text)
    await admin.taps("Last 30 days")
    assert f"Lines of the audit: {count}" in _plain(admin.last.text)


async def test_consents_are_counted_by_month_and_language(town: DeskTown, admin: Person) -> None:
    fatima = await town.living()
    await fatima.says("/start")
    before = await town.rows("SELECT * FROM residents WHERE address = :a", a=fatima.address)
    assert before[0]["consented_at"] is None
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET consented_at = :at WHERE address = :a", at=town.now, a=fatima.address)
    await fatima.says("/privacy")
    await fatima.taps("Withdraw consent")
    await fatima.taps("Withdraw consent")
    month = f"{town.now.astimezone(town.desk.offices.zone):%Y-%m}"
    assert await town.rows("SELECT * FROM consent_sums") == [
        {"month": month, "language": "en", "given": 0, "withdrawn": 1}
    ]
    await admin.says("/privacydesk")
    await admin.taps("✍️ Consents")
    assert "English: given 0, withdrawn 1" in _plain(admin.last.text)


@pytest.mark.parametrize("who", ["huda", "maryam", "council", "stranger"])
async def test_who_may_not_is_refused(town: DeskTown, who: str) -> None:
    alone = private(getattr(town, who), "en")
    await alone.says("/privacydesk")
    assert is_refusal(alone.last.text)
    for verb in ("privacy", "privacy_new", "privacy_done", "privacy_erased", "privacy_consent"):
        await alone.taps_data(f"desk:{verb}:1:1:copy", alone.last.number)
        assert is_refusal(alone.toast)
    assert await _requests(town) == []


async def test_who_administers_one_office_only_is_refused(town: DeskTown) -> None:
    await town.joins(town.stranger, Role.ADMIN)
    alone = private(town.stranger)
    await alone.says("/privacydesk")
    assert is_refusal(alone.last.text)


async def test_it_speaks_arabic_to_who_does(town: DeskTown) -> None:
    await town.joins(town.yusuf, Role.ADMIN, OfficeId(""))
    yusuf = private(town.yusuf)
    await yusuf.says("/privacydesk")
    assert in_arabic(yusuf.last.text)
    await yusuf.taps("➕ تسجيل طلب")
    await yusuf.taps("محو البيانات")
    assert "تم التسجيل" in yusuf.last.text


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign not in "\u2066\u2067\u2068\u2069\u200e\u200f")
