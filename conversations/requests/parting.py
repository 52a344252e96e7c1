"""Two matters in one message: whether they become two requests. The second is kept until the first is submitted."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.engine.drafts import Piece
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Continue, EndFlow, Next, Prompt, Reask, Step, Turn
from conversations.requests.adding import office_said, spot_of
from conversations.requests.draft import Part, RequestDraft, Spot
from conversations.requests.step import RequestStep
from conversations.texts.case import category_name
from locales.bidi import shorten
from locales.html import to_plain
from services.understanding.places import NOWHERE, SaidPlace, ends_with_address
from storage.ids import OfficeId

_TWO, _ONLY = "two", "only."  # what the button of one request begins with; its category follows
_NAME = 44  # characters of a category on a button


class Parting(RequestStep):
    """One request or two? Tapped, or gone on writing."""

    step: Literal["request:parts"] = "request:parts"
    accepts = frozenset({Kind.CHOICE})
    told: int = 0  # pieces of the draft that tell the two matters; what is said here goes with the first

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        told = [
            t("{n}. {category}: “{words}”", n=n, category=_name(turn, one), words=t.own(one.words, 300))
            for n, one in enumerate(self.draft.apart, start=1)
        ]
        rows = [[Button(label=t.plain("✂️ Make separate requests"), value=_TWO)]]
        rows += [[Button(label=_only(turn, one), value=_ONLY + one.category)] for one in self.draft.apart]
        text = t.join_lines(
            t("This seems to be about different things. Separate requests reach the right people sooner."),
            Markup(),
            *told,
        )
        return Prompt(text, rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        draft = self.draft.but(apart=(), likely=())
        if answer.choice == _TWO and len(self.draft.apart) > 1:
            return Continue(await self._parted(turn, draft))
        category = answer.choice.removeprefix(_ONLY)
        if any(one.category == category for one in self.draft.apart):
            return Continue(draft.but(category=category))
        return self

    async def _parted(self, turn: Turn, draft: RequestDraft) -> RequestDraft:
        """The draft of the first matter, with the second to follow: each at its own place."""
        first, second = [await _somewhere(turn, part) for part in self.draft.apart[:2]]
        if draft.spot not in (first.spot, second.spot):  # a pin, or a place told besides, is of both
            first, second = (_unless_placed(one, draft.spot, draft.office) for one in (first, second))
        elif ends_with_address(second.words) and _place(turn, first) == NOWHERE:
            first = _unless_placed(first, second.spot, second.office)
        pieces = (Piece(message=None, text=first.words), *draft.pieces[self.told :])
        parted = draft.but(pieces=pieces, category=first.category, following=second, office=first.office)
        return parted.apart_at(first.spot, second.spot)

    def amend(self, turn: Turn) -> Step | None:
        """A corrected message is parted anew."""
        amended = super().amend(turn)
        if not isinstance(amended, Parting):
            return amended
        words = "\n".join(piece.text for piece in amended.draft.pieces[: self.told])
        matters = turn.work.understanding.of(words, turn.work.today).matters
        apart = [Part(words=words, category=one.category) for one in self.draft.apart]
        if matters is not None:
            apart = [Part(words=one.words, category=one.category) for one in matters]
        return amended.with_draft(amended.draft.but(apart=tuple(apart)))


async def _somewhere(turn: Turn, part: Part) -> Part:
    """The matter with the place that its own words name, and whose that is; else the person's own office."""
    place = _place(turn, part)
    office = await office_said(turn, place)
    return part.model_copy(update={"spot": spot_of(place), "office": office.id if office else OfficeId("")})


def _place(turn: Turn, part: Part) -> SaidPlace:
    return turn.work.understanding.of(part.words, turn.work.today).place


def _unless_placed(part: Part, spot: Spot | None, office: OfficeId | None) -> Part:
    return part if part.spot is not None else part.model_copy(update={"spot": spot, "office": office})


def _only(turn: Turn, part: Part) -> str:
    return turn.t.plain("One request: {category}", category=shorten(to_plain(_name(turn, part)), _NAME))


def _name(turn: Turn, part: Part) -> Markup:
    return category_name(turn.t, turn.work.offices, part.category)


def following_line(turn: Turn, draft: RequestDraft) -> Markup | None:
    """What comes after this request."""
    part = draft.following
    return None if part is None else turn.t("➡️ After this one: {category}", category=_name(turn, part))


def after(turn: Turn, draft: RequestDraft) -> Next:
    """What follows a request that was submitted, or joined: the second matter of its message, else nothing."""
    second = draft.second()
    return EndFlow() if second is None else Reask(turn.t("Now your second request."), Continue(second))
