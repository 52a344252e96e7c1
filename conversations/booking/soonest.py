"""The soonest seats, each in one tap: at the chosen office, and at others within reach that may serve the matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from conversations.booking.draft import BookingDraft
from conversations.engine.step import Button, Turn
from conversations.texts.booking import office_name
from services.bookings import sessions
from services.casework import block_corrections
from services.offices.offices import Office, TopicId
from services.understanding.places import SaidPlace, without_address
from services.understanding.words import words
from storage.ids import OfficeId, SlotId
from storage.records.cases import CaseKind

SOONEST = "o"  # what the button of a soonest seat begins with; the slot follows
ELSEWHERE = "elsewhere"  # the value of the button that leads to the list of offices
_PLACE_ONLY = 4  # words at most, beside an address, of what names a place and nothing else: "I live in Muharraq"
FAR = timedelta(days=8)  # ahead: another office may have a seat within the week
SHOWN = 3


@dataclass(frozen=True, slots=True)
class SoonSeat:
    """The first free seat of an office."""

    office: Office
    slot: SlotId
    starts_at: datetime


async def soonest(turn: Turn, office: Office) -> SoonSeat | None:
    """The first free seat of an office."""
    found = await sessions.nearest_free(turn.work, office.id, limit=1)
    return next((SoonSeat(office, slot.id, slot.starts_at) for _, slot in found), None)


async def within_reach(turn: Turn, draft: BookingDraft) -> list[SoonSeat]:
    """The first free seats of other offices that may serve the matter, the soonest first.

    A municipality may receive another's residents. An office for the whole country is no other's neighbour.
    """
    offices = turn.work.offices
    if turn.on_behalf or not offices.has_land(draft.office):
        return []
    topic = offices.topic(TopicId(draft.topic))
    others = [
        one
        for one in offices.with_customer_day
        if one.id != draft.office
        and offices.has_land(one.id)
        and (topic is None or any(c.id == topic.category for c in offices.categories_for(one.id, CaseKind.COMPLAINT)))
    ]
    seats = [seat for one in others if (seat := await soonest(turn, one)) is not None]
    return sorted(seats, key=lambda seat: seat.starts_at)


async def whose_matter(turn: Turn, draft: BookingDraft) -> OfficeId | None:
    """The office to which the place that was told belongs, where it is another one than the chosen."""
    place = turn.work.understanding.of(draft.words, turn.work.today).place if draft.words else None
    if place is None:
        return None
    block = None if place.block is None else await block_corrections.office_of(turn.work, place.block)
    match = place.whose(block)
    return match.office if match is not None and match.office != draft.office else None


async def seat_rows(turn: Turn, draft: BookingDraft, own: SoonSeat | None) -> list[list[Button]]:
    """A button for the soonest seat here, and for those elsewhere that are sooner, more where this office's is far off.

    The office whose the matter is comes first, sooner or not; where this office has no seat, all others do as well.
    """
    t = turn.t
    rows = []
    if own is not None:
        label = t.plain("⚡ Soonest: {moment}", moment=_moment(turn, own))
        rows.append([Button(label=label, value=f"{SOONEST}{own.slot}")])
    far = own is None or own.starts_at > turn.work.now + FAR
    belongs = await whose_matter(turn, draft)
    elsewhere = [
        seat
        for seat in await within_reach(turn, draft)
        if own is None or seat.starts_at < own.starts_at or seat.office.id == belongs
    ]
    elsewhere.sort(key=lambda seat: seat.office.id != belongs)
    return [*rows, *([_elsewhere_button(turn, seat, own)] for seat in elsewhere[: SHOWN if far else 1])]


def _elsewhere_button(turn: Turn, seat: SoonSeat, own: SoonSeat | None) -> Button:
    t = turn.t
    told = {"office": t.pick_plain(seat.office.short_name), "moment": _moment(turn, seat)}
    sooner = own is not None and seat.starts_at < own.starts_at
    label = (
        t.plain("Sooner: {office}, {moment}", **told)
        if sooner
        else t.plain("Change municipality: {office}, {moment}", **told)
    )
    return Button(label=label[:64], value=f"{SOONEST}{seat.slot}")


def another_office(turn: Turn) -> list[Button]:
    """The button that leads to the list of offices, where there are others. Staff book at the office that called."""
    if turn.on_behalf or len(turn.work.offices.with_customer_day) == 1:
        return []
    return [Button(label=turn.t.plain("Another municipality"), value=ELSEWHERE)]


def only_place(turn: Turn, text: str) -> SaidPlace | None:
    """The place that a text names, where it says nothing else; a bare number is none, since it may be a time."""
    if not any(map(str.isalpha, text)) or len(words(without_address(text))) > _PLACE_ONLY:
        return None
    known = turn.work.understanding.of(text, turn.work.today)
    named = known.place.block is not None or known.place.named
    return known.place if named and not known.about.categories and known.danger is None else None


async def belongs_line(turn: Turn, draft: BookingDraft) -> Markup | None:
    """Say whose the matter is, where the place that was told says so."""
    office = await whose_matter(turn, draft)
    if office is None:
        return None
    return turn.t("The place you named belongs to {office}.", office=office_name(turn.work, turn.t, office))


def _moment(turn: Turn, seat: SoonSeat) -> str:
    t = turn.t
    return t.plain("{day} at {time}", day=t.day(seat.starts_at), time=t.time(seat.starts_at))
