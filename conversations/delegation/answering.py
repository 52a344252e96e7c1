"""After a question about what somebody filed for another, their next message is its answer, as with their own."""

from __future__ import annotations

from conversations.delegation.for_another import ActingFor, play
from conversations.engine.step import Next, NoReply, Turn
from conversations.home import answering
from conversations.home.answering import Answered
from services.delegations import asked
from services.delegations.asked import AskedForAnother
from services.open_questions import HELD, OpenQuestion
from services.text.references import parse_reference


async def assumed(turn: Turn, about: str, own: OpenQuestion | None) -> AskedForAnother | None:
    """The question that a message answers; None where one of the delegate's own is newer, or on show."""
    found, shown = await asked.of_delegate(turn.work, turn.resident), parse_reference(about)
    if (on_show := next((one for one in found if one.question.reference == shown), None)) is not None:
        return on_show
    known = next((one for one in found if one.question.is_in_view(turn.work.now, turn.heard_before)), None)
    if known is None or (own is not None and (own.reference == shown or own.asked_at >= known.question.asked_at)):
        return None
    return known


async def take(turn: Turn, theirs: AskedForAnother) -> Next | None:
    """Take what was just sent as the answer; None where it tells of a danger that no request holds."""

    async def given(inner: Turn) -> Next:
        return await answering.take(inner, theirs.question) or NoReply()

    taken = await play(turn, theirs.acting.delegation.id, None, given, typed=theirs.question.reference)
    return None if isinstance(taken, NoReply) else taken


async def followed(turn: Turn) -> Next | None:
    """What comes right after an answer for another belongs to it; None for what does not."""
    here = turn.here
    if not isinstance(here, ActingFor) or not isinstance(here.inner, Answered):
        return None
    answered = here.inner
    if turn.work.now - answered.at > HELD:
        return None

    async def more(inner: Turn) -> Next:
        return await answered.with_more(inner) or NoReply()

    onward = await play(turn, here.delegation, answered, more)
    return None if isinstance(onward, NoReply) else onward
