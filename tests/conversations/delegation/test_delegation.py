"""A resident acts for a parent or a neighbour who has agreed: from the question to the end of it."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta

import pytest

from locales import without_marks
from services.delegations import delegations
from services.delegations.delegations import Delegation, Unusable
from services.incidents import telling
from services.privacy import data_export
from storage import incident_news, incidents
from storage.ids import CategoryId
from storage.incident_news import NewsKind
from storage.incidents import NewIncident
from storage.records.bookings import BookingStatus
from storage.records.staff import Role
from storage.translations import Translations
from tests.conversations.delegation.acting import (
    CAPITAL,
    GROUP,
    agreed,
    asks,
    asks_by_phone,
    book,
    complain,
    complains_for_her,
    rows,
    sees,
    taps_verb,
)
from tests.conversations.staff_town import Colleague
from tests.conversations.town import Person
from tests.conversations.whole_town import WholeTown, booked, submitted
from tests.roles import give_role, on_telegram

# ---------------------------------------------------------------------------- agreeing


async def test_the_other_agrees_by_a_link_that_works_once(town: WholeTown, sara: Person, noor: Person) -> None:
    link = await asks(sara)
    await sara.says(f"/start {link}")
    sees(sara, "This is you")
    await noor.says(f"/start {link}")
    asked = sees(noor, "Sara Ali")
    assert [[button[0]] for button in asked.buttons] == [["✅ أوافق"], ["عدم الموافقة"], ["القائمة الرئيسية"]]
    await noor.taps("أوافق")
    sees(sara, "agrees that you act for them")
    stranger = town.resident("3", "Stranger")
    await stranger.says(f"/start {link}")
    sees(stranger, "has been used or has expired")
    await stranger.says("/start for_" + "a" * 26)
    sees(stranger, "has been used or has expired")
    (row,) = await rows(town, "SELECT state, code, decided_by FROM delegations")
    assert (row["state"], row["code"]) == ("active", None)


async def test_a_link_that_nobody_opened_in_time_and_one_that_was_refused_do_nothing(
    town: WholeTown, sara: Person, noor: Person
) -> None:
    late = await asks(sara)
    await town.wait(timedelta(hours=49))
    await noor.says(f"/start {late}")
    sees(noor, "انتهت مدته")
    refused = await asks(sara)
    await noor.says(f"/start {refused}")
    await noor.taps("عدم الموافقة")
    sees(sara, "does not agree that you act for them")
    assert {row["state"] for row in await rows(town, "SELECT state FROM delegations")} == {"asked", "refused"}


async def test_of_two_who_confirm_at_once_one_is_acted_for(town: WholeTown, sara: Person, noor: Person) -> None:
    other = town.resident("3", "Other")
    await other.says("/start")
    code = (await asks(sara)).removeprefix("for_")

    async def answers(person: Person) -> Delegation | Unusable:
        resident = await town.row(person)
        return await town.desk.attempt(lambda work: delegations.answer(work, resident, code, agrees=True))

    outcomes = await asyncio.gather(answers(noor), answers(other))
    assert sum(isinstance(one, Delegation) for one in outcomes) == 1
    assert Unusable.UNKNOWN in outcomes


async def test_a_member_of_staff_who_wants_to_act_for_somebody_does_not_record_that_they_agree(
    town: WholeTown, huda: Colleague
) -> None:
    as_resident = Person(town, huda.address, "Huda", "en")
    await as_resident.says("/start")
    await asks_by_phone(as_resident)
    await taps_verb(huda, "for_yes")
    await taps_verb(huda, "for_record")
    assert "A colleague must call and record the answer" in town.toasts[huda.address]
    assert await rows(town, "SELECT state FROM delegations") == [{"state": "asked"}]
    async with town.database.transaction() as tx:
        await give_role(tx, on_telegram("9002", "Yusuf"), CAPITAL, town.now, Role.AGENT)
    yusuf = Colleague(town, "9002", "Yusuf", "en", GROUP)  # type: ignore[arg-type]
    await taps_verb(yusuf, "for_record")
    assert await rows(town, "SELECT state FROM delegations") == [{"state": "active"}]


# ---------------------------------------------------------------------------- acting


async def test_what_a_delegate_files_is_the_others_and_both_follow_it(
    town: WholeTown, sara: Person, noor: Person
) -> None:
    await agreed(sara, noor)
    reference = await complains_for_her(sara)
    (case,) = await rows(town, "SELECT resident_id, reference FROM cases")
    assert case == {"resident_id": (await town.row(noor)).id, "reference": reference}
    sees(noor, reference)
    assert "Noor Hasan" not in str([shown.text for shown in town.chats[GROUP]])
    card = next(shown for shown in town.chats[GROUP] if reference in shown.text)
    assert "قُدّم بالإنابة" in card.text

    huda = Colleague(town, "9001", "Huda", "en", GROUP)  # type: ignore[arg-type]
    async with town.database.transaction() as tx:
        await give_role(tx, on_telegram("9001", "Huda"), CAPITAL, town.now, Role.AGENT)
    ask = next(one for row in card.message.rows for one in row if one.data.startswith("desk:ask:"))
    await huda.taps_data(ask.data, card.number)
    await huda.says("Which lamp?", reply_to=huda.last.number)
    await huda.taps("Send")
    await town.wait(timedelta(minutes=3))
    asked = sees(sara, "Which lamp?")
    assert "For My mother" in without_marks(asked.text)
    await sara.taps_data(f"do:for:1.case.{reference}:0")
    assert "The municipality asks" in sara.last.text
    noticed = await rows(town, "SELECT resident_id FROM asked_lately WHERE what LIKE 'case_question:%'")
    assert (await town.row(noor)).id not in {row["resident_id"] for row in noticed}  # it was not she who saw it
    await sara.taps("Reply to question")
    await sara.says("The one at number 5")
    (answer,) = await rows(town, "SELECT words, actor FROM case_events WHERE words LIKE '%number 5%'")
    assert answer["actor"] == f"resident:{(await town.row(noor)).id}"
    acts = await rows(town, "SELECT actor, detail FROM audit WHERE action = 'delegation.act' ORDER BY id")
    assert acts[0] == {"actor": f"resident:{(await town.row(sara)).id}", "detail": "filed"}

    await sara.says("/menu")
    await sara.taps("More")
    await sara.taps("Act for someone else")
    await sara.taps("👤 For")
    await sara.taps(reference)
    await sara.taps("Withdraw")
    await sara.taps("Withdraw it")
    assert (await rows(town, "SELECT status FROM cases"))[0]["status"] == "withdrawn"
    sees(noor, "تم تغيير الطلب")


async def test_a_delegate_reaches_nothing_that_the_other_did_themselves(
    town: WholeTown, sara: Person, noor: Person
) -> None:
    await agreed(sara, noor)
    hers = await submitted(town, noor, "My own matter")
    appointment = await booked(town, noor)
    (row,) = await rows(town, "SELECT id FROM delegations")
    for route, reference in (
        ("case", hers.reference),
        ("withdraw", hers.reference),
        ("case", hers.reference.replace("-", "")),
        ("attend", appointment.reference),
        ("cancel", appointment.reference.lower().replace("-", "")),
        ("rate", f"{hers.reference}.5"),
        ("ics", appointment.reference),
        ("nonsense", ""),
        ("requests", ""),
    ):
        await sara.taps_data(f"do:for:{row['id']}.{route}.{reference}:0")
        sees(sara, "You cannot act for this person")
        sara.does_not_see("My own matter")
    stranger = town.resident("3", "Stranger")
    await stranger.says("/start")
    await stranger.taps_data(f"do:for_person:{row['id']}:0")
    sees(stranger, "You cannot act for this person")
    await stranger.taps_data(f"do:for:{row['id']}.complain.capital:0")
    assert len(await rows(town, "SELECT id FROM cases")) == 1
    assert (await rows(town, "SELECT status FROM bookings"))[0]["status"] == BookingStatus.CONFIRMED


async def test_a_seat_is_bound_to_the_person_acted_for(town: WholeTown, sara: Person, noor: Person) -> None:
    await agreed(sara, noor)
    await booked(town, sara, phone="+97333123456")  # her own does not count
    await book(sara, "09:30")
    mine, hers = await rows(
        town, "SELECT resident_id, phone, sole FROM bookings WHERE status = 'confirmed' ORDER BY id"
    )
    assert hers["resident_id"] == (await town.row(noor)).id
    assert mine["resident_id"] == (await town.row(sara)).id
    sees(noor, "تم حجز الموعد")
    await sara.says("/menu")
    await sara.taps("More")
    await sara.taps("Act for someone else")
    await sara.taps("👤 For")
    await sara.taps("Book an appointment")
    await sara.taps("Capital")
    await sara.taps(town.day())
    await sara.taps("09:45")
    sees(sara, "You already have an appointment on that day")
    await sara.taps("View appointment")
    assert "For My" in without_marks(sara.last.text)
    await sara.taps("Cancel")
    await sara.taps("The problem was solved")
    statuses = await rows(town, "SELECT status FROM bookings WHERE resident_id <> 1 ORDER BY id")
    assert BookingStatus.CANCELLED_BY_RESIDENT in {row["status"] for row in statuses}
    sees(noor, "تم تغيير الموعد")


async def test_a_delegate_of_somebody_without_telegram_hears_what_they_cannot(
    town: WholeTown, sara: Person, huda: Colleague
) -> None:
    await asks_by_phone(sara)
    await taps_verb(huda, "for_yes")
    await taps_verb(huda, "for_record")
    reference = await complains_for_her(sara)
    card = next(shown for shown in town.chats[GROUP] if reference in shown.text)
    reply = next(one for row in card.message.rows for one in row if one.data.startswith("desk:ask:"))
    await huda.taps_data(reply.data, card.number)
    await huda.says("Which lamp?", reply_to=huda.last.number)
    await huda.taps("Send")
    sees(sara, "Which lamp?")
    await huda.says(f"/undo {reference}")
    sees(sara, "ignore")  # she had read it, though the other never could


async def test_a_delegate_hears_that_what_they_filed_was_closed_with_an_incident_and_says_that_it_is_still_there(
    town: WholeTown, sara: Person, huda: Colleague
) -> None:
    async with town.database.transaction() as tx:
        opened = await incidents.add(tx, flood_of(CategoryId("bins"), town.now))
        await incidents.add_area(tx, opened, CategoryId("bins"), CAPITAL)
    await asks_by_phone(sara)
    await taps_verb(huda, "for_yes")
    await taps_verb(huda, "for_record")
    await complains_for_her(sara)
    done = Translations({"en": "All bins are empty", "ar": "أُفرغت الحاويات"})
    async with town.database.transaction() as tx:
        await incident_news.add(tx, opened.id, NewsKind.CLOSE, done, by="staff:1", at=town.now, starts_at=town.now)
    await town.work(lambda work: telling.run_due(work, 9))

    said = sees(sara, "All bins are empty")
    assert "For My father" in without_marks(said.text)
    await sara.taps("Still here")
    assert (await rows(town, "SELECT status FROM cases"))[0]["status"] == "reopened"


def flood_of(category: CategoryId, now: datetime) -> NewIncident:
    return NewIncident(
        categories=(category,),
        offices=(CAPITAL,),
        blocks=(),
        circles=(),
        texts=Translations({"en": "We know"}),
        since=now,
        opened_at=now,
        opened_by="staff:1",
        ends_at=now + timedelta(days=1),
        remind_at=None,
        show_at=None,
    )


# ---------------------------------------------------------------------------- on the phone


async def test_an_office_that_was_closed_meanwhile_is_not_asked_to_call(
    town: WholeTown, sara: Person, huda: Colleague
) -> None:
    await sara.says("/menu")
    for tap in ("More", "Act for someone else", "Ask someone"):
        await sara.taps(tap)
    await sara.says("My father")
    await sara.taps("They have no Telegram")
    await sara.taps("Capital")
    closed = town.offices.offices_by_id[CAPITAL].model_copy(update={"retired": True})
    offices = town.offices.offices_by_id | {CAPITAL: closed}
    town.desk.offices = town.offices = town.offices.model_copy(update={"offices_by_id": offices})

    await sara.says("33445566")

    sees(sara, "That office takes nothing new now")
    assert await rows(town, "SELECT * FROM delegations") == []
    assert sara.last.find("Capital") is None
    assert sara.last.find("Muharraq")


async def test_staff_call_and_record_the_word_in_two_taps(town: WholeTown, sara: Person, huda: Colleague) -> None:
    await asks_by_phone(sara)
    council = Colleague(town, "9004", "Council", "en", GROUP)  # type: ignore[arg-type]
    async with town.database.transaction() as tx:
        await give_role(tx, on_telegram("9004", "Council"), CAPITAL, town.now, Role.COUNCIL)
    assert "My father" not in str([shown.text for shown in town.chats[GROUP]])
    for verb in ("for_contact", "for_yes"):
        await taps_verb(council, verb)
    assert (await rows(town, "SELECT state FROM delegations"))[0]["state"] == "asked"
    council.does_not_see("My father")

    await taps_verb(huda, "for_contact")
    assert "33445566" in without_marks(sees(huda, "My father").text).replace(" ", "")
    council.does_not_see("My father")
    await taps_verb(huda, "for_yes")
    assert (await rows(town, "SELECT state FROM delegations"))[0]["state"] == "asked"
    forged = next(one for one in huda.last.message.rows[0]).data
    await taps_verb(council, "for_record")
    await taps_verb(huda, "for_record")
    await huda.taps_data(forged)
    assert huda.toast == "This has already been done."
    (row,) = await rows(town, "SELECT state, decided_by, principal_id FROM delegations")
    assert (row["state"], row["decided_by"]) == ("active", "staff:9001")
    audit = await rows(
        town, "SELECT actor, action FROM audit WHERE action LIKE '%delegation%' OR action LIKE 'denied%'"
    )
    assert {(str(one["actor"]), str(one["action"])) for one in audit} >= {
        ("staff:9001", "delegation.contact"),
        ("staff:9001", "delegation.active"),
        ("staff:9004", "denied.see_contact"),
        ("staff:9004", "denied.intake"),
    }
    sees(sara, "agrees that you act for them")
    await sara.taps("👤 For")
    await sara.taps("Submit a complaint")
    await sara.taps("Capital")
    await complain(sara, "With my name")
    (case,) = await rows(town, "SELECT resident_id FROM cases")
    assert case["resident_id"] == row["principal_id"]

    await taps_verb(council, "for_stop")  # the first tap only asks; he calls, and Huda ends it
    await taps_verb(council, "for_stop")
    assert (await rows(town, "SELECT state FROM delegations"))[0]["state"] == "active"
    await taps_verb(huda, "for_stop")
    await taps_verb(huda, "for_stop")
    (ended,) = await rows(town, "SELECT state, ended_by FROM delegations")
    assert (ended["state"], ended["ended_by"]) == ("ended", "staff:9001")
    sees(sara, "the agreement has ended")


async def test_the_owner_of_a_number_hears_what_was_recorded_and_ends_it(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague
) -> None:
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET phone = '+97333445566', phone_own = TRUE WHERE address = '2'")
    await asks_by_phone(sara)
    await taps_verb(huda, "for_yes")
    await taps_verb(huda, "for_record")
    sees(noor, "سجلت الجهة موافقتكم")
    await noor.taps("من ينوب عنكم")
    await noor.taps("إنهاء الإنابة:")
    await noor.taps("نعم، إنهاء")
    sees(sara, "the agreement has ended")
    await sara.taps_data("do:for_person:1:0")
    sees(sara, "You cannot act for this person")


# ---------------------------------------------------------------------------- the end of it


async def test_a_delegate_ends_it_in_the_middle_and_nothing_is_filed(
    town: WholeTown, sara: Person, noor: Person
) -> None:
    await agreed(sara, noor)
    await sara.taps("👤 For")
    await sara.taps("Submit a complaint")
    await sara.taps("Capital")
    await sara.taps("Bins")
    await noor.says("/menu")
    await noor.taps_data("do:for_end:1:0")
    await noor.taps("نعم، إنهاء")
    await sara.says("The bins overflow")
    sees(sara, "You cannot act for this person")
    assert await rows(town, "SELECT id FROM cases") == []


@pytest.mark.parametrize("side", ["delegate", "other"])
async def test_to_forget_either_side_ends_it_and_the_data_says_so_before(
    town: WholeTown, sara: Person, noor: Person, side: str
) -> None:
    await agreed(sara, noor)
    goes, stays = (sara, noor) if side == "delegate" else (noor, sara)
    resident = await town.row(goes)
    copy = json.loads((await town.work(lambda work: data_export.export(work, resident))).to_json())
    assert [(one["acts_for_another"], one["name"]) for one in copy["delegations"]] == [
        (True, "My mother") if side == "delegate" else (False, "Sara Ali")
    ]
    await goes.says("/forget")
    await goes.taps("Yes, erase everything" if side == "delegate" else "نعم")
    assert await rows(town, "SELECT id FROM delegations") == []
    sees(stays, "ولم يعد ينوب عنكم" if side == "delegate" else "You no longer act for My mother")


async def test_who_is_erased_is_not_called_and_asked_any_more(
    town: WholeTown, sara: Person, noor: Person, huda: Colleague
) -> None:
    async with town.database.transaction() as tx:
        await tx.run("UPDATE residents SET phone = '+97333445566', phone_own = TRUE WHERE address = '2'")
    await asks_by_phone(sara)
    await noor.says("/forget")
    await noor.taps("نعم")
    assert await rows(town, "SELECT name, phone FROM delegations") == []
    sees(sara, "could not be asked")
    await taps_verb(huda, "for_yes")
    assert await rows(town, "SELECT id FROM delegations") == []
