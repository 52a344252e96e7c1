"""What time it is in the tests: set, never taken from the wall.

`CUSTOMER_DAY_TESTS_AT=2027-02-20T20:00:00+03:00 make test` starts the towns of `tests/conversations` and `tests/e2e` at
another instant. Their expectations hold there too: they follow from the instant by the product's rules. A test about
certain dates has an instant of its own, `@pytest.mark.starts_at(SUNDAY)`, which the variable does not move.

Several instants, with spaces between them, repeat each test at two of them: the first test of a module at the first
two, the next at the next two, and so on around, so that together they see them all. A test about days and hours is
marked `@pytest.mark.at_some_instants(6)`, for so many, one for which the hour hardly matters with 1, and one for which
it does not with 0. A module whose tests share a bot says `@pytest.mark.at_some_instants(2, together=True)`: all of
them are repeated at the same two.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

VARIABLE = "CUSTOMER_DAY_TESTS_AT"
#: 09:00 in Bahrain on a working day; the Capital's Customer Day is three days off, the next holiday three weeks.
SUNDAY = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
#: At how many of several instants a test is repeated that does not say it.
_USUAL = 2


def first_instant() -> datetime:
    """When a test starts that says nothing else. Raises ValueError for a variable that is no time with its offset."""
    given = os.environ.get(VARIABLE)
    if not given:
        return SUNDAY
    instant = datetime.fromisoformat(given)
    if instant.tzinfo is None:
        raise ValueError(f"{VARIABLE}: expected a time with its offset, like 2027-02-20T20:00:00+03:00")
    return instant.astimezone(UTC)


def several() -> list[str]:
    """The instants at which each test is repeated; none where it is not."""
    given = os.environ.get(VARIABLE, "").split()
    return given if len(given) > 1 else []


def left_out(tests: Iterable[pytest.Item], count: int) -> list[pytest.Item]:
    """The tests that are not repeated at the instant they have been given, of `count`."""
    out: list[pytest.Item] = []
    places: dict[tuple[str, str, str], int] = {}  # of each, among its like
    counted: Counter[str] = Counter()
    for test in tests:
        marker = test.get_closest_marker("at_some_instants")
        if not isinstance(test, pytest.Function) or "instant" not in test.callspec.indices:
            continue
        module = test.nodeid.partition("::")[0]
        if marker is not None and marker.kwargs.get("together"):
            like, which = "", (module, "", "")
        else:
            params = {name: place for name, place in test.callspec.indices.items() if name != "instant"}
            like, which = module, (module, test.originalname, str(sorted(params.items())))
        if which not in places:
            places[which] = counted[like]
            counted[like] += 1
        often = _USUAL if marker is None else marker.args[0]
        # The next one's instants follow on this one's.
        if (test.callspec.indices["instant"] - places[which] * often) % count >= often:
            out.append(test)
    return out
