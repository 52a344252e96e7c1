"""A file that would take all memory, or the composer's stack, is refused by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.offices.yaml_file import read

_BOMB = "\n".join(["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"] + [
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)
])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("offices: " + "[" * 3_000 + "]" * 3_000, "file.yaml:1: expected values at most 40 levels deep"),
        ("offices: " + "[" * 100_000, "file.yaml:1: expected values at most 40 levels deep"),
        (_BOMB, "expected at most 200,000 values, aliases counted each time"),
    ],
    ids=["deep", "deeper and never closed", "aliases of aliases"],
)
def test_a_file_larger_than_it_looks_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(text, "utf-8")
    document = read(file)
    assert document.data is None
    assert expected in " ".join(map(str, document.problems))
