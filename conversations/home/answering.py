"""After a question from the municipality, what comes next is its answer: it is said so, and can be taken back.

The staff hear of it a minute later. Until then one tap says that something else was meant, or that another question
was; the question then waits again, and what was sent is kept. A question that was missed is shown first of all.
"""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup
from pydantic import AwareDatetime

from conversations.booking.adding import cut_words
from conversations.engine.drafts import Piece
from conversations.engine.messages import Kind
from conversations.engine.registry import Flow
from conversations.engine.spoken import spoken
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Rows, Step, Turn
from conversations.home.given import Given, give, give_said, is_theirs, kept, show, take_back
from conversations.home.kept import ANSWERS, What, route_of
from conversations.home.main_menu import MainMenu
from conversations.home.open_questions import is_case, open_of
from conversations.home.sent import Kept
from conversations.requests.adding import hotline
from conversations.requests.follow_up import hear_danger
from conversations.texts.case import category_name
from services import open_questions
from services.files import attachments
from services.offices.offices import DangerId
from services.open_questions import HELD, IN_VIEW, Nothing, OpenQuestion, Said, TakenBack, TooLate
from services.text.normalise import MAX_TOLD, clean
from services.text.references import parse_reference
from storage.ids import Reference

_NOT_NOW = "not:"  # and the key of a question: they spoke of something else
_SHOWN = 500  # characters of a question that is shown beside its answer


class Answered(Step):
    """What was sent was taken as the answer to a question. What follows at once belongs to it."""

    step: Literal["answers:given"] = "answers:given"
    accepts = frozenset({Kind.CHOICE})
    reference: Reference  # of the request or the appointment
    token: str  # what was taken as the answer
    at: AwareDatetime
    asked: str = ""  # the question
    more: bool = False  # something was added
    whole: bool = True  # there was room for all of it
    held: bool = True  # the staff do not know yet
    told: tuple[Piece, ...] = ()  # its words, by message

    async def ask(self, turn: Turn) -> Prompt:
        t, others = turn.t, await open_of(turn)
        if others:
            show(turn, others[0])
        about = (
            t("✅ This is your answer about request {ref}.", ref=t.ref(self.reference))
            if is_case(self.reference)
            else t("✅ This is your answer about appointment {ref}.", ref=t.ref(self.reference))
        )
        text = t.join_lines(
            about,
            Markup("<blockquote>{}</blockquote>").format(t.own(self.asked, _SHOWN)) if self.asked else None,
            t("We have added what you sent to it.") if self.more else None,
            cut_words(turn, whole=self.whole),
            t("The team will get it in {minute}. Until then you can take it back.", minute=t.duration(HELD))
            if self.held
            else None,
            *(("", *_next_lines(turn, others[0])) if others else ()),
        )
        return Prompt(text, self._rows(turn, others), back=False)

    def _rows(self, turn: Turn, others: tuple[OpenQuestion, ...]) -> Rows:
        t, rows = turn.t, []
        if self.held:
            rows.append([Button(label=t.plain("✖️ Not the answer"), route="notanswer", value=self.token)])
            for other in others[:ANSWERS]:
                label = t.plain("It answers {reference}", reference=other.reference)
                rows.append([Button(label=label, route="answers", value=f"{self.token}.{other.reference}")])
        view = t.plain("View request") if is_case(self.reference) else t.plain("View appointment")
        return [*rows, [Button(label=view, route=route_of(self.reference), value=self.reference)]]

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self  # its buttons open routes

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        """The rest of an album. Whatever else comes is looked at like anything else, which may bring it back here."""
        if not turn.said.album or turn.work.now - self.at > attachments.TOGETHER:
            return None
        return await self.with_more(turn)

    async def with_more(self, turn: Turn) -> Reask | None:
        """With what came right after it."""
        danger = hear_danger(turn, turn.said.text)
        if danger is not None and not is_case(self.reference):
            return None
        added = await give_said(turn, self.reference, danger)
        if not isinstance(added, Given):
            return added
        changes = {
            "more": self.more or not turn.said.album,
            "whole": self.whole and added.whole,
            "held": self.held and danger is None,
            "told": (*self.told, *_pieces(turn)),
        }
        return Reask(step=self.model_copy(update=changes))

    async def on_edit(self, turn: Turn) -> Next | None:
        """The answer was corrected: the staff get it so, or the correction where they have the answer already."""
        message, words = turn.said.message, spoken(turn.t, turn.said)
        before = next((one for one in self.told if one.message == message), None)
        if before is None or not words or not await is_theirs(turn, self.reference):
            return None
        told = tuple(Piece(message=one.message, text=words) if one is before else one for one in self.told)
        danger = hear_danger(turn, turn.said.text)
        if danger is not None and not is_case(self.reference):
            return None
        changed, why = await self._put_right(turn, before.text, words, danger)
        if changed is None:
            return Reask(_no_longer(turn, self.reference), MainMenu())
        return Reask(why, changed.model_copy(update={"told": told}))

    async def _put_right(
        self, turn: Turn, old: str, new: str, danger: DangerId | None
    ) -> tuple[Answered | None, Markup]:
        """The answer with other words in it, given again while nobody has it; else the correction, added to it."""
        t = turn.t
        if danger is not None:
            turn.say(hotline(turn, danger))
        taken = await take_back(turn, self.token) if self.held else Nothing()
        if isinstance(taken, TakenBack) and old in taken.said.words:
            said = Said(taken.said.words.replace(old, new, 1), taken.said.files)
            given = await give(turn, self.reference, said, danger)
            if given is None:
                return None, Markup()
            changes = {"token": given.token, "at": given.at, "whole": given.whole, "held": danger is None}
            return self.model_copy(update=changes), t("We have saved your correction.")
        correction = Said(clean(t.plain("Correction: {words}", words=new), MAX_TOLD))
        if await give(turn, self.reference, correction, danger, held=None) is None:
            return None, Markup()
        return self.model_copy(update={"held": False}), t(
            "✏️ The team has your answer already, so we sent the correction."
        )


