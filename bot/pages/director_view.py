"""What the director's page shows of a day: tickets, times and topics. Names are in the brief of one visitor alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.pages.hall_view import held_words
from conversations.promises.texts import CHOICES, party_name
from conversations.staff.office_scope import office_label
from conversations.texts.booking import time_words, topic_name, who_receives
from conversations.texts.line_counts import count_words
from locales import Localizer
from locales.html import to_plain
from services.promises import parties
from services.promises.outcomes import FURTHEST, LONGEST, OutcomeKind
from services.promises.parties import LONGEST_NAME
from services.staff import permissions
from services.unit_of_work import Work
from services.visits import undo
from services.visits.counts import count
from services.visits.line import Hall, Lane, ToCome, Waiting
from services.visits.undo import TakenStep
from storage.ids import OfficeId
from storage.lines import Held, VisitInLine
from storage.records import SessionStatus
from storage.visits import VisitStatus

#: Outcomes that need no more than a tap. A promise has a form; a referral is recorded in the chat.
_AT_ONCE = (OutcomeKind.SOLVED, OutcomeKind.EXPLAINED, OutcomeKind.OTHER)
_WEEKS = (1, 2, 4)


async def day_view(work: Work, t: Localizer, hall: Hall, mine: Iterable[OfficeId]) -> dict[str, object]:
    """An office's day for one of its members, with the offices that they may turn to."""
    return {
        "office": hall.office,
        "offices": [{"id": one, "name": office_label(t, work.offices, one)} for one in mine],
        "date": to_plain(t.full_date(hall.day)),
        "lanes": [await _lane(work, t, lane) for lane in hall.lanes],
        "today": hall.day.isoformat(),
        "furthest": (hall.day + FURTHEST).isoformat(),
        "weeks": [
            {
                "date": (hall.day + timedelta(weeks=n)).isoformat(),
                "name": t.plain_plural("In {n} week", "In {n} weeks", n),
            }
            for n in _WEEKS
        ],
    }


async def _lane(work: Work, t: Localizer, lane: Lane) -> dict[str, object]:
    office = work.offices.get(lane.session.office)
    closed = lane.session.status is SessionStatus.CLOSED
    held = None if lane.held is Held.NO else held_words(t, lane)
    counts = count(lane)
    missed = [one for one in lane.to_come if one.missed]
    remote = [one for one in lane.to_come if one.remote]
    to_come = [one for one in lane.to_come if not (one.missed or one.remote)]
    return {
        "session": lane.session.id,
        "name": "" if office is None else to_plain(who_receives(t, office, lane.session.lane)),
        "note": t.plain("Closed today") if closed else held,
        "held": lane.held is not Held.NO,
        "inside": [_visit(work, t, one) for one in lane.inside],
        "called": [_visit(work, t, one) for one in lane.called],
        "waiting": [_waiting(work, t, one) for one in lane.waiting],
        "absent": [_visit(work, t, one) for one in lane.absent],
        "to_come": [_to_come(work, t, one) for one in to_come],
        "to_call": [_to_come(work, t, one) for one in remote],
        "missed": [_to_come(work, t, one) for one in missed],
        "finished": [await _finished(work, t, one) for one in lane.undoable if one.status is VisitStatus.DONE],
        "counts": {
            name: to_plain(t.number(n))
            for name, n in (
                ("waiting", counts.waiting),
                ("absent", counts.absent),
                ("to_come", counts.to_come),
                ("to_call", counts.to_call),
                ("missed", counts.missed),
            )
        },
        "counted": to_plain(count_words(t, counts)),
    }


def _visit(work: Work, t: Localizer, visit: VisitInLine) -> dict[str, object]:
    time = time_words(t, visit.source, visit.starts_at)
    return {
        "booking": visit.booking_id,
        "version": visit.version,
        "status": visit.status.value,
        "ticket": "📞" if visit.remote else to_plain(t.number(visit.ticket)),
        "time": "" if time is None else to_plain(time),
        "topic": to_plain(topic_name(work, t, visit.topic)),
        "undo": (undo.undoable(visit, work.now) or ""),
        "since": t.plain("since {time}", time=t.time(visit.entered_at)) if visit.entered_at else "",
    }


async def _finished(work: Work, t: Localizer, visit: VisitInLine) -> dict[str, object]:
    """Who was done a moment ago, with what would be withdrawn if that is undone."""
    outcome = await undo.standing(work, visit.booking_id)
    return {
        **_visit(work, t, visit),
        "outcome": 0 if outcome is None else outcome.version,
        "outcome_name": "" if outcome is None else t.plain(CHOICES[outcome.kind]),
    }


def _waiting(work: Work, t: Localizer, one: Waiting) -> dict[str, object]:
    away = None if one.away is None else t.plain("back at {time}", time=t.time(one.away))
    return {**_visit(work, t, one.visit), "away": away}


def _to_come(work: Work, t: Localizer, one: ToCome) -> dict[str, object]:
    return {
        "booking": one.awaited.booking_id,
        "time": t.clock(one.awaited.starts_at),
        "topic": to_plain(topic_name(work, t, one.awaited.topic)),
    }


