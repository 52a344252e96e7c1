"""Who comes: alone or not, what they need, in whose name, and where they can be called."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.booking.day_buttons import number_after
from conversations.booking.draft import MAX_COMPANIONS, BookingDraft, with_phone
from conversations.booking.step import BookingStep
from conversations.engine.fields import MAX_NAME, beside_phone, phone_prompt, take_name
from conversations.engine.form import keep_row, now_line
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Continue, Next, Prompt, Reask, Turn
from conversations.engine.typed_yes_no import refuses
from conversations.texts.booking import ARRANGEMENTS, NEED, visit_words
from services.text.normalise import MAX_WORDS, clean, latin_digits
from storage.records.bookings import Need

_WHO_COMES = 4  # words that say who comes, and ask for nothing besides


class PreparingVisit(BookingStep):
    """One optional step: the last button goes on, with what was chosen, or with nobody else and nothing needed."""

    step: Literal["booking:visit"] = "booking:visit"
    describes: ClassVar[bool] = True  # the arrangements

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, self.draft
        plain = not draft.companions and not draft.needs
        done = Button(label=t.plain("Only me, no arrangements") if plain else t.plain("Continue"), value="done")
        counts = [
            [_toggle(t.plain_plural("{n} companion", "{n} companions", n), f"c{n}", on=draft.companions == n)]
            for n in range(1, MAX_COMPANIONS + 1)
        ]
        needs = [_toggle(t.plain(text), f"n{need}", on=need in draft.needs) for need, text in NEED.items()]
        chosen = visit_words(t, draft.companions, draft.needs, draft.answers)
        question = t.join_lines(
            t("Will anyone come with you? Do you need any arrangements?"),
            None if plain else t("Chosen: {chosen}", chosen=chosen),
            self._other(turn),
        )
        return Prompt(question, [*counts, needs[:1], needs[1:3], needs[3:], [done]])  # the first is long in Arabic

    def _other(self, turn: Turn) -> Markup | None:
        """What was asked for in words, or that it may be."""
        if Need.OTHER not in self.draft.needs:
            return None
        if words := self.draft.answers.get(ARRANGEMENTS, ""):
            return turn.t("Other arrangements: “{words}”", words=turn.t.own(words, 500))
        return turn.t("You can write any other arrangements here.")

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        draft, choice = self.draft, answer.choice
        if choice == "done":
            return self.answer(prepared=True)
        if (n := number_after("c", choice)) is not None and n <= MAX_COMPANIONS:
            return PreparingVisit(draft=draft.but(companions=0 if draft.companions == n else n))
        need = next((need for need in Need if choice == f"n{need}"), None)
        if need is not None:
            return PreparingVisit(draft=self._toggled(need))
        if refuses(answer.text):
            return self.answer(prepared=True)
        if answer.text:
            return self._said(turn, clean(answer.text, MAX_WORDS))
        return await self.absorb_unexpected(turn)

    def _said(self, turn: Turn, text: str) -> Next:
        """How many come, or what else is needed, or both."""
        number = latin_digits(text).strip()
        if number.isascii() and number.isdecimal():
            if not number or len(number) > 1 or int(number) > MAX_COMPANIONS:
                return Reask(
                    turn.t.plural(
                        "Up to {n} person can come with you.", "Up to {n} people can come with you.", MAX_COMPANIONS
                    )
                )
            return PreparingVisit(draft=self.draft.but(companions=int(number)))
        companions = turn.work.understanding.of(text, turn.work.today).companions
        draft = self.draft if companions is None else self.draft.but(companions=companions)
        only = companions is not None and len(text.split()) <= _WHO_COMES
        return PreparingVisit(draft=draft if only else _asked_for(draft, text))

    def _toggled(self, need: Need) -> BookingDraft:
        needs = tuple(one for one in NEED if (one in self.draft.needs) != (one is need))
        answers = {name: words for name, words in self.draft.answers.items() if name != ARRANGEMENTS}
        return self.draft.but(needs=needs, answers=answers if need is Need.OTHER else self.draft.answers)


def _asked_for(draft: BookingDraft, words: str) -> BookingDraft:
    """With other arrangements, behind those asked for in words before."""
    earlier = draft.answers.get(ARRANGEMENTS, "")
    both = f"{earlier}\n{words}".strip()[:MAX_WORDS]
    needs = tuple(one for one in NEED if one in draft.needs or one is Need.OTHER)
    return draft.but(needs=needs, answers={**draft.answers, ARRANGEMENTS: both})


def _toggle(label: str, value: str, *, on: bool) -> Button:
    return Button(label=f"✓ {label}" if on else label, value=value)


class GivingName(BookingStep):
    """Asked only of those whose profile has no name to take."""

    step: Literal["booking:name"] = "booking:name"
    takes_all: ClassVar[bool] = True
    by_typing: ClassVar[bool] = True

    async def ask(self, turn: Turn) -> Prompt:
        t, name = turn.t, self.draft.name
        text = t.join_lines(
            t("Whose name should the appointment be in? Enter the full name."),
            now_line(turn, t.own(name) if name else None),
        )
        return Prompt(text, [keep_row(turn, offered=name != "")])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        name = take_name(turn, answer.text[:MAX_NAME])
        return name if isinstance(name, Reask) else self.answer(name=name)


class GivingPhone(BookingStep):
    """Asked only of those whose number is not known yet: shared by one tap, or typed."""

    step: Literal["booking:phone"] = "booking:phone"
    by_typing: ClassVar[bool] = True
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT, Kind.CONTACT})

    async def ask(self, turn: Turn) -> Prompt:
        t, phone = turn.t, self.draft.phone
        text = t.join_lines(
            t("What number can the municipality call about the appointment? Share it or type it."),
            now_line(turn, t.phone(phone) if phone else None),
        )
        return phone_prompt(turn, text, [keep_row(turn, offered=phone != "")])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        given = with_phone(turn, self.draft)
        if given.trouble:
            return Reask(given.trouble)
        t, draft = turn.t, given.draft
        if note := beside_phone(turn.said):
            draft = draft.with_words(None, note)
        number = t("📱 Phone: {phone}", phone=t.phone(draft.phone))
        whose = t(
            "This number belongs to {name}. The municipality may call it about the appointment.", name=draft.phone_of
        )
        noted = t("We have added this to your description: “{words}”", words=t.own(note, 500)) if note else None
        turn.say(t.join_lines(number, whose if draft.phone_of else None, noted))  # it takes the share button away
        return Continue(draft)
