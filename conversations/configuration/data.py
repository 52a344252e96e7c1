"""Values of the configuration as plain data: read at a place, and proposed to be another."""

from __future__ import annotations

import copy
import json
from typing import TypeGuard

from conversations.configuration.field_types import Place
from services.offices.changes import Present, Proposal
from services.offices.configuration import Path, as_json, value_at
from services.offices.texts import InLanguages
from services.offices.yaml_file import Data, Step


def standing(present: Present, root: Path) -> Data:
    """What a change of this place starts from; None where neither it nor the common setting has a value."""
    text = value_at(present.configuration.data, root)
    if text is None:
        return _usual(present, root)
    found: Data = json.loads(text)
    return found


def is_own(present: Present, root: Path) -> bool:
    """Whether something is said of the place itself, and not taken over from what holds for all."""
    return value_at(present.configuration.data, root) is not None


def _usual(present: Present, root: Path) -> Data:
    """What an office or a category takes over where it says nothing of its own."""
    if len(root) == 3 and root[0] == "offices" and root[2] == "hours":
        return standing(present, ("hours",))
    if root[0] == "categories" and "targets" in root:
        return standing(present, root[2:])
    return None


def value_of(present: Present, place: Place) -> Data:
    """What a field says now; None where it says nothing."""
    here = standing(present, place.root)
    for step in place.inner:
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and 0 <= step < len(here) else None
        else:
            here = here.get(step) if isinstance(here, dict) else None
    return here


def propose(present: Present, place: Place, value: Data) -> Proposal:
    """The change after which a field says something else; None is nothing."""
    before = value_at(present.configuration.data, place.root)
    after = _with(copy.deepcopy(standing(present, place.root)), place.inner, value)
    return Proposal(path=place.root, before=before, after=None if after is None else as_json(after))


def _with(here: Data, inner: tuple[str | int, ...], value: Data) -> Data:
    if not inner:
        return value
    step, rest = inner[0], inner[1:]
    if isinstance(step, int):
        if isinstance(here, list) and 0 <= step < len(here):
            changed = _with(here[step], rest, value)
            here[step : step + 1] = [] if changed is None else [changed]
        return here
    fields: dict[Step, Data] = here if isinstance(here, dict) else {}
    changed = _with(fields.get(step), rest, value)
    if changed is None:
        fields.pop(step, None)
    else:
        fields[step] = changed
    return fields


def is_texts(value: Data) -> TypeGuard[dict[Step, Data]]:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def items(value: Data) -> list[str]:
    """A list of words, as it stands in the file."""
    return [str(one) for one in value] if isinstance(value, list) else []


def texts_of(text: InLanguages) -> Data:
    """A text in its languages, as the file writes it."""
    return dict(text.by_language.items())
