"""Neighbours with one request choose who books one appointment for all, and all hear what came of it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest

from locales import without_marks
from services.cases import duplicates
from services.privacy import data_export
from services.promises import outcomes
from services.promises.outcomes import NewPromise, Outcome, OutcomeKind, Party, Recorded
from services.staff.permissions import Person as StaffPerson
from services.streets import streets
from services.streets.streets import Street, Why
from services.unit_of_work import Work
from storage.ids import BookingId, OfficeId
from storage.records.cases import Case
from storage.records.residents import Resident
from storage.records.staff import Role
from tests.conversations.town import Person, Shown
from tests.conversations.whole_town import WholeTown, submitted
from tests.roles import give_role, on_telegram
from tests.services import by_staff

CAPITAL = OfficeId("capital")


@pytest.fixture
async def street(town: WholeTown) -> tuple[Case, list[Person]]:
    """Ali's request, which three neighbours have joined; the last of them reads Arabic."""
    people = [
        town.resident(str(number), name, language)
        for number, (name, language) in enumerate(
            [("Ali Hasan", "en"), ("Sara Saleh", "en"), ("Omar Nasser", "en"), ("Noor Isa", "ar")], 1
        )
    ]
    for one in people:
        await one.says("/start")
    case = await submitted(town, people[0])
    for one in people[1:]:
        await town.work(partial(_join, case=case, resident=await town.row(one)))
    return case, people


def sees(person: Person, part: str) -> Shown:
    for shown in reversed(person.messages):
        if part in without_marks(shown.text):
            return shown
    raise AssertionError(f"{part!r} is nowhere in {[without_marks(one.text) for one in person.messages[-4:]]}")


async def _join(work: Work, *, case: Case, resident: Resident) -> None:
    await duplicates.join(work, case.id, resident)


async def _offer(work: Work, *, case: Case, resident: Resident) -> Street | Why:
    return await streets.offer(work, case.id, resident)


async def offers(case: Case, person: Person) -> None:
    await person.says(f"/track {case.reference}")
    await person.taps("One appointment for all of us")
    await person.taps("I can go")


async def books(town: WholeTown, person: Person) -> None:
    await person.taps("Our appointment")
    await person.taps("Book it for all")
    await person.taps(town.day())
    await person.taps("09:15")
    for _ in range(4):
        labels = [label for row in person.buttons for label in row]
        if "Confirm" in labels:
            break
        if "Continue" in labels:
            await person.taps("Continue")
        else:
            await person.says("33998877")
    await person.taps("Confirm")


async def test_one_goes_for_all_and_all_get_the_promise_in_writing(
    town: WholeTown, street: tuple[Case, list[Person]]
) -> None:
    case, (ali, sara, omar, noor) = street
    await offers(case, sara)
    for one in (ali, omar):
        sees(one, "A neighbour offers to meet the municipality")
    sees(noor, "عرض أحد الجيران لقاء البلدية")
    await ali.taps("I agree that they go")
    sees(sara, "You speak for all who have request")
    await noor.taps("الانسحاب")
    await books(town, sara)
    booked = sees(ali, "A neighbour has booked an appointment")
    assert "09:15" in booked.text
    sees(omar, "A neighbour has booked an appointment")
    noor.does_not_see("حجز أحد الجيران موعداً")  # who left hears no more
    (row,) = await town.rows(
        "SELECT s.booking_id, k.case_id, b.resident_id FROM streets s JOIN bookings b ON b.id = s.booking_id "
        "JOIN booking_cases k ON k.booking_id = b.id"
    )
    assert row["case_id"] == case.id
    assert "من الجيران" in str([one.text for one in town.chats["-1001"]])  # the team's card

    async with town.database.transaction() as tx:
        await give_role(tx, on_telegram("9005", "Director"), CAPITAL, town.now, Role.DIRECTOR)
    booking = BookingId(int(str(row["booking_id"])))
    (slot,) = await town.rows(
        "SELECT t.starts_at FROM slots t JOIN bookings b ON b.slot_id = t.id WHERE b.id = :id", id=booking
    )
    town.now = datetime.fromisoformat(str(slot["starts_at"])) + timedelta(minutes=20)
    promise = NewPromise(what="A new drain", party=Party("lane:director"), due=town.now.date() + timedelta(days=14))

    async def met(work: Work) -> object:
        outcome = Outcome(kind=OutcomeKind.PROMISED, promise=promise)
        return await outcomes.record(work, StaffPerson("telegram", "9005", "Director"), booking, outcome, 0)

    assert isinstance(await town.work(met), Recorded)
    await town.by_day()
    for one in (ali, omar):
        told = sees(one, "Outcome of the meeting for all of you")
        assert "A new drain" in told.text
        assert "Until:" in told.text
    sees(sara, "Outcome of your meeting")
    for one in (ali, omar, noor, sara):
        for other in (ali, omar, noor, sara):
            if other is not one:
                assert other.name not in str([shown.text for shown in one.messages])


async def test_where_half_object_nobody_speaks_for_all_and_another_may_offer(
    town: WholeTown, street: tuple[Case, list[Person]]
) -> None:
    case, (ali, sara, omar, noor) = street
    await offers(case, sara)
    await omar.taps("I agree that they go")
    sees(sara, "You speak for all who have request")
    await ali.taps("I object")
    await noor.taps("أعترض")
    sees(sara, "Nobody speaks for all who have request")
    assert await town.rows("SELECT case_id FROM streets") == []
    stale = sees(omar, "A neighbour offers to meet").find("I object")
    assert stale is not None
    await offers(case, ali)
    await omar.taps_data(stale.data)
    sees(omar, "That offer is no more")
    assert await town.rows("SELECT voice FROM street_voices") == []


