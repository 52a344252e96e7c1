"""What somebody who waits sees of their place: their number, their position, when they can expect to be called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from markupsafe import Markup

from conversations.engine.step import Button, Responder, Rows
from conversations.texts.booking import office_name, who_receives
from locales import N_, Localizer
from services.notify.notices.line import Changed, LinePlace
from services.visits.by_residents import MORE, MOST
from storage.ids import Reference
from storage.records.sessions import Session

WAITING, CALLED, INSIDE, DONE, ABSENT, LEFT = "waiting", "called", "inside", "done", "absent", "left"

_CHANGED = {
    Changed.MOVED: N_("You were transferred to another queue."),
    Changed.LET_GO: N_("You let others go first."),
    Changed.UNDONE: N_("Sorry, this message showed something wrong before. This is how it stands now."),
    Changed.CAME_BACK: N_("You came back to the queue."),
    Changed.LATE: N_("Your position changed because someone with an earlier appointment came late."),
    Changed.RETURNED: N_("Your position changed because someone who was called before has come back."),
    Changed.TRANSFERRED: N_("Your position changed because someone was transferred from another queue."),
    Changed.PUT_BACK: N_("Your position changed because someone who was called asked to wait."),
    Changed.OTHERS: N_("Your position changed because the appointments before yours changed."),
}
_STATES = {
    CALLED: N_("📣 <b>Please come in now.</b>"),
    INSIDE: N_("🚪 Your meeting has started."),
    DONE: N_("✅ Your meeting is over. Thank you for coming."),
    ABSENT: N_("🚫 We called your number and you were not there. If you are here, tap the button below."),
    LEFT: N_("You have left the queue."),
}


def place_text(responder: Responder, view: LinePlace, session: Session, ticket: int) -> Markup:
    t = responder.t
    lines = _while_waiting(t, view) if view.state == WAITING else _otherwise(t, view)
    return t.join_lines(
        t("🎫 Your number: <b>{n}</b>", n=ticket),
        where_to(responder, session),
        Markup(),
        *lines,
    )


def _otherwise(t: Localizer, view: LinePlace) -> Iterator[Markup]:
    yield t(_STATES[view.state])
    if (why := _CHANGED.get(view.changed)) is not None:
        yield Markup()
        yield t(why)


def where_to(responder: Responder, session: Session) -> Markup:
    """Who receives, and where."""
    office = responder.work.offices.get(session.office)
    who = None if office is None else who_receives(responder.t, office, session.lane)
    return responder.t.dotted(who, office_name(responder.work, responder.t, session.office))


def _while_waiting(t: Localizer, view: LinePlace) -> Iterator[Markup]:
    if view.position == 1:
        yield t("<b>You are next.</b>")
    elif view.position is not None:
        yield t("Your position: <b>{n}</b>", n=view.position)
    if view.low is not None and view.high is not None:
        yield t("Expected time: {times}", times=t.span(view.low, view.high))
    if view.inside:
        yield t("Inside now: {tickets}", tickets=t.join(view.inside))
    if (held := held_words(t, view.held, view.held_until)) is not None:
        yield held
    if view.away_until is not None:
        yield t("You asked for more time. We will not call you before {time}.", time=t.time(view.away_until))
    if (why := _CHANGED.get(view.changed)) is not None:
        yield Markup()
        yield t(why)


def held_words(t: Localizer, held: str, until: datetime | None) -> Markup | None:
    """That nobody is called for now, and until when."""
    if not held:
        return None
    if until is None:
        return t("⏸ There is a break. We will tell you when it is over.")
    if held == "delay":
        return t("⏳ There is a delay until {time}.", time=t.time(until))
    return t("⏸ There is a break until {time}.", time=t.time(until))


def place_buttons(t: Localizer, view: LinePlace, reference: Reference) -> Rows:
    """What they can do now."""
    here = Button(label=t.plain("🙋 I am here"), route="line_here", value=reference)
    leave = Button(label=t.plain("I have to leave"), route="line_leave", value=reference)
    match view.state:
        case "waiting" if view.away_until is not None:
            return ((here,), (leave,))
        case "waiting" | "called":
            minutes = MORE.seconds // 60
            more = Button(
                label=t.plain_plural(
                    "Let others go first for {n} minute", "Let others go first for {n} minutes", minutes
                ),
                route="line_more",
                value=reference,
            )
            return ((more,), (leave,)) if view.more < MOST else ((leave,),)
        case "absent":
            return ((here,), (leave,))
        case "left":
            return ((Button(label=t.plain("I am back"), route="line_here", value=reference),),)
        case _:
            return ()
