"""Any place of the configuration in words: its title and its value, one line for each part."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping

from markupsafe import Markup

from conversations.configuration.data import is_texts
from conversations.configuration.field_types import Field, Section, Spot
from conversations.configuration.fields import LISTED, LISTED_OF_OFFICE, OFFICE, RULE, SHARED, entry_path
from conversations.configuration.values import entry_title, office_title, shown
from conversations.engine.step import Turn
from services.offices.changes import Present
from services.offices.configuration import Path
from services.offices.yaml_file import Data, Step
from storage.ids import OfficeId


def place_title(turn: Turn, present: Present, path: Path) -> Markup:
    """What a place is called: "Muharraq Municipality · Phone"."""
    t = turn.t
    if (spot := _entry_at(path)) is not None:
        section = LISTED[spot.section]
        root = path[len(entry_path(spot)) :]
        return t.dotted(
            office_title(turn, present, spot.office) if spot.office else None,
            t(section.title),
            t.own(entry_title(turn, present, spot)),
            _name(turn, (section,), root) if root else None,
        )
    if path[0] == "offices":
        return t.dotted(office_title(turn, present, OfficeId(path[1])), _name(turn, OFFICE, path[2:]))
    return t.dotted(t("All offices"), _name(turn, SHARED, path))


def _entry_at(path: Path) -> Spot | None:
    """The entry of a list that a place is, or is in."""
    if path[0] in LISTED and len(path) > 1:
        return Spot(section=path[0], entry=path[1])
    if path[0] == "offices" and len(path) > 3 and path[2] in LISTED_OF_OFFICE:
        return Spot(office=OfficeId(path[1]), section=path[2], entry=path[3])
    return None


def _name(turn: Turn, sections: tuple[Section, ...], root: Path) -> Markup:
    t = turn.t
    if root == ("customer_day",):
        return t(RULE.title)
    if root == ("closures",):
        return t("🚫 Closed days and holidays")
    found = [(section, one) for section in sections for one in section.fields if one.root == root]
    if len(found) == 1:
        return t(found[0][1].title)
    return t(found[0][0].title) if found else t.own(".".join(root))


def value_lines(turn: Turn, present: Present, path: Path, stored: str | None) -> list[Markup]:
    """What stands at a place, part by part: two of them are compared line by line."""
    value: Data = None if stored is None else json.loads(stored)
    if path[-1] == "customer_day" and isinstance(value, list):
        return [rule_line(turn, present, rule) for rule in value if isinstance(rule, dict)]
    if path[-1] == "closures" and isinstance(value, list):
        return [closure_line(turn, closure) for closure in value if isinstance(closure, dict)]
    spot = _entry_at(path)
    if spot is not None and path == entry_path(spot):  # an entry that is added or removed
        return [] if value is None else [*_fields(turn, present, LISTED[spot.section].fields, value)]
    fields = _fields_at(path)
    if len(fields) > 1:
        return [*_fields(turn, present, fields, value)]
    return [shown(turn, present, fields[0], value)] if fields else [turn.t.own(str(value))]


def _fields_at(path: Path) -> tuple[Field, ...]:
    sections: tuple[Section, ...]
    if (spot := _entry_at(path)) is not None:
        sections, root = (LISTED[spot.section],), path[len(entry_path(spot)) :]
    elif path[0] == "offices":
        sections, root = OFFICE, path[2:]
    else:
        sections, root = SHARED, path
    return tuple(one for section in sections for one in section.fields if one.root == root)


def _fields(turn: Turn, present: Present, fields: tuple[Field, ...], value: Data) -> Iterator[Markup]:
    """A line for each part that says something."""
    if not isinstance(value, dict):
        yield turn.t("nothing of its own")
        return
    for one in fields:
        here: Data = value
        for step in one.inner or one.root:
            here = here.get(step) if isinstance(here, dict) else None
        if here is not None:
            yield turn.t("{field}: {value}", field=turn.t(one.title), value=shown(turn, present, one, here))


def rule_line(turn: Turn, present: Present, rule: Mapping[Step, Data]) -> Markup:
    """A weekly sitting on one line."""
    t = turn.t
    parts: list[Markup] = []
    for one in RULE.fields:
        value: Data = dict(rule)
        for step in one.inner:
            value = value.get(step) if isinstance(value, dict) else None
        if one.key == "lane" and is_texts(value):
            parts.append(t.own(str(value.get(t.language.value) or value.get("en"))))
        elif one.key in {"weekday", "sitting"}:
            parts.append(shown(turn, present, one, value))
        elif value is not None:
            parts.append(t("{field}: {value}", field=t(one.title), value=shown(turn, present, one, value)))
    return t.dotted(*parts)


def closure_line(turn: Turn, closure: Mapping[Step, Data]) -> Markup:
    """Closed days on one line."""
    t = turn.t
    reason = closure.get("reason")
    why = t.own(str(reason.get(t.language.value) or reason.get("en"))) if is_texts(reason) else Markup()
    if "date" in closure:
        days = t.date(_day(closure["date"]))
    else:
        days = t("{first} to {last}", first=t.date(_day(closure.get("from"))), last=t.date(_day(closure.get("to"))))
    return t.dotted(days, why, t("open on a holiday") if closure.get("works") is True else None)


def _day(value: Data) -> dt.date:
    return dt.date.fromisoformat(str(value))


def compared(turn: Turn, before: list[Markup], after: list[Markup]) -> list[Markup]:
    """What is no longer said, and what is new."""
    t = turn.t
    gone = [t("➖ {line}", line=line) for line in before if line not in after]
    new = [t("➕ {line}", line=line) for line in after if line not in before]
    return [*gone, *new]
