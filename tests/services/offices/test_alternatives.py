"""Alternatives in the phrases of dangers: what a line stands for, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.understanding import TODAY
from services.offices.alternatives import MOST_PHRASES, expanded
from services.offices.document import offices_data
from services.offices.offices import DangerId, OfficesFileError, load_offices
from services.understanding.understanding import Understanding
from tests.known import known
from tests.services.offices.test_offices import SMALL


def with_phrases(folder: Path, keywords: str, harmless: str = "") -> Path:
    path = folder / "offices.yaml"
    danger = f"""
dangers:
  pit:
    name: {{ ar: حفرة, en: Pit }}
    call: 999
    answers: {{ ar: الطوارئ, en: the emergency services }}
    keywords: {{ en: [{keywords}] }}
    harmless: {{ en: [{harmless}] }}
"""
    path.write_text(SMALL + danger, encoding="utf-8")
    return path


def problem(folder: Path, keywords: str, harmless: str = "") -> str:
    with pytest.raises(OfficesFileError) as caught:
        load_offices(with_phrases(folder, keywords, harmless))
    [one] = caught.value.problems
    return str(one)


@pytest.mark.parametrize(
    ("line", "phrases"),
    [
        ("fire", ["fire"]),
        ("open manhole", ["open manhole"]),
        ("fell/fallen hole/pit", ["fell hole", "fell pit", "fallen hole", "fallen pit"]),
        ("dog bit him/her", ["dog bit him", "dog bit her"]),
        ("طاح/سقط حفرة", ["طاح حفرة", "سقط حفرة"]),
    ],
)
def test_a_line_stands_for_a_phrase_for_each_choice(line: str, phrases: list[str]) -> None:
    assert list(expanded(line)) == phrases


def test_each_phrase_of_a_line_tells_of_the_danger_or_of_none(tmp_path: Path) -> None:
    offices = load_offices(with_phrases(tmp_path, "fell/fallen hole/pit", "car/tyre fell"))
    rules = Understanding(offices)

    for text in ("he fell in a hole", "she has fallen into the pit"):
        assert rules.of(text, TODAY).danger == "pit"
    for text in ("the hole", "he fell", "my car fell into a pit", "a tyre fell into a hole"):
        assert rules.of(text, TODAY).danger is None


def test_a_file_that_is_written_again_keeps_the_lines_as_they_were(tmp_path: Path) -> None:
    offices = load_offices(with_phrases(tmp_path, "fell/fallen hole/pit"))

    assert known(offices.danger(DangerId("pit"))).keywords.en == ("fell/fallen hole/pit",)
    assert "fell/fallen hole/pit" in str(offices_data(offices))


@pytest.mark.parametrize("line", ["fell / fallen", "fell/ hole", "/fell hole", "fell hole/", "fell//fallen hole", "/"])
def test_an_alternative_that_is_missing_is_named(tmp_path: Path, line: str) -> None:
    told = problem(tmp_path, line)

    assert "dangers.pit.keywords.en[0]" in told
    assert f"a word on either side of “/”, and no space beside it (in “{line}”)" in told


def test_a_line_that_stands_for_too_many_phrases_is_named_with_the_limit(tmp_path: Path) -> None:
    letters = "/".join("abcdefghijklmno")

    told = problem(tmp_path, "fire", f"{letters} {letters}")

    assert "dangers.pit.harmless.en[0]" in told
    assert f"at most {MOST_PHRASES} phrases (“{letters} {letters}” stands for 225)" in told


def test_as_many_phrases_as_are_allowed_are_taken(tmp_path: Path) -> None:
    line = f"{'/'.join('abcdefghij')} {'/'.join('abcdefghijklmnopqrst')}"

    offices = load_offices(with_phrases(tmp_path, line))

    assert len(known(offices.danger(DangerId("pit"))).keywords.expanded) == MOST_PHRASES == 200
