"""The words of the director's page, in one language: its script holds none of its own."""

from __future__ import annotations

from conversations.promises.texts import CHOICES
from locales import Localizer
from services.promises.outcomes import LONGEST, OutcomeKind
from services.promises.parties import LONGEST_NAME
from services.visits.undo import TakenStep
from storage.lines import Held
from storage.visits import VisitStatus

#: Outcomes that are tapped; a referral asks to whom. A promise has a form.
_TAPPED = (OutcomeKind.SOLVED, OutcomeKind.EXPLAINED, OutcomeKind.REFERRED, OutcomeKind.OTHER)


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
        "call_and_end": {
            Held.BREAK.value: t.plain("Call {ticket} and end the break", ticket="{ticket}"),
            Held.DELAY.value: t.plain("Call {ticket} and end the delay", ticket="{ticket}"),
        },
        "go_on": t.plain("Resume the queue"),
        "hold": t.plain("Take a break"),
        "hold_anew": t.plain("Change how long"),
        "delay": t.plain("Announce a delay"),
        "spans_ask": {
            Held.BREAK.value: t.plain("For how long is the break?"),
            Held.DELAY.value: t.plain("How long is the delay?"),
        },
        "spans_told": t.plain("Times are put back, and everyone who has to wait longer is told, at home too."),
        "lane_recorded": t.plain("Recorded for the whole queue"),
        "lane_changed": t.plain("The queue was not changed, because another person was quicker."),
        "lane_stale": t.plain("The queue was not changed, because this could not be sent in time."),
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
        "kinds": {kind.value: t.plain(CHOICES[kind]) for kind in _TAPPED},
        "referred_to": t.plain("Which body is responsible for this?"),
        "another_body": t.plain("Name of another body"),
        "refer": t.plain("Record the referral"),
        "what": t.plain("What do you promise?"),
        "who": t.plain("Who will do it?"),
        "somebody": t.plain("Another person or section"),
        "who_typed": t.plain("Name of the person or section"),
        "until": t.plain("Until when?"),
        "foresee": t.plain("See what the visitor will read"),
        "foresee_later": t.plain("There is no connection. The message will be shown as soon as there is one."),
        "foresee_changed": t.plain(
            "Something else was recorded for this visitor meanwhile. Close this and look again."
        ),
        "foresee_incomplete": t.plain("This promise is not complete. Check the words, the person and the date."),
        "send": t.plain("✅ Send"),
        "edit": t.plain("Change the promise"),
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
        "held": t.plain("Number {ticket} was not called, because the queue stands still for now.", ticket="{ticket}"),
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
