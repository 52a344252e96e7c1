"""A question about what somebody filed for another is theirs to answer, in all that it is for one's own."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.delegation import words
from conversations.delegation.for_another import ActingFor, in_place_of, lead_back, play
from conversations.engine.step import Next, NoReply, Turn
from conversations.home import answering
from conversations.home.answering import Answered
from conversations.home.kept import ANSWERS
from conversations.home.open_questions import open_of
from services import open_questions
from services.delegations import asked
from services.delegations.acting import Acting
from services.delegations.asked import AskedForAnother
from services.open_questions import HELD, OpenQuestion
from services.text.references import parse_reference


async def assumed(turn: Turn, about: str, own: OpenQuestion | None) -> AskedForAnother | None:
    """The question that a message answers; None where one of the delegate's own is newer, or on show."""
    found, shown = await asked.of_delegate(turn.work, turn.resident), parse_reference(about)
    if (on_show := next((one for one in found if one.question.reference == shown), None)) is not None:
        return on_show
    now, before = turn.work.now, turn.heard_before
    unseen = [one for one in found if one.question.key not in turn.shown_first]
    known = next((one for one in unseen if one.question.is_in_view(now, before)), None)
    if known is None or (own is not None and (own.reference == shown or own.asked_at >= known.question.asked_at)):
        return None
    return known


async def take(turn: Turn, theirs: AskedForAnother) -> Next | None:
    """Take what was just sent as the answer; None where it tells of a danger that no request holds."""

    async def given(inner: Turn) -> Next:
        return await answering.take(inner, theirs.question) or NoReply()

    taken = await play(turn, theirs.acting.delegation.id, None, given, typed=theirs.question.reference)
    return None if isinstance(taken, NoReply) else taken


async def only_agrees(turn: Turn, theirs: AskedForAnother) -> Next | None:
    """Ask whether an "ok" is meant as the answer; None where that was asked a moment ago."""
    asks = await answering.only_agrees(turn, theirs.question)
    return None if asks is None else ActingFor(delegation=theirs.acting.delegation.id, inner=asks)


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


# ---------------------------------------------------------------------------- what was missed


@dataclass(frozen=True, slots=True)
class _Missed:
    """A question that its reader has not seen; `acting` for whom, None for their own."""

    question: OpenQuestion
    acting: Acting | None = None


async def first_thing(turn: Turn) -> None:
    """Show what a person missed before all else: questions to themselves, and about what they filed for another."""
    if not answering.comes_back(turn):
        return
    theirs = await asked.of_delegate(turn.work, turn.resident)
    waiting = [
        *(_Missed(one) for one in await open_of(turn)),
        *(_Missed(one.question, one.acting) for one in theirs),
    ]
    missed = [one for one in waiting if answering.was_missed(turn, one.question)]
    missed.sort(key=lambda one: (one.question.asked_at, one.question.key), reverse=True)
    turn.shown_first = tuple(one.question.key for one in missed)
    for one in missed[:ANSWERS]:
        open_questions.note_shown(turn.work, turn.resident.id, one.question.key)
        if one.acting is None:
            answering.say_again(turn, one.question)
        else:
            _say_for_another(turn, one.acting, one.question)


def _say_for_another(turn: Turn, acting: Acting, question: OpenQuestion) -> None:
    said = len(turn.out)
    answering.say_again(in_place_of(turn, acting), question, words.whose(turn.t, acting.delegation.name))
    lead_back(turn, said, acting.delegation.id)
