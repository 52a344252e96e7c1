"""No module imports one that imports it, at start-up, inside a function or for its types alone."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "conversations", "services", "storage", "locales")
#: What is imported inside a function, so that whoever does not need it does not load it.
DEFERRED = {
    "storage.open": {"storage.sqlite", "storage.postgres"},  # the driver in use
    "storage.migrate": {
        "alembic",
        "alembic.config",
        "asyncpg",
        "sqlalchemy",
        "sqlalchemy.exc",
        "sqlalchemy.ext.asyncio",
        "sqlalchemy.pool",
    },
    "services.offices.geography": {"shapely"},
    "services.files.decoder": {"services.files.sanitiser"},  # read in a process of its own
    "conversations.reports.files": {"services.reports.workbook"},  # 30 MB, for who is asked for a spreadsheet
}


def modules() -> dict[str, Path]:
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def imported(tree: ast.AST, known: Mapping[str, Path]) -> Iterator[str]:
    """The modules of ours that a file names in an import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                yield module if module in known else str(node.module)


def graph() -> dict[str, set[str]]:
    known = modules()
    return {
        name: {other for other in imported(ast.parse(path.read_text(encoding="utf-8")), known) if other in known}
        for name, path in known.items()
    }


def circle(imports: Mapping[str, set[str]]) -> list[str]:
    """The modules of a circle, in the order in which they import each other; none where there is no circle."""
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


def test_no_modules_import_each_other():
    imports = {name: others - {name} for name, others in graph().items()}
    assert len(imports) > 200
    assert circle(imports) == []


def test_a_circle_is_found():
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}
    assert circle({"a": {"b"}, "b": {"c"}, "d": {"a"}}) == []


def test_only_what_is_slow_to_load_is_imported_inside_a_function():
    deferred: dict[str, set[str]] = {}
    for name, path in modules().items():
        if name.partition(".")[0] == "bot":  # each command loads what it needs
            continue
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import):
                        deferred.setdefault(name, set()).update(alias.name for alias in node.names)
                    elif isinstance(node, ast.ImportFrom) and node.module:
                        deferred.setdefault(name, set()).add(node.module)
    assert deferred == DEFERRED
