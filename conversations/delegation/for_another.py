"""A residents' flow, played by a delegate with the person they act for in the resident's place.

`ActingFor` holds the step at which it stands. Steps, forms and routes are those of requests and appointments; only what
came through this delegation can be opened, and each route's button leads back here (`words.AT`). A way out of these
flows is the way out of acting: what follows then is one's own again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from markupsafe import Markup
from pydantic import BeforeValidator, SerializeAsAny, TypeAdapter

from conversations.booking import my_appointments
from conversations.booking import start as booking_start
from conversations.delegation import words
from conversations.delegation.buttons import OPENED, at_another, shown_at_another
from conversations.delegation.people import People, Person
from conversations.engine.form import question_of
from conversations.engine.messages import Kind, Request
from conversations.engine.registry import forms_of, union_of
from conversations.engine.step import (
    Answer,
    Continue,
    EndFlow,
    Next,
    NoReply,
    Previous,
    Prompt,
    Reask,
    Redirect,
    Route,
    Step,
    Turn,
)
from conversations.home import answering
from conversations.home.kept import What, add_to
from conversations.incidents import joined as incident_joined
from conversations.line import place as line_place
from conversations.requests import my_requests
from conversations.requests import start as request_start
from services.actors import Subject
from services.casework.intake import WALK_IN
from services.delegations import acting, asked
from services.delegations.acting import Acting
from services.text.references import parse_reference
from storage.ids import DelegationId
from storage.records.residents import Resident

_FLOWS = (
    request_start.FLOW,
    booking_start.FLOW,
    my_requests.FLOW,
    my_appointments.FLOW,
    incident_joined.FLOW,
    line_place.FLOW,
    answering.FLOW,
)
_FORMS = forms_of(_FLOWS)
_STEPS: TypeAdapter[Step] = union_of(step for flow in _FLOWS for step in flow.all_steps)
_ROUTES: Mapping[str, Route] = MappingProxyType(
    {name: route for flow in _FLOWS for name, route in flow.routes.items() if name in OPENED}
)
_NAMES = frozenset(step.model_fields["step"].default for flow in _FLOWS for step in flow.all_steps)
#: What is sent where nothing was asked: it may be the answer to a question, or one's own matter.
_UNASKED = "anything"
#: What lists all that somebody has: here only what came through the delegate is listed.
_LISTS = frozenset({"following:list", "appointments:list"})
_IN_A_ROW = 5


def _step(value: object) -> object:
    return _STEPS.validate_python(value) if isinstance(value, dict) else value


AnyStep = Annotated[SerializeAsAny[Step], BeforeValidator(_step)]


class ActingFor(Step):
    step: Literal["acting:for"] = "acting:for"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA, Kind.LOCATION, Kind.CONTACT})
    delegation: DelegationId
    inner: AnyStep

    async def ask(self, turn: Turn) -> Prompt:
        found = await acting.active(turn.work, turn.resident.id, self.delegation)
        if found is None or not await _may_see(turn, found, self.inner):
            return Prompt(words.over(turn).why)
        said = len(turn.out)
        prompt = await self.inner.ask(in_place_of(turn, found, self.inner))
        lead_back(turn, said, self.delegation)
        text = turn.t.join_lines(words.whose(turn.t, found.delegation.name), Markup(), prompt.text)
        # Whoever holds the phone is not who it is about: their own number is of no use.
        asks = prompt.ask_for if prompt.ask_for is Request.LOCATION else None
        label = prompt.ask_label if asks is not None else ""
        return replace(prompt, text=text, rows=at_another(prompt.rows, self.delegation), ask_for=asks, ask_label=label)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return await play(turn, self.delegation, self.inner, lambda inner: _answered(inner, self.inner, answer))

    async def absorb_unexpected(self, turn: Turn) -> Step | Continue | Reask | None:
        async def kept(inner: Turn) -> Next:
            return await self.inner.absorb_unexpected(inner) or NoReply()

        onward = await play(turn, self.delegation, self.inner, kept)
        return onward if isinstance(onward, Step | Reask) else None

    def amend(self, turn: Turn) -> Step | None:
        amended = self.inner.amend(turn)
        return None if amended is None else ActingFor(delegation=self.delegation, inner=amended)

    async def back(self, turn: Turn) -> Step | Previous | None:
        async def earlier(inner: Turn) -> Next:
            return await self.inner.back(inner) or Redirect(words.PERSON)

        onward = await play(turn, self.delegation, self.inner, earlier)
        return onward if isinstance(onward, Step) else Person(delegation=self.delegation)

    def draft_title(self, turn: Turn) -> str:
        title = self.inner.draft_title(turn)
        return turn.t.plain("For someone else: {what}", what=title) if title else ""

    async def discarded(self, turn: Turn) -> Markup | None:
        found = await acting.active(turn.work, turn.resident.id, self.delegation)
        return None if found is None else await self.inner.discarded(in_place_of(turn, found, self.inner))

    async def resumed(self, turn: Turn) -> Next:
        async def again(inner: Turn) -> Next:
            form = _FORMS.get(self.inner.step.partition(":")[0])
            return await self.inner.resumed(inner) if form is None else await form.resume(inner, self.inner)

        return await play(turn, self.delegation, self.inner, again)


async def _answered(inner: Turn, step: Step, answer: Answer) -> Next:
    """As the engine does: what a step does not await it may still keep."""
    if answer.kind in step.accepts:
        return await step.handle_answer(inner, replace(answer, said=inner.said))
    return await step.absorb_unexpected(inner) or Redirect(_UNASKED)


# ---------------------------------------------------------------------------- in the other's place


def in_place_of(turn: Turn, found: Acting, here: Step | None = None) -> Turn:
    """The same turn with the person acted for in the resident's place. What is said goes to the delegate."""
    said = turn.said
    if said.contact is not None:  # the delegate's own number is not the other's
        said = said.model_copy(update={"contact": said.contact.model_copy(update={"own": False})})
    return replace(turn, resident=_stand_in(turn, found), acting=found.delegation.id, said=said, saved=(), here=here)


