"""Booking a Customer Day appointment: a day, a time, what about, who comes, name and phone, one look over it all.

A seat is held from the moment its time is chosen. All that was entered goes along in one `BookingDraft`; the next
question is always the first that has no answer yet, so that a line edited in the summary leads straight back.
"""

from __future__ import annotations

import re
from typing import Literal

from conversations.booking.day_and_time import AlreadyBookedStep, ChoosingAlternative, ChoosingTime, hold, stand_in_line
from conversations.booking.draft import BookingDraft, draft_like, new_draft
from conversations.booking.review import QUESTIONS, Reviewing
from conversations.booking.step import BookingStep, next_question, release_seat
from conversations.booking.subject import MeaningDay
from conversations.engine.drafts import Draft
from conversations.engine.fields import blocked
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, Prompt, Redirect, Step, Turn
from conversations.texts.booking import SHORT_WORDS, besides, office_name
from services.bookings import bookings, sessions
from services.text.normalise import search
from services.text.references import parse_reference
from storage.ids import OfficeId, Reference, SessionId, SlotId
from storage.records import Booking

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
    return await next_question(turn, await _afresh(turn, office_id))


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


async def start_with(turn: Turn, sent: Draft) -> Next:
    """Begin a booking with what a person sent before they said what it is for."""
    if (refused := blocked(turn)) is not None:
        return refused
    draft = new_draft(turn, turn.resident.office).but(**dict(sent), told=bool(sent.pieces or sent.voice))
    office = turn.work.offices.get(draft.office)
    if office is None or not office.customer_day:
        return ChoosingOffice(draft=draft)
    return await next_question(turn, draft)


async def _afresh(turn: Turn, office: OfficeId) -> BookingDraft:
    """A new draft. What was told in a booking that was not finished need not be told again; its seat is let go."""
    before = turn.here if isinstance(turn.here, BookingStep) else turn.take_up(BookingStep)
    if before is None:
        return new_draft(turn, office)
    await release_seat(turn, before.draft)
    return new_draft(turn, office, before.draft)


# ---------------------------------------------------------------------------- no office, or one that receives nobody


class ChoosingOffice(BookingStep):
    """Asked where a booking begins with something sent by a person whose municipality is not known."""

    step: Literal["booking:office"] = "booking:office"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = [
            [Button(label=t.pick_plain(office.name)[:64], value=office.id)]
            for office in turn.work.offices.with_customer_day
        ]
        return Prompt(t("Which municipality or office is it for?"), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice:
            return await self.answer(turn, office=answer.choice)
        found = search(answer.text[:SHORT_WORDS], turn.work.offices.with_customer_day, limit=1)
        return await self.answer(turn, office=found[0].id) if found else await self.absorb_unexpected(turn)

    async def back(self, turn: Turn) -> Step | None:
        return None


class NoCustomerDay(Step):
    """An office where nobody receives people: what can be done there instead."""

    step: Literal["booking:none"] = "booking:none"
    office: OfficeId

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t(
            "{office} does not have a Customer Day. You can send it a complaint or a suggestion "
            "directly. For a meeting, choose a municipality.",
            office=office_name(turn.work, t, self.office),
        )
        elsewhere = Button(label=t.plain("Choose municipality"), route="office", value="book")
        return Prompt(text, [besides(t), [elsewhere]])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self


FLOW = Flow(
    steps=(
        ChoosingOffice,
        *QUESTIONS,
        ChoosingTime,
        MeaningDay,
        ChoosingAlternative,
        AlreadyBookedStep,
        Reviewing,
        NoCustomerDay,
    ),
    routes={"book": book, "book_again": book_again, "line": join_line},
    commands={"book": "book"},
)
