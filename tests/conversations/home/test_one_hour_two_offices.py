"""Somebody who wants an appointment at an hour at which they are at another municipality is told so."""

from __future__ import annotations

import pytest

from tests.conversations.home.residents import booked, said
from tests.instants import SUNDAY

pytestmark = pytest.mark.starts_at(SUNDAY)


async def test_the_same_hour_at_another_municipality_is_said_and_another_time_leads_on(town):
    fatima = await booked(town)

    await fatima.says("appointment at the Southern municipality on 25 November at 9")
    assert "You have another appointment at that hour" in said(fatima)
    assert {"Move the other one", "View appointment"} <= {label for row in fatima.buttons for label in row}

    await fatima.taps("Choose another time")
    await fatima.taps(fatima.buttons[0][0])
    await fatima.taps("09:15")
    await fatima.taps("Confirm")
    found = await town.rows(
        "SELECT b.office, b.status FROM bookings b JOIN slots t ON t.id = b.slot_id ORDER BY t.starts_at"
    )
    assert [(row["office"], row["status"]) for row in found] == [("capital", "confirmed"), ("southern", "confirmed")]
