"""What a message of ours that somebody replies to is about."""

from __future__ import annotations

import pytest

from services.notify.reply_subject import replied_subject
from storage import outbox
from storage.database import Database
from storage.ids import ChatId, MessageId
from storage.records.outbox import OutboxKind
from tests.services.case_builders import Casework


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


async def _subject(casework: Casework, message: str, text: str) -> str:
    return await casework.do(replied_subject, "telegram", ChatId("1001"), MessageId(message), text)


async def test_the_row_of_the_message_says_it(casework: Casework) -> None:
    case = await casework.case(await casework.resident())
    async with casework.database.transaction() as tx:
        outbox.add(
            tx,
            channel="telegram",
            chat=ChatId("1001"),
            kind=OutboxKind.MESSAGE,
            payload="",
            subject="booking:7",
            at=casework.now,
        )
        await tx.run("UPDATE outbox SET message = '40', status = 'sent' WHERE subject = 'booking:7'")

    assert await _subject(casework, "40", f"About {case.reference}") == "booking:7"


async def test_where_no_row_says_it_the_one_reference_in_the_message_does(casework: Casework) -> None:
    case = await casework.case(await casework.resident())

    assert (
        await _subject(casework, "41", f"✅ Received. Reference: {case.reference}\n{case.reference}")
        == f"case:{case.id}"
    )


async def test_a_list_of_several_is_about_none_of_them(casework: Casework) -> None:
    resident = await casework.resident()
    one, other = await casework.case(resident), await casework.case(resident)

    assert await _subject(casework, "42", f"{one.reference}\n{other.reference}") == ""


async def test_words_without_a_reference_or_with_one_that_is_nothing_are_about_nothing(casework: Casework) -> None:
    assert await _subject(casework, "43", "Good morning") == ""
    assert await _subject(casework, "43", "C-0000-000 or so") == ""
