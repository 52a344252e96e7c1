"""The buttons under an announcement, chosen from those there are: they open the bot's own doors."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.announcements.card import card_of
from conversations.announcements.message import LABELS
from conversations.announcements.step import AnnouncementStep, choose_a_button, denied, person_of
from conversations.announcements.words import heading
from conversations.engine.step import Answer, Button, Next, Prompt, Step, Turn
from conversations.staff.office_scope import office_title
from services.announcements import model, writing
from services.announcements.model import Announcement, Link, Translations
from storage.ids import OfficeId


class ChoosingButtons(AnnouncementStep):
    """Each is there or not."""

    step: Literal["announce:keys"] = "announce:keys"

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t, there = turn.t, {button.link for button in found.buttons}
        office = office_of(found)
        leads = (
            t("They open: {office}", office=office_title(t, turn.work.offices, office))
            if office
            else t("They open each reader's own office.")
        )
        rows = [
            [Button(label=f"{'☑️' if link in there else '⬜️'} {t.plain(label)}", value=link)]
            for link, label in LABELS.items()
        ]
        text = t.join_lines(heading(turn, found), t("Which buttons should it have?"), leads, Markup())
        return Prompt(text, [*rows, [Button(label=t.plain("Done"), value="done")]], menu=False)

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        if answer.choice == "done":
            return await card_of(turn, found)
        there = {button.link for button in found.buttons}
        chosen: list[Link] = [link for link in LABELS if (link in there) != (link == answer.choice)]
        if set(chosen) == there:
            return choose_a_button(turn)
        made = await self.change(
            turn,
            buttons=tuple(model.Button(label=Translations({}), link=link, office=office_of(found)) for link in chosen),
        )
        return denied(turn) if made is None else self.at(made)

    async def back(self, turn: Turn) -> Step | None:
        found = await writing.open_for(turn.work, person_of(turn), self.announcement)
        return None if found is None else await card_of(turn, found)


def office_of(found: Announcement) -> OfficeId:
    """The office that a button opens: the one it is about; "" is each reader's own."""
    offices = found.audience.offices
    return found.office if len(offices) != 1 else offices[0]
