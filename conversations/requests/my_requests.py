"""After submitting: the ways in to one's requests, replies to messages about them, how content one is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import AwareDatetime

from conversations.engine.engine import MENU, RESUME
from conversations.engine.fields import COMMENTS_TAKEN, blocked, vouched_number
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, EndFlow, Next, NoReply, Prompt, Reask, Redirect, Route, Step, Turn
from conversations.requests import neighbour_routes
from conversations.requests.follow_up import (
    Adding,
    Objecting,
    Offering,
    Told,
    add_said,
    beside_others,
    ended,
    set_aside,
    was_added,
)
from conversations.requests.separating import ROUTE as DIFFERENT
from conversations.requests.view import (
    MOST_STARS,
    CaseStep,
    Listing,
    Viewing,
    how_content,
    is_mine,
    no_longer,
    not_found,
    own_case,
    star_row,
)
from conversations.requests.withdrawing import Withdrawing
from conversations.texts.case import is_reopenable
from locales.bidi import shorten
from services.actors import case_in
from services.cases import merging, ratings, resident_actions
from services.cases.event_details import answers_question
from services.cases.workflow import NotAllowed, Transition, can
from services.text.normalise import MAX_WORDS, clean
from services.text.references import is_mistyped, parse_reference, typed_plainly

# ---------------------------------------------------------------------------- how content one is


class Rating(CaseStep):
    """Confirmed as fixed: one tap more says how content the person is."""

    step: Literal["following:rate"] = "following:rate"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("✅ Request {reference} is closed.", reference=t.ref(self.reference)),
            how_content(t),
        )
        return Prompt(text, (star_row(t, self.reference), *resume_rows(turn)), back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self  # its buttons open routes


class Commenting(CaseStep):
    """The tap is recorded; words are optional. What is written long after it is meant for something else."""

    step: Literal["following:comment"] = "following:comment"
    stars: int
    rated_at: AwareDatetime

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t(
            "⭐ We have recorded your rating for request {reference}: {stars} out of {most}. You can "
            "add a comment now.",
            stars=self.stars,
            most=MOST_STARS,
            reference=t.ref(self.reference),
        )
        return Prompt(text, ((Button(label=t.plain("Nothing to add"), value="no"),),), back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        t, recorded = turn.t, None
        if not answer.choice:
            if turn.work.now - self.rated_at > COMMENTS_TAKEN:
                return Redirect("anything")
            words = clean(answer.text, MAX_WORDS)
            rated = await ratings.comment(turn.work, self.reference, turn.resident, words)
            if isinstance(rated, NotAllowed):
                return no_longer(turn, self.reference, rated)
            recorded = t("We have recorded your comment: “{words}”", words=t.own(words, 500))
        rows = [*resume_rows(turn), [Button(label=t.plain("Main menu"), route=MENU)]]
        turn.say(t.join_lines(recorded, t("Thank you. This helps us improve the service.")), rows)
        return EndFlow()


def resume_rows(turn: Turn) -> list[list[Button]]:
    """What was interrupted can be taken up again."""
    titles = ((step, step.draft_title(turn)) for step in turn.saved)
    return [
        [
            Button(
                label=turn.t.plain("Continue: {draft}", draft=shorten(title, 40)),
                route=RESUME,
                value=step.step.partition(":")[0],
            )
        ]
        for step, title in titles
        if title
    ]


# ---------------------------------------------------------------------------- the ways in


async def requests(_turn: Turn, argument: str) -> Next:
    """The list of one's requests; the argument is its page."""
    return Listing(page=int(argument) if argument.isdecimal() and len(argument) < 4 else 0)


async def view(turn: Turn, argument: str) -> Next:
    case = await own_case(turn, argument)
    return Viewing(reference=case.reference) if case else not_found(turn)


async def track(turn: Turn, argument: str) -> Next:
    """A reference, typed or from a link; without one the list."""
    if _means_appointment(argument):
        return Redirect("appointment", argument)
    return await view(turn, argument) if argument.strip() else Listing()


def _means_appointment(typed: str) -> bool:
    """Whether the reference of an appointment was typed, or something that was meant as one."""
    if (reference := parse_reference(typed)) is not None:
        return reference.startswith("B")
    plain = typed_plainly(typed).strip()
    return plain[:1] == "B" and (is_mistyped(plain) or not plain[1:2].isalnum())


async def add(turn: Turn, argument: str) -> Next:
    case = await own_case(turn, argument)
    if case is None:
        return not_found(turn)
    return (
        Adding(reference=case.reference)
        if can(case, Transition.INFORM) or case.duplicate_of
        else ended(turn, case, "", ())
    )


