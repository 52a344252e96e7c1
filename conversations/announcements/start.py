"""Announcements in an administrator's private chat: the doors, and all screens together.

`/announce` lists drafts, those under way and those of the past. The route `announce` (`LIST`) opens the same from any
menu; `announcement` (`OPEN`) opens one, by its number.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from conversations.announcements import acts, correcting, improvement, listing, new, preview
from conversations.announcements.actions import ACT, ANNOUNCE_SESSION, CORRECT
from conversations.announcements.audience import ChoosingAudience, ChoosingBlock, ChoosingCategory, ChoosingOffices
from conversations.announcements.buttons import ChoosingButtons
from conversations.announcements.card import (
    AUDIENCE,
    BUTTONS,
    CASES,
    EXPIRY,
    LIST,
    OPEN,
    TEST,
    TEXT,
    WHEN,
    Card,
    card_of,
)
from conversations.announcements.schedule import ChoosingTime
from conversations.announcements.step import denied, numbered, person_of
from conversations.announcements.testing import ChoosingTesters
from conversations.announcements.texts import Conflict, Writing
from conversations.announcements.words import LANGUAGES
from conversations.engine.registry import Flow
from conversations.engine.step import Next, Reask, Step, Turn
from services.announcements import writing
from services.announcements.model import Announcement, Status

Screen = Callable[[Announcement], Step]


def _draft_screen(screen: Screen) -> Callable[[Turn, str], Awaitable[Next]]:
    """The door to a screen that changes a draft; what is no draft any more shows how it stands."""

    async def opened(turn: Turn, argument: str) -> Next:
        found = await writing.open_for(turn.work, person_of(turn), numbered(argument))
        if found is None:
            return denied(turn)
        if found.status is not Status.DRAFT:
            why = turn.t("This announcement can no longer be changed.")
            return Reask(why, await card_of(turn, found, preview=False))
        return screen(found)

    return opened


async def opened(turn: Turn, argument: str) -> Next:
    """The card of an announcement, below how it will look."""
    found = await writing.open_for(turn.work, person_of(turn), numbered(argument))
    return denied(turn) if found is None else await card_of(turn, found)


FLOW = Flow(
    steps=(
        listing.Listing,
        new.ChoosingOffice,
        new.ChoosingSession,
        Writing,
        Conflict,
        Card,
        acts.Acting,
        acts.Refusing,
        ChoosingAudience,
        ChoosingOffices,
        ChoosingCategory,
        ChoosingBlock,
        ChoosingTime,
        ChoosingButtons,
        ChoosingTesters,
        correcting.Correcting,
        improvement.ChoosingImprovement,
        improvement.LinkingCases,
    ),
    routes={
        LIST: listing.announce,
        OPEN: opened,
        ACT: acts.act,
        CORRECT: correcting.correct,
        TEXT: _draft_screen(lambda one: Writing(announcement=one.id, version=one.version, language=LANGUAGES[0])),
        AUDIENCE: _draft_screen(lambda one: ChoosingAudience(announcement=one.id, version=one.version)),
        WHEN: _draft_screen(lambda one: ChoosingTime(announcement=one.id, version=one.version)),
        EXPIRY: _draft_screen(lambda one: ChoosingTime(announcement=one.id, version=one.version, ends=True)),
        BUTTONS: _draft_screen(lambda one: ChoosingButtons(announcement=one.id, version=one.version)),
        TEST: _draft_screen(lambda one: ChoosingTesters(announcement=one.id, version=one.version)),
        CASES: improvement.cases,
        new.NEW: new.new,
        ANNOUNCE_SESSION: new.session_list,
        new.IMPROVEMENT_OFFICE: improvement.chosen_office,
        improvement.ROUTE: improvement.improvement,
        preview.ROUTE: preview.tapped,
    },
    commands={"announce": LIST, "improvement": improvement.ROUTE},
)
