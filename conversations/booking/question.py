"""A question of the municipality about an appointment, as its visitor reads it."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Button, Responder
from conversations.texts.booking import subject_of
from locales import Localizer
from services.bookings import bookings, questions
from services.notify.notices.bookings import BookingAsked
from services.text.normalise import MAX_WORDS
from storage.records.bookings import Booking
from storage.records.residents import Resident


async def asked(responder: Responder, notice: BookingAsked, _resident: Resident) -> None:
    """A question, or its recall: both only while it waits for an answer."""
    booking = await bookings.by_id(responder.work, notice.booking)
    waiting = await questions.waiting(responder.work, notice.booking)
    if (
        booking is None
        or waiting is None
        or waiting.asked_at != notice.at
        or not questions.is_open(responder.work, booking)
    ):
        return
    words = await questions.words_of(responder.work, booking.id, notice.at)
    if words:
        t = responder.t
        view = Button(label=t.plain("View appointment"), route="appointment", value=booking.reference)
        text = question_text(t, booking, words, again=notice.again)
        responder.say(text, ((view,),), subject=subject_of(booking), asks=questions.key_of(booking.id, words))


def question_text(t: Localizer, booking: Booking, words: str, *, again: bool = False) -> Markup:
    """A question about an appointment."""
    heading = (
        t(
            "❓ <b>The municipality still waits for your answer about appointment {reference}:</b>",
            reference=t.ref(booking.reference),
        )
        if again
        else t(
            "❓ <b>The municipality asks about your appointment {reference}:</b>", reference=t.ref(booking.reference)
        )
    )
    return t.join_lines(
        heading,
        t("“{words}”", words=t.own(words, MAX_WORDS)),
        "",
        t("Write your answer here, or reply to this message."),
    )
