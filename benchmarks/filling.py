"""Fills a database of the newest schema as years of use would: by SQL alone, a million rows in a few seconds.

Most of it is as the duties leave it. Some of each kind is past its time, as after a week in which the bot stood still.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.migrate import migrate
from storage.open import open_database

OFFICES = ("capital", "muharraq", "northern", "southern", "investors", "community")
_DAY = 86_400
_SENTENCES = 20_000
_LETTERS = "abcdefghiklmnoprstuwy"
#: Words that come often, in hundredths of all sentences, and where a search finds thousands of them.
COMMON = ("water", "street", "light", "bin", "road")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of what."""

    residents: int
    cases: int
    messages: int  # sent
    open: int  # of the cases

    @property
    def backlog(self) -> int:
        """What is past its time, of each kind; of messages fifty times as much."""
        return max(20, self.cases // 500)


def vocabulary() -> list[str]:
    """Two thousand words, always the same."""
    chance = random.Random(7)
    return sorted({"".join(chance.choices(_LETTERS, k=chance.randint(4, 9))) for _ in range(2000)})


def fill(path: Path, size: Size, now: datetime) -> None:
    asyncio.run(_migrate(f"sqlite:///{path}"))
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "temp_store = FILE"):
        connection.execute(f"PRAGMA {pragma}")
    indexes = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    later = indexes.fetchall()
    connection.execute("BEGIN")
    for name, _ in later:
        connection.execute(f"DROP INDEX {name}")
    _sentences(connection)
    values = _values(size, now)
    for sql in _ROWS:
        connection.execute(_with_helpers(sql), values)
    for _, sql in later:
        connection.execute(sql)
    connection.execute("COMMIT")
    _index_words(connection)
    connection.close()


async def _migrate(url: str) -> None:
    database = await open_database(url)
    await migrate(database, url)
    await database.close()


def _values(size: Size, now: datetime) -> Mapping[str, int]:
    return {
        "now": int(now.timestamp()),
        "residents": size.residents,
        "cases": size.cases,
        "messages": size.messages,
        "open": size.open,
        "backlog": size.backlog,
        "files": size.cases // 5,
        "bookings": size.residents // 10,
    }


def _sentences(connection: sqlite3.Connection) -> None:
    chance, words = random.Random(8), vocabulary()
    connection.execute("CREATE TEMP TABLE sentences (id INTEGER PRIMARY KEY, words TEXT NOT NULL)")
    connection.executemany(
        "INSERT INTO sentences (id, words) VALUES (?, ?)",
        (
            (number, " ".join([*chance.choices(words, k=6), *(word for word in COMMON if chance.random() < 0.15)]))
            for number in range(_SENTENCES)
        ),
    )


def _index_words(connection: sqlite3.Connection) -> None:
    """Take the words in as years would: in small parts, merged on the way; the large ones are of a high level."""
    connection.execute("INSERT INTO case_search (case_search, rank) VALUES ('automerge', 4)")
    connection.execute("INSERT INTO case_search (rowid, search) SELECT id, search FROM cases WHERE in_index")
    connection.execute("INSERT INTO case_search (case_search, rank) VALUES ('automerge', 0)")


def _with_helpers(sql: str) -> str:
    """`{at x}` is the instant of a number of seconds, `{office}` one by `i`, `{n}` the numbers from 1 to a value."""
    parts = sql.split("{at ")
    text = parts[0]
    for part in parts[1:]:
        seconds, _, rest = part.partition("}")
        text += f"strftime('%Y-%m-%dT%H:%M:%f000+00:00', {seconds}, 'unixepoch'){rest}"
    offices = " ".join(f"WHEN {number} THEN '{office}'" for number, office in enumerate(OFFICES))
    return text.replace("{office}", f"CASE i % {len(OFFICES)} {offices} END")


def _numbers(count: str) -> str:
    return f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"


# Cases are two years old at most, in the order of their ids; every second of the newest is open. Those that ended more
# than a year ago are pseudonyms', but for the backlog.
_CREATED = f"(:now - (:cases - i) * {730 * _DAY} / :cases)"
_IS_OPEN = "(i > :cases - 2 * :open AND i % 2 = 0)"
_IS_OLD = f"({_CREATED} + {7 * _DAY} < :now - {365 * _DAY} AND NOT {_IS_OPEN})"
_IS_ERASED = f"({_IS_OLD} AND i % (:cases / :backlog / 2) <> 1)"

