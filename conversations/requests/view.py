"""One's requests as they are shown: the list, one of them with all that happened to it, what can be done about it."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Redirect, Rows, Step, Turn
from conversations.incidents.said import said_of
from conversations.requests import neighbours
from conversations.requests.separating import different_button
from conversations.streets.buttons import street_button
from conversations.texts.case import (
    MARKS,
    ROUTES,
    category_name,
    event_words,
    is_over,
    is_reopenable,
    kind_name,
    next_step,
    office_name,
    place_words,
    status_name,
)
from conversations.texts.phone_records_button import by_phone_row
from locales import Localizer
from locales.bidi import shorten
from services.actors import case_subject, resident_actor
from services.cases import questions, ratings, resident_actions
from services.cases.workflow import NotAllowed, Transition, can
from services.text.references import CASE_EXAMPLE, parse_reference
from storage.ids import Reference
from storage.records.cases import Case, CaseEvent, CaseKind, CaseStatus

LISTED = 6  # requests on a page
TOLD = 8  # of the newest events
MOST_STARS = 5


async def own_case(turn: Turn, typed: str) -> Case | None:
    """The case of a reference, if this person may see it. Another's and an unknown one are the same None."""
    reference = parse_reference(typed)
    return None if reference is None else await resident_actions.own(turn.work, reference, turn.resident)


def not_found(turn: Turn) -> Reask:
    """No such request, or not theirs. Who is in the middle of something stays there; others see which are theirs."""
    busy = turn.here is not None and turn.here.draft_title(turn) != ""
    why = turn.t("We could not find that request. A reference looks like {example}.", example=turn.t.ref(CASE_EXAMPLE))
    return Reask(why, None if busy else Listing())


def is_mine(turn: Turn, case: Case) -> bool:
    return case.resident_id == turn.resident.id


# ---------------------------------------------------------------------------- all of them


