"""What staff and administrators can do from the command line: the same services, the same audit."""

from __future__ import annotations

from datetime import date

from bot.app import open_context
from bot.settings import Settings
from bot.time_source import Clock, now
from services.actors import Actor
from services.bookings import bookings, sessions
from services.cases.actions import AlreadyDone
from services.cases.by_name import BY_NAME, NEED_WORDS, apply_by_name
from services.cases.workflow import Applied, NotAllowed, Stale, Transition
from services.casework import block_corrections
from services.offices.offices import Office, Offices
from services.offices.schema import FIRST_BLOCK, LAST_BLOCK
from services.text.references import BOOKING_EXAMPLE, CASE_EXAMPLE, parse_reference
from services.unit_of_work import Work
from services.visits import visits
from storage.ids import OfficeId, Reference
from storage.records.bookings import Booking
from storage.translations import Translations
from storage.visits import Visit


async def move_case(settings: Settings, reference: str, move: str, words: str, actor: Actor, clock: Clock = now) -> int:
    """Move a case; whoever follows it is told by the running bot. Raises ValueError for an unknown move."""
    known, number = _transition(move, words), _reference(reference)
    async with open_context(settings, clock=clock) as context:
        result = await context.attempt(lambda work: apply_by_name(work, number, known, words, actor))
    match result:
        case Applied(case=now) | AlreadyDone(case=now):
            return _said(f"{now.reference}: {now.status}")
        case Stale(case=now):
            return _said(f"{now.reference}: somebody was first; it is {now.status}, owner {now.owner or 'nobody'}", 1)
        case NotAllowed(status=status):
            return _said(
                f"{reference}: no such case" if status is None else f"{reference} is {status}: not possible", 1
            )


def _transition(name: str, words: str) -> Transition:
    """A transition as it is typed, with hyphens. One whose words the resident is to read must have some."""
    known = {one.replace("_", "-"): one for one in BY_NAME}
    found = known.get(name.replace("_", "-"))
    if found is None:
        raise ValueError(f"no move {name!r}; there are: {', '.join(known)}")
    if found in NEED_WORDS and not words.strip():
        raise ValueError(f"{name} needs words after it: what is to be said")
    return found


async def move_booking(
    settings: Settings, reference: str, move: str, words: str, actor: Actor, clock: Clock = now
) -> int:
    """Record what became of a booking. Raises ValueError for an unknown move."""
    moves = {
        "check-in": _arrive,
        "attended": bookings.mark_attended,
        "no-show": bookings.mark_no_show,
    }
    if move not in {*moves, "cancel"}:
        raise ValueError(f"no move {move!r}; there are: {', '.join([*moves, 'cancel'])}")
    number = _reference(reference)

    async def act(work: Work) -> object:
        if move != "cancel":
            return await moves[move](work, number, actor)
        found = await bookings.by_reference(work, number)
        return None if found is None else await bookings.cancel_by_municipality(work, found.id, words, actor)

    async with open_context(settings, clock=clock) as context:
        result = await context.attempt(act)
    if isinstance(result, Booking):
        return _said(f"{result.reference}: {result.status}")
    return _said(f"{reference}: no such booking, or not in a state for this", 1)


async def _arrive(work: Work, reference: Reference, actor: Actor) -> Booking | None:
    """Somebody has come: as at the door, they get a ticket and wait."""
    booking = await bookings.by_reference(work, reference)
    if booking is None or not isinstance(await visits.arrive(work, booking, actor), Visit):
        return None
    return await bookings.by_reference(work, reference)


async def close_day(
    settings: Settings, office: str, day: str, reason: Translations | None, actor: Actor, clock: Clock = now
) -> int:
    """Close an office's day. Without a reason, only say who is affected: nobody is moved by surprise."""
    on = _day(day)
    async with open_context(settings, clock=clock) as context:
        found = _office(context.offices, office)

        async def act(work: Work) -> list[Booking]:
            affected = await sessions.affected_by_closing(work, found.id, on)
            if reason is not None:
                await sessions.close_day(work, found.id, on, reason, actor)
            return list(affected)

        affected = await context.attempt(act)
    for booking in affected:
        print(f"  {booking.reference}  {booking.status}")  # noqa: T201
    if reason is None:
        return _said(
            f"{len(affected)} bookings are affected; --yes with --arabic and --english (the reason) closes {on}"
        )
    return _said(f"{found.id} is closed on {on}; {len(affected)} residents are told, with the nearest free times")


async def reopen_day(settings: Settings, office: str, day: str, actor: Actor, clock: Clock = now) -> int:
    on = _day(day)
    async with open_context(settings, clock=clock) as context:
        found = _office(context.offices, office)
        await context.attempt(lambda work: sessions.reopen_day(work, found.id, on, actor))
    return _said(f"{found.id} is open on {on} again")


async def correct_block(settings: Settings, block: int, office: str, actor: Actor, clock: Clock = now) -> int:
    """Remember whose a block is; residents who type it are led there from then on. ValueError for no such block."""
    async with open_context(settings, clock=clock) as context:
        found = _office(context.offices, office)
        if await context.attempt(lambda work: block_corrections.correct_block(work, block, found.id, actor)) is None:
            raise ValueError(f"{block} is no block; they run from {FIRST_BLOCK} to {LAST_BLOCK}")
    return _said(f"block {block} is served by {found.id}")


def _said(text: str, code: int = 0) -> int:
    print(text)  # noqa: T201
    return code


def _reference(text: str) -> Reference:
    reference = parse_reference(text)
    if reference is None:
        raise ValueError(f"{text!r} is no reference; one looks like {CASE_EXAMPLE} or {BOOKING_EXAMPLE}")
    return reference


def _office(offices: Offices, name: str) -> Office:
    office = offices.get(OfficeId(name))
    if office is None:
        raise ValueError(f"no office {name!r}; there are: {', '.join(known.id for known in offices.all)}")
    return office


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no date; one looks like 2026-12-02") from None
