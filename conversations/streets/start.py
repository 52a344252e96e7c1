"""Neighbours with one request choose who meets the municipality for all. Nobody reads another's name."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.booking.draft import new_draft
from conversations.engine.fields import blocked
from conversations.engine.messages import Emphasis, Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Continue, Next, Prompt, Reask, Route, Step, Turn
from conversations.requests.view import Viewing, not_found, own_case
from conversations.streets.buttons import PAGE
from conversations.streets.voices import AGREE, LEAVE, OBJECT, voice_rows
from conversations.texts.booking import booked_time
from services.bookings import bookings
from services.cases import resident_actions
from services.streets import streets
from services.streets.streets import NEXT_OFFER, Standing, Voice, Why
from storage.ids import Reference
from storage.records.cases import Case

OFFER, GIVE_UP, BOOK = "street_offer", "street_end", "street_book"
_VOICES = {AGREE: Voice.AGREES, OBJECT: Voice.OBJECTS, LEAVE: Voice.LEFT}


class StreetPage(Step):
    """How it stands, and what one can do about it."""

    step: Literal["street:page"] = "street:page"
    accepts = frozenset({Kind.CHOICE})
    reference: Reference

    async def ask(self, turn: Turn) -> Prompt:
        case = await _street_case(turn, self.reference)
        found = Why.NOT_THEIRS if case is None else await streets.standing(turn.work, case.id, turn.resident.id)
        if isinstance(found, Why):
            return Prompt(_why(turn, found))
        t = turn.t
        text = t.join_lines(
            t("🏘 <b>One appointment for all of us</b>"),
            t.plural(
                "{n} resident has this request: {reference}",
                "{n} residents have this request: {reference}",
                found.people,
                reference=t.ref(self.reference),
            ),
            t(
                "One of you can meet the municipality for all. Everyone gets the outcome in writing. "
                "Nobody sees a name."
            ),
            "",
            await _stands(turn, found),
        )
        return Prompt(text, _rows(turn, self.reference, found))

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self  # its buttons open routes

    async def back(self, turn: Turn) -> Step | None:
        return Viewing(reference=self.reference)


async def _street_case(turn: Turn, typed: str) -> Case | None:
    """The request of a reference, where it is theirs; of a duplicate, the one that has its offer now."""
    case = await own_case(turn, typed)
    main = None if case is None or case.duplicate_of is None else case.duplicate_of
    found = None if main is None else await resident_actions.by_id(turn.work, main)
    return case if found is None else await own_case(turn, found.reference)


async def _stands(turn: Turn, found: Standing) -> Markup:
    t, street = turn.t, found.street
    if street is None:
        return t("Nobody has offered yet.")
    mine = street.resident_id == turn.resident.id
    booking = None if street.booking_id is None else await bookings.by_id(turn.work, street.booking_id)
    if street.chosen_at is None:
        first = t("You have offered to go.") if mine else t("A neighbour offers to go.")
    else:
        first = t("You speak for all.") if mine else t("A neighbour speaks for all.")
    counts = t(
        "Agree: {agree}. Object: {object}. Of {n} others.", agree=found.agree, object=found.object, n=len(found.others)
    )
    when = None if booking is None else t.join_lines(t("The appointment:"), booked_time(t, booking))
    return t.join_lines(first, counts, when)


def _rows(turn: Turn, reference: Reference, found: Standing) -> list[list[Button]]:
    t, street = turn.t, found.street
    if street is None:
        return [[Button(label=t.plain("🙋 I can go"), route=OFFER, value=reference, emphasis=Emphasis.MAIN)]]
    if street.resident_id != turn.resident.id:
        return voice_rows(turn.t, reference, street.offer)
    value = f"{reference}.{street.offer}"
    stop = Button(label=t.plain("I can no longer go"), route=GIVE_UP, value=value, emphasis=Emphasis.DANGER)
    if street.chosen_at is None or street.booking_id is not None:
        return [[stop]]
    return [[Button(label=t.plain("📅 Book it for all"), route=BOOK, value=value, emphasis=Emphasis.CONFIRM)], [stop]]


def _why(turn: Turn, why: Why) -> Markup:
    t = turn.t
    match why:
        case Why.NOT_THEIRS:
            return t("This request has ended, or is not one of yours.")
        case Why.ALONE:
            return t("Nobody else has joined this request yet.")
        case Why.TAKEN:
            return t("A neighbour has offered already.")
        case Why.GONE:
            return t("That offer is no more.")
        case Why.AGAIN:
            return t("You can offer again for this request {span} after your last offer.", span=t.duration(NEXT_OFFER))


# ---------------------------------------------------------------------------- the ways in


async def page(turn: Turn, argument: str) -> Next:
    case = await _street_case(turn, argument)
    return not_found(turn) if case is None else StreetPage(reference=case.reference)


async def offer(turn: Turn, argument: str) -> Next:
    case = await _street_case(turn, argument)
    if case is None:
        return not_found(turn)
    if (refused := blocked(turn)) is not None:
        return refused
    offered = await streets.offer(turn.work, case.id, turn.resident)
    why = _why(turn, offered) if isinstance(offered, Why) else turn.t("Thank you. We have asked the others.")
    return Reask(why, StreetPage(reference=case.reference))


def _says(voice: Voice) -> Route:
    async def said(turn: Turn, argument: str) -> Next:
        typed, number = _offer_in(argument)
        case = await _street_case(turn, typed)
        if case is None:
            return not_found(turn)
        found = await streets.say(turn.work, case.id, turn.resident, number, voice)
        t = turn.t
        if isinstance(found, Why):
            return Reask(_why(turn, found), StreetPage(reference=case.reference))
        done = {
            Voice.AGREES: t("✅ You agree. You can change your mind until the meeting."),
            Voice.OBJECTS: t("You object. Where as many object as do not, nobody speaks for all."),
            Voice.LEFT: t("You are no longer part of this. Your request goes on as before."),
        }[voice]
        return Reask(done, StreetPage(reference=case.reference))

    return said


async def give_up(turn: Turn, argument: str) -> Next:
    typed, number = _offer_in(argument)
    case = await _street_case(turn, typed)
    if case is None:
        return not_found(turn)
    done = await streets.give_up(turn.work, case.id, turn.resident, number)
    why = turn.t("You no longer speak for all, and the others are told.") if done else _why(turn, Why.GONE)
    return Reask(why, StreetPage(reference=case.reference))


async def book(turn: Turn, argument: str) -> Next:
    """The residents' own booking, with what it is about filled in: by that it is known as the one for all."""
    typed, number = _offer_in(argument)
    case = await _street_case(turn, typed)
    if case is None:
        return not_found(turn)
    found = await streets.standing(turn.work, case.id, turn.resident.id)
    street = None if isinstance(found, Why) else found.street
    if isinstance(found, Why) or street is None or (street.resident_id, street.offer) != (turn.resident.id, number):
        return Reask(_why(turn, Why.GONE), StreetPage(reference=case.reference))
    if street.chosen_at is None or street.booking_id is not None:
        return StreetPage(reference=case.reference)
    if (refused := blocked(turn)) is not None:
        return refused
    office = turn.work.offices.get(case.office)
    if office is None or not office.customer_day:
        return Reask(turn.t("No Customer Day is held at this office."), StreetPage(reference=case.reference))
    topics = [one.id for one in turn.work.offices.topics if one.category == case.category]
    words = turn.t.plain("About request {ref}, for {n} residents", ref=case.reference, n=found.people)
    draft = new_draft(turn, case.office).with_words(None, words)
    return Continue(draft.but(told=True, topic=topics[0] if topics else "other"))


def _offer_in(argument: str) -> tuple[str, int]:
    typed, _, number = argument.rpartition(".")
    return typed, int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0


FLOW = Flow(
    steps=(StreetPage,),
    routes={
        PAGE: page,
        OFFER: offer,
        GIVE_UP: give_up,
        BOOK: book,
        **{name: _says(voice) for name, voice in _VOICES.items()},
    },
)
