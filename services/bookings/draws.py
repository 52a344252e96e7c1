"""A draw instead of first come: residents apply, and at a time that was told before, the order is drawn.

Anybody can check it. When the day is planned, a seed is chosen and the SHA-256 of it is published: the commitment. So
the seed cannot be chosen once it is known who applied. After the draw each applicant is told the seed. The order is
that of SHA-256 of `seed:reference`, as hexadecimal digits: `printf '%s' "$seed:$reference" | sha256sum`.

Applicants are on the session's waiting list. The first have the free times, in their order; the others stay on the
list in the order that was drawn, and so does who has an appointment to come at the office by then. From then on the
day is like any other.

The draw of an extra session can be switched off. For five minutes that is undone by a tap, and nobody is told. Then the
times are given in the order of application, which is known and was nobody's to choose: who applied has a time before
anybody else can book one, the others wait in that order, and all are told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from services.actors import CLOCK, booking_subject
from services.bookings import one_at_a_time
from services.bookings.availability import SessionAvailability
from services.bookings.transitions import (
    confirm,
    end_waiting,
    lock_sessions,
    process_expiries,
    seated,
    tell_office_besides,
)
from services.notify.enqueue import notify_resident
from services.notify.notices import Notice
from services.notify.notices.bookings import DrawCalledOff, Drawn
from services.notify.quiet_hours import by_day
from services.unit_of_work import Work
from storage import bookings as booking_rows
from storage import draws as rows
from storage import residents
from storage.draws import Draw
from storage.ids import Reference, SessionId
from storage.records.bookings import Booking, BookingEventKind
from storage.records.sessions import Slot

__all__ = ["Draw", "commitment", "drawn_order", "of", "run_due", "to_come"]


def commitment(seed: str) -> str:
    """What is published of a seed before the draw."""
    return hashlib.sha256(seed.encode()).hexdigest()


def drawn_order(seed: str, references: Iterable[Reference]) -> list[Reference]:
    """The order in which a seed puts the applications, however they came in."""
    return sorted(references, key=lambda reference: hashlib.sha256(f"{seed}:{reference}".encode()).hexdigest())


async def of(work: Work, session: SessionId) -> Draw | None:
    """The draw of a session; None where it is first come, first served."""
    return await rows.of(work.tx, session)


async def to_come(work: Work, session: SessionId) -> Draw | None:
    """The draw of a session that is not drawn yet."""
    draw = await rows.of(work.tx, session)
    return draw if draw is not None and draw.drawn_at is None else None


async def run_due(work: Work, limit: int) -> int:
    """Draw what is due, and give the times of what is not drawn after all; how many sessions that were."""
    off = await rows.going_off(work.tx, work.now, limit)
    if off:
        return sum([await _give_in_order(work, board) for board in (await lock_sessions(work, *off)).values()])
    due = await rows.due(work.tx, work.now, limit)
    boards = await lock_sessions(work, *due)
    return sum([await _draw(work, board) for board in boards.values()])


async def _draw(work: Work, board: SessionAvailability) -> int:
    """Draw a session in hand, if no other worker has drawn it meanwhile. It is whole or, after a crash, not begun."""
    draw = board.draw
    if draw is None or not await rows.mark_drawn(work.tx, board.session.id, work.now):
        return 0
    board.draw = None
    applied = {one.reference: one for one in board.waiting()}
    order = [applied[reference] for reference in drawn_order(draw.seed, applied)]
    await _give(work, board, order, lambda booking: Drawn(booking=booking.id))
    return 1


async def _give_in_order(work: Work, board: SessionAvailability) -> int:
    """The draw is off, if nobody has taken that back: who applied first is first."""
    if not await rows.drop(work.tx, board.session.id, work.now):
        return 0
    board.draw = None
    await _give(work, board, board.waiting(), lambda booking: DrawCalledOff(booking=booking.id))
    return 1


async def _give(
    work: Work, board: SessionAvailability, order: list[Booking], notice: Callable[[Booking], Notice]
) -> None:
    """Give the free times to the first of an order. The others wait on in it, and all are told."""
    callers = set(await residents.of_desk(work.tx, [one.resident_id for one in order]))
    seats = _free_seats(work, board)
    for number, booking in enumerate(order):
        has_one = await one_at_a_time.standing(work, booking.office, booking.resident_id, booking.phone) is not None
        if not has_one and (found := next(seats, None)) is not None:
            await confirm(work, board, booking, CLOCK, seated(*found))
        else:
            await _keep_waiting(work, board, booking, len(order) - number)
        await _tell(work, booking, notice(booking))
    for booking in [one for one in board.waiting() if one.resident_id in callers]:
        # An offer is open for an hour, and nobody can tell a caller of it: staff tell them how it went.
        await end_waiting(work, board, booking, CLOCK)
        tell_office_besides(work, booking, BookingEventKind.WAITING_ENDED)
    await process_expiries(work, board)


def _free_seats(work: Work, board: SessionAvailability) -> Iterator[tuple[Slot, int]]:
    """The free seats, the earliest first; each is to be taken before the next is asked for."""
    for slot in board.slots:
        while (seat := board.free_seat(slot, work.now)) is not None:
            yield slot, seat


async def _keep_waiting(work: Work, board: SessionAvailability, booking: Booking, behind: int) -> None:
    """Stay on the waiting list, as if they had come in the drawn order just before the draw."""
    since = work.now - timedelta(microseconds=behind)
    kept = booking.model_copy(update={"waiting_since": since, "updated_at": work.now})
    await booking_rows.save(work.tx, booking, kept)
    board.bookings[kept.id] = kept
    board.changes += 1


async def _tell(work: Work, booking: Booking, notice: Notice) -> None:
    await notify_resident(
        work,
        booking.resident_id,
        notice,
        key=f"{notice.about}:{booking.id}",
        subject=booking_subject(booking.id),
        not_before=by_day(work, work.now),
    )