class Listing(Step):
    """One's requests and those one joined: the open first."""

    step: Literal["following:list"] = "following:list"
    accepts = frozenset({Kind.CHOICE})
    page: int = 0

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        lines = await resident_actions.of_resident(turn.work, turn.resident.id)
        if not lines:
            rows = ((Button(label=t.plain("Submit a complaint"), route="complain"),), by_phone_row(turn))
            return Prompt(t("You have no requests yet."), rows, back=False)
        pages = -(-len(lines) // LISTED)
        page = min(self.page, pages - 1)
        shown = lines[page * LISTED : (page + 1) * LISTED]
        still_open = sum(line.case.status not in resident_actions.ENDED for line in lines)
        heading = t.plural("<b>Your requests</b>: {n} open", "<b>Your requests</b>: {n} open", still_open)
        entries = [entry for line in shown for entry in (Markup(), _entry(turn, line))]
        rows_ = [[_case_button(turn, line.case)] for line in shown]
        more = by_phone_row(turn) if page == pages - 1 else []
        return Prompt(t.join_lines(heading, *entries), [*rows_, _turning(turn, page, pages), more], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self  # its buttons open routes

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        return await _reference_typed(turn)


def _entry(turn: Turn, line: resident_actions.CaseLine) -> Markup:
    t, case = turn.t, line.case
    title = t(
        "{mark} {reference} · {category}",
        mark=Markup(MARKS[case.status]),  # noqa: S704  an emoji of ours
        reference=t.ref(case.reference),
        category=category_name(t, turn.work.offices, case.category),
    )
    state = status_name(t, case.status, mine=not line.followed)
    return t.join_lines(title, t("{state} (a request you joined)", state=state) if line.followed else state)


def _case_button(turn: Turn, case: Case) -> Button:
    category = turn.work.offices.category(case.category)
    name = turn.t.pick_plain(category.name) if category else case.category
    return Button(
        label=shorten(f"{MARKS[case.status]} {name} · {case.reference}", 64), route="case", value=case.reference
    )


def _turning(turn: Turn, page: int, pages: int) -> list[Button]:
    turns = []
    if page > 0:
        turns.append(Button(label=turn.t.plain("Previous"), route="requests", value=str(page - 1)))
    if page < pages - 1:
        turns.append(Button(label=turn.t.plain("More"), route="requests", value=str(page + 1)))
    return turns


async def _reference_typed(turn: Turn) -> Reask | None:
    """A reference that was typed where something else is shown opens what it names."""
    case = await own_case(turn, turn.said.text) if turn.said.kind is Kind.TEXT else None
    return Reask(step=Viewing(reference=case.reference)) if case else None


# ---------------------------------------------------------------------------- one of them


class CaseStep(Step):
    """A step about one case."""

    reference: Reference

    async def case(self, turn: Turn) -> Case | None:
        return await resident_actions.own(turn.work, self.reference, turn.resident)

    async def back(self, turn: Turn) -> Step | None:
        return Viewing(reference=self.reference)


class Viewing(CaseStep):
    """A request, where it stands, what happens next, what happened so far."""

    step: Literal["following:case"] = "following:case"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})

    async def ask(self, turn: Turn) -> Prompt:
        case = await self.case(turn)
        if case is None:
            return Prompt(not_found(turn).why)
        question = await resident_actions.open_question(turn.work, case.id, turn.t.language)
        if question is not None and turn.acting is None:  # what a delegate sees, the other has not
            questions.note_shown(turn.work, turn.resident.id, question)
        said, button = await neighbours.told(turn, case)
        joined, out = await said_of(turn, case) if is_mine(turn, case) else ([], [])
        text = turn.t.join_lines(*await _told(turn, case), *joined, *said, *question_words(turn, question))
        rows = [out, *actions(turn, case), button, await street_button(turn, case), await _earlier(turn, case)]
        return Prompt(text, rows, subject=case_subject(case.id))

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice:
            return self  # its buttons open routes
        case = await self.case(turn)
        asked = case is not None and is_mine(turn, case) and case.status is CaseStatus.AWAITING_RESIDENT
        return await _reference_typed(turn) or Redirect("anything" if asked else "offer", self.reference)

    async def back(self, turn: Turn) -> Step | None:
        return Listing()


async def _told(turn: Turn, case: Case) -> list[Markup | str]:
    """All there is to say about a case, a line each."""
    t, work = turn.t, turn.work
    files = await resident_actions.files_of(work, case.id)
    place = place_words(t, case)
    mine = is_mine(turn, case)
    own_files = sum(file.resident_id == case.resident_id for file, _ in files)
    step = next_step(t, work, case, mine=mine)
    about = [
        t("<b>{kind}</b> {reference}", kind=kind_name(t, case.kind), reference=t.ref(case.reference)),
        t("Category: {category}", category=category_name(t, work.offices, case.category)),
        t("Office: {office}", office=office_name(t, work.offices, case.office)),
        *([] if mine else [t("You joined this request.")]),
        "",
        t("<b>{state}</b>", state=status_name(t, case.status, mine=mine)),
        *([step] if step else []),
        "",
        *([t("Description: “{words}”", words=t.own(case.words, 500))] if case.words else []),
        *([t.plural("📎 {n} attachment", "📎 {n} attachments", own_files)] if own_files and mine else []),
        *([t("Place: {place}", place=place)] if place else []),
    ]
    history = await _history(turn, case, [event for _, event in files])
    rate = ["", await _rated(turn, case)] if case.status is CaseStatus.CLOSED else []
    return [*about, "", *history, *rate]


async def _rated(turn: Turn, case: Case) -> Markup:
    """How content they were, where they said so; else the question."""
    stars = await ratings.given(turn.work, case, turn.resident)
    if stars is None:
        return how_content(turn.t)
    return turn.t("⭐ Your rating: {stars} out of {most}. You can change it.", stars=stars, most=MOST_STARS)


