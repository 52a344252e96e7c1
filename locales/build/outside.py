"""Texts that people would see and that stand outside the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from locales.build.extract import CALLS, sources

MESSAGES = frozenset({"Outgoing", "Choice", "TapAnswer", "Button", "Prompt", "Again", "say"})
SHOWN = frozenset({"text", "label", "why", "ask_label", "place_title", "place_address"})
WRAPPERS = frozenset({"Markup", "str", "escape"})
ROOMS = ("conversations", "bot", "services", "storage")
_COMPARED = ("normalise", "day_halves", "day_words", "typed_times", "typed_periods")
# Arabic that is compared with what people type, never shown.
_UNDERSTOOD = (
    *(
        "another",
        "kinds",
        "hour_words",
        "latin_arabic",
        "moment_mentions",
        "moment_words",
        "own_wishes",
        "people",
        "places",
        "questions",
    ),
    *(
        "said_clocks",
        "said_days",
        "said_numbers",
        "service_wishes",
        "short_names",
        "signs",
        "spoken",
        "synonyms",
        "tables",
        "understanding",
    ),
    *("unmeant_words", "words", "yes_or_no"),
)
SEARCHED = frozenset(f"services/text/{module}.py" for module in _COMPARED) | {
    f"services/understanding/{module}.py" for module in _UNDERSTOOD
}
ESCAPE = "# not a text:"  # a comment that begins so, with why, lets its line or the one below it pass

_TAG = re.compile(r"<[^<>]*>|&\w+;")
_ARABIC_WORD = re.compile("[\u0620-\u064a]{2}")


def outside(root: Path) -> Iterator[str]:
    """Every text outside the catalogues in the rooms under `root`, with its place."""
    for name, path in sources(root, ROOMS):
        source = path.read_text(encoding="utf-8")
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue  # reported by the extraction
        lines = source.splitlines()
        found = _untranslated(tree) if name.startswith(("conversations/", "bot/")) else iter(())
        problems = {line: f"{text!r} is not in the catalogues" for line, text in found}
        if name not in SEARCHED:
            problems |= {line: f"Arabic in the code: {text!r}" for line, text in _arabic(tree)}
        problems |= dict(_unextractable(tree))
        for line in sorted(problems):
            if not any(ESCAPE in near for near in lines[max(0, line - 2) : line]):
                yield f"{name}:{line}: {problems[line]}"


def _untranslated(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if _name(node.func) not in MESSAGES:
            continue
        shown = [keyword.value for keyword in node.keywords if keyword.arg in SHOWN]
        for expression in (*node.args[:1], *shown):
            for literal in _literals(expression):
                if any(letter.isalpha() for letter in _TAG.sub("", str(literal.value))):
                    yield literal.lineno, str(literal.value)


def _literals(node: ast.expr) -> Iterator[ast.Constant]:
    """The string literals that end up in what the expression says; not the arguments of calls."""
    parts: list[ast.expr] = []
    match node:
        case ast.Constant(value=str()):
            yield node
        case ast.JoinedStr(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            pass
        case ast.BoolOp(values=parts):
            pass
        case ast.FormattedValue(value=inner) | ast.Starred(value=inner):
            parts = [inner]
        case ast.BinOp(left=left, right=right):
            parts = [left, right]
        case ast.IfExp(body=body, orelse=orelse):
            parts = [body, orelse]
        case ast.Call(func=ast.Attribute(value=ast.Constant() as text), args=args):
            parts = [text, *args]
        case ast.Call(func=ast.Name(id=name), args=args) if name in WRAPPERS:
            parts = args
    for part in parts:
        yield from _literals(part)


def _arabic(tree: ast.AST) -> Iterator[tuple[int, str]]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docstrings and _ARABIC_WORD.search(text):
                yield node.lineno, text


def _unextractable(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts put together inside the call that should translate them: no catalogue can hold them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in CALLS:
            text = node.args[0]
            if not isinstance(text, ast.Constant | ast.Name | ast.Attribute | ast.Call | ast.Subscript):
                yield node.lineno, "a text must be one literal, so that it can be translated whole"


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
    return ""