async def test_who_offers_and_withdraws_again_and_again_does_not_ring_at_all_doors_each_time(
    town: WholeTown, street: tuple[Case, list[Person]]
) -> None:
    case, (ali, sara, *_) = street
    await offers(case, sara)
    await sara.taps("I can no longer go")
    await sara.taps("I can go")
    sees(sara, "You can offer again for this request 1 day after your last offer.")
    assert sum("A neighbour offers to meet" in one.text for one in ali.messages) == 1
    await offers(case, ali)  # another may
    await ali.taps("I can no longer go")
    await town.wait(streets.NEXT_OFFER)
    await offers(case, sara)
    sees(sara, "We have asked the others")


async def test_of_two_who_offer_at_once_one_does_and_strangers_reach_nothing(
    town: WholeTown, street: tuple[Case, list[Person]]
) -> None:
    case, (ali, sara, *_) = street
    residents = [await town.row(one) for one in (ali, sara)]
    done = await asyncio.gather(*(town.desk.attempt(partial(_offer, case=case, resident=one)) for one in residents))
    assert sorted(str(one) for one in done if isinstance(one, Why)) == ["Why.TAKEN"]
    (row,) = await town.rows("SELECT offer FROM streets")
    stranger = town.resident("9", "Stranger")
    await stranger.says("/start")
    for route in ("street", "street_offer", "street_yes", "street_no", "street_leave", "street_end", "street_book"):
        await stranger.taps_data(f"do:{route}:{case.reference}.{row['offer']}:0")
        stranger.does_not_see("speaks for all")
        await stranger.taps_data(f"do:{route}:{case.reference}.99999999999999999999:0")
    assert await town.rows("SELECT voice FROM street_voices") == []


async def test_a_cancelled_appointment_is_told_and_can_be_booked_anew_and_who_is_erased_speaks_for_nobody(
    town: WholeTown, street: tuple[Case, list[Person]]
) -> None:
    case, (ali, sara, *_) = street
    await offers(case, sara)
    await ali.taps("I agree that they go")
    await books(town, sara)
    await sara.taps("Cancel")
    await sara.taps("The problem was solved")
    sees(ali, "The appointment about request")
    assert await town.rows("SELECT booking_id FROM streets") == [{"booking_id": None}]
    copy = await town.row(ali)
    exported = await town.work(lambda work: data_export.export(work, copy))
    assert [(one.reference, one.voice) for one in exported.streets] == [(case.reference, "agrees")]
    await sara.says("/forget")
    await sara.taps("Yes, erase everything")
    sees(ali, "Nobody speaks for all who have request")
    assert await town.rows("SELECT case_id FROM streets") == []


async def test_where_one_of_the_others_is_erased_those_who_remain_decide(
    town: WholeTown, street: tuple[Case, list[Person]]
) -> None:
    case, (ali, sara, omar, noor) = street
    await offers(case, sara)
    await omar.taps("I agree that they go")
    await ali.taps("I object")
    sara.does_not_see("Nobody speaks for all")  # one of three
    await omar.says("/forget")
    await omar.taps("Yes, erase everything")
    sees(sara, "Nobody speaks for all who have request")  # one of two
    sees(noor, case.reference)
    assert await town.rows("SELECT case_id FROM streets") == []


@pytest.mark.parametrize("kept", ["merged", "main"])
async def test_a_request_that_is_joined_with_another_takes_its_offer_along_unless_that_one_is_further(
    town: WholeTown, street: tuple[Case, list[Person]], kept: str
) -> None:
    case, (ali, sara, omar, _) = street
    other = town.resident("7", "Huda Salman")
    await other.says("/start")
    main = await submitted(town, other)
    zainab = town.resident("8", "Zainab Ali")
    await zainab.says("/start")
    await town.work(partial(_join, case=main, resident=await town.row(zainab)))
    await offers(case, sara)
    await omar.taps("I agree that they go")
    old = sees(omar, "A neighbour speaks for all")
    if kept == "main":
        await offers(main, zainab)
        await other.taps("I agree that they go")
        await books(town, zainab)
    async with town.database.transaction() as tx:
        await give_role(tx, on_telegram("9001", "Huda"), CAPITAL, town.now, Role.AGENT)

    joined = await town.work(partial(by_staff.mark_duplicate, case=case.id, actor="staff:9001", of=main.reference))
    assert isinstance(joined, Case), joined

    told = sees(other if kept == "merged" else ali, "A neighbour speaks for all who have request")
    assert main.reference in without_marks(told.text)
    (row,) = await town.rows("SELECT case_id, resident_id, booking_id IS NOT NULL AS booked FROM streets")
    speaks = sara if kept == "merged" else zainab
    assert (row["case_id"], row["resident_id"]) == (main.id, (await town.row(speaks)).id)
    assert bool(row["booked"]) is (kept == "main")
    voices = {int(str(one["resident_id"])): one["voice"] for one in await town.rows("SELECT * FROM street_voices")}
    assert voices == {(await town.row(omar if kept == "merged" else other)).id: "agrees"}
    if kept == "main":
        sees(ali, "A neighbour has booked an appointment about request")
        return
    objects = old.find("I object")
    assert objects is not None
    await omar.taps_data(objects.data)  # a button from before: it is the same offer
    sees(omar, "You object")
    await sara.says(f"/track {case.reference}")
    await sara.taps_data(f"do:street:{case.reference}:0")
    assert main.reference in without_marks(sees(sara, "residents have this request").text)