async def _earlier(turn: Turn, case: Case) -> list[Button]:
    """The way from a duplicate to the request it was joined with."""
    main = await resident_actions.by_id(turn.work, case.duplicate_of) if case.duplicate_of is not None else None
    return (
        [Button(label=turn.t.plain("Follow the earlier request"), route="case", value=main.reference)] if main else []
    )


def how_content(t: Localizer) -> Markup:
    return t("How was the service, from {poor} (poor) to {excellent} (excellent)?", poor=1, excellent=MOST_STARS)


async def _history(turn: Turn, case: Case, events_with_files: list[int]) -> list[Markup | str]:
    t = turn.t
    events = await resident_actions.timeline(turn.work, case, turn.resident.id, t.language)
    actor = resident_actor(turn.resident.id)
    lines: list[Markup | str] = []
    for event in events:
        files = events_with_files.count(event.id)
        words = event_words(t, turn.work.offices, event, mine=event.actor == actor, files=files, limit=200)
        if words is not None:
            lines.append(t("{day}, {time} – {what}", day=t.day(event.at), time=t.time(event.at), what=words))
    earlier = len(lines) - TOLD
    if earlier > 0:
        lines = [t.plural("… {n} earlier step", "… {n} earlier steps", earlier), *lines[-TOLD:]]
    return [t("<b>Progress so far</b>"), *lines]


def question_words(turn: Turn, question: CaseEvent | None) -> list[Markup | str]:
    if question is None:
        return []
    asked = turn.t("❓ The municipality asks: “{question}”", question=turn.t.own(question.words, 1000))
    return ["", asked]


def actions(turn: Turn, case: Case) -> Rows:
    """What can be done about a case in its state, as buttons that work at any time."""
    t, mine, ref = turn.t, is_mine(turn, case), case.reference
    rows: list[list[Button]] = []
    if case.status is CaseStatus.AWAITING_RESIDENT:
        rows.append([Button(label=t.plain("Reply to question"), route="answer", value=ref)])
    if mine and can(case, Transition.CONFIRM_FIXED):
        rows.append(fixed_row(t, case))
    if case.status is CaseStatus.CLOSED:
        rows.append(star_row(t, ref))
    second = []
    if can(case, Transition.INFORM) and case.status is not CaseStatus.AWAITING_RESIDENT:
        second.append(Button(label=t.plain("Add information"), route="add", value=ref))
    if mine and can(case, Transition.WITHDRAW):
        second.append(Button(label=t.plain("Withdraw"), route="withdraw", value=ref))
    if mine and is_reopenable(turn.work, case):
        second.append(Button(label=t.plain("Reopen"), route="reopen", value=ref))
    second += different_button(t, turn.work, case) if mine else []
    rows.append(second)
    if is_over(turn.work, case, mine=mine):
        rows.append(new_row(t, case.kind))
    return rows


def fixed_row(t: Localizer, case: Case) -> list[Button]:
    """Whether it is fixed; of a question, whether that was the answer."""
    asked = case.kind is CaseKind.INQUIRY
    yes, no = (
        (t.plain("✅ Answered"), t.plain("❌ Not answered"))
        if asked
        else (t.plain("✅ Fixed"), t.plain("❌ Not fixed"))
    )
    return [
        Button(label=yes, route="fixed", value=case.reference),
        Button(label=no, route="notfixed", value=case.reference),
    ]


def star_row(t: Localizer, reference: Reference) -> list[Button]:
    """One to five, in one row: "1 ⭐" … "5 ⭐"."""
    return [
        Button(label=t.plain("{n} ⭐", n=n), route="rate", value=f"{reference}.{n}") for n in range(1, MOST_STARS + 1)
    ]


def new_row(t: Localizer, kind: CaseKind) -> list[Button]:
    return [Button(label=t.plain("Submit a new request"), route=ROUTES[kind])]


def no_longer(turn: Turn, reference: Reference, refusal: NotAllowed) -> Reask:
    """The case has moved on since its button was shown."""
    if refusal.status is None:
        return not_found(turn)
    return Reask(
        turn.t("You can no longer do that. The status of the request has changed."), Viewing(reference=reference)
    )
