"""The summary of a request, corrected line by line, and what becomes of it once it is submitted."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.engine.fields import blocked_text, without_refused
from conversations.engine.form import Form, Review
from conversations.engine.messages import Emphasis, Kind
from conversations.engine.step import Answer, Button, EndFlow, Next, Previous, Prompt, Reask, Step, Turn
from conversations.requests.adding import hotline
from conversations.requests.draft import RequestDraft, as_case, remember
from conversations.requests.fields import FIELDS
from conversations.requests.step import RequestStep
from conversations.requests.summary import afterwards, consent, grid, submitted, summary, too_many
from locales.bidi import shorten
from services.actors import case_subject
from services.cases import resident_actions
from services.offices.offices import DangerId

_DANGEROUS, _HARMLESS = "danger", "nodanger"
SAID = DangerId("said")  # the danger of a request that only its sender calls dangerous
_INSTEAD = "instead."  # what the button of another category that may be meant begins with; its id follows


class Reviewing(RequestStep, Review):
    """Everything at a glance, each line to be corrected. What is still sent is added."""

    step: Literal["request:review"] = "request:review"
    submit: ClassVar[str] = "submit"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, await without_refused(turn, self.draft)
        edits = grid(FORM.corrections(turn, draft))
        lines = [line for _, line in FORM.lines(turn, draft)]
        refusal = await resident_actions.refusal(turn.work, turn.resident)
        if refusal is not None:
            rows = [[Button(label=t.plain("🔄 Try again"), value="again")], *edits]
            return Prompt(summary(turn, draft, lines, _refused(turn, refusal)), rows)
        rows = [
            [Button(label=t.plain("✅ Submit"), value=self.submit, emphasis=Emphasis.CONFIRM)],
            *_others(turn, draft),
            [_danger_button(turn, draft)],
            *edits,
        ]
        if draft.danger is not None:
            lines.append(t("🚨 Marked as dangerous. Submitting it alerts the team at once."))
        return Prompt(summary(turn, draft, lines, consent(turn)), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == self.submit:
            return await _submit(turn, self.draft)
        if answer.choice == _DANGEROUS:
            return Reask(hotline(turn, SAID), self.answer(danger=SAID))
        if answer.choice == _HARMLESS:
            return self.answer(danger=None)
        if (instead := answer.choice.removeprefix(_INSTEAD)) in self.draft.likely:
            return self.answer(category=instead, likely=(), looked_for_similar=False)
        return FORM.correction(answer.choice, self.draft) or self

    async def back(self, turn: Turn) -> Step | Previous | None:
        return Previous(self, self.draft.but(reviewing=False))


def _danger_button(turn: Turn, draft: RequestDraft) -> Button:
    if draft.danger is None:
        return Button(label=turn.t.plain("🚨 It is dangerous now"), value=_DANGEROUS)
    return Button(label=turn.t.plain("Nobody is in danger"), value=_HARMLESS)


def _others(turn: Turn, draft: RequestDraft) -> list[list[Button]]:
    """What else the words may be about: one tap puts it right."""
    dealt_with = {one.id: one for one in turn.work.offices.categories_for(draft.office, draft.kind)}
    others = [dealt_with[one] for one in draft.likely if one in dealt_with]
    return [
        [
            Button(
                label=shorten(turn.t.plain("It is about: {category}", category=turn.t.pick_plain(one.name)), 64),
                value=_INSTEAD + one.id,
            )
        ]
        for one in others
    ]


# ---------------------------------------------------------------------------- submitting


def _refused(turn: Turn, refusal: resident_actions.TooMany) -> Markup:
    return blocked_text(turn) or too_many(turn, refusal)


async def _submit(turn: Turn, draft: RequestDraft) -> Next:
    draft = await without_refused(turn, draft)
    missing = await FORM.next(turn, draft)
    if not isinstance(missing, Reviewing):
        return missing
    case = await resident_actions.submit(
        turn.work, turn.resident, as_case(turn.work.offices, draft, turn.resident.source)
    )
    if isinstance(case, resident_actions.TooMany):
        return missing  # which says why
    remember(turn, draft)
    turn.say(submitted(turn, case), afterwards(turn, case), subject=case_subject(case.id))
    return EndFlow()


# ---------------------------------------------------------------------------- the form

FORM = Form(draft=RequestDraft, parts=FIELDS, review=Reviewing)
