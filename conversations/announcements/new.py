"""Where an announcement begins: an empty one of an office's, or one about a Customer Day."""

from __future__ import annotations

from datetime import date
from typing import Literal

from conversations.announcements.card import card_of
from conversations.announcements.step import choose_a_button, denied, person_of, turned_away
from conversations.announcements.texts import Writing
from conversations.announcements.words import LANGUAGES
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Redirect, Step, Turn
from conversations.engine.typed_date import typed_date
from conversations.staff.office_scope import office_label, office_named
from locales.bidi import shorten
from services.actors import session_subject
from services.announcements import model, reading, session_drafts, writing
from services.announcements.model import Announcement
from services.bookings import sessions
from services.bookings.sessions import DayState
from services.staff.permissions import EVERY_OFFICE
from storage.ids import OfficeId, SessionId

IMPROVEMENT_OFFICE = "improvement_office"  # a door of `conversations.announcements.improvement`
NEW = "announcement_new"
_EVERY = "every."
_AHEAD, _PAGE = 12, 8  # sessions of an office that are looked at; sessions shown at once


class ChoosingOffice(Step):
    """Whose announcement it is, of one who may announce for several offices."""

    step: Literal["announce:office"] = "announce:office"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})
    improvement: bool = False  # it is to be about something that was improved

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = [
            [Button(label=shorten(office_label(t, turn.work.offices, one), 64), value=one or _EVERY)]
            for one in await offices_of_mine(turn)
        ]
        return Prompt(t("Which office is the announcement from?"), rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        mine = await offices_of_mine(turn)
        if not mine:
            return denied(turn)
        typed = office_named(turn.work.offices, answer.text, mine) if not answer.choice else None
        office = OfficeId("") if answer.choice == _EVERY else OfficeId(answer.choice)
        chosen = office if answer.choice and office in mine else typed
        if chosen is None:
            return choose_a_button(turn)
        return Redirect(IMPROVEMENT_OFFICE, chosen or _EVERY) if self.improvement else await _begun(turn, chosen)


async def new(turn: Turn, argument: str) -> Next:
    """A new announcement; `argument` is an office, or nothing."""
    mine = await offices_of_mine(turn)
    if not mine:
        return await turned_away(turn)
    office = OfficeId(argument)
    if argument and office in mine:
        return await _begun(turn, office)
    return await _begun(turn, mine[0]) if len(mine) == 1 else ChoosingOffice()


async def _begun(turn: Turn, office: OfficeId) -> Next:
    made = await writing.draft(turn.work, person_of(turn), model.Kind.NEWS, office)
    if made is None:
        return denied(turn)
    return Writing(announcement=made.id, version=made.version, language=LANGUAGES[0])


async def offices_of_mine(turn: Turn) -> tuple[OfficeId, ...]:
    """For which offices the person may announce: the single ones first, then all at once."""
    offices = await writing.offices_of(turn.work, person_of(turn))
    whole = (EVERY_OFFICE,) if EVERY_OFFICE in offices else ()
    return (*(one for one in offices if one != EVERY_OFFICE), *whole)


# ---------------------------------------------------------------------------- about a Customer Day


class ChoosingSession(Step):
    """The Customer Days that are to come, the next one first; a day or an office may be typed."""

    step: Literal["announce:sessions"] = "announce:sessions"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})
    office: OfficeId = OfficeId("")  # only of this one
    page: int = 0

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        found = await _sessions(turn, self.office)
        shown = found[self.page * _PAGE : (self.page + 1) * _PAGE]
        rows = [[Button(label=_label(turn, one), value=f"s{one.session.id}")] for one in shown]
        rows.append(
            [
                *([Button(label=t.plain("Previous"), value=f"p{self.page - 1}")] if self.page else []),
                *(
                    [Button(label=t.plain("More"), value=f"p{self.page + 1}")]
                    if (self.page + 1) * _PAGE < len(found)
                    else []
                ),
            ]
        )
        if not found:
            return Prompt(t("No Customer Day is open for booking at the moment."), rows)
        question = t("Which Customer Day do you want to announce? Choose one, or type a day or an office.")
        return Prompt(t.join_lines(t("📅 <b>Announce a session</b>"), question), rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if not await offices_of_mine(turn):
            return denied(turn)
        found = await _sessions(turn, self.office)
        choice = answer.choice
        if not choice:
            return await self._typed(turn, answer.text, found)
        if choice[0] == "p" and choice[1:].isdigit():
            return self.model_copy(update={"page": min(int(choice[1:]), 99)})
        chosen = next((one for one in found if choice == f"s{one.session.id}"), None)
        if chosen is None:
            return Reask(turn.t("You can no longer choose that day."))
        return await _announced(turn, chosen)

    async def _typed(self, turn: Turn, text: str, found: tuple[DayState, ...]) -> Next:
        offices = tuple(dict.fromkeys(one.session.office for one in found))
        if (office := office_named(turn.work.offices, text, offices)) is not None:
            return ChoosingSession(office=office)
        days: list[date] = list(dict.fromkeys(one.session.day for one in found))
        day = typed_date(text[:60], days, turn.work.today)
        of_day = [one for one in found if one.session.day == day]
        if len(of_day) == 1:
            return await _announced(turn, of_day[0])
        if of_day:
            return Reask(turn.t("Several offices receive people on that day. Choose one."))
        return choose_a_button(turn)


async def session_list(turn: Turn, argument: str) -> Next:
    """The list of sessions; `argument` is one of them, an office, or nothing."""
    mine = await offices_of_mine(turn)
    if not mine:
        return await turned_away(turn)
    if argument.isascii() and argument.isdecimal() and len(argument) < 13:
        chosen = [one for one in await _sessions(turn) if one.session.id == SessionId(int(argument))]
        if chosen:
            return await _announced(turn, chosen[0])
    office = OfficeId(argument)
    return ChoosingSession(office=office) if argument and office in mine else ChoosingSession()


async def _sessions(turn: Turn, only: OfficeId = EVERY_OFFICE) -> tuple[DayState, ...]:
    """What may be announced: the sessions that still take bookings, of the person's offices."""
    found: list[DayState] = []
    mine = await offices_of_mine(turn)
    for office in turn.work.offices.with_customer_day:
        if office.id in mine and only in {EVERY_OFFICE, office.id}:
            found += [
                one for one in await sessions.upcoming(turn.work, office.id, _AHEAD) if one.state in {"free", "full"}
            ]
    return tuple(sorted(found, key=lambda one: (one.session.day, one.session.id)))


def _label(turn: Turn, day: DayState) -> str:
    t = turn.t
    times = t.plain_plural("{n} time available", "{n} times available", day.free) if day.free else t.plain("full")
    office = office_label(t, turn.work.offices, day.session.office)
    return shorten(f"{office} · {t.day(day.session.day)} · {times}", 64)


async def _announced(turn: Turn, day: DayState) -> Next:
    """The draft about a session, as it was begun before or begun now, with a preview."""
    made = await _draft_about(turn, day)
    if made is None:
        return denied(turn)
    return await card_of(turn, made)


async def _draft_about(turn: Turn, day: DayState) -> Announcement | None:
    session = day.session
    subject = session_subject(session.id)
    before = await reading.draft_about(turn.work, subject)
    if before is not None:
        return await writing.open_for(turn.work, person_of(turn), before.id)
    return await session_drafts.session_draft(turn.work, person_of(turn), session.id)
