"""A resident's appointments: all of them, and one of them."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup
from pydantic import Field

from conversations.booking import releasing
from conversations.booking.day_buttons import PAGE, number_after
from conversations.booking.fields import detail_lines
from conversations.engine.messages import Emphasis, Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Rows, Step, Turn
from conversations.promises.texts import seen_later
from conversations.texts.booking import (
    SHORT_WORDS,
    booked_time,
    calendar_button,
    event_words,
    field,
    is_unrecorded,
    mark_of,
    offer_buttons,
    reason_words,
    short_time,
    star_buttons,
    state_words,
)
from conversations.texts.draw import draw_lines
from conversations.texts.meeting import where_to_meet
from conversations.texts.phone_records_button import by_phone_row
from locales import N_
from services.bookings import bookings, draws, linked_cases, meeting_changes, releases, waiting_list
from services.bookings.states import OPEN
from storage.ids import Reference
from storage.records.bookings import Booking, BookingStatus

A_PAGE = 6
S = BookingStatus


# ---------------------------------------------------------------------------- all of them


class Listing(Step):
    """What is ahead, the soonest first; then what is past, the latest first."""

    step: Literal["appointments:list"] = "appointments:list"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    page: int = Field(default=0, ge=0, le=999)

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await bookings.of_resident(turn.work, turn.resident.id)
        mine = [booking for booking in found if booking.status is not S.HELD]
        book = [Button(label=t.plain("Book an appointment"), route="book")]
        if not mine:
            return Prompt(t("You have no appointments yet."), [book, by_phone_row(turn)], back=False)
        start = self.page * A_PAGE
        rows = [[_button(turn, booking)] for booking in mine[start : start + A_PAGE]]
        pages = []
        if self.page > 0:
            pages.append(Button(label=t.plain("Newer"), value=f"{PAGE}{self.page - 1}"))
        if start + A_PAGE < len(mine):
            pages.append(Button(label=t.plain("Older"), value=f"{PAGE}{self.page + 1}"))
        open_ones = sum(booking.status in OPEN and not bookings.has_passed(turn.work, booking) for booking in mine)
        text = t.join_lines(
            t("<b>My appointments</b>"),
            t.plural("You have {n} upcoming appointment.", "You have {n} upcoming appointments.", open_ones)
            if open_ones
            else t("You have no upcoming appointments."),
        )
        return Prompt(text, [*rows, pages, book, by_phone_row(turn)], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        page = number_after(PAGE, answer.choice)
        return self if page is None else Listing(page=min(page, 999))


def _button(turn: Turn, booking: Booking) -> Button:
    t = turn.t
    office = turn.work.offices.get(booking.office)
    name = t.pick_plain(office.short_name) if office else booking.office
    label = f"{mark_of(turn.work, booking)} {short_time(t, booking)} · {name}"
    return Button(label=label[:64], route="appointment", value=booking.reference)


# ---------------------------------------------------------------------------- one of them


class Showing(Step):
    """One appointment: how it stands, what happened, what can be done."""

    step: Literal["appointments:one"] = "appointments:one"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    reference: Reference

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        booking = await bookings.own(turn.work, self.reference, turn.resident)
        if booking is None:
            return Prompt(t("Appointment not found."))
        history = await bookings.history(turn.work, booking.id)
        files = await bookings.files_of(turn.work, booking.id)
        told = [words for event in history if (words := event_words(t, booking, event)) is not None]
        released = await releases.pending(turn.work, booking)
        text = t.join_lines(
            t(
                "{mark} <b>{status}</b>",
                mark=mark_of(turn.work, booking),
                status=state_words(turn.work, t, booking),
            ),
            t("The office did not record who came. If you still need to meet, book another appointment.")
            if is_unrecorded(turn.work, booking)
            else None,
            field(t, N_("Reference"), t.ref(booking.reference)),
            *await _details(turn, booking, len(files)),
            *([] if released is None else ["", releasing.released_words(t), releasing.kept_words(t, released)]),
            *await seen_later(turn.work, t, booking),
            Markup(),
            *told,
        )
        undo = () if released is None else (releasing.undo_row(t, booking.reference),)
        ways = await meeting_changes.for_resident(turn.work, booking)
        change = Button(label=t.plain("Change the way to meet"), route="meet", value=booking.reference)
        return Prompt(text, (*undo, *_actions(turn, booking), *([(change,)] if ways else [])))

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self

    async def back(self, turn: Turn) -> Step | None:
        return Listing()


async def _details(turn: Turn, booking: Booking, files: int) -> list[Markup]:
    t, work = turn.t, turn.work
    lines = [booked_time(t, booking), await where_to_meet(turn, booking)]
    if booking.status is S.WAITING:
        if (draw := await draws.to_come(work, booking.session_id)) is not None:
            lines += draw_lines(t, draw)
        else:
            place = await waiting_list.place_in_line(work, booking)
            lines.append(field(t, N_("Your position in the waiting list"), t.number(place)))
    if booking.status is S.OFFERED and booking.deadline is not None:
        lines.append(field(t, N_("Accept by"), t.moment(booking.deadline)))
    told = [t.own(booking.words, SHORT_WORDS)] if booking.words else []
    told += [t.plural("{n} file", "{n} files", files)] if files else []
    description = [field(t, N_("Description"), t.dotted(*told))] if told else []
    lines += detail_lines(turn, booking, description)
    if (case := await linked_cases.case_of(work, booking)) is not None:
        lines.append(field(t, N_("About request"), t.ref(case.reference)))
    if (reason := await reason_words(work, t, booking)) is not None:
        lines.append(field(t, N_("Reason"), reason))
    return lines


def _actions(turn: Turn, booking: Booking) -> Rows:
    t, ref = turn.t, booking.reference
    another = (Button(label=t.plain("Book an appointment"), route="book", value=booking.office),)
    if day_is_past(turn, booking) and booking.status is not S.ATTENDED:
        return (another,)
    match booking.status:
        case S.CONFIRMED:
            return (
                (calendar_button(turn, ref), Button(label=t.plain("Show code and map"), route="code", value=ref)),
                (
                    Button(label=t.plain("Reschedule"), route="move", value=ref),
                    Button(label=t.plain("Cancel"), route="cancel", value=ref, emphasis=Emphasis.DANGER),
                ),
            )
        case S.OFFERED:
            return offer_buttons(t, ref)
        case S.WAITING:
            return ((Button(label=t.plain("Leave the waiting list"), route="cancel", value=ref),),)
        case S.ATTENDED:
            return star_buttons(t, ref), another
        case S.CHECKED_IN:
            return ()
        case _:
            return (another,)


def day_is_past(turn: Turn, booking: Booking) -> bool:
    """Whether it can no longer take place: on its day, a meeting may be late."""
    return booking.day < turn.work.today
