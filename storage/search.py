"""What staff search for: cases by their words, a number or a block; and the index of words, which the clock keeps.

A case is found by any part of a word of three letters or more, by the beginning of one of two, and by a single letter
where it stands alone. The index holds what comes three letters at a time; words it has not taken in yet are looked
through one by one.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from storage.database import Dialect, Row, Transaction, one_of
from storage.ids import CaseId, OfficeId
from storage.records.bookings import Booking
from storage.records.cases import Case

#: Of what the index finds so many are looked at, the newest: whoever is shown more hits asks more exactly.
MOST = 2000
_FRESH = 500  # cases that wait to be indexed; more only right after an update of this program
_WORDS = 6


class Hits(NamedTuple):
    """A page of what was found, and how much that is; `more` where only the newest were looked at."""

    cases: list[Case]
    total: int
    more: bool = False


# ---------------------------------------------------------------------------- by a number, a block


def _found(dialect: Dialect, condition: str) -> str:
    order = "CASE WHEN c.closed_at IS NULL THEN 0 ELSE 1 END, c.created_at DESC, c.id DESC"
    # Only the rows of the page are read whole.
    return f"""
        SELECT c.*, hits.total FROM (
            SELECT c.id, count(*) OVER () AS total FROM cases c
            WHERE {one_of(dialect, "c.office", "offices")} AND {condition}
            ORDER BY {order} LIMIT :limit OFFSET :offset
        ) AS hits JOIN cases c ON c.id = hits.id ORDER BY {order}
    """


_BY_BLOCK = {dialect: _found(dialect, "c.block = :block AND c.block IS NOT NULL") for dialect in Dialect}
# Whoever asked not to be named is not found by their number.
_BY_PHONE = {dialect: _found(dialect, "c.phone = :phone AND c.phone <> '' AND NOT c.anonymous") for dialect in Dialect}
_BOOKINGS_BY_PHONE = {
    dialect: f"""
        SELECT b.*, s.day, t.starts_at, t.ends_at FROM bookings b
        JOIN sessions s ON s.id = b.session_id LEFT JOIN slots t ON t.id = b.slot_id
        WHERE b.phone = :phone AND b.phone <> '' AND b.confirmed_at IS NOT NULL
            AND {one_of(dialect, "b.office", "offices")}
        ORDER BY s.day DESC, b.id DESC LIMIT :limit
    """
    for dialect in Dialect
}


async def by_block(tx: Transaction, offices: Collection[OfficeId], block: int, limit: int, offset: int) -> Hits:
    return _hits(await tx.all(_BY_BLOCK[tx.dialect], offices=tuple(offices), block=block, limit=limit, offset=offset))


async def by_phone(tx: Transaction, offices: Collection[OfficeId], phone: str, limit: int, offset: int) -> Hits:
    """Cases with this number, except those whose people asked not to be named."""
    return _hits(await tx.all(_BY_PHONE[tx.dialect], offices=tuple(offices), phone=phone, limit=limit, offset=offset))


async def bookings_by_phone(tx: Transaction, offices: Collection[OfficeId], phone: str, limit: int) -> list[Booking]:
    rows = await tx.all(_BOOKINGS_BY_PHONE[tx.dialect], offices=tuple(offices), phone=phone, limit=limit)
    return [Booking.of(row) for row in rows]


# ---------------------------------------------------------------------------- by words

_INDEXED = {
    Dialect.SQLITE: """
        SELECT s.rowid AS id FROM case_search s WHERE s.case_search MATCH :letters ORDER BY s.rowid DESC LIMIT :most
    """,
    # In two steps: else the newest cases would be read one by one until there are enough.
    Dialect.POSTGRES: """
        SELECT id FROM (
            SELECT id FROM cases WHERE in_index AND trigrams(search) @> CAST(:letters AS TEXT[]) OFFSET 0
        ) AS every ORDER BY id DESC LIMIT :most
    """,
}


def _by_words(dialect: Dialect) -> str:
    searched = "' ' || c.search || ' '"
    all_words = " AND ".join(f"{searched} LIKE CAST(:word{n} AS TEXT) ESCAPE '!'" for n in range(_WORDS))
    whole_words = " AND ".join(f"{searched} LIKE CAST(:whole{n} AS TEXT) ESCAPE '!'" for n in range(_WORDS))
    order = "part_of_a_word, ended, c.created_at DESC, c.id DESC"
    return f"""
        WITH indexed AS ({_INDEXED[dialect]}),
        fresh AS (SELECT id FROM cases WHERE NOT in_index AND search IS NOT NULL ORDER BY id DESC LIMIT :fresh),
        hits AS (
            SELECT c.id, c.created_at, CASE WHEN c.closed_at IS NULL THEN 0 ELSE 1 END AS ended,
                CASE WHEN {whole_words} THEN 0 ELSE 1 END AS part_of_a_word, count(*) OVER () AS total
            FROM (SELECT id FROM indexed UNION SELECT id FROM fresh) AS near JOIN cases c ON c.id = near.id
            WHERE {one_of(dialect, "c.office", "offices")} AND {all_words}
            ORDER BY {order} LIMIT :limit OFFSET :offset
        )
        SELECT c.*, hits.total, (SELECT count(*) FROM indexed) AS near
        FROM hits JOIN cases c ON c.id = hits.id
        ORDER BY hits.part_of_a_word, hits.ended, hits.created_at DESC, hits.id DESC
    """


_BY_WORDS = {dialect: _by_words(dialect) for dialect in Dialect}


async def by_words(
    tx: Transaction, offices: Collection[OfficeId], words: Collection[str], limit: int, offset: int
) -> Hits:
    """Cases that hold all of the words (normalised, the first six); first those that hold them as whole words."""
    wanted = [*words][:_WORDS]
    patterns = [_pattern(_literally(word), len(word)) for word in wanted]
    values = {f"word{n}": patterns[n] if n < len(patterns) else "%" for n in range(_WORDS)}
    values |= {f"whole{n}": f"% {_literally(wanted[n])} %" if n < len(wanted) else "%" for n in range(_WORDS)}
    rows = await tx.all(
        _BY_WORDS[tx.dialect],
        letters=_letters(tx.dialect, wanted),
        offices=tuple(offices),
        most=MOST,
        fresh=_FRESH,
        limit=limit,
        offset=offset,
        **values,
    )
    return _hits(rows)._replace(more=bool(rows) and _number(rows[0], "near") >= MOST)


def _pattern(word: str, length: int) -> str:
    if length >= 3:
        return f"%{word}%"
    return f"% {word}%" if length == 2 else f"% {word} %"


def _letters(dialect: Dialect, words: Collection[str]) -> str | tuple[str, ...]:
    """What the index is asked for: every three letters in a row of the words."""
    parts = [word if len(word) >= 3 else f" {word}" if len(word) == 2 else f" {word} " for word in words]
    letters = tuple(dict.fromkeys(part[at : at + 3] for part in parts for at in range(len(part) - 2)))
    if dialect is Dialect.POSTGRES:
        return letters
    return " AND ".join('"' + three.replace('"', '""') + '"' for three in letters)


def _literally(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


# ---------------------------------------------------------------------------- the index of words


def put_words(tx: Transaction, case: CaseId, words: str) -> None:
    """What a case is found by. They are in the index once the clock has put them there."""
    tx.later("UPDATE cases SET search = :words, in_index = FALSE WHERE id = :id", words=f" {words} ", id=case)


def forget_words(tx: Transaction, case: CaseId) -> None:
    """They are no longer what they were: the clock writes them anew."""
    tx.later("UPDATE cases SET search = NULL, in_index = FALSE WHERE id = :id", id=case)


async def to_index(tx: Transaction, limit: int) -> list[tuple[Case, bool]]:
    """Cases that are to come into the index, the newest first, and whether each has its words."""
    rows = await tx.all("SELECT * FROM cases WHERE NOT in_index ORDER BY id DESC LIMIT :limit", limit=limit)
    return [(Case.of(row), row["search"] is not None) for row in rows]


async def add_to_index(tx: Transaction, cases: Collection[CaseId]) -> None:
    """Take the words of these cases into the index."""
    which = one_of(tx.dialect, "id", "cases", "BIGINT")
    # Versions before this one wrote them without the spaces.
    await tx.run(
        f"UPDATE cases SET search = ' ' || trim(search) || ' ', in_index = TRUE WHERE NOT in_index AND {which}",
        cases=tuple(cases),
    )
    if tx.dialect is Dialect.SQLITE:
        sql = f"INSERT INTO case_search (rowid, search) SELECT id, search FROM cases WHERE {which}"
        await tx.run(sql, cases=tuple(cases))


async def spelt_differently(tx: Transaction, version: int, limit: int) -> list[Case]:
    """Cases whose words are still spelt as an earlier version did it, the newest first.

    Those that are returned count as spelt anew with the commit.
    """
    row = await tx.one("SELECT version, below FROM search_spelling")
    known = version if row is None else _number(row, "version")  # without a row there was no earlier version
    below = 0 if row is None else _number(row, "below")
    if known < version:
        newest = await tx.one("SELECT coalesce(max(id), 0) + 1 AS below FROM cases")
        below = _number(newest, "below") if newest is not None else 0
    elif row is not None and not below:
        return []
    found = [
        Case.of(one)
        for one in await tx.all(
            "SELECT * FROM cases WHERE id < :below AND search IS NOT NULL ORDER BY id DESC LIMIT :limit",
            below=below,
            limit=limit,
        )
    ]
    tx.later(
        """
        INSERT INTO search_spelling (one, version, below) VALUES (1, :version, :below)
        ON CONFLICT (one) DO UPDATE SET version = excluded.version, below = excluded.below
        """,
        version=version,
        below=found[-1].id if found else 0,
    )
    return found


async def tidy_index(tx: Transaction, pages: int) -> bool:
    """Merge parts of the index, so many pages at most, so that what was erased leaves the file. Whether there were any.

    PostgreSQL does so by itself.
    """
    if tx.dialect is Dialect.POSTGRES:
        return False
    before = await tx.one("SELECT total_changes() AS n")
    await tx.run("INSERT INTO case_search (case_search, rank) VALUES ('merge', :pages)", pages=pages)
    after = await tx.one("SELECT total_changes() AS n")
    # As SQLite's manual has it: of two changes or more, one was to the index.
    return before is not None and after is not None and _number(after, "n") - _number(before, "n") >= 2


# ---------------------------------------------------------------------------- inside


def _hits(rows: list[Row]) -> Hits:
    return Hits([Case.of(row) for row in rows], _number(rows[0], "total") if rows else 0)


def _number(row: Row, column: str) -> int:
    return int(str(row[column]))
