"""Taking a request back."""

from __future__ import annotations

from typing import Literal

from conversations.engine.fields import left_as_it_is
from conversations.engine.messages import Emphasis
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Turn
from conversations.engine.typed_yes_no import refuses
from conversations.requests.view import (
    CaseStep,
    Viewing,
    no_longer,
)
from services.cases import resident_actions
from services.cases.workflow import NotAllowed
from services.text.normalise import MAX_WORDS, clean


class Withdrawing(CaseStep):
    """Only a button withdraws; words are a reason, which is shown before it does."""

    step: Literal["following:withdraw"] = "following:withdraw"
    reason: str = ""  # as it was typed, and not confirmed yet

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        if not self.reason:
            text = t(
                "Withdraw request {reference}? We will stop working on it. You can type a reason if you want to.",
                reference=t.ref(self.reference),
            )
            return Prompt(text, ((Button(label=t.plain("Withdraw it"), value="yes", emphasis=Emphasis.DANGER),),))
        text = t.join_lines(
            t(
                "Withdraw request {reference} for this reason? We will stop working on it.",
                reference=t.ref(self.reference),
            ),
            t("“{words}”", words=t.own(self.reason, 500)),
        )
        rows = (
            (Button(label=t.plain("Withdraw for this reason"), value="yes", emphasis=Emphasis.DANGER),),
            (Button(label=t.plain("Keep it"), route="case", value=self.reference),),
        )
        return Prompt(text, rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if not answer.choice:
            if refuses(answer.text):
                return Reask(left_as_it_is(turn), Viewing(reference=self.reference))
            return self.model_copy(update={"reason": clean(answer.text, MAX_WORDS)})
        case = await resident_actions.withdraw(turn.work, self.reference, turn.resident, self.reason)
        if isinstance(case, NotAllowed):
            return no_longer(turn, self.reference, case)
        return Reask(
            turn.t("You have withdrawn request {reference}.", reference=turn.t.ref(case.reference)),
            Viewing(reference=case.reference),
        )
