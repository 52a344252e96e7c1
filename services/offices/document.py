"""The offices and the templates as the plain data of their files, and as YAML. Both read back to the same.

What an entry takes over from the top of the file (an office the usual hours, a category the usual targets) is not
written with it, so that it goes on following the top.
"""

from __future__ import annotations

import csv
import functools
import io
from datetime import date, time
from enum import Enum
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel

from services.casework.templates import Templates
from services.offices.configuration import Fields
from services.offices.matters import Targets
from services.offices.offices import Offices
from services.offices.plain_values import Span, Weekday
from services.offices.schema import Block
from services.offices.yaml_file import Data

_ENTRIES = ("offices", "bodies", "categories", "topics", "dangers", "templates")


def offices_data(offices: Offices) -> Fields:
    """What an offices file would say."""
    written = _entries(_model(offices))
    hours, targets = written.get("hours"), _targets(offices.targets)
    for entry in _mappings(written["offices"]):
        if entry.get("hours") == hours:
            del entry["hours"]
    for category in _mappings(written["categories"]):
        own = offices.categories_by_id[str(category["_id"])].targets
        differing: Fields = {key: days for key, days in _targets(own).items() if days != targets[key]}
        category.pop("targets", None)
        if differing:
            category["targets"] = differing
    _without_ids(written)
    geography = written["geography"]
    assert isinstance(geography, dict)  # noqa: S101 - a model was written
    geography.pop("blocks", None)  # they have a file of their own
    return written


def templates_data(templates: Templates) -> Fields:
    """What a templates file would say."""
    written = _entries(_model(templates))
    _without_ids(written)
    return written


def as_yaml(data: Fields, heading: str = "") -> str:
    """The file's text. `heading` becomes its first comment."""
    comment = "".join(f"# {line}\n" for line in heading.splitlines())
    return comment + yaml.dump(
        data, Dumper=yaml.SafeDumper, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None
    )


def blocks_csv(blocks: tuple[Block, ...]) -> str:
    """The blocks file's text."""
    sheet = io.StringIO()
    rows = csv.writer(sheet, lineterminator="\n")
    rows.writerow(("block", "office", "source", "confidence"))
    rows.writerows((one.block, one.office, one.source, one.confidence) for one in blocks)
    return sheet.getvalue()


# ---------------------------------------------------------------------------- inside


def _model(model: BaseModel) -> Fields:
    """What differs from what would hold anyway, under the file's own keys."""
    written: Fields = {}
    for name, key, default in _fields(type(model)):
        value = getattr(model, name)
        if value is not None and value != default:
            written[key] = _value(value)
    for name, value in (model.model_extra or {}).items():
        written[name] = _value(value)
    return written


@functools.cache
def _fields(kind: type[BaseModel]) -> tuple[tuple[str, str, object], ...]:
    """Each field's name, its key in a file, and what it is where the file does not say: prepared once a kind."""
    return tuple(
        (name, info.alias or name, info.get_default(call_default_factory=True))
        for name, info in kind.model_fields.items()
    )


def _value(value: object) -> Data:
    match value:
        case Span():
            return f"{value.opens:%H:%M}–{value.closes:%H:%M}"
        case BaseModel():
            return _model(value)
        case Weekday():
            return value.name.lower()
        case Enum():
            return str(value.value)
        case time():
            return f"{value:%H:%M}"
        case date():
            return value.isoformat()
        case ZoneInfo():
            return value.key
        case dict():
            return {key: _value(item) for key, item in value.items()}
        case tuple() | list():
            return [_value(item) for item in value]
        case str() | int() | float() | bool():
            return value
    raise TypeError(f"a file cannot say {value!r}")


def _entries(written: Fields) -> Fields:
    """Entries are known by their keys; until the end each keeps its key at hand."""
    for section in _ENTRIES:
        entries = written.get(section)
        if isinstance(entries, dict):
            for key, entry in entries.items():
                if isinstance(entry, dict):
                    entry.pop("id", None)
                    entry["_id"] = key
    return written


def _without_ids(written: Fields) -> None:
    for section in _ENTRIES:
        for entry in _mappings(written.get(section)):
            entry.pop("_id", None)


def _mappings(section: Data) -> list[Fields]:
    return [entry for entry in section.values() if isinstance(entry, dict)] if isinstance(section, dict) else []


def _targets(targets: Targets) -> dict[str, int]:
    return {name: getattr(targets, name) for name in Targets.model_fields}
