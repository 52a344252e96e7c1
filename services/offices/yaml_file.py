"""A YAML file read so that every mistake in it can be shown by its line.

`read` turns a file into plain data and remembers where each value stands; `check` validates the data
with a pydantic model and says what is wrong in words for whoever edits the file, not for programmers.
"""

from __future__ import annotations

import difflib
import json
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

Step = str | int
Path_ = tuple[Step, ...]
#: What a YAML file can say once read: text, numbers, true/false, nothing, lists and mappings.
Data: TypeAlias = "str | int | float | bool | list[Data] | dict[Step, Data] | None"


#: More than any file of ours has, by far.
_DEEPEST, _MOST_VALUES = 40, 200_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file. `path` is the place as keys (`offices.capital.hours`); empty for the whole file."""

    file: str
    line: int | None
    path: str
    expected: str
    found: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        at = f" {self.path}:" if self.path else ""
        found = f", found {self.found}" if self.found else ""
        return f"{where}:{at} expected {self.expected}{found}"


class OfficesFileError(Exception):
    """The offices file is wrong. `problems` are all its mistakes, in the order of their lines."""

    what = "offices file"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line or 0, p.path)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        title = f"1 mistake in the {self.what}:" if count == 1 else f"{count} mistakes in the {self.what}:"
        return "\n".join([title, *(f"  {problem}" for problem in self.problems)])


class FileModel(BaseModel):
    """A part of the file: frozen, and with no keys but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)


# ---------------------------------------------------------------------------- reading


class _Scalars(yaml.CSafeLoader):
    """Reads plain values as people mean them.

    YAML 1.1 would make 7:00 the number 420, 010 the number 8, 2026-12-16 a date, and `no` and `off` false.
    Here numbers are decimal, true and false are the only truths, and all else is text.
    """

    yaml_implicit_resolvers = {}  # noqa: RUF012  the base class's own way to hold them


for _tag, _pattern, _beginnings in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _Scalars.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_beginnings))


Scalar = str | int | float | bool | None

_READERS: Mapping[str, Callable[[str], Scalar]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": lambda text: text.lower() == "true",
    "null": lambda _: None,
}


