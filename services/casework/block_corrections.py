"""Blocks and their offices, as the blocks file has them and staff corrected them."""

from __future__ import annotations

from services.actors import Actor, block_subject
from services.offices.geography import BlockMatch, office_of_block
from services.offices.schema import FIRST_BLOCK, LAST_BLOCK
from services.unit_of_work import Work
from storage import audit, blocks
from storage.ids import OfficeId


async def office_of(work: Work, block: int) -> BlockMatch | None:
    """Whose a block is: what staff corrected, else what the file knows or guesses; None where nothing is known."""
    return office_of_block(work.offices, block, await blocks.correction(work.tx, block))


async def correct_block(work: Work, block: int, office: OfficeId, actor: Actor) -> BlockMatch | None:
    """Remember whose a block is. None, and nothing is remembered, where there is no such block or office."""
    if work.offices.get(office) is None or not FIRST_BLOCK <= block <= LAST_BLOCK:
        return None
    blocks.correct(work.tx, block, office, actor, work.now)
    audit.record(work.tx, work.now, actor, "block.correct", block_subject(block), office)
    return BlockMatch(office, sure=True)
