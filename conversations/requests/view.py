"""One's requests as they are shown: the list, one of them with all that happened to it, what can be done about it."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.engine.messages import Kind
from conversations.engine.step import Again, Answer, Button, Next, Open, Prompt, Rows, Step, Talk
from conversations.texts.case import (
    DOORS,
    MARKS,
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
from locales import Tongue
from locales.bidi import shorten
from services.cases import ratings, resident_actions
from services.cases.workflow import Move, NotAllowed, can
from services.text.references import CASE_EXAMPLE, parse_reference
from storage.ids import Reference
from storage.records import Case, CaseEvent, CaseKind, CaseStatus

LISTED = 6  # requests on a page
TOLD = 8  # of the newest events
MOST_STARS = 5


async def own_case(talk: Talk, typed: str) -> Case | None:
    """The case of a reference, if this person may see it. Another's and an unknown one are the same None."""
    reference = parse_reference(typed)
    return None if reference is None else await resident_actions.own(talk.work, reference, talk.resident)


def not_found(talk: Talk) -> Again:
    """No such request, or not theirs. Who is in the middle of something stays there; others see which are theirs."""
    busy = talk.here is not None and talk.here.draft_title(talk) != ""
    why = talk.t("Request not found. Its reference looks like {example}.", example=talk.t.ref(CASE_EXAMPLE))
    return Again(why, None if busy else Listing())


def is_mine(talk: Talk, case: Case) -> bool:
    return case.resident_id == talk.resident.id


# ---------------------------------------------------------------------------- all of them


class Listing(Step):
    """One's requests and those one joined: the open first."""

    step: Literal["following:list"] = "following:list"
    accepts = frozenset({Kind.CHOICE})
    page: int = 0

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        lines = await resident_actions.of_resident(talk.work, talk.resident.id)
        if not lines:
            rows = ((Button(label=t.plain("Submit a complaint"), door="complain"),), by_phone_row(talk))
            return Prompt(t("There are no requests from you yet."), rows, back=False)
        pages = -(-len(lines) // LISTED)
        page = min(self.page, pages - 1)
        shown = lines[page * LISTED : (page + 1) * LISTED]
        still_open = sum(line.case.status not in resident_actions.ENDED for line in lines)
        heading = t.plural("<b>Your requests</b>: {n} open", "<b>Your requests</b>: {n} open", still_open)
        entries = [entry for line in shown for entry in (Markup(), _entry(talk, line))]
        rows_ = [[_case_button(talk, line.case)] for line in shown]
        more = by_phone_row(talk) if page == pages - 1 else []
        return Prompt(t.join_lines(heading, *entries), [*rows_, _turning(talk, page, pages), more], back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        return self  # its buttons are doors

    async def keep(self, talk: Talk) -> Step | Again | None:
        return await _reference_typed(talk)


def _entry(talk: Talk, line: resident_actions.CaseLine) -> Markup:
    t, case = talk.t, line.case
    title = t(
        "{mark} {reference} · {category}",
        mark=Markup(MARKS[case.status]),  # noqa: S704  an emoji of ours
        reference=t.ref(case.reference),
        category=category_name(t, talk.work.offices, case.category),
    )
    state = status_name(t, case.status, mine=not line.followed)
    return t.join_lines(title, t("{state} (a request you joined)", state=state) if line.followed else state)


def _case_button(talk: Talk, case: Case) -> Button:
    category = talk.work.offices.category(case.category)
    name = talk.t.pick_plain(category.name) if category else case.category
    return Button(
        label=shorten(f"{MARKS[case.status]} {name} · {case.reference}", 64), door="case", value=case.reference
    )


def _turning(talk: Talk, page: int, pages: int) -> list[Button]:
    turns = []
    if page > 0:
        turns.append(Button(label=talk.t.plain("Previous"), door="requests", value=str(page - 1)))
    if page < pages - 1:
        turns.append(Button(label=talk.t.plain("More"), door="requests", value=str(page + 1)))
    return turns


async def _reference_typed(talk: Talk) -> Again | None:
    """A reference that was typed where something else is shown opens what it names."""
    case = await own_case(talk, talk.said.text) if talk.said.kind is Kind.TEXT else None
    return Again(step=Viewing(reference=case.reference)) if case else None


# ---------------------------------------------------------------------------- one of them


class CaseStep(Step):
    """A step about one case."""

    reference: Reference

    async def case(self, talk: Talk) -> Case | None:
        return await resident_actions.own(talk.work, self.reference, talk.resident)

    async def back(self, talk: Talk) -> Step | None:
        return Viewing(reference=self.reference)


class Viewing(CaseStep):
    """A request, where it stands, what happens next, what happened so far."""

    step: Literal["following:case"] = "following:case"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})

    async def ask(self, talk: Talk) -> Prompt:
        case = await self.case(talk)
        if case is None:
            return Prompt(not_found(talk).why)
        question = await resident_actions.open_question(talk.work, case.id, talk.t.language)
        text = talk.t.join_lines(*await _told(talk, case), *question_words(talk, question))
        rows = [*actions(talk, case), await _earlier(talk, case)]
        return Prompt(text, rows, subject=f"case:{case.id}")

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice:
            return self  # its buttons are doors
        return await _reference_typed(talk) or Open("offer", self.reference)

    async def back(self, talk: Talk) -> Step | None:
        return Listing()


