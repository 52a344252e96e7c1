"""Named parameters as PostgreSQL numbers them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.postgres import numbered


@pytest.mark.parametrize(
    ("sql", "expected", "names"),
    [
        ("SELECT :a", "SELECT $1", ("a",)),
        ("SELECT :a, :b, :a", "SELECT $1, $2, $1", ("a", "b")),
        ("SELECT :at::text", "SELECT $1::text", ("at",)),
        ("SELECT x::text, 'y'::date", "SELECT x::text, 'y'::date", ()),
        ("SELECT 'it''s :not one', :one", "SELECT 'it''s :not one', $1", ("one",)),
        ('SELECT "odd :name" FROM t', 'SELECT "odd :name" FROM t', ()),
        ("SELECT 1 -- :not\n, :one", "SELECT 1 -- :not\n, $1", ("one",)),
        ("SELECT /* :not\n :nor */ :one", "SELECT /* :not\n :nor */ $1", ("one",)),
        ("SELECT '12:30', :a", "SELECT '12:30', $1", ("a",)),
        ("SELECT x[1:n]", "SELECT x[1:n]", ()),
        ("(:a,:b)", "($1,$2)", ("a", "b")),
        ("make_interval(secs => :s)", "make_interval(secs => $1)", ("s",)),
    ],
)
def test_parameters_are_numbered_and_what_only_looks_like_one_is_left(
    sql: str, expected: str, names: tuple[str, ...]
) -> None:
    assert numbered(sql) == (expected, names)


NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_characters="'\0", exclude_categories=["Cs"]), max_size=12)
PARTS = st.one_of(
    st.tuples(st.just("name"), NAMES),
    st.tuples(st.just("text"), TEXTS),
    st.tuples(st.just("cast"), NAMES),
    st.tuples(st.just("plain"), st.sampled_from(["SELECT ", " = ", ", ", "(", ")", " AND x IN "])),
)


@given(st.lists(PARTS, max_size=20))
def test_every_parameter_and_nothing_else_is_numbered(parts: list[tuple[str, str]]) -> None:
    written, expected, names = "", "", []
    for kind, word in parts:
        match kind:
            case "name":
                if word not in names:
                    names.append(word)
                written += f" :{word}"
                expected += f" ${names.index(word) + 1}"
            case "text":
                written += f" '{word} :{word or 'x'}'"
                expected += f" '{word} :{word or 'x'}'"
            case "cast":
                written += f" x::{word}"
                expected += f" x::{word}"
            case _:
                written += f" {word} "
                expected += f" {word} "
    assert numbered(written) == (expected, tuple(names))
