"""An extra session, or other hours and seats for one: asked for, shown with its effect, then made."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from markupsafe import Markup

from conversations.configuration.effects import affected_lines, problem_lines, told
from conversations.configuration.field_types import Spot
from conversations.configuration.preview import CONFIRM
from conversations.configuration.sessions import Sessions, ShowingSession, who
from conversations.configuration.step import (
    SessionStep,
    announce_row,
    choose_a_button,
    in_all_languages,
    key,
    refused,
    two_times,
)
from conversations.configuration.typed import BREAK, DATE, TIMES, span
from conversations.configuration.values import office_title, span_words
from conversations.engine.step import MAX_BUTTON_VALUE, Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.on_behalf.step import person_of
from locales import N_
from services.bookings import sessions, special_sessions
from services.bookings.special_sessions import Done, Foreseen, Refusal, Wanted, Why
from services.offices.changes import Present
from services.offices.offices import LaneRule
from services.text.normalise import latin_digits
from services.text.typed_days import read_day
from storage.ids import LaneId, OfficeId

_DAY, _LANE, TIMES_ASKED, _SLOT, _SEATS, _BREAKS = "day", "lane", "times", "slot", "seats", "breaks"
_NONE = "_none"
_NUMBERS = {_SLOT: ("10", "15", "20", "30"), _SEATS: ("1", "2", "3", "4")}
#: What residents are told where no time is left for them.
_NEW_HOURS = N_("The hours of this Customer Day have changed")
WHY = {
    Why.DENIED: N_("You do not have permission to do this."),
    Why.PAST: N_("This day or hour is already past."),
    Why.TOO_FAR: N_("This day is too far ahead."),
    Why.NO_LANE: N_("Nobody receives people here yet. First add a weekly sitting."),
    Why.CLOSED: N_("This day is closed. First reopen it, or choose another day."),
    Why.NOT_THERE: N_("There is no session on this day."),
    Why.BOOKED: N_("People have appointments in it. Close the day instead: they will be told."),
    Why.OVERTAKEN: N_("This has changed in the meantime. Your change was not made. Check it again."),
    Why.SAME_DAY: N_("It is on this day already."),
}


def why_not(turn: Turn, refusal: Refusal) -> Markup:
    """What speaks against it."""
    return turn.t(WHY[refusal]) if isinstance(refusal, Why) else problem_lines(turn, refusal)


class Drafting(SessionStep):
    """Each thing that is missing is asked for; then the whole is shown, and each can be changed."""

    step: Literal["sessions:draft"] = "sessions:draft"
    asking: str = _DAY
    day: date | None = None
    lane: LaneId = LaneId("")
    times: str = ""  # as the offices file writes them
    slot: int = 15
    seats: int = 1
    lead: int = 2
    breaks: tuple[str, ...] = ()
    seen: str = ""  # what the session was when this was shown

    # ---- asking

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        head = t(
            "<b>{office}</b> · {section}", office=office_title(turn, present, self.spot.office), section=t("📅 Session")
        )
        example = t.own(TIMES)
        match self.asking:
            case "day":
                ask = t("On which day? Send the date, such as {example}.", example=t.own(DATE))
                return Prompt(t.join_lines(head, ask))
            case "lane":
                buttons = [
                    [key(t.pick_plain(rule.name), rule.lane)] for rule in rules_of(turn, self.spot.office).values()
                ]
                return Prompt(t.join_lines(head, t("Who receives people?")), buttons)
            case "times":
                return Prompt(
                    t.join_lines(head, t("From when to when? Send the times, such as {example}.", example=example))
                )
            case "slot" | "seats":
                titles = {
                    _SLOT: t("How many minutes for each appointment?"),
                    _SEATS: t("How many people at the same time?"),
                }
                return Prompt(t.join_lines(head, titles[self.asking]), [[key(n, n) for n in _NUMBERS[self.asking]]])
            case "breaks":
                ask = t("Send each break, such as {example}, with commas between them.", example=t.own(BREAK))
                return Prompt(t.join_lines(head, ask), [[key(t.plain("No breaks"), _NONE)]])
        return await self._preview(turn, head)

    async def _preview(self, turn: Turn, head: Markup) -> Prompt:
        t = turn.t
        found = await special_sessions.foresee(turn.work, self.wanted)
        if not isinstance(found, Foreseen):
            return Prompt(t.join_lines(head, why_not(turn, found)), self._corrections(turn))
        lines = [
            t("A new session:") if found.effect.opened else t("The session will be:"),
            t.dotted(t.date(self.wanted.day), span_words(t, self.times), t.own(who(turn, self.spot.office, self.lane))),
            self._breaks_line(turn),
            t.plural(
                "{n} appointment of {span}, {seats} places in all",
                "{n} appointments of {span} each, {seats} places in all",
                found.slots,
                span=t.duration(timedelta(minutes=self.slot)),
                seats=found.seats,
            ),
            Markup(),
            *affected_lines(turn, found.effect.affected),
        ]
        if found.effect.affected:
            lines.append(
                t(
                    "They will be moved to the nearest free time of this session. If there is none, their appointment "
                    "is cancelled and they are shown other times."
                )
            )
        rows = [[Button(label=t.plain("✅ Confirm"), value=CONFIRM)], *self._corrections(turn)]
        return Prompt(t.join_lines(head, *lines), rows)

    def _breaks_line(self, turn: Turn) -> Markup | None:
        t = turn.t
        return t("Breaks: {spans}", spans=t.join(span_words(t, one) for one in self.breaks)) if self.breaks else None

    def _corrections(self, turn: Turn) -> list[list[Button]]:
        t = turn.t
        return [
            [key(t.plain("Change the hours"), TIMES_ASKED), key(t.plain("Change the breaks"), _BREAKS)],
            [key(t.plain("Change the minutes"), _SLOT), key(t.plain("Change the places"), _SEATS)],
        ]

    # ---- taking

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        t = turn.t
        match self.asking:
            case "day":
                return await self._on(turn, read_day(answer.text, turn.work.today))
            case "lane":
                rule = rules_of(turn, self.spot.office).get(LaneId(answer.choice))
                return choose_a_button(turn) if rule is None else self.of_rule(rule).asked_for(TIMES_ASKED)
            case "times":
                times = span(answer.text)
                return two_times(turn) if times is None else await self.shown_with(turn, times=times)
            case "breaks":
                typed = [] if answer.choice == _NONE else [span(part) for part in re.split("[,،]", answer.text)]
                breaks = tuple(one for one in typed if one)
                return two_times(turn) if len(breaks) < len(typed) else await self.shown_with(turn, breaks=breaks)
            case "slot" | "seats":
                number = latin_digits(answer.choice or answer.text).strip()
                if not (number.isascii() and number.isdecimal() and len(number) < 4):
                    return Reask(t("Send a whole number."))
                return await self.shown_with(turn, **{self.asking: int(number)})
        if answer.choice in {TIMES_ASKED, _SLOT, _SEATS, _BREAKS}:
            return self.asked_for(answer.choice)
        return await self._confirmed(turn) if answer.choice == CONFIRM else choose_a_button(turn)

    async def _on(self, turn: Turn, typed: date | None) -> Next:
        """Go on with a day, unless something speaks against it whatever the hours."""
        if typed is None:
            return Reask(turn.t("This is not a date."))
        why = await special_sessions.why_not_on(turn.work, self.spot.office, typed)
        if why is not None:
            return Reask(why_not(turn, why))
        step, rules = self.model_copy(update={"day": typed}), list(rules_of(turn, self.spot.office).values())
        return step.of_rule(rules[0]).asked_for(TIMES_ASKED) if len(rules) == 1 else step.asked_for(_LANE)

    async def shown_with(self, turn: Turn, **told: object) -> Next:
        """All is there: show it. What the rules refuse is said there, beside what can be corrected."""
        step = self.model_copy(update=told).asked_for("")
        found = await special_sessions.foresee(turn.work, step.wanted)
        return step.model_copy(update={"seen": found.seen}) if isinstance(found, Foreseen) else step

    def asked_for(self, asking: str) -> Drafting:
        return self.model_copy(update={"asking": asking})

    def of_rule(self, rule: LaneRule) -> Drafting:
        """The usual sitting's numbers, until others are given."""
        usual = {"lane": rule.lane, "slot": rule.slot_minutes, "seats": rule.capacity, "lead": rule.lead_hours}
        return self.model_copy(update=usual)

    async def _confirmed(self, turn: Turn) -> Next:
        t = turn.t
        before = await _as_it_was(turn, self)
        reason = in_all_languages(turn, _NEW_HOURS)
        done = await special_sessions.put(turn.work, person_of(turn), self.wanted, self.seen, reason)
        if not isinstance(done, Done):
            return await self._not_done(turn, done)
        undo = (t.plain("↩️ Undo this change"), "session_withdraw", str(done.session))
        if not done.effect.opened:
            undo = (t.plain("↩️ Undo this change"), "session_as_was", f"{done.session}.{before}")
        head = t("✅ <b>The session is open.</b>") if done.effect.opened else t("✅ <b>The session is changed.</b>")
        shown = t.dotted(t.date(self.wanted.day), span_words(t, self.times))
        announce = await announce_row(turn, self.spot.office, done.session)
        turn.say(t.join_lines(head, shown, told(turn, done.effect)), (announce, *_undo_row(*undo)))
        return ShowingSession(spot=self.spot, session=done.session)

    async def _not_done(self, turn: Turn, refusal: Refusal) -> Next:
        """Show how things stand by now, so that a second look decides."""
        why = why_not(turn, refusal)
        if refusal is Why.DENIED:
            return refused(turn)
        again = await self.shown_with(turn)
        return Reask(why, again) if isinstance(again, Step) else again

    @property
    def wanted(self) -> Wanted:
        opens, _, closes = self.times.partition("–")
        return Wanted(
            self.spot.office,
            self.lane,
            self.day or date.min,
            opens,
            closes,
            self.slot,
            self.seats,
            self.lead,
            self.breaks,
        )

    async def back(self, turn: Turn) -> Step | None:
        return Sessions(spot=self.spot)


