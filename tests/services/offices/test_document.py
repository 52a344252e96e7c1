"""What is configured is written as files that read back to the same, whatever was changed."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from services.casework.templates import load_templates
from services.offices import changes, document
from services.offices.changes import Overtaken, Present, Proposal, Refused
from services.offices.configuration import value_at
from services.offices.offices import load_offices
from tests.shipped import OFFICES, TEMPLATES

START = changes.start(OFFICES, TEMPLATES, ("ar", "en"))
OFFICE_IDS, CATEGORY_IDS = sorted(OFFICES.offices_by_id), sorted(OFFICES.categories_by_id)
#: What people may type, with all that YAML could take for something else.
WORDS = st.one_of(
    st.text(min_size=1, max_size=30),
    st.sampled_from(["true", "~", "null", "010", "7:00", "1e3", "- a", "#x", "{a}", "'", '"', "no", "ع: س", "\u2028"]),
)
ENGLISH, ARABIC = WORDS.map(lambda text: f"a{text}"), WORDS.map(lambda text: f"ع{text}")
BOTH = st.fixed_dictionaries({"ar": ARABIC, "en": ENGLISH})
CLOCKS = st.sampled_from(["07:00", "9:15", "10:00", "12:00", "14:15", "25:00", "x"])
SPANS = st.one_of(st.builds("{}–{}".format, CLOCKS, CLOCKS), st.none())
MEETINGS = st.lists(st.sampled_from(["in_person", "phone", "video", "letter"]), max_size=3)
RULES = st.fixed_dictionaries(
    {
        "lane": st.sampled_from(["director", "second", "Not An Id"]),
        "name": BOTH,
        "weekday": st.sampled_from(["sunday", "monday", "Wednesday", "someday"]),
        "opens": CLOCKS,
        "closes": CLOCKS,
        "slot_minutes": st.sampled_from([5, 15, 30, 7, 0]),
        "capacity": st.integers(0, 4),
    },
    optional={
        "active_from": st.dates().map(str),
        "released_late": st.sampled_from([0.25, 0.5, 2]),
        "meetings": MEETINGS,
    },
)
CLOSURES = st.one_of(
    st.fixed_dictionaries({"date": st.dates().map(str), "reason": BOTH}, optional={"works": st.booleans()}),
    st.fixed_dictionaries({"from": st.dates().map(str), "to": st.dates().map(str), "reason": BOTH}),
)
TARGETS = st.integers(0, 40)
PLACES: dict[tuple[str, ...], st.SearchStrategy[object]] = {
    ("hours", "sunday"): SPANS,
    ("closures",): st.lists(CLOSURES, max_size=2),
    ("targets", "close"): TARGETS,
    ("hotline",): st.sampled_from(["17681234", "1"]),
}
for _id in OFFICE_IDS[:3]:
    PLACES |= {
        ("offices", _id, "name", "en"): ENGLISH,
        ("offices", _id, "name", "ar"): ARABIC,
        ("offices", _id, "keywords"): st.lists(WORDS, max_size=3),
        ("offices", _id, "customer_day"): st.lists(RULES, max_size=2),
        ("offices", _id, "hours"): st.fixed_dictionaries({"sunday": SPANS, "monday": SPANS}),
        ("offices", _id, "contacts", "phone"): st.sampled_from(["17681234", "+44 20 7946 0958", "x", None]),
        ("offices", _id, "place", "latitude"): st.floats(-100, 100, allow_nan=False),
        ("offices", _id, "public_channel"): st.sampled_from(["-1001234567890", "123", None]),
        ("offices", _id, "notice"): st.one_of(BOTH, st.none()),
        ("offices", _id, "categories"): st.lists(st.sampled_from([*CATEGORY_IDS[:4], "gone"]), max_size=3),
        ("offices", _id, "retired"): st.booleans(),
    }
for _id in CATEGORY_IDS[:3]:
    PLACES |= {
        ("categories", _id, "name", "en"): ENGLISH,
        ("categories", _id, "targets", "triage"): TARGETS,
        ("categories", _id, "targets", "close"): TARGETS,
        ("categories", _id, "retired"): st.booleans(),
        ("categories", _id, "place"): st.sampled_from(["required", "none", "somewhere"]),
    }
PLACES |= {
    ("categories", "new"): st.fixed_dictionaries(
        {
            "name": BOTH,
            "emoji": st.sampled_from(["🌴", "palm tree"]),
            "owner": st.sampled_from([*OFFICES.bodies_by_id, "x"]),
        }
    ),
    ("categories", "new", "retired"): st.booleans(),
    ("templates", "received", "text"): BOTH,
    ("templates", "new", "title", "en"): ENGLISH,
    ("templates", "new"): st.fixed_dictionaries({"title": BOTH, "text": BOTH}),
}
EDITS = st.lists(
    st.sampled_from(sorted(PLACES)).flatmap(lambda path: st.tuples(st.just(path), PLACES[path])), max_size=6
)


def assert_reads_back(present: Present) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "blocks.csv").write_text(document.blocks_csv(present.offices.geography.blocks), "utf-8")
        written = {
            "offices": document.offices_data(present.offices),
            "templates": document.templates_data(present.templates),
        }
        for file, data in written.items():
            (folder / f"{file}.yaml").write_text(document.as_yaml(data, "a heading"), "utf-8")
        offices = load_offices(folder / "offices.yaml", languages=("ar", "en"))
        assert offices == present.offices
        assert load_templates(offices, folder / "templates.yaml") == present.templates


def test_the_shipped_files_read_back_to_the_same() -> None:
    assert_reads_back(Present(START, OFFICES, TEMPLATES))


def test_an_office_with_the_usual_hours_follows_them() -> None:
    data = START.data | {"hours": {"sunday": "08:00–12:00"}}
    found = changes.read(replace(START, data=data))
    assert isinstance(found, Present)
    assert all(office.hours.monday is None for office in found.offices.all)


@given(EDITS)
def test_any_change_is_refused_in_the_files_words_or_reads_back_to_the_same(
    edits: list[tuple[tuple[str, ...], object]],
) -> None:
    present: Present = Present(START, OFFICES, TEMPLATES)
    for path, value in edits:
        before = value_at(present.configuration.data, path)
        after = None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
        match changes.examine(present, Proposal(path=path, before=before, after=after)):
            case Present() as found:
                present = found
            case Refused(problems):
                assert all(problem.expected for problem in problems)
                assert problems
            case Overtaken():
                assert path[:2] in {("templates", "new"), ("categories", "new")}
    if present.configuration.data != START.data:  # else it is the shipped files, of which the test above
        assert_reads_back(present)
