"""What staff write about an appointment: a note among them, or an answer before the day, which is shown before it goes.

A reply to the card with `#` is a note and one with `?` a question; any other reply is an answer. What the visitor will
read is shown before, and sent by a second tap.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup

from conversations.appointments.own import RIGHTS
from conversations.booking.notices import answer_rows, answer_text
from conversations.booking.question import question_text
from conversations.engine.messages import Kind
from conversations.engine.step import localizer_of
from conversations.staff import prompts
from conversations.staff.context import Pending, StaffContext, Tap, button, drop_pending, pending, set_pending
from conversations.staff.incoming_words import read_words
from conversations.staff.office_scope import answer, refuse, why_refused
from conversations.staff.registry import BookingButton, StaffButton
from conversations.texts.meeting import NOT_CHANGED
from locales import N_
from services import residents
from services.actors import booking_in, booking_subject
from services.bookings import answers, bookings, cards, desk_actions, meeting_changes
from services.bookings.desk_actions import Denied
from services.bookings.meeting_changes import NotChanged
from services.casework.replies import ReplyKind
from services.notify.reply_subject import replied_subject
from services.staff.permissions import Act
from services.staff.prompts import WordsFor
from services.text.normalise import MAX_WORDS
from storage.ids import BookingId
from storage.records.bookings import Booking

_ASK_NOTE = N_("📝 {name}, reply to this message with the note. The visitor will not see it.")
_HINT_NOTE = N_("Note about the appointment")
_ASK_ANSWER = N_("💬 {name}, reply to this message with the answer for the visitor.")
_HINT_ANSWER = N_("Answer for the visitor")
_ASK_QUESTION = N_("❓ {name}, reply to this message with the question for the visitor.")
_HINT_QUESTION = N_("Question for the visitor")
_ASK_LINK = N_(
    "🎥 {name}, reply to this message with the link for this meeting by video. To use the usual link again, send a "
    "single hyphen (-)."
)
_HINT_LINK = N_("Address of the video call")
_NO_LINK = "-"
_NOT_YOURS = N_("These words have been sent or dropped, or are not yours.")


class AboutBooking(Pending):
    """A member is to write about an appointment, or has written an answer that waits for Send."""

    about: Literal["booking_words"] = "booking_words"
    booking: BookingId
    note: bool = False  # the next words are a note
    link: bool = False  # they are the link for a meeting by video
    question: bool = False  # the next words, or those that wait, are a question
    words: str = ""


async def replied_booking(context: StaffContext) -> Booking | None:
    """The appointment whose card, or whose message below it, this is a reply to."""
    said = context.said
    if said.reply_to is None:
        return None
    found = await cards.shown_by(context.work, said.channel, said.chat, said.reply_to)
    if found is None:
        found = booking_in(await replied_subject(context.work, said.channel, said.chat, said.reply_to, said.reply_text))
    return None if found is None else await bookings.by_id(context.work, found)


async def said_about(context: StaffContext, booking: Booking) -> None:
    """Take what a member wrote below an appointment."""
    said, t = context.said, context.t
    text, kind = read_words(context)
    asked = await pending(context, AboutBooking)
    is_note = kind is ReplyKind.NOTE or (asked is not None and asked.booking == booking.id and asked.note)
    is_question = kind is ReplyKind.ASK or (
        not is_note and asked is not None and asked.booking == booking.id and asked.question
    )
    is_link = not (is_note or is_question) and asked is not None and asked.booking == booking.id and asked.link
    right = Act.NOTE if is_note else Act.ASK if is_question else Act.INTAKE if is_link else Act.REPLY
    if not await _may(context, booking, right):
        return
    if said.kind not in {Kind.TEXT, Kind.LOCATION, Kind.CONTACT} or not text:
        _answer(context, booking, t("You can send text about an appointment. Files are not accepted here."))
    elif len(text) > MAX_WORDS:
        _answer(context, booking, t("Your text is too long. Shorten it to {n} characters.", n=MAX_WORDS))
    elif is_link:
        await _keep_link(context, booking, text)
    elif is_note:
        await prompts.close(context, booking_subject(booking.id))
        if (kept := await _keep_note(context, booking, text)) is not None:
            _answer(context, booking, kept)
    else:
        await prompts.close(context, booking_subject(booking.id))
        await _preview(context, booking, text, question=is_question)


async def _may(context: StaffContext, booking: Booking, right: Act) -> bool:
    here = not context.said.group or booking.office in await context.offices_here()
    if here and await desk_actions.may(context.work, context.person, right, booking):
        return True
    member = await context.member()
    inside = here and member is not None and member.may(Act.READ, booking.office)
    _answer(context, booking, why_refused(context, right if inside else None))
    return False


def _answer(context: StaffContext, booking: Booking, text: Markup) -> None:
    context.say(text, subject=booking_subject(booking.id), reply_to=context.said.message)


# ---------------------------------------------------------------------------- asked for by a button


def _ask(verb: str, text: str, hint: str) -> BookingButton:
    async def ask(context: StaffContext, _tap: Tap, booking: Booking) -> None:
        kinds = {"note": verb == "bk_note", "link": verb == "bk_link", "question": verb == "bk_ask"}
        set_pending(context, AboutBooking.model_validate({"booking": booking.id, **kinds}))
        t = context.t
        asked = t.join_lines(
            t("<b>{reference}</b>", reference=t.ref(booking.reference)), t(text, name=prompts.named(context))
        )
        await prompts.ask(context, WordsFor.APPOINTMENT, booking_subject(booking.id), asked, t.plain(hint))

    return BookingButton(RIGHTS[verb], ask)


# ---------------------------------------------------------------------------- a link


async def _keep_link(context: StaffContext, booking: Booking, text: str) -> None:
    """What is no link is said to be none, and the next reply is taken for it."""
    link = "" if text == _NO_LINK else text
    given = await meeting_changes.give_link(context.work, context.person, booking, link)
    match given:
        case Denied():
            refuse(context, Act.INTAKE)
        case NotChanged.NO_LINK:
            _answer(context, booking, context.t(NOT_CHANGED[given]))
        case NotChanged():
            drop_pending(context)
            _answer(context, booking, context.t(NOT_CHANGED[given]))
        case Booking():
            drop_pending(context)
            await prompts.close(context, booking_subject(booking.id))
            _answer(context, booking, context.t("🎥 The link is changed. We will tell the visitor."))


# ---------------------------------------------------------------------------- a note


async def _keep_note(context: StaffContext, booking: Booking, words: str) -> Markup | None:
    """Keep it, and say so; None where they may not."""
    if isinstance(await desk_actions.note(context.work, context.person, booking, words), Denied):
        refuse(context, Act.NOTE)
        return None
    drop_pending(context)
    t = context.t
    return t("📝 We have added the note to {reference}.", reference=t.ref(booking.reference))


# ---------------------------------------------------------------------------- an answer


async def _preview(context: StaffContext, booking: Booking, words: str, *, question: bool) -> None:
    """The answer, or the question, as the visitor will read it, in their language."""
    person = await residents.by_id(context.work, booking.resident_id)
    t = context.t
    if person is None or not person.reachable:
        _answer(context, booking, t("This visitor does not use this service. Call them instead."))
        return
    set_pending(context, AboutBooking(booking=booking.id, question=question, words=words))
    theirs = localizer_of(context.catalogues, person)
    read = question_text(theirs, booking, words) if question else answer_text(theirs, booking, words)
    buttons = [] if question else ["", *_their_buttons(context, booking)]
    text = t.join_lines(t("The visitor will read this:"), "", read, *buttons)
    rows = (
        (button(t.plain("✅ Send"), "bk_send", booking.id),),
        (
            button(t.plain("📝 Keep as a note"), "bk_keep", booking.id),
            button(t.plain("✖️ Cancel"), "bk_drop", booking.id),
        ),
    )
    answer(context, text, rows, subject=booking_subject(booking.id))


def _their_buttons(context: StaffContext, booking: Booking) -> list[Markup]:
    """What they can tap below it."""
    t = context.t
    labels = [one.label for row in answer_rows(t, booking) for one in row]
    return [t("Buttons: {labels}", labels=t.join(t.own(label) for label in labels))] if labels else []


async def _waiting(context: StaffContext, booking: Booking) -> AboutBooking | None:
    """The words of this member that wait; None, and a word about it, where there are none."""
    found = await pending(context, AboutBooking)
    if found is None or found.booking != booking.id or not found.words:
        context.toast = context.t.plain(_NOT_YOURS)
        return None
    return found


async def _send(context: StaffContext, _tap: Tap, booking: Booking) -> None:
    waiting = await _waiting(context, booking)
    if waiting is None:
        return
    send = desk_actions.ask if waiting.question else desk_actions.answer
    sent = await send(context.work, context.person, booking, waiting.words)
    if isinstance(sent, Denied):
        refuse(context, Act.ASK if waiting.question else Act.REPLY)
        return
    drop_pending(context)
    if not isinstance(sent, Booking):
        _over(context, booking, context.t("This appointment is over. Nothing was sent."))
        return
    t = context.t
    undo = t("To undo this within {minutes}, use {command}", minutes=t.duration(answers.UNDO_WITHIN), command="/undo")
    text = t("✉️ Sent to the visitor of {reference}.", reference=t.ref(booking.reference))
    _over(context, booking, t.join_lines(text, None if waiting.question else undo))


async def _keep(context: StaffContext, _tap: Tap, booking: Booking) -> None:
    waiting = await _waiting(context, booking)
    if waiting is not None and (kept := await _keep_note(context, booking, waiting.words)) is not None:
        _over(context, booking, kept)


async def _drop(context: StaffContext, _tap: Tap, booking: Booking) -> None:
    if await _waiting(context, booking) is None:
        return
    drop_pending(context)
    _over(context, booking, context.t("Nothing was sent."))


def _over(context: StaffContext, booking: Booking, text: Markup) -> None:
    """The preview says what became of it."""
    context.say(text, subject=booking_subject(booking.id), edit=context.said.message)


BUTTONS: Mapping[str, StaffButton] = MappingProxyType(
    {
        "bk_note": _ask("bk_note", _ASK_NOTE, _HINT_NOTE),
        "bk_answer": _ask("bk_answer", _ASK_ANSWER, _HINT_ANSWER),
        "bk_ask": _ask("bk_ask", _ASK_QUESTION, _HINT_QUESTION),
        "bk_link": _ask("bk_link", _ASK_LINK, _HINT_LINK),
        "bk_send": BookingButton(RIGHTS["bk_send"], _send),
        "bk_keep": BookingButton(RIGHTS["bk_keep"], _keep),
        "bk_drop": BookingButton(RIGHTS["bk_drop"], _drop),
    }
)
