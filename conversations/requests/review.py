"""The card of a request: all that was understood, corrected line by line; from whom it is; and what becomes of it.

Whose name it bears is asked below the card, so that what was understood can be read before anything else is asked.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.engine.fields import blocked_text, take_name, without_refused
from conversations.engine.form import Field, Form, Review, never
from conversations.engine.messages import Emphasis, Kind
from conversations.engine.step import Answer, Button, Continue, Next, Previous, Prompt, Reask, Step, Turn
from conversations.incidents.said import said_of
from conversations.requests.adding import hotline
from conversations.requests.applicant import GivingPhone, is_no_name, says_with, says_without
from conversations.requests.draft import RequestDraft, Spot, as_case, is_nameless, remember
from conversations.requests.fields import FIELDS, is_inquiry
from conversations.requests.parting import after, following_line
from conversations.requests.step import RequestStep
from conversations.requests.summary import afterwards, consent, grid, submitted, summary, too_many
from locales import N_
from locales.bidi import shorten
from services.actors import case_subject
from services.cases import resident_actions
from services.delegations import acting
from services.offices.addresses import parse_address
from services.offices.offices import DangerId
from services.understanding.people import speaks_of_name

_DANGEROUS, _HARMLESS = "danger", "nodanger"
SAID = DangerId("said")  # the danger of a request that only its sender calls dangerous
_INSTEAD = "instead."  # what the button of another category that may be meant begins with; its id follows


class Card(RequestStep):
    """What the summary and the question below it share: the lines, and the buttons that put them right."""

    def rows(self, turn: Turn, draft: RequestDraft) -> list[list[Button]]:
        """The buttons that put it right."""
        return [*_others(turn, draft), [_danger_button(turn, draft)], *grid(FORM.corrections(turn, draft))]

    def lines(self, turn: Turn, draft: RequestDraft) -> list[Markup]:
        """All that was understood."""
        lines = [line for _, line in FORM.lines(turn, draft)]
        if draft.danger is not None:
            lines.append(turn.t("🚨 Marked as dangerous. Submitting it alerts the team at once."))
        if (following := following_line(turn, draft)) is not None:
            lines.append(following)
        return lines

    def corrected(self, turn: Turn, answer: Answer) -> Next | None:
        """What a button that puts something right leads to; None where it is another one."""
        if answer.choice == _DANGEROUS:
            return Reask(hotline(turn, SAID), self.answer(danger=SAID))
        if answer.choice == _HARMLESS:
            return self.answer(danger=None)
        if (instead := answer.choice.removeprefix(_INSTEAD)) in self.draft.likely:
            return self.answer(category=instead, likely=(), looked_for_similar=False)
        return FORM.correction(answer.choice, self.draft.but(reviewing=True))


# ---------------------------------------------------------------------------- from whom it is


class Identifying(Card):
    """Asked below the card, and by itself where it is corrected."""

    step: Literal["request:identity"] = "request:identity"
    takes_all: ClassVar[bool] = True
    by_typing: ClassVar[bool] = True

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, await without_refused(turn, self.draft)
        rows = [[Button(label=t.plain("Without my name"), value="anonymous")]]
        if draft.name:
            label = t.plain("With my name: {name}", name=shorten(draft.name, 40))
            rows.insert(0, [Button(label=label, value="named")])
        question = (
            t("Do you want to submit with your name or without it? To use another name, type it.")
            if draft.name
            else t("Type your name or continue without it.")
        )
        explained = t.join_lines(
            question,
            t(
                "If you submit without your name, staff will not see your name or phone number. You will "
                "still get replies here."
            ),
        )
        if draft.anonymous is not None:
            return Prompt(explained, rows)
        return Prompt(summary(turn, draft, self.lines(turn, draft), explained), [*rows, *self.rows(turn, draft)])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice in {"anonymous", "named"}:
            return self.answer(anonymous=answer.choice == "anonymous")
        if answer.choice:
            return self.corrected(turn, answer) or self
        if says_without(answer.text):
            return self.answer(anonymous=True)
        if says_with(answer.text):  # whose name is not known yet is asked for it again
            return self.answer(anonymous=False) if self.draft.name else Reask()
        if self.draft.anonymous is None and (address := parse_address(answer.text)) is not None and address.block:
            return Continue(self.draft.at(Spot(block=address.block, road=address.road, building=address.building)))
        if self.draft.anonymous is None and is_no_name(answer.text):
            return await self.absorb_unexpected(turn) or Reask()
        name = take_name(turn, answer.text)
        if isinstance(name, Reask):
            return name
        return self.answer(anonymous=False, name=name)


# ---------------------------------------------------------------------------- the summary


class Reviewing(Card, Review):
    """Everything at a glance, each line to be corrected. What is still sent is added."""

    step: Literal["request:review"] = "request:review"
    submit: ClassVar[str] = "submit"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, await without_refused(turn, self.draft)
        refusal = await resident_actions.refusal(turn.work, turn.resident)
        if refusal is not None:
            lines = [line for _, line in FORM.lines(turn, draft)]
            rows = [[Button(label=t.plain("🔄 Try again"), value="again")], *grid(FORM.corrections(turn, draft))]
            return Prompt(summary(turn, draft, lines, _refused(turn, refusal)), rows)
        submit = Button(label=t.plain("✅ Submit"), value=self.submit, emphasis=Emphasis.CONFIRM)
        return Prompt(summary(turn, draft, self.lines(turn, draft), consent(turn)), [[submit], *self.rows(turn, draft)])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == self.submit:
            return await _submit(turn, self.draft)
        return self.corrected(turn, answer) or self

    async def absorb_unexpected(self, turn: Turn) -> Step | Continue | Reask | None:
        if speaks_of_name(turn.said.text) and not turn.said.files:
            return Reask(step=FORM.correction("name", self.draft))  # it corrects an answer, and describes nothing
        return await super().absorb_unexpected(turn)

    async def back(self, turn: Turn) -> Step | Previous | None:
        return Previous(self, self.draft.but(reviewing=False))


def _danger_button(turn: Turn, draft: RequestDraft) -> Button:
    if draft.danger is None:
        return Button(label=turn.t.plain("🚨 It is dangerous now"), value=_DANGEROUS)
    return Button(label=turn.t.plain("Nobody is in danger"), value=_HARMLESS)


def _others(turn: Turn, draft: RequestDraft) -> list[list[Button]]:
    """What else the words may be about: one tap puts it right."""
    dealt_with = {one.id: one for one in turn.work.offices.categories_for(draft.office, draft.kind)}
    others = [dealt_with[one] for one in draft.likely if one in dealt_with]
    return [
        [
            Button(
                label=shorten(turn.t.plain("It is about: {category}", category=turn.t.pick_plain(one.name)), 64),
                value=_INSTEAD + one.id,
            )
        ]
        for one in others
    ]


# ---------------------------------------------------------------------------- submitting


def _refused(turn: Turn, refusal: resident_actions.TooMany) -> Markup:
    return blocked_text(turn) or too_many(turn, refusal)


async def _submit(turn: Turn, draft: RequestDraft) -> Next:
    draft = await without_refused(turn, draft)
    missing = await FORM.next(turn, draft)
    if not isinstance(missing, Reviewing):
        return missing
    case = await resident_actions.submit(
        turn.work, turn.resident, as_case(turn.work.offices, draft, turn.resident.source)
    )
    if isinstance(case, resident_actions.TooMany):
        return missing  # which says why
    await acting.filed(turn.work, turn.acting, case_subject(case.id))
    remember(turn, draft)
    joined, out = await said_of(turn, case)
    text = turn.t.join_lines(
        submitted(turn, case, joined=bool(joined), alerted=_alerted(turn, draft.danger)),
        *(joined[1:] if joined else []),
    )
    turn.say(text, (*((out,) if out else ()), *afterwards(turn, case)), subject=case_subject(case.id))
    return after(turn, draft)


def _alerted(turn: Turn, danger: DangerId | None) -> list[Markup]:
    """The receipt takes the place of the number to call: it says it again, and who knows."""
    if danger is None:
        return []
    told = turn.t("The team was alerted just now. We will tell you here when someone deals with it.")
    return [hotline(turn, danger), told]


# ---------------------------------------------------------------------------- the form


def _name(turn: Turn, draft: RequestDraft) -> Markup | None:
    if draft.anonymous is None and not is_inquiry(draft):
        return None  # the question stands below the card
    return turn.t("Without your name") if is_nameless(draft) else turn.t("Name: {name}", name=draft.name)


def _phone(turn: Turn, draft: RequestDraft) -> Markup | None:
    t = turn.t
    if not draft.phone or is_nameless(draft):
        return None
    phone = t.phone(draft.phone)
    return (
        t("Phone: {phone} ({name})", phone=phone, name=draft.phone_of)
        if draft.phone_of
        else t("Phone: {phone}", phone=phone)
    )


_WHO: tuple[Field[RequestDraft], ...] = (
    Field(
        name="name",
        label=N_("Name"),
        question=Identifying,
        answered=lambda _, draft: draft.anonymous is not None or is_inquiry(draft),
        on_the_way=lambda _, draft: not is_inquiry(draft),
        summary=_name,
        personal=True,
    ),
    Field(
        name="phone",
        label=N_("Phone"),
        question=GivingPhone,
        applies=lambda _, draft: not is_nameless(draft),
        answered=lambda *_: True,  # welcome, and never required: it is given from the summary only
        on_the_way=never,
        summary=_phone,
        personal=True,
    ),
)

FORM = Form(draft=RequestDraft, parts=(*FIELDS, *_WHO), review=Reviewing)
