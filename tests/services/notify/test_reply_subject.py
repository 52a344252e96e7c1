"""What a message of ours that somebody replies to is about."""

from __future__ import annotations

import pytest

from services.notify.reply_subject import replied_subject
from storage import outbox
from storage.database import Database
from storage.records import OutboxKind
from tests.services.case_builders import Desk


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def _subject(desk: Desk, message: int, text: str) -> str:
    return await desk.do(replied_subject, "telegram", "1001", message, text)


async def test_the_row_of_the_message_says_it(desk: Desk) -> None:
    case = await desk.case(await desk.resident())
    async with desk.database.transaction() as tx:
        outbox.add(
            tx, channel="telegram", chat="1001", kind=OutboxKind.MESSAGE, payload="", subject="booking:7", at=desk.now
        )
        await tx.run("UPDATE outbox SET message = 40, status = 'sent' WHERE subject = 'booking:7'")

    assert await _subject(desk, 40, f"About {case.reference}") == "booking:7"


async def test_where_no_row_says_it_the_one_reference_in_the_message_does(desk: Desk) -> None:
    case = await desk.case(await desk.resident())

    assert await _subject(desk, 41, f"✅ Received. Reference: {case.reference}\n{case.reference}") == f"case:{case.id}"


async def test_a_list_of_several_is_about_none_of_them(desk: Desk) -> None:
    resident = await desk.resident()
    one, other = await desk.case(resident), await desk.case(resident)

    assert await _subject(desk, 42, f"{one.reference}\n{other.reference}") == ""


async def test_words_without_a_reference_or_with_one_that_is_nothing_are_about_nothing(desk: Desk) -> None:
    assert await _subject(desk, 43, "Good morning") == ""
    assert await _subject(desk, 43, "C-0000-000 or so") == ""
