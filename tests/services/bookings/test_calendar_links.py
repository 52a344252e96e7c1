"""A link to an appointment's file: nobody makes one up, and every process with the key knows those of the others."""

from __future__ import annotations

import random
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.bookings.calendar_links import CalendarLinks, kept_key
from services.text.references import new_reference

LINKS = CalendarLinks("https://bot.example.org", b"k" * 32)
MINE, YOURS = (new_reference("B", random.Random(seed)) for seed in (1, 2))


def name(links: CalendarLinks = LINKS, reference=MINE) -> str:
    """The last part of a link."""
    return links.link(reference).rpartition("/")[2]


def test_a_link_leads_back_to_its_reference() -> None:
    assert LINKS.link(MINE).startswith(f"https://bot.example.org/calendar/{MINE}.")
    assert LINKS.reference_in(name()) == MINE


def test_another_reference_or_another_key_makes_another_code() -> None:
    others = CalendarLinks(LINKS.public_url, b"l" * 32)

    assert name().replace(MINE, YOURS) != name(reference=YOURS)
    assert LINKS.reference_in(name().replace(MINE, YOURS)) is None
    assert LINKS.reference_in(name(others)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        ".ics",
        f"{MINE}.ics",
        f"{MINE}..ics",
        name()[:-4],
        name().lower(),
        f" {name()}",
        f"x{name()}",
        "é.ü.ics",
        f"{MINE}.{'A' * 20}.ics",
        name().replace(".ics", "=.ics"),
        f"{name()}.ics",
        "B-AAAA-AAA.code.ics",
    ],
)
def test_what_is_not_exactly_a_link_is_none(wrong: str) -> None:
    assert LINKS.reference_in(wrong) is None


def test_the_key_is_not_shown_where_links_are() -> None:
    assert "k" * 8 not in repr(LINKS)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "calendar.key"
    key = kept_key(file)

    assert len(key) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept_key(file) == key
    assert [kept.name for kept in tmp_path.iterdir()] == ["calendar.key"]


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: kept_key(tmp_path / "calendar.key"), range(8)))

    assert len(keys) == 1
    assert [kept.name for kept in tmp_path.iterdir()] == ["calendar.key"]
