"""The right that each button of an appointment's card needs, and the buttons that one reader may use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.engine.step import Button, Rows
from conversations.promises.screens import VERB
from conversations.staff.context import StaffContext, read
from conversations.staff.own_buttons import usable
from services.staff.permissions import Act
from storage.records.bookings import Booking

RIGHTS: Mapping[str, Act] = MappingProxyType(
    {
        "bk_open": Act.READ,
        "bk_history": Act.READ,
        "bk_files": Act.READ,
        "bk_arrived": Act.RECEIVE,
        "bk_call": Act.RECEIVE,
        "bk_in": Act.RECEIVE,
        "bk_done": Act.RECEIVE,
        "bk_no_show": Act.RECEIVE,
        "bk_came": Act.RECEIVE,
        "bk_undo": Act.RECEIVE,
        "bk_contact": Act.SEE_CONTACT,
        "bk_card": Act.READ,
        **dict.fromkeys(("bk_move", "bk_move_to", "bk_move_yes", "bk_cancel", "bk_cancel_yes"), Act.INTAKE),
        **dict.fromkeys(("bk_meet", "bk_meet_yes", "bk_link"), Act.INTAKE),
        **dict.fromkeys(("bk_note", "bk_keep"), Act.NOTE),
        **dict.fromkeys(("bk_answer", "bk_send", "bk_drop"), Act.REPLY),
        "bk_ask": Act.ASK,
    }
)


async def own_buttons(context: StaffContext, booking: Booking, rows: Rows) -> Rows:
    """The rows without what this reader may not do. A group shares its card, and keeps them all."""
    return await usable(context, booking.office, rows, _right_of)


def _right_of(button: Button) -> Act:
    tap = read(button.data)
    if tap is None:
        return Act.READ
    return Act.RECEIVE if tap.verb == VERB else RIGHTS.get(tap.verb, Act.READ)