def _stand_in(turn: Turn, found: Acting) -> Resident:
    """The other, spoken to as the delegate is. Of their numbers only what the delegate told is shown."""
    delegate, principal = turn.resident, found.principal
    barred = [one.blocked_until for one in (delegate, principal) if one.blocked_until is not None]
    return principal.model_copy(
        update={
            "channel": delegate.channel if principal.channel == WALK_IN else principal.channel,
            "language": delegate.language,
            "digits": delegate.digits,
            "name": principal.name or found.delegation.name,
            "phone": found.delegation.phone,
            "phone_own": False,
            "office": delegate.office,
            "consented_at": turn.work.now,  # they agreed to be acted for
            "blocked_until": max(barred, default=None),
        }
    )


async def play(
    turn: Turn, delegation: DelegationId, here: Step | None, act: Callable[[Turn], Awaitable[Next]], typed: str = ""
) -> Next:
    """Do something in the other's place, and go on there.

    `typed` is a reference that is named. Whatever the deed changes of what it is about is written down, and the other
    hears of it.
    """
    found = await acting.active(turn.work, turn.resident.id, delegation)
    if found is None or (here is not None and not await _may_see(turn, found, here)):
        return Reask(words.over(turn).why, People())
    about = await _about(turn, found, typed or getattr(here, "reference", ""))
    if typed and about is None:
        return Reask(words.over(turn).why, Person(delegation=delegation))
    before = "" if about is None else await acting.status_of(turn.work, about)
    said, inner = len(turn.out), in_place_of(turn, found, here)
    following = await act(inner)
    for _ in range(_IN_A_ROW):
        if not isinstance(following, Redirect) or following.route not in _ROUTES:
            break
        if not await _may_open(turn, found, following.argument):
            return Reask(words.over(turn).why, Person(delegation=delegation))
        following = await _ROUTES[following.route](inner, following.argument)
    turn.toast = inner.toast or turn.toast
    turn.handed_over = turn.handed_over or inner.handed_over
    lead_back(turn, said, delegation)
    if about is not None and (after := await acting.status_of(turn.work, about)) != before:
        await acting.changed(turn.work, found, about, after)
    return await _onward(turn, inner, found, following)


