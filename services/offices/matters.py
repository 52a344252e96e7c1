"""What the offices files say of what cases are about: categories, topics, dangers, bodies, targets."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, NewType

from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
)

from services.offices.alternatives import Phrases
from services.offices.plain_values import Emoji, Phone, text_of
from services.offices.texts import Keywords, LocalizedText, Website, wrong
from services.offices.yaml_file import FileModel
from storage.ids import CategoryId, OfficeId
from storage.records.cases import CaseKind

BodyId = NewType("BodyId", str)
TopicId = NewType("TopicId", str)
DangerId = NewType("DangerId", str)


def _not_sooner(targets: list[str], span: int, unit: str, info: ValidationInfo) -> int:
    """A target, which leaves at least as long as the one before it does. Raises ValueError naming that one."""
    earlier = targets[targets.index(info.field_name or "") - 1]
    if span < info.data.get(earlier, 0):
        raise wrong(f"not fewer {unit} than “{earlier}” ({info.data[earlier]})")
    return span


class Targets(FileModel):
    """Working days within which a case is triaged, answered, closed, and closed at the very latest."""

    triage: Annotated[int, Field(ge=0, le=365)] = 1
    update: Annotated[int, Field(ge=0, le=365)] = 5
    close: Annotated[int, Field(ge=1, le=365)] = 10
    hard_limit: Annotated[int, Field(ge=1, le=365)] = 14

    @field_validator("update", "close", "hard_limit")
    @classmethod
    def _in_order(cls, days: int, info: ValidationInfo) -> int:
        return _not_sooner(list(cls.model_fields), days, "days", info)


class InquiryTargets(FileModel):
    """Working hours within which a question that a resident sent is taken up, answered, and closed."""

    triage: Annotated[int, Field(ge=0, le=500)] = 2
    update: Annotated[int, Field(ge=1, le=500)] = 7
    close: Annotated[int, Field(ge=1, le=500)] = 14

    @field_validator("update", "close")
    @classmethod
    def _in_order(cls, hours: int, info: ValidationInfo) -> int:
        return _not_sooner(list(cls.model_fields), hours, "hours", info)


class Inquiries(FileModel):
    """What holds for every question that a resident sends, since none of the ready answers was it.

    `category` is that of one whose words name none; without it the resident is asked.
    """

    targets: InquiryTargets = InquiryTargets()
    category: CategoryId | None = None


class Body(FileModel):
    """Who is responsible for a category. A case in a category of a body that `refers` is referred to it at once.

    `ours` is whoever works at this desk, in one of its offices: a case is transferred to them, never referred.
    """

    id: BodyId
    name: LocalizedText
    hotline: Phone | None = None
    website: Website | None = None
    note: LocalizedText | None = None
    ours: bool = False
    refers: bool = False

    @field_validator("refers")
    @classmethod
    def _refers_elsewhere(cls, refers: bool, info: ValidationInfo) -> bool:
        if refers and info.data.get("ours"):
            raise wrong("false, since the body is “ours”")
        return refers


class PlaceNeed(StrEnum):
    """Whether a case of a category says where."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class Category(FileModel):
    """What a case is about."""

    id: CategoryId
    name: LocalizedText
    emoji: Emoji
    kinds: Annotated[tuple[CaseKind, ...], Field(min_length=1)] = tuple(CaseKind)
    owner: BodyId
    partner: BodyId | None = None  # who helps the owner
    targets: Targets
    place: PlaceNeed = PlaceNeed.OPTIONAL
    offices: tuple[OfficeId, ...] = ()  # empty: all
    keywords: Keywords = Keywords()
    retired: bool = False  # not offered any more; the cases in it keep its name

    @property
    def words(self) -> tuple[str, ...]:
        """What the category is found by."""
        return (*self.name.texts, *self.keywords.all)


class Topic(FileModel):
    """What a Customer Day meeting is about. `category` is that of a case the meeting opens.

    `also` are categories of open cases that it may be about as well.
    """

    id: TopicId
    name: LocalizedText
    emoji: Emoji
    category: CategoryId
    also: tuple[CategoryId, ...] = ()
    keywords: Keywords = Keywords()

    @property
    def words(self) -> tuple[str, ...]:
        """What the topic is found by."""
        return (*self.name.texts, *self.keywords.all)


#: What is dialled in an emergency: it may be a short number.
EmergencyNumber = Annotated[str, BeforeValidator(text_of), Field(pattern=r"^\d{3,8}$")]


class Danger(FileModel):
    """What may hurt somebody now. `keywords` are phrases: what holds all words of one is taken for it.

    The words of a `harmless` phrase, near one another and in its order, do not tell of it. Words in both may have
    alternatives.
    """

    id: DangerId
    name: LocalizedText
    call: EmergencyNumber
    answers: LocalizedText  # who answers there
    keywords: Phrases
    harmless: Phrases = Phrases()
    category: CategoryId | None = None  # of the request, where its words leave it open: nobody in danger is asked
