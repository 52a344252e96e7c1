"""What staff do with cases: only the moves of the table, each once, each told to whom it concerns."""

from __future__ import annotations

import asyncio

import pytest

from services.actors import Actor
from services.cases import duplicates, ratings, resident_actions, staff_actions
from services.cases.actions import ACTIONS, Action, AlreadyDone, Inputs
from services.cases.by_name import apply_by_name
from services.cases.ratings import Rated
from services.cases.resident_actions import Case, CaseEventKind, CaseStatus
from services.cases.staff_actions import Contact, Denied
from services.cases.workflow import ENDED, OPEN, Applied, NotAllowed, Stale
from services.staff.permissions import Person
from storage.database import Database
from storage.ids import CaseId
from storage.records.residents import Resident
from tests.services import by_staff
from tests.services.case_builders import CAPITAL, DEBRIS, NORTHERN, Casework, at

E, S = CaseEventKind, CaseStatus
ADMIN, STRANGER = Person("telegram", "1"), Person("telegram", "9")


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database, admins=frozenset({ADMIN.address}))


@pytest.fixture
async def fatima(casework: Casework) -> Resident:
    return await casework.resident()


@pytest.fixture
async def case(casework: Casework, fatima: Resident) -> Case:
    return await casework.case(fatima, name="Fatima Ali", phone="+97333123456")


# ---------------------------------------------------------------------------- collisions


async def test_of_two_who_take_a_case_up_at_once_one_has_it_and_the_other_learns_who(
    casework: Casework, case: Case
) -> None:
    outcomes = await asyncio.gather(*(casework.do(by_staff.take_up, case.id, actor) for actor in ("noora", "yusuf")))
    won = [outcome for outcome in outcomes if isinstance(outcome, Case)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, Stale)]
    assert len(won) == len(lost) == 1
    assert lost[0].case.owner == won[0].owner
    assert await casework.events(case) == [E.RECEIVED, E.TAKEN_UP]


async def test_the_second_of_a_double_tap_changes_nothing(casework: Casework, case: Case) -> None:
    first = await casework.do(by_staff.take_up, case.id, "noora", 1)
    assert await casework.do(by_staff.take_up, case.id, "noora", 1) == first
    assert await casework.events(case) == [E.RECEIVED, E.TAKEN_UP]


async def test_a_button_of_an_older_card_is_stale(casework: Casework, case: Case) -> None:
    await casework.do(by_staff.take_up, case.id, "noora", 1)
    late = await casework.do(by_staff.reject, case.id, "yusuf", "No", version=1)
    assert isinstance(late, Stale)
    assert (late.case.status, late.case.owner) == (S.UNDER_REVIEW, "noora")


async def test_a_resident_who_answers_while_staff_act_loses_neither(
    casework: Casework, case: Case, fatima: Resident
) -> None:
    await casework.do(by_staff.ask, case.id, "noora", "Where?")
    answer, noted = await asyncio.gather(
        casework.do(resident_actions.add_information, case.reference, fatima, "Here"),
        casework.do(by_staff.note, case.id, "noora", "called them"),
    )
    assert not isinstance(answer, resident_actions.Closed)
    assert isinstance(noted, Case)
    assert (await casework.again(case)).status is S.RECEIVED
    assert sorted(await casework.events(case)) == sorted([E.RECEIVED, E.ASKED, E.INFORMATION, E.NOTED])


# ---------------------------------------------------------------------------- moves


