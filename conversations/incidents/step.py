"""What the screens of incidents share: the plan that is being made, and who may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from conversations.engine.messages import Kind, Message
from conversations.engine.step import Next, Reask, Step, Turn
from conversations.home.main_menu import MainMenu
from conversations.on_behalf.step import person_of
from locales import Language, Localizer
from services.actors import office_subject
from services.incidents import incidents
from services.incidents.incidents import Circle, Plan, Translations
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act
from storage.ids import CategoryId, IncidentId, OfficeId

LANGUAGES = tuple(Language)


class PlanDraft(Message):
    """An incident that is about to be opened."""

    categories: tuple[CategoryId, ...] = ()
    offices: tuple[OfficeId, ...] = ()
    blocks: tuple[int, ...] = ()
    circles: tuple[Circle, ...] = ()
    texts: dict[str, str] = Field(default_factory=dict)
    left_out: tuple[str, ...] = ()  # languages
    back: int = 3  # hours before now from which reports join
    hours: int = 12

    @property
    def plan(self) -> Plan:
        return Plan(
            categories=self.categories,
            offices=self.offices,
            blocks=self.blocks,
            circles=self.circles,
            texts=Translations({code: text for code, text in self.texts.items() if text}),
            back=timedelta(hours=self.back),
            lasts=timedelta(hours=self.hours),
        )


class PlanStep(Step):
    """A question about an incident that is about to be opened."""

    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT})
    draft: PlanDraft

    def but(self, **changes: object) -> PlanDraft:
        return self.draft.model_copy(update=changes)

    def draft_title(self, turn: Turn) -> str:
        return turn.t.plain("Incident")


async def is_allowed(turn: Turn) -> bool:
    """Whether the person may look after incidents anywhere."""
    return bool(await incidents.offices_of(turn.work, person_of(turn)))


def turned_away(turn: Turn) -> Next:
    """They may not, which is written down."""
    permissions.deny(turn.work, person_of(turn), Act.INCIDENT, office_subject(EVERY_OFFICE))
    return denied(turn)


def denied(turn: Turn) -> Next:
    return Reask(turn.t("You do not have permission to do this."), MainMenu())


def numbered(argument: str) -> IncidentId:
    """The incident that a button names; 0, which is none's, where it names none."""
    return IncidentId(int(argument) if argument.isascii() and argument.isdecimal() and len(argument) < 13 else 0)


def language_named(t: Localizer, language: str) -> str:
    return t.plain("in Arabic") if language == Language.AR.value else t.plain("in English")


def next_language(texts: dict[str, str], left_out: tuple[str, ...]) -> Language | None:
    """The next language in which something is still to be written."""
    return next((one for one in LANGUAGES if not texts.get(one.value) and one.value not in left_out), None)
