"""Emoji that people put under messages: they count as seen, and despair is offered a next step."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from conversations.engine.step import Button, Turn
from conversations.requests.view import fixed_row
from conversations.texts.booking import booked_time, state_words
from conversations.texts.case import is_reopenable, next_step, office_name, status_name
from services import seen
from services.actors import booking_subject, case_subject
from services.cases.workflow import Transition, can
from storage.records.bookings import Booking
from storage.records.cases import Case

_DESPAIR = frozenset("👎😡🤬💩🤮🖕😢😭💔")


async def reacted(turn: Turn) -> None:
    """Somebody put an emoji under a message. Nothing is answered, unless it says that something is wrong."""
    said = turn.said
    if said.message is None:
        return
    about = await seen.seen(turn.work, turn.resident, said.message, said.text)
    if about is None or said.text.rstrip("\ufe0f") not in _DESPAIR:
        return
    if not await seen.is_offered_help(turn.work, turn.resident, said.message, about.reference):
        return
    if isinstance(about, Case):
        _say_of_case(turn, about)
    else:
        _say_of_booking(turn, about)


def _say_of_case(turn: Turn, case: Case) -> None:
    """How it stands, honestly, and what they can do about it."""
    t, ref = turn.t, case.reference
    text = t.join_lines(
        t("We see that this is not what you hoped for. This is how request {ref} stands:", ref=t.ref(ref)),
        t("<b>{state}</b>", state=status_name(t, case.status)),
        t("Office: {office}", office=office_name(t, turn.work.offices, case.office)),
        next_step(t, turn.work, case),
        _hotline(turn),
    )
    rows: list[Sequence[Button]] = []
    if can(case, Transition.CONFIRM_FIXED):
        rows.append(fixed_row(t, case))
    elif is_reopenable(turn.work, case):
        rows.append((Button(label=t.plain("Reopen"), route="reopen", value=ref),))
    elif can(case, Transition.INFORM):
        rows.append((Button(label=t.plain("Tell the team what is wrong"), route="add", value=ref),))
    rows.append((Button(label=t.plain("View request"), route="case", value=ref),))
    turn.say(text, rows, subject=case_subject(case.id), reply_to=turn.said.message)


def _say_of_booking(turn: Turn, booking: Booking) -> None:
    t, ref = turn.t, booking.reference
    text = t.join_lines(
        t("We see that this is not what you hoped for. This is how appointment {ref} stands:", ref=t.ref(ref)),
        t("<b>{state}</b>", state=state_words(turn.work, t, booking)),
        booked_time(t, booking),
        t("You can change or cancel it there."),
        _hotline(turn),
    )
    rows = ((Button(label=t.plain("View appointment"), route="appointment", value=ref),),)
    turn.say(text, rows, subject=booking_subject(booking.id), reply_to=turn.said.message)


def _hotline(turn: Turn) -> Markup:
    return turn.t("You can also call the hotline: {phone}", phone=turn.t.phone(turn.work.offices.hotline))
