"""The link by which somebody agrees that another acts for them: what it means, and two buttons."""

from __future__ import annotations

from typing import Literal

from conversations.delegation import words
from conversations.engine.messages import Emphasis, Kind
from conversations.engine.step import Answer, Button, EndFlow, Next, Prompt, Reask, Step, Turn
from services import residents
from services.delegations import delegations
from services.delegations.delegations import Unusable

_YES, _NO = "agree", "refuse"


class Consenting(Step):
    """Nothing happens before a button is tapped."""

    step: Literal["others:consent"] = "others:consent"
    accepts = frozenset({Kind.CHOICE})
    code: str

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        asked = await delegations.asked_by(turn.work, turn.resident, self.code)
        if isinstance(asked, Unusable):
            return Prompt(words.useless(turn, asked), back=False)
        delegate = await residents.by_id(turn.work, asked.delegate_id)
        name = "" if delegate is None else delegate.name
        text = t.join_lines(
            t("🤝 <b>{name} wants to act for you.</b>", name=t.own(name, 60) if name else t("A resident")),
            t("Agree only if you know this person and they have told you about it."),
            "",
            words.what_it_means(t),
        )
        rows = [
            [Button(label=t.plain("✅ I agree"), value=_YES, emphasis=Emphasis.CONFIRM)],
            [Button(label=t.plain("I do not agree"), value=_NO, emphasis=Emphasis.DANGER)],
        ]
        return Prompt(text, rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice not in {_YES, _NO}:
            return self
        agrees = answer.choice == _YES
        decided = await delegations.answer(turn.work, turn.resident, self.code, agrees=agrees)
        if isinstance(decided, Unusable):
            return Reask(words.useless(turn, decided))
        t = turn.t
        done = (
            t("✅ They can act for you now. You can end this here at any time.")
            if agrees
            else t("OK. Nobody acts for you, and they are told that you do not agree.")
        )
        people = words.ending_button(t) if agrees else words.people_button(t)
        turn.say(done, ((people, Button(label=t.plain("Main menu"), route="menu")),))
        return EndFlow()


async def follow(turn: Turn, code: str, otherwise: Step) -> Next:
    """Where the link leads."""
    asked = await delegations.asked_by(turn.work, turn.resident, code)
    return Reask(words.useless(turn, asked), otherwise) if isinstance(asked, Unusable) else Consenting(code=code)
