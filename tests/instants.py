"""What time it is in the tests: set, never taken from the wall.

`CUSTOMER_DAY_TESTS_AT=2027-02-20T20:00:00+03:00 make test` starts the towns of `tests/conversations` and `tests/e2e` at
another instant. Their expectations hold there too: they follow from the instant by the product's rules. A test about
certain dates has an instant of its own, `@pytest.mark.starts_at(SUNDAY)`, which the variable does not move.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

VARIABLE = "CUSTOMER_DAY_TESTS_AT"
#: 09:00 in Bahrain on a working day; the Capital's Customer Day is three days off, the next holiday three weeks.
SUNDAY = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def first_instant() -> datetime:
    """When a test starts that says nothing else. Raises ValueError for a variable that is no time with its offset."""
    given = os.environ.get(VARIABLE)
    if not given:
        return SUNDAY
    instant = datetime.fromisoformat(given)
    if instant.tzinfo is None:
        raise ValueError(f"{VARIABLE}: expected a time with its offset, like 2027-02-20T20:00:00+03:00")
    return instant.astimezone(UTC)
