from __future__ import annotations

import pytest

from services.actors import staff_actor
from services.casework import block_corrections
from services.offices.geography import BlockMatch
from storage.database import Database
from storage.ids import OfficeId
from tests.services.case_builders import CAPITAL, NORTHERN, Casework


@pytest.fixture
def casework(database: Database) -> Casework:
    return Casework(database)


async def test_what_staff_say_of_a_block_is_remembered_and_audited(casework: Casework) -> None:
    assert await casework.do(block_corrections.office_of, 427) is None

    await casework.do(block_corrections.correct_block, 427, NORTHERN, staff_actor("1"))
    await casework.do(block_corrections.correct_block, 427, CAPITAL, staff_actor("2"))

    assert await casework.do(block_corrections.office_of, 427) == BlockMatch(CAPITAL, sure=True)
    async with casework.work() as work:
        told = await work.tx.all("SELECT actor, subject, detail FROM audit WHERE action = 'block.correct' ORDER BY id")
    assert [tuple(row.values()) for row in told] == [
        ("staff:1", "block:427", "northern"),
        ("staff:2", "block:427", "capital"),
    ]


@pytest.mark.parametrize(("block", "office"), [(50, "capital"), (1217, "capital"), (338, "nowhere")])
async def test_no_such_block_or_office_is_remembered(casework: Casework, block: int, office: str) -> None:
    assert await casework.do(block_corrections.correct_block, block, OfficeId(office), staff_actor("1")) is None
    async with casework.work() as work:
        assert await work.tx.all("SELECT * FROM block_corrections") == []
