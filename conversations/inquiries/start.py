"""A question: its answer from the bank, whether that was it, and where it was not, the way to the municipality's team.

From the menu, by a command, or by words that ask something. Nothing is sent before it is confirmed, and one tap makes
it a complaint, a request or an appointment instead.
"""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.booking import start as booking_start
from conversations.engine.draft_step import DraftStep, add_files, add_words
from conversations.engine.drafts import Draft
from conversations.engine.messages import Kind, Place
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Continue, EndFlow, Next, Prompt, Reask, Redirect, Step, Turn
from conversations.engine.typed_yes_no import agrees, refuses
from conversations.inquiries.words import QUOTED, answer_lines, label
from conversations.requests import start as request_start
from conversations.requests.adding import whose
from locales import N_
from locales.bidi import shorten
from services.cases import resident_actions
from services.inquiries import inquiries
from services.inquiries.inquiries import Asked, Outcome
from services.offices.answers import AnswerId
from services.understanding.understanding import Understood
from storage.ids import OfficeId
from storage.records.cases import CaseKind

_PAGE = 6  # questions listed at once
_OFFERED = 3  # other answers beside the one that is shown
_WIDTH, TITLE = 64, 40  # characters of a button; of a question in the main menu
_YES, _NO, _PICK, _LIST = "yes", "no", "a.", "page."
_BOOK = "book"
# What it may have been instead of a question.
_INSTEAD = {
    CaseKind.COMPLAINT.value: N_("📢 Complaint"),
    CaseKind.SERVICE_REQUEST.value: N_("🛠 Service request"),
    _BOOK: N_("📅 Customer Day appointment"),
}


class Asking(DraftStep):
    """What do you want to know? Typed, or one of those that the office has an answer to."""

    step: Literal["ask:question"] = "ask:question"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})
    draft: Draft = Draft()
    office: OfficeId = OfficeId("")
    page: int = 0

    async def ask(self, turn: Turn) -> Prompt:
        t, known = turn.t, inquiries.listed(turn.work, self.office)
        ids = list(known)
        shown = ids[self.page * _PAGE : (self.page + 1) * _PAGE]
        rows = [[Button(label=shorten(label(turn, known, id_), _WIDTH), value=_PICK + id_)] for id_ in shown]
        turns = []
        if self.page:
            turns.append(Button(label=t.plain("Previous"), value=f"{_LIST}{self.page - 1}"))
        if (self.page + 1) * _PAGE < len(ids):
            turns.append(Button(label=t.plain("More"), value=f"{_LIST}{self.page + 1}"))
        text = t.join_lines(
            t("❓ <b>What do you want to know?</b>"),
            t("Type your question in your own words, or choose one of these."),
        )
        return Prompt(text, [*rows, turns] if turns else rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if not answer.choice:
            return await self._said(turn)
        page = answer.choice.removeprefix(_LIST)
        if page != answer.choice:
            return self.model_copy(update={"page": int(page) if page.isascii() and page.isdecimal() else 0})
        id_ = AnswerId(answer.choice.removeprefix(_PICK))
        if inquiries.answer_of(turn.work, self.office, id_) is None:
            return self
        return _answered(Draft(), self.office, await inquiries.ask_listed(turn.work, self.office, id_))

    async def _said(self, turn: Turn) -> Next:
        """Words are looked for. A photo or a voice note cannot be: its question goes to the team."""
        added = add_words(turn, await add_files(turn, self.draft))
        if added.trouble is not None:
            return Reask(added.trouble, self.with_draft(added.draft))
        if not turn.said.text:
            return await request_start.start_with(turn, CaseKind.INQUIRY, added.draft)
        return await answer(turn, added.draft)


class Answered(DraftStep):
    """The answer; without one, that there is none. Was it the answer?"""

    step: Literal["ask:answer"] = "ask:answer"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT})
    office: OfficeId
    number: int  # of the question, as it was noted
    answer: AnswerId = AnswerId("")
    others: tuple[AnswerId, ...] = ()
    place: Place | None = None  # sent with it, for what it may become instead

    async def ask(self, turn: Turn) -> Prompt:
        t, known = turn.t, inquiries.listed(turn.work, self.office)
        found = known.get(self.answer)
        send, dated = t.plain("📨 Send it to the municipality"), found is not None and found.names_dates
        if found is None:
            text = t.join_lines(
                t("❓ “{question}”", question=t.own(self.draft.words, QUOTED)) if self.draft.pieces else None,
                t("There is no ready answer to this. You can send the question to the municipality’s team."),
            )
            rows = [[Button(label=send, value=_NO)]]
        else:
            text = t.join_lines(*await answer_lines(turn, self.office, found), "", t("Did this answer your question?"))
            rows = [
                [Button(label=t.plain("✅ Yes, it did"), value=_YES), Button(label=t.plain("❌ No"), value=_NO)],
                *([[Button(label=t.plain("🔗 Open the website"), url=found.website)]] if found.website else []),
                *(
                    [[Button(label=t.plain("📅 Book an appointment"), route="book", value=self.office)]]
                    if dated
                    else []
                ),
            ]
        rows += [
            [Button(label=shorten(f"↪️ {label(turn, known, id_)}", _WIDTH), value=_PICK + id_)]
            for id_ in self.others
            if id_ in known
        ]
        return Prompt(text, [*rows, *self._instead(turn, but_book=dated)], back=False)

    def _instead(self, turn: Turn, *, but_book: bool) -> list[list[Button]]:
        """What was typed may be no question at all; what was tapped in a list is one."""
        if not (self.draft.pieces or self.draft.files):
            return []
        first, second, third = (Button(label=turn.t.plain(text), value=it) for it, text in _INSTEAD.items())
        return [[first, second]] if but_book else [[first, second], [third]]

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        choice = answer.choice
        if not choice:
            said = turn.said.text
            choice = _YES if agrees(said) else _NO if refuses(said) else ""
        known = inquiries.listed(turn.work, self.office)
        match choice:
            case "":
                turn.handed_over = True
                return Redirect("anything")
            case "yes" if self.answer in known:
                return self._thanks(turn)
            case "no":
                return await self._to_the_team(turn)
        if choice in _INSTEAD:
            return await self._other(turn, choice)
        picked = AnswerId(choice.removeprefix(_PICK))
        if picked not in self.others or picked not in known:
            return self
        inquiries.settle(turn.work, self.number, picked, Outcome.SHOWN)
        others = tuple(one for one in (self.answer, *self.others) if one and one != picked)
        return self.model_copy(update={"answer": picked, "others": others})

    def _thanks(self, turn: Turn) -> Next:
        t = turn.t
        turn.handed_over = True
        inquiries.settle(turn.work, self.number, self.answer, Outcome.ANSWERED)
        if turn.said.kind is Kind.CHOICE:
            turn.say(Markup(), edit=turn.said.message)  # the answer stays to be read, without its buttons
        rows = (
            (
                Button(label=t.plain("❓ Another question"), route="ask"),
                Button(label=t.plain("Main menu"), route="menu"),
            ),
        )
        turn.say(t("🙏 Thank you for telling us."), rows)
        return EndFlow()

    async def _to_the_team(self, turn: Turn) -> Next:
        """The question becomes a case, with what was typed; nothing is submitted yet."""
        turn.handed_over = True
        found = inquiries.answer_of(turn.work, self.office, self.answer)
        if found is not None:
            inquiries.settle(turn.work, self.number, self.answer, Outcome.NOT_ANSWERED)
        category = found.category if found is not None else None
        first = await request_start.start_with(turn, CaseKind.INQUIRY, self.draft, self.place, category=category)
        said = turn.t("📨 Your question goes to the municipality’s team as soon as you submit it.")
        if isinstance(first, Reask):  # which category it may be is for the team: nobody asked about one
            return Reask(said, first.step)
        return Reask(said, first) if isinstance(first, Step | Continue) else first

    async def _other(self, turn: Turn, choice: str) -> Next:
        turn.handed_over = True
        if choice == _BOOK:
            return await booking_start.start_with(turn, self.draft)
        return await request_start.start_with(turn, CaseKind(choice), self.draft, self.place)

    def draft_title(self, turn: Turn) -> str:
        """A question without an answer waits to be sent; one that was answered is nothing to come back for."""
        words = " ".join(self.draft.words.split())
        return turn.t.plain("Question: {words}", words=shorten(words, TITLE)) if words and not self.answer else ""


