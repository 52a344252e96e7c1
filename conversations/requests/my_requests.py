"""After submitting: the ways in to one's requests, replies to messages about them, how content one is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import AwareDatetime

from conversations.engine.engine import MENU, RESUME
from conversations.engine.fields import COMMENTS_TAKEN, barred
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Again, Answer, Button, Door, Leave, Next, Open, Prompt, Stay, Step, Talk
from conversations.requests.follow_up import (
    Adding,
    Objecting,
    Offering,
    Told,
    Withdrawing,
    add_said,
    beside_others,
    ended,
    set_aside,
    was_added,
)
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
from conversations.texts.case import is_reopenable
from locales.bidi import shorten
from services.cases import ratings, resident_actions
from services.cases.workflow import Move, NotAllowed, can
from services.text.normalise import MAX_WORDS, clean, without_bidi
from services.text.references import is_mistyped, parse_reference
from storage.ids import CaseId

# ---------------------------------------------------------------------------- how content one is


class Rating(CaseStep):
    """Confirmed as fixed: one tap more says how content the person is."""

    step: Literal["following:rate"] = "following:rate"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        text = t.join_lines(
            t("✅ Request {reference} is closed.", reference=t.ref(self.reference)),
            how_content(t),
        )
        return Prompt(text, (star_row(t, self.reference), *resume_rows(talk)), back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        return self  # its buttons are doors


class Commenting(CaseStep):
    """The tap is recorded; words are optional. What is written long after it is meant for something else."""

    step: Literal["following:comment"] = "following:comment"
    stars: int
    rated_at: AwareDatetime

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        text = t(
            "⭐ {stars} of {most} for request {reference}: recorded. Anything to add can be written now.",
            stars=self.stars,
            most=MOST_STARS,
            reference=t.ref(self.reference),
        )
        return Prompt(text, ((Button(label=t.plain("Nothing to add"), value="no"),),), back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        t, recorded = talk.t, None
        if not answer.choice:
            if talk.work.now - self.rated_at > COMMENTS_TAKEN:
                return Open("anything")
            words = clean(answer.text, MAX_WORDS)
            rated = await ratings.comment(talk.work, self.reference, talk.resident, words)
            if isinstance(rated, NotAllowed):
                return no_longer(talk, self.reference, rated)
            recorded = t("Recorded with the rating: “{words}”", words=t.own(words, 500))
        rows = [*resume_rows(talk), [Button(label=t.plain("Main menu"), door=MENU)]]
        talk.say(t.join_lines(recorded, t("Thank you: this helps to improve the service.")), rows)
        return Leave()


def resume_rows(talk: Talk) -> list[list[Button]]:
    """What was interrupted can be taken up again."""
    titles = ((step, step.draft_title(talk)) for step in talk.parked)
    return [
        [Button(label=talk.t.plain("Continue: {draft}", draft=shorten(title, 40)), door=RESUME,
                value=step.step.partition(":")[0])]
        for step, title in titles if title
    ]  # fmt: skip


# ---------------------------------------------------------------------------- the ways in


async def requests(_talk: Talk, argument: str) -> Next:
    """The list of one's requests; the argument is its page."""
    return Listing(page=int(argument) if argument.isdecimal() and len(argument) < 4 else 0)


async def view(talk: Talk, argument: str) -> Next:
    case = await own_case(talk, argument)
    return Viewing(reference=case.reference) if case else not_found(talk)


async def track(talk: Talk, argument: str) -> Next:
    """A reference, typed or from a link; without one the list."""
    if _means_appointment(argument):
        return Open("appointment", argument)
    return await view(talk, argument) if argument.strip() else Listing()


def _means_appointment(typed: str) -> bool:
    """Whether the reference of an appointment was typed, or something that was meant as one."""
    if (reference := parse_reference(typed)) is not None:
        return reference.startswith("B")
    plain = without_bidi(typed).strip()
    return plain[:1].upper() == "B" and (is_mistyped(plain) or not plain[1:2].isalnum())


async def add(talk: Talk, argument: str) -> Next:
    case = await own_case(talk, argument)
    if case is None:
        return not_found(talk)
    return Adding(reference=case.reference) if can(case, Move.INFORM) or case.duplicate_of else ended(
        talk, case, "", ())  # fmt: skip