async def withdraw(turn: Turn, argument: str) -> Next:
    case = await own_case(turn, argument)
    if case is None or not is_mine(turn, case):
        return not_found(turn)
    if not can(case, Transition.WITHDRAW):
        return no_longer(turn, case.reference, NotAllowed(case.status))
    return Withdrawing(reference=case.reference)


async def reopen(turn: Turn, argument: str) -> Next:
    case = await own_case(turn, argument)
    if case is None or not is_mine(turn, case):
        return not_found(turn)
    if (refused := blocked(turn)) is not None:
        return refused
    if not is_reopenable(turn.work, case):
        return no_longer(turn, case.reference, NotAllowed(case.status))
    return beside_others(turn, Objecting(reference=case.reference, move="reopen"))


async def fixed(turn: Turn, argument: str) -> Next:
    """One tap closes it; the next may rate."""
    reference = parse_reference(argument)
    if reference is None:
        return not_found(turn)
    case = await resident_actions.confirm_fixed(turn.work, reference, turn.resident, True)
    if isinstance(case, NotAllowed):
        return no_longer(turn, reference, case)
    return Rating(reference=case.reference)


async def not_fixed(turn: Turn, argument: str) -> Next:
    case = await own_case(turn, argument)
    if case is None or not is_mine(turn, case):
        return not_found(turn)
    if not can(case, Transition.NOT_FIXED):
        return no_longer(turn, case.reference, NotAllowed(case.status))
    return beside_others(turn, Objecting(reference=case.reference, move="not_fixed"))


async def different(turn: Turn, argument: str) -> Next:
    """It was merged with another that is about something else: one tap takes it out again."""
    reference = parse_reference(argument)
    if reference is None:
        return not_found(turn)
    case = await merging.object_to(turn.work, reference, turn.resident)
    if isinstance(case, NotAllowed):
        return no_longer(turn, reference, case)
    return Viewing(reference=case.reference)


async def rate(turn: Turn, argument: str) -> Next:
    """`<reference>.<stars>`: recorded at once."""
    typed, _, stars = argument.rpartition(".")
    reference = parse_reference(typed)
    if reference is None or stars not in {"1", "2", "3", "4", "5"}:
        return not_found(turn)
    rated = await ratings.rate(turn.work, reference, turn.resident, int(stars))
    if isinstance(rated, NotAllowed):
        return no_longer(turn, reference, rated)
    return Commenting(reference=reference, stars=rated.stars, rated_at=turn.work.now)


async def offer(turn: Turn, argument: str) -> Next:
    """Something was sent while the case named was on show."""
    case = await own_case(turn, argument)
    if case is None:
        return not_found(turn)
    step = beside_others(turn, Offering(reference=case.reference))
    kept = await step.absorb_unexpected(turn)
    if kept is not None and kept.step is not None:
        return kept
    otherwise = step if step.draft_title(turn) else Viewing(reference=case.reference)
    return otherwise if kept is None else Reask(kept.why, otherwise)


# ---------------------------------------------------------------------------- replies


async def replied(turn: Turn) -> Next:
    """A reply to a message of ours about a case goes to that case, whatever else is going on."""
    number = case_in(turn.about)
    case = None if number is None else await resident_actions.by_id(turn.work, number)
    case = await resident_actions.own(turn.work, case.reference, turn.resident) if case else None
    if case is None or vouched_number(turn.said) is not None:  # one's own number is kept as that
        return Redirect("anything")
    added = await add_said(turn, case.reference)
    if isinstance(added, Reask):
        return added
    rows = ((Button(label=turn.t.plain("View request"), route="case", value=case.reference),),)
    turn.say(was_added(turn, case.reference, answered=answers_question(added)), rows, subject=turn.about)
    return NoReply()


def _keeping(route: Route) -> Route:
    """The route, which leaves behind nothing that was sent for a case and is not done with."""

    async def opened(turn: Turn, argument: str) -> Next:
        onward = await route(turn, argument)
        step = onward.step if isinstance(onward, Reask) else onward
        if isinstance(step, Step) and not isinstance(step, Told):  # a Told has taken it along
            set_aside(turn)
        return onward

    return opened


_ROUTES: Mapping[str, Route] = MappingProxyType(
    {
        "requests": requests,
        "case": view,
        "track": track,
        "add": add,
        "answer": add,
        "offer": offer,
        "withdraw": withdraw,
        "reopen": reopen,
        DIFFERENT: different,
        "fixed": fixed,
        "notfixed": not_fixed,
        "rate": rate,
        **neighbour_routes.ROUTES,
    }
)

FLOW = Flow(
    steps=(Listing, Viewing, Adding, Offering, Withdrawing, Objecting, Rating, Commenting),
    routes={name: _keeping(route) for name, route in _ROUTES.items()},
    commands={"my": "requests", "track": "track"},
)
