"""What is asked for a request, in order, and how each answer reads in the summary: the place to add a question.

The last one, from whom it is, is asked below the summary: see `review`.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from conversations.engine.form import Check, Field, never
from conversations.engine.step import Step, Turn
from conversations.requests.description import (
    ChoosingCategory,
    ChoosingKind,
    ChoosingOffice,
    Describing,
    NamingProject,
    Registering,
)
from conversations.requests.draft import RequestDraft, asked, category_of, needs_place
from conversations.requests.location import Comparing, Placing, elsewhere, similar_to, whose_place
from conversations.requests.parting import Parting
from conversations.requests.summary import description
from conversations.texts.case import category_name, office_name, place_words
from locales import N_
from services.offices.offices import Ask, PlaceNeed
from storage.records.cases import CaseKind

# ---------------------------------------------------------------------------- how answers read


def _office(turn: Turn, draft: RequestDraft) -> Markup:
    return turn.t("Office: {office}", office=office_name(turn.t, turn.work.offices, draft.office))


def _category(turn: Turn, draft: RequestDraft) -> Markup:
    known = category_of(turn.work.offices, draft)
    category = draft.category if known is None else known.id
    return turn.t("Category: {category}", category=category_name(turn.t, turn.work.offices, category))


def _description(turn: Turn, draft: RequestDraft) -> Markup | None:
    lines = description(turn, draft, 1500)
    return turn.t.join_lines(*lines) if lines else None


def _project(turn: Turn, draft: RequestDraft) -> Markup | None:
    return turn.t("Project: {project}", project=draft.project) if draft.project else None


def _registration(turn: Turn, draft: RequestDraft) -> Markup | None:
    t, number = turn.t, draft.registration
    return t("Commercial registration: {number}", number=t.ref(number)) if number else None


def _place(turn: Turn, draft: RequestDraft) -> Markup | None:
    place = place_words(turn.t, draft.spot) if draft.spot else None
    return turn.t("Place: {place}", place=place) if place else None


# ---------------------------------------------------------------------------- when they are asked


def _has_office(turn: Turn, draft: RequestDraft) -> bool:
    """Whether it is settled who gets it. Where it is may tell, so that is asked for first."""
    if not draft.office and category_of(turn.work.offices, draft) is not None:
        return needs_place(turn.work.offices, draft) is PlaceNeed.REQUIRED and not _placed(turn, draft)
    return bool(turn.work.offices.categories_for(draft.office, draft.kind))


def is_inquiry(draft: RequestDraft) -> bool:
    """Whether it is a question, of which no more is asked than its words and the office."""
    return draft.kind is CaseKind.INQUIRY


def _asks(what: Ask) -> Callable[[Turn, RequestDraft], bool]:
    return lambda turn, draft: not is_inquiry(draft) and draft.danger is None and asked(turn.work.offices, draft, what)


def _placed(turn: Turn, draft: RequestDraft) -> bool:
    skipped = draft.no_spot and needs_place(turn.work.offices, draft) is PlaceNeed.OPTIONAL
    return draft.spot is not None or skipped


async def _whose(turn: Turn, draft: RequestDraft) -> Step | RequestDraft:
    return await elsewhere(turn, draft) or draft.but(office_settled=True)


async def _similar(turn: Turn, draft: RequestDraft) -> Step | RequestDraft:
    looked = draft.but(looked_for_similar=True)
    if draft.danger is not None:  # the team is alerted first
        return looked
    return Comparing(draft=looked) if await similar_to(turn, looked) else looked


async def _of_place(turn: Turn, draft: RequestDraft) -> Step | RequestDraft:
    """The office whose place it is, where no other was chosen."""
    looked = draft.but(place_told=True)
    return await whose_place(turn, looked) or looked


async def _parts(_turn: Turn, draft: RequestDraft) -> Step | RequestDraft:
    return Parting(draft=draft, told=len(draft.pieces))


FIELDS: tuple[Field[RequestDraft] | Check[RequestDraft], ...] = (
    Check(settled=lambda draft: not draft.apart, look=_parts),
    Field(
        name="kind",
        label=N_("Type"),
        question=ChoosingKind,
        answered=lambda *_: True,  # the summary is headed by it
        on_the_way=never,
    ),
    Check(settled=lambda draft: draft.office != "" or draft.spot is None or draft.place_told, look=_of_place),
    Field(
        name="office",
        label=N_("Office"),
        question=ChoosingOffice,
        answered=_has_office,
        on_the_way=never,
        summary=_office,
    ),
    Field(
        name="category",
        label=N_("Category"),
        question=ChoosingCategory,
        answered=lambda turn, draft: category_of(turn.work.offices, draft) is not None,
        on_the_way=lambda _, draft: not is_inquiry(draft),
        summary=_category,
    ),
    Field(
        name="words",
        label=N_("Description"),
        question=Describing,
        answered=lambda _, draft: draft.described,
        summary=_description,
    ),
    Field(
        name="project",
        label=N_("Project"),
        question=NamingProject,
        applies=_asks(Ask.PROJECT),
        answered=lambda _, draft: draft.project != "",
        summary=_project,
    ),
    Field(
        name="registration",
        label=N_("Registration"),
        question=Registering,
        applies=_asks(Ask.COMMERCIAL_REGISTRATION),
        answered=lambda _, draft: draft.registration != "" or draft.unregistered,
        summary=_registration,
    ),
    Field(
        name="place",
        label=N_("Place"),
        question=Placing,
        applies=lambda turn, draft: needs_place(turn.work.offices, draft) is not PlaceNeed.NONE,
        answered=_placed,
        summary=_place,
    ),
    Check(settled=lambda draft: draft.office_settled, look=_whose),
    Check(settled=lambda draft: draft.looked_for_similar, look=_similar),
)
