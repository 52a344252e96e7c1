"""The command line of the catalogues' tool."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from locales.build import store
from locales.build.data import data_faults
from locales.build.extract import extract
from locales.build.faults import faults, message_faults
from locales.build.outside import outside
from locales.languages import Language

ROOT = Path(__file__).parents[2]

Translations = dict[str, str | list[str]]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; what it found or did goes to standard output. Returns the exit status."""
    options = _parser().parse_args(arguments)
    home = options.root / "locales"
    if options.command == "compile":
        return _done(f"compiled {path.name}" for path in store.compile_all(home))
    with store.locked(home):
        match options.command:
            case "update":
                return update(options.root)
            case "missing":
                return missing(options.root, Language(options.language), options.domain)
            case "fill":
                return fill(options.root, Language(options.language), json.load(sys.stdin))
            case _:
                return check(options.root)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m locales.build", description="Keep the catalogues in step.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("compile", help="compile the catalogues that changed")
    commands.add_parser("update", help="bring the catalogues in step with the code")
    commands.add_parser("check", help="list every fault of the catalogues and every text outside them")
    show = commands.add_parser("missing", help="print the untranslated texts as JSON, ready to fill in")
    show.add_argument("language", choices=[*Language])
    show.add_argument("domain", nargs="?", help="of this source file only, or common")
    take = commands.add_parser("fill", help='read {"text": "translation", "one": [its forms]} as JSON, and keep it')
    take.add_argument("language", choices=[*Language])
    return parser


def update(root: Path) -> int:
    """Bring the catalogues in step with the code."""
    home = root / "locales"
    extraction = extract(root)
    touched = store.write(home, store.in_step(home, extraction))
    warned = [f"{name} does not parse: what it said before is kept" for name in sorted(extraction.unreadable)]
    return _done([*warned, *(f"wrote {path.relative_to(home)}" for path in touched)])


def check(root: Path) -> int:
    """List what is wrong. 1 where anything is."""
    found = list(dict.fromkeys((*faults(root / "locales", extract(root)), *outside(root), *data_faults(root))))
    _done(found)
    return 1 if found else 0


def missing(root: Path, language: Language, domain: str | None) -> int:
    """Print what has no translation yet, as JSON of the shape that `fill` takes."""
    home = root / "locales"
    wanted: Translations = {}
    for path, catalogue in store.in_step(home, extract(root)).items():
        if store.language_at(path) is not language or (domain and path.stem != domain):
            continue
        for message in catalogue:
            one, other = store.english(message)
            if one and not store.is_translated(message):
                wanted[one] = list(store.forms(message)) if other else ""
    print(json.dumps(wanted, ensure_ascii=False, indent=1, sort_keys=True))  # noqa: T201
    return 0


def fill(root: Path, language: Language, given: Translations) -> int:
    """Put translations into the catalogues, those without a fault. 1 where one was refused."""
    home = root / "locales"
    extraction = extract(root)
    # Someone may be in the middle of rewriting a flow: only `update` drops what is no longer said.
    catalogues = store.in_step(home, extraction, drop=False)
    refused = dict.fromkeys(given, "the code does not say this")
    for path, catalogue in catalogues.items():
        if store.language_at(path) is not language:
            continue
        for message in catalogue:
            one = store.english(message)[0]
            if one not in given or not one:
                continue
            before, message.string = message.string, _string(given[one])
            message.flags.discard("fuzzy")
            text = extraction.texts.get(one)
            is_label = text is not None and text.is_label and not text.is_markup
            found = "; ".join(message_faults(message, language, is_label=is_label))
            if found:
                message.string, refused[one] = before, found
            else:
                del refused[one]
    store.write(home, catalogues)
    _done([f"filled {len(given) - len(refused)}", *(f"refused: {text!r}: {why}" for text, why in refused.items())])
    return 1 if refused else 0


def _string(given: str | list[str]) -> str | tuple[str, ...]:
    return given if isinstance(given, str) else tuple(given)


def _done(lines: Iterable[str]) -> int:
    for line in lines:
        print(line)  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