_ROWS = (
    # Residents, one in fifty of them a caller; and a pseudonym for each case that was erased.
    f"""{_numbers(":residents")}
    INSERT INTO residents (id, channel, address, name, language, phone, phone_own, created_at, seen_at)
    SELECT i, CASE WHEN i % 50 = 0 THEN 'desk' ELSE 'telegram' END, printf('%010d', 1000000000 + i), 'Fatima Ali',
        CASE WHEN i % 3 = 0 THEN 'en' ELSE 'ar' END,
        CASE WHEN i % 2 = 0 THEN printf('+97333%06d', i % 1000000) ELSE '' END, 0,
        {{at :now - {700 * _DAY}}}, {{at :now - i % {600 * _DAY} - 3600}} FROM n""",
    f"""{_numbers(":cases")}
    INSERT INTO residents (id, channel, address, language, reachable, created_at, seen_at, forgotten_at)
    SELECT :residents + i, 'telegram', printf('forgotten:%010d', i), 'ar', 0, {{at :now - {99 * _DAY}}},
        {{at :now - {99 * _DAY}}}, {{at :now - {99 * _DAY}}} FROM n WHERE {_IS_ERASED}""",
    # Conversations: a few stand where something was entered, of which the backlog is more than a day ago.
    f"""{_numbers(":residents")}
    INSERT INTO conversations (resident_id, step, turn, offered, saved, updated_at)
    SELECT i, '{{"step":"menu:home"}}', 3, CASE WHEN i % 200 = 1 THEN '[{{"label":"Yes"}}]' ELSE '[]' END,
        CASE WHEN i % 1000 = 1 THEN '["{{}}"]' ELSE '[]' END,
        {{at CASE WHEN i % 200 = 1 AND i > :backlog THEN :now - i % 80000 ELSE :now - {2 * _DAY} - i END}}
    FROM n WHERE i % 50 <> 0""",
    f"""{_numbers(":cases")}
    INSERT INTO cases (id, reference, kind, category, office, resident_id, status, words, block, road, latitude,
        longitude, name, phone, owner, priority, outcome, source, created_at, updated_at, opened_at, closed_at,
        triage_due, update_due, close_due, before_question, look_at, search, in_index, identity)
    SELECT i, printf('R-%08d', i), 'complaint', 'bins', {{office}},
        CASE WHEN {_IS_ERASED} THEN :residents + i ELSE i * 7919 % :residents + 1 END,
        CASE WHEN NOT {_IS_OPEN} THEN 'closed' ELSE CASE i / 2 % 10
            WHEN 0 THEN 'awaiting_resident' WHEN 1 THEN 'referred'
            WHEN 2 THEN 'under_review' WHEN 3 THEN 'in_progress' ELSE 'received' END END,
        a.words, 100 + i * 31 % 900, CAST(i % 90 AS TEXT), CASE WHEN i % 2 = 0 THEN 26.0 + i % 3000 / 10000.0 END,
        CASE WHEN i % 2 = 0 THEN 50.4 + i % 2000 / 10000.0 END, CASE WHEN {_IS_ERASED} THEN '' ELSE 'Fatima Ali' END,
        CASE WHEN {_IS_ERASED} OR i % 3 = 0 THEN '' ELSE printf('+97333%06d', i % 1000000) END,
        CASE WHEN i % 3 = 0 THEN '' ELSE 'staff:' || (i % 50) END, i % 16 / 14,
        CASE WHEN {_IS_OPEN} THEN '' ELSE 'fixed' END, '', {{at {_CREATED}}}, {{at {_CREATED}}}, {{at {_CREATED}}},
        CASE WHEN NOT {_IS_OPEN} THEN {{at min({_CREATED} + {7 * _DAY}, :now)}} END,
        {{at {_CREATED} + {_DAY}}}, {{at {_CREATED} + {3 * _DAY}}}, {{at {_CREATED} + {10 * _DAY}}},
        CASE WHEN {_IS_OPEN} AND i / 2 % 10 = 0 THEN 'received' END,
        CASE WHEN {_IS_OPEN} THEN {{at :now + CASE WHEN i > :cases - :backlog THEN -60 ELSE {5 * _DAY} END}} END,
        ' ' || a.words || ' ' || b.words || ' ', 1, CASE WHEN {_IS_ERASED} THEN 'erased' ELSE 'kept' END
    FROM n JOIN sentences a ON a.id = i % {_SENTENCES} JOIN sentences b ON b.id = i * 7919 % {_SENTENCES}""",
    """UPDATE cases SET
        next_due = CASE WHEN status = 'received' THEN triage_due ELSE update_due END,
        first_due = CASE WHEN status = 'received' THEN triage_due
            WHEN status IN ('under_review', 'in_progress') THEN update_due END
    WHERE closed_at IS NULL""",
    f"""{_numbers("3 * :cases")}
    INSERT INTO case_events (case_id, at, actor, what, public, words)
    SELECT (i + 2) / 3, {{at :now - {300 * _DAY}}}, CASE WHEN i % 3 = 1 THEN 'resident' ELSE 'staff:' || (i % 50) END,
        CASE i % 3 WHEN 1 THEN 'received' WHEN 2 THEN 'noted' ELSE 'closed' END, 1,
        CASE WHEN i % 3 = 2 THEN 'Fatima was told' ELSE '' END FROM n""",
    # Messages: sent within ninety days, but for the backlog.
    f"""{_numbers(":messages")}
    INSERT INTO outbox (channel, chat, kind, payload, status, key, subject, resident_id, not_before, attempts, message,
        created_at, sent_at)
    SELECT 'telegram', printf('%010d', 1000000000 + i * 7919 % :residents + 1), 'message', '', 'sent',
        CASE WHEN i % 2 = 0 THEN printf('n:%010d', i) END,
        CASE WHEN i % 5 = 0 THEN 'case:' || (i * 31 % :cases + 1) ELSE '' END, i * 7919 % :residents + 1,
        {{at :now}}, 1, i, {{at :now - CASE WHEN i <= 50 * :backlog THEN {91 * _DAY} ELSE
            (:messages - i) * {89 * _DAY} / :messages END}}, {{at :now}} FROM n""",
    f"""{_numbers(":residents / 3")}
    INSERT INTO updates (channel, update_id, received_at)
    SELECT 'telegram', 100000000 + i, {{at :now - CASE WHEN i <= :backlog THEN {4 * _DAY} ELSE
        {2 * _DAY} END + i % 80000}} FROM n""",
    f"""{_numbers("2 * :cases")}
    INSERT INTO audit (at, actor, action, subject)
    SELECT {{at :now - (2 * :cases - i) * {735 * _DAY} / (2 * :cases)}}, 'staff:' || (i % 50),
        CASE WHEN i % 40 = 0 THEN 'case.contact' ELSE 'case.note' END, 'case:' || ((i + 1) / 2) FROM n""",
    # Two Customer Days a week for two years at each office, each in a lane.
    f"""{_numbers(f"208 * {len(OFFICES)}")}
    INSERT INTO sessions (id, office, lane, day, opens_at, closes_at, nonce, created_at)
    SELECT i, {{office}}, 'past', date(:now - ((208 * {len(OFFICES)} - i) / {len(OFFICES)} * 3.5 + 1) * {_DAY},
        'unixepoch'), {{at :now - {_DAY}}}, {{at :now - 3600}}, 'n', {{at :now}} FROM n""",
    """INSERT INTO slots (id, session_id, starts_at, ends_at, capacity, released_at, bookable_until)
    SELECT id, id, opens_at, closes_at, 8, opens_at, opens_at FROM sessions""",
    f"""{_numbers(":bookings")}
    INSERT INTO bookings (id, reference, office, session_id, slot_id, seat, resident_id, status, words, name, phone,
        created_at, updated_at, confirmed_at)
    SELECT i, printf('B-%08d', i), s.office, s.id, s.id, i, i * 7 % :residents + 1, 'attended',
        CASE WHEN s.id > 104 * {len(OFFICES)} THEN 'About my house' ELSE '' END,
        CASE WHEN s.id > 180 * {len(OFFICES)} THEN 'Fatima Ali' ELSE '' END, '', s.created_at, s.created_at,
        s.created_at
    FROM n JOIN sessions s ON s.id = i % (208 * {len(OFFICES)}) + 1""",
    # Files of a fifth of the cases; of some nothing was made.
    f"""{_numbers(":files + :backlog")}
    INSERT INTO files (id, resident_id, channel, remote_id, unique_id, kind, status, sha256, not_before, created_at,
        linked)
    SELECT i, i * 7919 % :residents + 1, 'telegram', 'r' || i, printf('u%010d', i), 'photo', 'stored', 'h' || i,
        {{at :now}}, {{at :now - {2 * _DAY} - (:files - min(i, :files)) * {185 * _DAY} / :files}},
        i <= :files FROM n""",
    f"""{_numbers(":files")}
    INSERT INTO case_files (case_id, file_id, event_id) SELECT i * 5, i, NULL FROM n WHERE i * 5 <= :cases""",
)
