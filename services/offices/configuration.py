"""What is configured now, as the plain data that an offices file and a templates file would hold.

A place in it is a path of keys (`offices`, `capital`, `contacts`, `phone`). Lists are one value: whoever changes one
weekly rule changes the list of them. Values are compared and stored as JSON.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from services.offices.schema import Block
from services.offices.yaml_file import Data, Step

Path: TypeAlias = tuple[str, ...]
Fields: TypeAlias = dict[Step, Data]

TEMPLATES = "templates"
CATEGORIES = "categories"
ANSWERS = "answers"
#: Sections whose entries are known by an id; so are ready texts and answers, which may be removed again.
_SECTIONS = frozenset({"offices", "bodies", CATEGORIES, "topics"})
#: Sections to which entries may be added in chat. A category leaves again only with the undo of that.
GROWING = frozenset({TEMPLATES, CATEGORIES, ANSWERS})


def _nothing() -> None:
    """Where nobody waits to hear of a change."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The start state with every change up to `version` in it."""

    version: int = 0
    data: Fields = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()  # beside the file, and never changed in chat
    languages: tuple[str, ...] = ()  # that staff may work in
    changed: Callable[[], None] = _nothing  # tells the process that there is a newer version


class OutOfPlace(Exception):
    """A path leads to an entry that there is not."""


def as_json(value: Data) -> str:
    """One text for one value, whatever the order of its keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def value_at(data: Fields, path: Path) -> str | None:
    """What stands at a path, as JSON; None where nothing does."""
    here: Data = data
    for key in path:
        if not isinstance(here, dict) or key not in here:
            return None
        here = here[key]
    return as_json(here)


def with_value(data: Fields, path: Path, value: str | None) -> Fields:
    """The same data with another value (JSON, or None for nothing) at a path. Raises OutOfPlace.

    What leads to a new value is made, but no office, category, body, topic or template on the way.
    """
    if len(path) < 2 and path[0] in _SECTIONS | GROWING:
        raise OutOfPlace(path)
    changed = dict(data)
    parent = changed
    for depth, key in enumerate(path[:-1]):
        found = parent.get(key)
        if not isinstance(found, dict) and depth == 1 and path[0] in _SECTIONS | GROWING:
            raise OutOfPlace(path)
        inner: Fields = dict(found) if isinstance(found, dict) else {}
        parent[key] = inner
        parent = inner
    if len(path) == 2 and path[0] in _SECTIONS - GROWING:
        raise OutOfPlace(path)
    if value is None:
        parent.pop(path[-1], None)
    else:
        parent[path[-1]] = copy.deepcopy(json.loads(value))
    return changed
