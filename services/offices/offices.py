"""The offices, what they deal with and when they are open: data, never code.

One YAML file says it all (`services/data/bahrain.yaml` is the shipped one); adding, changing or retiring
an office is an edit of that file. `load_offices` reads it and reports every mistake at once.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, ValidationError

from services.offices.answers import Answer, AnswerId
from services.offices.matters import (
    Body,
    BodyId,
    Category,
    Danger,
    DangerId,
    EmergencyNumber,
    Inquiries,
    PlaceNeed,
    Targets,
    Topic,
    TopicId,
)
from services.offices.plain_values import Id, IdRule, Phone, Span, Weekday, parse_zone, text_of
from services.offices.schema import (
    Area,
    Ask,
    Block,
    Box,
    Closure,
    Contacts,
    Geography,
    Hours,
    LaneRule,
    MeetingPlace,
    Office,
)
from services.offices.texts import LanguageCode, LocalizedText, Website
from services.offices.yaml_file import Data, Document, FileModel, OfficesFileError, Path_, Problem, check, one_of, read
from storage.ids import CategoryId, ChatId, OfficeId
from storage.records.cases import CaseKind

__all__ = [
    "Answer",
    "AnswerId",
    "Area",
    "Ask",
    "Block",
    "Body",
    "BodyId",
    "Box",
    "CaseKind",
    "Category",
    "Closure",
    "Contacts",
    "Danger",
    "DangerId",
    "Geography",
    "Hours",
    "Inquiries",
    "LaneRule",
    "LanguageCode",
    "LocalizedText",
    "MeetingPlace",
    "Office",
    "Offices",
    "OfficesFileError",
    "PlaceNeed",
    "Problem",
    "Span",
    "Targets",
    "Topic",
    "TopicId",
    "Weekday",
    "checked",
    "load_offices",
]

SHIPPED = Path(__file__).parents[1] / "data" / "bahrain.yaml"


_LAW = LocalizedText(
    ar="القانون رقم (30) لسنة 2018 بإصدار قانون حماية البيانات الشخصية",  # not a text: the law's official title
    en="the Personal Data Protection Law (Law No. 30 of 2018)",
)


class Offices(FileModel):
    """Everything the offices file says, in its order.

    An unknown id is answered with None where buttons or old records may hold one that is gone.
    """

    ministry: LocalizedText
    law: LocalizedText = _LAW  # on the protection of personal data, as it is cited
    zone: Annotated[ZoneInfo, BeforeValidator(parse_zone)]
    hotline: Phone
    emergency: EmergencyNumber = "999"  # police, fire and ambulance: 999 in Bahrain
    website: Website | None = None
    hours: Hours
    targets: Targets = Targets()
    inquiries: Inquiries = Inquiries()
    closures: tuple[Closure, ...] = ()  # of every office
    ministry_chat: Annotated[ChatId | None, BeforeValidator(text_of)] = None  # gets the month's report
    offices_by_id: dict[Id, Office] = Field(alias="offices", min_length=1)
    bodies_by_id: dict[Id, Body] = Field(alias="bodies", min_length=1)
    categories_by_id: dict[Id, Category] = Field(alias="categories", min_length=1)
    topics_by_id: dict[Id, Topic] = Field(alias="topics", min_length=1)
    dangers_by_id: dict[Id, Danger] = Field(alias="dangers", default_factory=dict)
    answers: dict[Annotated[AnswerId, IdRule], Answer] = Field(default_factory=dict)  # of every office
    geography: Geography

    @property
    def all(self) -> tuple[Office, ...]:
        """The offices that take something new: the retired ones are only found by `get`."""
        return tuple(office for office in self.offices_by_id.values() if not office.retired)

    @property
    def with_customer_day(self) -> tuple[Office, ...]:
        """The offices whose head receives people."""
        return tuple(office for office in self.all if office.customer_day)

    @property
    def categories(self) -> tuple[Category, ...]:
        return tuple(self.categories_by_id.values())

    @property
    def dangers(self) -> tuple[Danger, ...]:
        return tuple(self.dangers_by_id.values())

    def danger(self, danger: DangerId) -> Danger | None:
        return self.dangers_by_id.get(danger)

    @property
    def topics(self) -> tuple[Topic, ...]:
        return tuple(self.topics_by_id.values())

    def get(self, office: OfficeId) -> Office | None:
        """An office, retired or not."""
        return self.offices_by_id.get(office)

    def category(self, category: CategoryId) -> Category | None:
        return self.categories_by_id.get(category)

    def answers_of(self, office: OfficeId) -> dict[AnswerId, Answer]:
        """The ready answers of an office: its own first. Without an office, those that all share."""
        found = self.get(office)
        own = {} if found is None else found.answers
        return own | {id_: answer for id_, answer in self.answers.items() if id_ not in own}

    def topic(self, topic: TopicId) -> Topic | None:
        return self.topics_by_id.get(topic)

    def body(self, body: BodyId) -> Body:
        """The body a category names. The file is checked, so it exists: KeyError is a defect."""
        return self.bodies_by_id[body]

    @property
    def other_bodies(self) -> dict[Id, Body]:
        """The bodies that have no office here: to them cases can be referred."""
        return {id_: body for id_, body in self.bodies_by_id.items() if not body.ours}

    def has_land(self, office: OfficeId) -> bool:
        """Whether an office serves an area, and not, as the ministry's own do, the whole country."""
        land = self.geography
        return office == land.elsewhere or any(area.office == office for area in land.areas)

    def categories_for(self, office: OfficeId, kind: CaseKind | None = None) -> tuple[Category, ...]:
        """What an office takes new cases of a kind (or of any) about."""
        return self._categories.get((office, kind), ())

    @cached_property
    def _categories(self) -> dict[tuple[OfficeId, CaseKind | None], tuple[Category, ...]]:
        """By office and kind: asked several times in each conversation about a case."""
        return {
            (desk.id, kind): tuple(
                category
                for category in self.categories
                if not category.retired
                and (not category.offices or desk.id in category.offices)
                and (not desk.categories or category.id in desk.categories)
                and (kind is None or kind in category.kinds)
            )
            for desk in self.offices_by_id.values()
            for kind in (None, *desk.kinds)
        }

    def with_staff_chats(self, chats: Mapping[OfficeId, ChatId]) -> Offices:
        """The same with these offices' staff groups. ValueError names offices that do not exist."""
        unknown = sorted(set(chats) - set(self.offices_by_id))
        if unknown:
            raise ValueError(f"staff chats for unknown offices: {', '.join(unknown)}")
        given = {id_: self.offices_by_id[id_].model_copy(update={"staff_chat": chat}) for id_, chat in chats.items()}
        return self.model_copy(update={"offices_by_id": self.offices_by_id | given})

    def with_ministry_chat(self, chat: ChatId | None) -> Offices:
        """The same with the ministry's chat, where one is given."""
        return self if chat is None else self.model_copy(update={"ministry_chat": chat})


