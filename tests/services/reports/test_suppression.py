"""What is published tells no count below five, and none can be computed from what is."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Sequence
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reports import counting, open_data
from services.reports.figures import Report, Scope
from services.reports.periods import Period
from services.reports.suppression import LEAST, protect, published
from services.reports.tables import Column, Hidden, Table, TableName, tables
from storage.database import Database
from storage.ids import OfficeId
from tests.services.reports.seeding import Booked, FiledCase, Rated, histories, reading, seed

_COUNTS = {Column.COUNT, Column.RECEIVED, Column.CLOSED}
_BEYOND = 40  # more than any of the cells here


def possible(cells: Sequence[int | Hidden], signs: Sequence[int], total: int) -> list[set[int]]:
    """By trying all: which numbers each cell can be, for whoever sees these cells and knows their sum."""
    ranges = [_range(cell) for cell in cells]
    found: list[set[int]] = [set() for _ in cells]
    for guess in itertools.product(*ranges):
        if sum(sign * n for sign, n in zip(signs, guess, strict=True)) == total:
            for place, n in enumerate(guess):
                found[place].add(n)
    return found


def _range(cell: int | Hidden) -> range:
    match cell:
        case Hidden.SMALL:
            return range(LEAST)
        case Hidden.COMPLEMENT:
            return range(LEAST, _BEYOND)
        case _:
            return range(cell, cell + 1)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=4))
@settings(max_examples=150)
def test_a_small_cell_can_be_any_small_number_by_all_that_is_published(values: list[int]) -> None:
    signs = (1,) * len(values)
    cells = protect(values, signs, sum(values))
    if cells is None:
        return
    assert all(isinstance(cell, Hidden) or cell >= LEAST for cell in cells)
    guesses = possible(cells, signs, sum(values))
    assert [guess for cell, guess in zip(cells, guesses, strict=True) if cell is Hidden.SMALL and len(guess) < 5] == []
    assert all(value in guess for value, guess in zip(values, guesses, strict=True))


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_nor_is_it_told_by_what_was_open_came_and_ended(start: int, received: int, closed: int) -> None:
    closed = min(closed, start + received)
    values, signs = (start, received, closed, start + received - closed), (1, 1, -1, -1)
    cells = protect(values, signs, 0)
    if cells is not None:
        guesses = possible(cells, signs, 0)
        assert all(cell is not Hidden.SMALL or len(guess) == 5 for cell, guess in zip(cells, guesses, strict=True))


def test_one_small_cell_takes_a_second_one_with_it() -> None:
    assert protect((3, 20, 9), (1, 1, 1), 32) == (Hidden.SMALL, 20, Hidden.COMPLEMENT)
    assert protect((3, 20, 5), (1, 1, 1), 28) == (Hidden.SMALL, Hidden.COMPLEMENT, Hidden.COMPLEMENT)


def test_two_small_cells_that_hide_each_other_take_none() -> None:
    assert protect((3, 2, 1, 30), (1, 1, 1, 1), 36) == (Hidden.SMALL, Hidden.SMALL, Hidden.SMALL, 30)


def test_a_table_of_which_nothing_could_be_shown_is_withheld() -> None:
    assert protect((1, 5), (1, 1), 6) is None


@given(histories())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_small_count_is_in_the_open_data(
    database: Database, history: tuple[list[FiledCase], list[Rated], list[Booked]]
) -> None:
    await seed(database, *history)
    report = await _report(database)
    for table in published(report):
        for row in table.rows:
            for column, cell in zip(table.columns[1:], row[1:], strict=True):
                assert column in _COUNTS
                assert not isinstance(cell, int) or cell >= LEAST
    assert {table.name for table in published(report)} <= {table.name for table in tables(report)}
    assert TableName.STAFF not in {table.name for table in published(report)}


@given(histories())
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_json_and_csv_say_what_is_published_and_nothing_else(
    database: Database, history: tuple[list[FiledCase], list[Rated], list[Booked]]
) -> None:
    await seed(database, *history)
    report = await _report(database)
    said = json.loads(open_data.as_json(report))
    assert set(said["tables"]) == {table.name.value for table in published(report)}
    shown = {
        _figure(table, row, place) for table in published(report) for row in table.rows for place in range(1, len(row))
    }
    lines = list(csv.DictReader(io.StringIO(open_data.as_csv(report).decode("utf-8-sig"))))
    assert {tuple(line.values()) for line in lines if line["table"] != "about"} == shown
    text = json.dumps(said) + str(lines)
    assert not any(word in text for word in ("Thank you", "staff:", "C-1", "Fatima"))


def _figure(table: Table, row: tuple[object, ...], place: int) -> tuple[str, ...]:
    cell = {Hidden.SMALL: "<5", Hidden.COMPLEMENT: "hidden", None: ""}.get(row[place], row[place])  # type: ignore[call-overload]
    key = "" if row[0] is None else str(row[0])
    return table.name.value, key, table.columns[place].value, str(cell)


async def _report(database: Database) -> Report:
    scope = Scope(Period(date(2026, 9, 1), date(2026, 11, 30)), (OfficeId("capital"), OfficeId("muharraq")))
    async with database.read() as tx:
        return await counting.count(reading(tx), scope, staff=True, comments=True)
