"""What stored drafts hold: read as data, for what looks after them all, whatever flow each is of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from storage.ids import FileId

_ACTING = "acting:for"  # the step that holds a delegate's
DRAFT_LIFE = timedelta(hours=24)  # an unfinished draft holds personal data, and is kept no longer

# Most of what people do has no files, and need not be read for them. A draft inside a draft has its quotes escaped.
_NAMES_FILES = re.compile(r'"files\\*":\s*\[(?!\s*\])')
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class SavedDraft(BaseModel):
    """A draft that was set aside, and when."""

    model_config = ConfigDict(frozen=True)

    step: str  # as JSON
    at: AwareDatetime


_SAVED: TypeAdapter[list[SavedDraft | str]] = TypeAdapter(list[SavedDraft | str])


def read_saved(text: str, otherwise: datetime) -> list[SavedDraft]:
    """The drafts set aside, the newest first. Those of an older version have no time: they have `otherwise`'s.

    Raises ValidationError where it is none of this.
    """
    found = _SAVED.validate_json(text)
    return [SavedDraft(step=one, at=otherwise) if isinstance(one, str) else one for one in found]


def write_saved(saved: list[SavedDraft]) -> str:
    """What `read_saved` reads."""
    return _SAVED.dump_json(list(saved)).decode()


def still_kept(text: str, otherwise: datetime, before: datetime) -> str:
    """The same without those set aside before; none of what can't be read."""
    try:
        saved = read_saved(text, otherwise)
    except ValidationError:
        return "[]"
    kept = [draft for draft in saved if draft.at >= before]
    return text if len(kept) == len(saved) else write_saved(kept)


def files_in(text: str) -> frozenset[FileId]:
    """The files that a stored draft, or a list of them, names: whatever is in a list called `files`, at any depth."""
    try:
        return frozenset(_files(_JSON.validate_json(text))) if _NAMES_FILES.search(text) else frozenset()
    except ValidationError:
        return frozenset()


def without_acting(text: str, otherwise: datetime, delegations: Collection[int]) -> str:
    """The drafts set aside without those that a delegate has begun for somebody; none of what can't be read."""
    try:
        saved = read_saved(text, otherwise)
    except ValidationError:
        return "[]"
    kept = [draft for draft in saved if not acts_for(draft.step, delegations)]
    return text if len(kept) == len(saved) else write_saved(kept)


def acts_for(text: str, delegations: Collection[int]) -> bool:
    """Whether a stored draft is one that a delegate has begun for somebody, or holds one at any depth."""
    try:
        return _ACTING in text and _acts_for(_JSON.validate_json(text), delegations)
    except ValidationError:
        return True  # what it holds nobody knows


def _acts_for(value: JsonValue, delegations: Collection[int]) -> bool:
    if isinstance(value, str):
        return value[:1] in {"{", "["} and acts_for(value, delegations)
    if isinstance(value, list):
        return any(_acts_for(one, delegations) for one in value)
    if isinstance(value, dict):
        mine = value.get("step") == _ACTING and value.get("delegation") in delegations
        return mine or any(_acts_for(one, delegations) for one in value.values())
    return False


def _files(value: JsonValue) -> Iterator[FileId]:
    if isinstance(value, str) and value[:1] in {"{", "["}:  # a draft inside a draft is kept as it was written
        yield from files_in(value)
    elif isinstance(value, list):
        for one in value:
            yield from _files(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == "files" and isinstance(one, list):
                yield from (FileId(file) for file in one if isinstance(file, int))
            yield from _files(one)
