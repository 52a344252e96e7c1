"""What the screen in the hall shows: ticket numbers, in every language at once. It names nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.pages.words import Both, Tongues, both
from conversations.texts.booking import office_name, who_receives
from locales import Localizer
from locales.html import to_plain
from services.unit_of_work import Work
from services.visits.line import Hall, Lane
from storage.lines import Held
from storage.records.sessions import SessionStatus

_NEXT = 4  # tickets that are named before they are called


def hall_view(work: Work, tongues: Tongues, hall: Hall) -> dict[str, object]:
    """An office's day as its screens show it; the same for all of them, and without the time."""
    names = {lane.session.id: _lane_name(work, tongues, lane) for lane in hall.lanes}
    return {
        "office": both(tongues, lambda t: to_plain(office_name(work, t, hall.office))),
        "date": both(tongues, lambda t: to_plain(t.date(hall.day))),
        "state": _state(work, hall),
        "lanes": [
            {
                "name": names[lane.session.id],
                "inside": [_ticket(tongues, one.ticket) for one in lane.inside if not one.remote],
                "called": [_ticket(tongues, one.ticket) for one in lane.called],
                "next": [_ticket(tongues, one.visit.ticket) for one in lane.waiting if one.away is None][:_NEXT],
                "note": _note(tongues, lane),
            }
            for lane in hall.lanes
        ],
        "calls": [
            {
                "ticket": _ticket(tongues, call.ticket),
                "lane": names[call.session] if call.session in names else both(tongues, lambda _: ""),
                "at": both(tongues, _clock(call.at)),
            }
            for call in hall.calls
        ],
    }


def time_of(work_now: datetime, zone_now: datetime) -> dict[str, int]:
    """What a screen's clock shows, whatever the screen itself believes. In milliseconds."""
    offset = zone_now.utcoffset()
    assert offset is not None  # noqa: S101 - aware
    return {"now": int(work_now.timestamp() * 1000), "offset": int(offset.total_seconds() * 1000)}


def _state(work: Work, hall: Hall) -> str:
    """Whether the day is ahead, going on or over."""
    if hall.day != work.today:
        return "ahead" if hall.day > work.today else "over"
    if all(_is_over(work, lane) for lane in hall.lanes):
        return "over"
    going = any(lane.inside or lane.called or lane.waiting for lane in hall.lanes)
    return "on" if going or any(lane.session.opens_at <= work.now for lane in hall.lanes) else "ahead"


def _is_over(work: Work, lane: Lane) -> bool:
    ended = lane.session.closes_at <= work.now or lane.session.status is SessionStatus.CLOSED
    return ended and not (lane.inside or lane.called or lane.waiting)


def _lane_name(work: Work, tongues: Tongues, lane: Lane) -> Both:
    office = work.offices.get(lane.session.office)
    return both(tongues, lambda t: "" if office is None else to_plain(who_receives(t, office, lane.session.lane)))


def _ticket(tongues: Tongues, ticket: int) -> Both:
    return both(tongues, lambda t: to_plain(t.number(ticket)))


def _clock(at: datetime) -> Callable[[Localizer], str]:
    return lambda t: t.clock(at)


def _note(tongues: Tongues, lane: Lane) -> Both | None:
    """That a line stands still, and until when."""
    if lane.session.status is SessionStatus.CLOSED:
        return both(tongues, lambda t: t.plain("Closed today"))
    return None if lane.held is Held.NO else both(tongues, lambda t: held_words(t, lane))


def held_words(t: Localizer, lane: Lane) -> str:
    """A break or a delay, in words."""
    if lane.held_until is None:
        return t.plain("Short break") if lane.held is Held.BREAK else t.plain("Delayed")
    until = t.time(lane.held_until)
    if lane.held is Held.BREAK:
        return t.plain("Break until {time}", time=until)
    return t.plain("Delayed until {time}", time=until)


def texts(tongues: Tongues) -> dict[str, Both]:
    """The screen's own words."""
    said: Iterable[tuple[str, Callable[[Localizer], str]]] = (
        ("title", lambda t: t.plain("Customer Day")),
        ("serving", lambda t: t.plain("Now serving")),
        ("called", lambda t: t.plain("Please come in")),
        ("number", lambda t: t.plain("No. {ticket}", ticket="{ticket}")),
        ("next", lambda t: t.plain("Next")),
        ("calls", lambda t: t.plain("Called last")),
        ("nobody", lambda t: t.plain("Nobody so far")),
        ("ahead", lambda t: t.plain("Customer Day has not begun yet.")),
        ("over", lambda t: t.plain("Customer Day is over. Thank you for coming.")),
        ("none", lambda t: t.plain("There is no Customer Day here today.")),
        ("lost", lambda t: t.plain("Connection lost. Trying again…")),
        ("full", lambda t: t.plain("Too many screens are open. This one keeps trying.")),
        ("sound_on", lambda t: t.plain("Turn the sound on")),
        ("sound_off", lambda t: t.plain("Turn the sound off")),
        ("loading", lambda t: t.plain("Connecting…")),
    )
    return {name: both(tongues, say) for name, say in said}