async def test_every_move_is_told_noted_and_audited(casework: Casework, case: Case, fatima: Resident) -> None:
    await casework.do(by_staff.take_up, case.id, "noora")
    await casework.do(by_staff.start_work, case.id, "yusuf")
    await casework.do(by_staff.reply, case.id, "noora", "A truck is on its way")
    await casework.do(by_staff.note, case.id, "noora", "truck 12")
    await casework.do(by_staff.assign, case.id, "noora", "yusuf")
    await casework.do(by_staff.set_priority, case.id, "noora", 3)
    await casework.do(by_staff.resolve, case.id, "yusuf", "Emptied")
    now = await casework.again(case)
    assert (now.status, now.owner, now.priority, now.round, now.version) == (S.RESOLVED, "yusuf", 3, 1, 6)
    assert await casework.told(fatima) == [E.TAKEN_UP, E.WORK_STARTED, E.REPLIED, E.RESOLVED]
    assert [action for _, action in await casework.audited(f"case:{case.id}")][1:] == [
        "case.take_up",
        "case.start_work",
        "case.reply",
        "case.note",
        "case.assign",
        "case.set_priority",
        "case.resolve",
    ]


async def test_mere_progress_is_not_sent_to_who_does_not_want_it(casework: Casework) -> None:
    quiet = await casework.resident(wants_progress=False)
    case = await casework.case(quiet)
    await casework.do(by_staff.take_up, case.id, "noora")
    await casework.do(by_staff.recategorise, case.id, "noora", DEBRIS)
    await casework.do(by_staff.ask, case.id, "noora", "Where?")
    await casework.do(by_staff.resolve, case.id, "noora", "Done")
    assert await casework.told(quiet) == [E.ASKED, E.RESOLVED]


async def test_a_referral_stops_the_clock_and_taking_it_back_moves_it_on(casework: Casework, case: Case) -> None:
    referred = await casework.do(by_staff.refer, case.id, "noora", "works", "W-17")
    assert isinstance(referred, Case)
    assert (referred.status, referred.referred_to, referred.external_reference) == (S.REFERRED, "works", "W-17")
    casework.wait(days=7)
    back = await casework.do(by_staff.take_up, case.id, "noora")
    assert isinstance(back, Case)
    assert back.close_due == at(2026, 12, 13, 14, 15)  # five working days later


async def test_a_question_asked_of_a_referred_case_leaves_it_referred_when_answered(
    casework: Casework, case: Case, fatima: Resident
) -> None:
    await casework.do(by_staff.refer, case.id, "noora", "works")
    stopped = casework.now
    casework.wait(days=1)
    await casework.do(by_staff.ask, case.id, "noora", "Where?")
    await casework.do(by_staff.ask, case.id, "noora", "And when?")
    await casework.do(resident_actions.add_information, case.reference, fatima, "Here, now")
    now = await casework.again(case)
    assert (now.status, now.paused_at) == (S.REFERRED, stopped)


async def test_a_transfer_is_new_to_the_other_office_and_keeps_what_was_promised(
    casework: Casework, case: Case
) -> None:
    await casework.do(by_staff.take_up, case.id, "noora")
    casework.wait(days=3)
    moved = await casework.do(by_staff.transfer, case.id, "noora", NORTHERN, "Block 502 is theirs")
    assert isinstance(moved, Case)
    assert (moved.office, moved.status, moved.owner) == (NORTHERN, S.RECEIVED, "")
    assert moved.triage_due == at(2026, 11, 26, 14, 0)
    assert moved.close_due == case.close_due
    assert await casework.told_staff("northern") == [E.TRANSFERRED]
    assert await casework.do(by_staff.transfer, case.id, "noora", NORTHERN, "x") == moved
    assert await casework.told_staff("northern") == [E.TRANSFERRED]


async def test_a_case_transferred_while_it_waits_for_the_resident_goes_on_waiting(
    casework: Casework, case: Case, fatima: Resident
) -> None:
    await casework.do(by_staff.start_work, case.id, "noora")
    await casework.do(by_staff.ask, case.id, "noora", "Where?")
    await casework.do(by_staff.transfer, case.id, "noora", NORTHERN, "theirs")
    await casework.do(resident_actions.add_information, case.reference, fatima, "Here")
    assert (await casework.again(case)).status is S.RECEIVED
    assert await casework.told_staff("northern") == [E.TRANSFERRED, E.INFORMATION]


