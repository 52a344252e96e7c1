"""The main menu: where every conversation starts and comes back to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup

from conversations.engine.form import FormStep
from conversations.engine.messages import Emphasis, Kind
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from conversations.home import deep_links
from conversations.texts.staff_tools import staff_tools_row
from conversations.texts.welcome import greeting, language_buttons
from locales.bidi import shorten
from services.bookings import bookings
from services.cases import resident_actions
from storage.records.bookings import Booking, BookingStatus
from storage.records.cases import Case, CaseStatus

TITLE = 40  # characters of a draft's title that a button shows
_MOST_QUESTIONS = 3  # that have a button of their own


class MainMenu(Step):
    step: Literal["menu:main"] = "menu:main"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        mine = await resident_actions.open_of(turn.work, turn.resident.id)
        coming = await bookings.open_of(turn.work, turn.resident.id)
        drafts = _set_aside(turn)
        rows = [
            *([_resume(turn, draft)] for draft in drafts),
            *_questions(turn, mine),
            await staff_tools_row(turn),
            [Button(label=t.plain("📅 Book a Customer Day appointment"), route="book")],
            [Button(label=t.plain("📢 Submit a complaint"), route="complain")],
            [Button(label=t.plain("✍️ Say it in your own words"), route="tell")],
            [
                Button(label=_counted(t.plain("My requests"), len(mine), turn), route="requests"),
                Button(label=_counted(t.plain("My appointments"), len(coming), turn), route="appointments"),
            ],
            [*language_buttons(t), Button(label=t.plain("☰ More services"), route="more")],
            *([_discarding(turn, draft)] for draft in drafts),
        ]
        return Prompt(_text(turn, coming, mine), rows, back=False, menu=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self  # all its buttons open routes


def _text(turn: Turn, coming: Sequence[Booking], mine: Sequence[Case]) -> Markup:
    """How things stand, what waits for the person first."""
    t, waiting = turn.t, len(_awaiting(mine))
    times = (booking.starts_at for booking in coming if booking.status is BookingStatus.CONFIRMED)
    following = next((time for time in times if time is not None and time > turn.work.now), None)
    return t.join_lines(
        t("<b>Main menu</b>"),
        t.plural("❓ {n} question waits for your answer", "❓ {n} questions wait for your answer", waiting)
        if waiting
        else None,
        None if following is None else t("📅 Next appointment: {moment}", moment=t.moment(following)),
        t.plural("📂 {n} open request", "📂 {n} open requests", len(mine)) if mine else None,
        t("What would you like to do?"),
    )


def _awaiting(mine: Sequence[Case]) -> list[Case]:
    """Those in which the municipality waits for an answer."""
    return [case for case in mine if case.status is CaseStatus.AWAITING_RESIDENT]


def _questions(turn: Turn, mine: Sequence[Case]) -> list[list[Button]]:
    """What opens each question that waits; of many the first few, as "My requests" shows them all."""
    t, waiting = turn.t, _awaiting(mine)
    if len(waiting) == 1:
        return [[Button(label=t.plain("Reply to question"), route="answer", value=waiting[0].reference)]]
    references = [case.reference for case in waiting[:_MOST_QUESTIONS]]
    return [[Button(label=t.plain("Reply about {ref}", ref=one), route="answer", value=one)] for one in references]


def _resume(turn: Turn, draft: Step) -> Button:
    title = turn.t.plain("▶️ Continue: {draft}", draft=shorten(draft.draft_title(turn), TITLE))
    return Button(label=title, route="resume", value=_flow(draft), emphasis=Emphasis.MAIN)


def _discarding(turn: Turn, draft: Step) -> Button:
    """One tap, which can be undone."""
    label = turn.t.plain("🗑 Discard: {draft}", draft=shorten(draft.draft_title(turn), TITLE))
    return Button(label=label, route="discard", value=_flow(draft))


def _flow(draft: Step) -> str:
    return draft.step.partition(":")[0]


def _counted(label: str, count: int, turn: Turn) -> str:
    return f"{label} ({turn.t.number(count)})" if count else label


# ---------------------------------------------------------------------------- stopping


class Discarded(Step):
    """A draft was cancelled. It is still there to be taken back, until the person goes anywhere else."""

    step: Literal["discarded:draft"] = "discarded:draft"
    accepts = frozenset({Kind.CHOICE})
    flow: str
    title: str

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(t("🗑 Draft discarded: {draft}", draft=self.title), t("We did not send any of it."))
        return Prompt(text, [[Button(label=t.plain("↩️ Undo"), route="resume", value=self.flow)]], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self

    def discards(self) -> str:
        return self.flow


class SetAside(Step):
    """Nothing is being written, and there are drafts that were left: go on with one, or discard it?"""

    step: Literal["aside:which"] = "aside:which"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, drafts = turn.t, _set_aside(turn)
        rows = [*([_resume(turn, draft)] for draft in drafts), *([_discarding(turn, draft)] for draft in drafts)]
        text = t.plural(
            "You are not writing anything now. You left {n} draft unfinished. Do you want to continue or discard it?",
            "You are not writing anything now. You left {n} drafts unfinished. Choose one to continue or discard.",
            len(drafts),
        )
        return Prompt(text, rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self  # all its buttons open routes


def _set_aside(turn: Turn) -> list[Step]:
    """Drafts that were left in the middle. What was just cancelled is none any more."""
    gone = turn.here.discards() if turn.here is not None else ""
    return [draft for draft in turn.saved if draft.draft_title(turn) and _flow(draft) != gone]


async def cancel(turn: Turn, flow: str) -> Next:
    """Stop what is being written; or, by a button, a draft that was set aside."""
    here, aside = turn.here, _set_aside(turn)
    if turn.said.kind is Kind.CHOICE and flow:
        named = next((draft for draft in aside if _flow(draft) == flow), None)
        if named is None:
            return MainMenu()
        if isinstance(here, Discarded):  # the one before it can no longer be taken back
            turn.saved = tuple(draft for draft in turn.saved if _flow(draft) != here.flow)
        return await _discard(turn, named)
    if isinstance(here, Discarded):
        return here
    if here is not None and here.draft_title(turn):
        return await _discard(turn, here)
    if aside:
        return SetAside()
    left = turn.t("OK. Nothing was saved.") if isinstance(here, FormStep) else turn.t("There is nothing to cancel.")
    return Reask(left, MainMenu())


async def _discard(turn: Turn, draft: Step) -> Next:
    gone = Discarded(flow=_flow(draft), title=draft.draft_title(turn))
    told = await draft.discarded(turn)
    return gone if told is None else Reask(told, gone)


# ---------------------------------------------------------------------------- the ways in


async def menu(_turn: Turn, _: str) -> Next:
    return MainMenu()


async def start(turn: Turn, argument: str) -> Next:
    """Telegram's Start button, plain or with what a link says."""
    if argument:
        return await deep_links.follow(turn, argument, MainMenu())
    if turn.resident.consented_at is None and not turn.first:
        return Reask(greeting(turn), MainMenu())
    return MainMenu()


FLOW = Flow(
    steps=(MainMenu, Discarded, SetAside),
    routes={"menu": menu, "start": start, "discard": cancel},
    commands={"start": "start", "menu": "menu", "cancel": "discard"},
)
