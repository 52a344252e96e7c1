"""Ready texts for staff, in every language: by category and by the state a case is in.

One YAML file says them (`services/data/templates.yaml` is the shipped one). `load_templates` reads it and reports
every mistake at once, with its line. What stands in braces is filled in when a text is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from services.cases.workflow import RULES
from services.casework.replies import ReplyKind
from services.offices.offices import Offices
from services.offices.texts import InLanguages, ToBeFilledIn, holding_only, placeholders_in, wrong
from services.offices.yaml_file import Data, Document, FileModel, OfficesFileError, check, one_of, read
from storage.ids import CategoryId
from storage.records.cases import Case, CaseStatus

SHIPPED = Path(__file__).parents[1] / "data" / "templates.yaml"

#: What a text may have in braces. `date` is a day that the member of staff chooses.
PLACEHOLDERS = ("reference", "office", "category", "date", "next_customer_day")
#: An id goes into a button's data.
_LONGEST_ID = 12
#: A ready text is read on a phone.
_LONGEST_TEXT = 1200


class TemplatesFileError(OfficesFileError):
    """The templates file is wrong. `problems` are all its mistakes, in the order of their lines."""

    what = "templates file"


def _id(name: str) -> str:
    if not re.fullmatch(rf"[a-z][a-z0-9_]{{0,{_LONGEST_ID - 1}}}", name):
        raise wrong(f"an id of at most {_LONGEST_ID} small letters, digits and _")
    return name


Text = Annotated[str, Field(min_length=1, max_length=_LONGEST_TEXT), holding_only(PLACEHOLDERS)]
Title = Annotated[str, Field(min_length=1, max_length=40)]
Id = Annotated[str, AfterValidator(_id)]


class Titles(InLanguages):
    """What a template is called, among buttons."""

    __pydantic_extra__: dict[str, Title]

    ar: Title
    en: Title


class Texts(ToBeFilledIn):
    """A template's text."""

    __pydantic_extra__: dict[str, Text]

    ar: Text
    en: Text


class Template(FileModel):
    """A ready text. Without `categories` it is for all; without `states`, for all that its kind has."""

    id: Id
    kind: ReplyKind = Field(alias="manner", default=ReplyKind.REPLY)  # the file's own word
    title: Titles
    text: Texts
    categories: tuple[CategoryId, ...] = ()
    states: tuple[CaseStatus, ...] = ()

    @field_validator("kind")
    @classmethod
    def _reaches_the_resident(cls, kind: ReplyKind) -> ReplyKind:
        if kind is ReplyKind.NOTE:
            raise wrong("ask, reply, resolve or reject")
        return kind

    @model_validator(mode="after")
    def _states_have_it(self) -> Self:
        never = [state for state in self.states if state not in RULES[self.kind.transition].allowed]
        if never:
            raise wrong(f"states in which a case has “{self.kind}” (never: {', '.join(never)})")
        return self

    @property
    def placeholders(self) -> frozenset[str]:
        return frozenset(placeholders_in(self.text.en))

    def fits(self, case: Case) -> bool:
        """Whether it is of use for a case as it is."""
        by_state = case.status in (self.states or RULES[self.kind.transition].allowed)
        return by_state and (not self.categories or case.category in self.categories)

    def fill(self, language: str, values: Mapping[str, str]) -> str:
        """The text with what is to be filled in. KeyError where one of its `placeholders` is not among the values."""
        return self.text.get(language).format_map(values)


class Templates(FileModel):
    """Every ready text, in the file's order."""

    templates_by_id: dict[Id, Template] = Field(alias="templates", default_factory=dict)

    def get(self, template: str) -> Template | None:
        return self.templates_by_id.get(template)

    @cached_property
    def all(self) -> tuple[Template, ...]:
        return tuple(self.templates_by_id.values())

    def for_case(self, case: Case, kind: ReplyKind | None = None) -> tuple[Template, ...]:
        """What is of use for a case (of one kind); the ones made for its category come first."""
        found = [one for one in self.all if one.fits(case) and kind in {None, one.kind}]
        return tuple(sorted(found, key=lambda one: not one.categories))


def load_templates(offices: Offices, path: Path | None = None) -> Templates:
    """Read a templates file (the shipped one where none is named), checked against the offices file's categories.

    Raises TemplatesFileError with every mistake in it. Of the shipped one, what is about categories that the offices
    file does not have is left out.
    """
    document = read(path or SHIPPED)
    if not isinstance(document.data, dict):
        if not document.problems:
            document.report((), "templates, as keys and values", document.data)
        raise TemplatesFileError(tuple(document.problems))
    templates = checked(document, offices, strict=path is not None)
    if templates is None:
        raise TemplatesFileError(tuple(document.problems))
    return templates


def checked(document: Document, offices: Offices, *, strict: bool = True) -> Templates | None:
    """The templates that a document's data says; None where its `problems` name mistakes. The data is changed.

    What is about categories that there are not is a mistake, or where it is not `strict`, left out.
    """
    if isinstance(document.data, dict) and isinstance(entries := document.data.get("templates"), dict):
        known = [str(category.id) for category in offices.categories]
        for key, entry in list(entries.items()):
            if isinstance(entry, dict) and not _prepare(document, str(key), entry, known, strict=strict):
                del entries[key]
    templates = check(document, Templates, document.data)
    return None if document.problems else templates


def _prepare(document: Document, key: str, entry: dict[str | int, Data], known: list[str], *, strict: bool) -> bool:
    """Give an entry its key as id, and check its categories; False where it is about none there is."""
    if "id" in entry:
        document.report(("templates", key, "id"), "no id, since the key is the id", entry["id"])
    entry["id"] = key
    named = entry.get("categories")
    if not isinstance(named, list) or not named:
        return True
    if strict:
        for place, name in enumerate(named):
            if isinstance(name, str) and name not in known:
                document.report(("templates", key, "categories", place), one_of("categories", name, known), name)
        return True
    entry["categories"] = [name for name in named if name in known]
    return bool(entry["categories"])
