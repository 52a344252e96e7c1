"""What the screens of announcements share: which one it is and in which version it was seen, and who may see it.

A draft is a row that several administrators may write at. Each screen names the version that it showed; whoever comes
second is shown the newer one, and what they typed is kept (`conversations.announcements.conflict`).
"""

from __future__ import annotations

from typing import ClassVar, Self, Unpack

from markupsafe import Markup

from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Next, Prompt, Reask, Step, Turn
from conversations.home.main_menu import MainMenu
from conversations.on_behalf.step import person_of
from services.actors import office_subject
from services.announcements import writing
from services.announcements.model import Announcement, AnnouncementId, StaleVersion
from services.announcements.writing import Changes
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act

__all__ = ["AnnouncementStep", "choose_a_button", "denied", "newer_version", "numbered", "person_of", "turned_away"]


class AnnouncementStep(Step):
    """A screen about one announcement."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})
    announcement: AnnouncementId
    version: int

    async def ask(self, turn: Turn) -> Prompt:
        found = await writing.open_for(turn.work, person_of(turn), self.announcement)
        if found is None:
            return Prompt(turn.t("You do not have permission to do this."), back=False)
        return await self.show(turn, found)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        found = await writing.open_for(turn.work, person_of(turn), self.announcement)
        if found is None:
            return denied(turn)
        try:
            return await self.take(turn, answer, found)
        except StaleVersion:
            return await self.outdated(turn, answer, found)

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        """What the screen says of the announcement as it is now."""
        raise NotImplementedError

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        """Take an answer of somebody who may read it. Raises StaleVersion where a rival was first."""
        raise NotImplementedError

    async def outdated(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        """What to do where a rival was first: look at the newer version, and choose again."""
        return Reask(newer_version(turn, self.version, found), self.at(found))

    def at(self, found: Announcement) -> Self:
        """The same screen about a later version."""
        return self.model_copy(update={"version": found.version})

    async def change(self, turn: Turn, **changes: Unpack[Changes]) -> Announcement | None:
        """Change what this screen showed; None where the person may not. Raises StaleVersion."""
        return await writing.change(turn.work, person_of(turn), self.announcement, self.version, **changes)


def newer_version(turn: Turn, seen: int, found: Announcement) -> Markup:
    """Why what was tapped was not done: a rival changed it since that version, or it has been sent meanwhile."""
    if seen == found.version:
        return turn.t("This announcement has moved on. This is how it stands now.")
    return turn.t(
        "⚠️ Another administrator has changed this announcement. This is the newer version. Check it and choose again."
    )


def choose_a_button(turn: Turn) -> Reask:
    """For whoever types, or sends something, where there is nothing to write."""
    return Reask(turn.t("Choose one of the buttons."))


def denied(turn: Turn) -> Next:
    """They never had the right, or it has ended."""
    return Reask(turn.t("You do not have permission to do this."), MainMenu())


async def turned_away(turn: Turn) -> Next:
    """Whoever may not announce anywhere: it is written down. Who is no staff hears what they hear of any command."""
    person, t = person_of(turn), turn.t
    permissions.deny(turn.work, person, Act.ANNOUNCE, office_subject(EVERY_OFFICE))
    said = turn.said
    if said.kind is not Kind.COMMAND or await permissions.member(turn.work, person) is not None:
        return denied(turn)
    if said.command == "start":
        return Reask(t("This link is not valid or is no longer in use."), MainMenu())
    named = "/" + said.command[:32]
    return Reask(
        t("{command} is not a command. Use {help} to see the commands.", command=named, help="/help"), turn.here
    )


def numbered(argument: str) -> AnnouncementId:
    """The announcement that a button names; 0, which is none's, where it names none."""
    return AnnouncementId(int(argument) if argument.isascii() and argument.isdecimal() and len(argument) < 13 else 0)