@dataclass
class Document:
    """What a file says and where it says it."""

    file: str
    data: Data = None
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    built: int = 0  # values, with those that aliases repeat

    def line(self, path: Path_) -> int | None:
        """The line of the value at `path`, or of the nearest thing around it that is written down."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def report(self, path: Path_, expected: str, found: object = "") -> None:
        """Note a mistake. `found` is shown as the file would write it, unless it is empty text."""
        shown = "" if found == "" else _shown(found)
        self.problems.append(Problem(self.file, self.line(path), path_name(path), expected, shown))


def read(path: Path) -> Document:
    """Read a YAML file. Mistakes are left in the document's `problems`; with a broken one `data` is None."""
    document = Document(path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
        if (line := _too_deep(text)) is not None:
            document.lines[()] = line
            document.report((), f"values at most {_DEEPEST} levels deep")
            return document
        loader = _Scalars(text)
        try:
            node = loader.get_single_node()
            if node is not None:
                document.data = _build(document, node, (), ())
                if document.built > _MOST_VALUES:
                    document.data = None
                    document.report((), f"at most {_MOST_VALUES:,} values, aliases counted each time")
        finally:
            loader.dispose()
    except OSError as error:
        document.report((), f"a file that can be read ({error.strerror or error})", str(path))
    except UnicodeDecodeError as error:
        document.report((), f"text in UTF-8 (byte {error.start} is not)")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # Where the file ends too early the mark may stand below its last line.
        document.lines[()] = min(mark.line + 1, len(text.splitlines())) if mark else 1
        document.report((), f"well-formed YAML ({error.problem or error.context})")
    except yaml.YAMLError as error:
        document.report((), f"well-formed YAML ({error})")
    return document


def _too_deep(text: str) -> int | None:
    """The line at which values are nested deeper than anybody means; the composer would run out of its stack there."""
    depth = 0
    for event in yaml.parse(text, Loader=_Scalars):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            return event.start_mark.line + 1 if event.start_mark else 1
    return None


def _build(document: Document, node: yaml.Node, path: Path_, above: tuple[yaml.Node, ...]) -> Data:
    document.built += 1
    if document.built > _MOST_VALUES:  # aliases of aliases: a few lines could say more than memory holds
        return None
    document.lines.setdefault(path, node.start_mark.line + 1)
    if node in above:
        document.report(path, "a value of its own, not an alias of what it is part of")
        return None
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(document, node, path, above)
    if isinstance(node, yaml.SequenceNode):
        return [_build(document, item, (*path, n), (*above, node)) for n, item in enumerate(node.value)]
    return _scalar(document, node, path)


def _build_mapping(
    document: Document, node: yaml.MappingNode, path: Path_, above: tuple[yaml.Node, ...]
) -> dict[Step, Data]:
    mapping: dict[Step, Data] = {}
    for key_node, value_node in node.value:
        key = _scalar(document, key_node, path) if isinstance(key_node, yaml.ScalarNode) else None
        line = key_node.start_mark.line + 1
        if not isinstance(key, (str, int)):
            document.problems.append(Problem(document.file, line, path_name(path), "a plain word as a key"))
            continue
        here = (*path, key)
        if key in mapping:
            first = document.lines[here]
            name = path_name(here)
            document.problems.append(Problem(document.file, line, name, f"each key once (it is also on line {first})"))
            continue
        document.lines[here] = line
        mapping[key] = _build(document, value_node, here, (*above, node))
    return mapping


def _scalar(document: Document, node: yaml.Node, path: Path_) -> Scalar:
    tag = node.tag.removeprefix("tag:yaml.org,2002:")
    if tag not in _READERS:
        document.report(path, "a plain value without a tag", node.tag)
        return None
    try:
        return _READERS[tag](node.value)
    except ValueError:  # a tag written by hand, as in `!!int twelve`
        document.report(path, f"what its tag says ({tag})", node.value)
        return None


def path_name(path: Path_) -> str:
    """`offices.capital.customer_day[0].opens`."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}"
    return name.removeprefix(".")


def _shown(found: object) -> str:
    text = json.dumps(found, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"


# ---------------------------------------------------------------------------- checking

Model = TypeVar("Model", bound=BaseModel)


def check(document: Document, model: type[Model], data: Data, at: Path_ = ()) -> Model | None:
    """Validate `data`, which stands at `at`; every mistake goes to the document's problems."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(document, model, detail, at)
        return None


def _report(document: Document, model: type[BaseModel], detail: ErrorDetails, at: Path_) -> None:
    loc = tuple(step for step in detail["loc"] if step != "[key]")
    path = (*at, *loc)
    match detail["type"]:
        case "extra_forbidden":
            document.report(path, _known_key(model, loc))
        case "missing":
            document.report(path, f"the key “{loc[-1]}”, which is missing")
        case _:
            document.report(path, _expected(detail), detail["input"])


def _known_key(model: type[BaseModel], loc: Path_) -> str:
    return one_of("keys", str(loc[-1]), sorted(_keys_at(model, loc[:-1])))


def one_of(what: str, found: str, known: Sequence[str]) -> str:
    """What was expected where a name is unknown: the one that was probably meant, or all there are."""
    near = difflib.get_close_matches(found, known, n=1, cutoff=0.7)
    return f"one of the {what}: did you mean “{near[0]}”?" if near else f"one of the {what}: {', '.join(known)}"


def _keys_at(model: type[BaseModel], loc: Path_) -> set[str]:
    """The keys that may be written at a place in a model."""
    kind: object = model
    for step in loc:
        kind = _inside(kind, step)
    models = [k for k in _alternatives(kind) if isinstance(k, type) and issubclass(k, BaseModel)]
    return {f.alias or name for m in models for name, f in m.model_fields.items()}


def _inside(kind: object, step: Step) -> object:
    for option in _alternatives(kind):
        if isinstance(option, type) and issubclass(option, BaseModel):
            for name, info in option.model_fields.items():
                if step == (info.alias or name):
                    return info.annotation
        elif typing.get_origin(option) in (dict, Mapping):
            return typing.get_args(option)[1]
        elif typing.get_origin(option) in (tuple, list):
            return typing.get_args(option)[0]
    return None


def _alternatives(kind: object) -> Iterator[object]:
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        yield from _alternatives(typing.get_args(kind)[0])
    elif origin in (typing.Union, types.UnionType):
        for option in typing.get_args(kind):
            yield from _alternatives(option)
    else:
        yield kind


_WORDS = {
    "string_type": "text",
    "string_too_short": "some text",
    "string_too_long": "at most {max_length} characters",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "greater_than_equal": "at least {ge}",
    "greater_than": "more than {gt}",
    "less_than_equal": "at most {le}",
    "less_than": "less than {lt}",
    "enum": "one of {expected}",
    "literal_error": "one of {expected}",
    "model_type": "a mapping of keys to values",
    "dict_type": "a mapping of keys to values",
    "tuple_type": "a list",
    "list_type": "a list",
    "too_short": "at least {min_length} in the list",
    "too_long": "at most {max_length} in the list",
    "date_from_datetime_parsing": "a date such as 2026-12-16",
    "date_parsing": "a date such as 2026-12-16",
    "date_type": "a date such as 2026-12-16",
    "date_from_datetime_inexact": "a date such as 2026-12-16",
}


def _expected(detail: ErrorDetails) -> str:
    words = _WORDS.get(detail["type"])
    if words is None:
        # Our own validators' messages ("expected" errors) read on from the word, and so do the rest well enough.
        return detail["msg"]
    return words.format(**detail.get("ctx", {}))
