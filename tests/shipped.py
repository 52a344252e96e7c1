"""The files that the product ships with, read once in a run of pytest: they never change."""

from __future__ import annotations

from collections.abc import Collection

from services.casework.templates import Templates, load_templates
from services.offices import changes
from services.offices.configuration import Configuration
from services.offices.offices import Offices, load_offices
from services.understanding.understanding import Rulebook

OFFICES = load_offices()
TEMPLATES = load_templates(OFFICES)
NO_TEMPLATES = Templates()
#: What people's words are understood with: to read every keyword anew took a third of a conversation's time.
RULEBOOK = Rulebook()
_written: dict[tuple[int, int, tuple[str, ...]], tuple[Offices, Templates, Configuration]] = {}


def written_once(offices: Offices, templates: Templates, languages: Collection[str] = ()) -> Configuration:
    """`changes.start`, once in a run for the same two objects. They and what is written never change."""
    which = id(offices), id(templates), tuple(languages)
    if which not in _written:
        if len(_written) > 30:  # of offices that one test made
            _written.clear()
        _written[which] = offices, templates, changes.start(offices, templates, languages)
    return _written[which][2]
