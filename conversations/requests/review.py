"""The course of a request: which question is next, and once all are answered the summary, corrected and submitted."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.engine.fields import blocked_text
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Step, Turn
from conversations.requests.applicant import GivingPhone, Identifying
from conversations.requests.description import ChoosingCategory, ChoosingOffice, Describing, NamingProject, Registering
from conversations.requests.draft import RequestDraft, as_case, asked, category_of, needs_place, remember
from conversations.requests.location import Comparing, Placing, elsewhere, similar_to
from conversations.requests.step import RequestStep
from conversations.requests.summary import afterwards, consent, grid, submitted, summary, too_many
from locales import N_
from services.cases import resident_actions
from services.offices.offices import Ask, Offices, PlaceNeed


def _questions(offices: Offices, draft: RequestDraft) -> list[type[RequestStep]]:
    """The questions that this draft's office and category call for, in order."""
    order: list[type[RequestStep]] = [ChoosingCategory, Describing]
    if asked(offices, draft, Ask.PROJECT):
        order.append(NamingProject)
    if asked(offices, draft, Ask.COMMERCIAL_REGISTRATION):
        order.append(Registering)
    if needs_place(offices, draft) is not PlaceNeed.NONE:
        order.append(Placing)
    return [*order, Identifying]


def before(offices: Offices, step: RequestStep) -> RequestStep | None:
    """The question before this one, or the summary that this one corrects; None before the first."""
    if step.draft.reviewing:
        return Reviewing(draft=step.draft)
    order = _questions(offices, step.draft)
    place = order.index(type(step)) if type(step) in order else len(order)
    return order[place - 1].about(step.draft) if place else None


async def first_open(turn: Turn, draft: RequestDraft) -> RequestStep:
    """The first question that is not answered yet; the summary once all are."""
    offices = turn.work.offices
    if category_of(offices, draft) is None:
        return ChoosingCategory(draft=draft)
    if not draft.described:
        return Describing(draft=draft)
    if asked(offices, draft, Ask.PROJECT) and not draft.project:
        return NamingProject(draft=draft)
    if asked(offices, draft, Ask.COMMERCIAL_REGISTRATION) and not (draft.registration or draft.unregistered):
        return Registering(draft=draft)
    need = needs_place(offices, draft)
    if draft.spot is None and (need is PlaceNeed.REQUIRED or (need is PlaceNeed.OPTIONAL and not draft.no_spot)):
        return Placing(draft=draft)
    return await _after_place(turn, draft)


async def _after_place(turn: Turn, draft: RequestDraft) -> RequestStep:
    if (whose := await elsewhere(turn, draft)) is not None:
        return whose
    draft = draft.but(office_settled=True)
    if not draft.looked_for_similar:
        draft = draft.but(looked_for_similar=True)
        if await similar_to(turn, draft):
            return Comparing(draft=draft)
    if draft.anonymous is None:
        return Identifying(draft=draft)
    return Reviewing(draft=draft.but(reviewing=True))


# ---------------------------------------------------------------------------- the summary


class Reviewing(RequestStep):
    """Everything at a glance, each line to be corrected. What is still sent is added."""

    step: Literal["request:review"] = "request:review"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        edits = grid(
            [
                Button(label=t.plain("✏️ {line}", line=t.plain(label)), value=f"edit.{name}")
                for name, label, _ in _lines_to_edit(turn.work.offices, self.draft)
            ]
        )
        refusal = await resident_actions.refusal(turn.work, turn.resident)
        if refusal is not None:
            rows = [[Button(label=t.plain("🔄 Try again"), value="again")], *edits]
            return Prompt(summary(turn, self.draft, _refused(turn, refusal)), rows)
        rows = [[Button(label=t.plain("✅ Submit"), value="submit")], *edits]
        return Prompt(summary(turn, self.draft, consent(turn)), rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "submit":
            return await _submit(turn, self.draft)
        name = answer.choice.removeprefix("edit.")
        for known, _, question in _lines_to_edit(turn.work.offices, self.draft):
            if name == known:
                return question.about(self.draft)
        return self

    async def back(self, turn: Turn) -> Step | None:
        return Identifying(draft=self.draft.but(reviewing=False))


def _lines_to_edit(offices: Offices, draft: RequestDraft) -> list[tuple[str, str, type[RequestStep]]]:
    """The lines of a summary: a short name, its label, the question that corrects it."""
    order = _questions(offices, draft)
    lines: list[tuple[str, str, type[RequestStep]]] = [
        ("office", N_("Office"), ChoosingOffice),
        ("category", N_("Category"), ChoosingCategory),
        ("words", N_("Description"), Describing),
        ("project", N_("Project"), NamingProject),
        ("registration", N_("Registration"), Registering),
        ("place", N_("Place"), Placing),
        ("name", N_("Name"), Identifying),
    ]
    shown = [line for line in lines if line[2] in order or line[2] is ChoosingOffice]
    return shown if draft.anonymous else [*shown, ("phone", N_("Phone"), GivingPhone)]


# ---------------------------------------------------------------------------- submitting


def _refused(turn: Turn, refusal: resident_actions.TooMany) -> Markup:
    return blocked_text(turn) or too_many(turn, refusal)


async def _submit(turn: Turn, draft: RequestDraft) -> Next:
    missing = await first_open(turn, draft)
    if not isinstance(missing, Reviewing):
        return missing
    case = await resident_actions.submit(turn.work, turn.resident, as_case(draft, turn.resident.source))
    if isinstance(case, resident_actions.TooMany):
        return missing  # which says why
    remember(turn, draft)
    turn.say(submitted(turn, case), afterwards(turn, case), subject=f"case:{case.id}")
    return EndFlow()
