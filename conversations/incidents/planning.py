"""Opening an incident: what about, at which municipalities, where in them, from and until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup

from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Redirect, Step, Turn
from conversations.incidents.places import METRES, add_place
from conversations.incidents.step import PlanDraft, PlanStep, denied, next_language
from conversations.incidents.words import what, where
from conversations.incidents.writing import LIST, OMIT, ask, edited, edits, preview, too_long
from conversations.on_behalf.step import person_of
from conversations.staff.office_scope import office_label
from conversations.texts.case import category_name
from locales import Language
from locales.bidi import shorten
from services.incidents import incidents
from services.incidents.incidents import LONGEST, MOST_CATEGORIES, Incident, Taken
from services.text.normalise import clean
from storage.ids import CategoryId, OfficeId

_GO, _WHOLE = "go", "whole"
_ON, _OFF = "✅", "◻️"


class ChoosingCategories(PlanStep):
    """What is reported: one or a few categories."""

    step: Literal["incident:categories"] = "incident:categories"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        mine = await incidents.offices_of(turn.work, person_of(turn))
        buttons = [
            Button(label=_ticked(t.pick_plain(one.name), one.id in self.draft.categories), value=one.id)
            for one in incidents.categories_at(turn.work, mine)
        ]
        text = t.join_lines(
            t("🌧 <b>Open an incident</b>"),
            t("What do people report? Choose up to {n} categories.", n=MOST_CATEGORIES),
        )
        return Prompt(text, _toggles(turn, buttons, ready=bool(self.draft.categories)))

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        mine = await incidents.offices_of(turn.work, person_of(turn))
        if not mine:
            return denied(turn)
        known = [one.id for one in incidents.categories_at(turn.work, mine)]
        if answer.choice == _GO and self.draft.categories:
            return ChoosingOffices(draft=self.but(offices=mine) if len(mine) == 1 else self.draft)
        chosen = CategoryId(answer.choice)
        if chosen not in known:
            return Reask(turn.t("Choose one of the buttons."))
        after = _toggled(self.draft.categories, chosen)
        if len(after) > MOST_CATEGORIES:
            return Reask(turn.t("You can choose up to {n} categories.", n=MOST_CATEGORIES))
        return ChoosingCategories(draft=self.but(categories=after))


class ChoosingOffices(PlanStep):
    """At which municipalities."""

    step: Literal["incident:offices"] = "incident:offices"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        buttons = [
            Button(label=_ticked(office_label(t, turn.work.offices, one), one in self.draft.offices), value=one)
            for one in await self._possible(turn)
        ]
        text = t.join_lines(what(t, turn.work.offices, self.draft.plan), t("Which municipalities are affected?"))
        return Prompt(text, _toggles(turn, buttons, ready=bool(self.draft.offices)))

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        possible = await self._possible(turn)
        if not possible:
            return denied(turn)
        if answer.choice == _GO and self.draft.offices:
            return ChoosingPlaces(draft=self.draft)
        chosen = OfficeId(answer.choice)
        if chosen not in possible:
            return Reask(turn.t("Choose one of the buttons."))
        return ChoosingOffices(draft=self.but(offices=_toggled(self.draft.offices, chosen)))

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingCategories(draft=self.draft)

    async def _possible(self, turn: Turn) -> tuple[OfficeId, ...]:
        """The offices of whoever asks that take reports of what was chosen."""
        mine = await incidents.offices_of(turn.work, person_of(turn))
        wanted = set(self.draft.categories)
        return tuple(one for one in mine if wanted & {found.id for found in incidents.categories_at(turn.work, (one,))})


class ChoosingPlaces(PlanStep):
    """Where in them: everywhere, some blocks, or around points."""

    step: Literal["incident:places"] = "incident:places"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.LOCATION})

    async def ask(self, turn: Turn) -> Prompt:
        t, draft = turn.t, self.draft
        some = bool(draft.blocks or draft.circles)
        rows = [
            [Button(label=t.plain("Everywhere in these municipalities"), value=_WHOLE)],
            [Button(label=t.plain("Continue with these"), value=_GO)] if some else [],
        ]
        text = t.join_lines(
            where(t, turn.work.offices, draft.plan),
            "",
            t("Where exactly? Type block numbers, for example: {example}", example=t.ref("338, 340-346")),
            t("Or send a location: reports within {metres} m of it join as well.", metres=METRES),
            t("A report without a block or a point on the map joins only an incident that is everywhere."),
        )
        return Prompt(text, rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == _WHOLE:
            return ChoosingTimes(draft=self.but(blocks=(), circles=()))
        if answer.choice == _GO and (self.draft.blocks or self.draft.circles):
            return ChoosingTimes(draft=self.draft)
        added = add_place(turn, answer, self.draft.blocks, self.draft.circles)
        if isinstance(added, Reask):
            return added
        return ChoosingPlaces(draft=self.but(blocks=added[0], circles=added[1]))

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingOffices(draft=self.but(blocks=(), circles=()))


class ChoosingTimes(PlanStep):
    """From when on reports join, and until when."""

    step: Literal["incident:times"] = "incident:times"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        rows = [
            [
                Button(label=_ticked(_back(turn, hours), hours == self.draft.back), value=f"b{hours}")
                for hours in (0, 3, 12)
            ],
            [
                Button(label=_ticked(_lasts(turn, hours), hours == self.draft.hours), value=f"h{hours}")
                for hours in (6, 12, 24, 48)
            ],
            [Button(label=t.plain("Continue"), value=_GO)],
        ]
        text = t.join_lines(
            t("From when on do reports join, and for how long?"),
            t("Before its end you are reminded to close it or to let it go on."),
        )
        return Prompt(text, rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == _GO:
            return written_next(self.draft)
        number = answer.choice[1:]
        if not number.isdecimal() or int(number) not in {0, 3, 6, 12, 24, 48}:
            return Reask(turn.t("Choose one of the buttons."))
        changed = {"back": int(number)} if answer.choice[0] == "b" else {"hours": max(int(number), 6)}
        return ChoosingTimes(draft=self.but(**changed))

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingPlaces(draft=self.draft)


class WritingWelcome(PlanStep):
    """What whoever joins is told, in one language."""

    step: Literal["incident:welcome"] = "incident:welcome"
    language: Language

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        question = t("What do people need to know when their report joins? Say what is being done.")
        return ask(t, self.language, self.draft.left_out, question)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        code = self.language.value
        if answer.choice == OMIT and not self.draft.left_out:
            return written_next(self.but(left_out=(code,), texts={**self.draft.texts, code: ""}))
        if (long := too_long(turn.t, answer.text)) is not None:
            return long
        words = clean(answer.text, LONGEST)
        if answer.choice or not words:
            return Reask(turn.t("Send the text as a message."))
        left_out = tuple(one for one in self.draft.left_out if one != code)
        return written_next(self.but(texts={**self.draft.texts, code: words}, left_out=left_out))

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingTimes(draft=self.draft)


class Previewing(PlanStep):
    """All of it at a glance, before it begins."""

    step: Literal["incident:preview"] = "incident:preview"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, plan = turn.t, self.draft.plan
        now = turn.work.now
        text = t.join_lines(
            t("🌧 <b>Check it before you open it</b>"),
            t("What: {categories}", categories=what(t, turn.work.offices, plan)),
            t("Where: {places}", places=where(t, turn.work.offices, plan)),
            t("Reports since: {moment}", moment=t.near_moment(now - plan.back, turn.work.today)),
            t("Until: {moment}", moment=t.near_moment(now + plan.lasts, turn.work.today)),
            "",
            t("Whoever joins reads:"),
            *preview(turn, self.draft.texts),
            "",
            t("Matching reports nobody is working on join at once. You can undo the incident later."),
        )
        rows = [[Button(label=t.plain("🔴 Open the incident now"), value=_GO)], edits(t)]
        return Prompt(text, rows)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if (language := edited(answer.choice)) is not None:
            return WritingWelcome(draft=self.draft, language=language)
        if answer.choice != _GO:
            return Reask(turn.t("Choose one of the buttons."))
        opened = await incidents.open_one(turn.work, person_of(turn), self.draft.plan)
        if isinstance(opened, Incident):
            turn.say(turn.t("🔴 Incident {n} is open. Its card is in the group.", n=opened.id))
            # Not to the incident: a look-up by a number that is drawn anew each time would never be found.
            return Redirect(LIST)
        return denied(turn) if opened is None else Reask(taken(turn, opened))

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingTimes(draft=self.draft)


def taken(turn: Turn, where_taken: Taken) -> Markup:
    t, offices = turn.t, turn.work.offices
    return t(
        "Reports about {category} at {office} already join another open incident. Use that one, or close it first.",
        category=category_name(t, offices, where_taken.category),
        office=t.own(office_label(t, offices, where_taken.office)),
    )


def written_next(draft: PlanDraft) -> Step:
    """The next text that is missing, else the look at all of it."""
    language = next_language(draft.texts, draft.left_out)
    return Previewing(draft=draft) if language is None else WritingWelcome(draft=draft, language=language)


def _back(turn: Turn, hours: int) -> str:
    t = turn.t
    return t.plain_plural("{n} hour back", "{n} hours back", hours) if hours else t.plain("From now")


def _lasts(turn: Turn, hours: int) -> str:
    return turn.t.plain_plural("{n} hour", "{n} hours", hours)


def _toggles(turn: Turn, buttons: Sequence[Button], *, ready: bool) -> list[list[Button]]:
    rows = [list(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    return [*rows, [Button(label=turn.t.plain("Continue"), value=_GO)]] if ready else rows


def _ticked(label: str, on: bool) -> str:
    return shorten(f"{_ON if on else _OFF} {label}", 64)


def _toggled(chosen: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(other for other in chosen if other != one) if one in chosen else (*chosen, one)