def rules_of(turn: Turn, office_id: OfficeId) -> dict[LaneId, LaneRule]:
    """The office's sittings, one for each lane."""
    office = turn.work.offices.get(office_id)
    return {rule.lane: rule for rule in office.customer_day} if office else {}


def draft_of(spot: Spot, wanted: Wanted) -> Drafting:
    """A session as it is, to be changed."""
    return Drafting(
        spot=spot,
        asking="",
        day=wanted.day,
        lane=wanted.lane,
        times=f"{wanted.opens}–{wanted.closes}",
        slot=wanted.slot_minutes,
        seats=wanted.capacity,
        lead=wanted.lead_hours,
        breaks=wanted.breaks,
    )


async def _as_it_was(turn: Turn, draft: Drafting) -> str:
    """The hours and numbers of a session before it is changed, as a button that undoes it says them."""
    found = await sessions.upcoming(turn.work, draft.spot.office, 100)
    same = (one.session for one in found if (one.session.day, one.session.lane) == (draft.day, draft.lane))
    session = next(same, None)
    was = None if session is None else await special_sessions.standing(turn.work, session)
    if was is None:
        return ""
    breaks = "".join(f".{one}" for one in was.breaks)
    return re.sub("[:–]", "", f"{was.opens}{was.closes}.{was.slot_minutes}.{was.capacity}{breaks}")


def _undo_row(label: str, route: str, value: str) -> tuple[tuple[Button, ...], ...]:
    """A button that goes back; none where a session had more breaks than a button can name."""
    return ((Button(label=label, route=route, value=value),),) if len(value) <= MAX_BUTTON_VALUE else ()