async def promise_parties(work: Work, t: Localizer, office: OfficeId) -> list[dict[str, str]]:
    """Who may keep a promise: the office's sections, then its members."""
    names = await permissions.names(work)
    found = (*parties.sections(work, office), *await parties.members(work, office))
    return [{"key": one.key, "name": to_plain(party_name(t, work, office, one, names))} for one in found]


def texts(t: Localizer) -> dict[str, object]:
    """The page's own words, in one language."""
    return {
        "dir": t.language.direction,
        "title": t.plain("Today in the room"),
        "loading": t.plain("Connecting…"),
        "lost": t.plain("Connection lost. Trying again…"),
        "again": t.plain("You are connected again."),
        "kept": t.plain("What you tap is kept and sent later."),
        "queued": t.plain("Waiting to be sent"),
        "expired": t.plain("This page is no longer valid. Close it and open it again from the chat."),
        "denied": t.plain("You no longer have permission for this page."),
        "office": t.plain("Municipality"),
        "nothing": t.plain("There is no Customer Day here today."),
        "inside": t.plain("Inside now"),
        "nobody": t.plain("Nobody is inside"),
        "called": t.plain("Called"),
        "waiting": t.plain("Waiting"),
        "none_waiting": t.plain("Nobody is waiting"),
        "to_come": t.plain("Still to come"),
        "absent": t.plain("Not there when called"),
        "missed": t.plain("Did not come so far"),
        "to_call": t.plain("To be met by phone or video"),
        "ticket": t.plain("Number {ticket}", ticket="{ticket}"),
        "call": t.plain("Call next: {ticket}", ticket="{ticket}"),
        "in": t.plain("In"),
        "not_here": t.plain("Not here"),
        "done": t.plain("Meeting over"),
        "promise": t.plain("Promise"),
        "undo": t.plain("Undo: {step}", step="{step}"),
        "steps": {
            TakenStep.CALL.value: t.plain("Called"),
            TakenStep.ENTER.value: t.plain("In"),
            TakenStep.NOT_HERE.value: t.plain("Not here"),
            TakenStep.FINISH.value: t.plain("Meeting over"),
        },
        "finished": t.plain("Just finished"),
        "undo_end": t.plain("Undo the end of the meeting?"),
        "undo_outcome": t.plain("This outcome is withdrawn as well: {outcome}", outcome="{outcome}"),
        "undo_told": t.plain("The visitor is then told that it was recorded by mistake."),
        "undo_both": t.plain("Undo and withdraw"),
        "brief": t.plain("About the visitor"),
        "brief_later": t.plain("The brief will be shown when you are connected."),
        "no_brief": t.plain("There is nothing to show about this visitor."),
        "close": t.plain("Close"),
        "dismiss": t.plain("OK"),
        "what_came": t.plain("What came of the meeting?"),
        "only_done": t.plain("Record it later"),
        "kinds": {kind.value: t.plain(CHOICES[kind]) for kind in _AT_ONCE},
        "what": t.plain("What do you promise?"),
        "who": t.plain("Who will do it?"),
        "somebody": t.plain("Another person or section"),
        "who_typed": t.plain("Name of the person or section"),
        "until": t.plain("Until when?"),
        "send": t.plain("Record the promise"),
        "longest": LONGEST,
        "longest_name": LONGEST_NAME,
        "changed": t.plain(
            "Number {ticket}: this was not recorded, because another person was quicker. Now: {state}",
            ticket="{ticket}",
            state="{state}",
        ),
        "not_next": t.plain("Number {ticket} was not called, because another number is next now.", ticket="{ticket}"),
        "on_the_way": t.plain(
            "Number {ticket} was not called, because another visitor is on the way in.", ticket="{ticket}"
        ),
        "held": t.plain("Number {ticket} was not called, because the queue is on a break.", ticket="{ticket}"),
        "too_late": t.plain("Number {ticket}: it is too late to undo this.", ticket="{ticket}"),
        "outcome_stands": t.plain(
            "Number {ticket}: not undone, because an outcome was recorded meanwhile. See it first.", ticket="{ticket}"
        ),
        "incomplete": t.plain(
            "Number {ticket}: the promise was not recorded. Check it and try again.", ticket="{ticket}"
        ),
        "recorded": t.plain("Number {ticket}: recorded", ticket="{ticket}"),
        "stale": t.plain("Number {ticket}: too old to be sent. It was not recorded.", ticket="{ticket}"),
        "states": {
            VisitStatus.WAITING.value: t.plain("Waiting"),
            VisitStatus.CALLED.value: t.plain("Called"),
            VisitStatus.INSIDE.value: t.plain("Inside now"),
            VisitStatus.DONE.value: t.plain("Meeting over"),
            VisitStatus.ABSENT.value: t.plain("Not there when called"),
            VisitStatus.LEFT.value: t.plain("Left"),
            "": t.plain("Has not arrived"),
        },
    }
