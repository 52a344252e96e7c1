"""A message was edited: what is being written is corrected, wherever the message's words went.

A description keeps the words of each message, and other typed answers note which message gave them. What was
submitted stays as it was; who takes it from there says what can be done.
"""

from __future__ import annotations

from dataclasses import replace

from conversations.engine.form import FormStep
from conversations.engine.registry import FlowRegistry
from conversations.engine.step import Answer, Continue, Next, NoReply, Reask, Step, Turn


async def corrected(registry: FlowRegistry, turn: Turn, step: Step) -> Next:
    """Put the correction where the message's words went."""
    here = await step.on_edit(turn)
    if here is not None:
        return here
    if isinstance(step, FormStep) and (again := await _answered_again(registry, turn, step)) is not None:
        return again
    if await _set_aside(registry, turn):
        turn.say(turn.t("We have saved your correction in the draft that you left."))
        return NoReply()
    found = await registry.edited(turn)
    if found is not None:
        return found
    turn.say(
        turn.t("Editing a message does not change what we have already received. Send the correction as a new message.")
    )
    return NoReply()


async def _answered_again(registry: FlowRegistry, turn: Turn, step: FormStep) -> Next | None:
    """A question of the form was answered by this message: it takes the new answer, and the one at hand is asked."""
    question = registry.forms[step.draft.form].answered_by(step.draft, turn.said.message)
    if question is None:
        return None
    following = await question.handle_answer(turn, Answer(turn.said))
    match following:
        case Continue(draft=draft):
            return Reask(turn.t("We have saved your correction."), step.with_draft(draft))
        case Reask(why=why, step=None):
            return Reask(why)  # what was answered before holds
    return following


async def _set_aside(registry: FlowRegistry, turn: Turn) -> bool:
    """Correct a draft that was left in the middle, where the message belongs to one."""
    for draft in turn.saved:
        amended = draft.amend(turn)
        if amended is None and isinstance(draft, FormStep):
            amended = await _of_form(registry, turn, draft)
        if amended is not None:
            turn.saved = tuple(amended if one is draft else one for one in turn.saved)
            return True
    return False


async def _of_form(registry: FlowRegistry, turn: Turn, draft: FormStep) -> Step | None:
    aside = replace(turn, out=[], here=draft)  # what is said there is not at hand
    found = await _answered_again(registry, aside, draft)
    return found.step if isinstance(found, Reask) and isinstance(found.step, Step) else None