class IsThatAll(Kept):
    """An "ok" came after a question: it may be the answer, or only say that the question was read."""

    step: Literal["answers:ok"] = "answers:ok"
    accepts = frozenset({Kind.CHOICE})
    reference: Reference
    asked: str

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("Is “{words}” your answer to this question?", words=t.own(self.words)),
            Markup("<blockquote>{}</blockquote>").format(t.own(self.asked, _SHOWN)),
            t("You can also write your answer now."),
        )
        return Prompt(text, [[Button(label=t.plain("Yes, send it"), value="confirm")]], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        given = await give(turn, self.reference, Said(self.words))
        if given is None:
            return Reask(_no_longer(turn, self.reference), MainMenu())
        return _answered(self.reference, given, self.asked, held=True, told=self.pieces)

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        return None

    def draft_title(self, turn: Turn) -> str:
        return ""


# ---------------------------------------------------------------------------- taking it as the answer


async def assumed(turn: Turn, about: str = "") -> OpenQuestion | None:
    """The question that a message answers: of what is on show, else the newest of those they know of."""
    found, shown = await open_of(turn), parse_reference(about)
    known = [
        one for one in found if one.key not in turn.shown_first and one.is_in_view(turn.work.now, turn.heard_before)
    ]
    return next((one for one in found if one.reference == shown), known[0] if known else None)


async def spoke_of_another(turn: Turn, question: OpenQuestion) -> bool:
    """Whether they said lately that what they had sent was no answer to it, but something else."""
    return await open_questions.was_asked(turn.work, turn.resident.id, f"{_NOT_NOW}{question.key}")


async def take(turn: Turn, question: OpenQuestion) -> Next | None:
    """Take what was just sent as the answer to a question; None where it tells of a danger that no request holds."""
    danger = hear_danger(turn, turn.said.text)
    if danger is not None and not is_case(question.reference):
        return None
    given = await give_said(turn, question.reference, danger)
    if not isinstance(given, Given):
        return given
    return _answered(question.reference, given, question.words, held=danger is None, told=_pieces(turn))


def _pieces(turn: Turn) -> tuple[Piece, ...]:
    """The words of what was just sent, so that an edit corrects them."""
    words = clean(spoken(turn.t, turn.said), MAX_TOLD)
    return (Piece(message=turn.said.message, text=words),) if words and turn.said.message is not None else ()


async def followed(turn: Turn) -> Next | None:
    """What comes right after an answer belongs to it, unless another question waits; None for what does not."""
    here = turn.here
    if not isinstance(here, Answered) or turn.work.now - here.at > HELD or await assumed(turn) is not None:
        return None
    return await here.with_more(turn) if await is_theirs(turn, here.reference) else None


async def only_agrees(turn: Turn, question: OpenQuestion) -> Step | None:
    """Ask whether an "ok" is meant as an answer; None where that was asked a moment ago."""
    work, resident = turn.work, turn.resident.id
    if await open_questions.was_asked(work, resident, f"ok:{question.key}"):
        return None
    open_questions.note_shown(work, resident, f"ok:{question.key}")
    asks = IsThatAll(reference=question.reference, asked=question.words[:_SHOWN])
    return asks.with_words(turn.said.message, turn.said.text)


def _answered(reference: Reference, given: Given, asked: str, *, held: bool, told: tuple[Piece, ...] = ()) -> Answered:
    shown = asked[:_SHOWN]
    return Answered(
        reference=reference, token=given.token, at=given.at, asked=shown, whole=given.whole, held=held, told=told
    )


# ---------------------------------------------------------------------------- it was not


async def not_answer(turn: Turn, token: str) -> Next:
    """What was sent was not the answer: ask what is to be done with it."""
    taken, t = await take_back(turn, token), turn.t
    match taken:
        case Nothing():
            return turn.here if isinstance(turn.here, What) else MainMenu()
        case TooLate():
            why = t("The team has your answer already. You can still do something else with what you sent.")
        case TakenBack():
            why = t("OK, that was not your answer. The question still waits for you.")
            for one in await open_of(turn):
                open_questions.note_shown(turn.work, turn.resident.id, f"{_NOT_NOW}{one.key}")
    sent = kept(taken.said)
    return Reask(why, sent if sent.pieces or sent.files else MainMenu())


async def another(turn: Turn, argument: str) -> Next:
    """`<token>.<reference>`: what was sent answers another question."""
    token, _, typed = argument.partition(".")
    reference = parse_reference(typed)
    meant = next((one for one in await open_of(turn) if one.reference == reference), None)
    if meant is None:
        return turn.here if isinstance(turn.here, Answered) else MainMenu()
    taken = await take_back(turn, token)
    if isinstance(taken, Nothing):
        return turn.here if isinstance(turn.here, Answered) else MainMenu()
    danger = hear_danger(turn, taken.said.words)
    given = await give(turn, meant.reference, taken.said, danger)
    if given is None:
        return Reask(_no_longer(turn, meant.reference), kept(taken.said))
    answered = _answered(meant.reference, given, meant.words, held=danger is None)
    if isinstance(taken, TooLate):
        return Reask(turn.t("It stays an answer to the first question as well: its team has it already."), answered)
    return answered


def _no_longer(turn: Turn, reference: Reference) -> Markup:
    t = turn.t
    if is_case(reference):
        return t("You can no longer add to request {ref}.", ref=t.ref(reference))
    return t("You can no longer add to appointment {ref}.", ref=t.ref(reference))


# ---------------------------------------------------------------------------- what was missed


def comes_back(turn: Turn) -> bool:
    """Whether what they may have missed is looked for: they come back after a while, or were not reached."""
    before = turn.heard_before
    away = before is None or turn.work.now - before > IN_VIEW or not turn.resident.reachable
    return not turn.on_behalf and (away or turn.said.command == "start")


def was_missed(turn: Turn, question: OpenQuestion) -> bool:
    """Whether they do not have it before their eyes, and what they do now does not show it."""
    return not question.is_in_view(turn.work.now, turn.heard_before) and not _is_about(turn, question)


def say_again(turn: Turn, question: OpenQuestion, *above: Markup) -> None:
    """Show a question that was missed; what stands `above` it says whose it is."""
    waits = turn.t("❓ <b>The municipality still waits for your answer.</b>")
    turn.say(
        turn.t.join_lines(*above, waits, *_question_lines(turn, question)),
        (_way_in(turn, question),),
        subject=question.subject,
    )


def _way_in(turn: Turn, question: OpenQuestion) -> tuple[Button]:
    t, reference = turn.t, question.reference
    if is_case(reference):
        return (Button(label=t.plain("Reply to question"), route="answer", value=reference),)
    return (Button(label=t.plain("View appointment"), route="appointment", value=reference),)


def _is_about(turn: Turn, question: OpenQuestion) -> bool:
    """Whether what they do now is about this, and shows the question anyway."""
    said = turn.said
    shows = is_case(question.reference) and question.reference in f"{said.choice} {said.argument}"
    return turn.about == question.subject or shows


def _next_lines(turn: Turn, question: OpenQuestion) -> list[Markup]:
    return [turn.t("❓ <b>Another question waits for your answer.</b>"), *_question_lines(turn, question)]


def _question_lines(turn: Turn, question: OpenQuestion) -> list[Markup]:
    t, reference = turn.t, question.reference
    about = (
        t(
            "Request {ref} ({category}):",
            ref=t.ref(reference),
            category=category_name(t, turn.work.offices, question.category),
        )
        if question.category is not None
        else t("Appointment {ref}:", ref=t.ref(reference))
    )
    return [about, t("“{words}”", words=t.own(question.words, 1000))]


ROUTES = {"notanswer": not_answer, "answers": another}
STEPS = (Answered, IsThatAll)
#: For whoever answers in another's place: without the way to what was kept, which is one's own.
FLOW = Flow(steps=STEPS, routes=ROUTES)
