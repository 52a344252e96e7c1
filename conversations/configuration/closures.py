"""Days an office, or every office, is shut: listed with the public holidays ahead, added, removed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.configuration import reasons
from conversations.configuration.described import closure_line
from conversations.configuration.field_types import Spot
from conversations.configuration.menus import OfficeMenu, spot_argument, spot_in
from conversations.configuration.preview import list_path, previewed
from conversations.configuration.step import ConfiguringStep, choose_a_button, deny, in_pairs, key, may, no_words
from conversations.configuration.typed import DATE, LAST_DATE
from conversations.configuration.values import office_title
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Next, Prompt, Reask, Redirect, Step, Turn
from services.offices.changes import Present, Proposal
from services.offices.configuration import as_json, value_at
from services.offices.yaml_file import Data
from services.offices.yaml_file import Step as Key
from services.text.typed_periods import read_period

_CLOSED, _WORKS = "_closed", "_works"
_HOLIDAYS, _AHEAD = 4, 120  # how many public holidays are shown, of how many days


class Closures(ConfiguringStep):
    """What is closed, and the public holidays ahead."""

    step: Literal["offices:closures"] = "offices:closures"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        found = _stored(present, self.spot)
        lines = [t("{n}. {line}", n=number, line=closure_line(turn, one)) for number, one in enumerate(found, 1)]
        buttons = [key(t.plain("🗑 Remove {n}", n=number), str(number - 1)) for number in range(1, len(found) + 1)]
        rows = [
            *in_pairs(buttons),
            [key(t.plain("➕ Close days"), _CLOSED)],
            [key(t.plain("➕ Open on a public holiday"), _WORKS)],
        ]
        head = t(
            "<b>{office}</b> · {section}",
            office=office_title(turn, present, self.spot.office),
            section=t("🚫 Closed days and holidays"),
        )
        none = None if found else t("No days are closed here.")
        return Prompt(t.join_lines(head, none, *lines, Markup(), *_holidays(turn)), rows)

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if answer.choice in {_CLOSED, _WORKS}:
            return AddingClosure(spot=self.spot, works=answer.choice == _WORKS)
        if not answer.choice.isdecimal():
            return choose_a_button(turn)
        return Redirect("config_drop", spot_argument(Spot(office=self.spot.office, entry=answer.choice)))

    async def back(self, turn: Turn) -> Step | None:
        return OfficeMenu(spot=self.spot)


class AddingClosure(ConfiguringStep):
    """From when to when, and why: residents read it."""

    step: Literal["offices:new_closure"] = "offices:new_closure"
    works: bool = False
    first: date | None = None
    last: date | None = None

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t = turn.t
        head = t("<b>Open on a public holiday</b>") if self.works else t("<b>Close days</b>")
        if self.first is None or self.last is None:
            one, two = t.own(DATE), t.own(f"{DATE} {LAST_DATE}")
            ask = t("Send the date, such as {one}, or the first and the last date, such as {two}.", one=one, two=two)
            return Prompt(t.join_lines(head, ask))
        days = t.date(self.first)
        if self.first != self.last:
            days = t("{first} to {last}", first=t.date(self.first), last=t.date(self.last))
        ask = t("What is the reason? Residents will read it. Choose one, or send your own.")
        return Prompt(
            t.join_lines(head, days, ask, reasons.one_is_enough(turn)), [] if self.works else reasons.buttons(turn)
        )

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if self.first is None or self.last is None:
            return self._days(turn, answer.text)
        typed = reasons.said(turn, answer)
        if typed is None:
            return no_words(turn)
        reason: dict[Key, Data] = dict(typed.items())
        days: dict[Key, Data] = {"date": self.first.isoformat()}
        if self.first != self.last:
            days = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        closure: dict[Key, Data] = {**days, "reason": reason} | ({"works": True} if self.works else {})
        path = list_path(self.spot)
        before = value_at(present.configuration.data, path)
        after: list[Data] = [*_stored(present, self.spot), closure]
        return await previewed(turn, self.spot, Proposal(path=path, before=before, after=as_json(after)))

    def _days(self, turn: Turn, text: str) -> Next:
        t, today = turn.t, turn.work.today
        typed = read_period(text, today)
        if typed is None:
            return Reask(t("This is not a date."))
        first, last = typed
        if first < today or last < first:
            return Reask(t("Choose days from today on, the first one first."))
        return self.model_copy(update={"first": first, "last": last})

    async def back(self, turn: Turn) -> Step | None:
        return Closures(spot=self.spot)


def _stored(present: Present, spot: Spot) -> list[dict[Key, Data]]:
    text = value_at(present.configuration.data, list_path(spot))
    found: list[Data] = [] if text is None else json.loads(text)
    return [closure for closure in found if isinstance(closure, dict)]


def _holidays(turn: Turn) -> list[Markup]:
    t, calendar, today = turn.t, turn.work.calendar, turn.work.today
    ahead = ((on, calendar.holiday_name(on)) for on in (today + timedelta(days=n) for n in range(_AHEAD)))
    named = [(on, name) for on, name in ahead if name is not None][:_HOLIDAYS]
    lines = [t("• {date}: {name}", date=t.date(on), name=t.own(name.get(t.language.value))) for on, name in named]
    return [t("Public holidays ahead:"), *lines] if lines else []


async def closures(turn: Turn, argument: str) -> Next:
    """Open the list, of an office or of all."""
    spot, _ = spot_in(argument)
    unknown = spot.office and turn.work.offices.get(spot.office) is None
    return deny(turn) if unknown or not await may(turn, spot.office) else Closures(spot=Spot(office=spot.office))
