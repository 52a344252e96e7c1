"""The living card in the group: what it shows, what its buttons do, for whom, and what two at once see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from conversations.engine.messages import Incoming, Kind, Sender
from locales import clean
from services.bookings import bookings
from services.cases.actions import Action
from services.cases.resident_actions import CaseKind, NewCase, add_information, reopen, submit
from services.cases.workflow import NotAllowed
from services.privacy import erasure
from services.residents import is_barred
from services.staff import permissions
from storage import cards, outbox, residents
from storage.ids import CategoryId, ChatId, MessageId, OfficeId, UpdateId
from storage.records.cases import Case, CaseStatus
from storage.records.outbox import OutboxKind
from storage.records.residents import Resident
from storage.records.staff import Role
from tests.conversations.staff_town import CAPITAL, Colleague, DeskTown, is_refusal
from tests.conversations.town import STAFF_CHATS, Shown
from tests.instants import SUNDAY
from tests.known import by_address, known
from tests.services import by_staff

MUHARRAQ = OfficeId("muharraq")


@pytest.fixture
async def case(town: DeskTown) -> Case:
    return await town.case_of(await town.living())


def card(town: DeskTown, case: Case, chat: str = STAFF_CHATS[CAPITAL]) -> Shown:
    """The one card of a case in a chat."""
    return next(shown for shown in town.chats[chat] if case.reference in shown.text and shown.text[:3].strip())


async def presses(who: Colleague, shown: Shown, *labels: str) -> None:
    """Tap one button after the other of the same message."""
    for label in labels:
        now = next(one for one in who.messages if one.number == shown.number)
        choice = known(now.find(label))
        await who.taps_data(choice.data, shown.number)


async def audited(town: DeskTown, action: str) -> list[str]:
    async with town.database.transaction() as tx:
        rows = await tx.all("SELECT actor FROM audit WHERE action = :action ORDER BY id", action=action)
    return [str(row["actor"]) for row in rows]


# ---------------------------------------------------------------------------- showing


async def test_a_new_case_has_one_card_that_names_nobody(town: DeskTown, case: Case) -> None:
    [shown] = [one for one in town.chats[STAFF_CHATS[CAPITAL]] if case.reference in one.text]
    assert "The bins overflow" in shown.text
    assert "بلا مسؤول" in shown.text
    assert "Fatima" not in shown.text
    async with town.database.transaction() as tx:
        assert known(await cards.of(tx, case.id, CAPITAL)).message == shown.number


async def test_what_happens_is_shown_by_the_same_card(town: DeskTown, case: Case) -> None:
    before = card(town, case)
    await presses(town.huda, before, "استلام المهمة")
    after = card(town, case)
    assert after.number == before.number
    assert "Huda" in after.text
    assert after.find("استلام المهمة") is None
    assert sum(case.reference in one.text for one in town.huda.messages) == 1
    assert town.huda.toast == "This request is now assigned to you"


async def test_what_the_resident_adds_is_on_the_card_and_below_it(town: DeskTown, case: Case) -> None:
    fatima = await town.living()
    before = card(town, case)
    await fatima.says("/track " + case.reference)
    await fatima.taps("Add information")
    await fatima.says("Rats were seen")
    assert "Rats were seen" in next(one for one in town.huda.messages if one.number == before.number).text
    below = [one for one in town.huda.messages if one.message.reply_to == before.number]
    assert any("Rats were seen" in one.text for one in below)


async def test_many_at_once_become_one_message_and_none_is_lost(town: DeskTown) -> None:
    async with town.database.transaction() as tx:
        work = town.desk.work(tx)
        for number in range(30):
            await residents.add(tx, "telegram", f"2{number:03}", "R", "ar", town.now)
        for number in range(30):
            who = known(await by_address(tx, "telegram", f"2{number:03}"))
            new = NewCase(
                kind=CaseKind.COMPLAINT, category=CategoryId("bins"), office=CAPITAL, words=f"Bin {number}", name="R"
            )
            assert isinstance(await submit(work, who, new), Case)
    await town.deliver()
    await town.wait(timedelta(seconds=20))

    group = town.chats[STAFF_CHATS[CAPITAL]]
    digests = [one for one in group if "طلب" in one.text and one.find("فتح قائمة الطلبات") is not None]
    shown = [one for one in group if "Bin " in one.text]
    assert len(shown) == 8
    [digest] = digests
    assert "22" in digest.text
    await presses(town.huda, digest, "فتح قائمة الطلبات")
    assert "30" in town.huda.last.text


async def test_what_changes_nothing_on_the_card_is_no_edit_of_it(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    await town.work(lambda work: by_staff.note(work, case.id, "staff:9001", "Ask the contractor"))
    rows = await town.rows("SELECT id FROM outbox WHERE kind = 'message' AND supersedes LIKE 'card:%'")
    assert len(rows) == 1
    assert card(town, case).number == shown.number


# ---------------------------------------------------------------------------- two at once, and those who may not


async def test_of_two_who_claim_one_has_it_and_the_other_learns_who(town: DeskTown, case: Case) -> None:
    claim = known(card(town, case).find("استلام المهمة")).data
    number = card(town, case).number
    await town.yusuf.taps_data(claim, number)
    await town.huda.taps_data(claim, number)
    assert (await town.again(case)).owner == "staff:9002"
    assert town.yusuf.toast == "تم إسناد الطلب إليكم"
    assert "Yusuf" in town.huda.toast
    assert "has already taken this request" in town.huda.toast
    assert "has already taken this request" in town.huda.last.text
    town.yusuf.does_not_see("has already taken this request")
    await town.wait(timedelta(minutes=11))
    town.huda.does_not_see("has already taken this request")


async def test_who_taps_an_older_card_is_not_told_that_its_owner_was_first(town: DeskTown, case: Case) -> None:
    await presses(town.huda, card(town, case), "استلام المهمة")
    shown = card(town, case)
    await presses(town.huda, shown, "المزيد", "الأولوية")
    old = known(card(town, case).find("عاجلة")).data
    now = await town.again(case)
    await town.work(
        lambda work: by_staff.by(work, town.maryam.person, Action.PRIORITY, case.id, "1", version=now.version)
    )
    await town.huda.taps_data(old, shown.number)
    assert town.huda.toast == "The card has changed. Check it and try again."
    assert (await town.again(case)).priority == 1
    assert card(town, case).find("عاجلة") is None  # the card is shown anew
    assert card(town, case).find("المزيد") is not None


@pytest.mark.parametrize("who", ["stranger", "council"])
async def test_who_may_not_changes_nothing_and_is_written_down(town: DeskTown, case: Case, who: str) -> None:
    somebody = getattr(town, who)
    shown = card(town, case)
    for label in ("استلام المهمة", "رد رسمي", "الحالة"):
        await somebody.taps_data(known(shown.find(label)).data, shown.number)
        assert is_refusal(somebody.toast) or somebody.toast == "لا توجد لديكم صلاحية لذلك"
    assert await town.again(case) == case
    assert len([actor for actor in await audited(town, "denied.claim") if actor == f"staff:{somebody.address}"]) == 1


@pytest.mark.parametrize(
    "data",
    [
        "desk:claim:999999:1:",
        "desk:claim:-1:1:",
        "desk:claim:x:1:",
        "desk:claim",
        "desk:drop:1:1:",
        "desk::::",
        "desk:priority:1:1:99",
        "desk:transfer:1:1:nowhere",
        "desk:refer:1:1:nobody",
        "desk:assign:1:1:9666",
        "desk:menu:1:1:nothing",
        "desk:claim:99999999999999999999999:1:",
        "do:case:C-7K3M-2QX:0",
        "x",
    ],
)
async def test_forged_buttons_do_nothing(town: DeskTown, case: Case, data: str) -> None:
    for somebody in (town.maryam, town.stranger):
        await somebody.taps_data(data, card(town, case).number)
    assert (await town.again(case)).model_dump(exclude={"updated_at"}) == case.model_dump(exclude={"updated_at"})


async def test_a_right_that_ended_has_ended(town: DeskTown, case: Case) -> None:
    await town.work(lambda work: permissions.revoke(work, town.admin.person, "9001", CAPITAL))
    await presses(town.huda, card(town, case), "استلام المهمة")
    assert is_refusal(town.huda.toast)
    assert (await town.again(case)).owner == ""


async def test_a_menu_of_an_older_card_shows_the_card_as_it_is(town: DeskTown, case: Case) -> None:
    old = known(card(town, case).find("الحالة")).data
    await town.work(lambda work: by_staff.start_work(work, case.id, "staff:9002"))
    await town.huda.taps_data(old, card(town, case).number)
    assert town.huda.toast == "The card has changed. Check it and try again."
    assert "قيد التنفيذ" in card(town, case).text


# ---------------------------------------------------------------------------- the other buttons


async def test_a_manager_assigns_and_an_agent_may_not(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    await presses(town.maryam, shown, "المزيد", "إسناد", "Yusuf")
    assert (await town.again(case)).owner == "staff:9002"
    await presses(town.huda, card(town, case), "إسناد")
    assert is_refusal(town.huda.toast)


async def test_menus_open_and_close_in_place(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    for menu in (("المزيد",), ("الحالة",), ("المزيد", "الأولوية"), ("المزيد", "إحالة"), ("الحالة", "الفئة")):
        await presses(town.maryam, shown, *menu, "رجوع")
        now = next(one for one in town.maryam.messages if one.number == shown.number)
        assert now.find("استلام المهمة") is not None
        assert now.text == shown.text


async def test_priority_and_work_begun(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    await presses(town.huda, shown, "المزيد", "الأولوية", "عاجلة")
    assert (await town.again(case)).priority == 2
    assert "عاجلة" in card(town, case).text
    await presses(town.huda, card(town, case), "الحالة", "بدء العمل")
    assert (await town.again(case)).status is CaseStatus.IN_PROGRESS


async def test_an_escalation_calls_the_managers_below_the_card(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    await presses(town.huda, shown, "المزيد", "تصعيد")
    below = [one for one in town.huda.messages if one.message.reply_to == shown.number]
    assert "tg://user?id=9003" in below[-1].message.text


async def test_the_contact_is_shown_on_a_press_written_down_and_gone_after_ten_minutes(
    town: DeskTown, case: Case
) -> None:
    await presses(town.huda, card(town, case), "المزيد", "بيانات التواصل")
    assert any("Fatima Ali" in one.text for one in town.huda.messages)
    town.yusuf.does_not_see("Fatima Ali")
    assert await audited(town, "case.contact") == ["staff:9001"]
    await town.wait(timedelta(minutes=9))
    assert any("Fatima Ali" in one.text for one in town.huda.messages)
    await town.wait(timedelta(minutes=1, seconds=1))
    assert not any("Fatima" in one.text for one in town.huda.messages)


async def test_a_duplicate_is_named_by_command_and_its_followers_move(town: DeskTown, case: Case) -> None:
    ali = await town.living("1002", "Ali")
    later = await town.case_of(ali)
    await town.huda.says(f"/duplicate {case.reference}", reply_to=card(town, later).number)
    await town.huda.taps("✅ Merge them")
    assert (await town.again(later)).duplicate_of == case.id
    await town.huda.says("/duplicate nonsense", reply_to=card(town, case).number)
    assert "/duplicate" in town.huda.last.text


async def test_abuse_closes_it_and_bars_the_sender_who_is_told_why(town: DeskTown, case: Case) -> None:
    fatima = await town.living()
    await presses(town.huda, card(town, case), "المزيد", "إساءة")
    assert is_refusal(town.huda.toast)
    await presses(town.maryam, card(town, case), "إساءة", "إغلاق الطلب")
    assert (await town.again(case)).status is CaseStatus.REJECTED
    async with town.database.transaction() as tx:
        resident = known(await by_address(tx, "telegram", fatima.address))
    assert is_barred(resident, town.now)
    assert "misused" in fatima.last.text
    assert fatima.buttons == [], "what is barred is not offered to be opened again"
    await fatima.taps_data(f"do:reopen:{case.reference}:", fatima.last.number)
    fatima.sees("Sorry, you cannot book appointments or send")
    async with town.database.transaction() as tx:
        reopened = await reopen(town.desk.work(tx), case.reference, resident, "Again")
    assert reopened == NotAllowed(CaseStatus.REJECTED)


# ---------------------------------------------------------------------------- where it may be shown


async def test_whose_case_it_is_is_not_shown_where_another_office_reads_along(town: DeskTown, case: Case) -> None:
    await town.joins(town.huda, Role.AGENT, MUHARRAQ)
    await presses(town.maryam, card(town, case), "المزيد", "تحويل", "المحرق")
    await town.maryam.taps("✅ Transfer it")
    assert (await town.again(case)).office == MUHARRAQ
    left = card(town, case)  # what the capital's group keeps of it
    for verb in ("contact", "history", "menu"):
        await town.huda.taps_data(f"desk:{verb}:{case.id}:0:main", left.number)
        assert is_refusal(town.huda.toast)
    assert card(town, case).text == left.text
    assert await audited(town, "case.contact") == []


async def test_what_is_owed_about_a_case_that_was_transferred_goes_to_whoever_has_it(
    town: DeskTown, case: Case
) -> None:
    await town.joins(town.maryam, Role.MANAGER, MUHARRAQ)
    fatima = known(await _resident(town, "1001"))
    async with town.database.transaction() as tx:  # at one moment: nothing was put into words in between
        work = town.desk.work(tx)
        await add_information(work, case.reference, fatima, "Rats were seen")
        moved = await by_staff.transfer(work, case.id, town.maryam.person.actor, MUHARRAQ, "")
        assert isinstance(moved, Case)
    before = len(town.huda.messages)
    await town.deliver()
    below = [one for one in town.huda.messages[before:] if "Rats were seen" in one.text]
    assert below == []
    theirs = [one for one in town.chats[STAFF_CHATS[MUHARRAQ]] if one.message.reply_to is not None]
    assert any("Rats were seen" in one.text for one in theirs)


async def test_photos_do_not_come_to_a_group_whose_office_gave_the_case_away(town: DeskTown, case: Case) -> None:
    fatima = await town.living()
    await fatima.says("/track " + case.reference)
    await fatima.taps("Add information")
    await fatima.sends(caption="See for yourselves")
    async with town.database.transaction() as tx:
        await by_staff.transfer(town.desk.work(tx), case.id, town.maryam.person.actor, MUHARRAQ, "")
    await town.settle_files()
    await town.wait(timedelta(minutes=1))
    assert not any(one.message.files for one in town.chats[STAFF_CHATS[CAPITAL]])
    assert any(one.message.files for one in town.chats[STAFF_CHATS[MUHARRAQ]])


async def test_a_card_that_was_asked_for_is_the_living_one_also_while_it_is_on_its_way(
    town: DeskTown, case: Case
) -> None:
    old = card(town, case)
    said = Incoming(
        update_id=UpdateId("900"),
        at=town.now,
        kind=Kind.COMMAND,
        chat=town.huda.chat,
        group=True,
        message=MessageId("77"),
        sender=Sender(address=town.huda.address, name="Huda", language="en"),
        command="case",
        argument=case.reference,
        text=f"/case {case.reference}",
    )
    await town.inbox.receive(said)  # nothing was sent yet
    async with town.database.transaction() as tx:
        assert isinstance(await by_staff.take_up(town.desk.work(tx), case.id, town.huda.person.actor), Case)
    async with town.database.transaction() as tx:
        notices = [row for row in await outbox.due(tx, town.now, 50) if row.kind is OutboxKind.NOTICE]
    for row in notices:  # put into words before what waits for its turn in the group goes out
        await town.wording.word(row, lambda message: (message,))
    await town.deliver()
    await town.wait(timedelta(minutes=1))
    now = await town.card(case)
    assert now.number != old.number
    assert "Huda" in now.text


async def _resident(town: DeskTown, address: str) -> Resident | None:
    async with town.database.transaction() as tx:
        return await by_address(tx, "telegram", address)


# ---------------------------------------------------------------------------- what stays of whom


async def test_what_was_shown_stays_in_no_row(town: DeskTown, case: Case) -> None:
    await presses(town.huda, card(town, case), "المزيد", "بيانات التواصل")
    await town.huda.says("/queue")
    await town.huda.taps("All open requests")
    assert any("Fatima" in one.text for one in town.huda.messages)
    kept = await town.rows("SELECT payload FROM outbox WHERE kind = 'message'")
    assert [row for row in kept if "bins overflow" in str(row["payload"]) or "Fatima" in str(row["payload"])] == []


async def test_who_is_forgotten_leaves_the_cards_of_what_ended_too(town: DeskTown, case: Case) -> None:
    fatima = known(await _resident(town, "1001"))
    other = await town.case_of(await town.living(), "The park is dark")
    await town.work(lambda work: by_staff.reject(work, case.id, town.huda.person.actor, "A private plot, Fatima"))
    assert "The bins overflow" in card(town, case).text
    await town.work(lambda work: erasure.forget(work, fatima, town.now, bookings.cancel))
    assert "The bins overflow" not in card(town, case).text
    assert "The park is dark" in card(town, other).text  # it goes on
    assert len([one for one in town.huda.messages if case.reference in one.text and one.buttons]) == 1


async def test_a_card_that_was_never_shown_is_not_shown_to_be_empty(town: DeskTown, case: Case) -> None:
    fatima = known(await _resident(town, "1001"))
    async with town.database.transaction() as tx:
        work = town.desk.work(tx)
        await by_staff.reject(work, case.id, town.huda.person.actor, "A private plot")
        cards.lift(tx, case.id, CAPITAL)
        await tx.run("UPDATE outbox SET status = 'dropped' WHERE status = 'pending'")
        await erasure.forget(work, fatima, town.now, bookings.cancel)
    before = len(town.huda.messages)
    await town.deliver()
    assert len(town.huda.messages) == before


# ---------------------------------------------------------------------------- what is to be done by when


async def test_a_card_names_the_target_that_is_next_and_tells_when_one_is_late(town: DeskTown, case: Case) -> None:
    assert "⏳ المراجعة في موعد" in card(town, case).text
    await presses(town.huda, card(town, case), "استلام المهمة")
    assert "⏳ الرد الأولي في موعد" in card(town, case).text
    town.now += timedelta(days=30)
    await presses(town.huda, card(town, case), "الحالة", "بدء العمل")
    shown = card(town, case).text
    assert "متأخر" in shown
    assert "في موعد أقصاه" not in shown


@pytest.mark.starts_at(SUNDAY)
async def test_dates_on_a_card_have_no_year_of_their_own_and_do_not_break(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    assert "نوفمبر" in shown.text
    assert "2026" not in shown.text
    assert re.search(r"\d\u00a0(نوفمبر|ديسمبر)", shown.text)


async def test_what_is_solved_says_when_it_is_closed(town: DeskTown, case: Case) -> None:
    await town.work(lambda work: by_staff.resolve(work, case.id, town.huda.person.actor, "Emptied"))
    assert "ما لم يصل رد مقدم الطلب." in card(town, case).text


async def test_what_ended_without_an_owner_wants_none_and_has_its_history(town: DeskTown, case: Case) -> None:
    await town.work(lambda work: by_staff.reject(work, case.id, town.huda.person.actor, "A private plot"))
    shown = card(town, case)
    assert "بلا مسؤول" not in shown.text
    await presses(town.huda, shown, "السجل")
    town.huda.sees("History of")


async def test_what_another_body_is_to_do_wants_no_owner(town: DeskTown) -> None:
    case = await town.case_of(await town.living(), category="sewerage")
    assert (await town.again(case)).status is CaseStatus.REFERRED
    assert "بلا مسؤول" not in card(town, case).text


async def test_what_was_owed_while_the_bot_was_off_comes_below_the_card(town: DeskTown) -> None:
    await town.living()
    fatima = known(await _resident(town, "1001"))
    async with town.database.transaction() as tx:
        work = town.desk.work(tx)
        new = NewCase(kind=CaseKind.COMPLAINT, category=CategoryId("bins"), office=CAPITAL, words="Full", name="F")
        filed = await submit(work, fatima, new)
        assert isinstance(filed, Case)
        await add_information(work, filed.reference, fatima, "Rats were seen")
    await town.wait(timedelta(hours=2))
    shown = await town.card(filed)
    below = [one for one in town.huda.messages if one.message.reply_to == shown.number]
    assert any("Rats were seen" in one.text for one in below)


@pytest.mark.starts_at(SUNDAY)
async def test_the_history_says_each_day_once(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    await town.huda.says("#The contractor is told", reply_to=shown.number)
    await town.huda.says("#And has called back", reply_to=shown.number)
    town.now += timedelta(days=1)
    await town.huda.says("#It is done", reply_to=shown.number)
    await town.huda.taps_data(f"desk:history:{case.id}:1:", shown.number)
    assert clean(town.huda.last.text).split("\n")[1:] == [
        "",
        "Sunday 22\u00a0November",
        "09:00 · the applicant – Submitted",
        "09:00 · Huda – Internal note: “The contractor is told”",
        "09:00 · Huda – Internal note: “And has called back”",
        "",
        "Monday 23\u00a0November",
        "09:00 · Huda – Internal note: “It is done”",
    ]


async def test_a_card_counts_the_photos_of_residents_not_those_of_staff(town: DeskTown, case: Case) -> None:
    fatima = town.resident("1001", "Fatima Ali")
    await town.huda.sends(caption="?Is it this one", reply_to=card(town, case).number)
    await town.huda.taps("Send")
    assert "📎" not in (await town.card(case)).text
    await town.settle_files()
    await town.wait(timedelta(minutes=1))
    for _ in range(2):
        await fatima.sends(reply_to=fatima.sees("The municipality asks").number)
    assert "مرفقان" in (await town.card(case)).text


async def test_photos_of_a_card_elsewhere_do_not_answer_a_strangers_message(town: DeskTown, case: Case) -> None:
    fatima = await town.living()
    await fatima.says("/track " + case.reference)
    await fatima.taps("Add information")
    await fatima.sends(caption="See for yourselves")
    await town.work(lambda work: permissions.link(work, town.admin.person, CAPITAL, ChatId("-5555"), None))
    await town.settle_files()
    await town.wait(timedelta(minutes=1))
    assert [one for one in town.chats.get("-5555", []) if one.message.files] == []


async def test_abuse_that_was_taken_back_bars_nobody(town: DeskTown, case: Case) -> None:
    shown = card(town, case)
    await town.maryam.taps_data(f"desk:abuse:{case.id}:{case.version}:yes", shown.number)
    assert is_barred(known(await _resident(town, "1001")), town.now)
    await town.maryam.says(f"/undo {case.reference}")
    assert (await town.again(case)).status is case.status
    assert not is_barred(known(await _resident(town, "1001")), town.now)


async def test_a_card_that_is_asked_for_is_in_the_offices_language_too(town: DeskTown, case: Case) -> None:
    await town.huda.says(f"/case {case.reference}")
    assert (await town.card(case)).find("استلام المهمة") is not None
    assert "بلا مسؤول" in (await town.card(case)).text


async def test_of_what_was_joined_with_another_nobody_is_offered_to_reply(town: DeskTown, case: Case) -> None:
    later = await town.case_of(await town.living("1002", "Ali"))
    await town.huda.says(f"/duplicate {case.reference}", reply_to=card(town, later).number)
    await town.huda.taps("✅ Merge them")
    shown = await town.card(later)
    assert shown.find("رد رسمي") is None
    assert shown.find("ملاحظة داخلية") is not None