def _answered(draft: Draft, office: OfficeId, asked: Asked, place: Place | None = None) -> Answered:
    first, *others = (*asked.answers, AnswerId("")) if not asked.answers else asked.answers
    return Answered(
        draft=draft,
        office=office,
        number=asked.number,
        answer=first,
        others=tuple(others[:_OFFERED]),
        place=place,
    )


async def may_be_answered(turn: Turn, words: str, known: Understood) -> bool:
    """Whether words that ask something are about no case: none in a certain place, none that the person has open."""
    if known.place.block is not None:
        return False
    if turn.work.understanding.answers_to(words, turn.resident.office):
        return True
    mine = await resident_actions.open_of(turn.work, turn.resident.id)
    return not any(case.category in known.about.categories for case in mine)


async def answer(turn: Turn, sent: Draft, place: Place | None = None, known: Understood | None = None) -> Next:
    """Answer what somebody asks in their own words, from the bank of the office that it is about."""
    known = known or turn.work.understanding.of(sent.words, turn.work.today)
    office = await _office(turn, known)
    return _answered(sent, office, await inquiries.ask(turn.work, turn.resident, office, sent.words), place)


async def _office(turn: Turn, known: Understood) -> OfficeId:
    """The office of the place that is named, or the person's own; "" where neither is known."""
    match = await whose(turn, known.place)
    office = match.office if match is not None and match.sure else turn.resident.office
    found = turn.work.offices.get(office)
    return OfficeId("") if found is None or found.retired else found.id


async def ask(turn: Turn, argument: str) -> Next:
    """From the menu, or a link to an office's questions."""
    named = turn.work.offices.get(OfficeId(argument))
    own = turn.work.offices.get(turn.resident.office)
    office = next((one for one in (named, own) if one is not None and not one.retired), None)
    return Asking(office=OfficeId("") if office is None else office.id)


FLOW = Flow(steps=(Asking, Answered), routes={"ask": ask}, commands={"ask": "ask"})
