"""The living card of an appointment: one message in the office's chat that always shows how it stands.

It is sent once and edited from then on. What the visitor does is said below it as a reply, so that the phone rings.
Where more comes in than a group can read, cards give way to one message that opens the day.
"""

from __future__ import annotations

from markupsafe import Markup

from conversations.appointments.card_text import card_of, former_time, stamp
from conversations.appointments.own import own_buttons
from conversations.engine.notices import Rendering
from conversations.engine.step import NotYet, Responder, Rows
from conversations.staff import card as case_cards
from conversations.staff.context import StaffContext, Tap, button
from conversations.staff.office_scope import in_office_words
from conversations.texts.booking import SHORT_WORDS, field, reason_words, staff_event
from conversations.texts.meeting import MEETINGS
from locales import N_
from services.actors import booking_subject
from services.bookings import bookings, cards
from services.bookings.cards import BookingCard
from services.bookings.event_details import Added, detail_of
from services.bookings.meetings import meeting_of
from services.bookings.states import LIVE
from services.notify.notices.bookings import StaffBooking, StaffBookingCard
from services.staff import permissions
from services.visits import visits
from storage.records.bookings import Booking, BookingEventKind

E = BookingEventKind
#: What is said to whoever was too late.
CHANGED = N_("This has changed meanwhile. See the card.")
_WHILE_AHEAD = frozenset({E.WILL_COME, E.ADDED, E.UNANSWERED})


# ---------------------------------------------------------------------------- as notices


async def show(responder: Responder, notice: StaffBookingCard) -> None:
    """Show or edit the card of an appointment."""
    booking = await bookings.by_id(responder.work, notice.booking)
    if booking is not None:
        await _show(responder, booking)


async def news(responder: Responder, notice: StaffBooking) -> None:
    """A booking is new, was moved or cancelled, or its visitor said something: the card, and below it what happened."""
    booking = await bookings.by_id(responder.work, notice.booking)
    if booking is None or (notice.what in _WHILE_AHEAD and booking.status not in LIVE):
        return
    card = await _show(responder, booking)
    if card is None or card.message is None:
        return  # it has just been sent, and says it all; or there are too many
    t = responder.t
    text = t.join_lines(
        t("<b>{what}</b>", what=staff_event(t, notice.what)),
        t("Appointment {reference}", reference=t.ref(booking.reference)),
        await _what_exactly(responder, booking, notice),
    )
    responder.say(text, subject=booking_subject(booking.id), reply_to=card.message)


async def _what_exactly(responder: Responder, booking: Booking, notice: StaffBooking) -> Markup | None:
    """What the visitor added last, when a moved appointment was before, why it was cancelled."""
    t, history = responder.t, await bookings.history(responder.work, booking.id)
    match notice.what:
        case E.ADDED:
            said = [detail for one in history if isinstance(detail := detail_of(one), Added) and detail.words]
            return t("“{words}”", words=t.own(said[-1].words, SHORT_WORDS)) if said else None
        case E.UNANSWERED:
            asked = [one.detail for one in history if one.what is E.ASKED and one.detail]
            return t("“{words}”", words=t.own(asked[-1], SHORT_WORDS)) if asked else None
        case E.MOVED:
            return former_time(t, history)
        case E.MEETING_CHANGED:
            return t(MEETINGS[meeting_of(booking)])
        case E.CANCELLED:
            reason = await reason_words(responder.work, t, booking)
            return field(t, N_("Reason"), reason) if reason else None
        case _:
            return None


async def _show(responder: Responder, booking: Booking) -> BookingCard | None:
    """The card as it was before this; None where the office has no chat."""
    work = responder.work
    chat = await permissions.chat_of(work, booking.office)
    if chat is None:
        return None
    card = await cards.place(work, booking.id, chat)
    if card.message is None:
        if await cards.is_on_its_way(work, booking.id):
            raise NotYet  # it would be sent twice: which message it is, is known once it was sent
        if await case_cards.is_flooded(responder, chat):
            await _say_many(responder, booking)
            return None
    text, rows = await card_of(responder, booking)
    _say(responder, booking, card, text, rows)
    return card


async def _say_many(responder: Responder, booking: Booking) -> None:
    t, group = responder.t, f"bookings:{booking.office}"
    responder.say(
        t("📅 Too many appointments are being booked or changed to show each one."),
        ((button(t.plain("Today’s appointments"), "today"),),),
        supersedes=group,
        not_before=await case_cards.gathered_by(responder, group),
    )


def _say(responder: Responder, booking: Booking, card: BookingCard, text: Markup, rows: Rows) -> None:
    digest = case_cards.digest(text, rows)
    if card.message is not None and card.shown == digest:
        return  # an edit that changes nothing would cost the group one of its twenty messages
    cards.shows(responder.work, booking.id, digest)
    subject = booking_subject(booking.id)
    responder.say(text, rows, subject=subject, edit=card.message, supersedes=cards.group(booking.id))


# ---------------------------------------------------------------------------- in the chat


async def show_here(context: StaffContext, booking: Booking) -> None:
    """A member asks for an appointment: its card, where they are. In its own chat it becomes the living one."""
    work, said, t = context.work, context.said, context.t
    chat = await permissions.chat_of(work, booking.office)
    if chat is not None and (chat.channel, chat.chat) == (said.channel, said.chat):
        card = await cards.place(work, booking.id, chat)
        if card.message is not None:  # the old one is far up: it stays what it is, and the new one lives on
            context.say(t("{reference} is shown below.", reference=t.ref(booking.reference)), edit=card.message)
        cards.lift(work, booking.id)
        text, rows = await card_of(in_office_words(context, booking.office), booking)
        _say(context, booking, card.model_copy(update={"message": None}), text, rows)
        return
    text, rows = await card_of(context, booking)
    context.say(text, await own_buttons(context, booking, rows), subject=booking_subject(booking.id))


async def seen_now(context: StaffContext, tap: Tap, booking: Booking) -> int | None:
    """What the buttons of a card remember by now; None where the one that was tapped is of an older card.

    That card then shows how things stand.
    """
    seen = stamp(booking, await visits.of(context.work, booking.id))
    if tap.version == seen:
        return seen
    context.toast = context.t.plain(CHANGED)
    await refresh(context, booking)
    return None


async def refresh(context: StaffContext, booking: Booking) -> None:
    """Show the card that was tapped as it stands."""
    words = in_office_words(context, booking.office) if context.said.group else context
    text, rows = await card_of(words, booking)
    rows = await own_buttons(context, booking, rows)
    context.say(text, rows, subject=booking_subject(booking.id), edit=context.said.message)


RENDERINGS = (Rendering(StaffBooking, to_staff=news), Rendering(StaffBookingCard, to_staff=show))
