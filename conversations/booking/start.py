"""Booking a Customer Day appointment: a day, a time, what about, who comes, name and phone, one look over it all.

Here are the ways in. Which questions there are, and in which order, stands in `fields`; the summary in `review`. All
that was entered goes along in one `BookingDraft`. A seat is held from the moment its time is chosen.
"""

from __future__ import annotations

import re

from conversations.booking.day_and_time import AlreadyBookedStep, ChoosingAlternative, ChoosingTime, hold, stand_in_line
from conversations.booking.draft import BookingDraft, Wish, draft_like, new_draft
from conversations.booking.office import NoCustomerDay
from conversations.booking.one_already import HavingOne
from conversations.booking.review import FORM
from conversations.booking.step import BookingStep, release_seat
from conversations.booking.subject import MeaningDay
from conversations.booking.time_picker import Why
from conversations.engine.drafts import Draft
from conversations.engine.fields import blocked
from conversations.engine.registry import Flow
from conversations.engine.step import Continue, Next, Redirect, Turn
from services.bookings import bookings, draws, sessions
from services.casework import block_corrections
from services.text.references import parse_reference
from services.understanding.places import SaidPlace
from services.understanding.understanding import Understood
from storage.ids import OfficeId, Reference, SessionId, SlotId
from storage.records.bookings import Booking

_ONLY_WHEN = 14  # words that ask for a time, and may say when, where and with whom, but not what about

# ---------------------------------------------------------------------------- the ways in


async def book(turn: Turn, argument: str) -> Next:
    """The first question; `argument` is an office, or nothing for the one remembered."""
    if (refused := blocked(turn)) is not None:
        return refused
    office_id = OfficeId(argument or turn.resident.office)
    office = turn.work.offices.get(office_id)
    if office is None or office.retired:
        return Redirect("office", "book")
    if not office.customer_day:
        return NoCustomerDay(office=office_id)
    return Continue(await _afresh(turn, office_id))


async def book_day(turn: Turn, argument: str) -> Next:
    """The times of one session; the office's days where it has none to give any more."""
    session = None
    if re.fullmatch(r"\d{1,12}", argument, re.ASCII):
        session = await sessions.session(turn.work, SessionId(int(argument)))
    if session is None:
        return Redirect("book")
    if (refused := blocked(turn)) is not None:
        return refused
    office = turn.work.offices.get(session.office)
    if office is not None and not office.retired and await sessions.free_slots(turn.work, session.id):
        return ChoosingTime(draft=await _afresh(turn, session.office), session=session.id)
    if office is not None and not office.retired and await draws.to_come(turn.work, session.id) is not None:
        return ChoosingAlternative(draft=await _afresh(turn, session.office), why=Why.DRAW, session=session.id)
    date = turn.t.date(session.day)
    turn.say(turn.t("There are no times left on {date}. You can choose another day.", date=date))
    return Redirect("book", session.office)


async def book_again(turn: Turn, argument: str) -> Next:
    """Book the free time of `<reference>.<slot>` with all that was told for the earlier booking of that reference."""
    written, _, slot = argument.partition(".")
    reference = parse_reference(written)
    earlier = await bookings.own(turn.work, reference, turn.resident) if reference else None
    if earlier is None or re.fullmatch(r"\d{1,12}", slot) is None:
        return Redirect("book")
    if (refused := blocked(turn)) is not None:
        return refused
    return await hold(turn, await _like(turn, earlier), SlotId(int(slot)))


async def join_line(turn: Turn, argument: str) -> Next:
    """Join the waiting list of a session; that of an earlier booking of the resident's again, as it was told then."""
    if (reference := parse_reference(argument)) is not None:
        return await _join_again(turn, reference)
    session = None
    if re.fullmatch(r"\d{1,12}", argument):
        session = await sessions.session(turn.work, SessionId(int(argument)))
    if session is None:
        return Redirect("book")
    if (refused := blocked(turn)) is not None:
        return refused
    return await stand_in_line(turn, await _afresh(turn, session.office), session.id)


async def _join_again(turn: Turn, reference: Reference) -> Next:
    earlier = await bookings.own(turn.work, reference, turn.resident)
    if earlier is None:
        return Redirect("book")
    if (refused := blocked(turn)) is not None:
        return refused
    return await stand_in_line(turn, await _like(turn, earlier), earlier.session_id)


async def _like(turn: Turn, earlier: Booking) -> BookingDraft:
    files = tuple(file.id for file in await bookings.files_of(turn.work, earlier.id))
    return draft_like(turn, earlier, files)


async def start_with(turn: Turn, sent: Draft, known: Understood | None = None, chosen: OfficeId | None = None) -> Next:
    """Begin a booking with what a person sent before they said what it is for, and all that it says.

    `known` is what its words mean, where that is known; `chosen` is the office just chosen for it, if it was asked for.
    """
    if (refused := blocked(turn)) is not None:
        return refused
    work = turn.work
    known = known or work.understanding.of(sent.words, work.today)
    draft = new_draft(turn, await _office_said(turn, known.place, chosen))
    told = bool(known.about.categories or sent.files or len(sent.words.split()) > _ONLY_WHEN)
    topic = work.understanding.topic_of(sent.words, work.today) if known.about.categories else None
    return Continue(
        draft.but(
            **(dict(sent) if told else dict(sent) | {"pieces": ()}),
            told=told,
            wish=Wish(day=known.when.day, clock=known.when.clock) if any(known.when) else None,
            topic=topic or "",
            companions=known.companions or 0,
            prepared=known.companions is not None,
            name=known.name or draft.name,
            phone=draft.phone or known.phone,
            phone_own=draft.phone_own and bool(draft.phone),
        )
    )


async def _office_said(turn: Turn, place: SaidPlace, chosen: OfficeId | None) -> OfficeId:
    """The office whose place was named; the person's own where none was, and nothing where that must be asked."""
    receiving = {office.id for office in turn.work.offices.with_customer_day}
    block = None if place.block is None else await block_corrections.office_of(turn.work, place.block)
    if len(named := place.named & receiving) == 1:
        return next(iter(named))
    if block is not None and not named and block.office in receiving:
        return block.office
    if chosen is not None:
        return chosen
    return OfficeId("") if named or (place.block is not None and block is None) else turn.resident.office


async def _afresh(turn: Turn, office: OfficeId) -> BookingDraft:
    """A new draft. What was told in a booking that was not finished need not be told again; its seat is let go."""
    before = turn.here if isinstance(turn.here, BookingStep) else turn.take_up(BookingStep)
    if before is None:
        return new_draft(turn, office)
    await release_seat(turn, before.draft)
    return new_draft(turn, office, before.draft)


FLOW = Flow(
    form=FORM,
    steps=(ChoosingTime, MeaningDay, ChoosingAlternative, AlreadyBookedStep, HavingOne, NoCustomerDay),
    routes={"book": book, "book_day": book_day, "book_again": book_again, "line": join_line},
    commands={"book": "book"},
)
