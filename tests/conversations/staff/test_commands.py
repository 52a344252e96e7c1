"""What staff write to the bot, in their group and in private: queues, searches, invitations, links, roles."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from conversations.engine.messages import Kind
from locales import without_marks
from services.cases import resident_actions, staff_actions
from services.cases.actions import Action
from services.privacy.retention import apply_retention
from services.staff import permissions
from services.staff.permissions import Act
from storage.ids import ChatId, ForumTopicId, OfficeId, Reference
from storage.records.staff import Role, StaffChat
from tests.conversations.staff_town import CAPITAL, Colleague, DeskTown, in_arabic, is_refusal
from tests.conversations.town import Person
from tests.instants import SUNDAY
from tests.known import known
from tests.services import by_staff

NORTHERN = OfficeId("northern")


@pytest.fixture
async def fatima(town: DeskTown) -> Person:
    return await town.living()


def private(who: Colleague) -> Person:
    """The same person in their own chat with the bot."""
    return Person(who.town, who.address, who.name, who.language)


async def _roles(town: DeskTown, who: Person) -> set[tuple[str, str]]:
    rows = await town.rows(
        "SELECT office, role FROM staff_roles WHERE address = :who AND revoked_at IS NULL", who=who.address
    )
    return {(str(row["office"]), str(row["role"])) for row in rows}


def _code(text: str) -> str:
    found = re.search(r"staff_[a-z0-9]+", text)
    assert found is not None, text
    return found[0]


# ---------------------------------------------------------------------------- queues


async def test_a_queue_lists_what_is_open_without_naming_a_resident(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    await town.work(lambda work: by_staff.claim(work, town.yusuf.person, case.id))
    await town.case_of(fatima, "A tree fell", "parks")
    await town.huda.says("/queue")
    queue = town.huda.last
    assert queue.message.reply_to == town.huda.wrote
    assert "All open requests (2)" in queue.text
    assert case.reference in queue.text
    assert "Yusuf" in queue.text
    assert "Fatima" not in queue.text
    assert queue.buttons[0] == ["1", "2"]


async def test_buttons_turn_one_queue_into_another_in_place(town: DeskTown, fatima: Person) -> None:
    mine = await town.case_of(fatima)
    await town.case_of(fatima, "A tree fell", "parks")
    await town.work(lambda work: by_staff.claim(work, town.huda.person, mine.id))
    await town.huda.says("/queue")
    number = town.huda.last.number
    await town.huda.taps("Mine")
    assert town.huda.last.number == number
    assert "Requests assigned to" in town.huda.last.text
    assert "(1)" in town.huda.last.text
    await town.yusuf.taps("Mine")  # whoever taps sees their own, in their language
    assert town.huda.last.number == number
    assert in_arabic(town.huda.last.text)
    assert mine.reference not in town.huda.last.text


async def test_a_queue_is_turned_page_by_page(town: DeskTown) -> None:
    for n in range(10):
        await town.case_of(await town.living(str(2000 + n), f"R{n}"))
    await town.huda.says("/queue")
    assert "(10)" in town.huda.last.text
    await town.huda.taps("Next")
    assert "9." in town.huda.last.text
    assert town.huda.last.buttons[0] == ["9", "10"]
    await town.huda.taps("Previous")
    assert town.huda.last.buttons[0] == ["1", "2", "3", "4"]


@pytest.mark.starts_at(SUNDAY)
async def test_a_queue_marks_what_is_due_today_and_what_is_overdue(town: DeskTown, fatima: Person) -> None:
    await town.case_of(fatima)  # to be looked at by the end of Monday
    for mark, stands in (("🆕", "due by"), ("⏳", "due by"), ("⏰", "overdue since")):
        await town.huda.says("/queue")
        assert f"1. {mark}" in without_marks(town.huda.last.text)
        assert stands in town.huda.last.text
        await town.wait(timedelta(days=1))


async def test_a_number_of_the_list_opens_its_case(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    await town.huda.says("/queue")
    await town.huda.taps("1")
    assert case.reference in town.huda.last.text
    assert (await town.card(case)).number == town.huda.last.number


async def test_an_outsider_learns_nothing_and_is_written_down(town: DeskTown, fatima: Person) -> None:
    await town.case_of(fatima)
    await town.huda.says("/queue")
    queue = town.huda.last
    await town.stranger.taps_data("desk:queue:1:0:all", queue.number)
    assert town.stranger.toast == "You do not have permission to do this"
    await town.stranger.says("/queue")
    assert town.stranger.last.text.strip("\u2068\u2069") == "You do not have permission to do this"
    await town.stranger.taps_data("desk:open:1:0:", queue.number)
    assert ("staff:9666", "denied.read") in await town.audited("office:capital")
    assert ("staff:9666", "denied.read") in await town.audited("case:1")


@pytest.mark.parametrize("data", ["desk:queue:1:0:nonsense", "desk:queue:999999:0:all", "desk:looked:5:0:x"])
async def test_made_up_buttons_do_no_harm(town: DeskTown, fatima: Person, data: str) -> None:
    await town.case_of(fatima)
    await town.maryam.says("/queue")
    await town.maryam.taps_data(data, town.maryam.last.number)
    assert town.maryam.last.text


async def test_another_offices_case_is_not_opened_in_this_group(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    await town.work(
        lambda work: by_staff.by(work, town.admin.person, Action.TRANSFER, case.id, "northern", words="Theirs")
    )
    await town.admin.says(f"/case {case.reference}")
    assert "There is no request or appointment with that reference" in town.admin.last.text
    await town.admin.taps_data(f"desk:open:{case.id}:0:", town.admin.last.number)
    assert town.admin.toast == "You do not have permission to do this"


# ---------------------------------------------------------------------------- one case, searches


async def test_a_case_is_shown_by_its_reference(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    await town.huda.says(f"/case {case.reference.lower()}")
    assert case.reference in town.huda.last.text
    await town.huda.says("/case")
    assert "after the command" in town.huda.last.text
    await town.huda.says("/case C-7K3M-2QY")
    assert "That reference is not" in town.huda.last.text


async def test_a_search_shows_what_it_found(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima, "الحاوية ممتلئة")
    await town.huda.says("/find حاويه ممتلئه")
    assert case.reference in town.huda.last.text
    await town.huda.says("/find giraffe")
    assert "There are no results" in town.huda.last.text
    await town.huda.says("/find")
    assert "/find 338" in town.huda.last.text


async def _many(town: DeskTown, count: int, words: str = "The bins overflow") -> list[str]:
    """References of so many cases, the newest first."""
    filed = []
    for n in range(count):
        filed.append(await town.case_of(await town.living(str(2000 + n), f"R{n}"), words))
        town.now += timedelta(minutes=1)
    return [case.reference for case in reversed(filed)]


@pytest.mark.parametrize("alone", [False, True])
async def test_a_search_is_turned_page_by_page_in_its_own_message(town: DeskTown, alone: bool) -> None:
    newest = await _many(town, 18)
    huda = private(town.huda) if alone else town.huda
    await huda.says("/find overflow")
    first = huda.last
    assert "18 results" in first.text
    assert [one for one in newest if one in first.text] == newest[:8]
    assert first.buttons[-1] == ["1 of 3", "Next"]
    data = [choice.data for row in first.message.rows for choice in row]
    assert not any("overflow" in one or len(one.encode()) > 64 for one in data)
    await huda.says("/find giraffe")  # another search, and words that wait, take nothing from an older list
    await huda.taps("Next")
    await huda.taps("Next")
    last = next(shown for shown in huda.messages if shown.number == first.number)
    assert [one for one in newest if one in last.text] == newest[16:]
    assert last.buttons[0] == ["17", "18"]
    assert last.buttons[-1] == ["Previous", "3 of 3"]


async def test_turning_a_search_leaves_words_that_wait(town: DeskTown) -> None:
    newest = await _many(town, 9)
    await town.huda.says("/find overflow")
    found = town.huda.last
    choice = known(found.find("Next"))
    case = await town.work(lambda work: resident_actions.by_reference(work, Reference(newest[0])))
    assert case is not None
    await town.huda.replies(await town.card(case), "The lorry comes tomorrow")
    await town.huda.taps_data(choice.data, found.number)
    await town.huda.taps("Official reply")
    assert "The applicant will see" in town.huda.last.text


async def test_whoever_turns_a_search_sees_what_is_theirs_and_strangers_nothing(town: DeskTown) -> None:
    await _many(town, 9)
    await town.huda.says("/find overflow")
    found = town.huda.last
    choice = known(found.find("Next"))
    await town.stranger.taps_data(choice.data, found.number)
    assert town.stranger.toast == "You do not have permission to do this"
    await town.yusuf.taps_data(choice.data, found.number)
    assert in_arabic(next(shown for shown in town.huda.messages if shown.number == found.number).text)


async def test_a_search_that_is_kept_no_more_says_so(town: DeskTown) -> None:
    await _many(town, 9)
    await town.huda.says("/find overflow")
    town.now += timedelta(hours=25)
    await town.work(apply_retention)
    await town.huda.taps("Next")
    assert "has expired. Search again." in town.huda.toast


async def test_a_search_by_number_is_turned_without_keeping_the_number(town: DeskTown) -> None:
    newest = await _many(town, 9)
    await town.rows("UPDATE cases SET phone = '+97333123456' RETURNING id")
    await town.huda.says("/find 33123456")
    found = town.huda.last
    assert not await town.rows("SELECT words FROM staff_searches")
    assert not any("3312" in choice.data for row in found.message.rows for choice in row)
    await town.huda.taps("Next")
    assert newest[8] in town.huda.last.text
    assert ("staff:9001", "case.found") in await town.audited("case:1")
    choice = known(found.find("Next"))
    await town.council.taps_data(choice.data, found.number)
    assert is_refusal(town.council.toast)


async def test_a_search_by_number_goes_after_ten_minutes_question_and_answer(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    await town.rows("UPDATE cases SET phone = '+97333123456' RETURNING id")
    await town.huda.says("/find 33123456")
    answer, question = town.huda.last, town.huda.wrote
    assert case.reference in answer.text
    assert "3312" not in answer.text
    assert ("staff:9001", "case.found") in await town.audited(f"case:{case.id}")
    rows = await town.rows("SELECT payload, not_before, delete_after FROM outbox ORDER BY id")
    assert any(f'"delete":"{question}"' in str(row["payload"]) for row in rows)
    assert any(row["delete_after"] == 600 for row in rows)


async def test_the_council_may_not_search_by_number(town: DeskTown, fatima: Person) -> None:
    await town.case_of(fatima)
    await town.council.says("/find 33123456")
    assert is_refusal(town.council.last.text)
    await town.council.says("/find bins")
    assert "1 result" in town.council.last.text


# ---------------------------------------------------------------------------- the day, who looked


@pytest.mark.starts_at(SUNDAY)
async def test_today_says_what_is_due(town: DeskTown, fatima: Person) -> None:
    await town.huda.says("/today")
    assert "There are no appointments" in town.huda.last.text
    case = await town.case_of(fatima)
    town.now += timedelta(days=1)
    await town.huda.says("/today")
    assert "1 request is due today" in town.huda.last.text
    assert case.reference in town.huda.last.text


async def test_who_looked_is_shown_to_those_who_lead(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    await town.work(lambda work: staff_actions.contact(work, town.huda.person, case.id))
    await town.maryam.says("/looked")
    assert "Huda" in town.maryam.last.text
    assert case.reference in town.maryam.last.text
    await town.maryam.taps("30 days")
    assert "• 30 days" in town.maryam.last.buttons[0]
    await town.huda.says("/looked")
    assert is_refusal(town.huda.last.text)


# ---------------------------------------------------------------------------- joining


async def test_an_invitation_is_made_by_buttons_and_taken_in_private(town: DeskTown) -> None:
    await town.admin.says("/invite")
    await town.admin.taps("Team manager")
    shown = town.admin.last
    assert "This invitation works once," in shown.text
    salem = town.resident("777", "Salem")
    await salem.says(f"/start {_code(shown.text)}")
    assert "Team manager" in salem.last.text
    assert await _roles(town, salem) == set()
    await salem.taps("Join")
    assert "You have joined the" in salem.sees("You have joined").text
    assert await _roles(town, salem) == {("capital", "manager")}
    await salem.says(f"/start {_code(shown.text)}")
    assert "You have already used this" in salem.last.text
    other = town.resident("778", "Other")
    await other.says(f"/start {_code(shown.text)}")
    assert "Someone else has used this" in other.last.text


async def test_two_who_opened_one_invitation_the_slower_is_told(town: DeskTown) -> None:
    await town.admin.says("/invite capital agent")
    code = _code(town.admin.last.text)
    first, second = town.resident("777", "Salem"), town.resident("778", "Other")
    await first.says(f"/start {code}")
    await second.says(f"/start {code}")
    await first.taps("Join")
    await second.taps("Join")
    assert "Someone else has used this" in second.last.text
    assert await _roles(town, second) == set()


async def test_an_invitation_that_ended_says_so(town: DeskTown) -> None:
    await town.admin.says("/invite capital agent")
    code = _code(town.admin.last.text)
    town.now += timedelta(hours=48)
    salem = town.resident("777", "Salem")
    await salem.says(f"/start {code}")
    assert "expired" in salem.last.text
    await salem.says("/start staff_guessed")
    assert "This invitation link is" in salem.last.text


async def test_in_private_an_administrator_chooses_the_office_first(town: DeskTown) -> None:
    admin = private(town.admin)
    await admin.says("/invite")
    await admin.taps("Northern")
    await admin.taps("Follow-up agent")
    salem = town.resident("777", "Salem")
    await salem.says(f"/start {_code(admin.last.text)}")
    await salem.taps("Join")
    assert await _roles(town, salem) == {("northern", "agent")}


async def test_nobody_but_administrators_invites(town: DeskTown) -> None:
    await town.maryam.says("/invite capital agent")
    assert is_refusal(town.maryam.last.text)
    await town.maryam.taps_data("desk:invite:1:0:capital", town.maryam.last.number)
    assert is_refusal(town.maryam.toast)
    assert ("staff:9003", "denied.invite") in await town.audited("office:capital")


async def test_roles_are_told(town: DeskTown) -> None:
    await town.huda.says("/whoami")
    assert "Follow-up agent" in town.huda.last.text
    assert "9001" in town.huda.last.text
    await town.stranger.says("/whoami")
    assert "You do not have a" in town.stranger.last.text
    fatima = await town.living()
    await fatima.says("/whoami")
    assert "1001" in fatima.last.text, "who sets the bot up needs their number, in private"


async def test_rights_are_ended_after_a_question_and_at_once(town: DeskTown) -> None:
    await town.admin.says("/staff")
    assert "Huda" in town.admin.last.text
    await town.admin.taps("Huda")
    assert "End all of" in town.admin.last.text
    assert await _roles(town, town.huda) == {("capital", "agent")}
    await town.admin.taps("End rights")
    assert await _roles(town, town.huda) == set()
    await town.huda.says("/queue")
    assert is_refusal(town.huda.last.text)
    await town.admin.taps("View staff")
    assert "Huda" not in town.admin.last.text


async def test_who_may_only_read_the_list_has_no_buttons_to_end_rights(town: DeskTown) -> None:
    await town.maryam.says("/staff")
    assert "Huda" in town.maryam.last.text
    assert town.maryam.last.buttons == []
    rights = await town.rows("SELECT id FROM staff_roles WHERE address = '9001'")
    await town.maryam.taps_data(f"desk:revoke:{rights[0]['id']}:1:", town.maryam.last.number)
    assert is_refusal(town.maryam.toast)
    assert await _roles(town, town.huda) == {("capital", "agent")}


async def test_a_name_narrows_the_list_to_whom_it_is_about(town: DeskTown) -> None:
    await town.admin.says("/revoke hud")
    assert "Huda" in town.admin.last.text
    assert "Maryam" not in town.admin.last.text


async def test_who_leaves_the_group_loses_their_rights(town: DeskTown) -> None:
    mine = await town.case_of(await town.living())
    await town.work(lambda work: by_staff.claim(work, town.huda.person, mine.id))
    await town.huda.does(kind=Kind.MEMBER_LEFT)
    told = town.admin.sees("مغادرة المجموعة").text  # in the language of the group, which goes on reading
    assert "Huda" in told
    assert "أصبح طلب واحد بلا مسؤول" in told
    assert await _roles(town, town.huda) == set()
    assert (await town.again(mine)).owner == ""
    count = len(town.admin.messages)
    await town.huda.does(kind=Kind.MEMBER_LEFT)  # a service message and a membership change tell the same
    await town.stranger.does(kind=Kind.MEMBER_LEFT)
    assert len(town.admin.messages) == count


# ---------------------------------------------------------------------------- groups


async def test_a_group_is_linked_and_unlinked(town: DeskTown, fatima: Person) -> None:
    there = Colleague(town, town.admin.address, "Admin", "en", "-500")
    await there.does(
        kind=Kind.COMMAND, command="link", argument="Capital", text="/link Capital", topic=ForumTopicId("3")
    )
    assert "This topic is now linked to" in there.last.text
    assert there.last.message.topic == "3"
    assert await town.work(lambda work: permissions.chat_of(work, CAPITAL)) == StaffChat(
        office=CAPITAL, channel="telegram", chat=ChatId("-500"), topic=ForumTopicId("3")
    )
    case = await town.case_of(fatima)
    assert case.reference in there.last.text
    await there.says("/unlink")
    assert "This group is no longer" in there.last.text
    await town.admin.says("/unlink")
    assert "settings" in town.admin.last.text


async def test_the_office_of_a_group_is_chosen_by_a_button(town: DeskTown) -> None:
    there = Colleague(town, town.admin.address, "Admin", "en", "-500")
    await there.says("/link")
    await there.taps("Northern")
    assert "This group is now linked to" in there.last.text
    assert await town.work(lambda work: permissions.offices_in(work, "telegram", ChatId("-500"))) == (NORTHERN,)


async def test_only_administrators_link(town: DeskTown) -> None:
    there = Colleague(town, town.maryam.address, "Maryam", "en", "-500")
    await there.says("/link capital")
    assert "not have permission" in there.last.text
    await there.taps_data("desk:link:0:0:capital", there.last.number)
    assert there.toast == "You do not have permission to do this"
    assert await town.audited("chat:-500") == [("staff:9003", "denied.link")] * 2


async def test_a_linked_group_that_becomes_a_supergroup_stays_the_offices(town: DeskTown, fatima: Person) -> None:
    there = Colleague(town, town.admin.address, "Admin", "en", "-500")
    await there.says("/link capital")
    first = await town.case_of(fatima)
    await there.does(kind=Kind.MIGRATED, new_chat="-100500")
    moved = Colleague(town, town.admin.address, "Admin", "en", "-100500")
    await moved.says("/queue")
    assert first.reference in moved.last.text
    second = await town.case_of(fatima, "A tree fell", "parks")
    assert second.reference in moved.last.text
    await town.huda.does(kind=Kind.MEMBER_LEFT)  # the settings' group is the office's no more
    assert await _roles(town, town.huda) == {("capital", "agent")}


async def test_other_bots_commands_are_left_alone(town: DeskTown) -> None:
    count = len(town.huda.messages)
    await town.huda.says("/weather Manama")
    assert len(town.huda.messages) == count
    await town.huda.does(kind=Kind.COMMAND, command="weather", text="/weather@customer_day_bot")
    assert "/weather" in town.huda.last.text
    await town.stranger.does(kind=Kind.COMMAND, command="start", text="/start@customer_day_bot")
    assert "private chat" in town.stranger.last.text


async def test_help_lists_the_commands_for_staff_only(town: DeskTown) -> None:
    await town.huda.says("/help")
    assert "/queue" in town.huda.last.text
    assert "/invite" not in town.huda.last.text
    await town.admin.says("/help")
    assert "/invite" in town.admin.last.text
    await town.stranger.says("/help")
    assert "/queue" not in town.stranger.last.text


# ---------------------------------------------------------------------------- in private


async def test_a_member_looks_things_up_in_private_and_goes_on_as_a_resident(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    huda = private(town.huda)
    await huda.says("/start")
    await huda.says("/complain")
    asked = huda.last.text
    await huda.says("/queue")
    assert case.reference in huda.last.text
    await huda.taps("Overdue")
    assert "No requests are overdue." in huda.last.text
    await huda.says("/menu")
    assert any("Continue" in label for row in huda.last.buttons for label in row) or asked


async def test_a_resident_is_answered_as_before(town: DeskTown, fatima: Person) -> None:
    await fatima.says("/queue")
    assert "is not a command. Use" in fatima.sees("is not a command.").text
    await fatima.taps_data("desk:queue:1:0:all", fatima.last.number)
    assert fatima.toast == "You do not have permission to do this"
    assert "Overdue" not in fatima.last.text


async def test_in_private_one_sees_only_the_offices_one_works_at(town: DeskTown, fatima: Person) -> None:
    await town.joins(town.stranger, Role.AGENT, NORTHERN)
    case = await town.case_of(fatima)
    stranger = private(town.stranger)
    await stranger.says("/queue")
    assert case.reference not in stranger.last.text
    await stranger.says(f"/case {case.reference}")
    assert "There is no request" in stranger.last.text
    assert ("staff:9666", f"denied.{Act.READ}") in await town.audited(f"case:{case.id}")


async def test_a_card_is_answered_in_private_as_in_the_group(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    huda = private(town.huda)
    await huda.says(f"/case {case.reference}")
    await huda.says("? Which road", reply_to=huda.last.number)
    await huda.taps("Send")
    assert "Which road" in fatima.last.text
    # What they submit themselves, they speak of as residents.
    own = await town.case_of(await town.living(town.huda.address, "Huda"), "My own bin")
    await huda.says("/my")
    await town.maryam.replies(await town.card(own), "? Which house")
    await town.maryam.taps("Send")
    await huda.says("Number 5", reply_to=huda.sees("Which house").number)
    assert (await town.events(own))[-1].actor.startswith("resident:")


async def test_a_resident_who_is_no_staff_replies_as_before(town: DeskTown, fatima: Person) -> None:
    case = await town.case_of(fatima)
    await town.huda.replies(await town.card(case), "? Which road")
    await town.huda.taps("Send")
    await fatima.says("Road 12", reply_to=fatima.last.number)
    assert (await town.events(case))[-1].words == "Road 12"
