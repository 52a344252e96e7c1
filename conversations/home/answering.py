"""After a question from the municipality, what comes next is its answer: it is said so, and can be taken back.

The staff hear of it a minute later. Until then one tap says that something else was meant, or that another question
was; the question then waits again, and what was sent is kept. A question that was missed is shown first of all.
"""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup
from pydantic import AwareDatetime

from conversations.engine.messages import FileKind, IncomingFile, Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Rows, Step, Turn
from conversations.home.kept import ANSWERS, Kept, What
from conversations.home.main_menu import MainMenu
from conversations.requests.follow_up import add_heard, hear_danger
from conversations.requests.view import CaseStep, not_found
from conversations.texts.case import category_name
from services.actors import case_subject
from services.cases import answers, questions, resident_actions
from services.cases.answers import HELD
from services.cases.questions import OpenQuestion
from services.files import attachments
from services.text.normalise import MAX_WORDS, clean
from services.text.references import parse_reference
from storage.ids import Reference
from storage.records import Case, CaseEvent

_SHOWN = 500  # characters of a question that is shown beside its answer


class Answered(CaseStep):
    """What was sent was taken as the answer to a question. What follows at once belongs to it."""

    step: Literal["answers:given"] = "answers:given"
    accepts = frozenset({Kind.CHOICE})
    event: int  # in the history of the case
    at: AwareDatetime
    asked: str = ""  # the question
    more: bool = False  # something was added
    held: bool = True  # the staff do not know yet

    async def ask(self, turn: Turn) -> Prompt:
        t, case = turn.t, await self.case(turn)
        if case is None:
            return Prompt(not_found(turn).why)
        others = await _open(turn)
        following = others[0] if others else None
        if following is not None:
            questions.note_shown(turn.work, turn.resident.id, following.event)
        text = t.join_lines(
            t("✅ This is your answer about request {ref}.", ref=t.ref(case.reference)),
            Markup("<blockquote>{}</blockquote>").format(t.own(self.asked, _SHOWN)) if self.asked else None,
            t("We have added what you sent to it.") if self.more else None,
            t("The team will get it in {minute}. Until then you can take it back.", minute=t.duration(HELD))
            if self.held
            else None,
            *(("", *_next_lines(turn, following)) if following is not None else ()),
        )
        return Prompt(text, self._rows(turn, others), back=False, subject=case_subject(case.id))

    def _rows(self, turn: Turn, others: tuple[OpenQuestion, ...]) -> Rows:
        t = turn.t
        rows = []
        if self.held:
            rows.append([Button(label=t.plain("✖️ Not the answer"), route="notanswer", value=str(self.event))])
            rows += [
                [
                    Button(
                        label=t.plain("It answers {reference}", reference=other.case.reference),
                        route="answers",
                        value=f"{self.event}.{other.case.reference}",
                    )
                ]
                for other in others[:ANSWERS]
            ]
        return [*rows, [Button(label=t.plain("View request"), route="case", value=self.reference)]]

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self  # its buttons open routes

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        """The rest of an album. Whatever else comes is looked at like anything else, which may bring it back here."""
        if not turn.said.album or turn.work.now - self.at > attachments.TOGETHER:
            return None
        return await self.with_more(turn)

    async def with_more(self, turn: Turn) -> Reask:
        """With what came right after it."""
        danger = hear_danger(turn, turn.said.text)
        added = await add_heard(turn, self.reference, danger, held=HELD if self.held else None)
        if isinstance(added, Reask):
            return added
        more = self.more or not turn.said.album
        return Reask(step=self.model_copy(update={"more": more, "held": self.held and danger is None}))