# ---------------------------------------------------------------------------- loading


def load_offices(path: Path | None = None, languages: Collection[str] = ()) -> Offices:
    """Read an offices file (the shipped one for Bahrain where none is named).

    `languages`, where given, are those that staff may work in.

    Raises OfficesFileError with every mistake in it and in its blocks file.
    """
    path = path or SHIPPED
    document = read(path)
    if document.problems and document.data is None:
        raise OfficesFileError(tuple(document.problems))
    if not isinstance(document.data, dict):
        document.report((), "offices, categories and the rest, as keys and values", document.data)
        raise OfficesFileError(tuple(document.problems))
    blocks = _read_blocks(document, path.parent)
    offices = checked(document, blocks, languages)
    if offices is None:
        raise OfficesFileError(tuple(document.problems))
    return offices


def checked(document: Document, blocks: tuple[Block, ...], languages: Collection[str] = ()) -> Offices | None:
    """The offices that a document's data says; None where its `problems` name mistakes. The data is changed."""
    _check_references(document)
    _check_languages(document, languages)
    _fill_in(document)
    offices = check(document, Offices, document.data)
    if offices is None or document.problems:
        return None
    geography = offices.geography.model_copy(update={"blocks": blocks})
    return offices.model_copy(update={"geography": geography})


#: What names what: a place in the file (`*` is any key or item) and the section whose key stands there.
_REFERENCES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("offices", "*", "categories", "*"), "categories"),
    (("categories", "*", "owner"), "bodies"),
    (("categories", "*", "partner"), "bodies"),
    (("categories", "*", "offices", "*"), "offices"),
    (("topics", "*", "category"), "categories"),
    (("topics", "*", "also", "*"), "categories"),
    (("dangers", "*", "category"), "categories"),
    (("inquiries", "category"), "categories"),
    (("answers", "*", "category"), "categories"),
    (("offices", "*", "answers", "*", "category"), "categories"),
    (("geography", "areas", "*", "office"), "offices"),
    (("geography", "elsewhere"), "offices"),
    (("geography", "block_hundreds", "*"), "offices"),
)


