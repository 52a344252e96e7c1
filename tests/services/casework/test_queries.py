"""What staff look up: queues, searches, the day, who looked at what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.bookings import bookings
from services.cases import resident_actions, search_index, staff_actions
from services.cases.actions import Action
from services.cases.resident_actions import Case
from services.casework import queries
from services.casework.queries import PAGE, How, Which
from services.privacy import erasure
from services.staff import permissions
from services.staff.permissions import Person
from storage import search
from storage.database import Database
from storage.ids import CategoryId, ChatId, ForumTopicId
from storage.records.residents import Resident
from storage.records.staff import Role
from tests.services import by_staff
from tests.services.case_builders import CAPITAL, NORTHERN, SEWERAGE, Casework, at

ADMIN = Person("telegram", "1", "Amal")
NOORA, SALEM, COUNCIL = Person("telegram", "2", "Noora"), Person("telegram", "3", "Salem"), Person("telegram", "4")
OUTSIDER = Person("telegram", "9")
BOTH = (CAPITAL, NORTHERN)
PHONE = "+97333123456"


@pytest.fixture
async def casework(database: Database) -> Casework:
    casework = Casework(database, admins=frozenset({ADMIN.address}))
    for person, role, office in (
        (NOORA, Role.AGENT, CAPITAL),
        (SALEM, Role.MANAGER, NORTHERN),
        (COUNCIL, Role.COUNCIL, CAPITAL),
    ):
        made = await casework.do(permissions.invite, ADMIN, office, role)
        assert made is not None
        await casework.do(permissions.accept, person, made.code)
    return casework


@pytest.fixture
async def fatima(casework: Casework) -> Resident:
    return await casework.resident()


async def _queue(casework: Casework, which: Which, person: Person = NOORA, here=BOTH) -> list[Case]:
    page = await casework.do(queries.queue, person, here, which, 1)
    assert page is not None
    assert page.total == len(page.cases)
    return list(page.cases)


async def _find(casework: Casework, text: str, person: Person = NOORA, here=BOTH) -> set[str]:
    found = await casework.do(queries.find, person, here, text)
    assert found is not None
    return {case.reference for case in found.cases}


async def _ids(cases_: list[Case]) -> list[int]:
    return [case.id for case in cases_]


# ---------------------------------------------------------------------------- queues


async def test_a_queue_holds_the_open_cases_of_the_offices_one_works_at(casework: Casework, fatima: Resident) -> None:
    mine = await casework.case(fatima)
    ended = await casework.case(fatima)
    await casework.case(fatima, office=NORTHERN)
    await casework.do(resident_actions.withdraw, ended.reference, fatima)
    assert await _ids(await _queue(casework, Which.ALL)) == [mine.id]
    assert len(await _queue(casework, Which.ALL, ADMIN)) == 2


async def test_whose_a_case_is_decides_between_mine_and_unowned(casework: Casework, fatima: Resident) -> None:
    mine, nobodys, anothers = [await casework.case(fatima) for _ in range(3)]
    await casework.do(by_staff.claim, NOORA, mine.id)
    await casework.do(by_staff.claim, ADMIN, anothers.id)
    assert await _ids(await _queue(casework, Which.MINE)) == [mine.id]
    assert await _ids(await _queue(casework, Which.UNOWNED)) == [nobodys.id]
    assert len(await _queue(casework, Which.ALL)) == 3


async def test_what_others_are_to_do_waits_for_no_owner_and_is_never_late(casework: Casework, fatima: Resident) -> None:
    await casework.case(fatima, category=SEWERAGE)
    casework.now = at(2027, 1, 5, 10, 0)
    for which in (Which.UNOWNED, Which.DUE, Which.OVERDUE):
        assert await _queue(casework, which) == []
    assert len(await _queue(casework, Which.ALL)) == 1


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
    casework: Casework, fatima: Resident, moment: tuple[int, ...], due: int, overdue: int
) -> None:
    await casework.case(fatima)
    casework.now = at(*moment)
    assert (len(await _queue(casework, Which.DUE)), len(await _queue(casework, Which.OVERDUE))) == (due, overdue)
    counts = await casework.do(queries.counts, CAPITAL, casework.now - timedelta(hours=1))
    assert (counts.due, counts.overdue, counts.open, counts.unowned) == (due, overdue, 1, 1)


async def test_the_most_urgent_comes_first(casework: Casework, fatima: Resident) -> None:
    first = await casework.case(fatima)
    casework.wait(days=1)
    later, urgent = await casework.case(fatima), await casework.case(fatima)
    await casework.do(by_staff.set_priority, urgent.id, "noora", 2)
    assert await _ids(await _queue(casework, Which.ALL)) == [urgent.id, first.id, later.id]


async def test_pages_follow_each_other_and_one_beyond_the_last_is_the_last(casework: Casework) -> None:
    for _ in range(PAGE + 1):
        await casework.case(await casework.resident())
    pages = [await casework.do(queries.queue, NOORA, BOTH, Which.ALL, number) for number in (0, 1, 2, 9)]
    shown = [(page.page, page.pages, len(page.cases), page.total) for page in pages if page is not None]
    assert shown == [(1, 2, PAGE, PAGE + 1)] * 2 + [(2, 2, 1, PAGE + 1)] * 2


async def test_who_works_nowhere_here_sees_nothing_and_is_written_down(casework: Casework, fatima: Resident) -> None:
    await casework.case(fatima)
    assert await casework.do(queries.queue, OUTSIDER, BOTH, Which.ALL, 1) is None
    assert await casework.do(queries.queue, SALEM, (CAPITAL,), Which.ALL, 1) is None
    assert ("staff:3", "denied.read") in await casework.audited("office:capital")
    assert ("staff:9", "denied.read") in await casework.audited("office:capital,northern")


# ---------------------------------------------------------------------------- one case


async def test_a_reference_shows_its_case_where_one_works(casework: Casework, fatima: Resident) -> None:
    case, northern = await casework.case(fatima), await casework.case(fatima, office=NORTHERN)
    typed = case.reference.lower().replace("-", " ")
    assert await casework.do(queries.case, NOORA, BOTH, typed) == case
    assert await casework.do(queries.case, NOORA, BOTH, northern.reference) is None
    assert await casework.audited(f"case:{northern.id}") == [
        (f"resident:{fatima.id}", "case.submit"),
        ("staff:2", "denied.read"),
    ]
    # In one office's group another office's case is not shown, whoever asks.
    assert await casework.do(queries.case, ADMIN, (NORTHERN,), case.reference) is None


# ---------------------------------------------------------------------------- searches


@pytest.mark.parametrize("typed", ["الحاوية ممتلئه", "حاويه", "ٱلحَاوِيَة", "ممتلئة الحاوية", "الحاويات", "BINS refuse"])
async def test_words_are_found_however_they_are_spelt(casework: Casework, fatima: Resident, typed: str) -> None:
    case = await casework.case(fatima, words="الحاوية ممتلئة منذ أسبوع")
    other = await casework.case(fatima, words="شجرة سقطت", category="parks")
    assert await _find(casework, typed) == {case.reference}
    assert other.reference not in await _find(casework, typed)


async def test_all_words_must_be_there_and_signs_mean_themselves(casework: Casework, fatima: Resident) -> None:
    case = await casework.case(fatima, words="100% of the road_side is full!")
    assert await _find(casework, "road side full") == {case.reference}
    assert await _find(casework, "road swings") == set()
    assert await _find(casework, "s_d") == set()


async def test_what_was_told_and_answered_later_is_found_too(casework: Casework, fatima: Resident) -> None:
    case = await casework.case(fatima)
    await casework.do(resident_actions.add_information, case.reference, fatima, "Behind the mosque")
    await casework.do(by_staff.by, NOORA, Action.NOTE, case.id, words="The lorry is broken")
    assert await casework.do(search_index.run_due) == 1
    assert await casework.do(search_index.run_due) == 0
    assert await _find(casework, "mosque") == await _find(casework, "lorry") == {case.reference}
    await casework.do(by_staff.recategorise, case.id, "noora", CategoryId("parks"))
    await casework.do(search_index.run_due)
    assert await _find(casework, "الحدائق") == {case.reference}


async def test_erased_words_are_not_found_any_more(casework: Casework, fatima: Resident) -> None:
    case = await casework.case(fatima, words="I am Fatima Ali of the blue house", name="Fatima Ali", phone=PHONE)
    assert await _find(casework, "Fatima blue") == {case.reference}
    await casework.do(erasure.forget, fatima, casework.now, bookings.cancel)
    assert await _find(casework, "Fatima") == set()
    await casework.do(search_index.run_due)
    assert await _find(casework, "Fatima") == set()


async def test_older_cases_come_into_the_index_by_the_clock(casework: Casework, fatima: Resident) -> None:
    case = await casework.case(fatima)
    async with casework.work() as work:
        await work.tx.run("UPDATE cases SET search = NULL")
    assert await _find(casework, "bin full") == set()
    assert await casework.do(search_index.run_due) == 1
    assert await _find(casework, "bin full") == {case.reference}


@pytest.mark.parametrize("typed", ["شئون", "شؤون", "الشئون", "للشئون"])
async def test_a_hamza_is_found_on_any_seat(casework: Casework, fatima: Resident, typed: str) -> None:
    case = await casework.case(fatima, words="مكتب شؤون البلديات")
    await casework.case(fatima, words="مكتب الشيكات", category="parks")
    assert await _find(casework, typed) == {case.reference}


async def test_words_that_an_earlier_version_spelt_are_spelt_anew_a_few_at_a_time(
    casework: Casework, fatima: Resident
) -> None:
    cases = [await casework.case(fatima, words="شؤون البلديات", block=300 + n) for n in range(5)]
    while await casework.do(search_index.run_due):
        pass
    async with casework.work() as work:
        await work.tx.run("UPDATE cases SET search = ' شيون بلديات '")
        await work.tx.run("UPDATE search_spelling SET version = 1")
        await search.add_to_index(work.tx, [case.id for case in cases])
    assert await _find(casework, "شئون البلديات") == set()
    assert [await casework.do(search_index.run_due, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert await _find(casework, "شئون البلديات") == {case.reference for case in cases}
    assert await _find(casework, "شيون") == set()


@pytest.mark.parametrize("in_index", [False, True])
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lane", True),  # a part of a word
        ("سد", True),  # the beginning of one, for a word of two letters
        ("دّة", False),  # and not its end
        ("7", True),  # a letter by itself
        ("1", False),  # and not within a word
        ("planet 12b", True),
        ("planet moon", False),
        ('"12b" OR planet', False),  # nobody searches in the language of the index
    ],
)
async def test_words_are_found_alike_before_and_after_they_came_into_the_index(
    casework: Casework, fatima: Resident, in_index: bool, typed: str, found: bool
) -> None:
    case = await casework.case(fatima, words="Planet 12B, gate 7, سدة")
    await casework.case(fatima, words="Another one", category="parks")
    if in_index:
        assert await casework.do(search_index.run_due) == 2
    assert await _find(casework, typed) == ({case.reference} if found else set())


async def test_erased_words_leave_the_index_too(casework: Casework, fatima: Resident) -> None:
    case = await casework.case(fatima, words="I am Fatima Ali of the blue house", name="Fatima Ali")
    await casework.do(search_index.run_due)
    assert await _find(casework, "Fatima blue") == {case.reference}
    await casework.do(erasure.forget, fatima, casework.now, bookings.cancel)
    assert await _find(casework, "Fatima") == set()
    await casework.do(search_index.run_due)
    assert await _find(casework, "Fatima") == set()
    assert await _find(casework, "blue house") == {case.reference}
    while await casework.do(search_index.tidy):
        pass
    assert await _find(casework, "blue house") == {case.reference}


async def test_of_more_hits_than_are_looked_at_the_newest_are_shown_and_that_is_said(
    casework: Casework, fatima: Resident
) -> None:
    first = await casework.case(fatima, words="Water everywhere")
    async with casework.work() as work:
        await work.tx.run(
            """
            INSERT INTO cases (reference, kind, category, office, resident_id, status, created_at, updated_at,
                opened_at, triage_due, update_due, close_due, search)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most)
            SELECT 'R-' || n.i, kind, category, office, resident_id, status, created_at, updated_at, opened_at,
                triage_due, update_due, close_due, search FROM cases, n WHERE id = :id
            """,
            id=first.id,
            most=search.MOST,
        )
        while await search_index.run_due(work, 500):
            pass
    found = await casework.do(queries.find, NOORA, BOTH, "water")
    assert found is not None
    assert (found.total, found.more) == (search.MOST, True)
    assert (await casework.do(queries.find, NOORA, BOTH, "watery")) == queries.Found(How.WORDS)


@pytest.mark.parametrize("typed", ["338", "block 338", "مجمع 338", "مجمع ٣٣٨"])
async def test_a_block_finds_its_cases(casework: Casework, fatima: Resident, typed: str) -> None:
    case = await casework.case(fatima, block=338)
    await casework.case(fatima, block=330, words="Lamp 338")
    assert await _find(casework, typed) == {case.reference}


@pytest.mark.parametrize("typed", ["33123456", "+973 3312 3456", "٣٣١٢٣٤٥٦"])
async def test_a_number_finds_its_cases_and_that_is_written_down(
    casework: Casework, fatima: Resident, typed: str
) -> None:
    case = await casework.case(fatima, phone=PHONE)
    await casework.case(fatima, phone="+97333999999")
    assert await _find(casework, typed) == {case.reference}
    assert ("staff:2", "case.found") in await casework.audited(f"case:{case.id}")
    assert ("staff:2", "search.phone") in await casework.audited("office:capital")


async def test_who_asked_not_to_be_named_is_not_found_by_their_number(casework: Casework, fatima: Resident) -> None:
    await casework.case(fatima, phone=PHONE, anonymous=True)
    assert await _find(casework, PHONE) == set()


async def test_who_may_not_see_numbers_may_not_search_by_one(casework: Casework, fatima: Resident) -> None:
    case = await casework.case(fatima, phone=PHONE)
    assert await casework.do(queries.find, COUNCIL, BOTH, PHONE) is None
    assert ("staff:4", "denied.see_contact") in await casework.audited("office:capital,northern")
    assert await _find(casework, "bin", COUNCIL) == {case.reference}


async def test_a_reference_in_a_search_is_its_case(casework: Casework, fatima: Resident) -> None:
    case = await casework.case(fatima)
    found = await casework.do(queries.find, NOORA, BOTH, f"about {case.reference} please")
    assert found is not None
    assert (found.how, found.cases) == (How.REFERENCE, (case,))


async def test_what_says_nothing_finds_nothing(casework: Casework, fatima: Resident) -> None:
    await casework.case(fatima)
    assert await _find(casework, "🙂") == set()


async def test_a_whole_word_comes_before_a_longer_one_that_holds_it(casework: Casework, fatima: Resident) -> None:
    whole = await casework.case(fatima, words="The park, at night")
    arabic = await casework.case(fatima, words="إنارة الساحل")
    casework.wait(hours=1)
    longer = await casework.case(fatima, words="No parking here")
    longer_arabic = await casework.case(fatima, words="السواحل والساحلية")
    for typed, wanted in (("park", [whole, longer]), ("ساحل", [arabic, longer_arabic])):
        found = await casework.do(queries.find, NOORA, BOTH, typed)
        assert found is not None
        assert [case.id for case in found.cases] == [case.id for case in wanted], typed


async def test_a_search_has_pages_and_one_beyond_the_last_is_the_last(casework: Casework) -> None:
    for number in range(PAGE + 1):
        await casework.case(await casework.resident(str(100 + number)), phone=PHONE)
    first, beyond = [await casework.do(queries.find, NOORA, BOTH, "bin", page) for page in (1, 99)]
    assert first is not None
    assert beyond is not None
    assert (first.page, first.pages, len(first.cases), first.total) == (1, 2, PAGE, PAGE + 1)
    assert (beyond.page, len(beyond.cases), beyond.total) == (2, 1, PAGE + 1)


async def test_a_case_names_the_number_it_was_found_by_only_to_who_could_search_by_it(
    casework: Casework, fatima: Resident
) -> None:
    mine, northern = [await casework.case(fatima, office=office, phone=PHONE) for office in BOTH]
    unnamed = await casework.case(fatima, phone="+97333999999", anonymous=True)
    for case, wanted in ((mine, [mine.id]), (northern, []), (unnamed, [])):
        found = await casework.do(queries.find_number_of, NOORA, BOTH, case.id, 1)
        assert found is not None
        assert [one.id for one in found.cases] == wanted
    assert await casework.do(queries.find_number_of, COUNCIL, BOTH, mine.id, 1) is None


async def test_open_cases_come_before_those_that_ended(casework: Casework, fatima: Resident) -> None:
    open_ = await casework.case(fatima)
    casework.wait(hours=1)
    ended = await casework.case(fatima)
    await casework.do(resident_actions.withdraw, ended.reference, fatima)
    found = await casework.do(queries.find, NOORA, BOTH, "bin")
    assert found is not None
    assert [case.id for case in found.cases] == [open_.id, ended.id]


# ---------------------------------------------------------------------------- the day, and who looked


async def test_today_says_what_is_due(casework: Casework, fatima: Resident) -> None:
    assert await casework.do(queries.today, NOORA, BOTH) == ()
    case = await casework.case(fatima)
    casework.now = at(2026, 11, 23, 9, 0)
    days = await casework.do(queries.today, NOORA, BOTH)
    assert days is not None
    (day,) = days
    assert (day.office, [one.id for one in day.due], day.counts.due) == (CAPITAL, [case.id], 1)
    assert await casework.do(queries.today, OUTSIDER, BOTH) is None


async def test_who_looked_at_what_is_for_those_who_lead(casework: Casework, fatima: Resident) -> None:
    case = await casework.case(fatima, phone=PHONE)
    await casework.do(staff_actions.contact, NOORA, case.id)
    casework.wait(hours=1)
    await _find(casework, PHONE)
    assert await casework.do(queries.access_log, NOORA, BOTH, 7) is None
    assert await casework.do(queries.access_log, SALEM, BOTH, 7) == ((), False)  # another office's
    shown = await casework.do(queries.access_log, ADMIN, BOTH, 1)
    assert shown is not None
    assert [(look.actor, look.action, look.reference) for look in shown[0]] == [
        ("staff:2", "case.found", case.reference),
        ("staff:2", "case.contact", case.reference),
    ]


async def test_a_longer_period_goes_further_back(casework: Casework, fatima: Resident) -> None:
    case = await casework.case(fatima, phone=PHONE)
    await casework.do(staff_actions.contact, NOORA, case.id)
    casework.wait(days=6)
    counts = []
    for days in (1, 6, 7):
        shown = await casework.do(queries.access_log, ADMIN, BOTH, days)
        assert shown is not None
        counts.append(len(shown[0]))
    assert counts == [0, 0, 1]


async def test_a_topic_has_its_own_office_and_the_rest_of_the_group_all(casework: Casework) -> None:
    await casework.do(permissions.link, ADMIN, CAPITAL, ChatId("-7"), ForumTopicId("10"))
    await casework.do(permissions.link, ADMIN, NORTHERN, ChatId("-7"), ForumTopicId("20"))
    of = queries.offices_of_chat
    assert await casework.do(of, "telegram", ChatId("-7"), ForumTopicId("10")) == (CAPITAL,)
    assert await casework.do(of, "telegram", ChatId("-7"), ForumTopicId("20")) == (NORTHERN,)
    assert set(await casework.do(of, "telegram", ChatId("-7"), None)) == set(BOTH)
    assert await casework.do(of, "telegram", ChatId("-1001"), None) == ()
