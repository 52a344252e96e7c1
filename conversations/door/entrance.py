"""`door_…`, the code at the entrance: residents who are there say themselves that they have come."""

from __future__ import annotations

from markupsafe import Markup

from conversations.door.words import lane_line
from conversations.engine.step import Button, Next, NoReply, Reask, Rows, Turn
from conversations.texts.booking import booked_time, office_name, subject_of
from services.visits import door
from services.visits.door import AtDoor, Mine, Refused, VisitStatus, When
from storage.ids import BookingId

PAYLOAD = "door_"


async def opened(turn: Turn, argument: str) -> Next:
    """What they find at this entrance. Nothing happens before they tap that they are here."""
    found = await door.at_door(turn.work, argument, turn.resident)
    if isinstance(found, Refused):
        return _refused(turn, found)
    _say(turn, argument, found)
    return NoReply()


async def here(turn: Turn, argument: str) -> Next:
    """“I am here”. Tapping it again says the same ticket."""
    code, _, number = argument.partition(".")
    if not (number.isascii() and number.isdecimal()):
        return _refused(turn, Refused.UNKNOWN)
    found = await door.say_here(turn.work, code, turn.resident, BookingId(int(number)))
    if isinstance(found, Refused):
        return _refused(turn, found)
    if isinstance(found, AtDoor):  # cancelled, say, while the button was there
        _say(turn, code, found)
        return NoReply()
    if found.visit is not None:
        turn.toast = turn.t.plain("Your number: {n}", n=found.visit.ticket)
    text, rows = _about(turn, code, found)
    turn.say(text, rows, subject=subject_of(found.booking), edit=turn.said.message)
    return NoReply()


def _refused(turn: Turn, why: Refused) -> Next:
    t = turn.t
    if why is Refused.ANOTHER_DAY:
        return Reask(t("This code is not for today. Please scan the code at the entrance again, or go to reception."))
    return Reask(t("This code is no longer valid. Please scan the code at the entrance again, or go to reception."))


def _say(turn: Turn, code: str, found: AtDoor) -> None:
    for one in found.mine:
        text, rows = _about(turn, code, one)
        turn.say(text, rows, subject=subject_of(one.booking))
    if found.mine:
        return
    t = turn.t
    office = office_name(turn.work, t, found.office)
    turn.say(
        t.join_lines(
            t("📍 <b>{office}</b>", office=office),
            t("You do not have an appointment here today."),
            _next_one(turn, found),
            t("To be received without an appointment, go to reception. You will be given a number for the queue."),
        ),
        ((Button(label=t.plain("My appointments"), route="appointments"),),),
    )


def _next_one(turn: Turn, found: AtDoor) -> Markup | None:
    """Their next appointment, which may be at another office today."""
    t, following = turn.t, found.next
    if following is None:
        return None
    when = t.near_date(following.day, turn.work.today)
    if following.starts_at is not None:
        when = t.near_moment(following.starts_at, turn.work.today)
    office = office_name(turn.work, t, following.office)
    return t("Your next appointment: {when}, {office}", when=when, office=office)


def _about(turn: Turn, code: str, mine: Mine) -> tuple[Markup, Rows]:
    """One appointment of today, and what to do now."""
    t = turn.t
    head = t.join_lines(
        t("📍 <b>{office}</b>", office=office_name(turn.work, t, mine.booking.office)),
        lane_line(turn.work, t, mine.session),
        booked_time(t, mine.booking),
        Markup(),
    )
    rows: Rows = ()
    match mine.when:
        case When.EARLY:
            what = t(
                "You are early. Please scan the code again from {time} to record your arrival.",
                time=t.time(mine.since),
            )
        case When.NOW:
            what = t("Are you at the entrance? Tap the button to get your number for the queue.")
            rows = ((Button(label=t.plain("✅ I am here"), route="here", value=f"{code}.{mine.booking.id}"),),)
        case When.LATE:
            what = t("You are late. Please go to reception: they can still record your arrival.")
        case When.HERE:
            return t.join_lines(head, _ticket(turn, mine)), ()
        case When.OVER:
            what = t("This appointment is over. If you still need to be received, please go to reception.")
    return t.join_lines(head, what), rows


def _ticket(turn: Turn, mine: Mine) -> Markup:
    t, visit = turn.t, mine.visit
    if visit is None:
        return t("We have recorded your arrival. Please wait until you are called.")
    number = t("🎫 Your number: <b>{n}</b>", n=visit.ticket)
    if visit.status is VisitStatus.CALLED:
        return t.join_lines(number, t("You have been called. Please go in."))
    if visit.status in {VisitStatus.LEFT, VisitStatus.ABSENT}:
        return t.join_lines(number, t("Please go to reception to be put back in the queue."))
    if visit.status is not VisitStatus.WAITING:
        return number
    return t.join_lines(number, t("Please stay nearby. We will tell you here when your turn is near."))