async def withdraw(talk: Talk, argument: str) -> Next:
    case = await own_case(talk, argument)
    if case is None or not is_mine(talk, case):
        return not_found(talk)
    if not can(case, Move.WITHDRAW):
        return no_longer(talk, case.reference, NotAllowed(case.status))
    return Withdrawing(reference=case.reference)


async def reopen(talk: Talk, argument: str) -> Next:
    case = await own_case(talk, argument)
    if case is None or not is_mine(talk, case):
        return not_found(talk)
    if (refused := barred(talk)) is not None:
        return refused
    if not is_reopenable(talk.work, case):
        return no_longer(talk, case.reference, NotAllowed(case.status))
    return beside_others(talk, Objecting(reference=case.reference, move="reopen"))


async def fixed(talk: Talk, argument: str) -> Next:
    """One tap closes it; the next may rate."""
    reference = parse_reference(argument)
    if reference is None:
        return not_found(talk)
    case = await resident_actions.confirm_fixed(talk.work, reference, talk.resident, True)
    if isinstance(case, NotAllowed):
        return no_longer(talk, reference, case)
    return Rating(reference=case.reference)


async def not_fixed(talk: Talk, argument: str) -> Next:
    case = await own_case(talk, argument)
    if case is None or not is_mine(talk, case):
        return not_found(talk)
    if not can(case, Move.NOT_FIXED):
        return no_longer(talk, case.reference, NotAllowed(case.status))
    return beside_others(talk, Objecting(reference=case.reference, move="not_fixed"))


async def rate(talk: Talk, argument: str) -> Next:
    """`<reference>.<stars>`: recorded at once."""
    typed, _, stars = argument.rpartition(".")
    reference = parse_reference(typed)
    if reference is None or stars not in {"1", "2", "3", "4", "5"}:
        return not_found(talk)
    rated = await ratings.rate(talk.work, reference, talk.resident, int(stars))
    if isinstance(rated, NotAllowed):
        return no_longer(talk, reference, rated)
    return Commenting(reference=reference, stars=rated.stars, rated_at=talk.work.now)


async def offer(talk: Talk, argument: str) -> Next:
    """Something was sent while the case named was on show."""
    case = await own_case(talk, argument)
    if case is None:
        return not_found(talk)
    step = beside_others(talk, Offering(reference=case.reference))
    kept = await step.keep(talk)
    if kept is not None and kept.step is not None:
        return kept
    otherwise = step if step.draft_title(talk) else Viewing(reference=case.reference)
    return otherwise if kept is None else Again(kept.why, otherwise)


# ---------------------------------------------------------------------------- replies


async def replied(talk: Talk) -> Next:
    """A reply to a message of ours about a case goes to that case, whatever else is going on."""
    subject, _, number = talk.about.partition(":")
    case = (
        await resident_actions.by_id(talk.work, CaseId(int(number)))
        if subject == "case" and number.isdecimal()
        else None
    )
    case = await resident_actions.own(talk.work, case.reference, talk.resident) if case else None
    if case is None or talk.said.kind not in {Kind.TEXT, Kind.MEDIA, Kind.LOCATION}:
        return Open("anything")
    added = await add_said(talk, case.reference)
    if isinstance(added, Again):
        return added
    rows = ((Button(label=talk.t.plain("Follow it"), door="case", value=case.reference),),)
    talk.say(was_added(talk, case.reference, answered=bool(added.detail)), rows, subject=talk.about)
    return Stay()


def _keeping(door: Door) -> Door:
    """The door, which leaves behind nothing that was sent for a case and is not done with."""

    async def opened(talk: Talk, argument: str) -> Next:
        onward = await door(talk, argument)
        step = onward.step if isinstance(onward, Again) else onward
        if isinstance(step, Step) and not isinstance(step, Told):  # a Told has taken it along
            set_aside(talk)
        return onward

    return opened


_DOORS: Mapping[str, Door] = MappingProxyType(
    {
        "requests": requests,
        "case": view,
        "track": track,
        "add": add,
        "answer": add,
        "offer": offer,
        "withdraw": withdraw,
        "reopen": reopen,
        "fixed": fixed,
        "notfixed": not_fixed,
        "rate": rate,
    }
)

FLOW = Flow(
    steps=(Listing, Viewing, Adding, Offering, Withdrawing, Objecting, Rating, Commenting),
    doors={name: _keeping(door) for name, door in _DOORS.items()},
    commands={"my": "requests", "track": "track"},
)
