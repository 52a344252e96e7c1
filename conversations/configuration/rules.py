"""The weekly sittings of an office: listed, opened, added."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import ClassVar, Literal

from conversations.configuration.data import is_texts, texts_of
from conversations.configuration.described import rule_line
from conversations.configuration.field_types import Spot
from conversations.configuration.fields import RULE, WEEKDAYS
from conversations.configuration.menus import OfficeMenu, ShowingSection, spot_in
from conversations.configuration.preview import list_path, previewed
from conversations.configuration.step import (
    ConfiguringStep,
    choose_a_button,
    deny,
    in_pairs,
    key,
    may,
    no_words,
    two_times,
)
from conversations.configuration.typed import TIMES, by_language, span
from conversations.configuration.values import office_title
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Next, Prompt, Step, Turn
from services.offices.changes import Present, Proposal
from services.offices.configuration import as_json, value_at
from services.offices.texts import LocalizedText
from services.offices.yaml_file import Data
from services.offices.yaml_file import Step as Key
from storage.ids import LaneId, OfficeId

_ADD, _NEW = "_add", "_new"


class Rules(ConfiguringStep):
    """Who receives people, on which days."""

    step: Literal["offices:rules"] = "offices:rules"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        rules = _stored(present, self.spot.office)
        lines = [
            t("{n}. {line}", n=number, line=rule_line(turn, present, rule)) for number, rule in enumerate(rules, 1)
        ]
        buttons = [key(t.plain("Change {n}", n=number), str(number - 1)) for number in range(1, len(rules) + 1)]
        rows = [*in_pairs(buttons), [key(t.plain("➕ Add a weekly sitting"), _ADD)]]
        head = t(
            "<b>{office}</b> · {section}", office=office_title(turn, present, self.spot.office), section=t(RULE.title)
        )
        none = None if rules else t("Nobody receives people here yet.")
        return Prompt(t.join_lines(head, none, *lines), rows)

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if answer.choice == _ADD:
            return AddingRule(spot=self.spot)
        spot = Spot(office=self.spot.office, section=RULE.key, entry=answer.choice)
        there = 0 <= spot.index < len(_stored(present, self.spot.office))
        return ShowingSection(spot=spot) if there else choose_a_button(turn)

    async def back(self, turn: Turn) -> Step | None:
        return OfficeMenu(spot=self.spot)


class AddingRule(ConfiguringStep):
    """A further sitting: who receives people, on which day, from when to when. The rest can be changed later."""

    step: Literal["offices:new_rule"] = "offices:new_rule"
    lane: str = ""
    ar: str = ""  # what a new lane is called
    en: str = ""
    weekday: str = ""

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        head = t("<b>Add a weekly sitting</b>")
        if not self.lane:
            names = _lanes(present, self.spot.office)
            buttons = [key(t.pick_plain(name), lane) for lane, name in names.items()]
            if buttons:
                rows = [*([button] for button in buttons), [key(t.plain("Someone else"), _NEW)]]
                return Prompt(t.join_lines(head, t("Who receives people?")), rows)
        if not (self.lane and self.lane != _NEW) and not self.en:
            return Prompt(
                t.join_lines(
                    head,
                    t("Who receives people? Send the title in Arabic, in English or in both, each on its own line."),
                )
            )
        if not self.weekday:
            return Prompt(
                t.join_lines(head, t("On which day?")),
                in_pairs([key(t.plain(name), day) for day, name in WEEKDAYS.items()]),
            )
        example = t.own(TIMES)
        return Prompt(t.join_lines(head, t("From when to when? Send the times, such as {example}.", example=example)))

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        lanes = _lanes(present, self.spot.office)
        if not self.lane and lanes:
            known = answer.choice == _NEW or answer.choice in lanes
            return self.model_copy(update={"lane": answer.choice}) if known else choose_a_button(turn)
        if self.lane in {"", _NEW} and not self.en:
            texts = by_language(answer.text)
            if texts is None:
                return no_words(turn)
            return self.model_copy(update={"lane": _NEW, "ar": str(texts["ar"]), "en": str(texts["en"])})
        if not self.weekday:
            known = answer.choice in WEEKDAYS
            return self.model_copy(update={"weekday": answer.choice}) if known else choose_a_button(turn)
        return await self._times(turn, answer, present)

    async def _times(self, turn: Turn, answer: Answer, present: Present) -> Next:
        times = span(answer.text)
        if times is None:
            return two_times(turn)
        opens, _, closes = times.partition("–")
        lanes = _lanes(present, self.spot.office)
        name: Data = {"ar": self.ar, "en": self.en} if self.lane == _NEW else texts_of(lanes[LaneId(self.lane)])
        lane = _free_id(lanes) if self.lane == _NEW else self.lane
        rule: dict[Key, Data] = {"lane": lane, "name": name, "weekday": self.weekday, "opens": opens, "closes": closes}
        path = list_path(Spot(office=self.spot.office, section=RULE.key))
        before = value_at(present.configuration.data, path)
        rules: list[Data] = [*_stored(present, self.spot.office), rule]
        return await previewed(turn, self.spot, Proposal(path=path, before=before, after=as_json(rules)))


def _stored(present: Present, office: OfficeId) -> list[dict[Key, Data]]:
    text = value_at(present.configuration.data, ("offices", office, "customer_day"))
    found: list[Data] = [] if text is None else json.loads(text)
    return [rule for rule in found if isinstance(rule, dict) and is_texts(rule.get("name"))]


def _lanes(present: Present, office_id: OfficeId) -> dict[LaneId, LocalizedText]:
    office = present.offices.get(office_id)
    return {rule.lane: rule.name for rule in office.customer_day} if office else {}


def _free_id(taken: Collection[str]) -> str:
    return next(name for number in range(2, 100) if (name := f"lane{number}") not in taken)


async def rules(turn: Turn, argument: str) -> Next:
    """Open the list."""
    spot, _ = spot_in(argument)
    if not spot.office or turn.work.offices.get(spot.office) is None or not await may(turn, spot.office):
        return deny(turn)
    return Rules(spot=Spot(office=spot.office))