def _check_references(document: Document) -> None:
    """Every id that names something must name something there is.

    Looked for in the data, not in the models, so that a mistake elsewhere hides none of these.
    """
    for pattern, section in _REFERENCES:
        known = _known_ids(document, section)
        for path, value in _matching(document.data, pattern):
            if isinstance(value, str) and value not in known:
                document.report(path, one_of(section, value, known), value)


def _check_languages(document: Document, languages: Collection[str]) -> None:
    for path, value in _matching(document.data, ("offices", "*", "staff_language")):
        if languages and isinstance(value, str) and value not in languages:
            document.report(path, one_of("languages", value, tuple(languages)), value)


def _known_ids(document: Document, section: str) -> list[str]:
    found = dict(_matching(document.data, (section,))).get((section,))
    return [str(key) for key in found] if isinstance(found, dict) else []


def _matching(data: Data, pattern: tuple[str, ...], path: Path_ = ()) -> Iterator[tuple[Path_, Data]]:
    if not pattern:
        yield path, data
        return
    step, *rest = pattern
    items: list[tuple[str | int, Data]] = []
    if isinstance(data, dict):
        items = [(key, value) for key, value in data.items() if step in {"*", key}]
    elif isinstance(data, list) and step == "*":
        items = list(enumerate(data))
    for key, value in items:
        yield from _matching(value, tuple(rest), (*path, key))


def _fill_in(document: Document) -> None:
    """Give each entry its key as id, and what the top of the file says for all.

    What is wrong at the top is reported there, once, and not again for each entry that takes it over.
    """
    data = document.data
    if not isinstance(data, dict):
        return
    for section in ("offices", "bodies", "categories", "topics", "dangers"):
        for path, entry in _matching(data, (section, "*")):
            if isinstance(entry, dict):
                if "id" in entry:
                    document.report((*path, "id"), "no id, since the key is the id", entry["id"])
                entry["id"] = path[-1]
    hours: Data = data.get("hours") if _is_valid(Hours, data.get("hours")) else {"sunday": "00:00-23:59"}
    for _, office in _matching(data, ("offices", "*")):
        if isinstance(office, dict):
            office.setdefault("hours", hours)
    usual = data.get("targets")
    usual = usual if isinstance(usual, dict) and _is_valid(Targets, usual) else {}
    for _, category in _matching(data, ("categories", "*")):
        if isinstance(category, dict):
            own = category.get("targets", {})
            category["targets"] = usual | own if isinstance(own, dict) else own


def _is_valid(model: type[FileModel], data: Data) -> bool:
    try:
        model.model_validate(data)
    except ValidationError:
        return False
    return True


def _read_blocks(document: Document, folder: Path) -> tuple[Block, ...]:
    """The blocks file that the offices file names, `block,office,source,confidence` under a heading."""
    name = dict(_matching(document.data, ("geography", "blocks_file"))).get(("geography", "blocks_file"))
    if not isinstance(name, str):
        return ()
    sheet, offices = Document(name), _known_ids(document, "offices")
    blocks: dict[int, Block] = {}
    try:
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            for row in rows:
                sheet.lines[()] = rows.line_num
                block = check(sheet, Block, {key: value for key, value in row.items() if value is not None})
                if block is None:
                    continue
                if block.office not in offices:
                    sheet.report(("office",), one_of("offices", block.office, offices), block.office)
                if block.block in blocks:
                    sheet.report(("block",), "each block once", block.block)
                blocks[block.block] = block
    except OSError as error:
        document.report(("geography", "blocks_file"), f"a file that can be read ({error.strerror})", name)
    except UnicodeDecodeError:
        sheet.report((), "text in UTF-8")
    except csv.Error as error:
        sheet.report((), f"comma-separated values ({error})")
    document.problems += sheet.problems
    return tuple(blocks.values())
