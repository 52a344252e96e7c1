"""Strangers write as they write, and reach the right card in at most two exchanges: one bot for all of them.

`tests/data/strangers.yaml` was written before the rules were read. An exchange is what they do and the bot's answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.sandbox import Account
from locales import Language
from services.offices.offices import Office
from tests.e2e.process import Municipality, municipality
from tests.e2e.talking import Resident
from tests.instants import SUNDAY
from tests.shipped import OFFICES

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.starts_at(SUNDAY)]

_FIRST = 7100  # the number of the first stranger's account
LIKELIEST = {"category", "split"}  # the first button of a question
_HELD = """
    SELECT b.office FROM bookings b JOIN residents r ON r.id = b.resident_id
    WHERE r.address = :address AND b.status = 'held'
"""
_FILED = """
    SELECT c.kind, c.category, c.office, c.block, c.road, c.latitude IS NOT NULL AS pinned,
        (SELECT count(*) FROM case_files f WHERE f.case_id = c.id) AS files
    FROM cases c JOIN residents r ON r.id = c.resident_id WHERE r.address = :address ORDER BY c.id
"""


class Does(BaseModel):
    """What somebody sends, or taps."""

    model_config = ConfigDict(extra="forbid")
    text: str = ""
    voice: bool = False
    photo: str | None = None
    pin: tuple[float, float] | None = None
    button: str = ""


class Card(BaseModel):
    """The request that it has to become."""

    model_config = ConfigDict(extra="forbid")
    kind: str = "complaint"
    category: list[str]
    office: str
    block: int | None = None
    road: str = ""
    files: int = 0
    pinned: bool = False
    split: list[str] = Field(default_factory=list)


class Stranger(BaseModel):
    """One of them."""

    model_config = ConfigDict(extra="forbid")
    id: str
    language: Literal["ar", "en"]
    said: Does
    reply: Does | None = None
    card: Card | None = None
    days: str = ""
    held: str = ""


STRANGERS = TypeAdapter(list[Stranger]).validate_python(
    yaml.safe_load((Path(__file__).parents[1] / "data" / "strangers.yaml").read_text(encoding="utf-8"))
)
ACCOUNTS = {
    one.id: Account(_FIRST + number, "Stranger", f"Of Town {one.id}", "", one.language)
    for number, one in enumerate(STRANGERS)
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Municipality]:
    async with municipality(tmp_path_factory.mktemp("strangers"), people=tuple(ACCOUNTS.values()), at=SUNDAY) as town:
        yield town


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda one: one.id)
async def test_a_stranger_reaches_the_right_card_in_two_exchanges(shared: Municipality, stranger: Stranger) -> None:
    resident = Resident.of(shared, Language(stranger.language), ACCOUNTS[stranger.id].id)

    shown = await _exchange(resident, stranger.said)
    if stranger.reply is not None:
        shown = await _exchange(resident, stranger.reply)

    if stranger.card is None:
        office = _office(stranger.days or stranger.held)
        held = await shared.rows(_HELD, address=str(resident.person.account.id))
        assert [row["office"] for row in held] == ([office.id] if stranger.held else [])
        assert stranger.held or resident.t.pick_plain(office.name) in shown
        return
    assert resident.words("Check your {kind}") in shown
    assert resident.t.pick_plain(_office(stranger.card.office).name) in shown
    await resident.taps("Without my name")
    await resident.sees("By submitting, you agree that the municipality can use")
    await resident.taps("✅ Submit")
    if stranger.card.split:
        await resident.sees("Now your second request.")
        await resident.taps("✅ Submit")
    await resident.sees(f"We have received your {stranger.card.kind}.")
    await _is_filed(shared, resident, stranger.card)


async def _exchange(resident: Resident, what: Does) -> str:
    """Do it, and wait for all of the answer."""
    person = resident.person
    if what.text:
        await resident.says(what.text)
    elif what.voice:
        await person.sends_voice()
    elif what.photo is not None:
        await person.sends_photo(caption=what.photo)
    elif what.pin is not None:
        await person.shares_location(*what.pin)
    elif what.button in LIKELIEST and not person.last.buttons:
        await person.taps(person.keyboard[1][0])  # beside the button that shares a place
    elif what.button in LIKELIEST:
        resident.looking_at = person.last
        await resident.taps_first()
    else:
        await person.taps(next(label for row in person.last.buttons for label in row if what.button in label))
    await resident.is_answered()
    await resident.town.all_sent()
    return person.last.text


async def _is_filed(town: Municipality, resident: Resident, card: Card) -> None:
    """Whether what staff now have is what was meant."""
    first, *others = await town.rows(_FILED, address=str(resident.person.account.id))
    assert first["category"] in card.category
    assert (first["kind"], first["office"], first["block"]) == (card.kind, card.office, card.block)
    assert first["road"] == card.road
    assert first["files"] == card.files
    assert bool(first["pinned"]) is card.pinned
    assert [other["category"] in card.split for other in others] == [True] * bool(card.split)
    for other in others:
        assert (other["office"], other["block"], other["road"]) == (card.office, card.block, card.road)


def _office(office: str) -> Office:
    return next(one for one in OFFICES.all if one.id == office)
