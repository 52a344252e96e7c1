"""A day of an office is closed, opened again or moved: whom it concerns is shown before, and told after."""

from __future__ import annotations

from datetime import date
from typing import Literal

from markupsafe import Markup

from conversations.configuration import reasons
from conversations.configuration.effects import affected_lines, again, seen_of
from conversations.configuration.field_types import Spot
from conversations.configuration.preview import CONFIRM
from conversations.configuration.session_draft import WHY, why_not
from conversations.configuration.sessions import Sessions, ShowingSession, session_in, who
from conversations.configuration.step import SessionStep, choose_a_button, deny, no_words
from conversations.configuration.typed import DATE
from conversations.configuration.values import office_title
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.on_behalf.step import person_of
from locales import Language
from services.bookings import closed_days, moved_days, sessions, special_sessions
from services.bookings.moved_days import Moved
from services.bookings.reconfiguring import Translations
from services.bookings.special_sessions import Why
from services.offices.changes import Present
from services.staff.permissions import Act
from services.text.typed_days import read_day
from storage.ids import SessionId


class DayStep(SessionStep):
    """Something is done with all of an office's sessions on a day."""

    session: SessionId
    day: date

    def head(self, turn: Turn, present: Present) -> Markup:
        t = turn.t
        office = office_title(turn, present, self.spot.office)
        return t("<b>{office}</b> · {date}", office=office, date=t.date(self.day))

    def confirm(self, turn: Turn) -> list[list[Button]]:
        return [[Button(label=turn.t.plain("✅ Confirm"), value=CONFIRM)]]

    async def back(self, turn: Turn) -> Step | None:
        return ShowingSession(spot=self.spot, session=self.session)


# ---------------------------------------------------------------------------- closed


class ClosingDay(DayStep):
    """Why; then who is affected; then it is closed. Until then the reason can be sent in the other language too."""

    step: Literal["sessions:close_day"] = "sessions:close_day"
    ar: str = ""
    en: str = ""
    seen: str = ""

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        if not self.en:
            ask = t("Why is this day closed? Residents will read it. Choose one, or send your own.")
            text = t.join_lines(self.head(turn, present), ask, reasons.one_is_enough(turn))
            return Prompt(text, reasons.buttons(turn))
        affected = await sessions.affected_by_closing(turn.work, self.spot.office, self.day)
        lines = [
            self.head(turn, present),
            t("All sessions of this day are cancelled. Reason: {reason}", reason=self._reason(turn)),
            *self._alone(turn),
            Markup(),
            *affected_lines(turn, affected),
            t("They will be told, with the nearest free times.") if affected else None,
        ]
        return Prompt(t.join_lines(*lines), self.confirm(turn))

    def _reason(self, turn: Turn) -> Markup:
        return turn.t.own(self.ar if self.ar == self.en else f"{self.ar} / {self.en}")

    def _alone(self, turn: Turn) -> list[Markup]:
        """That it is in one language, and how to add the other."""
        only = reasons.only_in(turn, {"ar": self.ar, "en": self.en})
        return [] if only is None else [only, turn.t("To add the other language, send the reason in it now.")]

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        t, office = turn.t, self.spot.office
        affected = await sessions.affected_by_closing(turn.work, office, self.day)
        if not (self.en and answer.choice):
            before = {"ar": self.ar, "en": self.en} if self.en else None
            texts = reasons.said(turn, answer, before)
            return no_words(turn) if texts is None else self.model_copy(update={**texts, "seen": seen_of(affected)})
        if answer.choice != CONFIRM:
            return choose_a_button(turn)
        if seen_of(affected) != self.seen:
            return Reask(again(turn), self.model_copy(update={"seen": seen_of(affected)}))
        reason = Translations({"ar": self.ar, "en": self.en})
        cancelled = await closed_days.close_day(turn.work, person_of(turn), office, self.day, reason)
        if isinstance(cancelled, Why):
            return Reask(why_not(turn, cancelled), Sessions(spot=self.spot))
        undo = Button(label=t.plain("🔓 Reopen this day"), route="day_reopen", value=str(self.session))
        told_ = t.plural("We are telling {n} resident now.", "We are telling {n} residents now.", len(cancelled))
        turn.say(
            t.join_lines(t("🚫 <b>The day is closed.</b>"), self.head(turn, present), told_ if cancelled else None),
            ((undo,),),
        )
        return Sessions(spot=self.spot)


# ---------------------------------------------------------------------------- opened again


class ReopeningDay(DayStep):
    """Who was told that it is off is not called back: they can book again."""

    step: Literal["sessions:reopen_day"] = "sessions:reopen_day"

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        lines = [
            self.head(turn, present),
            t("Open this day again? Cancelled appointments stay cancelled. People can book again."),
            *await self._coming_back(turn),
        ]
        return Prompt(t.join_lines(*lines), self.confirm(turn))

    async def _coming_back(self, turn: Turn) -> list[Markup]:
        t = turn.t
        back = await special_sessions.coming_back(turn.work, self.spot.office, self.day)
        if not back:
            return [t("No session comes back: this day has none any more. You can open an extra session on it.")]
        lines = [t.dotted(t.span(one.opens_at, one.closes_at), t.own(who(turn, one.office, one.lane))) for one in back]
        return [Markup(), t("These sessions come back:"), *(t("• {session}", session=line) for line in lines)]

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if answer.choice != CONFIRM:
            return choose_a_button(turn)
        opened = await closed_days.reopen_day(turn.work, person_of(turn), self.spot.office, self.day)
        if isinstance(opened, Why):
            return Reask(why_not(turn, opened), Sessions(spot=self.spot))
        t = turn.t
        said = t("✅ <b>The day is open again.</b>") if opened else t("This day was open already.")
        return Reask(t.join_lines(said, self.head(turn, present)), Sessions(spot=self.spot))