async def test_what_has_ended_moves_no_more(casework: Casework, fatima: Resident) -> None:
    for status in ENDED:
        main, case = await casework.case(fatima), await casework.case(fatima)
        await _end(casework, case, status, main, fatima)
        assert (await casework.again(case)).status is status
        for outcome in (
            await casework.do(by_staff.take_up, case.id, "x"),
            await casework.do(by_staff.ask, case.id, "x", "?"),
            await casework.do(by_staff.resolve, case.id, "x", "done"),
            await casework.do(by_staff.transfer, case.id, "x", NORTHERN, "y"),
            await casework.do(by_staff.escalate, case.id, "x"),
            await casework.do(by_staff.mark_duplicate, case.id, "x", main.reference),
        ):
            assert outcome == NotAllowed(status)
        assert isinstance(await casework.do(by_staff.note, case.id, "x", "still noted"), Case)
        casework.wait(days=1)


async def _end(casework: Casework, case: Case, status: CaseStatus, main: Case, resident: Resident) -> None:
    match status:
        case S.CLOSED:
            await casework.do(by_staff.resolve, case.id, "x", "done")
            await casework.do(resident_actions.confirm_fixed, case.reference, resident, fixed=True)
        case S.REJECTED:
            await casework.do(by_staff.reject, case.id, "x", "no")
        case S.OUTSIDE_REMIT:
            await casework.do(by_staff.outside_remit, case.id, "x", "works")
        case S.DUPLICATE:
            await casework.do(by_staff.mark_duplicate, case.id, "x", main.reference)
        case _:
            await casework.do(resident_actions.withdraw, case.reference, resident)


async def test_every_open_state_can_be_ended(casework: Casework) -> None:
    assert OPEN | ENDED | {S.RESOLVED} == set(CaseStatus)


async def test_a_look_at_who_it_is_from_is_written_down(casework: Casework, case: Case) -> None:
    contact = await casework.do(staff_actions.contact, ADMIN, case.id)
    assert contact == Contact("Fatima Ali", "+97333123456", anonymous=False)
    assert (await casework.audited(f"case:{case.id}"))[-1] == ("staff:1", "case.contact")


# ---------------------------------------------------------------------------- rights


@pytest.mark.parametrize("action", list(Action))
async def test_each_action_asks_its_right_before_it_says_anything_of_the_case(
    casework: Casework, case: Case, action: Action
) -> None:
    for to in ("", "works", "northern", case.reference):
        for version in (None, case.version, 7):
            inputs = Inputs(words="x", to=to, version=version)
            assert await casework.do(staff_actions.perform, STRANGER, action, case.id, inputs) == Denied()
    assert await casework.do(staff_actions.perform, STRANGER, action, CaseId(999), Inputs()) == Denied()
    assert await casework.again(case) == case
    denied = f"denied.{ACTIONS[action].right}"
    assert (await casework.audited(f"case:{case.id}"))[1:] == [("staff:9", denied)] * 12
    assert await casework.audited("case:999") == [("staff:9", denied)]


@pytest.mark.parametrize(
    ("action", "to"),
    [
        (Action.ASSIGN, "9"),  # no colleague
        (Action.REFER, "nobody"),
        (Action.OUTSIDE, "nobody"),
        (Action.TRANSFER, "narnia"),
        (Action.CATEGORY, "dreams"),
        (Action.PRIORITY, "4"),
        (Action.PRIORITY, "high"),
        (Action.DUPLICATE, "C-0000-000"),
    ],
)
async def test_what_an_action_names_has_to_exist(casework: Casework, case: Case, action: Action, to: str) -> None:
    assert await casework.do(staff_actions.perform, ADMIN, action, case.id, Inputs(to=to)) == NotAllowed(None)
    assert await casework.again(case) == case


