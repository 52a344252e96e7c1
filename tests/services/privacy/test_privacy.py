"""People's data: given to them, erased when they ask, let go when its time is over."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from services import residents
from services.actors import Actor, Subject
from services.cases import duplicates, ratings, resident_actions
from services.cases.resident_actions import Case, CaseEventKind, CaseStatus
from services.files import attachments
from services.files.attachments import Sent
from services.privacy import data_export, erasure, retention
from services.privacy.erasure import Forgotten
from services.privacy.retention import Retention
from services.text.redact import Eraser
from services.unit_of_work import Work
from storage import audit, outbox, updates
from storage import residents as people
from storage.database import Database, Dialect
from storage.ids import ChatId, MessageId, Reference, UpdateId
from storage.records.outbox import OutboxKind, OutboxStatus
from storage.records.residents import ConversationRow, Resident
from tests.services import by_staff
from tests.services.case_builders import CAPITAL, START, Casework

NAME, PHONE, ADDRESS = "Maryam Al-Khalifa", "+97333123456", "35550001"
SECRETS = ("Maryam", "Khalifa", "33123456", "3312 3456", ADDRESS, "maryam@example.com", "Secret")


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


@pytest.fixture
async def maryam(casework: Casework) -> Resident:
    person = await casework.resident(NAME, phone=PHONE, consented_at=START, office=CAPITAL, source="qr-Secret")
    assert person.address == ADDRESS
    return person


async def everything(casework: Casework) -> str:
    """Every value in every table."""
    async with casework.work() as work:
        if work.tx.dialect is Dialect.SQLITE:
            listing = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        else:
            listing = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        tables = [str(row["name"]) for row in await work.tx.all(listing)]
        assert {"residents", "cases", "outbox", "audit", "dead_letters"} <= set(tables)
        found = []
        for table in tables:
            for row in await work.tx.all(f"SELECT * FROM {table}"):  # noqa: S608
                found += [f"{table}.{column}: {value}" for column, value in row.items()]
    return "\n".join(found)


async def booking(casework: Casework, who: Resident, reference: str, status: str = "confirmed", days: int = 3) -> None:
    """A seat on a Customer Day."""
    starts = casework.now + timedelta(days=days)
    async with casework.work() as work:
        session = await work.tx.one(
            "INSERT INTO sessions (office, lane, day, opens_at, closes_at, nonce, created_at) "
            "VALUES ('capital', :lane, :day, :opens, :closes, 'n', :now) RETURNING id",
            lane=reference,
            day=starts.date(),
            opens=starts,
            closes=starts + timedelta(hours=1),
            now=casework.now,
        )
        assert session is not None
        slot = await work.tx.one(
            "INSERT INTO slots (session_id, starts_at, ends_at, capacity, released_at, bookable_until) "
            "VALUES (:session, :opens, :closes, 1, :now, :opens) RETURNING id",
            session=int(str(session["id"])),
            opens=starts,
            closes=starts + timedelta(minutes=15),
            now=casework.now,
        )
        assert slot is not None
        row = await work.tx.one(
            "INSERT INTO bookings (reference, office, session_id, slot_id, seat, resident_id, status, words, name,"
            " phone, needs, answers, created_at, updated_at) VALUES (:reference, 'capital', :session, :slot, 1, :who,"
            " :status, 'SecretMatter', :name, :phone, '[\"wheelchair\"]', :answers, :now, :now) RETURNING id",
            reference=reference,
            session=int(str(session["id"])),
            slot=int(str(slot["id"])),
            who=who.id,
            status=status,
            name=NAME,
            phone=PHONE,
            answers='{"colour": "SecretGreen"}',
            now=casework.now,
        )
        assert row is not None
        await work.tx.run(
            "INSERT INTO booking_events (booking_id, at, actor, what, detail) "
            "VALUES (:id, :now, 'resident', 'confirmed', 'SecretDetail')",
            id=int(str(row["id"])),
            now=casework.now,
        )


async def cancel(work: Work, reference: Reference, resident: Resident) -> None:
    """What `services.bookings.bookings.cancel` does, as far as it matters here."""
    await work.tx.run(
        "UPDATE bookings SET status = 'cancelled_by_resident' WHERE reference = :reference AND resident_id = :who",
        reference=reference,
        who=resident.id,
    )


async def lived(casework: Casework, maryam: Resident) -> tuple[Case, Case]:
    """All that a person can leave behind; an open and an ended case of theirs."""
    personal = {"name": NAME, "phone": PHONE, "building": "17", "words": f"I am {NAME}, call 3312 3456"}
    files = await casework.do(attachments.keep, maryam, [Sent("photo", "r-Secret", "u-Secret", "Secret.jpg")])
    assert isinstance(files, tuple)
    still_open = await casework.case(maryam, files=files, **personal)
    await casework.do(by_staff.ask, still_open.id, "noora", "Dear Maryam, which bin?")
    ended = await casework.case(maryam, latitude=26.2, longitude=50.5, road="SecretRoad", **personal)
    await casework.do(resident_actions.add_information, ended.reference, maryam, "SecretAddition, maryam@example.com")
    await casework.do(by_staff.resolve, ended.id, "noora", f"Dear {NAME}, emptied")
    await casework.do(ratings.rate, ended.reference, maryam, 4)
    await casework.do(ratings.comment, ended.reference, maryam, "SecretComment")
    await casework.do(resident_actions.confirm_fixed, ended.reference, maryam, fixed=True)
    ali = await casework.resident("Ali")
    his = await casework.case(ali)
    await casework.do(duplicates.join, his.id, maryam)
    await casework.do(resident_actions.add_information, his.reference, maryam, f"Maryam here too, {PHONE}")
    await booking(casework, maryam, "B-1")
    await booking(casework, maryam, "B-2", "attended", days=-3)
    async with casework.work() as work:
        people.save_conversation(
            work.tx,
            ConversationRow(
                resident_id=maryam.id,
                step='{"step":"x:y","words":"Secret"}',
                turn=1,
                offered="[]",
                saved='["Secret"]',
                last_choice="",
                album="",
                keyboard=False,
                updated_at=casework.now,
            ),
        )
        await updates.failed(
            work.tx, "telegram", UpdateId("5"), '{"from":{"id":35550001,"name":"Maryam"}}', "E", 3, casework.now
        )
        for chat, payload, subject in (
            (ADDRESS, "Dear Maryam", ""),
            ("-1001", "card with Maryam", f"case:{ended.id}"),
            ("-1001", "SecretWords", "booking:1"),
        ):
            outbox.add(
                work.tx,
                channel="telegram",
                chat=ChatId(chat),
                kind=OutboxKind.MESSAGE,
                payload=payload,
                subject=subject,
                at=casework.now,
            )
        sent = await work.tx.all("SELECT id FROM outbox WHERE payload = 'SecretWords'")
        outbox.settle(work.tx, int(str(sent[0]["id"])), OutboxStatus.SENT, casework.now, message=MessageId("9"))
    await casework.do(residents.bar, maryam.id, casework.now, "Secret reason", Actor("admin"))
    return await casework.again(still_open), await casework.again(ended)


# ---------------------------------------------------------------------------- one's own data


async def test_the_export_holds_everything_and_nothing_of_others(casework: Casework, maryam: Resident) -> None:
    still_open, ended = await lived(casework, maryam)
    await casework.do(by_staff.note, ended.id, "noora", "among staff")
    ali = await casework.resident("Ali")
    await casework.do(duplicates.join, still_open.id, ali)
    await casework.do(resident_actions.add_information, still_open.reference, ali, "Ali's own words")
    export = await casework.do(data_export.export, maryam)
    data = json.loads(export.to_json())
    assert (data["address"], data["person"]["name"], data["person"]["phone"]) == (ADDRESS, NAME, PHONE)
    assert [one["reference"] for one in data["cases"]] == [still_open.reference, ended.reference]
    assert [one["reference"] for one in data["bookings"]] == ["B-1", "B-2"]
    assert data["bookings"][0]["needs"] == ["wheelchair"]
    assert data["bookings"][0]["answers"] == {"colour": "SecretGreen"}
    assert [step["what"] for step in data["cases"][1]["history"]] == [
        "received",
        "information",
        "resolved",
        "rated",
        "commented",
        "closed",
    ]
    assert [[step["words"] for step in one["history"]] for one in data["joined"]] == [["", f"Maryam here too, {PHONE}"]]
    assert data["unfinished"] == [
        {"question": "x:y", "entered": {"words": "Secret"}},
        {"question": "", "entered": {"stored": "Secret"}},
    ]
    assert data["files"][0]["name"] == "Secret.jpg"
    assert data["ratings"][0] == data["ratings"][0] | {"stars": 4, "comment": "SecretComment"}
    text = export.to_json().decode()
    assert "among staff" not in text
    assert "Ali" not in text.replace("Al-Khalifa", "")
    assert await casework.audited(f"resident:{maryam.id}") == [
        ("admin", "resident.bar"),
        (f"resident:{maryam.id}", "privacy.export"),
    ]


# ---------------------------------------------------------------------------- being forgotten


async def test_being_forgotten_leaves_no_trace_of_who_it_was(casework: Casework, maryam: Resident) -> None:
    still_open, ended = await lived(casework, maryam)
    before = await everything(casework)
    assert all(secret in before for secret in SECRETS)
    forgotten = await casework.do(erasure.forget, maryam, casework.now, cancel)
    after = await everything(casework)
    assert [line for line in after.splitlines() for secret in SECRETS if secret in line] == []
    assert isinstance(forgotten, Forgotten)
    assert (forgotten.bookings_cancelled, forgotten.cases_open, forgotten.cases_erased, forgotten.files) == (1, 1, 1, 1)
    assert forgotten.resident.forgotten_at == casework.now
    left = await casework.again(still_open)
    assert (left.words, left.building, left.category) == ("I am …, call …", "17", still_open.category)
    gone = await casework.again(ended)
    assert (gone.words, gone.latitude, gone.outcome) == ("", None, ended.outcome)


async def test_staff_learn_that_nobody_can_be_asked_any_more_and_what_was_due_still_is(
    casework: Casework, maryam: Resident
) -> None:
    await lived(casework, maryam)
    await casework.do(erasure.forget, maryam, casework.now, cancel)
    assert (await casework.told_staff())[-1] is CaseEventKind.FORGOTTEN
    async with casework.work() as work:
        (kept,) = await work.tx.all("SELECT stars FROM ratings")
        (seat,) = await work.tx.all("SELECT status, topic FROM bookings WHERE reference = 'B-1'")
    assert kept["stars"] == 4
    assert seat["status"] == "cancelled_by_resident"


async def test_who_was_forgotten_is_told_nothing_more_and_comes_back_as_a_newcomer(
    casework: Casework, maryam: Resident
) -> None:
    still_open, _ = await lived(casework, maryam)
    await casework.do(erasure.forget, maryam, casework.now, cancel)
    await casework.do(by_staff.reply, still_open.id, "noora", "Emptied")
    assert await casework.told(maryam) == []
    async with casework.work() as work:
        again = await people.add(work.tx, "telegram", ADDRESS, NAME, "en", casework.now)
    assert again.id != maryam.id
    assert await casework.do(resident_actions.of_resident, again.id) == ()
    assert await casework.do(resident_actions.own, still_open.reference, again) is None


async def test_the_farewell_is_sent_and_then_let_go(casework: Casework, maryam: Resident) -> None:
    await casework.do(erasure.forget, maryam, casework.now, cancel)
    async with casework.work() as work:
        outbox.add(
            work.tx,
            channel="telegram",
            chat=ChatId(ADDRESS),
            kind=OutboxKind.MESSAGE,
            payload="Farewell",
            at=casework.now,
            resident=maryam.id,
        )
    await casework.do(retention.apply_retention)
    async with casework.work() as work:
        (owed,) = await outbox.due(work.tx, casework.now, 9)
        outbox.settle(work.tx, owed.id, OutboxStatus.SENT, casework.now, message=MessageId("1"))
    assert await casework.do(retention.apply_retention) == 1
    assert ADDRESS not in await everything(casework)


async def test_what_was_owed_to_their_chat_before_they_were_known_goes_and_that_of_others_stays(
    casework: Casework, maryam: Resident
) -> None:
    ali = await casework.resident("Ali")
    async with casework.work() as work:
        for chat, resident in ((ADDRESS, None), (ADDRESS, maryam.id), (ali.address, ali.id), ("-1001", None)):
            outbox.add(
                work.tx,
                channel="telegram",
                chat=ChatId(chat),
                kind=OutboxKind.MESSAGE,
                payload="",
                at=casework.now,
                resident=resident,
            )
    await casework.do(erasure.forget, maryam, casework.now, cancel)
    async with casework.work() as work:
        left = await work.tx.all("SELECT chat FROM outbox WHERE kind = 'message' ORDER BY id")
    assert [row["chat"] for row in left] == [ali.address, "-1001"]


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("I am Maryam Al-Khalifa", "I am …"),
        ("maryam called", "… called"),
        ("+973 3312 3456 or ٣٣١٢٣٤٥٦", "… or …"),
        ("CPR 880101234", "CPR …"),
        ("a@b.co, please", "… please"),
        ("block 338, road 3827, 12:30", "block 338, road 3827, 12:30"),
        ("مرحبا، أنا مريم", "مرحبا، أنا …"),
    ],
)
def test_what_tells_who_somebody_is_is_struck_out(text: str, struck: str) -> None:
    assert Eraser([NAME, "مريم", ""])(text) == struck


# ---------------------------------------------------------------------------- retention


async def _conversation(casework: Casework, who: Resident, step: str, at: datetime) -> None:
    async with casework.work() as work:
        people.save_conversation(
            work.tx,
            ConversationRow(
                resident_id=who.id,
                step=step,
                turn=3,
                offered='[{"label":"Secret"}]',
                saved='["Secret"]',
                last_choice="x",
                album="",
                keyboard=False,
                updated_at=at,
            ),
        )


async def test_unfinished_drafts_are_wiped_after_a_day(casework: Casework, maryam: Resident) -> None:
    other = await casework.resident("Ali")
    await _conversation(casework, maryam, '{"step":"complaint:words","words":"Secret"}', casework.now)
    casework.wait(hours=23)
    await _conversation(casework, other, '{"step":"complaint:words","words":"Kept"}', casework.now)
    assert await casework.do(retention.apply_retention) == 0
    casework.wait(hours=2)
    assert await casework.do(retention.apply_retention) == 1
    assert await casework.do(retention.apply_retention) == 0
    async with casework.work() as work:
        wiped, kept = await work.tx.all("SELECT step, saved, offered FROM conversations ORDER BY resident_id")
    assert dict(wiped) == {"step": '{"step":"complaint:words"}', "saved": "[]", "offered": "[]"}
    assert "Kept" in str(kept["step"])


async def test_the_contact_of_a_booking_goes_after_ninety_days(casework: Casework, maryam: Resident) -> None:
    await booking(casework, maryam, "B-1", "attended", days=0)
    casework.wait(days=90)
    assert await casework.do(retention.apply_retention) == 0
    casework.wait(days=1)
    assert await casework.do(retention.apply_retention) == 1
    async with casework.work() as work:
        (row,) = await work.tx.all("SELECT name, phone, words FROM bookings")
    assert dict(row) == {"name": "", "phone": "", "words": "SecretMatter"}


async def test_what_was_said_of_a_booking_goes_after_a_year(casework: Casework, maryam: Resident) -> None:
    await booking(casework, maryam, "B-1", "attended", days=0)
    kept = Retention(booking_contact=timedelta(days=9999))
    casework.wait(days=365)
    assert await casework.do(retention.apply_retention, kept) == 0
    casework.wait(days=1)
    assert await casework.do(retention.apply_retention, kept) == 1
    assert await casework.do(retention.apply_retention, kept) == 0
    async with casework.work() as work:
        (row,) = await work.tx.all("SELECT words, needs, answers, reason, status, topic FROM bookings")
        details = await work.tx.all("SELECT 1 FROM booking_events WHERE detail <> ''")
    assert (row["words"], row["needs"], row["reason"], row["status"]) == ("", "[]", "", "attended")
    assert row["answers"] == "{}"
    assert details == []


async def test_what_stayed_of_a_forgotten_persons_open_case_goes_once_it_has_ended(
    casework: Casework, maryam: Resident
) -> None:
    case = await casework.case(maryam, words="The wall of my garden fell", building="17", road="12", block=338)
    await casework.do(resident_actions.add_information, case.reference, maryam, "It leans on my window")
    await casework.do(erasure.forget, maryam, casework.now, cancel)
    assert (await casework.again(case)).words == "The wall of my garden fell"
    assert await casework.do(retention.apply_retention) == 0

    await casework.do(by_staff.reject, case.id, "noora", "Private ground")
    assert await casework.do(retention.apply_retention) == 1
    assert await casework.do(retention.apply_retention) == 0

    left = await casework.again(case)
    assert (left.words, left.road, left.building, left.block) == ("", "", "", 338)
    async with casework.work() as work:
        events = await work.tx.all("SELECT words FROM case_events WHERE case_id = :id", id=case.id)
    assert [row["words"] for row in events if row["words"]] == ["Private ground"]


async def test_a_year_after_its_end_nothing_in_a_case_leads_to_who_it_was_from(
    casework: Casework, maryam: Resident
) -> None:
    ali = await casework.resident("Ali")
    words = f"I am {NAME}, 3312 3456: the bin is full"
    case = await casework.case(maryam, words=words, name=NAME, phone=PHONE, building="17", block=338)
    await casework.do(duplicates.join, case.id, ali)
    await casework.do(by_staff.resolve, case.id, "noora", "Dear Maryam, done")
    await casework.do(ratings.rate, case.reference, maryam, 5)
    await casework.do(resident_actions.confirm_fixed, case.reference, maryam, fixed=True)
    fresh = await casework.case(maryam)
    casework.wait(days=364)
    identity = Retention(messages=timedelta(days=9999), audit=timedelta(days=9999))
    assert await casework.do(retention.apply_retention, identity) == 0
    casework.wait(days=2)
    assert await casework.do(retention.apply_retention, identity) == 1
    assert await casework.do(retention.apply_retention, identity) == 0
    left = await casework.again(case)
    assert (left.words, left.name, left.building, left.block) == ("I am …, …: the bin is full", "", "", 338)
    assert left.resident_id not in {maryam.id, ali.id}
    assert await casework.audited(f"case:{case.id}") == [
        ("resident", "case.submit"),
        ("resident", "case.join"),
        ("noora", "case.resolve"),
        ("resident", "case.confirm_fixed"),
    ]
    async with casework.work() as work:
        history = await resident_actions.history(work, left)
        (rating,) = await work.tx.all("SELECT stars, resident_id FROM ratings")
    assert {event.actor for event in history} == {"resident", "noora"}
    assert "Maryam" not in " ".join(event.words for event in history)
    assert (rating["stars"], rating["resident_id"]) == (5, left.resident_id)
    assert [line.case.id for line in await casework.do(resident_actions.of_resident, maryam.id)] == [fresh.id]
    assert (await casework.again(fresh)).resident_id == maryam.id


async def test_files_go_after_six_months_unless_their_case_is_open(casework: Casework, maryam: Resident) -> None:
    kept = await casework.do(attachments.keep, maryam, [Sent("photo", f"r{n}", f"u{n}") for n in range(2)])
    assert isinstance(kept, tuple)
    still_open = await casework.case(maryam, files=kept[:1])
    ended = await casework.case(maryam, files=kept[1:2])
    await casework.do(resident_actions.withdraw, ended.reference, maryam)
    casework.wait(days=182)
    assert await casework.do(retention.apply_retention, Retention(messages=timedelta(days=9999))) == 0
    casework.wait(days=2)
    assert await casework.do(retention.apply_retention, Retention(messages=timedelta(days=9999))) == 1
    assert len(await casework.do(resident_actions.files_of, still_open.id)) == 1
    assert await casework.do(resident_actions.files_of, ended.id) == ()
    assert (await casework.again(still_open)).status is CaseStatus.RECEIVED


async def test_marks_messages_and_audit_go_in_their_time(casework: Casework) -> None:
    async with casework.work() as work:
        updates.mark_seen(work.tx, "telegram", UpdateId("1"), casework.now)
        audit.record(work.tx, casework.now, Actor("noora"), "case.note", Subject("case:1"))
        for number, status in enumerate((OutboxStatus.SENT, None), start=1):
            outbox.add(
                work.tx, channel="telegram", chat=ChatId("1"), kind=OutboxKind.MESSAGE, payload="x", at=casework.now
            )
            if status is not None:
                outbox.settle(work.tx, number, status, casework.now)
    gone = []
    for days in (3, 90, 730):
        casework.now = START + timedelta(days=days)
        gone.append(await casework.do(retention.apply_retention))
        casework.wait(seconds=1)
        gone.append(await casework.do(retention.apply_retention))
    assert gone == [0, 1, 0, 1, 0, 1]
    async with casework.work() as work:
        assert len(await outbox.due(work.tx, casework.now, 9)) == 1  # what is owed is owed
