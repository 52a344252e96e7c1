"""Changing an open incident: where it is, or what people are told; what follows is shown before."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Redirect, Step, Turn
from conversations.incidents.places import METRES, add_place
from conversations.incidents.planning import taken
from conversations.incidents.step import LANGUAGES, denied, language_named
from conversations.incidents.words import title, where
from conversations.incidents.writing import OPEN, preview, take_out, too_long
from conversations.on_behalf.step import person_of
from conversations.staff.office_scope import office_label
from locales import Language
from services.incidents import changing, incidents
from services.incidents.changing import LOOKED_AT, Area
from services.incidents.incidents import LONGEST, UNDO_WITHIN, Circle, Incident, Stale, Taken, Translations
from services.text.normalise import clean
from storage.ids import IncidentId, OfficeId

_GO, _WHOLE, _KEEP, _OFFICE, _OUT = "go", "whole", "keep", "at.", "out."


class ChangeStep(Step):
    """A screen about what is changed of an incident."""

    incident: IncidentId
    version: int

    async def found(self, turn: Turn) -> Incident | None:
        return await incidents.open_for(turn.work, person_of(turn), self.incident)

    def draft_title(self, turn: Turn) -> str:
        return turn.t.plain("Change of incident {n}", n=self.incident)


def _first(turn: Turn, incident: IncidentId) -> Next:
    turn.say(turn.t("Another administrator was first. This is how the incident stands now."))
    return Redirect(OPEN, str(incident))


def _refused(turn: Turn) -> Prompt:
    return Prompt(turn.t("You do not have permission to do this."), back=False)


# ---------------------------------------------------------------------------- where it is


class AreaStep(ChangeStep):
    """A screen about where it is to be."""

    offices: tuple[OfficeId, ...]
    blocks: tuple[int, ...]
    circles: tuple[Circle, ...]

    @property
    def area(self) -> Area:
        return Area(self.offices, self.blocks, self.circles)


class ChangingArea(AreaStep):
    """Municipalities are added, or one is taken out; blocks and places are put together anew."""

    step: Literal["incident:area"] = "incident:area"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.LOCATION})

    async def ask(self, turn: Turn) -> Prompt:
        t, found = turn.t, await self.found(turn)
        if found is None:
            return _refused(turn)
        offices, there = turn.work.offices, self.area.of(found)
        changed = self.area != changing.area_of(found)
        rows = [
            [Button(label=t.plain("➕ Add {office}", office=office_label(t, offices, one)), value=_OFFICE + one)]
            for one in await self._addable(turn, found)
        ]
        if not changed and len(found.offices) > 1:  # a change of its own: people are told of it
            rows += [
                [Button(label=t.plain("➖ Take out {office}", office=office_label(t, offices, one)), value=_OUT + one)]
                for one in found.offices
            ]
        if self.blocks or self.circles:
            rows.append([Button(label=t.plain("Everywhere in these municipalities"), value=_WHOLE)])
        if changed:
            rows.append([Button(label=t.plain("Look at the change"), value=_GO)])
        text = t.join_lines(
            t("📍 <b>Where is the incident from now on?</b>"),
            t("Now: {places}", places=where(t, offices, found)),
            t("Changed to: {places}", places=where(t, offices, there)) if changed else None,
            "",
            t("Type more block numbers, for example: {example}", example=t.ref("338, 340-346")),
            t("Or send a location: reports within {metres} m of it join as well.", metres=METRES),
            t("To leave blocks out, first choose everywhere, and then type those that remain.")
            if self.blocks
            else None,
        )
        return Prompt(text, rows)

    async def _addable(self, turn: Turn, found: Incident) -> list[OfficeId]:
        """The other offices of whoever asks that take reports of what it is about."""
        mine = await incidents.offices_of(turn.work, person_of(turn))
        wanted = set(found.categories)
        return [
            one
            for one in mine
            if one not in self.offices
            and wanted & {own.id for own in incidents.categories_at(turn.work, (one,))}
            and not await changing.is_leaving(turn.work, found.id, one)
        ]

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        found = await self.found(turn)
        if found is None:
            return denied(turn)
        if answer.choice == _WHOLE:
            return self.model_copy(update={"blocks": (), "circles": ()})
        if answer.choice == _GO:
            return ConfirmingArea.model_validate(self.model_dump(exclude={"step"}))
        if (out := answer.choice.removeprefix(_OUT)) != answer.choice:
            return take_out(self.incident, self.version, OfficeId(out))
        if answer.choice:
            office = OfficeId(answer.choice.removeprefix(_OFFICE))
            if office not in await self._addable(turn, found):
                return Reask(turn.t("Choose one of the buttons."))
            return self.model_copy(update={"offices": (*self.offices, office)})
        added = add_place(turn, answer, self.blocks, self.circles)
        if isinstance(added, Reask):
            return added
        return self.model_copy(update={"blocks": added[0], "circles": added[1]})

    async def back(self, turn: Turn) -> Step | None:
        return None


class ConfirmingArea(AreaStep):
    """What follows from it, before it is changed."""

    step: Literal["incident:area_sure"] = "incident:area_sure"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, found = turn.t, await self.found(turn)
        if found is None:
            return _refused(turn)
        n = await changing.newly_within(turn.work, found, self.area)
        follows = (
            t("At least {n} reports join at once.", n=n)
            if n >= LOOKED_AT
            else t.plural("{n} report joins at once.", "{n} reports join at once.", n)
        )
        text = t.join_lines(
            t("👁 <b>Check the change</b>"),
            t("Now: {places}", places=where(t, turn.work.offices, found)),
            t("Changed to: {places}", places=where(t, turn.work.offices, self.area.of(found))),
            "",
            follows,
            t("Requests that have joined stay in it, and nobody is told a second time."),
        )
        return Prompt(text, [[Button(label=t.plain("📍 Change where it is"), value=_GO)]])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice != _GO:
            return Reask(turn.t("Choose one of the buttons."))
        t, work = turn.t, turn.work
        changed = await changing.change_area(work, person_of(turn), self.incident, self.version, self.area)
        match changed:
            case None:
                return denied(turn)
            case Stale():
                return _first(turn, self.incident)
            case Taken():
                return Reask(taken(turn, changed), ChangingArea.model_validate(self.model_dump(exclude={"step"})))
            case _:
                turn.say(t("📍 Changed. Reports that are within it now join in the next minutes."))
                return Redirect(OPEN, str(self.incident))

    async def back(self, turn: Turn) -> Step | None:
        return ChangingArea.model_validate(self.model_dump(exclude={"step"}))


def change_area(found: Incident) -> Step:
    return ChangingArea(
        incident=found.id,
        version=found.version,
        offices=found.offices,
        blocks=found.blocks,
        circles=found.circles,
    )


# ---------------------------------------------------------------------------- what people are told


class WordsStep(ChangeStep):
    """A screen about what people are told from now on."""

    before: dict[str, str]
    texts: dict[str, str] = Field(default_factory=dict)

    @property
    def onwards(self) -> Step:
        named = self.model_dump(exclude={"step", "language"})
        language = next((one for one in LANGUAGES if one.value not in self.texts), None)
        if language is None:
            return ConfirmingWords.model_validate(named)
        return ChangingWords.model_validate({**named, "language": language})


class ChangingWords(WordsStep):
    """The words of one language, or those that stand."""

    step: Literal["incident:words"] = "incident:words"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT})
    language: Language

    async def ask(self, turn: Turn) -> Prompt:
        t, found = turn.t, await self.found(turn)
        if found is None:
            return _refused(turn)
        words = self.before.get(self.language.value, "")
        asked = (
            t("Write it in Arabic, up to {n} characters.", n=LONGEST)
            if self.language is Language.AR
            else t("Write it in English, up to {n} characters.", n=LONGEST)
        )
        text = t.join_lines(
            title(t, turn.work.offices, found),
            t("✏️ <b>What should people read from now on?</b>"),
            t("Now {language}: “{words}”", language=t.own(language_named(t, self.language.value)), words=t.own(words))
            if words
            else None,
            asked,
        )
        keep = t.plain("Keep these words") if words else t.plain("Leave this language out")
        return Prompt(text, [[Button(label=keep, value=_KEEP)]])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        code = self.language.value
        if answer.choice == _KEEP:
            return self._with(code, self.before.get(code, ""))
        if (long := too_long(turn.t, answer.text)) is not None:
            return long
        words = clean(answer.text, LONGEST)
        return Reask(turn.t("Send the text as a message.")) if answer.choice or not words else self._with(code, words)

    def _with(self, code: str, words: str) -> Step:
        return self.model_copy(update={"texts": {**self.texts, code: words}}).onwards

    async def back(self, turn: Turn) -> Step | None:
        return None


class ConfirmingWords(WordsStep):
    """The new words, and to how many they go."""

    step: Literal["incident:words_sure"] = "incident:words_sure"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, found = turn.t, await self.found(turn)
        if found is None:
            return _refused(turn)
        if self.texts == self.before or not any(self.texts.values()):
            return Prompt(t("The words are as they were. Nobody is told anything."))
        counted = await incidents.counts(turn.work, self.incident)
        n = counted.get(incidents.State.JOINED, 0)
        text = t.join_lines(
            title(t, turn.work.offices, found),
            "",
            *preview(turn, self.texts),
            "",
            t.plural("{n} request hears of it.", "{n} requests hear of it.", n),
            t("You can undo this for {span}.", span=t.duration(UNDO_WITHIN)),
        )
        return Prompt(text, [[Button(label=t.plain("✏️ Change the words and tell all"), value=_GO)]])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice != _GO:
            return Reask(turn.t("Choose one of the buttons."))
        texts = Translations({code: text for code, text in self.texts.items() if text})
        news = await changing.change_words(turn.work, person_of(turn), self.incident, self.version, texts)
        if news is None:
            return denied(turn)
        if isinstance(news, Stale):
            return _first(turn, self.incident)
        turn.say(turn.t("It goes out in {span}. You can undo it before that.", span=turn.t.duration(UNDO_WITHIN)))
        return Redirect(OPEN, str(self.incident))

    async def back(self, turn: Turn) -> Step | None:
        return WordsStep.model_validate({**self.model_dump(exclude={"step"}), "texts": {}}).onwards


async def change_words(turn: Turn, found: Incident) -> Step:
    before = {code: text for code, text in (await changing.words_of(turn.work, found)).root.items() if text}
    filled = {one.value: before.get(one.value, "") for one in LANGUAGES}
    return ChangingWords(incident=found.id, version=found.version, before=filled, language=LANGUAGES[0])


STEPS = (ChangingArea, ConfirmingArea, ChangingWords, ConfirmingWords)
