"""When an announcement is sent, and when it expires: chosen by buttons, or typed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal

from markupsafe import Markup

from conversations.announcements.audience_words import sending_line
from conversations.announcements.card import card_of
from conversations.announcements.step import AnnouncementStep, choose_a_button, denied, person_of
from conversations.announcements.words import heading
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Rows, Step, Turn
from services.announcements import writing
from services.announcements.audience import cost, count
from services.announcements.model import Announcement
from services.notify.quiet_hours import EVENING, MORNING, by_day
from services.text.typed_times import read_moment

_DAYS = 8
_EVERY = timedelta(minutes=30)
_A_ROW = 4
_LAST = time(23, 59)


class ChoosingTime(AnnouncementStep):
    """A day, then a time of it."""

    step: Literal["announce:when"] = "announce:when"
    ends: bool = False  # when it expires, not when it is sent
    day: date | None = None

    # ---- the screen

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t = turn.t
        if self.day is not None:
            text = t.join_lines(
                heading(turn, found),
                t("🕘 <b>{date}</b>", date=t.full_date(self.day)),
                t("At what time? Choose one, or type it, for example {example}.", example=t.time(time(9, 15))),
            )
            return Prompt(text, self._times(turn, found), menu=False)
        lines = [
            heading(turn, found),
            *(await self._sending(turn, found) if not self.ends else self._expiry(turn, found)),
        ]
        lines += [
            Markup(),
            t("Choose a day, or type a day and a time, for example “{example}”.", example=_example(turn)),
        ]
        return Prompt(t.join_lines(*lines), [*self._choices(turn, found), *self._days(turn)], menu=False)

    async def _sending(self, turn: Turn, found: Announcement) -> list[Markup]:
        t = turn.t
        lines = [
            t("🕘 Send: {when}", when=sending_line(turn, found)),
            t(
                "Announcements arrive from {morning} to {evening}. Only an emergency may arrive at night, and a second "
                "administrator must approve it.",
                morning=t.time(MORNING),
                evening=t.time(EVENING),
            ),
        ]
        if found.paid:
            told = (await count(turn.work, found.audience)).total
            lines.append(t("⚡️ Paid sending costs {n} Telegram Stars.", n=cost(told)))
        return lines

    def _expiry(self, turn: Turn, found: Announcement) -> list[Markup]:
        t = turn.t
        when = t.moment(found.expires_at) if found.expires_at is not None else t("never")
        return [t("⌛️ Expires: {when}", when=when), t("People who have not received it by then will not get it.")]

    def _choices(self, turn: Turn, found: Announcement) -> Rows:
        t = turn.t
        if self.ends:
            return [[Button(label=t.plain("It does not expire"), value="never")]]
        rows = [[Button(label=t.plain("As soon as I confirm"), value="now")]]
        morning = by_day(turn.work, turn.work.now)
        if morning != turn.work.now:
            label = t.plain("Next morning: {day} at {time}", day=t.day(morning), time=t.time(morning))
            rows.append([Button(label=label, value="morning")])
        emergency = t.plain("🚨 Emergency: yes") if found.emergency else t.plain("🚨 Emergency: no")
        rows.append([Button(label=emergency, value="emergency")])
        if found.emergency and turn.work.announcing.paid_broadcast:
            paid = t.plain("⚡️ Paid, faster sending: yes") if found.paid else t.plain("⚡️ Paid, faster sending: no")
            rows.append([Button(label=paid, value="paid")])
        return rows

    def _days(self, turn: Turn) -> Rows:
        days = [turn.work.today + timedelta(days=ahead) for ahead in range(_DAYS)]
        buttons = [Button(label=turn.t.day(day), value=f"d{day.isoformat()}") for day in days]
        return [buttons[at : at + 2] for at in range(0, len(buttons), 2)]

    def _times(self, turn: Turn, found: Announcement) -> Rows:
        """Every half hour at which it may arrive and that is still to come; of an expiry also the end of the day."""
        assert self.day is not None  # noqa: S101 - asked once the day is known
        all_day = found.emergency and not self.ends
        first, last = (time(0), _LAST) if all_day else (MORNING, EVENING)
        moment, buttons = _at(turn, self.day, first), list[Button]()
        while moment < _at(turn, self.day, last):
            if moment > turn.work.now:
                buttons.append(Button(label=turn.t.clock(moment), value=f"t{moment:%H%M}"))
            moment += _EVERY
        rows = [buttons[at : at + _A_ROW] for at in range(0, len(buttons), _A_ROW)]
        if self.ends:
            rows.append([Button(label=turn.t.plain("At the end of the day"), value=f"t{_LAST:%H%M}")])
        return rows

    # ---- what is done

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        if not answer.choice:
            return await self._typed(turn, answer.text, found)
        match answer.choice:
            case "now":
                return await self._settle(turn, None)
            case "never":
                return await self._settle(turn, None)
            case "morning":
                return await self._settle(turn, by_day(turn.work, turn.work.now))
            case "emergency":
                made = await self.change(turn, emergency=not found.emergency)
                return denied(turn) if made is None else self.at(made)
            case "paid":
                made = await self.change(turn, paid=not found.paid and found.emergency)
                return denied(turn) if made is None else self.at(made)
        return await self._tapped(turn, answer.choice, found)

    async def _tapped(self, turn: Turn, choice: str, found: Announcement) -> Next:
        kind, value = choice[:1], choice[1:]
        try:
            if kind == "d":
                return self.at(found).model_copy(update={"day": date.fromisoformat(value)})
            if kind == "t" and self.day is not None:
                return await self._settle(turn, _at(turn, self.day, time(int(value[:2]), int(value[2:]))))
        except ValueError:
            pass  # no button of ours
        return choose_a_button(turn)

    async def _typed(self, turn: Turn, text: str, found: Announcement) -> Next:
        t, typed = turn.t, read_moment(text, turn.work.today, clock_first=self.day is not None)
        day = typed.day or self.day
        if day is None:
            if typed.clock is None:
                return Reask(t("We could not read a day and a time. Choose a day, or type them again."))
            day = turn.work.today  # a time alone is the next one there is
            if _at(turn, day, typed.clock) <= turn.work.now:
                day += timedelta(days=1)
        if typed.clock is None:
            return self.at(found).model_copy(update={"day": day})
        return await self._settle(turn, _at(turn, day, typed.clock), found)

    async def _settle(self, turn: Turn, moment: datetime | None, found: Announcement | None = None) -> Next:
        """Note the moment; None is at once, or never."""
        t = turn.t
        if moment is not None and moment <= turn.work.now:
            return Reask(t("That time has passed. Choose a later one."))
        by_night = moment is not None and by_day(turn.work, moment) != moment
        if by_night and not self.ends and found is not None and not found.emergency:
            return Reask(
                t(
                    "Announcements arrive from {morning} to {evening}. Choose a time between.",
                    morning=t.time(MORNING),
                    evening=t.time(EVENING),
                )
            )
        made = await (self.change(turn, expires_at=moment) if self.ends else self.change(turn, send_at=moment))
        return denied(turn) if made is None else await card_of(turn, made, preview=False)

    async def back(self, turn: Turn) -> Step | None:
        if self.day is not None:
            return self.model_copy(update={"day": None})
        found = await writing.open_for(turn.work, person_of(turn), self.announcement)
        return None if found is None else await card_of(turn, found, preview=False)


def _at(turn: Turn, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=turn.work.offices.zone)


def _example(turn: Turn) -> Markup:
    t = turn.t
    day = turn.work.today + timedelta(days=2)
    return t("{day} {time}", day=t.day(day), time=t.time(time(9, 15)))