class IsThatAll(Kept):
    """An "ok" came after a question: it may be the answer, or only say that the question was read."""

    step: Literal["answers:ok"] = "answers:ok"
    accepts = frozenset({Kind.CHOICE})
    reference: Reference

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("Is “{words}” your answer about request {ref}?", words=t.own(self.words), ref=t.ref(self.reference)),
            t("You can also write your answer now."),
        )
        return Prompt(text, [[Button(label=t.plain("Yes, send it"), value="confirm")]], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        added = await resident_actions.add_information(turn.work, self.reference, turn.resident, self.words, held=HELD)
        if isinstance(added, resident_actions.Closed):
            return Reask(_no_longer(turn, self.reference), MainMenu())
        return await _given(turn, self.reference, added, held=True)

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        return None

    def draft_title(self, turn: Turn) -> str:
        return ""


# ---------------------------------------------------------------------------- taking it as the answer


async def assumed(turn: Turn, about: str = "") -> OpenQuestion | None:
    """The question that a message answers: the one of the case on show, else the newest of those they know of."""
    found = await _open(turn)
    shown = parse_reference(about)
    known = [
        one
        for one in found
        if one.event.id not in turn.shown_first and one.is_in_view(turn.work.now, turn.heard_before)
    ]
    return next((one for one in found if one.case.reference == shown), known[0] if known else None)


async def take(turn: Turn, question: OpenQuestion) -> Next:
    """Take what was just sent as the answer to a question."""
    reference = question.case.reference
    danger = hear_danger(turn, turn.said.text)
    added = await add_heard(turn, reference, danger, held=HELD)
    if isinstance(added, Reask):
        return added
    return await _given(turn, reference, added, held=danger is None)


async def followed(turn: Turn) -> Next | None:
    """What comes right after an answer belongs to it, unless another question waits; None for what does not."""
    here = turn.here
    if not isinstance(here, Answered) or turn.work.now - here.at > HELD:
        return None
    if await assumed(turn) is not None or await here.case(turn) is None:
        return None
    return await here.with_more(turn)


async def only_agrees(turn: Turn) -> Next | None:
    """Ask whether an "ok" is meant as an answer; None where nothing was asked."""
    question = await assumed(turn)
    if question is None:
        return None
    return IsThatAll(reference=question.case.reference).with_words(turn.said.message, turn.said.text)


async def _given(turn: Turn, reference: Reference, added: CaseEvent, *, held: bool) -> Answered:
    question = await answers.question_of(turn.work, added, turn.t.language)
    words = "" if question is None else question.words
    return Answered(reference=reference, event=added.id, at=added.at, asked=words, held=held)


async def _open(turn: Turn) -> tuple[OpenQuestion, ...]:
    return await questions.open_questions(turn.work, turn.resident)


# ---------------------------------------------------------------------------- it was not


async def not_answer(turn: Turn, argument: str) -> Next:
    """What was sent was not the answer: ask what is to be done with it."""
    taken = await answers.take_back(turn.work, turn.resident, _number(argument))
    t = turn.t
    match taken:
        case answers.Nothing():
            return turn.here if isinstance(turn.here, What) else MainMenu()
        case answers.TooLate():
            why = t("The team has your answer already. You can still do something else with what you sent.")
        case answers.TakenBack():
            why = t("OK, that was not your answer. The question still waits for you.")
    kept = _kept(taken.said)
    return Reask(why, kept if kept.pieces or kept.files else MainMenu())


async def another(turn: Turn, argument: str) -> Next:
    """`<event>.<reference>`: what was sent answers the question of another case."""
    event, _, typed = argument.partition(".")
    reference = parse_reference(typed)
    case = None if reference is None else await resident_actions.own(turn.work, reference, turn.resident)
    if case is None or case.resident_id != turn.resident.id:
        return not_found(turn)
    taken = await answers.take_back(turn.work, turn.resident, _number(event))
    if isinstance(taken, answers.Nothing):
        return turn.here if isinstance(turn.here, Answered) else MainMenu()
    files = tuple(file.id for file in taken.said.files)
    danger = hear_danger(turn, taken.said.words)
    added = await resident_actions.add_information(
        turn.work, case.reference, turn.resident, taken.said.words, files, danger=danger, held=HELD
    )
    if isinstance(added, resident_actions.Closed):
        return Reask(_no_longer(turn, case.reference), _kept(taken.said))
    given = await _given(turn, case.reference, added, held=danger is None)
    if isinstance(taken, answers.TooLate):
        return Reask(turn.t("The first request keeps it too: its team has it already."), given)
    return given


def _no_longer(turn: Turn, reference: Reference) -> Markup:
    return turn.t("You can no longer add to request {ref}.", ref=turn.t.ref(reference))


def _number(argument: str) -> int:
    return int(argument) if argument.isascii() and argument.isdecimal() and len(argument) < 15 else 0


def _kept(said: answers.Said) -> What:
    """All of it, as if it had just been sent and nothing been asked."""
    files = tuple(
        IncomingFile(
            kind=FileKind(file.kind),
            remote_id=file.remote_id,
            unique_id=file.unique_id,
            name=file.name,
            mime=file.mime,
            size=file.size,
        )
        for file in said.files
    )
    return What(files=files).with_words(None, clean(said.words, MAX_WORDS))


# ---------------------------------------------------------------------------- what was missed


async def first_thing(turn: Turn) -> None:
    """Show questions that a person missed: they come back after a while, or were not reached."""
    before = turn.heard_before
    away = before is None or turn.work.now - before > questions.IN_VIEW or not turn.resident.reachable
    if turn.on_behalf or not (away or turn.said.command == "start"):
        return
    missed = [
        one for one in await _open(turn) if not one.is_in_view(turn.work.now, before) and not _is_about(turn, one.case)
    ]
    turn.shown_first = tuple(one.event.id for one in missed)
    for one in missed[:ANSWERS]:
        questions.note_shown(turn.work, turn.resident.id, one.event)
        turn.say(
            turn.t.join_lines(
                turn.t("❓ <b>The municipality still waits for your answer.</b>"), *_question_lines(turn, one)
            ),
            ((Button(label=turn.t.plain("Reply to question"), route="answer", value=one.case.reference),),),
            subject=case_subject(one.case.id),
        )


def _is_about(turn: Turn, case: Case) -> bool:
    """Whether what they do now is about this case, and shows the question anyway."""
    said = turn.said
    return turn.about == case_subject(case.id) or case.reference in f"{said.choice} {said.argument}"


def _next_lines(turn: Turn, question: OpenQuestion) -> list[Markup]:
    return [turn.t("❓ <b>Another question waits for your answer.</b>"), *_question_lines(turn, question)]


def _question_lines(turn: Turn, question: OpenQuestion) -> list[Markup]:
    t, case = turn.t, question.case
    return [
        t(
            "Request {ref} ({category}):",
            ref=t.ref(case.reference),
            category=category_name(t, turn.work.offices, case.category),
        ),
        t("“{words}”", words=t.own(question.event.words, 1000)),
    ]


ROUTES = {"notanswer": not_answer, "answers": another}
STEPS = (Answered, IsThatAll)
