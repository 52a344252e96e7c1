"""What people ask in their own words about what they have: to cancel, to move, to withdraw, or how it stands.

They are led to where its button leads, and asked there. Nothing is done at once.
"""

from __future__ import annotations

from conversations.booking import reschedule
from conversations.delegation.words import PEOPLE
from conversations.engine.fields import asks_for_number
from conversations.engine.messages import Kind
from conversations.engine.step import Next, Redirect, Turn
from conversations.home.own_number import ConfirmingNumber, OwnNumber, confirming
from services.bookings import bookings
from services.cases import resident_actions
from services.understanding.own_wishes import OwnWish, names_appointment
from services.understanding.times import when_said
from services.understanding.understanding import Understood
from storage.records.bookings import Booking, BookingStatus


async def granted(turn: Turn) -> Next | None:
    """Where a message leads that asks for a change to what its writer has; None where it asks for none."""
    said = turn.said
    if said.kind is not Kind.TEXT or said.forwarded or turn.acting is not None:
        return None
    rules, today = turn.work.understanding, turn.work.today
    if rules.own_wish(said.text, ahead=True) is None:  # most messages ask for nothing of the kind
        return None
    ahead = await bookings.open_of(turn.work, turn.resident.id)
    wish = rules.own_wish(said.text, ahead=bool(ahead))
    known = rules.of(said.text, today)
    if wish is None or known.danger is not None:
        return None
    if wish is OwnWish.STANDS:
        return await how_it_stands(turn, said.text, known)
    if wish is OwnWish.WITHDRAW:
        mine = await resident_actions.open_of(turn.work, turn.resident.id)
        return Redirect("withdraw", mine[0].reference) if len(mine) == 1 else Redirect("requests")
    if wish is OwnWish.ACT_FOR:
        return Redirect(PEOPLE)
    if wish is OwnWish.NUMBER:
        return await _of_number(turn, known)
    if len(ahead) != 1:
        return Redirect("appointments")
    return await _about(turn, wish, ahead[0])


async def _of_number(turn: Turn, known: Understood) -> Next | None:
    """A number that was said is only confirmed. None where the words answer a question for one, or tell of a matter."""
    asked = turn.here is not None and not isinstance(turn.here, OwnNumber | ConfirmingNumber)
    if known.about.categories or (asked and await asks_for_number(turn)):
        return None
    return confirming(turn, known.phone) if known.phone else OwnNumber()


async def _about(turn: Turn, wish: OwnWish, booking: Booking) -> Next:
    """What is asked about the one appointment that there is."""
    if wish is OwnWish.CANCEL:
        return Redirect("cancel", booking.reference)
    if wish is OwnWish.MOVE and booking.status is BookingStatus.CONFIRMED:
        return await reschedule.move_to(turn, booking, when_said(turn.said.text, turn.work.today))
    return Redirect("appointment", booking.reference)


async def how_it_stands(turn: Turn, text: str, known: Understood) -> Next | None:
    """What somebody asks after: their appointment, the request that it must be, or all of them. None where is none."""
    if names_appointment(text):
        ahead = await bookings.open_of(turn.work, turn.resident.id)
        return Redirect("appointment", ahead[0].reference) if len(ahead) == 1 else Redirect("appointments")
    lines = await resident_actions.of_resident(turn.work, turn.resident.id)
    still_open = [line.case for line in lines if line.case.status not in resident_actions.ENDED]
    meant = [case for case in still_open if case.category in known.about.categories] or still_open
    if len(meant) == 1:
        return Redirect("case", meant[0].reference)
    return Redirect("requests") if lines else None
