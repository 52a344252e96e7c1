"""Categories, topics, ready texts and answers: picked from their list. Categories and ready texts are added here."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.configuration.data import standing
from conversations.configuration.field_types import Among, Spot
from conversations.configuration.fields import LISTED, entry_path, listed_at
from conversations.configuration.menus import OfficeMenu, ShowingSection, spot_argument, spot_in
from conversations.configuration.preview import previewed
from conversations.configuration.step import (
    ConfiguringStep,
    choose_a_button,
    deny,
    key,
    may,
    no_words,
    page_of,
    paged,
)
from conversations.configuration.typed import by_language
from conversations.configuration.values import entry_title, office_title, options
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Next, Prompt, Redirect, Step, Turn
from services.casework.templates import PLACEHOLDERS
from services.offices.changes import Present, Proposal
from services.offices.configuration import ANSWERS, CATEGORIES, TEMPLATES, as_json
from services.offices.entries import free_id
from services.offices.yaml_file import Data
from services.offices.yaml_file import Step as Key

_ADD = "_add"
#: Where an answer is added.
NEW_ANSWER = "config_new_answer"
_PAGE = 10


class Entries(ConfiguringStep):
    """The list, a page at a time."""

    step: Literal["offices:entries"] = "offices:entries"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})
    page: int = 0

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t, section = turn.t, self.spot.section
        buttons = [key(entry_title(turn, present, entry_of(self.spot, id_)), id_) for id_ in _ids(present, self.spot)]
        rows = [list(row) for row in paged(turn, buttons, self.page, _PAGE)]
        if section == TEMPLATES:
            rows.append([key(t.plain("➕ Add a ready text"), _ADD)])
        if section == CATEGORIES:
            rows.append([key(t.plain("➕ Add a category"), _ADD)])
        if section == ANSWERS:
            rows.append([key(t.plain("➕ Add an answer"), _ADD)])
        return Prompt(t.join_lines(*self._about(turn, present), t("Which one?")), rows)

    def _about(self, turn: Turn, present: Present) -> list[Markup]:
        t = turn.t
        head = t("<b>{section}</b>", section=t(LISTED[self.spot.section].title))
        if not self.spot.office:
            return [head]
        office = office_title(turn, present, self.spot.office)
        return [t.dotted(head, office), t("Residents of this office also have the answers of all offices.")]

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if (page := page_of(answer.choice)) is not None:
            return self.model_copy(update={"page": page})
        if answer.choice == _ADD and self.spot.section == TEMPLATES:
            return AddingTemplate(spot=self.spot)
        if answer.choice == _ADD and self.spot.section == CATEGORIES:
            return AddingCategory(spot=self.spot)
        if answer.choice == _ADD and self.spot.section == ANSWERS:
            return Redirect(NEW_ANSWER, spot_argument(self.spot))
        if answer.choice not in _ids(present, self.spot):
            return choose_a_button(turn)
        return ShowingSection(spot=entry_of(self.spot, answer.choice))

    async def back(self, turn: Turn) -> Step | None:
        return OfficeMenu(spot=Spot(office=self.spot.office))


class AddingTemplate(ConfiguringStep):
    """A ready text for every category and status; both can be narrowed later."""

    step: Literal["offices:new_template"] = "offices:new_template"
    ar: str = ""  # its title
    en: str = ""

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        head = t("<b>Add a ready text</b>")
        if not self.en:
            ask = t("What is it called? Send the title in Arabic, in English or in both, each on its own line.")
            return Prompt(t.join_lines(head, ask))
        known = Markup(" ").join(t.own(f"{{{name}}}") for name in PLACEHOLDERS)
        ask = t("Send the text in Arabic, in English or in both, each on lines of its own.")
        return Prompt(t.join_lines(head, ask, t("These are filled in when it is used: {names}", names=known)))

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        texts = by_language(answer.text, lines=bool(self.en))
        if texts is None:
            return no_words(turn)
        if not self.en:
            return self.model_copy(update={"ar": str(texts["ar"]), "en": str(texts["en"])})
        entry: dict[Key, Data] = {"title": {"ar": self.ar, "en": self.en}, "text": texts}
        id_ = free_id(present.configuration, (TEMPLATES,))
        proposal = Proposal(path=(TEMPLATES, id_), before=None, after=as_json(entry))
        return await previewed(turn, Spot(section=TEMPLATES, entry=id_), proposal)

    async def back(self, turn: Turn) -> Step | None:
        return Entries(spot=self.spot)


class AddingCategory(ConfiguringStep):
    """A category for every office and type of request; all else is set, or narrowed, later."""

    step: Literal["offices:new_category"] = "offices:new_category"
    ar: str = ""  # its name
    en: str = ""
    owner: str = ""
    page: int = 0

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        head = t("<b>Add a category</b>")
        if not self.en:
            ask = t("What is it called? Send the name in Arabic, in English or in both, each on its own line.")
            return Prompt(t.join_lines(head, ask))
        if not self.owner:
            buttons = [key(name, id_) for id_, name in options(t, present, Among.BODIES).items()]
            rows = [list(row) for row in paged(turn, buttons, self.page, _PAGE)]
            return Prompt(t.join_lines(head, t("Which body is responsible for it?")), rows)
        ask = t("Send one emoji. Residents see it before the name.")
        every = t(
            "All offices will offer it, except those that deal with certain categories only. You can change this later."
        )
        return Prompt(t.join_lines(head, ask, every))

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if not self.en:
            texts = by_language(answer.text)
            if texts is None:
                return no_words(turn)
            return self.model_copy(update={"ar": str(texts["ar"]), "en": str(texts["en"])})
        if not self.owner:
            if (page := page_of(answer.choice)) is not None:
                return self.model_copy(update={"page": page})
            known = answer.choice in options(turn.t, present, Among.BODIES)
            return self.model_copy(update={"owner": answer.choice}) if known else choose_a_button(turn)
        name: dict[Key, Data] = {"ar": self.ar, "en": self.en}
        entry: dict[Key, Data] = {"name": name, "emoji": answer.text.strip(), "owner": self.owner}
        id_ = free_id(present.configuration, (CATEGORIES,))
        proposal = Proposal(path=(CATEGORIES, id_), before=None, after=as_json(entry))
        return await previewed(turn, Spot(section=CATEGORIES, entry=id_), proposal)

    async def back(self, turn: Turn) -> Step | None:
        return Entries(spot=self.spot)


def entry_of(spot: Spot, id_: str) -> Spot:
    """An entry of the list that a spot is in."""
    return Spot(office=spot.office, section=spot.section, entry=id_)


def _ids(present: Present, spot: Spot) -> list[str]:
    found = standing(present, entry_path(spot)[:-1])
    return [str(id_) for id_ in found] if isinstance(found, dict) else []


async def entries(turn: Turn, argument: str) -> Next:
    """Open a list. What all offices share is for those who administer all of them."""
    spot, _ = spot_in(argument)
    allowed = spot.section in listed_at(spot.office) and await may(turn, spot.office)
    return Entries(spot=Spot(office=spot.office, section=spot.section)) if allowed else deny(turn)