async def _onward(turn: Turn, inner: Turn, found: Acting, following: Next) -> Next:
    """Where the deed leads."""
    match following:
        case Reask(why=why, step=step):
            onward = None if step is None else await _onward(turn, inner, found, step)
            return Reask(why, onward if isinstance(onward, Step) else None)
        case Continue() | Previous():
            question = await question_of(_FORMS, inner, following)
            return await _stands_at(turn, found, question)
        case What():  # it was no answer: what was sent is the delegate's own again
            return following
        case Step():
            return await _stands_at(turn, found, following)
        case Redirect(route=route) if route == _UNASKED:
            return following
        case Redirect():  # out of these flows, and so out of acting
            return Person(delegation=found.delegation.id)
        case EndFlow():
            turn.say(
                turn.t("This was for {name}.", name=turn.t.own(found.delegation.name, 60)),
                ((words.back_button(turn.t, found.delegation),),),
            )
    return following


async def _stands_at(turn: Turn, found: Acting, step: Step | None) -> Step:
    if step is None or step.step not in _NAMES - _LISTS or not await _may_see(turn, found, step):
        return Person(delegation=found.delegation.id)
    return ActingFor(delegation=found.delegation.id, inner=step)


async def _about(turn: Turn, found: Acting, typed: str) -> Subject | None:
    return await acting.subject_of(turn.work, found.delegation.id, typed) if typed else None


async def _may_see(turn: Turn, found: Acting, step: Step) -> bool:
    """Whether a step is about something that came through the delegate, or about nothing yet."""
    reference = getattr(step, "reference", "")
    if not reference or step.step.startswith(words.APPOINTMENT):  # a form names the other's own appointment
        return True
    return await _about(turn, found, reference) is not None


async def _may_open(turn: Turn, found: Acting, argument: str) -> bool:
    named = words.reference_in(argument)
    return named is None or await _about(turn, found, named) is not None


def lead_back(turn: Turn, since: int, delegation: DelegationId) -> None:
    """Have the buttons of what was said open the other's things, and not one's own."""
    turn.out[since:] = [replace(one, message=shown_at_another(one.message, delegation)) for one in turn.out[since:]]


# ---------------------------------------------------------------------------- the ways in


async def at(turn: Turn, argument: str) -> Next:
    """`<delegation>.<route>.<argument>`: a route of the residents' flows, for somebody else."""
    number, _, rest = argument.partition(".")
    route, _, inner_argument = rest.partition(".")
    opened = _ROUTES.get(route)
    if opened is None or not _is_number(number):
        return words.over(turn)
    typed = words.reference_in(inner_argument) or ""
    return await play(turn, DelegationId(int(number)), None, lambda inner: opened(inner, inner_argument), typed=typed)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 15


async def replied(turn: Turn, reply: Callable[[Turn], Awaitable[Next]]) -> Next | None:
    """A reply to a message of ours about what somebody filed for another, taken as the other's own would be.

    None where it is about something else.
    """
    through = await acting.through(turn.work, turn.about)
    if through is None or through.delegate_id != turn.resident.id:
        return None
    return await play(turn, through.id, None, reply)


# ---------------------------------------------------------------------------- what was sent before


async def given(turn: Turn, argument: str) -> Next:
    """What was kept answers a question about what came through them: `argument` is its reference."""
    sent, reference = turn.here, parse_reference(argument)
    asking = await asked.of_delegate(turn.work, turn.resident)
    theirs = next((one for one in asking if one.question.reference == reference), None)
    if theirs is None or reference is None or not isinstance(sent, What):
        return sent if isinstance(sent, What) else People()
    turn.handed_over = True
    return await play(
        turn, theirs.acting.delegation.id, None, lambda inner: add_to(inner, sent, reference), typed=reference
    )
