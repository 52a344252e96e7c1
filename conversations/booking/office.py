"""For which office a booking is, where that is not known or nobody receives people there."""

from __future__ import annotations

from typing import Literal

from conversations.booking.day_and_time import ChoosingDay, at_office
from conversations.booking.draft import BookingDraft
from conversations.booking.step import BookingStep
from conversations.engine.step import Answer, Button, Continue, Next, Previous, Prompt, Step, Turn
from conversations.texts.booking import SHORT_WORDS, besides, office_name
from services.text.normalise import search
from storage.ids import OfficeId


class ChoosingOffice(BookingStep):
    """Asked where a booking begins with a place or a person whose municipality is not known, and for another one."""

    step: Literal["booking:office"] = "booking:office"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = [
            [Button(label=t.pick_plain(office.name)[:64], value=office.id)]
            for office in turn.work.offices.with_customer_day
        ]
        return Prompt(t("Which municipality or office is it for?"), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice:
            return Continue(await at_office(turn, self.draft, OfficeId(answer.choice)))
        found = search(answer.text[:SHORT_WORDS], turn.work.offices.with_customer_day, limit=1)
        if not found:
            return await self.absorb_unexpected(turn)
        return Continue(await at_office(turn, self.draft, found[0].id))

    async def back(self, turn: Turn) -> Step | Previous | None:
        return ChoosingDay(draft=self.draft.but(elsewhere=False)) if self.draft.elsewhere else None


def receives(turn: Turn, draft: BookingDraft) -> bool:
    """Whether the office of the draft receives people, and no other is to be chosen."""
    if draft.elsewhere:
        return False
    office = turn.work.offices.get(draft.office)
    return office is not None and bool(office.customer_day)


class NoCustomerDay(Step):
    """An office where nobody receives people: what can be done there instead."""

    step: Literal["booking:none"] = "booking:none"
    office: OfficeId

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t(
            "{office} does not have a Customer Day. You can send it a complaint or a suggestion "
            "directly. For a meeting, choose a municipality.",
            office=office_name(turn.work, t, self.office),
        )
        elsewhere = Button(label=t.plain("Choose municipality"), route="office", value="book")
        return Prompt(text, [besides(t), [elsewhere]])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self