async def _told(talk: Talk, case: Case) -> list[Markup | str]:
    """All there is to say about a case, a line each."""
    t, work = talk.t, talk.work
    files = await resident_actions.files_of(work, case.id)
    place = place_words(t, case)
    mine = is_mine(talk, case)
    step = next_step(t, work, case, mine=mine)
    about = [
        t("<b>{kind}</b> {reference}", kind=kind_name(t, case.kind), reference=t.ref(case.reference)),
        t("Category: {category}", category=category_name(t, work.offices, case.category)),
        t("To: {office}", office=office_name(t, work.offices, case.office)),
        *([] if mine else [t("A request you joined.")]),
        "",
        t("<b>{state}</b>", state=status_name(t, case.status, mine=mine)),
        *([step] if step else []),
        "",
        *([t("Description: “{words}”", words=t.own(case.words, 500))] if case.words else []),
        *([t.plural("📎 {n} attachment", "📎 {n} attachments", len(files))] if files and mine else []),
        *([t("Place: {place}", place=place)] if place else []),
    ]
    history = await _history(talk, case, [event for _, event in files])
    rate = ["", await _rated(talk, case)] if case.status is CaseStatus.CLOSED else []
    return [*about, "", *history, *rate]


async def _rated(talk: Talk, case: Case) -> Markup:
    """How content they were, where they said so; else the question."""
    stars = await ratings.given(talk.work, case, talk.resident)
    if stars is None:
        return how_content(talk.t)
    return talk.t("⭐ Your rating: {stars} of {most}. It can be changed.", stars=stars, most=MOST_STARS)


async def _earlier(talk: Talk, case: Case) -> list[Button]:
    """The way from a duplicate to the request it was joined with."""
    main = await resident_actions.by_id(talk.work, case.duplicate_of) if case.duplicate_of is not None else None
    return [Button(label=talk.t.plain("Follow the earlier request"), door="case", value=main.reference)] if main else []


def how_content(t: Tongue) -> Markup:
    return t("How was the service, from {poor} (poor) to {excellent} (excellent)?", poor=1, excellent=MOST_STARS)


async def _history(talk: Talk, case: Case, events_with_files: list[int]) -> list[Markup | str]:
    t = talk.t
    events = await resident_actions.timeline(talk.work, case, talk.resident.id, t.language)
    actor = f"resident:{talk.resident.id}"
    lines: list[Markup | str] = []
    for event in events:
        files = events_with_files.count(event.id)
        words = event_words(t, talk.work.offices, event, mine=event.actor == actor, files=files, limit=200)
        if words is not None:
            lines.append(t("{day}, {time}: {what}", day=t.day(event.at), time=t.time(event.at), what=words))
    earlier = len(lines) - TOLD
    if earlier > 0:
        lines = [t.plural("… {n} earlier step", "… {n} earlier steps", earlier), *lines[-TOLD:]]
    return [t("<b>So far</b>"), *lines]


def question_words(talk: Talk, question: CaseEvent | None) -> list[Markup | str]:
    if question is None:
        return []
    asked = talk.t("❓ The municipality asks: “{question}”", question=talk.t.own(question.words, 1000))
    return ["", asked]


def actions(talk: Talk, case: Case) -> Rows:
    """What can be done about a case in its state, as buttons that work at any time."""
    t, mine, ref = talk.t, is_mine(talk, case), case.reference
    rows: list[list[Button]] = []
    if case.status is CaseStatus.AWAITING_RESIDENT:
        rows.append([Button(label=t.plain("Answer"), door="answer", value=ref)])
    if mine and can(case, Move.CONFIRM_FIXED):
        rows.append(fixed_row(t, ref))
    if case.status is CaseStatus.CLOSED:
        rows.append(star_row(t, ref))
    second = []
    if can(case, Move.INFORM) and case.status is not CaseStatus.AWAITING_RESIDENT:
        second.append(Button(label=t.plain("Add information"), door="add", value=ref))
    if mine and can(case, Move.WITHDRAW):
        second.append(Button(label=t.plain("Withdraw"), door="withdraw", value=ref))
    if mine and is_reopenable(talk.work, case):
        second.append(Button(label=t.plain("Reopen"), door="reopen", value=ref))
    rows.append(second)
    if is_over(talk.work, case, mine=mine):
        rows.append(new_row(t, case.kind))
    return rows


def fixed_row(t: Tongue, reference: Reference) -> list[Button]:
    return [
        Button(label=t.plain("✅ Fixed"), door="fixed", value=reference),
        Button(label=t.plain("❌ Not fixed"), door="notfixed", value=reference),
    ]


def star_row(t: Tongue, reference: Reference) -> list[Button]:
    """One to five, in one row: "1 ⭐" … "5 ⭐"."""
    return [
        Button(label=t.plain("{n} ⭐", n=n), door="rate", value=f"{reference}.{n}") for n in range(1, MOST_STARS + 1)
    ]


def new_row(t: Tongue, kind: CaseKind) -> list[Button]:
    return [Button(label=t.plain("Submit a new request"), door=DOORS[kind])]


def no_longer(talk: Talk, reference: Reference, refusal: NotAllowed) -> Again:
    """The case has moved on since its button was shown."""
    if refusal.status is None:
        return not_found(talk)
    return Again(talk.t("That is no longer possible: the request has moved on."), Viewing(reference=reference))
