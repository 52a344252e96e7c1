"""A session's own link for its meetings by video: typed, shown with whom it concerns, then set and told."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.configuration.effects import affected_lines, again, seen_of
from conversations.configuration.field_types import Spot
from conversations.configuration.preview import CONFIRM
from conversations.configuration.sessions import ShowingSession, session_in
from conversations.configuration.step import SessionStep, choose_a_button, deny, key
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.on_behalf.step import person_of
from locales import N_
from services.bookings import session_links, sessions
from services.bookings.meetings import is_link
from services.bookings.session_links import NotSet, Set
from services.offices.changes import Present
from services.staff.permissions import Act
from services.text.normalise import clean, without_bidi
from storage.ids import SessionId

_OFFICES = "_office"
_LONGEST = 600  # characters that are looked at
_WHY = {
    NotSet.DENIED: N_("You do not have permission to do this."),
    NotSet.NOT_THERE: N_("This session is over or was removed."),
    NotSet.NO_LINK: N_("That is not a link. Send the full address, beginning with https://"),
    NotSet.OVERTAKEN: N_("This has changed in the meantime. Your change was not made. Check it again."),
}


class GivingLink(SessionStep):
    """Which link; then who is told; then it is set."""

    step: Literal["sessions:link"] = "sessions:link"
    session: SessionId
    link: str | None = None  # "" is the office's again; None while it is asked for
    version: int = 0  # of the last change when this was shown
    seen: str = ""

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        session = await sessions.session(turn.work, self.session)
        if session is None:
            return Prompt(t("This is no longer there."))
        head = t.dotted(t.date(session.day), t.span(session.opens_at, session.closes_at))
        now = await session_links.newest(turn.work, session.id)
        office = present.offices.get(session.office)
        offices = office.video_link if office is not None else None
        if self.link is None:
            rows = [[key(t.plain("🗑 Use the office’s link again"), _OFFICES)]] if now and now.link else []
            stands = now.link if now and now.link else offices
            return Prompt(
                t.join_lines(
                    head,
                    t("Now: {link}", link=t.own(stands)) if stands else t("There is no link so far."),
                    t("Send the link for all meetings by video in this session."),
                ),
                rows,
            )
        told = await session_links.concerned(turn.work, session.id)
        return Prompt(
            t.join_lines(
                head,
                self._will_be(turn, offices),
                Markup(),
                *affected_lines(turn, told),
                t("They will be told. An appointment with a link of its own keeps that one.") if told else None,
            ),
            [[Button(label=t.plain("✅ Confirm"), value=CONFIRM)]],
        )

    def _will_be(self, turn: Turn, offices: str | None) -> Markup:
        t = turn.t
        if self.link:
            return t("Meetings by video in this session will use this link: {link}", link=t.own(self.link))
        if offices:
            return t("Meetings by video in this session will use the office’s link: {link}", link=t.own(offices))
        return t("Meetings by video in this session will have no link: the office has none.")

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if self.link is None or not answer.choice:
            typed = "" if answer.choice == _OFFICES else clean(without_bidi(answer.text), _LONGEST).strip()
            if answer.choice not in {"", _OFFICES}:
                return choose_a_button(turn)
            if not answer.choice and not is_link(typed):
                return Reask(turn.t(_WHY[NotSet.NO_LINK]))
            return await self.shown_with(turn, typed)
        if answer.choice != CONFIRM:
            return choose_a_button(turn)
        if seen_of(await session_links.concerned(turn.work, self.session)) != self.seen:
            return Reask(again(turn), await self.shown_with(turn, self.link))
        done = await session_links.put(turn.work, person_of(turn), self.session, self.link, self.version)
        if isinstance(done, NotSet):
            return Reask(turn.t(_WHY[done]), ShowingSession(spot=self.spot, session=self.session))
        self._say_done(turn, done)
        return ShowingSession(spot=self.spot, session=self.session)

    async def shown_with(self, turn: Turn, link: str) -> GivingLink:
        """The preview, as things stand now."""
        now = await session_links.newest(turn.work, self.session)
        told = await session_links.concerned(turn.work, self.session)
        return self.model_copy(update={"link": link, "version": now.version if now else 0, "seen": seen_of(told)})

    def _say_done(self, turn: Turn, done: Set) -> None:
        t, count = turn.t, len(done.told)
        undo = Button(
            label=t.plain("↩️ Undo this change"),
            route="session_link_as_was",
            value=f"{self.session}.{done.link.version}",
        )
        told = t.plural("We are telling {n} resident now.", "We are telling {n} residents now.", count)
        turn.say(t.join_lines(t("🎥 <b>This session has another link.</b>"), told if count else None), ((undo,),))

    async def back(self, turn: Turn) -> Step | None:
        return ShowingSession(spot=self.spot, session=self.session)


async def link(turn: Turn, argument: str) -> Next:
    """Another link for a session."""
    session = await session_in(turn, argument)
    if session is None:
        return deny(turn, Act.SESSIONS)
    return GivingLink(spot=Spot(office=session.office), session=session.id)


async def as_was(turn: Turn, argument: str) -> Next:
    """The link that a session had before: shown with whom going back concerns."""
    number, _, version = argument.partition(".")
    session = await session_in(turn, number)
    if session is None:
        return deny(turn, Act.SESSIONS)
    spot = Spot(office=session.office)
    known = version.isascii() and version.isdecimal() and len(version) < 7
    was = await session_links.before(turn.work, session.id, int(version)) if known else None
    if was is None:
        return Reask(turn.t(_WHY[NotSet.OVERTAKEN]), ShowingSession(spot=spot, session=session.id))
    return await GivingLink(spot=spot, session=session.id).shown_with(turn, was)