async def test_what_is_done_already_is_not_done_again(casework: Casework, case: Case) -> None:
    for action, to in ((Action.REFER, "works"), (Action.TRANSFER, "northern"), (Action.OUTSIDE, "works")):
        done = await casework.do(staff_actions.perform, ADMIN, action, case.id, Inputs(to=to))
        assert isinstance(done, Applied)
        events = await casework.events(case)
        again = await casework.do(staff_actions.perform, ADMIN, action, case.id, Inputs(to=to, version=1))
        assert again == AlreadyDone(done.case)
        assert await casework.events(case) == events


# ---------------------------------------------------------------------------- duplicates


async def test_whoever_had_a_duplicate_follows_the_main_case(casework: Casework, case: Case, fatima: Resident) -> None:
    ali, sara = await casework.resident("Ali"), await casework.resident("Sara")
    twin = await casework.case(ali)
    await casework.do(duplicates.join, twin.id, sara)
    marked = await casework.do(by_staff.mark_duplicate, twin.id, "noora", case.reference)
    assert isinstance(marked, Case)
    assert (marked.status, marked.duplicate_of) == (S.DUPLICATE, case.id)
    await casework.do(by_staff.resolve, case.id, "noora", "Emptied")
    for person in (ali, sara):
        assert await casework.told(person) == [E.DUPLICATE, E.RESOLVED]
    assert await casework.told(fatima) == [E.RESOLVED]
    assert (await casework.again(case)).priority == 1
    assert {line.case.id: line.followed for line in await casework.do(resident_actions.of_resident, ali.id)} == {
        twin.id: False,
        case.id: True,
    }


async def test_what_is_added_to_a_duplicate_reaches_the_main_case(casework: Casework, case: Case) -> None:
    ali = await casework.resident("Ali")
    twin = await casework.case(ali)
    await casework.do(by_staff.mark_duplicate, twin.id, "noora", case.reference)
    event = await casework.do(resident_actions.add_information, twin.reference, ali, "It burns")
    assert not isinstance(event, resident_actions.Closed)
    assert event.case_id == case.id


async def test_a_duplicate_of_a_duplicate_is_one_of_the_main_case(
    casework: Casework, case: Case, fatima: Resident
) -> None:
    second, third = await casework.case(fatima), await casework.case(fatima)
    await casework.do(by_staff.mark_duplicate, third.id, "x", second.reference)
    await casework.do(by_staff.mark_duplicate, second.id, "x", case.reference)
    assert (await casework.again(third)).duplicate_of == case.id
    fourth = await casework.case(fatima)
    await casework.do(by_staff.mark_duplicate, fourth.id, "x", third.reference)
    assert (await casework.again(fourth)).duplicate_of == case.id
    assert await casework.do(by_staff.mark_duplicate, case.id, "x", fourth.reference) == NotAllowed(None)


async def test_two_cases_never_become_each_others_duplicate(casework: Casework, case: Case, fatima: Resident) -> None:
    other = await casework.case(fatima)
    await asyncio.gather(
        casework.do(by_staff.mark_duplicate, case.id, "x", other.reference),
        casework.do(by_staff.mark_duplicate, other.id, "y", case.reference),
    )
    statuses = sorted([(await casework.again(case)).status, (await casework.again(other)).status])
    assert statuses == [S.DUPLICATE, S.RECEIVED]


# ---------------------------------------------------------------------------- satisfaction


