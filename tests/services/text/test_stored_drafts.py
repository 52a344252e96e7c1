"""What stored drafts hold, however deep."""

import json

import pytest

from services.text.stored_drafts import files_in


def _inside(draft: object, depth: int) -> str:
    """A draft as it is stored: each one inside another is kept as it was written."""
    text = json.dumps(draft)
    return text if depth == 0 else _inside({"step": "acting:for", "files": [], "held": text}, depth - 1)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
@pytest.mark.parametrize("wide", [False, True])
def test_files_are_found_at_any_depth(depth: int, wide: bool) -> None:
    draft = {"step": "request:review", "draft": {"pieces": [], "files": [7, 12]}}
    text = _inside(draft, depth)
    assert files_in(text if wide else text.replace(": ", ":")) == {7, 12}


def test_files_after_an_empty_list_are_found() -> None:
    assert files_in(json.dumps([{"files": []}, {"draft": {"files": [3]}}])) == {3}


@pytest.mark.parametrize(
    "text", ["", "[]", '{"files":[]}', '{"files":[ ]}', '{"files":"12"}', '{"text":"\\"files\\": [1"}', '{"files":[1']
)
def test_where_no_file_is_named_there_is_none(text: str) -> None:
    assert files_in(text) == frozenset()
