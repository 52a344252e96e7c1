"""What the director's page shows of a day: tickets, times and topics. Names are in the brief of one visitor alone."""

from __future__ import annotations

from collections.abc import Iterable

from bot.context import AppContext
from bot.pages.hall_view import held_words
from conversations.engine.step import Responder
from conversations.line.taps import BREAKS, DELAYS, minutes_words
from conversations.promises import preview
from conversations.promises.texts import CHOICES, party_name
from conversations.staff.office_scope import office_label
from conversations.texts.booking import time_words, topic_name, who_receives
from conversations.texts.line_counts import count_words
from locales import Localizer
from locales.html import to_plain
from services import residents
from services.briefs import briefs
from services.offices.offices import BodyId
from services.promises import moments, parties
from services.promises.outcomes import FURTHEST, Foreseen, NotPossible, Why
from services.staff import permissions
from services.unit_of_work import Work
from services.visits import page_taps, undo
from services.visits.counts import count
from services.visits.line import Hall, Lane, ToCome, Waiting
from services.visits.walk_ins import STILL_RECEIVED
from storage.ids import OfficeId
from storage.lines import Held, VisitInLine
from storage.records.sessions import SessionStatus
from storage.visits import VisitStatus

_WEEKS = (1, 2, 4)


async def day_view(work: Work, t: Localizer, hall: Hall, mine: Iterable[OfficeId]) -> dict[str, object]:
    """An office's day for one of its members, with the offices that they may turn to."""
    due = await moments.working_days_from(work, hall.office, hall.day, [7 * weeks for weeks in _WEEKS])
    return {
        "office": hall.office,
        "offices": [{"id": one, "name": office_label(t, work.offices, one)} for one in mine],
        "date": to_plain(t.full_date(hall.day)),
        "lanes": [await _lane(work, t, lane) for lane in hall.lanes],
        "today": hall.day.isoformat(),
        "furthest": (hall.day + FURTHEST).isoformat(),
        "spans": {
            held.value: [{"minutes": one, "name": minutes_words(t, one)} for one in choices]
            for held, choices in ((Held.BREAK, BREAKS), (Held.DELAY, DELAYS))
        },
        "weeks": [
            {"date": day.isoformat(), "name": t.plain_plural("In {n} week", "In {n} weeks", n)}
            for n, day in zip(_WEEKS, due, strict=True)
        ],
    }


async def promise_preview(
    work: Work, context: AppContext, t: Localizer, found: Foreseen | NotPossible
) -> dict[str, object]:
    """What the visitor will read, in their language, with what else happens."""
    if isinstance(found, NotPossible):
        return {"result": "incomplete" if found.why is Why.INCOMPLETE else "changed"}
    resident = await residents.by_id(work, found.booking.resident_id)
    theirs = preview.visitors_own(context.catalogues, resident, t)
    responder = Responder(work=work, links=context.links, t=theirs)
    return {
        "result": "shown",
        "heading": to_plain(preview.heading(t)),
        "language": theirs.language.value,
        "dir": theirs.language.direction,
        "text": to_plain(preview.foreseen(responder, found.booking, found.outcome, found.before)),
        "notes": [to_plain(one) for one in preview.notes(t, resident, found.outcome.kind)],
    }


async def _lane(work: Work, t: Localizer, lane: Lane) -> dict[str, object]:
    office = work.offices.get(lane.session.office)
    closed = lane.session.status is SessionStatus.CLOSED
    held = None if lane.held is Held.NO else held_words(t, lane)
    over = lane.session.closes_at + STILL_RECEIVED <= work.now
    counts = count(lane)
    missed = [one for one in lane.to_come if one.missed]
    remote = [one for one in lane.to_come if one.remote]
    to_come = [one for one in lane.to_come if not (one.missed or one.remote)]
    return {
        "session": lane.session.id,
        "name": "" if office is None else to_plain(who_receives(t, office, lane.session.lane)),
        "note": t.plain("Closed today") if closed else held,
        "held": lane.held is not Held.NO,
        "hold": lane.held.value,
        "stands": page_taps.stands(lane.held, lane.held_until),
        "open": not closed and not over,
        "inside": [await _known(work, t, one) for one in lane.inside],
        "called": [await _known(work, t, one) for one in lane.called],
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


async def _known(work: Work, t: Localizer, visit: VisitInLine) -> dict[str, object]:
    """Somebody whose brief is shown: the page asks for it again when its mark has changed."""
    return {**_visit(work, t, visit), "brief": await briefs.mark(work, visit.booking_id)}


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


def other_bodies(work: Work, t: Localizer) -> list[dict[str, str]]:
    """Whom a matter may be referred to."""
    bodies = work.offices.bodies_by_id
    return [{"key": one.key, "name": t.pick_plain(bodies[BodyId(one.body)].name)} for one in parties.bodies(work)]