async def test_a_tap_rates_at_once_and_a_second_changes_it(casework: Casework, case: Case, fatima: Resident) -> None:
    assert await casework.do(ratings.rate, case.reference, fatima, 5) == NotAllowed(S.RECEIVED)
    await casework.do(by_staff.resolve, case.id, "x", "done")
    first = await casework.do(ratings.rate, case.reference, fatima, 2)
    assert isinstance(first, Rated)
    assert (first.stars, first.changed) == (2, False)
    second = await casework.do(ratings.rate, case.reference, fatima, 4)
    assert isinstance(second, Rated)
    assert (second.stars, second.changed) == (4, True)
    assert await casework.do(ratings.rate, case.reference, fatima, 4) == Rated(second.case, 4, changed=False)
    await casework.do(ratings.comment, case.reference, fatima, "Quick")
    assert (await casework.events(case))[-3:] == [E.RATED, E.RATED, E.COMMENTED]
    async with casework.work() as work:
        kept = await work.tx.all("SELECT stars, comment, round FROM ratings")
    assert [dict(row) for row in kept] == [{"stars": 4, "comment": "Quick", "round": 1}]


async def test_each_resolution_is_rated_for_itself(casework: Casework, case: Case, fatima: Resident) -> None:
    await casework.do(by_staff.resolve, case.id, "x", "done")
    await casework.do(ratings.rate, case.reference, fatima, 1)
    await casework.do(resident_actions.confirm_fixed, case.reference, fatima, fixed=False)
    await casework.do(by_staff.resolve, case.id, "x", "done again")
    again = await casework.do(ratings.rate, case.reference, fatima, 5)
    assert isinstance(again, Rated)
    assert not again.changed


async def test_a_stranger_rates_nothing(casework: Casework, case: Case) -> None:
    await casework.do(by_staff.resolve, case.id, "x", "done")
    ali = await casework.resident("Ali")
    assert await casework.do(ratings.rate, case.reference, ali, 1) == NotAllowed(None)
    assert await casework.do(ratings.comment, case.reference, ali, "x") == NotAllowed(None)


# ---------------------------------------------------------------------------- from the command line


@pytest.mark.parametrize(
    ("move", "words", "status"),
    [
        ("take_up", "", S.UNDER_REVIEW),
        ("start_work", "", S.IN_PROGRESS),
        ("ask", "Where?", S.AWAITING_RESIDENT),
        ("reply", "Soon", S.RECEIVED),
        ("note", "x", S.RECEIVED),
        ("resolve", "Done", S.RESOLVED),
        ("reject", "No", S.REJECTED),
        ("escalate", "", S.RECEIVED),
        ("refer", "works W-1", S.REFERRED),
        ("outside_remit", "works Sewers are theirs", S.OUTSIDE_REMIT),
        ("transfer", "northern Theirs", S.RECEIVED),
        ("recategorise", "debris", S.RECEIVED),
        ("assign", "yusuf", S.RECEIVED),
        ("set_priority", "2", S.RECEIVED),
    ],
)
async def test_moves_by_name(casework: Casework, case: Case, move: str, words: str, status: CaseStatus) -> None:
    moved = await casework.do(apply_by_name, case.reference, move, words, Actor("desk"))
    assert isinstance(moved, Applied)
    assert moved.case.status is status
    assert moved.case.office in {CAPITAL, NORTHERN}


@pytest.mark.parametrize(
    ("move", "words", "said"),
    [
        ("fix", "", "there are: take_up"),
        ("refer", "nobody", "there are: "),
        ("transfer", "narnia x", "there are: capital"),
        ("set_priority", "high", "a priority is a number"),
    ],
)
async def test_a_wrong_name_is_answered_with_the_right_ones(
    casework: Casework, case: Case, move: str, words: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        await casework.do(apply_by_name, case.reference, move, words, Actor("desk"))


async def test_what_was_given_to_somebody_is_not_taken_from_them_by_an_older_card(
    casework: Casework, case: Case
) -> None:
    assert isinstance(await casework.do(by_staff.assign, case.id, "maryam", "huda"), Case)
    taken = await casework.do(by_staff.take_up, case.id, "yusuf")
    assert isinstance(taken, Stale)
    assert (await casework.again(case)).owner == "huda"
    mine = await casework.do(by_staff.take_up, case.id, "huda")
    assert isinstance(mine, Case)
    assert mine.status is CaseStatus.UNDER_REVIEW
