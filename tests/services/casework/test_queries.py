"""What staff look up: queues, searches, the day, who looked at what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.bookings import bookings
from services.cases import resident_actions, search_index, staff_actions
from services.cases.resident_actions import Case
from services.casework import guarded_actions, queries
from services.casework.queries import PAGE, How, Which
from services.privacy import erasure
from services.staff import permissions
from services.staff.permissions import Person
from storage.database import Database
from storage.ids import CategoryId
from storage.records import Resident, Role
from tests.services.case_builders import CAPITAL, NORTHERN, SEWERAGE, Desk, at

ADMIN = Person("telegram", "1", "Amal")
NOORA, SALEM, COUNCIL = Person("telegram", "2", "Noora"), Person("telegram", "3", "Salem"), Person("telegram", "4")
OUTSIDER = Person("telegram", "9")
BOTH = (CAPITAL, NORTHERN)
PHONE = "+97333123456"


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = Desk(database, admins=frozenset({ADMIN.address}))
    for person, role, office in (
        (NOORA, Role.AGENT, CAPITAL), (SALEM, Role.MANAGER, NORTHERN), (COUNCIL, Role.COUNCIL, CAPITAL),
    ):  # fmt: skip
        made = await desk.do(permissions.invite, ADMIN, office, role)
        assert made is not None
        await desk.do(permissions.accept, person, made.code)
    return desk


@pytest.fixture
async def fatima(desk: Desk) -> Resident:
    return await desk.resident()


async def _queue(desk: Desk, which: Which, person: Person = NOORA, here=BOTH) -> list[Case]:
    page = await desk.do(queries.queue, person, here, which, 1)
    assert page is not None
    assert page.total == len(page.cases)
    return list(page.cases)


async def _find(desk: Desk, text: str, person: Person = NOORA, here=BOTH) -> set[str]:
    found = await desk.do(queries.find, person, here, text)
    assert found is not None
    return {case.reference for case in found.cases}


async def _ids(cases_: list[Case]) -> list[int]:
    return [case.id for case in cases_]


# ---------------------------------------------------------------------------- queues


async def test_a_queue_holds_the_open_cases_of_the_offices_one_works_at(desk: Desk, fatima: Resident) -> None:
    mine = await desk.case(fatima)
    ended = await desk.case(fatima)
    await desk.case(fatima, office=NORTHERN)
    await desk.do(resident_actions.withdraw, ended.reference, fatima)
    assert await _ids(await _queue(desk, Which.ALL)) == [mine.id]
    assert len(await _queue(desk, Which.ALL, ADMIN)) == 2


async def test_whose_a_case_is_decides_between_mine_and_unowned(desk: Desk, fatima: Resident) -> None:
    mine, nobodys, anothers = [await desk.case(fatima) for _ in range(3)]
    await desk.do(guarded_actions.claim, NOORA, mine.id)
    await desk.do(guarded_actions.claim, ADMIN, anothers.id)
    assert await _ids(await _queue(desk, Which.MINE)) == [mine.id]
    assert await _ids(await _queue(desk, Which.UNOWNED)) == [nobodys.id]
    assert len(await _queue(desk, Which.ALL)) == 3


async def test_what_others_are_to_do_waits_for_no_owner_and_is_never_late(desk: Desk, fatima: Resident) -> None:
    await desk.case(fatima, category=SEWERAGE)
    desk.now = at(2027, 1, 5, 10, 0)
    for which in (Which.UNOWNED, Which.DUE, Which.OVERDUE):
        assert await _queue(desk, which) == []
    assert len(await _queue(desk, Which.ALL)) == 1


@pytest.mark.parametrize(
    ("moment", "due", "overdue"),
    [
        ((2026, 11, 22, 12, 0), 0, 0),
        ((2026, 11, 23, 0, 0), 1, 0),  # triage within the next working day, a Monday
        ((2026, 11, 23, 14, 14), 1, 0),
        ((2026, 11, 23, 14, 16), 0, 1),
    ],
)
async def test_a_target_is_due_on_its_day_until_it_has_run_out(
    desk: Desk, fatima: Resident, moment: tuple[int, ...], due: int, overdue: int
) -> None:
    await desk.case(fatima)
    desk.now = at(*moment)
    assert (len(await _queue(desk, Which.DUE)), len(await _queue(desk, Which.OVERDUE))) == (due, overdue)
    counts = await desk.do(queries.counts, CAPITAL, desk.now - timedelta(hours=1))
    assert (counts.due, counts.overdue, counts.open, counts.unowned) == (due, overdue, 1, 1)


async def test_the_most_urgent_comes_first(desk: Desk, fatima: Resident) -> None:
    first = await desk.case(fatima)
    desk.wait(days=1)
    later, urgent = await desk.case(fatima), await desk.case(fatima)
    await desk.do(staff_actions.set_priority, urgent.id, "noora", 2)
    assert await _ids(await _queue(desk, Which.ALL)) == [urgent.id, first.id, later.id]


async def test_pages_follow_each_other_and_one_beyond_the_last_is_the_last(desk: Desk) -> None:
    for _ in range(PAGE + 1):
        await desk.case(await desk.resident())
    pages = [await desk.do(queries.queue, NOORA, BOTH, Which.ALL, number) for number in (0, 1, 2, 9)]
    shown = [(page.page, page.pages, len(page.cases), page.total) for page in pages if page is not None]
    assert shown == [(1, 2, PAGE, PAGE + 1)] * 2 + [(2, 2, 1, PAGE + 1)] * 2


async def test_who_works_nowhere_here_sees_nothing_and_is_written_down(desk: Desk, fatima: Resident) -> None:
    await desk.case(fatima)
    assert await desk.do(queries.queue, OUTSIDER, BOTH, Which.ALL, 1) is None
    assert await desk.do(queries.queue, SALEM, (CAPITAL,), Which.ALL, 1) is None
    assert ("staff:3", "denied.read") in await desk.audited("office:capital")
    assert ("staff:9", "denied.read") in await desk.audited("office:capital,northern")


# ---------------------------------------------------------------------------- one case


async def test_a_reference_shows_its_case_where_one_works(desk: Desk, fatima: Resident) -> None:
    case, northern = await desk.case(fatima), await desk.case(fatima, office=NORTHERN)
    typed = case.reference.lower().replace("-", " ")
    assert await desk.do(queries.case, NOORA, BOTH, typed) == case
    assert await desk.do(queries.case, NOORA, BOTH, northern.reference) is None
    assert await desk.audited(f"case:{northern.id}") == [
        (f"resident:{fatima.id}", "case.submit"), ("staff:2", "denied.read"),
    ]  # fmt: skip
    # In one office's group another office's case is not shown, whoever asks.
    assert await desk.do(queries.case, ADMIN, (NORTHERN,), case.reference) is None


# ---------------------------------------------------------------------------- searches


@pytest.mark.parametrize("typed", ["الحاوية ممتلئه", "حاويه", "ٱلحَاوِيَة", "ممتلئة الحاوية", "الحاويات", "BINS refuse"])
async def test_words_are_found_however_they_are_spelt(desk: Desk, fatima: Resident, typed: str) -> None:
    case = await desk.case(fatima, words="الحاوية ممتلئة منذ أسبوع")
    other = await desk.case(fatima, words="شجرة سقطت", category="parks")
    assert await _find(desk, typed) == {case.reference}
    assert other.reference not in await _find(desk, typed)


async def test_all_words_must_be_there_and_signs_mean_themselves(desk: Desk, fatima: Resident) -> None:
    case = await desk.case(fatima, words="100% of the road_side is full!")
    assert await _find(desk, "road side full") == {case.reference}
    assert await _find(desk, "road swings") == set()
    assert await _find(desk, "s_d") == set()


async def test_what_was_told_and_answered_later_is_found_too(desk: Desk, fatima: Resident) -> None:
    case = await desk.case(fatima)
    await desk.do(resident_actions.add_information, case.reference, fatima, "Behind the mosque")
    await desk.do(guarded_actions.note, NOORA, case.id, "The lorry is broken")
    assert await desk.do(search_index.run_due) == 1
    assert await desk.do(search_index.run_due) == 0
    assert await _find(desk, "mosque") == await _find(desk, "lorry") == {case.reference}
    await desk.do(staff_actions.recategorise, case.id, "noora", CategoryId("parks"))
    await desk.do(search_index.run_due)
    assert await _find(desk, "الحدائق") == {case.reference}


async def test_erased_words_are_not_found_any_more(desk: Desk, fatima: Resident) -> None:
    case = await desk.case(fatima, words="I am Fatima Ali of the blue house", name="Fatima Ali", phone=PHONE)
    assert await _find(desk, "Fatima blue") == {case.reference}
    await desk.do(erasure.forget, fatima, desk.now, bookings.cancel)
    assert await _find(desk, "Fatima") == set()
    await desk.do(search_index.run_due)
    assert await _find(desk, "Fatima") == set()


async def test_older_cases_come_into_the_index_by_the_clock(desk: Desk, fatima: Resident) -> None:
    case = await desk.case(fatima)
    async with desk.work() as work:
        await work.tx.run("UPDATE cases SET search = NULL")
    assert await _find(desk, "bin full") == set()
    assert await desk.do(search_index.run_due) == 1
    assert await _find(desk, "bin full") == {case.reference}


@pytest.mark.parametrize("typed", ["338", "block 338", "مجمع 338", "مجمع ٣٣٨"])
async def test_a_block_finds_its_cases(desk: Desk, fatima: Resident, typed: str) -> None:
    case = await desk.case(fatima, block=338)
    await desk.case(fatima, block=330, words="Lamp 338")
    assert await _find(desk, typed) == {case.reference}


@pytest.mark.parametrize("typed", ["33123456", "+973 3312 3456", "٣٣١٢٣٤٥٦"])
async def test_a_number_finds_its_cases_and_that_is_written_down(desk: Desk, fatima: Resident, typed: str) -> None:
    case = await desk.case(fatima, phone=PHONE)
    await desk.case(fatima, phone="+97333999999")
    assert await _find(desk, typed) == {case.reference}
    assert ("staff:2", "case.found") in await desk.audited(f"case:{case.id}")
    assert ("staff:2", "search.phone") in await desk.audited("office:capital")


async def test_who_asked_not_to_be_named_is_not_found_by_their_number(desk: Desk, fatima: Resident) -> None:
    await desk.case(fatima, phone=PHONE, anonymous=True)
    assert await _find(desk, PHONE) == set()


async def test_who_may_not_see_numbers_may_not_search_by_one(desk: Desk, fatima: Resident) -> None:
    case = await desk.case(fatima, phone=PHONE)
    assert await desk.do(queries.find, COUNCIL, BOTH, PHONE) is None
    assert ("staff:4", "denied.see_contact") in await desk.audited("office:capital,northern")
    assert await _find(desk, "bin", COUNCIL) == {case.reference}


async def test_a_reference_in_a_search_is_its_case(desk: Desk, fatima: Resident) -> None:
    case = await desk.case(fatima)
    found = await desk.do(queries.find, NOORA, BOTH, f"about {case.reference} please")
    assert found is not None
    assert (found.how, found.cases) == (How.REFERENCE, (case,))


async def test_what_says_nothing_finds_nothing(desk: Desk, fatima: Resident) -> None:
    await desk.case(fatima)
    assert await _find(desk, "🙂") == set()


async def test_a_whole_word_comes_before_a_longer_one_that_holds_it(desk: Desk, fatima: Resident) -> None:
    whole = await desk.case(fatima, words="The park, at night")
    arabic = await desk.case(fatima, words="إنارة الساحل")
    desk.wait(hours=1)
    longer = await desk.case(fatima, words="No parking here")
    longer_arabic = await desk.case(fatima, words="السواحل والساحلية")
    for typed, wanted in (("park", [whole, longer]), ("ساحل", [arabic, longer_arabic])):
        found = await desk.do(queries.find, NOORA, BOTH, typed)
        assert found is not None
        assert [case.id for case in found.cases] == [case.id for case in wanted], typed


async def test_a_search_has_pages_and_one_beyond_the_last_is_the_last(desk: Desk) -> None:
    for number in range(PAGE + 1):
        await desk.case(await desk.resident(str(100 + number)), phone=PHONE)
    first, beyond = [await desk.do(queries.find, NOORA, BOTH, "bin", page) for page in (1, 99)]
    assert first is not None
    assert beyond is not None
    assert (first.page, first.pages, len(first.cases), first.total) == (1, 2, PAGE, PAGE + 1)
    assert (beyond.page, len(beyond.cases), beyond.total) == (2, 1, PAGE + 1)


async def test_a_case_names_the_number_it_was_found_by_only_to_who_could_search_by_it(
    desk: Desk, fatima: Resident
) -> None:
    mine, northern = [await desk.case(fatima, office=office, phone=PHONE) for office in BOTH]
    unnamed = await desk.case(fatima, phone="+97333999999", anonymous=True)
    for case, wanted in ((mine, [mine.id]), (northern, []), (unnamed, [])):
        found = await desk.do(queries.find_number_of, NOORA, BOTH, case.id, 1)
        assert found is not None
        assert [one.id for one in found.cases] == wanted
    assert await desk.do(queries.find_number_of, COUNCIL, BOTH, mine.id, 1) is None


async def test_open_cases_come_before_those_that_ended(desk: Desk, fatima: Resident) -> None:
    open_ = await desk.case(fatima)
    desk.wait(hours=1)
    ended = await desk.case(fatima)
    await desk.do(resident_actions.withdraw, ended.reference, fatima)
    found = await desk.do(queries.find, NOORA, BOTH, "bin")
    assert found is not None
    assert [case.id for case in found.cases] == [open_.id, ended.id]


# ---------------------------------------------------------------------------- the day, and who looked


async def test_today_says_what_is_due(desk: Desk, fatima: Resident) -> None:
    assert await desk.do(queries.today, NOORA, BOTH) == ()
    case = await desk.case(fatima)
    desk.now = at(2026, 11, 23, 9, 0)
    days = await desk.do(queries.today, NOORA, BOTH)
    assert days is not None
    (day,) = days
    assert (day.office, [one.id for one in day.due], day.counts.due) == (CAPITAL, [case.id], 1)
    assert await desk.do(queries.today, OUTSIDER, BOTH) is None


async def test_who_looked_at_what_is_for_those_who_lead(desk: Desk, fatima: Resident) -> None:
    case = await desk.case(fatima, phone=PHONE)
    await desk.do(guarded_actions.contact, NOORA, case.id)
    desk.wait(hours=1)
    await _find(desk, PHONE)
    assert await desk.do(queries.looked, NOORA, BOTH, 7) is None
    assert await desk.do(queries.looked, SALEM, BOTH, 7) == ((), False)  # another office's
    shown = await desk.do(queries.looked, ADMIN, BOTH, 1)
    assert shown is not None
    assert [(look.actor, look.action, look.reference) for look in shown[0]] == [
        ("staff:2", "case.found", case.reference),
        ("staff:2", "case.contact", case.reference),
    ]


async def test_a_longer_period_goes_further_back(desk: Desk, fatima: Resident) -> None:
    case = await desk.case(fatima, phone=PHONE)
    await desk.do(guarded_actions.contact, NOORA, case.id)
    desk.wait(days=6)
    counts = []
    for days in (1, 6, 7):
        shown = await desk.do(queries.looked, ADMIN, BOTH, days)
        assert shown is not None
        counts.append(len(shown[0]))
    assert counts == [0, 0, 1]


async def test_a_topic_has_its_own_office_and_the_rest_of_the_group_all(desk: Desk) -> None:
    await desk.do(permissions.link, ADMIN, CAPITAL, "-7", 10)
    await desk.do(permissions.link, ADMIN, NORTHERN, "-7", 20)
    of = queries.offices_of_chat
    assert await desk.do(of, "telegram", "-7", 10) == (CAPITAL,)
    assert await desk.do(of, "telegram", "-7", 20) == (NORTHERN,)
    assert set(await desk.do(of, "telegram", "-7", None)) == set(BOTH)
    assert await desk.do(of, "telegram", "-1001", None) == ()
