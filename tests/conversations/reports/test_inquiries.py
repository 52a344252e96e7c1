"""The report of what residents asked: which answers helped, what had none, and that it names nobody."""

from __future__ import annotations

import io

import openpyxl
import pytest

from locales import clean
from storage.database import Database
from tests.conversations.reports.report_town import report_town
from tests.conversations.staff_town import DeskTown
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)


@pytest.fixture
async def town(database: Database) -> DeskTown:
    town = await report_town(database)
    async with town.database.transaction() as tx:
        for words, alike, answer, outcome in (
            ("fees?", "fees", "permit_fees", "answered"),
            ("fees?", "fees", "permit_fees", "not_answered"),
            ("passport?", "passport", "", "unknown"),
            ("Passport", "passport", "", "unknown"),
            ("", "", "hours", "shown"),
        ):
            await tx.run(
                "INSERT INTO inquiries (asked_at, office, words, alike, answer, outcome) "
                "VALUES (:at, 'capital', :words, :alike, :answer, :outcome)",
                at=town.now,
                words=words,
                alike=alike,
                answer=answer,
                outcome=outcome,
            )
    return town


async def test_a_manager_reads_what_was_asked_and_what_had_no_answer(town: DeskTown) -> None:
    await town.maryam.says("/report")
    await town.maryam.taps("What people asked")

    said = clean(town.maryam.last.text)
    for line in ("Asked: 5", "Without a ready answer: 2", "How much is a building permit?: 2", "passport?”: 2"):
        assert line in said
    (file,) = town.maryam.last.message.files
    book = openpyxl.load_workbook(io.BytesIO(file.content or b""))
    rows = [[cell.value for cell in row] for row in book["Ready answers"].iter_rows(min_row=2)]
    assert ["How much is a building permit?", 2, 1, 1] in rows
    unanswered = [[cell.value for cell in row][:3] for row in book["Not answered"].iter_rows(min_row=2)]
    assert ["passport?", 2, None] in unanswered
    assert ["fees?", 1, "How much is a building permit?"] in unanswered
