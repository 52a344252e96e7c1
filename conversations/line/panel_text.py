"""What a line's panel says and which buttons it has: tickets and topics, nobody's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from markupsafe import Markup

from conversations.engine.step import Button, Responder, Rows
from conversations.staff.context import button
from conversations.staff.office_scope import office_title
from conversations.texts.booking import time_words, topic_name, who_receives
from conversations.texts.line_counts import count_words
from locales import N_, Localizer
from services.visits.counts import Counts, count
from services.visits.line import Held, Lane, ToCome, Visit, VisitInLine, Waiting
from services.visits.undo import TakenStep

_SHOWN = 8  # of those who wait
_BACK = 3  # of those who were not there, with a button
_UNDO = 2  # of the last steps
_LATE = timedelta(minutes=10)  # what is worth a line


def panel_text(responder: Responder, lane: Lane) -> Markup:
    t, counts = responder.t, count(lane)
    return t.join_lines(
        t("🪑 <b>{title}</b>", title=lane_title(responder, lane)),
        t.full_date(lane.session.day),
        Markup(),
        *_room(responder, lane),
        Markup(),
        *_queue(responder, lane, counts),
        *_rest(t, lane),
        count_words(t, counts),
    )


def lane_title(responder: Responder, lane: Lane) -> Markup:
    """Who receives, and where."""
    office = responder.work.offices.get(lane.session.office)
    who = None if office is None else who_receives(responder.t, office, lane.session.lane)
    return responder.t.dotted(who, office_title(responder.t, responder.work.offices, lane.session.office))


def number_of(visit: Visit) -> int | str:
    """Their number in the hall; of who is not there a sign."""
    return "📞" if visit.remote else visit.ticket


def held_line(t: Localizer, lane: Lane) -> Markup | None:
    """That a line stands still, and until when."""
    if lane.held is Held.NO:
        return None
    if lane.held_until is None:
        return t("⏸ <b>Break</b>, without an end so far")
    until = t.time(lane.held_until)
    if lane.held is Held.BREAK:
        return t("⏸ <b>Break</b> until {time}", time=until)
    return t("⏳ <b>Delayed</b> until {time}", time=until)


def _room(responder: Responder, lane: Lane) -> Iterator[Markup]:
    t = responder.t
    if (held := held_line(t, lane)) is not None:
        yield held
    for visit in lane.inside:
        since = t.time(visit.entered_at or visit.due_at)
        yield t("🚪 Inside: {who}, since {time}", who=_who(responder, visit), time=since)
    for visit in lane.called:
        at = t.time(visit.called_at or visit.due_at)
        yield t("📣 Called: {who}, at {time}", who=_who(responder, visit), time=at)
    if not (lane.inside or lane.called):
        yield t("Nobody is inside")


def _queue(responder: Responder, lane: Lane, counts: Counts) -> Iterator[Markup]:
    t = responder.t
    if not lane.waiting:
        yield t("Nobody is waiting")
        return
    n = counts.waiting
    yield t.plural("<b>{n} person is waiting</b>", "<b>{n} people are waiting</b>", n)
    for one in lane.waiting[:_SHOWN]:
        yield _waiting(responder, one)
    if n > _SHOWN:
        yield t.plural("and {n} more", "and {n} more", n - _SHOWN)
    if lane.late >= _LATE:
        yield t("⏱ Running {span} late", span=t.duration(lane.late))


def _waiting(responder: Responder, one: Waiting) -> Markup:
    t = responder.t
    due = time_words(t, one.visit.source, one.visit.starts_at or one.visit.due_at)
    away = None if one.away is None else t("back at {time}", time=t.time(one.away))
    return t.dotted(_who(responder, one.visit), due, away)


def _who(responder: Responder, visit: VisitInLine) -> Markup:
    """By their ticket and their topic."""
    t = responder.t
    about = topic_name(responder.work, t, visit.topic)
    if visit.remote:
        return t("📞 {topic}", topic=about)
    return t("<b>{ticket}</b> {topic}", ticket=t.number(visit.ticket), topic=about)


def _rest(t: Localizer, lane: Lane) -> Iterator[Markup]:
    calls = [one for one in lane.to_come if one.remote]
    if calls:
        yield t("📞 To call: {list}", list=t.join(_missed(t, one) for one in calls))
    if lane.absent:
        tickets = t.join(visit.ticket for visit in lane.absent)
        yield t("🚫 Not there when called: {tickets}", tickets=tickets)
    if lane.missed:
        yield t("❓ Did not come? {list}", list=t.join(_missed(t, one) for one in lane.missed))


def _missed(t: Localizer, one: ToCome) -> Markup:
    return t("{time} {reference}", time=t.time(one.awaited.starts_at), reference=t.ref(one.awaited.reference))


# ---------------------------------------------------------------------------- buttons

UNDO: Mapping[TakenStep, str] = MappingProxyType(
    {
        TakenStep.CALL: N_("↩️ Undo: {n} called"),
        TakenStep.ENTER: N_("↩️ Undo: {n} In"),
        TakenStep.NOT_HERE: N_("↩️ Undo: {n} Not here"),
        TakenStep.FINISH: N_("↩️ Undo: {n} Done"),
    }
)


def panel_buttons(t: Localizer, lane: Lane, *, others: bool) -> Rows:
    """What can be done now. `others`: there are lines to which somebody may be sent."""
    return [row for row in _rows(t, lane, others=others) if row]


def _rows(t: Localizer, lane: Lane, *, others: bool) -> Iterator[Sequence[Button]]:
    next_one = lane.next
    if next_one is not None and not lane.called and lane.held is Held.NO:
        yield [_on_line(t.plain("📣 Call next: {n}", n=next_one.ticket), "line_next", lane)]
    for visit in lane.called:
        yield [_on_visit(t.plain("🚪 {n} In", n=visit.ticket), "line_in", visit)]
        yield [
            _on_visit(t.plain("🚫 {n} Not here", n=visit.ticket), "line_absent", visit),
            _on_visit(t.plain("⏬ {n} Later", n=visit.ticket), "line_skip", visit),
        ]
    yield [_on_visit(t.plain("✅ {n} Done", n=number_of(visit)), "line_done", visit) for visit in lane.inside]
    yield from (
        [_on_visit(t.plain(UNDO[one.step], n=number_of(one)), "line_undo", one)]
        for one in lane.undoable[:_UNDO]
        if one.step
    )
    yield [_on_visit(t.plain("🙋 {n} Is here", n=visit.ticket), "line_back", visit) for visit in lane.absent[-_BACK:]]
    if lane.held is Held.NO:
        yield [_on_line(t.plain("⏸ Break"), "line_pause", lane), _on_line(t.plain("⏳ Delay"), "line_late", lane)]
    else:
        yield [_on_line(t.plain("▶️ Back on"), "line_on", lane), _on_line(t.plain("⏳ Delay"), "line_late", lane)]
    if lane.waiting or lane.absent:
        pick = _on_line(t.plain("🔢 Call another"), "line_pick", lane)
        yield [pick, _on_line(t.plain("➡️ Transfer"), "line_move", lane)] if others else [pick]


def _on_line(label: str, verb: str, lane: Lane) -> Button:
    return button(label, verb, lane.session.id, lane.version)


def _on_visit(label: str, verb: str, visit: VisitInLine) -> Button:
    return button(label, verb, visit.booking_id, visit.version)