# ---------------------------------------------------------------------------- moved


class MovingDay(DayStep):
    """To which day; then who is affected; then everybody is told their new time."""

    step: Literal["sessions:move_day"] = "sessions:move_day"
    to: date | None = None
    seen: str = ""
    back_again: bool = False  # it is where it was: that day is opened again

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t, head = turn.t, self.head(turn, present)
        if self.to is None:
            ask = t("To which day? Send the date, such as {example}.", example=t.own(DATE))
            return Prompt(t.join_lines(head, ask))
        affected = await sessions.affected_by_closing(turn.work, self.spot.office, self.day)
        lines = [
            head,
            t("All sessions move to {date}, at the same hours.", date=t.date(self.to)),
            Markup(),
            *affected_lines(turn, affected),
            t("They will be told their new time. Whoever waits, or finds no time there, is shown other times.")
            if affected
            else None,
        ]
        return Prompt(t.join_lines(*lines), self.confirm(turn))

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if self.to is None:
            return await self._to(turn, read_day(answer.text, turn.work.today))
        if answer.choice != CONFIRM:
            return choose_a_button(turn)
        affected = await sessions.affected_by_closing(turn.work, self.spot.office, self.day)
        if seen_of(affected) != self.seen:
            return Reask(again(turn), self.model_copy(update={"seen": seen_of(affected)}))
        return await self._move(turn, present, self.to)

    async def _to(self, turn: Turn, typed: date | None) -> Next:
        if typed is None:
            return Reask(turn.t("This is not a date."))
        affected = await moved_days.foresee_move(turn.work, self.spot.office, self.day, typed)
        if isinstance(affected, Why):
            return Reask(why_not(turn, affected))
        return self.model_copy(update={"to": typed, "seen": seen_of(affected)})

    async def _move(self, turn: Turn, present: Present, to: date) -> Next:
        t, office, person = turn.t, self.spot.office, person_of(turn)
        reason = _moved_to(turn, to)
        move = moved_days.move_back if self.back_again else moved_days.move_day
        done = await move(turn.work, person, office, self.day, to, reason)
        if not isinstance(done, Moved):
            return Reask(why_not(turn, done), Sessions(spot=self.spot))
        said = [
            t("🔁 <b>The day is moved.</b>"),
            t("{first} → {last}", first=t.date(self.day), last=t.date(to)),
            t.plural("{n} resident has a new time.", "{n} residents have a new time.", len(done.moved))
            if done.moved
            else None,
            t.plural("{n} appointment is cancelled.", "{n} appointments are cancelled.", len(done.cancelled))
            if done.cancelled
            else None,
        ]
        turn.say(t.join_lines(*said), ((self._undo(turn, to),),) if done.fresh and not self.back_again else ())
        return Sessions(spot=self.spot)

    def _undo(self, turn: Turn, to: date) -> Button:
        label = turn.t.plain("↩️ Undo this change")
        return Button(label=label, route="day_move_back", value=f"{self.session}.{to:%Y%m%d}")


def _moved_to(turn: Turn, to: date) -> Translations:
    """What is told to whoever does not move with the day."""
    said = {}
    for language in Language:
        t = turn.catalogues.localizer(language)
        said[language.value] = t.plain("Customer Day moves to {date}", date=t.date(to))
    return Translations(said)


# ---------------------------------------------------------------------------- ways in


async def close(turn: Turn, argument: str) -> Next:
    session = await session_in(turn, argument)
    if session is None:
        return deny(turn, Act.SESSIONS)
    return ClosingDay(spot=Spot(office=session.office), session=session.id, day=session.day)


async def reopen(turn: Turn, argument: str) -> Next:
    session = await session_in(turn, argument)
    if session is None:
        return deny(turn, Act.SESSIONS)
    return ReopeningDay(spot=Spot(office=session.office), session=session.id, day=session.day)


async def move(turn: Turn, argument: str) -> Next:
    session = await session_in(turn, argument)
    if session is None:
        return deny(turn, Act.SESSIONS)
    return MovingDay(spot=Spot(office=session.office), session=session.id, day=session.day)


async def move_back(turn: Turn, argument: str) -> Next:
    """Take back that a day was moved: shown, as every move is."""
    number, _, to = argument.partition(".")
    session = await session_in(turn, number)
    if session is None:
        return deny(turn, Act.SESSIONS)
    spot = Spot(office=session.office)
    now = read_day(f"{to[:4]}-{to[4:6]}-{to[6:8]}", turn.work.today)
    if now is None:
        return Reask(turn.t(WHY[Why.NOT_THERE]), Sessions(spot=spot))
    affected = await sessions.affected_by_closing(turn.work, session.office, now)
    return MovingDay(spot=spot, session=session.id, day=now, to=session.day, seen=seen_of(affected), back_again=True)
