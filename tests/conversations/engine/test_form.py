"""A form asks for what is open, goes back, corrects a line from its summary, and looks things up on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar, Literal

import pytest
from markupsafe import Markup, escape

from conversations.engine.drafts import FormDraft
from conversations.engine.form import Check, Field, Form, FormStep, Review, keep_row, never, now_line
from conversations.engine.registry import Flow, assemble
from conversations.engine.step import Answer, Button, Continue, EndFlow, Next, Previous, Prompt, Step, Turn
from locales import N_
from storage.open import open_database
from tests.conversations.case_town import HOME, Home
from tests.conversations.town import Person, Town
from tests.databases import fresh_sqlite


class TreeDraft(FormDraft):
    """A tree to be planted."""

    form: ClassVar[str] = "tree"
    kind: str = ""
    fruit: str = ""
    place: str = ""
    near_water: bool = False
    looked: bool = False
    name: str = "Fatima"


class TreeStep(FormStep):
    draft: TreeDraft
    asks: ClassVar[Markup]
    takes: ClassVar[str]

    async def ask(self, turn: Turn) -> Prompt:
        value = escape(getattr(self.draft, self.takes))
        text = turn.t.join_lines(self.asks, now_line(turn, value))
        return Prompt(text, [keep_row(turn, offered=True)])

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        return self.answer(**{self.takes: answer.text})


class Kind(TreeStep):
    step: Literal["tree:kind"] = "tree:kind"
    asks, takes = Markup("Which tree?"), "kind"


class Fruit(TreeStep):
    step: Literal["tree:fruit"] = "tree:fruit"
    asks, takes = Markup("Which fruit?"), "fruit"


class Place(TreeStep):
    step: Literal["tree:place"] = "tree:place"
    asks, takes = Markup("Where?"), "place"


class Water(TreeStep):
    step: Literal["tree:water"] = "tree:water"
    asks, takes = Markup("That is near water. Go on?"), "near_water"

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        return self.answer(near_water=True, looked=True)


class Name(TreeStep):
    step: Literal["tree:name"] = "tree:name"
    asks, takes = Markup("From whom?"), "name"


class Summary(TreeStep, Review):
    step: Literal["tree:review"] = "tree:review"
    submit: ClassVar[str] = "plant"

    async def ask(self, turn: Turn) -> Prompt:
        rows = [[Button(label="Plant", value=self.submit)], FORM.corrections(turn, self.draft)]
        return Prompt(turn.t.join_lines(Markup("Summary"), *(line for _, line in FORM.lines(turn, self.draft))), rows)

    async def on_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice == self.submit:
            turn.say(Markup("Planted"))
            return EndFlow()
        return FORM.correction(answer.choice, self.draft) or self

    async def back(self, turn: Turn) -> Step | Previous | None:
        return Previous(self, self.draft.but(reviewing=False))


async def by_the_sea(_turn: Turn, draft: TreeDraft) -> Step | TreeDraft:
    return Water(draft=draft) if draft.place == "Beach" else draft.but(looked=True)


def line(name: str, value: str) -> Markup | None:
    return Markup("{}: {}").format(name, value) if value else None


FORM: Form[TreeDraft] = Form(
    draft=TreeDraft,
    parts=(
        Field(
            name="kind",
            label=N_("Category"),
            question=Kind,
            answered=lambda _, draft: draft.kind != "",
            summary=lambda _, draft: line("Kind", draft.kind),
        ),
        Field(
            name="fruit",
            label=N_("Topic"),
            question=Fruit,
            applies=lambda _, draft: draft.kind == "Fruit tree",
            answered=lambda _, draft: draft.fruit != "",
            summary=lambda _, draft: line("Fruit", draft.fruit),
        ),
        Field(
            name="place",
            label=N_("Place"),
            question=Place,
            answered=lambda _, draft: draft.place != "",
            summary=lambda _, draft: line("Place", draft.place),
        ),
        Check(settled=lambda draft: draft.looked, look=by_the_sea),
        Field(
            name="name",
            label=N_("Name"),
            question=Name,
            answered=lambda _, draft: draft.name != "",
            on_the_way=never,
            summary=lambda _, draft: line("Name", draft.name),
            personal=True,
        ),
    ),
    review=Summary,
)


async def plant(_turn: Turn, argument: str) -> Next:
    return Continue(TreeDraft(place=argument))


@pytest.fixture
async def fatima(tmp_path) -> AsyncIterator[Person]:
    flow = Flow(form=FORM, steps=(Water,), routes={"plant": plant}, commands={"plant": "plant"})
    registry = assemble((HOME, flow), home=Home, anything=lambda _: _home(), replied=lambda _: _home())
    database = await open_database(await fresh_sqlite(tmp_path / "town.db"))
    person = Town(database, registry).resident()
    await person.says("/start")
    yield person
    await database.close()


async def _home() -> Next:
    return Home()


def buttons(person: Person) -> list[str]:
    return [label for row in person.buttons for label in row]


async def test_a_form_asks_what_is_open_and_ends_at_its_summary(fatima):
    await fatima.says("/plant")
    fatima.sees("Which tree?")
    await fatima.says("Palm")
    fatima.sees("Where?")
    await fatima.says("Garden")
    assert fatima.last.text == "Summary\nKind: Palm\nPlace: Garden\nName: Fatima"
    await fatima.taps("Plant")
    fatima.sees("Planted")


async def test_what_was_told_before_is_not_asked(fatima):
    await fatima.says("/plant Garden")
    await fatima.says("Palm")
    fatima.sees("Summary")


async def test_a_field_that_does_not_apply_is_neither_asked_nor_corrected(fatima):
    await fatima.says("/plant Garden")
    await fatima.says("Fruit tree")
    fatima.sees("Which fruit?")
    await fatima.says("Figs")
    assert "✏️ Topic" in buttons(fatima)
    await fatima.taps("✏️ Category")
    await fatima.says("Palm")
    assert "✏️ Topic" not in buttons(fatima)


async def test_a_correction_leads_straight_back_to_the_summary(fatima):
    await fatima.says("/plant Garden")
    await fatima.says("Palm")
    await fatima.taps("✏️ Category")
    fatima.sees("Now: Palm")
    await fatima.says("Oak")
    assert fatima.last.text.startswith("Summary\nKind: Oak")
    await fatima.taps("✏️ Category")
    await fatima.taps("Keep as it is")
    await fatima.taps("✏️ Place")
    await fatima.taps("Back")
    assert fatima.last.text.startswith("Summary\nKind: Oak\nPlace: Garden")


async def test_back_leads_through_the_questions_that_were_asked(fatima):
    await fatima.says("/plant")
    await fatima.says("Fruit tree")
    await fatima.says("Figs")
    await fatima.says("Garden")
    await fatima.taps("Back")
    assert fatima.last.text.startswith("Where?")  # the name was known beforehand
    await fatima.taps("Back")
    assert fatima.last.text.startswith("Which fruit?")
    await fatima.taps("Back")
    assert fatima.last.text.startswith("Which tree?")
    await fatima.taps("Back")
    assert "Which tree?" not in fatima.last.text


async def test_a_check_asks_only_where_it_finds_something(fatima):
    await fatima.says("/plant Beach")
    await fatima.says("Palm")
    fatima.sees("near water")
    await fatima.says("Yes")
    assert fatima.last.text.startswith("Summary")


def test_a_question_about_the_person_is_known_as_such():
    draft = TreeDraft()
    assert FORM.is_personal(Name(draft=draft))
    assert not FORM.is_personal(Place(draft=draft))
