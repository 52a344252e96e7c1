"""A complaint, a suggestion, an observation, a service request, a question: what about, where, from whom.

Here are the ways in. Which questions there are, and in which order, stands in `fields`; the summary in `review`. All
that was entered goes along in one `RequestDraft`.
"""

from __future__ import annotations

from typing import Literal

from conversations.engine.draft_step import words_of
from conversations.engine.drafts import Draft
from conversations.engine.fields import blocked, known_name
from conversations.engine.messages import Kind, Place
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Continue, Next, Prompt, Reask, Redirect, Step, Turn
from conversations.requests.adding import add_said, filled, office_said, own_office, saying, understood
from conversations.requests.description import ChoosingCategory
from conversations.requests.draft import Part, RequestDraft, category_of, pinned
from conversations.requests.location import AskingWhose, Comparing
from conversations.requests.parting import Parting
from conversations.requests.review import FORM
from conversations.requests.step import RequestStep
from conversations.texts.case import ROUTES
from services.offices.geography import suggest_office
from services.text.normalise import clean
from services.understanding.understanding import Understood
from storage.ids import CategoryId, OfficeId
from storage.records.cases import CaseKind


class Unfinished(RequestStep):
    """A new request was asked for while another is unfinished: nothing is thrown away unasked."""

    step: Literal["request:unfinished"] = "request:unfinished"
    accepts = frozenset({Kind.CHOICE})
    fresh: RequestDraft

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        go_on = t.plain("Continue the draft") if self.fresh.empty else t.plain("Add to the draft")
        rows = (
            (Button(label=go_on, value="on"),),
            (Button(label=t.plain("Start a new request"), value="new"),),
        )
        found = t("You have an unfinished draft ({draft}).", draft=self.draft_title(turn))
        return Prompt(
            t.join_lines(found, t("If you start a new request, we will delete this draft.")), rows, back=False
        )

    async def absorb_unexpected(self, turn: Turn) -> Reask:
        """What is said here is meant for the new one: it is added to the other only where that is chosen."""
        added = await add_said(turn, self.fresh)
        noted = added.trouble or turn.t("We have saved this for the new request.")
        return Reask(noted, self.model_copy(update={"fresh": added.draft}))

    def amend(self, turn: Turn) -> Step | None:
        fresh = self.fresh.amended(turn.said.message, words_of(turn))
        return super().amend(turn) if fresh is None else self.model_copy(update={"fresh": fresh})

    async def resumed(self, turn: Turn) -> Next:
        """Who comes back for the draft goes on with it; what was said for a new one is still to be decided on."""
        return Continue(self.draft) if self.fresh.empty else self

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == "new":
            return _start(turn, self.fresh)
        return Continue(self.draft.with_also(self.fresh))


def begin(turn: Turn, kind: CaseKind, argument: str) -> Next:
    """Start a request, to the office named or the person's own; without either the office is asked for first."""
    if (refused := blocked(turn)) is not None:
        return refused
    office = own_office(turn, argument)
    if office is None:
        return Redirect("office", ROUTES[kind])
    return _unless_unfinished(turn, _fresh(turn, kind, office.id))


async def start_with(
    turn: Turn,
    kind: CaseKind,
    sent: Draft,
    place: Place | None = None,
    known: Understood | None = None,
    category: CategoryId | None = None,
    chosen: OfficeId | None = None,
) -> Next:
    """Start a request with what a person sent before they said what it is; `known` is what its words mean, if known.

    It is about `category`, unless it says another; `chosen` is the office just chosen for it, if it was asked for.
    """
    if (refused := blocked(turn)) is not None:
        return refused
    offices = turn.work.offices
    known = known or turn.work.understanding.of(sent.words, turn.work.today)
    office = await office_said(turn, known.place)
    settled = office is None and chosen is not None
    if office is None and chosen is not None:
        office = offices.get(chosen)
    near = suggest_office(offices, place.latitude, place.longitude) if place else None
    if office is None and isinstance(near, str):
        office = offices.get(near)
    draft = _fresh(turn, kind, office.id if office else OfficeId("")).but(**dict(sent))
    if place is not None:
        draft = pinned(turn, draft, place).draft
    meant = await filled(turn, draft, known)
    dealt_with = {one.id for one in offices.categories_for(meant.office, kind)}
    if category is not None and not meant.category and (category in dealt_with or not meant.office):
        meant = meant.but(category=category, likely=tuple(one for one in meant.likely if one != category))
    if known.matters is not None:
        meant = meant.but(apart=tuple(Part(words=one.words, category=one.category) for one in known.matters))
    if settled:
        meant = meant.but(office_settled=True)
    unsaid = draft.but(office=turn.resident.office)  # which other office it is, only the words and the place say
    return saying(understood(turn, unsaid, meant), _unless_unfinished(turn, meant))


def _unless_unfinished(turn: Turn, fresh: RequestDraft) -> Next:
    """Start a request, unless there is another, here or set aside, that the person may mean to go on with."""
    before = turn.here if isinstance(turn.here, RequestStep) else turn.take_up(RequestStep)
    if before is None or before.draft.empty:
        return _start(turn, fresh)
    if isinstance(before, Unfinished):
        fresh = fresh.with_also(before.fresh)
    return Unfinished(draft=before.draft, fresh=fresh)


def _start(turn: Turn, draft: RequestDraft) -> Next:
    if not draft.office or draft.apart:
        return Continue(draft)
    if category_of(turn.work.offices, draft) is not None:
        return Continue(draft)
    if turn.work.offices.categories_for(draft.office, draft.kind):
        return ChoosingCategory(draft=draft, typed=clean(draft.words, 100))
    return Reask(turn.t("This office does not accept requests of this type."), Continue(draft))


def _fresh(turn: Turn, kind: CaseKind, office: OfficeId) -> RequestDraft:
    person = turn.resident
    return RequestDraft(kind=kind, office=office, name=known_name(turn), phone=person.phone, phone_own=person.phone_own)


async def complain(turn: Turn, argument: str) -> Next:
    return begin(turn, CaseKind.COMPLAINT, argument)


async def suggest(turn: Turn, argument: str) -> Next:
    return begin(turn, CaseKind.SUGGESTION, argument)


async def observe(turn: Turn, argument: str) -> Next:
    return begin(turn, CaseKind.OBSERVATION, argument)


async def request(turn: Turn, argument: str) -> Next:
    return begin(turn, CaseKind.SERVICE_REQUEST, argument)


async def inquire(turn: Turn, argument: str) -> Next:
    return begin(turn, CaseKind.INQUIRY, argument)


FLOW = Flow(
    form=FORM,
    steps=(Parting, AskingWhose, Comparing, Unfinished),
    routes={"complain": complain, "suggest": suggest, "observe": observe, "request": request, "inquire": inquire},
    commands={"complain": "complain", "suggest": "suggest"},
)
