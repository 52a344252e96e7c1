"""What neighbours read of a request: no words, until its owner agrees or staff write a summary."""

from __future__ import annotations

import pytest

from services.bookings.bookings import cancel
from services.cases import duplicates, public_view, resident_actions
from services.cases.public_view import LONGEST, NotWritten
from services.cases.resident_actions import Case
from services.cases.staff_actions import Denied
from services.privacy import erasure
from storage.database import Database
from storage.records.residents import Resident
from storage.records.staff import Role
from tests.roles import give_role, on_telegram
from tests.services import by_staff
from tests.services.case_builders import BINS, CAPITAL, NORTHERN, Casework

LATITUDE, LONGITUDE = 26.2285, 50.5860
WORDS = "Ali Hassan of house 12 calls 33123456: the bins at villa no. 7 overflow"
HUDA, NADIA, COUNCIL = on_telegram("9001", "Huda"), on_telegram("9002", "Nadia"), on_telegram("9003", "Council")


@pytest.fixture
async def casework(database: Database) -> Casework:
    casework = Casework(database)
    async with casework.work() as work:
        await give_role(work.tx, HUDA, CAPITAL, work.now)
        await give_role(work.tx, NADIA, NORTHERN, work.now)
        await give_role(work.tx, COUNCIL, CAPITAL, work.now, Role.COUNCIL)
    return casework


@pytest.fixture
async def ali(casework: Casework) -> Resident:
    return await casework.resident("Ali Hassan")


@pytest.fixture
async def fatima(casework: Casework) -> Resident:
    return await casework.resident()


async def submitted(casework: Casework, ali: Resident, words: str = WORDS) -> Case:
    return await casework.case(
        ali, words=words, name="Ali Hassan", latitude=LATITUDE, longitude=LONGITUDE, block=338, road="12", building="7"
    )


async def seen(casework: Casework, who: Resident) -> Case:
    (found,) = await casework.do(duplicates.similar, BINS, CAPITAL, LATITUDE, LONGITUDE, 338, "12", who.id)
    return found.case


async def test_nobody_reads_a_neighbours_words_or_where_they_live(
    casework: Casework, ali: Resident, fatima: Resident
) -> None:
    case = await submitted(casework, ali)
    shown = await seen(casework, fatima)
    assert (shown.words, shown.name, shown.building, shown.road, shown.latitude) == ("", "", "", "", None)
    assert (shown.block, shown.category, shown.created_at) == (338, BINS, case.created_at)
    await casework.do(duplicates.join, case.id, fatima)
    joined = await casework.do(resident_actions.own, case.reference, fatima)
    assert joined is not None
    assert joined == shown.model_copy(update={"priority": 1, "updated_at": joined.updated_at})


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (WORDS, "… of … calls …: the bins at … overflow"),
        ("الحاويات عند منزل رقم ١٢ وبيت ٥ والفيلا 7 طافحة", "الحاويات عند … … … طافحة"),
        ("w" * 500, "w" * (LONGEST - 1) + "…"),
    ],
)
async def test_who_agrees_is_read_without_names_and_numbers_until_they_hide_it(
    casework: Casework, ali: Resident, fatima: Resident, words: str, read: str
) -> None:
    case = await submitted(casework, ali, words)
    assert await casework.do(public_view.agree, case.reference, fatima, others_may=True) is None, "it is not theirs"
    for _ in range(2):
        assert await casework.do(public_view.agree, case.reference, ali, others_may=True)
        assert (await seen(casework, fatima)).words == read
    await casework.do(public_view.agree, case.reference, ali, others_may=False)
    assert (await seen(casework, fatima)).words == ""
    who = f"resident:{ali.id}"
    assert await casework.audited(f"case:{case.id}") == [
        (who, "case.submit"),
        (who, "case.words_shown"),
        (who, "case.words_hidden"),
    ]


async def test_staff_write_what_is_read_instead_and_take_it_back(
    casework: Casework, ali: Resident, fatima: Resident
) -> None:
    case = await submitted(casework, ali)
    assert isinstance(await casework.do(public_view.summarise, HUDA, case.id, " Bins overflow at the park. "), Case)
    assert (await seen(casework, fatima)).words == "Bins overflow at the park."
    await casework.do(public_view.agree, case.reference, ali, others_may=True)
    assert (await seen(casework, fatima)).words == "Bins overflow at the park.", "what staff wrote comes first"
    await casework.do(public_view.agree, case.reference, ali, others_may=False)
    assert (await seen(casework, fatima)).words == "Bins overflow at the park."
    await casework.do(public_view.take_back, HUDA, case.id)
    assert (await seen(casework, fatima)).words == ""
    did = [what for who, what in await casework.audited(f"case:{case.id}") if who == "staff:9001"]
    assert did == ["case.summary", "case.summary_removed"]


async def test_who_may_not_reply_writes_no_summary(casework: Casework, ali: Resident, fatima: Resident) -> None:
    case = await submitted(casework, ali)
    for person in (NADIA, COUNCIL):
        assert isinstance(await casework.do(public_view.summarise, person, case.id, "Bins"), Denied)
        assert isinstance(await casework.do(public_view.take_back, person, case.id), Denied)
    assert (await seen(casework, fatima)).words == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" \u200b ", NotWritten.EMPTY),
        ("w" * (LONGEST + 1), NotWritten.TOO_LONG),
        ("Ali says that the bins overflow", NotWritten.NAMES),
        ("Bins overflow, call 3312 3456", NotWritten.NAMES),
        ("Bins overflow at house 12", NotWritten.NAMES),
    ],
)
async def test_a_summary_names_nobody(
    casework: Casework, ali: Resident, fatima: Resident, text: str, why: NotWritten
) -> None:
    case = await submitted(casework, ali)
    assert await casework.do(public_view.summarise, HUDA, case.id, text) is why
    assert (await seen(casework, fatima)).words == ""


async def test_of_a_request_that_has_ended_nothing_is_shown_to_anybody_else(casework: Casework, ali: Resident) -> None:
    case = await submitted(casework, ali)
    await casework.do(by_staff.reject, case.id, "staff:9001", "It is another's")
    assert await casework.do(public_view.agree, case.reference, ali, others_may=True) is None
    assert await casework.do(public_view.summarise, HUDA, case.id, "Bins") is NotWritten.ENDED


async def test_whoever_is_forgotten_is_read_no_more(casework: Casework, ali: Resident, fatima: Resident) -> None:
    case = await submitted(casework, ali)
    await casework.do(public_view.agree, case.reference, ali, others_may=True)
    await casework.do(public_view.summarise, HUDA, case.id, "Bins overflow")
    await casework.do(erasure.forget, ali, casework.now, cancel)
    assert (await seen(casework, fatima)).words == ""
