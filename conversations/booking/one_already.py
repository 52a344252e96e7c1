"""One appointment to come for each person and number: the answer leads to the one there is."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.booking.draft import BookingDraft
from conversations.booking.step import BookingStep, release_seat
from conversations.booking.visitors import GivingPhone
from conversations.engine.step import Answer, Button, Continue, Next, Prompt, Reask, Turn
from conversations.texts.booking import booked_time, office_name
from services.bookings import bookings, one_at_a_time
from storage.ids import OfficeId, Reference
from storage.records.bookings import Booking, BookingStatus

_PHONE, _AGAIN, _OTHER_TIME = "phone", "again", "time"


class HavingOne(BookingStep):
    """They have an appointment at the office already, or somebody has one under the number they gave."""

    step: Literal["booking:one"] = "booking:one"
    reference: Reference | None = None  # their own; another's is not named

    async def ask(self, turn: Turn) -> Prompt:
        own = None if self.reference is None else await bookings.own(turn.work, self.reference, turn.resident)
        if own is None:
            return self._number(turn)
        return self._own(turn, own) if own.office == self.draft.office else self._elsewhere(turn, own)

    def _elsewhere(self, turn: Turn, booking: Booking) -> Prompt:
        """At the same hour they are at another office."""
        t = turn.t
        text = t.join_lines(
            t("You have another appointment at that hour: {ref}", ref=t.ref(booking.reference)),
            office_name(turn.work, t, booking.office),
            booked_time(t, booking),
            Markup(),
            t("Nobody can be in both places at that hour. Choose another time for the new one, or move the other."),
        )
        move = Button(label=t.plain("Move the other one"), route="move", value=booking.reference)
        return Prompt(
            text,
            [
                [Button(label=t.plain("Choose another time"), value=_OTHER_TIME)],
                [move] if booking.status is BookingStatus.CONFIRMED else [],
                [Button(label=t.plain("View appointment"), route="appointment", value=booking.reference)],
                [Button(label=t.plain("It is moved or cancelled: continue"), value=_AGAIN)],
            ],
        )

    def _own(self, turn: Turn, booking: Booking) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("You already have an appointment at this office: {ref}", ref=t.ref(booking.reference)),
            booked_time(t, booking),
            Markup(),
            t("So that everyone finds a time, each person has one appointment at a time. You can move or cancel it."),
        )
        move = Button(label=t.plain("Move it to another time"), route="move", value=booking.reference)
        return Prompt(
            text,
            [
                [Button(label=t.plain("View appointment"), route="appointment", value=booking.reference)],
                [move] if booking.status is BookingStatus.CONFIRMED else [],
                [Button(label=t.plain("I have cancelled it: continue"), value=_AGAIN)],
            ],
        )

    def _number(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t(
                "The phone number {phone} is already in use for another appointment or application at this office.",
                phone=t.phone(self.draft.phone),
            ),
            t("One number can have one appointment at a time. If it is yours, open the account it was booked with."),
            t("If you book for someone else, enter their number. The office can also book it for you."),
        )
        return Prompt(
            text,
            [
                [Button(label=t.plain("Enter another number"), value=_PHONE)],
                [Button(label=t.plain("Contact us"), route="contact")],
            ],
        )

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == _PHONE:
            return GivingPhone(draft=self.draft)
        if answer.choice == _OTHER_TIME:
            await release_seat(turn, self.draft)
            return Continue(self.draft.but(seat=None))
        if answer.choice == _AGAIN:
            own = None if self.reference is None else await bookings.own(turn.work, self.reference, turn.resident)
            if own is not None and own.office != self.draft.office:
                return Continue(self.draft)  # the hour is looked at again where the seat is taken
            still = await standing(turn, self.draft.office if own is None else own.office)
            return Continue(self.draft) if still is None else Reask(turn.t("That appointment is still open."))
        return await self.absorb_unexpected(turn)


def having_one(turn: Turn, draft: BookingDraft, other: Booking) -> HavingOne:
    """What is said of an appointment that stands in the way."""
    own = other.resident_id == turn.resident.id
    return HavingOne(draft=draft, reference=other.reference if own else None)


async def standing(turn: Turn, office: OfficeId) -> Booking | None:
    """The appointment to come of the resident themselves at an office."""
    return await one_at_a_time.standing(turn.work, office, turn.resident.id, "")
